"""Crisis mode: one switch for the whole zone, turned by a person with a reason, and ended only by one."""

from __future__ import annotations

from dataclasses import dataclass

from kbengine.article import Kind, Ref
from kbengine.engine.offer import LIGHT
from kbengine.engine.room import CRISIS, Room
from kbengine.history import Switch
from kbengine.journal import Person, turn


@dataclass(frozen=True, slots=True)
class Turned:
    """One time that crisis mode was turned, with the name of who did it; the name is empty once it was erased."""

    switch: Switch
    person: str


@dataclass(frozen=True, slots=True)
class CrisisPage:
    """How crisis mode stands, what it does: which answers come first, which are held; and every turn, newest first.

    Answers are those that are live now, as (slug, title) in the zone's first language.
    """

    now: Switch | None
    first: tuple[tuple[str, str], ...]
    held: tuple[tuple[str, str], ...]
    turns: tuple[Turned, ...]


class Crisis:
    """Crisis mode of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def now(self) -> Switch | None:
        """Since when and why it is on, None while it is off; every process sees it at its next request."""
        return self._room.crisis()

    def turn(self, person: Person, reason: str, *, on: bool) -> Switch:
        """Turn it; raises NotAllowed, Conflict (it stands so already), WorkflowError (no reason)."""
        with self._room.store.journal.write() as writer:
            return turn(writer, person.actor, CRISIS, reason, on=on)

    def page(self) -> CrisisPage:
        """Everything about it."""
        names = self._room.store.accounts.names()
        turns = tuple(Turned(switch, names.get(switch.by, "")) for switch in self._room.store.journal.switched(CRISIS))
        catalog, now = self._room.read()
        leading = {
            slug: answer
            for slug in sorted({ref.slug for ref in catalog.answers})
            if (answer := catalog.answer(Ref(Kind.ARTICLE, slug, catalog.zone.first_lang), now)) is not None
        }
        return CrisisPage(
            self.now(),
            tuple((slug, answer.article.title) for slug, answer in leading.items() if answer.header.crisis),
            tuple((slug, answer.article.title) for slug, answer in leading.items() if answer.header.tone == LIGHT),
            turns,
        )
