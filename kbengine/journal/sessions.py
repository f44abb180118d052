"""Sessions of browsers: opened, used, locked, proven again, ended; only hashes of their secrets are kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update

from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.persons import Person, hashed, read_person
from kbengine.journal.record import Journal

SESSION_TERM = timedelta(hours=12)
SIGN_IN_TERM = timedelta(hours=1)
# A session that nobody did anything in asks for a proof before it goes on; so does vouching, sooner.
IDLE_TERM = timedelta(minutes=30)
PROOF_TERM = timedelta(minutes=15)
SESSIONS_EACH = 5
# How exactly it is known when a session or token was last used: every request would be a write.
USE_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session; `person` is None before sign-in.

    `idle_at` is when it locks or ends if nobody does anything (UTC), `proven` whether its person just showed who
    they are.
    """

    person: Person | None
    csrf: str
    locked: bool
    proven: bool
    idle_at: datetime


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of one store."""

    engine: Engine
    journal: Journal

    def visit(self) -> str:
        """Open a session for somebody who has not signed in, so that the sign-in form is guarded too."""
        now = self.journal.now()
        with writing(self.engine) as connection:
            return open_session(connection, None, now)

    def session(self, secret: str) -> Session | None:
        """The session of that secret, or None when it has ended or never was."""
        now = self.journal.now()
        with self.engine.begin() as connection:
            good = (t.sessions.c.hash == hashed(secret), t.sessions.c.expires > t.instant_text(now))
            row = connection.execute(select(t.sessions).where(*good)).first()
            if row is None:
                return None
            person = read_person(connection, row.person) if row.person else None
        idle_at = min(t.instant_value(row.used) + IDLE_TERM, t.instant_value(row.expires)) if row.used else now
        proven = row.proven > t.instant_text(now - PROOF_TERM)
        locked = person is not None and idle_at <= now
        return Session(person, row.csrf, locked, proven, idle_at) if person is None or person.active else None

    def touch(self, secret: str, *, proven: bool = False) -> None:
        """Somebody did something in their session, or with `proven` showed who they are; a lock is not undone."""
        now = self.journal.now()
        same = t.sessions.c.hash == hashed(secret)
        with self.engine.begin() as connection:
            row = connection.execute(select(t.sessions.c.used, t.sessions.c.proven).where(same)).first()
        before = t.instant_text(now - USE_STEP)
        if row is None or (row.used > before and (not proven or row.proven > before)):
            return
        values = {"used": t.instant_text(now)} | ({"proven": t.instant_text(now)} if proven else {})
        open_still = t.sessions.c.used > t.instant_text(now - IDLE_TERM)
        with writing(self.engine) as connection:
            connection.execute(update(t.sessions).where(same, open_still).values(values))

    def lock(self, secret: str) -> None:
        """Lock a session at once, as if nobody had done anything in it for long."""
        with writing(self.engine) as connection:
            same = t.sessions.c.hash == hashed(secret)
            connection.execute(update(t.sessions).where(same).values(used="", proven=""))

    def sign_out(self, secret: str) -> None:
        """End a session at once."""
        with writing(self.engine) as connection:
            connection.execute(delete(t.sessions).where(t.sessions.c.hash == hashed(secret)))


def open_session(connection: Connection, person: str | None, now: datetime) -> str:
    """Open a session that is proven, of a person or, before sign-in, of nobody; returns its secret."""
    secret = secrets.token_urlsafe(32)
    at, term = t.instant_text(now), SESSION_TERM if person else SIGN_IN_TERM
    row = {"hash": hashed(secret), "person": person, "csrf": secrets.token_urlsafe(32), "used": at, "proven": at}
    row |= {"created": at, "expires": t.instant_text(now + term)}
    connection.execute(insert(t.sessions).values(row))
    if person:
        newest = select(t.sessions.c.hash).where(t.sessions.c.person == person)
        newest = newest.order_by(t.sessions.c.created.desc()).limit(SESSIONS_EACH)
        old = (t.sessions.c.person == person, t.sessions.c.hash.not_in(newest))
        connection.execute(delete(t.sessions).where(*old))
    return secret


def end_sessions(connection: Connection, person: str) -> None:
    """Sign somebody out everywhere."""
    connection.execute(delete(t.sessions).where(t.sessions.c.person == person))
