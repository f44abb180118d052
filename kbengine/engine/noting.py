"""The door for notes on a revision: of editors and validators, for each other, never for the public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kbengine.article import Ref
from kbengine.engine.kinds import nobodys
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.errors import InvalidDocument
from kbengine.history import Move
from kbengine.journal import Note, Person
from kbengine.privacy import find
from kbengine.validate import guard_role

MAX_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as a page shows it; names are empty once they are erased, `handled` is None while it is open."""

    id: int
    ref: Ref
    number: int
    at: datetime
    person: str
    text: str
    handled: datetime | None
    handler: str


class Noting:
    """The notes on the revisions of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def add(self, person: Person, ref: Ref, number: int, text: str, confirmed: str = "") -> NoteView:
        """Keep a note on a revision; one with personal data only when exactly that text was `confirmed`.

        Raises NotAllowed, NotFound, InvalidDocument.
        """
        guard_role(Move.SAVE, ref.kind, person.actor)
        library = Library.of(self._room)
        library.history(ref).revision(number)
        text = text.strip()
        if not text:
            raise InvalidDocument("note.empty", "The note is empty.", "One sentence is enough.")
        if len(text) > MAX_NOTE:
            message = f"A note has at most {MAX_NOTE} characters."
            raise InvalidDocument("note.long", message, "Shorten it.", most=str(MAX_NOTE))
        found = [text[piece.start : piece.end] for piece in find(text, nobodys(library.catalog))]
        if found and text != confirmed.strip():
            message, hint = "There seems to be personal data in it.", "Take it out, or confirm that it is nobody's."
            raise InvalidDocument("note.personal", message, hint, found="; ".join(dict.fromkeys(found)))
        return _view(self._room.store.notes.add(library.now, ref, number, person.id, text), library)

    def of(self, refs: Iterable[Ref] | None = None) -> tuple[NoteView, ...]:
        """The notes on these texts, on any text without `refs`, the oldest first."""
        library = Library.of(self._room)
        return tuple(_view(note, library) for note in self._room.store.notes.of(library.now, refs))

    def handle(self, person: Person, id: int) -> NoteView:
        """Mark a note handled; raises NotAllowed, NotFound."""
        store, now = self._room.store, self._room.read()[1]
        guard_role(Move.SAVE, store.notes.get(now, id).ref.kind, person.actor)
        return _view(store.notes.handle(now, id, person.id), Library.of(self._room))


def _view(note: Note, library: Library) -> NoteView:
    author, handler = (library.names.get(id, "") for id in (note.author, note.handler))
    return NoteView(note.id, note.ref, note.number, note.at, author, note.text, note.handled, handler)
