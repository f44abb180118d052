"""A person as the rest of the house sees them, and what is kept instead of a secret."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection, select

from kbengine.history import Actor, Role
from kbengine.journal import tables as t


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

    @property
    def erased(self) -> bool:
        """Whether nothing is left but the id in the journal."""
        return not self.name


def hashed(secret: str) -> str:
    """What is kept of a random secret: SHA-256, 64 hex digits; fast on purpose, the secret has 256 bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def login_key(login: str) -> str:
    """A login as it is kept: one spelling for every way of typing it."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def read_person(connection: Connection, person: str) -> Person:
    """The person of that id, with the roles the journal gave them."""
    row = connection.execute(select(t.people).where(t.people.c.id == person)).one()
    names = connection.execute(select(t.roles.c.role).where(t.roles.c.person == person)).scalars()
    return Person(row.id, row.login, row.name, row.active, frozenset(Role(name) for name in names))
