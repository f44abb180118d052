"""The builder: once per machine, from the journal to the parts of an edition and the public corpus.

A part is named after what is in it, so a decision that changes nothing for it builds nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kbengine import suggest
from kbengine.corpus import write_corpus
from kbengine.edition import shape
from kbengine.edition.catalog import Catalog, gather
from kbengine.edition.files import SEARCH, SUGGEST, publish_part, read_pointer
from kbengine.errors import StoreError
from kbengine.journal import Store
from kbengine.language import ANALYZER_VERSION
from kbengine.search import SearchIndex, write_index
from kbengine.settings import Settings

LOCK = "builder.lock"
POLL_SECONDS = 0.1
PURGE_EVERY = timedelta(hours=12)
CORPUS_MARK = "corpus.mark"


@dataclass(frozen=True, slots=True)
class Built:
    """One round: the line it read up to, when to look again without a decision, what was made anew in seconds."""

    seq: int
    next_change: datetime | None
    seconds: tuple[tuple[str, float], ...]


def fingerprint(values: Sequence[object], *settings: float | str) -> str:
    """Twenty hex digits that change with any of these frozen values and settings, or with the way words are read."""
    text = json.dumps([ANALYZER_VERSION, *settings, *(asdict(value) for value in values)], sort_keys=True, default=str)  # type: ignore[call-overload]
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _usable(part: Path, open_: Callable[[Path], object]) -> bool:
    """Whether a part opens: not lost, not of another version."""
    try:
        open_(part)
    except (StoreError, OSError, ValueError, KeyError):
        return False
    return True


@contextmanager
def only_builder(settings: Settings, *, wait: bool) -> Iterator[bool]:
    """Hold the machine's one builder's place; without `wait`, false when somebody else has it."""
    settings.editions.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.editions / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds one store's editions."""

    store: Store
    settings: Settings

    def build(self) -> Built:
        """Bring every part up to date with the journal as it is now; the caller is the only builder."""
        now = self.store.journal.now()
        head, histories = self.store.journal.snapshot()
        catalog = gather(head, histories, now)
        seconds = [*self._suggest(catalog, now), *self._search(catalog, now)]
        seconds += self._corpus(catalog, shape.public_rows(catalog, histories, now, self.settings.url))
        return Built(head.seq, catalog.next_change, tuple(seconds))

    def watch(self, stop: Callable[[], bool]) -> None:
        """Build whenever a decision was made or a period begins or ends, until told to stop; purge at least daily."""
        with only_builder(self.settings, wait=True):
            built, purged = self.build(), self.store.purge()
            while not stop():
                head, now = self.store.journal.moment()
                if head.seq != built.seq or (built.next_change is not None and built.next_change <= now):
                    built = self.build()
                if now - purged >= PURGE_EVERY:
                    purged = self.store.purge()
                time.sleep(POLL_SECONDS)

    def _suggest(self, catalog: Catalog, now: datetime) -> Iterator[tuple[str, float]]:
        topics, silent = shape.topics(catalog, now), catalog.zone.silent
        encoder = suggest.wanted_encoder(self.settings.encoder, self.settings.encoder_download).encoder
        name = fingerprint([*topics, *catalog.synonyms], silent, *([encoder.identity] if encoder else []))

        def open_(part: Path) -> object:
            return suggest.SuggestionIndex.open(part, encoder)

        def write(directory: Path) -> None:
            suggest.build(topics, directory, catalog.synonyms, silent, encoder, self.settings.vectors)

        yield from self._part(SUGGEST, name, open_, write)
        if not self.settings.encoder:
            self.settings.vectors.unlink(missing_ok=True)

    def _search(self, catalog: Catalog, now: datetime) -> Iterator[tuple[str, float]]:
        documents = shape.documents(catalog, now)
        before = read_pointer(self.settings.editions).search
        open_, name = SearchIndex.open, fingerprint([*documents, *catalog.synonyms])

        def write(directory: Path) -> None:
            write_index(documents, directory, before if before and _usable(before, open_) else None, catalog.synonyms)

        yield from self._part(SEARCH, name, open_, write)

    def _part(
        self, part: str, name: str, open_: Callable[[Path], object], write: Callable[[Path], None]
    ) -> Iterator[tuple[str, float]]:
        parts = read_pointer(self.settings.editions)
        current = parts.suggest if part == SUGGEST else parts.search
        if current is not None and current.name.startswith(f"{part}-{name}"):
            if _usable(current, open_):
                return
            # Readers may have the broken one open: the new one needs a name of its own.
            name += "-" + secrets.token_hex(3)
        begin = time.perf_counter()
        publish_part(self.settings.editions, part, name, write)
        yield part, time.perf_counter() - begin

    def _corpus(self, catalog: Catalog, rows: shape.PublicRows) -> Iterator[tuple[str, float]]:
        mark, path = fingerprint([*rows.answers, *rows.history, *rows.facts]), self.settings.corpus
        kept = self.settings.editions / CORPUS_MARK
        if path.is_file() and kept.is_file() and kept.read_text(encoding="utf-8") == mark:
            return
        begin = time.perf_counter()
        about = {"zone": catalog.zone.name, "logboek": catalog.head.hash}
        write_corpus(path, rows.answers, rows.history, rows.facts, about)
        kept.write_text(mark, encoding="utf-8")
        yield "corpus", time.perf_counter() - begin
