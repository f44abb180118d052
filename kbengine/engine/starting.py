"""The door for a zone that begins: what it has taken over of the starter set, and the next text to read and sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kbengine.article import Article, Fact, Kind, Ref, read_facts
from kbengine.checks import to_check
from kbengine.edition import parsed_questions
from kbengine.engine.library import Library
from kbengine.engine.progress import OwnerProgress, Progress, newest_state, progress_of
from kbengine.engine.reading import views
from kbengine.engine.room import Room
from kbengine.engine.values import VariantView
from kbengine.errors import NotFound, Problem
from kbengine.folder import FIRST
from kbengine.history import Move, Revision, State
from kbengine.journal import STARTER, Person, is_example, make_move
from kbengine.reply import facts_in
from kbengine.validate import guard_role, possible_moves

__all__ = ["OwnerProgress", "Part", "Progress", "Sitting", "Starting"]

BATCH = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One text that is signed with an answer: itself, its questions, a value in it; exactly the one that was shown."""

    ref: Ref
    number: int
    digest: str
    title: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """An answer to read and sign; `parts` is what this person may sign with it, `left` how many come after it.

    `missing` are values of the zone that are still examples: without them the answer is live, and cannot be copied.
    `unsure` is what somebody remembered rather than read: what must be checked, and where.
    """

    ref: Ref
    title: str
    owner: str
    theme: str
    variants: tuple[VariantView, ...]
    sources: tuple[str, ...]
    questions: tuple[str, ...]
    parts: tuple[Part, ...]
    missing: tuple[Fact, ...]
    unsure: tuple[str, ...]
    place: int
    left: int

    @property
    def signable(self) -> bool:
        """Whether this person may sign the answer itself."""
        return any(part.ref == self.ref for part in self.parts)


class Starting:
    """Taking over the starter set in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def problems(self) -> tuple[Problem, ...]:
        """What `kb check` says: in a real store, what is still an example."""
        return () if self._room.store.demo else self._left(Library.of(self._room), self._starter())

    def unsure(self) -> tuple[tuple[str, str], ...]:
        """(text, what must be looked up, and where) of each text in review that nobody read in a source.

        No problems: nothing of them is live, and whoever validates them sees it above the text.
        """
        library = Library.of(self._room)
        return tuple((str(ref), line) for ref in _in_order(library) for line in _recalled(library, ref))

    def _left(self, library: Library, starter: str) -> tuple[Problem, ...]:
        """Every text that still says something of the example zone."""
        newest = [history.revisions[-1] for history in library.histories.values()]
        hint = "Put the zone's own value in it and have that validated; until then no answer with it goes out."
        return tuple(
            Problem("example.value", "error", str(one.ref), 0, f"{one.ref} still holds an example value.", hint)
            for one in newest
            if is_example(one, starter)
        )

    def progress(self) -> Progress:
        """How far each service is, in the order of the zone's policy."""
        return progress_of(Library.of(self._room), self._starter())

    def sitting(self, person: Person, owner: str = "", after: str = "") -> Sitting | None:
        """The next answer in review that this service reads, those needed first in front; None when all are read.

        `after` names the answer that was just skipped: what stands before it is left for later.
        """
        library = Library.of(self._room)
        waiting = [ref for ref in _in_order(library) if self._waits(library, ref, owner)]
        # What this person cannot sign, or signed already, is shown only when nothing else is left.
        waiting = [ref for ref in waiting if _may_sign(library, ref, person)] or waiting
        names = [f"{ref.slug}.{ref.lang}" for ref in waiting]
        place = names.index(after) + 1 if after in names else 0
        if not waiting[place:]:
            place = 0
        return self._sitting(library, waiting, place, person) if waiting else None

    def _waits(self, library: Library, ref: Ref, owner: str) -> bool:
        lead = library.lead(ref.slug)
        if owner and (lead is None or lead.header is None or lead.header.owner != owner):
            return False
        return newest_state(library, ref) is State.IN_REVIEW

    def _sitting(self, library: Library, waiting: list[Ref], place: int, person: Person) -> Sitting | None:
        ref, starter = waiting[place], self._starter()
        newest = library.history(ref).revisions[-1]
        article, lead = library.article(newest), library.lead(ref.slug)
        if article is None:
            raise NotFound("text.unreadable", f"{ref} cannot be read.", "Import its file again.")
        facts = {fact.name: (revision, fact) for revision, fact in _facts_of(library, article)}
        values = {name: fact.value(ref.lang, library.catalog.zone.first_lang) for name, (_, fact) in facts.items()}
        asked = Ref(Kind.QUESTIONS, ref.slug)
        beside = [revision.ref for revision, _ in facts.values()]
        beside += [asked] if asked in library.histories else []
        header = lead.header if lead else None
        return Sitting(
            ref=ref,
            title=article.title,
            owner=library.owner(ref),
            theme=newest.theme,
            variants=views(article, values),
            sources=header.sources if header else (),
            questions=_questions(library, ref),
            parts=tuple(_parts(library, [*beside, ref], facts, person)),
            missing=tuple(fact for revision, fact in facts.values() if is_example(revision, starter)),
            unsure=to_check(article, header) if header else (),
            place=place + 1,
            left=len(waiting) - 1,
        )

    def sign(self, person: Person, seen: Iterable[tuple[Ref, int, str]]) -> tuple[Move, ...]:
        """Validate these texts, all or none, as one person at one moment; returns what was written of each.

        Move.SIGN: it needs another signature, so that it is not live. Raises what each move raises: NotAllowed,
        WrongState, Conflict.
        """
        zone = self._room.read()[0].zone
        with self._room.store.journal.write() as writer:
            return tuple(
                make_move(
                    writer, person.actor, ref, number, digest, Move.VALIDATE, "", zone.first_lang, zone.timezone
                ).move
                for ref, number, digest in seen
            )

    def lay_out(self, person: Person) -> int:
        """Put the next twenty drafts in review, with their questions and values; returns how many articles.

        Raises NotAllowed.
        """
        guard_role(Move.SUBMIT, Kind.ARTICLE, person.actor)
        library, starter = Library.of(self._room), self._starter()
        drafts = [ref for ref in _in_order(library) if newest_state(library, ref) is State.DRAFT][:BATCH]
        wanted: dict[Ref, Revision] = {}
        for ref in drafts:
            article = library.article(library.history(ref).revisions[-1])
            facts = [revision for revision, _ in _facts_of(library, article)] if article else []
            asked = library.histories.get(Ref(Kind.QUESTIONS, ref.slug))
            for one in (*facts, *((asked.revisions[-1],) if asked else ()), library.history(ref).revisions[-1]):
                if not is_example(one, starter) and newest_state(library, one.ref) is State.DRAFT:
                    wanted[one.ref] = one
        zone = library.catalog.zone
        with self._room.store.journal.write() as writer:
            for ref, one in wanted.items():
                make_move(
                    writer, person.actor, ref, one.number, one.digest, Move.SUBMIT, "", zone.first_lang, zone.timezone
                )
        return len(drafts)

    def _starter(self) -> str:
        """The id of the starter set's author, "" in a store that did not begin with it."""
        people = self._room.store.accounts.all()
        return next((person.id for person in people if person.login == STARTER), "")


