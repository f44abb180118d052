"""Who vouches now: the zone's policy in force, the people with an open account, and who of them is away.

An absence is no part of the record: it is kept beside it until it is over.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Engine, delete, insert, select

from kbengine.article import NO_ZONE, Zone, read_zone
from kbengine.history import History, Role
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.validate import live
from kbengine.vouching import Colleague

AWAY = "away."  # before somebody's id: the key under which their absence is kept


@dataclass(frozen=True, slots=True)
class Absence:
    """When somebody is away (UTC); `end` is the first instant they are back."""

    person: str
    begin: datetime
    end: datetime

    def covers(self, now: datetime) -> bool:
        """Whether they are away at that moment."""
        return self.begin <= now < self.end


def zone_of(history: History, now: datetime) -> Zone:
    """The validated policy, else the newest one that can be read: without a policy nothing could be validated."""
    published = live(history, now, NO_ZONE.timezone)
    texts = [published.text] if published else []
    texts += [revision.text for revision in reversed(history.revisions)]
    for text in texts:
        zone = _zone(text)
        if zone is not None:
            return zone
    return NO_ZONE


@lru_cache(maxsize=16)
def _zone(text: str) -> Zone | None:
    return read_zone(text, "zone")[0]


def read_absences(connection: Connection, now: datetime) -> dict[str, Absence]:
    """Every absence that is not over, by who is away."""
    query = select(t.store.c.key, t.store.c.value).where(t.store.c.key.startswith(AWAY, autoescape=True))
    found = {}
    for row in connection.execute(query):
        begin, end = (t.instant_value(text) for text in row.value.split())
        if end > now:
            person = row.key.removeprefix(AWAY)
            found[person] = Absence(person, begin, end)
    return found


def read_colleagues(connection: Connection, now: datetime) -> tuple[Colleague, ...]:
    """Everybody with an open account, with what they may do and whether they are away."""
    away = read_absences(connection, now)
    roles: defaultdict[str, set[Role]] = defaultdict(set)
    for row in connection.execute(select(t.roles)):
        roles[row.person].add(Role(row.role))
    people = connection.execute(select(t.people).where(t.people.c.active).order_by(t.people.c.login))
    return tuple(
        Colleague(row.id, row.login, row.name, frozenset(roles[row.id]), row.id in away and away[row.id].covers(now))
        for row in people
    )


@dataclass(frozen=True, slots=True)
class Team:
    """The people of one store as the rules of vouching see them, and when they are away."""

    engine: Engine

    def colleagues(self, now: datetime) -> tuple[Colleague, ...]:
        """Everybody with an open account."""
        with self.engine.begin() as connection:
            return read_colleagues(connection, now)

    def absences(self, now: datetime) -> tuple[Absence, ...]:
        """Every absence that is not over, the first to begin first."""
        with self.engine.begin() as connection:
            return tuple(sorted(read_absences(connection, now).values(), key=lambda one: (one.begin, one.person)))

    def set_absence(self, absence: Absence) -> None:
        """Say when somebody is away, instead of what was said before."""
        with writing(self.engine) as connection:
            _forget(connection, absence.person)
            value = f"{t.instant_text(absence.begin)} {t.instant_text(absence.end)}"
            connection.execute(insert(t.store).values(key=AWAY + absence.person, value=value))

    def end_absence(self, person: str) -> None:
        """Somebody is back, or does not go."""
        with writing(self.engine) as connection:
            _forget(connection, person)

    def purge(self, now: datetime) -> None:
        """Delete the absences that are over."""
        with writing(self.engine) as connection:
            kept = read_absences(connection, now)
            keys = connection.execute(select(t.store.c.key).where(t.store.c.key.startswith(AWAY, autoescape=True)))
            for person in [key.removeprefix(AWAY) for key in keys.scalars()]:
                if person not in kept:
                    _forget(connection, person)


def _forget(connection: Connection, person: str) -> None:
    connection.execute(delete(t.store).where(t.store.c.key == AWAY + person))
