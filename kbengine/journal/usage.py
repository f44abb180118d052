"""What was handed out, and how many messages came: article, revision, values, channel, time; no text, no person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert, select, update

from kbengine.journal import tables as t
from kbengine.journal.connect import writing


@dataclass(frozen=True, slots=True)
class Copy:
    """One text that was handed out; `facts` maps the name of each value in it to its revision."""

    at: datetime
    slug: str
    lang: str
    number: int
    channel: str
    facts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Usage:
    """The plain tables of use of one store."""

    engine: Engine

    def log_copy(self, copy: Copy) -> None:
        """Keep that a text was handed out."""
        row = {"at": t.instant_text(copy.at), "slug": copy.slug, "lang": copy.lang, "number": copy.number}
        row |= {"channel": copy.channel, "facts": json.dumps(dict(copy.facts), sort_keys=True)}
        with writing(self.engine) as connection:
            connection.execute(insert(t.copies).values(row))

    def copies(self, slug: str) -> tuple[Copy, ...]:
        """What was handed out of one article, newest first."""
        query = select(t.copies).where(t.copies.c.slug == slug).order_by(t.copies.c.id.desc())
        with self.engine.begin() as connection:
            return tuple(
                Copy(t.instant_value(row.at), row.slug, row.lang, row.number, row.channel, json.loads(row.facts))
                for row in connection.execute(query)
            )

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
