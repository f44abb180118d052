"""What was handed out, and how many messages came: article, revision, values, channel, time; no text, no person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row, delete, insert, select, update

from kbengine.journal import tables as t
from kbengine.journal.connect import writing


@dataclass(frozen=True, slots=True)
class Copy:
    """One answer that was handed out, on its own or in a reply; never its text.

    `facts` maps the name of each value in it to its revision. `kinds` are what differed from the vetted text, `percent`
    how many of its words; `second` says that a second person agreed. Answers of one reply have one `at`; a reply in
    parts is one copy a part. `id` is the store's, 0 before it is kept there.
    """

    at: datetime
    slug: str
    lang: str
    number: int
    channel: str
    facts: Mapping[str, int]
    kinds: tuple[str, ...] = ()
    percent: int = 0
    part: int = 1
    parts: int = 1
    second: bool = False
    id: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """The plain tables of use of one store."""

    engine: Engine

    def log_copy(self, copy: Copy) -> int:
        """Keep that a text was handed out; returns the id of the copy."""
        row: dict[str, Any] = {
            "at": t.instant_text(copy.at),
            "slug": copy.slug,
            "lang": copy.lang,
            "number": copy.number,
        }
        row |= {"channel": copy.channel, "facts": json.dumps(dict(copy.facts), sort_keys=True)}
        row |= {"kinds": " ".join(copy.kinds), "percent": copy.percent}
        row |= {"part": copy.part, "parts": copy.parts, "second": copy.second}
        with writing(self.engine) as connection:
            kept = connection.execute(insert(t.copies).values(row)).inserted_primary_key
            return int(kept[0]) if kept else 0

    def drop_copy(self, id: int, since: datetime) -> bool:
        """Take back that a text was handed out, not before that moment; whether there was such a copy."""
        young = t.copies.c.at >= t.instant_text(since)
        with writing(self.engine) as connection:
            return bool(connection.execute(delete(t.copies).where(t.copies.c.id == id, young)).rowcount)

    def copies(self, *slugs: str) -> tuple[Copy, ...]:
        """What was handed out of these articles, or of all, newest first."""
        query = select(t.copies).order_by(t.copies.c.id.desc())
        query = query.where(t.copies.c.slug.in_(slugs)) if slugs else query
        with self.engine.begin() as connection:
            return tuple(_copy(row) for row in connection.execute(query))

    def count(self, now: datetime, tz: ZoneInfo, channel: str, what: str) -> None:
        """Add one to a day's tally; the day is the zone's."""
        day = now.astimezone(tz).date().isoformat()
        same = (t.tallies.c.day == day, t.tallies.c.channel == channel, t.tallies.c.what == what)
        with writing(self.engine) as connection:
            added = connection.execute(update(t.tallies).where(*same).values(count=t.tallies.c.count + 1))
            if not added.rowcount:
                connection.execute(insert(t.tallies).values(day=day, channel=channel, what=what, count=1))

    def tallies(self) -> dict[tuple[str, str, str], int]:
        """Every tally by day, channel and what was counted."""
        with self.engine.begin() as connection:
            return {(row.day, row.channel, row.what): row[3] for row in connection.execute(select(t.tallies))}


def _copy(row: Row[Any]) -> Copy:
    at, facts, kinds = t.instant_value(row.at), json.loads(row.facts), tuple(row.kinds.split())
    where = (row.slug, row.lang, row.number, row.channel)
    return Copy(at, *where, facts, kinds, row.percent, row.part, row.parts, row.second, row.id)
