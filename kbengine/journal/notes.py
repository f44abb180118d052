"""What editors and validators note about one revision, for a year: never public, and no part of what is vouched for.

A note names its author by id, as the chain does, so that an erased name is gone here too; and its text as the record
does, so that it stays with an article that is called otherwise since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, Row, insert, select, update

from kbengine.article import Kind, Ref
from kbengine.errors import NotFound
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.names import Names, read_names

NOTE_TERM: Final = timedelta(days=365)
HANDLED_TERM: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Note:
    """One note on one revision; `author` and `handler` are ids, `handled` is None while nobody dealt with it."""

    id: int
    ref: Ref
    number: int
    at: datetime
    expires: datetime
    author: str
    text: str
    handled: datetime | None
    handler: str


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of one store; what is past its term is as good as gone."""

    engine: Engine

    def add(self, now: datetime, ref: Ref, number: int, author: str, text: str) -> Note:
        """Keep a note."""
        row = {"at": t.instant_text(now), "expires": t.instant_text(now + NOTE_TERM), "author": author, "text": text}
        with writing(self.engine) as connection:
            kept = read_names(connection).ref_kept(ref)
            about = {"kind": kept.kind.value, "slug": kept.slug, "lang": kept.lang, "number": number}
            key = connection.execute(insert(t.notes).values(about | row)).inserted_primary_key
        return Note(key[0] if key else 0, ref, number, now, now + NOTE_TERM, author, text, None, "")

    def of(self, now: datetime, refs: Iterable[Ref] | None = None) -> tuple[Note, ...]:
        """The notes on these texts, on any text without `refs`, the oldest first."""
        current = select(t.notes).where(t.notes.c.expires > t.instant_text(now)).order_by(t.notes.c.id)
        with self.engine.begin() as connection:
            names = read_names(connection)
            found = [_note(row, names) for row in connection.execute(current)]
        wanted = None if refs is None else frozenset(map(names.ref_now, refs))
        return tuple(note for note in found if wanted is None or note.ref in wanted)

    def get(self, now: datetime, id: int) -> Note:
        """The note of that number; raises NotFound."""
        current = select(t.notes).where(t.notes.c.id == id, t.notes.c.expires > t.instant_text(now))
        with self.engine.begin() as connection:
            row, names = connection.execute(current).first(), read_names(connection)
        if row is None:
            raise NotFound("note.gone", "This note is no longer kept.", "Its term is over; look at the text again.")
        return _note(row, names)

    def handle(self, now: datetime, id: int, handler: str) -> Note:
        """Mark a note handled: it goes sooner now. Raises NotFound; who comes second changes nothing."""
        ends = min(self.get(now, id).expires, now + HANDLED_TERM)
        done = {"handled": t.instant_text(now), "handler": handler, "expires": t.instant_text(ends)}
        with writing(self.engine) as connection:
            connection.execute(update(t.notes).where(t.notes.c.id == id, t.notes.c.handled == "").values(done))
        return self.get(now, id)


def _note(row: Row[Any], names: Names) -> Note:
    ref = names.ref_shown(Ref(Kind(row.kind), row.slug, row.lang))
    handled = t.instant_value(row.handled) if row.handled else None
    at, expires = t.instant_value(row.at), t.instant_value(row.expires)
    return Note(row.id, ref, row.number, at, expires, row.author, row.text, handled, row.handler)
