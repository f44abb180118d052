"""A folder watched while somebody writes in it: what is saved becomes a draft, what is wrong is said at once."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kbengine.engine.files import Brought, Drafted, Files
from kbengine.errors import InvalidDocument, Problem, StoreError
from kbengine.folder import ARTICLES, QUESTIONS, ZONE_FILE, alone, read_folder, shown
from kbengine.journal import Journal, Person

# What tells that a file is another one: when it was written, how large it is, and which file it is.
Stamp = tuple[int, int, int]


class What(enum.StrEnum):
    """What a watcher has to say."""

    STARTED = "started"
    DRAFT = "draft"
    PROBLEM = "problem"
    CLEAN = "clean"
    AWAY = "away"
    BACK = "back"
    BUSY = "busy"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a watcher saw; `draft` or `problem` with it, else `text` says it."""

    what: What
    text: str = ""
    draft: Drafted | None = None
    problem: Problem | None = None


class Watcher:
    """Looks at a folder again and again; each look tells what is new since the one before."""

    def __init__(self, files: Files, journal: Journal, root: Path, person: Callable[[], Person]) -> None:
        self._files, self._journal, self._root, self._person = files, journal, root, person
        self._before: dict[str, Stamp] | None = None
        self._done: tuple[dict[str, Stamp], int] | None = None
        self._told: tuple[Problem, ...] = ()
        self._away = self._busy = self._started = False

    def look(self) -> Iterator[News]:
        """Look once: a file that changed is taken over when it is the same at two looks.

        Raises what proving who the person is raises: a token that ended ends the watching.
        """
        stamps = scan(self._root)
        if stamps is None:
            if not self._away:
                yield News(What.AWAY, f"{self._root} is not there, or has no {ZONE_FILE}: waiting for it.")
            self._away = True
            return
        if self._away:
            self._away = False
            yield News(What.BACK, f"{self._root} is there again.")
        settled, self._before = stamps == self._before, stamps
        if settled:
            yield from self._take_over(stamps)

    def _take_over(self, stamps: dict[str, Stamp]) -> Iterator[News]:
        try:
            person, now = self._person(), (stamps, self._journal.head().seq)
            if now == self._done:
                return
            self._done = now
            done = self._bring_in(person, stamps)
        except StoreError as error:
            self._done = None
            if error.code != "store.unavailable":
                raise
            if not self._busy:
                yield News(What.BUSY, str(error))
            self._busy = True
            return
        self._busy = False
        if done is None:
            self._done = None
            return
        if not self._started:
            self._started = True
            yield News(What.STARTED, f"{done.unchanged} texts in step with the store.")
        yield from self._tell(done)

    def _bring_in(self, person: Person, stamps: dict[str, Stamp]) -> Brought | None:
        """Take over what changed; None when a file changed while it was read, which the next look sees."""
        with alone(self._root):
            folder = read_folder(self._root)
            if scan(self._root) != stamps:
                return None
            problems = self._files.quick_problems(self._root, folder)
            try:
                return self._files.take_over(person, self._root, folder, problems, partial=True)
            except InvalidDocument as error:
                return Brought((), 0, error.problems)

    def _tell(self, done: Brought) -> Iterator[News]:
        """The drafts, the problems that were not told before, and the files that have none any more."""
        for draft in done.drafts:
            yield News(What.DRAFT, draft=draft)
        before, self._told = self._told, done.told
        for problem in self._told:
            if problem not in before:
                yield News(What.PROBLEM, problem=problem)
        wrong = {problem.file for problem in self._told}
        for file in dict.fromkeys(problem.file for problem in before):
            if file not in wrong:
                yield News(What.CLEAN, file)


def scan(root: Path) -> dict[str, Stamp] | None:
    """The stamp of every text in a folder; None when it is not one now."""
    paths = [*shown(root.glob("*.toml")), *shown((root / ARTICLES).rglob("*.md"))]
    paths += shown((root / QUESTIONS).rglob("*.toml"))
    found: dict[str, Stamp] = {}
    for path in paths:
        try:
            kept = path.lstat()
        except OSError:
            continue
        found[str(path.relative_to(root))] = kept.st_mtime_ns, kept.st_size, kept.st_ino
    return found if ZONE_FILE in found else None
