"""The door to names: what an article is and was called, and what another name or a merge would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kbengine.article import Kind, Ref, read_questions
from kbengine.engine.library import Library
from kbengine.engine.reading import Reading
from kbengine.engine.room import Room
from kbengine.engine.values import ListLine
from kbengine.errors import InvalidDocument, KBError, NotFound, WorkflowError
from kbengine.journal import (
    Merged,
    NameLine,
    Naming,
    Person,
    Writer,
    guard_merge,
    guard_rename,
    joined,
    merge,
    merge_mark,
    rename,
)


@dataclass(frozen=True, slots=True)
class NameEvent:
    """A line about a name, as people read it; `person` is empty for an erased name.

    `name` is what the article was called from then on, what leads to it too, or what it went up in.
    """

    at: datetime
    what: Naming
    name: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class GoneUp:
    """An article that went up in another, with how often its texts were handed out."""

    slug: str
    title: str
    event: NameEvent
    copied: int


@dataclass(frozen=True, slots=True)
class NamesPage:
    """What an article is called, was called, and what went up in it; `into` is what it went up in itself, or "".

    `copied` is how often it was handed out, `together` with what went up in it.
    """

    slug: str
    former: tuple[str, ...]
    events: tuple[NameEvent, ...]
    merged: tuple[GoneUp, ...]
    into: str
    into_title: str
    copied: int

    @property
    def together(self) -> int:
        """How often it and what went up in it were handed out."""
        return self.copied + sum(one.copied for one in self.merged)


@dataclass(frozen=True, slots=True)
class RenamePlan:
    """What another name would do; `error` says why it cannot be."""

    slug: str
    new: str
    title: str
    texts: tuple[ListLine, ...]
    copied: int
    phrases: int
    pins: tuple[str, ...]
    danger: bool
    error: KBError | None


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do: what goes out of use, which questions are proposed, which are no longer refused.

    `missing` are the languages in which only the source has a live text. `pins` are curations that follow, `held`
    those that end because they hold back the source. `mark` changes with whatever happens to either.
    """

    source: str
    target: str
    title: str
    into_title: str
    texts: tuple[ListLine, ...]
    questions: tuple[tuple[str, tuple[str, ...]], ...]
    released: tuple[str, ...]
    missing: tuple[str, ...]
    phrases: int
    copied: int
    pins: tuple[str, ...]
    held: tuple[str, ...]
    danger: bool
    mark: str
    error: KBError | None


