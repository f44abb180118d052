"""What ends soon and what has ended, by service: for a page, the command line, a calendar and a mail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from kbengine.article import Audience, Kind, Ref
from kbengine.edition import fact_of
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.history import Move, Published, State
from kbengine.journal import Person
from kbengine.validate import chosen, open_flags, possible_moves

DAYS = 30
MOST_DAYS = 36_500
CONFIRMING = frozenset({Move.RENEW, Move.VALIDATE})


@dataclass(frozen=True, slots=True)
class Due:
    """A live text that ends soon, or one that has ended; `end` is the first instant it does not cover (UTC).

    `days` are the local days that are left, 0 on the last one, negative after it. `mine`: whether the person who
    asked may say that it still holds. `changed` is when something was last decided about it.
    """

    ref: Ref
    number: int
    digest: str
    title: str
    owner: str
    label: str
    state: State
    end: datetime
    days: int
    audience: Audience
    sources: tuple[str, ...]
    flagged: bool
    mine: bool
    changed: datetime

    @property
    def name(self) -> str:
        """What names it in an address."""
        return f"{self.ref}@{self.number}"

    @property
    def ended(self) -> bool:
        """Whether it is out of everything already."""
        return self.state is State.EXPIRED


class Freshness:
    """What of one store must be looked at again."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def due(self, person: Person | None = None, owner: str = "", days: int = DAYS) -> tuple[Due, ...]:
        """What has ended, or ends within so many days, the first to end in front; `owner` is a service's key or label.

        The end of a translation that follows from its first language is told there only.
        """
        library = Library.of(self._room)
        until = library.now + timedelta(days=min(days, MOST_DAYS))
        found = (_due(library, ref, until, person) for ref in library.histories)
        lines = (line for line in found if line is not None and owner in ("", line.owner, line.label))
        return tuple(sorted(lines, key=lambda line: (line.end, line.ref)))

    def mine(self, person: Person, days: int = DAYS) -> tuple[Due, ...]:
        """What this person may say of that it still holds."""
        return tuple(line for line in self.due(person, days=days) if line.mine)

    def uid(self, line: Due) -> str:
        """What a calendar knows a text by: the same as long as the store is, whatever is decided about the text."""
        store = hashlib.sha256(b"calendar" + self._room.store.secret_key()).hexdigest()[:16]
        return "-".join(filter(None, (line.ref.kind.value, line.ref.slug, line.ref.lang))) + f"@{store}"

    def link(self, name: str) -> str:
        """The configured address at which a person looks at exactly this text again, by its name and revision."""
        return f"{self._room.settings.url}/te-valideren?tekst={quote(name, safe='/@')}"


def outside_title(library: Library, ref: Ref) -> str:
    """What a text may be called outside the house: of an internal article not even the title."""
    if ref.kind is Kind.FACT:
        return library.title(ref)
    lead = library.lead(ref.slug) if ref.kind in (Kind.ARTICLE, Kind.QUESTIONS) else None
    inside = lead is None or lead.header is None or lead.header.audience is Audience.INTERNAL
    return f"interne tekst ({library.owner(ref) or ref.kind.value})" if inside else library.title(ref)


def _due(library: Library, ref: Ref, until: datetime, person: Person | None) -> Due | None:
    history, now, tz = library.history(ref), library.now, library.catalog.zone.timezone
    published = chosen(history, now, tz)
    if published is None or published.end is None or published.end > until:
        return None
    live = published.covers(now)
    if live and library.published(ref) is None:
        return None  # its first language is not live
    owner, audience, sources = _header(library, ref, published)
    moves = _moves(library, ref, published.number, person)
    last = (published.end - timedelta(microseconds=1)).astimezone(tz).date()
    return Due(
        ref=ref,
        number=published.number,
        digest=published.digest,
        title=library.title(ref),
        owner=owner,
        label=library.catalog.zone.owners.get(owner, owner),
        state=State.EXPIRED if not live else library.state(ref, published.number),
        end=published.end,
        days=(last - now.astimezone(tz).date()).days,
        audience=audience,
        sources=sources,
        flagged=bool(open_flags(history.decisions)),
        mine=any(move in CONFIRMING for move in moves),
        changed=history.decisions[-1].at,
    )


def _header(library: Library, ref: Ref, published: Published) -> tuple[str, Audience, tuple[str, ...]]:
    """Owner, audience and sources of a text; what says nothing of them is of the house."""
    if ref.kind is Kind.FACT:
        fact = fact_of(published)
        return (fact.owner, Audience.PUBLIC, (fact.source,)) if fact else ("", Audience.INTERNAL, ())
    lead = library.lead(ref.slug) if ref.kind in (Kind.ARTICLE, Kind.QUESTIONS) else None
    if lead is None or lead.header is None:
        return "", Audience.INTERNAL, ()
    return lead.header.owner, lead.header.audience, lead.header.sources


def _moves(library: Library, ref: Ref, number: int, person: Person | None) -> Iterator[Move]:
    if person is not None:
        tz, rules = library.catalog.zone.timezone, library.rules(ref, number)
        yield from possible_moves(library.history(ref), number, person.actor, library.now, tz, rules)
