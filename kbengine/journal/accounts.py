"""People, what they may do, and how they prove who they are: links, sessions, tokens; only hashes are kept."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from kbengine.errors import NotAllowed, NotFound, SignInError
from kbengine.history import Role, Scope
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.persons import Person, hashed, login_key, read_person
from kbengine.journal.sessions import USE_STEP, Sessions, end_sessions, open_session

LINK_TERM = timedelta(hours=72)
# For somebody who has a password: a link that is asked for now is used now.
RESET_TERM = timedelta(minutes=30)
TOKEN_TERM = timedelta(days=90)
LOGIN = re.compile(r"[a-z0-9]+(?:[.@_+-][a-z0-9]+)*")
MAX_LOGIN = 80
MAX_NAME = 200
MAX_LABEL = 80
# So much of a token's hash names it to its person.
TOKEN_ID = 16


@dataclass(frozen=True, slots=True)
class Token:
    """A personal token as its person sees it: never the secret; `used` is None before it was.

    `scopes` are what it is good for, of what its person may do.
    """

    id: str
    label: str
    created: datetime | None
    expires: datetime
    used: datetime | None
    scopes: frozenset[Scope]


def _skeleton(login: str) -> str:
    """What two logins that look alike have in common: jan.peeters, jan-peeters and janpeeters are one."""
    return re.sub(r"[^a-z0-9]", "", login)


@dataclass(frozen=True, slots=True)
class Accounts(Sessions):
    """The people of one store, and their sessions."""

    def add(self, login: str, name: str, roles: frozenset[Role], by: str = "", at: datetime | None = None) -> Person:
        """Make an account; raises SignInError on a login that exists or looks like one that does.

        `at` is for seeding, else it is the clock.
        """
        login, name = login_key(login), " ".join(name.split())
        if not name or len(name) > MAX_NAME:
            raise SignInError("person.name", "An account needs a name.", "Give the name that colleagues know.")
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
            return tuple(read_person(connection, person) for person in rows)

    def by_login(self, login: str) -> Person:
        """The person of that login; raises NotFound."""
        with self.engine.begin() as connection:
            same = t.people.c.login == login_key(login).encode("utf-8", "replace").decode()
            found = connection.execute(select(t.people.c.id).where(same)).scalar()
            if found is None:
                raise NotFound("person.unknown", f"There is nobody with the login {login}.", "See `kb people list`.")
            return read_person(connection, found)

    def set_roles(self, login: str, roles: frozenset[Role], by: str) -> Person:
        """Change what somebody may do, from their next request on; they sign in again for it."""
        person = self.by_login(login)
        if person.erased:
            raise NotFound("person.erased", "This account was erased.", "Make a new one.")
        with self.journal.write() as writer:
            writer.set_roles(person.id, roles, by)
            end_sessions(writer.connection, person.id)
        return self.by_login(login)

    def set_active(self, login: str, active: bool) -> Person:
        """Close or open an account; closing ends its ways in and its reminders. Raises NotFound on an erased one."""
        person = self.by_login(login)
        if person.erased:
            raise NotFound("person.erased", "This account was erased.", "Make a new one.")
        with writing(self.engine) as connection:
            connection.execute(update(t.people).where(t.people.c.id == person.id).values(active=active))
            for table in (t.sessions, t.links, t.tokens, t.reminders) if not active else ():
                connection.execute(delete(table).where(table.c.person == person.id))
        return self.by_login(login)

    def erase(self, login: str, by: str) -> Person:
        """Take away login, name, password, roles and every way in, for good; what they did stays under a bare id."""
        person = self.by_login(login)
        with self.journal.write() as writer:
            writer.set_roles(person.id, frozenset(), by)
            gone = {"login": person.id, "name": "", "active": False, "password": ""}
            writer.connection.execute(update(t.people).where(t.people.c.id == person.id).values(gone))
            for table in (t.sessions, t.links, t.tokens, t.reminders, t.unsaved):
                writer.connection.execute(delete(table).where(table.c.person == person.id))
        return self.by_login(person.id)

    def names(self) -> dict[str, str]:
        """Names by the ids the journal holds; an erased name is not in it."""
        with self.engine.begin() as connection:
            kept = select(t.people.c.id, t.people.c.name).where(t.people.c.name != "")
            return {row.id: row.name for row in connection.execute(kept)}

    def new_link(self, person: Person) -> str:
        """A one-time sign-in secret, good for 72 hours, or 30 minutes for who has a password."""
        return self._keep_secret(t.links, person, RESET_TERM if self.has_password(person) else LINK_TERM)

    def has_password(self, person: Person) -> bool:
        """Whether somebody chose a password."""
        with self.engine.begin() as connection:
            kept = select(t.people.c.password).where(t.people.c.id == person.id)
            return bool(connection.execute(kept).scalar())

    def new_token(self, person: Person, label: str = "", scopes: Collection[Scope] = (Scope.ALL,)) -> str:
        """A personal secret, good for 90 days and for these scopes; `label` says what for."""
        said = {"label": label[:MAX_LABEL], "created": t.instant_text(self.journal.now())}
        said["scopes"] = ",".join(sorted(scopes))
        return "kb_" + self._keep_secret(t.tokens, person, TOKEN_TERM, "kb_", **said)

    def _keep_secret(self, table: Table, person: Person, term: timedelta, prefix: str = "", **more: str) -> str:
        secret = secrets.token_urlsafe(32)
        row = {"hash": hashed(prefix + secret), "person": person.id, **more}
        row["expires"] = t.instant_text(self.journal.now() + term)
        with writing(self.engine) as connection:
            connection.execute(insert(table).values(row))
        return secret

    def tokens(self, person: Person) -> tuple[Token, ...]:
        """Somebody's tokens that are still good, the newest last."""
        good = (t.tokens.c.person == person.id, t.tokens.c.expires > t.instant_text(self.journal.now()))
        with self.engine.begin() as connection:
            rows = connection.execute(select(t.tokens).where(*good).order_by(t.tokens.c.expires)).all()
        return tuple(_token(row) for row in rows)

    def end_token(self, person: Person, id: str) -> None:
        """End one of somebody's own tokens at once; raises NotFound."""
        mine = (t.tokens.c.person == person.id, func.substr(t.tokens.c.hash, 1, TOKEN_ID) == id)
        with writing(self.engine) as connection:
            if not connection.execute(delete(t.tokens).where(*mine)).rowcount:
                raise NotFound("token.unknown", "You have no such token.", "Look at the list again.")

    def by_token(self, token: str, scope: Scope = Scope.ALL) -> Person:
        """Who a token belongs to that is good for a scope; raises SignInError, NotAllowed (another scope)."""
        now = self.journal.now()
        with self.engine.begin() as connection:
            good = (t.tokens.c.hash == hashed(token), t.tokens.c.expires > t.instant_text(now))
            found = connection.execute(select(t.tokens).where(*good)).first()
            person = read_person(connection, found.person) if found else None
        if found is None or person is None or not person.active:
            hint = "Make one with `kb people token LOGIN`."
            raise SignInError("token.bad", "This token is not, or no longer, good.", hint)
        if not _scopes(found) & {scope, Scope.ALL}:
            message = f"This token is good for {found.scopes}, and this needs {scope}."
            raise NotAllowed("token.scope", message, "Make a token for it.", scope=scope)
        if found.used <= t.instant_text(now - USE_STEP):
            with writing(self.engine) as connection:
                same = t.tokens.c.hash == found.hash
                connection.execute(update(t.tokens).where(same).values(used=t.instant_text(now)))
        return person

    def link_person(self, secret: str) -> Person:
        """Whose link this is, without using it up; raises SignInError."""
        with self.engine.begin() as connection:
            return link_person(connection, secret, self.journal.now())

    def sign_in(self, secret: str) -> tuple[str, Person]:
        """Use a link up and open a session; returns the session's secret. Raises SignInError."""
        now = self.journal.now()
        with writing(self.engine) as connection:
            person = link_person(connection, secret, now)
            connection.execute(delete(t.links).where(t.links.c.hash == hashed(secret)))
            connection.execute(delete(t.sessions).where(t.sessions.c.expires <= t.instant_text(now)))
            return open_session(connection, person.id, now), person


def link_person(connection: Connection, secret: str, now: datetime) -> Person:
    """Whose link this is, in a transaction of the caller's; raises SignInError."""
    good = (t.links.c.hash == hashed(secret), t.links.c.expires > t.instant_text(now))
    found = connection.execute(select(t.links.c.person).where(*good)).scalar()
    person = read_person(connection, found) if found else None
    if person is None or not person.active:
        hint = "Ask for a new one: `kb people link LOGIN`."
        raise SignInError("link.bad", "This link was used already, or is no longer good.", hint)
    return person


def _token(row: Row[Any]) -> Token:
    created, used = (t.instant_value(text) if text else None for text in (row.created, row.used))
    return Token(row.hash[:TOKEN_ID], row.label, created, t.instant_value(row.expires), used, _scopes(row))


def _scopes(row: Row[Any]) -> frozenset[Scope]:
    return frozenset(Scope(name) for name in row.scopes.split(","))
