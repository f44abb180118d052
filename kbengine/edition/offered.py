"""The suggestions of an edition: what changed is shown at once beside what was compiled last, then compiled with it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from kbengine import suggest
from kbengine.article import Referral, SynonymGroup
from kbengine.edition.files import SUGGEST, point_to, publish_part, read_pointer, write_part
from kbengine.edition.rendered import Rendered, Renderings, name_of
from kbengine.edition.shape import Moment, asked_for, topic_of
from kbengine.errors import StoreError
from kbengine.settings import Settings
from kbengine.suggest import Change, Encoder, SuggestionIndex, Topic, referral_topic

MADE_OF = "made-of.json"
BESIDE = "-on-"
# More than so many changed articles wait until everything is compiled: beside the others they would slow each message.
MOST_BESIDE = 256


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be suggested from: the topics by slug, and what else decides; `name` changes with any of it."""

    name: str
    rules: str
    topics: Mapping[str, Rendered[Topic]]
    synonyms: Sequence[SynonymGroup]
    silent: float
    encoder: Encoder | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Suggestions as they were compiled last: in which part they stand, and what they were made of.

    `topics` are those of which this process knows how they were then.
    """

    part: Path
    name: str
    rules: str
    digests: Mapping[str, str]
    topics: Mapping[str, Topic]
    index: SuggestionIndex

    def changes(self, wanted: Wanted) -> list[Change]:
        """The topics that are other than they were then."""
        gone = [Change(slug, self.topics.get(slug), None) for slug in self.digests if slug not in wanted.topics]
        return gone + [
            Change(slug, self.topics.get(slug), now.value)
            for slug, now in wanted.topics.items()
            if self.digests.get(slug) != now.digest
        ]


class Offered:
    """Keeps the suggestions of one store up to date; one thread may compile while another shows what changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topics = Renderings(lambda moment, slug: topic_of(moment, slug, moment.answers[slug]))
        self._referrals: tuple[tuple[Referral, ...], dict[str, Rendered[Topic]]] = ((), {})
        self._lock = Lock()
        self._compiled: _Compiled | None = None
        self._latest: Wanted | None = None

    def wanted(self, moment: Moment) -> Wanted:
        """What should be suggested from at that moment."""
        zone, synonyms = moment.catalog.zone, moment.catalog.synonyms
        encoder = suggest.wanted_encoder(self._settings.encoder, self._settings.encoder_download).encoder
        rules = name_of((), synonyms, zone.silent, encoder.identity if encoder else "")
        topics = {slug: topic for slug, topic in self._topics.of(moment).items() if asked_for(moment.catalog, slug)}
        topics |= self._referred(moment.catalog.referrals)
        self._latest = Wanted(name_of(topics.values(), rules), rules, topics, synonyms, zone.silent, encoder)
        return self._latest

    def _referred(self, referrals: tuple[Referral, ...]) -> dict[str, Rendered[Topic]]:
        if self._referrals[0] is not referrals:
            made = map(referral_topic, referrals)
            self._referrals = referrals, {topic.slug: Rendered.of(topic) for topic in made}
        return self._referrals[1]

    def show(self, wanted: Wanted) -> bool:
        """Let everybody suggest from this at once, where only some topics changed; false when it must be compiled."""
        with self._lock:
            return self._shown(wanted)

    def compile(self, wanted: Wanted) -> Iterator[tuple[str, float]]:
        """Compile this and let everybody suggest from it, beside what changed since; the seconds, if it was not yet."""
        current, name = read_pointer(self._settings.editions).suggest, wanted.name
        if current is not None and current.name.startswith(f"{SUGGEST}-{name}") and BESIDE not in current.name:
            if _opened(current, wanted.encoder) is not None:
                return
            # Readers may have the broken one open: the new one needs a name of its own.
            name += "-" + secrets.token_hex(3)
        begin = time.perf_counter()
        part = write_part(
            self._settings.editions, SUGGEST, name, lambda directory: self._write(wanted, name, directory)
        )
        with self._lock:
            self._compiled = _read(part, wanted)
            if not self._shown(self._latest or wanted):
                point_to(self._settings.editions, SUGGEST, part)
        yield SUGGEST, time.perf_counter() - begin

    def _write(self, wanted: Wanted, name: str, directory: Path) -> None:
        topics = [topic.value for topic in wanted.topics.values()]
        kept = self._settings.vectors
        suggest.build(topics, directory, wanted.synonyms, wanted.silent, wanted.encoder, kept)
        digests = {slug: topic.digest for slug, topic in wanted.topics.items()}
        made_of = {"name": name, "rules": wanted.rules, "topics": digests}
        (directory / MADE_OF).write_text(json.dumps(made_of), encoding="utf-8")
        if not self._settings.encoder:
            kept.unlink(missing_ok=True)

    def _shown(self, wanted: Wanted) -> bool:
        root = self._settings.editions
        current = read_pointer(root).suggest
        compiled = self._compiled or (_read(current, wanted) if current else None)
        if compiled is None or compiled.rules != wanted.rules:
            return False
        changes, part = compiled.changes(wanted), compiled.part
        if not changes and BESIDE not in part.name:
            if current != part:
                point_to(root, SUGGEST, part)
        elif len(changes) <= MOST_BESIDE:
            name = f"{wanted.name}{BESIDE}{compiled.name[:8]}{compiled.name[20:]}"
            if current is None or current.name != f"{SUGGEST}-{name}":
                known, source = compiled.index.known, part
                part = publish_part(
                    root, SUGGEST, name, lambda directory: suggest.write_changed(known, source, changes, directory)
                )
        else:
            return False
        self._compiled = replace(compiled, part=part)
        return True


def _opened(part: Path, encoder: Encoder | None) -> SuggestionIndex | None:
    """The index of a part, None when it does not open: lost, damaged, of another version."""
    try:
        return SuggestionIndex.open(part, encoder)
    except (StoreError, OSError, ValueError, KeyError):
        return None


def _read(part: Path, wanted: Wanted) -> _Compiled | None:
    """What a part was compiled from; topics that are still the same are known as they were then."""
    index = _opened(part, wanted.encoder)
    try:
        made_of = json.loads((part / MADE_OF).read_text(encoding="utf-8"))
        name, rules, digests = (made_of[key] for key in ("name", "rules", "topics"))
    except (OSError, ValueError, KeyError):
        return None
    topics = {slug: now.value for slug, now in wanted.topics.items() if digests.get(slug) == now.digest}
    return _Compiled(part, name, rules, digests, topics, index.compiled) if index else None
