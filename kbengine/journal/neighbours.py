"""What somebody noted about two neighbours: that both texts may stand, and why; for two years, then it is asked again.

Who noted it stands here by id, as in the chain, so that an erased name is gone here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, Row, delete, insert, select

from kbengine.journal import tables as t
from kbengine.journal.connect import writing

STANDS_TERM: Final = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Stands:
    """That the passages of one `digest` may both stand; `one` and `other` are the articles they are of."""

    digest: str
    lang: str
    one: str
    other: str
    at: datetime
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class StandingNeighbours:
    """The notes of one store; what is past its term is as good as gone."""

    engine: Engine

    def keep(self, now: datetime, digest: str, lang: str, slugs: tuple[str, str], person: str, reason: str) -> None:
        """Note why two neighbours stand; a note on the same passages gives way to it."""
        one, other = slugs
        term = {"at": t.instant_text(now), "expires": t.instant_text(now + STANDS_TERM)}
        row = {"digest": digest, "lang": lang, "one": one, "other": other, "person": person, "reason": reason}
        with writing(self.engine) as connection:
            connection.execute(delete(t.neighbours).where(t.neighbours.c.digest == digest))
            connection.execute(insert(t.neighbours).values(row | term))

    def drop(self, digest: str) -> None:
        """Let a note go; nothing happens when there is none."""
        with writing(self.engine) as connection:
            connection.execute(delete(t.neighbours).where(t.neighbours.c.digest == digest))

    def kept(self, now: datetime) -> dict[str, Stands]:
        """The notes, by the digest of the passages they are about."""
        current = select(t.neighbours).where(t.neighbours.c.expires > t.instant_text(now))
        with self.engine.begin() as connection:
            return {row.digest: _stands(row) for row in connection.execute(current)}


def _stands(row: Row[Any]) -> Stands:
    return Stands(row.digest, row.lang, row.one, row.other, t.instant_value(row.at), row.person, row.reason)
