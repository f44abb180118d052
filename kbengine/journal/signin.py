"""Signing in with a password, and showing again who one is; a demo has no passwords and takes a press of a key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from kbengine.errors import SignInError
from kbengine.journal import attempts, passwords
from kbengine.journal import tables as t
from kbengine.journal.accounts import Accounts, link_person
from kbengine.journal.connect import writing
from kbengine.journal.persons import Person, hashed, login_key, read_person
from kbengine.journal.sessions import end_sessions, open_session


@dataclass(frozen=True, slots=True)
class SignIn:
    """The door of one store. `address` is the network address a request came from."""

    accounts: Accounts
    demo: bool

    def by_password(self, login: str, password: str, address: str) -> tuple[str, Person]:
        """Open a session; returns its secret. Raises SignInError, the same for a login nobody has, and TooOften."""
        person, kept = self._proven(login_key(login), password, address)
        renewed = passwords.hash_of(password) if passwords.outdated(kept) else kept
        now = self.accounts.journal.now()
        with writing(self.accounts.engine) as connection:
            # Whoever changed the password or closed the account meanwhile ended this way in as well.
            same = (t.people.c.id == person.id, t.people.c.password == kept, t.people.c.active)
            if not connection.execute(update(t.people).where(*same).values(password=renewed)).rowcount:
                raise _wrong()
            attempts.forget(connection, person.login)
            return open_session(connection, person.id, now), person

    def prove(self, secret: str, password: str, address: str) -> None:
        """Show again who one is: the session is unlocked, and vouching may go on. Raises SignInError, TooOften."""
        found = self.accounts.session(secret)
        if found is None or found.person is None:
            raise SignInError("session.none", "There is no session.", "Sign in again.")
        if not self.demo:
            self._proven(found.person.login, password, address)
        now = t.instant_text(self.accounts.journal.now())
        with writing(self.accounts.engine) as connection:
            attempts.forget(connection, found.person.login)
            same = t.sessions.c.hash == hashed(secret)
            connection.execute(update(t.sessions).where(same).values(used=now, proven=now))

    def show(self, person: Person, password: str, address: str) -> None:
        """Show who one is without a session, for one act; raises SignInError, TooOften."""
        self._proven(person.login, password, address)
        with writing(self.accounts.engine) as connection:
            attempts.forget(connection, person.login)

    def choose(self, link: str, password: str, context: Iterable[str]) -> tuple[str, Person]:
        """Use a link up: its person has this password from now on, and a session, the only one.

        `context` is what else anybody knows of the account. Raises SignInError.
        """
        person = self.accounts.link_person(link)
        passwords.check(password, (*context, person.login, person.name))
        kept = passwords.hash_of(password)
        now = self.accounts.journal.now()
        with writing(self.accounts.engine) as connection:
            person = link_person(connection, link, now)
            self._keep(connection, person, kept)
            return open_session(connection, person.id, now), person

    def change(self, person: Person, old: str, new: str, address: str, context: Iterable[str]) -> str:
        """Change a password; every session ends, and the secret of a new one is returned.

        Raises SignInError, TooOften.
        """
        self._proven(person.login, old, address)
        passwords.check(new, (*context, person.login, person.name))
        kept = passwords.hash_of(new)
        with writing(self.accounts.engine) as connection:
            self._keep(connection, person, kept)
            return open_session(connection, person.id, self.accounts.journal.now())

    def _keep(self, connection: Connection, person: Person, kept: str) -> None:
        connection.execute(update(t.people).where(t.people.c.id == person.id).values(password=kept))
        connection.execute(delete(t.links).where(t.links.c.person == person.id))
        end_sessions(connection, person.id)
        attempts.forget(connection, person.login)

    def _proven(self, login: str, password: str, address: str) -> tuple[Person, str]:
        """Whose password this is, and its hash; the same refusal, after the same time, whatever was wrong."""
        if not passwords.oversized(password):
            login = login.encode("utf-8", "replace").decode()
            attempts.take(self.accounts.engine, login, address, self.accounts.journal.now())
            with self.accounts.engine.begin() as connection:
                row = connection.execute(select(t.people).where(t.people.c.login == login)).first()
                person = read_person(connection, row.id) if row else None
            kept = row.password if row and row.active else ""
            if passwords.matches(kept, password) and person is not None:
                return person, kept
        raise _wrong()


def _wrong() -> SignInError:
    return SignInError("password.wrong", "The login or the password is not right.", "Look at both and try again.")
