"""People, what they may do, and how they prove who they are: links, sessions, tokens; only hashes are kept."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from kbengine.errors import NotFound, SignInError
from kbengine.history import Actor, Role
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.record import Journal

LINK_TERM = timedelta(hours=72)
TOKEN_TERM = timedelta(days=90)
SESSION_TERM = timedelta(hours=12)
SIGN_IN_TERM = timedelta(hours=1)
LOGIN = re.compile(r"[a-z0-9]+(?:[.@_+-][a-z0-9]+)*")
MAX_LOGIN = 80


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `id` is what the journal knows them by."""

    id: str
    login: str
    name: str
    active: bool
    roles: frozenset[Role]

    @property
    def actor(self) -> Actor:
        """This person as the workflow's guards see them."""
        return Actor(self.id, self.roles)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session; `person` is None before sign-in."""

    person: Person | None
    csrf: str


def hashed(secret: str) -> str:
    """What is kept of a random secret: SHA-256, 64 hex digits; fast on purpose, the secret has 256 bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def login_key(login: str) -> str:
    """A login as it is kept: one spelling for every way of typing it."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _skeleton(login: str) -> str:
    """What two logins that look alike have in common: jan.peeters, jan-peeters and janpeeters are one."""
    return re.sub(r"[^a-z0-9]", "", login)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The people of one store."""

    engine: Engine
    journal: Journal

    def add(self, login: str, name: str, roles: frozenset[Role], by: str = "", at: datetime | None = None) -> Person:
        """Make an account; raises SignInError on a login that exists or looks like one that does.

        `at` is for seeding, else it is the clock.
        """
        login = login_key(login)
        if not LOGIN.fullmatch(login) or len(login) > MAX_LOGIN:
            hint = "Use a-z and 0-9, with a single . - _ @ or + between them."
            raise SignInError("person.login", f"{login!r} cannot be a login.", hint)
        with self.journal.write(at) as writer:
            logins = writer.connection.execute(select(t.people.c.login)).scalars()
            twin = next((known for known in logins if _skeleton(known) == _skeleton(login)), None)
            if twin is not None:
                raise SignInError("person.exists", f"There is somebody with the login {twin}.", "Choose another.")
            person = secrets.token_hex(8)
            row = {"id": person, "login": login, "name": name, "active": True}
            writer.connection.execute(insert(t.people).values(row))
            writer.set_roles(person, roles, by or person)
        return Person(person, login, name, True, roles)

    def all(self) -> tuple[Person, ...]:
        """Everybody, by login."""
        with self.engine.begin() as connection:
            rows = connection.execute(select(t.people.c.id).order_by(t.people.c.login)).scalars().all()
            return tuple(_person(connection, person) for person in rows)

    def by_login(self, login: str) -> Person:
        """The person of that login; raises NotFound."""
        with self.engine.begin() as connection:
            same = t.people.c.login == login_key(login).encode("utf-8", "replace").decode()
            found = connection.execute(select(t.people.c.id).where(same)).scalar()
            if found is None:
                raise NotFound("person.unknown", f"There is nobody with the login {login}.", "See `kb people list`.")
            return _person(connection, found)

    def set_roles(self, login: str, roles: frozenset[Role], by: str) -> Person:
        """Change what somebody may do, from their next request on."""
        person = self.by_login(login)
        with self.journal.write() as writer:
            writer.set_roles(person.id, roles, by)
        return self.by_login(login)

    def set_active(self, login: str, active: bool) -> Person:
        """Close or open an account; closing ends its sessions, links and tokens."""
        person = self.by_login(login)
        with writing(self.engine) as connection:
            connection.execute(update(t.people).where(t.people.c.id == person.id).values(active=active))
            for table in (t.sessions, t.links, t.tokens) if not active else ():
                connection.execute(delete(table).where(table.c.person == person.id))
        return self.by_login(login)

    def names(self) -> dict[str, str]:
        """Names by the ids the journal holds; an erased name is not in it."""
        with self.engine.begin() as connection:
            return {row.id: row.name for row in connection.execute(select(t.people.c.id, t.people.c.name))}

    def new_link(self, person: Person) -> str:
        """A one-time sign-in secret, good for 72 hours."""
        return self._keep_secret(t.links, person, LINK_TERM)

    def new_token(self, person: Person) -> str:
        """A personal secret for the command line, good for 90 days."""
        return "kb_" + self._keep_secret(t.tokens, person, TOKEN_TERM, "kb_")

    def _keep_secret(self, table: Table, person: Person, term: timedelta, prefix: str = "") -> str:
        secret = secrets.token_urlsafe(32)
        expires = t.instant_text(self.journal.now() + term)
        with writing(self.engine) as connection:
            connection.execute(insert(table).values(hash=hashed(prefix + secret), person=person.id, expires=expires))
        return secret

    def by_token(self, token: str) -> Person:
        """Who a token belongs to; raises SignInError."""
        now = t.instant_text(self.journal.now())
        with self.engine.begin() as connection:
            query = select(t.tokens.c.person).where(t.tokens.c.hash == hashed(token), t.tokens.c.expires > now)
            found = connection.execute(query).scalar()
            person = _person(connection, found) if found else None
        if person is None or not person.active:
            hint = "Make one with `kb people token LOGIN`."
            raise SignInError("token.bad", "This token is not, or no longer, good.", hint)
        return person

    def link_person(self, secret: str) -> Person:
        """Whose link this is, without using it up; raises SignInError."""
        with self.engine.begin() as connection:
            return _link_person(connection, secret, self.journal.now())

    def sign_in(self, secret: str) -> tuple[str, Person]:
        """Use a link up and open a session; returns the session's secret. Raises SignInError."""
        now = self.journal.now()
        with writing(self.engine) as connection:
            person = _link_person(connection, secret, now)
            connection.execute(delete(t.links).where(t.links.c.hash == hashed(secret)))
            connection.execute(delete(t.sessions).where(t.sessions.c.expires <= t.instant_text(now)))
            return _open_session(connection, person.id, now, SESSION_TERM), person

    def visit(self) -> str:
        """Open a session for somebody who has not signed in, so that the sign-in form is guarded too."""
        now = self.journal.now()
        with writing(self.engine) as connection:
            return _open_session(connection, None, now, SIGN_IN_TERM)

    def session(self, secret: str) -> Session | None:
        """The session of that secret, or None when it has ended or never was."""
        now = t.instant_text(self.journal.now())
        with self.engine.begin() as connection:
            query = select(t.sessions).where(t.sessions.c.hash == hashed(secret), t.sessions.c.expires > now)
            row = connection.execute(query).first()
            if row is None:
                return None
            person = _person(connection, row.person) if row.person else None
        return Session(person, row.csrf) if person is None or person.active else None

    def sign_out(self, secret: str) -> None:
        """End a session at once."""
        with writing(self.engine) as connection:
            connection.execute(delete(t.sessions).where(t.sessions.c.hash == hashed(secret)))


def _person(connection: Connection, person: str) -> Person:
    row = connection.execute(select(t.people).where(t.people.c.id == person)).one()
    names = connection.execute(select(t.roles.c.role).where(t.roles.c.person == person)).scalars()
    return Person(row.id, row.login, row.name, row.active, frozenset(Role(name) for name in names))


def _link_person(connection: Connection, secret: str, now: datetime) -> Person:
    good = (t.links.c.hash == hashed(secret), t.links.c.expires > t.instant_text(now))
    found = connection.execute(select(t.links.c.person).where(*good)).scalar()
    person = _person(connection, found) if found else None
    if person is None or not person.active:
        hint = "Ask for a new one: `kb people link LOGIN`."
        raise SignInError("link.bad", "This link was used already, or is no longer good.", hint)
    return person


def _open_session(connection: Connection, person: str | None, now: datetime, term: timedelta) -> str:
    secret = secrets.token_urlsafe(32)
    row = {"hash": hashed(secret), "person": person, "csrf": secrets.token_urlsafe(32)}
    row |= {"created": t.instant_text(now), "expires": t.instant_text(now + term)}
    connection.execute(insert(t.sessions).values(row))
    return secret
