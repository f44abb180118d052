"""What was handed out: how often, of which revision, with which values; and what of it was corrected since."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from kbengine.article import Kind, Ref
from kbengine.edition import Catalog
from kbengine.engine.room import Room
from kbengine.errors import NotFound
from kbengine.journal import Copy

TAKEN_BACK_WITHIN: Final = timedelta(days=1)

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class CopiedLine:
    """One revision of an answer with the same values on one channel: how often it was handed out, first and last when.

    Of a reply in parts only the first counts. `edited`: how many differed from the vetted text in what `drift` tells;
    `second`: for how many of them a second person agreed.
    """

    slug: str
    lang: str
    number: int
    channel: str
    values: Mapping[str, int]
    times: int
    edited: int
    second: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class HandedBefore:
    """An older text that was handed out so many times; `values` are the names of what changed in it since.

    `number` is the revision that people have: of the article, or of the value when that was asked for.
    """

    number: int
    values: tuple[str, ...]
    times: int
    first: datetime
    last: datetime


class Copies:
    """What was handed out of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def take_back(self, copy_id: int) -> None:
        """Say that a text was not used after all: it no longer counts; within a day. Raises NotFound."""
        since = self._room.read()[1] - TAKEN_BACK_WITHIN
        if not self._room.store.usage.drop_copy(copy_id, since):
            hint = "It can be taken back once, within a day."
            raise NotFound("copy.gone", f"There is no copy {copy_id} to take back.", hint, copy=str(copy_id))

    def used(self, slug: str = "", since: date | None = None, until: date | None = None) -> tuple[CopiedLine, ...]:
        """What was handed out of one article, or of all, from a day of the zone up to and with another.

        Of an article also what was handed out of those that went up in it, under their own names. Sorted by article,
        language, newest revision, channel. Raises NotFound for an article that never was.
        """
        catalog = self._room.read()[0]
        if slug and not self._room.store.journal.history(Ref(Kind.ARTICLE, slug, catalog.zone.first_lang)).revisions:
            raise NotFound("text.unknown", f"There is no article {slug}.", "Look in the list of articles.", ref=slug)
        names, store = catalog.names, self._room.store
        slugs = (names.now(slug), *(names.shown(line.slug) for line in names.sources(slug))) if slug else ()
        copies = store.usage.copies(*slugs)
        days = ((copy.at.astimezone(catalog.zone.timezone).date(), copy) for copy in copies)
        found = (copy for day, copy in days if (not since or since <= day) and (not until or day <= until))
        rows = _grouped(found, lambda c: (c.slug, c.lang, -c.number, c.channel, tuple(sorted(c.facts.items()))))
        return tuple(_line(rows[key]) for key in sorted(rows))

    def before(self, ref: Ref, number: int) -> tuple[HandedBefore, ...]:
        """What was handed out of a text before that revision of it, or with values that changed since; newest first.

        Of an article, in its language, or of a value in whatever article it stood; of other texts nothing.
        """
        catalog = self._room.read()[0]
        if ref.kind is Kind.FACT:
            name = ref.slug
            older = (copy for copy in self._room.store.usage.copies() if copy.facts.get(name, number) < number)
            return _before(older, lambda copy: (copy.facts[name], ()))
        if ref.kind is not Kind.ARTICLE:
            return ()
        own = (copy for copy in self._room.store.usage.copies(ref.slug) if copy.lang == ref.lang)
        older = (copy for copy in own if copy.number < number or _changed(copy, catalog))
        return _before(older, lambda copy: (copy.number, _changed(copy, catalog)))


def _changed(copy: Copy, catalog: Catalog) -> tuple[str, ...]:
    """The names of the values in a copy that have a newer revision now, or none."""
    return tuple(
        name
        for name, number in sorted(copy.facts.items())
        if name not in catalog.facts or catalog.facts[name].published.number != number
    )


def _grouped(copies: Iterable[Copy], key: Callable[[Copy], Group]) -> dict[Group, list[Copy]]:
    """Copies by their key, newest first; of a reply in parts the first part."""
    found: dict[Group, list[Copy]] = {}
    for copy in copies:
        if copy.part == 1:
            found.setdefault(key(copy), []).append(copy)
    return found


def _line(copies: list[Copy]) -> CopiedLine:
    newest = copies[0]
    return CopiedLine(
        slug=newest.slug,
        lang=newest.lang,
        number=newest.number,
        channel=newest.channel,
        values=newest.facts,
        times=len(copies),
        edited=sum(1 for copy in copies if copy.kinds),
        second=sum(1 for copy in copies if copy.second),
        first=copies[-1].at,
        last=newest.at,
    )


def _before(copies: Iterable[Copy], key: Callable[[Copy], tuple[int, tuple[str, ...]]]) -> tuple[HandedBefore, ...]:
    rows = _grouped(copies, key)
    return tuple(
        HandedBefore(*where, len(rows[where]), rows[where][-1].at, rows[where][0].at)
        for where in sorted(rows, reverse=True)
    )
