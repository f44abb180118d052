"""The texts on which lives depend, warned about before they end: those of `[danger]` and all emergency articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kbengine.article import Kind, Ref
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.errors import Level, Problem
from kbengine.history import Role, State
from kbengine.journal import Person

# So many days before its end a text is warned about, each time more loudly.
WARNED = (1, 7, 30)
WARNED_ROLES = frozenset({Role.VALIDATOR, Role.ADMINISTRATOR})
EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Deadline:
    """An emergency text that ends within `within` days (1, 7 or 30); 0 when it has ended.

    `end` is the first instant it does not cover, None for one that ended or never began.
    """

    ref: Ref
    title: str
    owner: str
    end: datetime | None
    within: int


def within(end: datetime, now: datetime) -> int | None:
    """The shortest of the warned spans that an end falls in, 0 when it is past, None when it is far."""
    if end <= now:
        return 0
    return next((days for days in WARNED if end - now <= timedelta(days=days)), None)


class Deadlines:
    """What of one store must be looked at again before it ends."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def of(self, person: Person) -> tuple[Deadline, ...]:
        """What somebody who may do something about it is warned of, the most urgent first; nobody else is."""
        return self.all() if person.roles & WARNED_ROLES else ()

    def all(self) -> tuple[Deadline, ...]:
        """The emergency texts that ended, or end within 30 days, the most urgent first."""
        library = Library.of(self._room)
        found = [*_ending(library), *_ended(library)]
        return tuple(sorted(found, key=lambda one: (one.within, one.end or library.now, one.ref)))

    def problems(self) -> tuple[Problem, ...]:
        """What `kb check` says: an emergency text that ended is an error, any other end or coming end a warning."""
        return (*_expired(Library.of(self._room)), *(_soon(one) for one in self.all() if one.within))


def _ending(library: Library) -> Iterator[Deadline]:
    """The live ones, each by the language that ends first."""
    first: dict[str, tuple[datetime, Ref]] = {}
    for ref, answer in library.catalog.answers.items():
        end = answer.published.end
        if end is None or not (answer.header.urgency == EMERGENCY or ref.slug in library.catalog.zone.danger.articles):
            continue
        first[ref.slug] = min(first.get(ref.slug, (end, ref)), (end, ref))
    for end, ref in first.values():
        span = within(end, library.now)
        if span:
            yield Deadline(ref, library.title(ref), library.owner(ref), end, span)


def _ended(library: Library) -> Iterator[Deadline]:
    first = library.catalog.zone.first_lang
    for slug, dormant in library.catalog.dormant.items():
        ref = Ref(Kind.ARTICLE, slug, first)
        if dormant.state is State.EXPIRED and _urgent(library, slug):
            yield Deadline(ref, dormant.titles.get(first, slug), dormant.owner, None, 0)


def _urgent(library: Library, slug: str) -> bool:
    """Whether lives may depend on an article."""
    lead = library.lead(slug)
    emergency = lead is not None and lead.header is not None and lead.header.urgency == EMERGENCY
    return emergency or slug in library.catalog.zone.danger.articles


def _expired(library: Library) -> Iterator[Problem]:
    """Articles that ended without anybody looking again: an error when lives depend on one, else a warning."""
    for ref, history in library.histories.items():
        if ref.kind is not Kind.ARTICLE or library.lead(ref.slug) is None:
            continue
        if library.state(ref, history.revisions[-1].number) is State.EXPIRED:
            message, hint = f"{ref} has expired and is offered to nobody.", "Look at it again, then validate it."
            level: Level = "error" if _urgent(library, ref.slug) else "warning"
            yield Problem("state.expired", level, str(ref), 0, message, hint)


def _soon(deadline: Deadline) -> Problem:
    message = f"{deadline.ref} is for emergencies and ends within {deadline.within} days."
    hint = "Look at it again: renew it, or have a new text validated."
    fields = {"days": str(deadline.within), "title": deadline.title, "owner": deadline.owner}
    return Problem("emergency.ends", "warning", str(deadline.ref), 0, message, hint, fields)