def _in_order(library: Library) -> list[Ref]:
    """Every article: those needed first, then the rest by theme; translations after the first language."""
    first = library.catalog.zone.first_lang
    rank = {slug: place for place, slug in enumerate(FIRST)}
    found = [ref for ref in library.histories if ref.kind is Kind.ARTICLE]
    themes = {ref: library.history(ref).revisions[-1].theme for ref in found}
    return sorted(found, key=lambda ref: (ref.lang != first, rank.get(ref.slug, len(FIRST)), themes[ref], ref))


def _recalled(library: Library, ref: Ref) -> tuple[str, ...]:
    newest = library.history(ref).revisions[-1]
    article = library.article(newest)
    if article and article.header and library.state(ref, newest.number) is State.IN_REVIEW:
        return to_check(article, article.header)
    return ()


def _may_sign(library: Library, ref: Ref, person: Person) -> bool:
    history, tz = library.history(ref), library.catalog.zone.timezone
    number = history.revisions[-1].number
    return Move.VALIDATE in possible_moves(history, number, person.actor, library.now, tz, library.rules(ref, number))


def _facts_of(library: Library, article: Article) -> Iterator[tuple[Revision, Fact]]:
    """The newest revision of every value that an article shows, and what it says."""
    for name in facts_in(*(variant.text for variant in article.variants)):
        history = library.histories.get(Ref(Kind.FACT, name))
        if history is not None:
            yield from ((history.revisions[-1], fact) for fact in read_facts(history.revisions[-1].text, name)[0])


def _questions(library: Library, ref: Ref) -> tuple[str, ...]:
    asked = library.histories.get(Ref(Kind.QUESTIONS, ref.slug))
    read = parsed_questions(asked.revisions[-1].text, ref.slug) if asked else None
    return read.asked.get(ref.lang, ()) if read else ()


def _parts(
    library: Library, refs: Iterable[Ref], facts: dict[str, tuple[Revision, Fact]], person: Person
) -> Iterator[Part]:
    """What waits among these texts and this person may sign, as it is now."""
    for ref in refs:
        newest = library.history(ref).revisions[-1]
        if _may_sign(library, ref, person) and newest_state(library, ref) is State.IN_REVIEW:
            fact = facts[ref.slug][1] if ref.kind is Kind.FACT else None
            value = fact.value(library.catalog.zone.first_lang, library.catalog.zone.first_lang) if fact else ""
            title = fact.label if fact else library.title(ref)
            yield Part(ref, newest.number, newest.digest, title, value, fact.source if fact else "")