class Renaming:
    """Names of the articles of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._reading = Reading(room)

    def leads(self, name: str) -> str:
        """Where who asks for a name is sent; the name itself when it leads nowhere else."""
        return self._room.read()[0].names.leads(name)

    def now(self, name: str) -> str:
        """What the article that has or had this name is called now, also when it went up in another."""
        return self._room.read()[0].names.now(name)

    def address(self, slug: str, lang: str) -> Ref | None:
        """The text to which an address of before leads now, None when it is the address of now."""
        catalog = self._room.read()[0]
        lead = catalog.names.leads(slug)
        if lead == slug:
            return None
        known = self._room.store.journal.history(Ref(Kind.ARTICLE, lead, lang)).revisions
        return Ref(Kind.ARTICLE, lead, lang if known else catalog.zone.first_lang)

    def page(self, slug: str) -> NamesPage:
        """Everything about the names of an article."""
        library = Library.of(self._room)
        names = library.catalog.names
        merged = tuple(
            GoneUp(name, _title(library, name), self._event(library, line), self._copied(name))
            for line in names.sources(slug)
            for name in [names.shown(line.slug)]
        )
        into = names.into(slug)
        events = tuple(self._event(library, line) for line in names.about(slug))
        return NamesPage(
            names.now(slug),
            names.former(slug),
            events,
            merged,
            into,
            _title(library, into) if into else "",
            self._copied(names.now(slug)),
        )

    def _event(self, library: Library, line: NameLine) -> NameEvent:
        name = library.catalog.names.shown(line.name) if line.what is Naming.MERGE else line.name
        return NameEvent(line.at, line.what, name, library.names.get(line.by, ""), line.reason)

    def _copied(self, slug: str) -> int:
        return sum(copy.part == 1 for copy in self._room.store.usage.copies(slug))

    def plan_rename(self, person: Person, slug: str, new: str, *, take: bool = False) -> RenamePlan:
        """What another name would do; nothing is written. Raises NotFound."""
        library = Library.of(self._room)
        texts = self._texts(slug)
        return RenamePlan(
            slug=slug,
            new=new,
            title=_title(library, slug),
            texts=texts,
            copied=self._copied(slug),
            phrases=self._phrases(library, slug),
            pins=tuple(one.name for one in library.catalog.curations if one.slug == slug),
            danger=slug in library.catalog.zone.danger.articles,
            error=self._refused(lambda writer: guard_rename(writer, person.actor, slug, new, take=take)),
        )

    def rename(self, person: Person, slug: str, new: str, reason: str = "", *, take: bool = False) -> None:
        """Call an article otherwise; raises what `journal.rename` raises."""
        with self._room.store.journal.write() as writer:
            rename(writer, person.actor, slug, new, reason, take=take)

    def plan_merge(self, person: Person, source: str, target: str) -> MergePlan:
        """What a merge would do; nothing is written. Raises NotFound."""
        library = Library.of(self._room)
        catalog, zone = library.catalog, library.catalog.zone
        texts, others = self._texts(source), self._texts(target)
        with self._room.store.journal.write() as writer:
            mark = merge_mark(writer, source, target)
            policy = zone.first_lang, zone.timezone
            error = _error(writer, lambda writer: guard_merge(writer, person.actor, source, target, *policy))
            proposed = joined(writer, source, target, zone.timezone) if error is None else None
        questions, released = _news(proposed[0].text if proposed[0] else "", proposed[1]) if proposed else ((), ())
        live = set(catalog.languages(target, library.now))
        return MergePlan(
            source=source,
            target=target,
            title=_title(library, source),
            into_title=_title(library, target) if others else target,
            texts=texts,
            questions=questions,
            released=released,
            missing=tuple(lang for lang in catalog.languages(source, library.now) if lang not in live),
            phrases=self._phrases(library, source),
            copied=self._copied(source),
            pins=tuple(one.name for one in catalog.curations if one.pin == source),
            held=tuple(one.name for one in catalog.curations if one.hold_back == source),
            danger=source in zone.danger.articles,
            mark=mark,
            error=error,
        )

    def merge(self, person: Person, source: str, target: str, reason: str = "", seen: str = "") -> Merged:
        """Let an article go up in another; raises what `journal.merge` raises."""
        zone = self._room.read()[0].zone
        with self._room.store.journal.write() as writer:
            return merge(writer, person.actor, source, target, reason, zone.first_lang, zone.timezone, seen)

    def _texts(self, slug: str) -> tuple[ListLine, ...]:
        """The texts of an article by language; raises NotFound for one that never was."""
        order = {lang: place for place, lang in enumerate(self._room.read()[0].zone.languages)}
        lines = [line for line in self._reading.overview() if line.ref.slug == slug]
        found = tuple(sorted(lines, key=lambda line: order.get(line.ref.lang, len(order))))
        if not found:
            raise NotFound("text.unknown", f"There is no {slug}.", "Look in the list of articles.", ref=slug)
        return found

    def _phrases(self, library: Library, slug: str) -> int:
        return sum(phrase.slug == slug for phrase in self._room.store.phrases.waiting(library.now))

    def _refused(self, guard: Callable[[Writer], object]) -> KBError | None:
        with self._room.store.journal.write() as writer:
            return _error(writer, guard)


def _error(writer: Writer, guard: Callable[[Writer], object]) -> KBError | None:
    """Why a guard refuses, None when it lets pass; it writes nothing."""
    try:
        guard(writer)
    except (InvalidDocument, NotFound, WorkflowError) as error:
        return error
    return None


def _title(library: Library, slug: str) -> str:
    lead = library.lead(slug)
    return lead.title if lead else slug


def _news(before: str, after: str) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]:
    """What a list of questions asks that it did not, by language, and what it no longer refuses."""
    old, new = (read_questions(text, "", "")[0] for text in (before, after))
    if new is None:
        return (), ()
    asked = old.asked if old else {}
    found = {lang: tuple(one for one in some if one not in asked.get(lang, ())) for lang, some in new.asked.items()}
    released = tuple(one for one in (old.not_asked if old else ()) if one not in new.not_asked)
    return tuple((lang, some) for lang, some in found.items() if some), released
