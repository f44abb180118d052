"""Where somebody is told of what waits for them: the secret address of their calendar, and their mail address."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, delete, insert, select, update

from kbengine.errors import InvalidDocument, NotFound
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.persons import Person, hashed, read_person

# One plain address: nothing that a mail header or a second receiver could be made of.
ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,62}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
MAX_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Reminder:
    """How somebody is reminded: whether their calendar has an address, where mail goes ("": none), mailed last when."""

    person: Person
    calendar: bool
    address: str
    mailed: str


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders of one store; of a calendar's address only the hash is kept."""

    engine: Engine

    def of(self, person: Person) -> Reminder:
        """How somebody is reminded now."""
        with self.engine.begin() as connection:
            row = connection.execute(select(t.reminders).where(t.reminders.c.person == person.id)).first()
        return Reminder(person, bool(row.calendar), row.address, row.mailed) if row else Reminder(person, False, "", "")

    def new_calendar(self, person: Person) -> str:
        """A new secret for the address of somebody's calendar; the one before it is good no longer."""
        secret = secrets.token_urlsafe(32)
        self._set(person, calendar=hashed(secret))
        return secret

    def end_calendar(self, person: Person) -> None:
        """Let the address of somebody's calendar be good no longer."""
        self._set(person, calendar="")

    def by_calendar(self, secret: str) -> Person:
        """Whose calendar that is; raises NotFound when it is nobody's, or of somebody whose account is closed."""
        with self.engine.begin() as connection:
            found = connection.execute(select(t.reminders.c.person).where(t.reminders.c.calendar == hashed(secret)))
            id = found.scalar()
            person = read_person(connection, id) if id else None
        if person is None or not person.active:
            raise NotFound("calendar.unknown", "There is no such calendar.", "Make a new address under Te herzien.")
        return person

    def set_address(self, person: Person, address: str) -> None:
        """Say where somebody gets mail, "" for nowhere; raises InvalidDocument."""
        if address and (not ADDRESS.fullmatch(address) or len(address) > MAX_ADDRESS):
            hint = "Write one plain address, like vera@zone.example."
            raise InvalidDocument("mail.address", "This is no mail address.", hint)
        self._set(person, address=address)

    def mailed(self, person: Person, day: date) -> bool:
        """Write down that somebody gets their mail of that day; false when somebody else did so before."""
        with writing(self.engine) as connection:
            mine = (t.reminders.c.person == person.id, t.reminders.c.mailed < day.isoformat())
            return bool(connection.execute(update(t.reminders).where(*mine).values(mailed=day.isoformat())).rowcount)

    def unmailed(self, before: Reminder) -> None:
        """Take back that somebody got their mail: it did not go."""
        self._set(before.person, mailed=before.mailed)

    def addresses(self) -> tuple[Reminder, ...]:
        """Everybody with an open account who gets mail."""
        with self.engine.begin() as connection:
            rows = connection.execute(select(t.reminders).where(t.reminders.c.address != "")).all()
            found = [(read_person(connection, row.person), row) for row in rows]
        return tuple(Reminder(one, bool(row.calendar), row.address, row.mailed) for one, row in found if one.active)

    def _set(self, person: Person, **values: str) -> None:
        with writing(self.engine) as connection:
            before = connection.execute(select(t.reminders).where(t.reminders.c.person == person.id)).first()
            kept = {"calendar": before.calendar, "address": before.address, "mailed": before.mailed} if before else {}
            connection.execute(delete(t.reminders).where(t.reminders.c.person == person.id))
            connection.execute(insert(t.reminders).values(person=person.id, **(kept | values)))
