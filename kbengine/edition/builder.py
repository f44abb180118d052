"""The builder: once per machine, from the journal to the parts of an edition and the public corpus.

A part is named after what is in it, so a decision that changes nothing for it builds nothing. Articles that change are
suggested at once, beside what was compiled last; compiling them, the search and the corpus follow in the background.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from kbengine.edition.current import Current
from kbengine.edition.offered import Offered, Wanted
from kbengine.edition.public import Public
from kbengine.edition.searched import Searched
from kbengine.edition.shape import Moment
from kbengine.journal import Store
from kbengine.language import ANALYZER_VERSION
from kbengine.settings import Settings

LOCK = "builder.lock"
POLL_SECONDS = 0.05
PURGE_EVERY = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # how long ago the clock was seen tells what it must show now
# What goes on in the background when the builder is told to stop gets so long; what it leaves is made again.
GRACE_SECONDS = 5.0
MOST_REST_SECONDS = 30.0
# From so many articles on it pays to begin a second process.
MANY = 2_000


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


class Follower:
    """Work in the background that follows the journal: one round at a time, and no more than half of the time.

    What comes during a round is done together in the next one.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._thread: threading.Thread | None = None
        self._wanted = False
        self._error: BaseException | None = None
        self._rested = 0.0

    def want(self, *, soon: bool) -> None:
        """There is something to follow; `soon`: nobody sees it before it was followed."""
        self._wanted = True
        self._rested = 0.0 if soon else self._rested

    def step(self) -> None:
        """Begin a round when one is wanted and none is under way; raises what the last one raised."""
        if self._error is not None:
            raise self._error
        if self._wanted and time.monotonic() >= self._rested and not self._busy:
            self._wanted = False
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Wait a while for the round under way."""
        if self._thread is not None:
            self._thread.join(GRACE_SECONDS)

    @property
    def _busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        begin = time.monotonic()
        try:
            self._work()
        except BaseException as error:  # the builder's own thread raises it
            self._error = error
        end = time.monotonic()
        self._rested = end + min(end - begin, MOST_REST_SECONDS)


class Builder:
    """Builds one store's editions."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._current = Current(store.journal)
        self._offered = Offered(settings)
        self._searched = Searched(settings)
        self._public = Public(store.journal, settings)
        self._seen: tuple[Moment, Wanted] | None = None

    def build(self) -> Built:
        """Bring every part up to date with the journal as it is now; the caller is the only builder."""
        moment, wanted = self._look()
        beside = self._beside(moment) if len(moment.answers) >= MANY else None
        seconds = [*self._offered.compile(wanted), *self._public.update(moment)]
        if beside is not None:
            beside.join()
        if beside is None or beside.exitcode != 0:
            seconds += self._searched.update(moment)
        return Built(moment.catalog.head.seq, moment.catalog.next_change, tuple(seconds))

    def _beside(self, moment: Moment) -> BaseProcess:
        """A process that brings the search up to date while this one compiles: each has a core to itself."""
        process = get_context("fork").Process(target=lambda: list(self._searched.update(moment)), daemon=True)
        process.start()
        return process

    def watch(self, stop: Callable[[], bool], *also: Callable[[], None]) -> None:
        """Build whenever a decision was made or a period begins or ends, until told to stop; purge at least daily.

        `also` is done each time as well, in the background.
        """
        followers = (Follower(self._compile), Follower(self._spread), *map(Follower, also))
        with only_builder(self._settings, wait=True):
            purged = seen = self._store.purge(timedelta(days=self._settings.copies_days))
            while not stop():
                head, now = self._store.journal.moment()
                if self._is_news(head.seq, now):
                    shown = self._offered.show(self._look()[1])
                    for follower in followers:
                        follower.want(soon=not shown)
                for follower in followers:
                    follower.step()
                if abs(now - seen) >= SEEN_EVERY:
                    seen = self._store.journal.keep_clock()[1].now
                if abs(now - purged) >= PURGE_EVERY:
                    purged = self._store.purge(timedelta(days=self._settings.copies_days))
                time.sleep(POLL_SECONDS)
            for follower in followers:
                follower.end()

    def _is_news(self, seq: int, now: datetime) -> bool:
        if self._seen is None:
            return True
        catalog = self._seen[0].catalog
        return seq != catalog.head.seq or (catalog.next_change is not None and catalog.next_change <= now)

    def _look(self) -> tuple[Moment, Wanted]:
        moment = Moment.of(*self._current.read())
        self._seen = moment, self._offered.wanted(moment)
        return self._seen

    def _compile(self) -> None:
        """Compile the suggestions of the moment that was looked at last."""
        if self._seen is not None:
            list(self._offered.compile(self._seen[1]))

    def _spread(self) -> None:
        """Bring search and corpus up to the moment that was looked at last."""
        if self._seen is not None:
            moment = self._seen[0]
            for part in (self._searched, self._public):
                list(part.update(moment))
