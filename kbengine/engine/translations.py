"""The door for who keeps translations: those that a major change of the first language overtook."""

from __future__ import annotations

from dataclasses import dataclass

from kbengine.article import Kind, Ref
from kbengine.engine.freshness import CONFIRMING
from kbengine.engine.library import Library
from kbengine.engine.room import Room, last_published
from kbengine.history import Behind, State
from kbengine.journal import Person
from kbengine.validate import possible_moves


@dataclass(frozen=True, slots=True)
class TranslationDue:
    """A translation to look at again; `pending` is the state of a newer text of it that is on its way.

    `mine`: whether the person who asked may say that it still holds.
    """

    ref: Ref
    number: int
    title: str
    owner: str
    label: str
    behind: Behind
    live: bool
    pending: State | None
    mine: bool


class Translations:
    """The translations of one store that are due."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def due(self, person: Person | None = None, owner: str = "") -> tuple[TranslationDue, ...]:
        """Which translations must be looked at again, the longest overtaken in front; `owner` is a key or a label."""
        library = Library.of(self._room)
        first = library.catalog.zone.first_lang
        refs = [ref for ref in library.histories if ref.kind is Kind.ARTICLE and ref.lang != first]
        found = (_line(library, ref, person) for ref in refs)
        lines = (line for line in found if line is not None and owner in ("", line.owner, line.label))
        return tuple(sorted(lines, key=lambda line: (line.behind.since, line.ref)))


def _line(library: Library, ref: Ref, person: Person | None) -> TranslationDue | None:
    behind = library.behind(ref)
    if behind is None or not behind.due:
        return None
    history, published, zone = library.history(ref), library.published(ref), library.catalog.zone
    number = last_published(history, published)
    newest = history.revisions[-1].number
    pending = library.state(ref, newest) if newest != number else None
    lead = library.lead(ref.slug)
    owner = lead.header.owner if lead and lead.header else ""
    rules = library.rules(ref, number)
    moves = possible_moves(history, number, person.actor, library.now, zone.timezone, rules) if person else ()
    return TranslationDue(
        ref=ref,
        number=number,
        title=library.title(ref),
        owner=owner,
        label=zone.owners.get(owner, owner),
        behind=behind,
        live=published is not None,
        pending=pending if pending is not State.SUPERSEDED else None,
        mine=any(move in CONFIRMING for move in moves),
    )
