"""Texts of the starter set: the author that nobody is, and what no zone may vouch for because it is an example."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from kbengine.article import Kind, example_values
from kbengine.errors import WrongState
from kbengine.history import Revision
from kbengine.journal import tables as t

# Whoever wrote what a zone did not write itself: an account that is closed from the start and has no roles.
STARTER: Final = "startset"
STARTER_NAME: Final = "Startset"
OWN = "zone_"  # how the values begin that every zone has its own of


def is_example(revision: Revision, starter: str) -> bool:
    """Whether a text says something of the example zone; `starter` is the id of the starter set's author.

    A reserved number or address always is one. Any value of the zone's own is one until somebody of the zone saved it.
    """
    if revision.ref.kind not in (Kind.FACT, Kind.ZONE):
        return False
    unchanged = revision.ref.slug.startswith(OWN) and bool(starter) and revision.author == starter
    return unchanged or bool(example_values(revision.text))


def refuse_example(connection: Connection, revision: Revision) -> None:
    """Keep an example value of the starter set from going live in a real store; raises WrongState."""
    demo = connection.execute(select(t.store.c.value).where(t.store.c.key == "demo")).scalar()
    if demo == "yes":
        return
    starter = connection.execute(select(t.people.c.id).where(t.people.c.login == STARTER)).scalar() or ""
    if is_example(revision, starter):
        message = f"{revision.ref} still holds an example value."
        raise WrongState(
            "move.example", message, "Put the zone's own value in it, then validate.", ref=str(revision.ref)
        )
