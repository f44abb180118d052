"""What agents noted about the danger notice, for 90 days: that it came for nothing, or did not come.

The words of a message, as an agent confirmed them; not who noted it, and not whose message it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, Row, delete, insert, select

from kbengine.errors import Conflict, NotFound
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.phrases import TERM

FALSE_ALARM: Final = "false-alarm"
MISS: Final = "miss"
MARKS: Final = (FALSE_ALARM, MISS)


@dataclass(frozen=True, slots=True)
class Mark:
    """One note; `what` is of MARKS, `text` is what the agent chose to keep."""

    id: int
    at: datetime
    expires: datetime
    what: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The notes of one store; what is past its term is as good as gone."""

    engine: Engine

    def keep(self, now: datetime, what: str, lang: str, text: str) -> None:
        """Keep a note."""
        term = {"at": t.instant_text(now), "expires": t.instant_text(now + TERM)}
        with writing(self.engine) as connection:
            connection.execute(insert(t.marks).values(**term, what=what, lang=lang, text=text))

    def kept(self, now: datetime) -> tuple[Mark, ...]:
        """The notes, newest first."""
        current = select(t.marks).where(t.marks.c.expires > t.instant_text(now))
        with self.engine.begin() as connection:
            rows = connection.execute(current.order_by(t.marks.c.at.desc(), t.marks.c.id.desc()))
            return tuple(_mark(row) for row in rows)

    def drop(self, now: datetime, id: int, seen: str) -> None:
        """Let a note go; raises NotFound, Conflict when it is not what was seen."""
        current = select(t.marks).where(t.marks.c.id == id, t.marks.c.expires > t.instant_text(now))
        with writing(self.engine) as connection:
            row = connection.execute(current).first()
            if row is None:
                hint = "Somebody else let it go, or its 90 days are over."
                raise NotFound("mark.gone", "This is no longer kept.", hint)
            if row.text != seen:
                raise Conflict("mark.changed", "It is not the text you saw.", "Read it again, then decide.")
            connection.execute(delete(t.marks).where(t.marks.c.id == id))


def _mark(row: Row[Any]) -> Mark:
    return Mark(row.id, t.instant_value(row.at), t.instant_value(row.expires), row.what, row.lang, row.text)
