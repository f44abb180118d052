"""The door for what agents note about the danger notice: false alarms and misses, for whoever keeps the cues.

Nothing is stored that a person did not see and confirm, and nothing here changes a cue.
"""

from __future__ import annotations

from dataclasses import dataclass

from kbengine.article import Kind
from kbengine.engine.danger import cues_of
from kbengine.engine.learning import confirmed
from kbengine.engine.room import Room
from kbengine.errors import NotFound
from kbengine.history import Move
from kbengine.journal import MARKS, Mark, Person
from kbengine.triage import Danger, triage
from kbengine.validate import guard_role


@dataclass(frozen=True, slots=True)
class Marked:
    """A note, and what the cues say of its text now: None when they are silent."""

    mark: Mark
    danger: Danger | None


class Marking:
    """False alarms and misses of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def keep(self, what: str, lang: str, text: str) -> None:
        """Keep a text as a false alarm or a miss, as it was confirmed; raises NotFound, InvalidDocument."""
        if what not in MARKS:
            raise NotFound("mark.unknown", f"There is no mark {what!r}.", f"Marks: {', '.join(MARKS)}.")
        catalog, now = self._room.read()
        self._room.store.marks.keep(now, what, lang, confirmed(text, lang, catalog))

    def kept(self) -> tuple[Marked, ...]:
        """The notes with what the cues say of them today, newest first."""
        catalog, now = self._room.read()
        cues = cues_of(catalog.danger)
        marks = self._room.store.marks.kept(now)
        return tuple(Marked(mark, triage(mark.text, cues, mark.lang).danger if cues else None) for mark in marks)

    def drop(self, person: Person, id: int, seen: str) -> None:
        """Let a note go, dealt with or not; raises NotAllowed, NotFound, Conflict."""
        guard_role(Move.SAVE, Kind.DANGER, person.actor)
        self._room.store.marks.drop(self._room.read()[1], id, seen)
