"""The door for neighbours: which articles answer the same, say otherwise, or already answer what another is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from kbengine.article import Article, Kind, Ref, is_day, read_questions
from kbengine.checks import compared, levelled, neighbour_problem, told
from kbengine.engine.beside import Finding, Known, Neighbour, NeighboursPage, Piece, Taken
from kbengine.engine.formed import ArticleForm
from kbengine.engine.library import Library
from kbengine.engine.previewing import read_form
from kbengine.engine.room import Room
from kbengine.errors import InvalidDocument, NotFound, Problem
from kbengine.history import Move, State
from kbengine.journal import Person, Stands
from kbengine.neighbours import Field, Near, Passage, Sort
from kbengine.validate import guard_role

MOST_REASON = 300
UNSAVED = "unsaved"
WAITING = frozenset({State.DRAFT, State.IN_REVIEW, State.RETURNED, State.SCHEDULED})


@dataclass(frozen=True, slots=True)
class _Held:
    """The texts of one language, as of one line of the journal and one day."""

    mark: tuple[int, date]
    known: Mapping[str, Known]
    field: Field


class Neighbours:
    """Neighbours in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lock = Lock()
        self._held: dict[str, _Held] = {}

    def of(self, ref: Ref, number: int = 0) -> NeighboursPage:
        """A text and its neighbours; the newest revision unless `number` names one. Raises NotFound."""
        library = Library.of(self._room)
        history = library.history(ref)
        revision = history.revision(number) if number else history.revisions[-1]
        article = library.article(revision)
        if article is None:
            raise NotFound("text.unreadable", f"{ref} cannot be compared.", "Import its file again.")
        return self._page(library, self._known(library, ref, revision.number, article))

    def of_form(self, form: ArticleForm) -> NeighboursPage | None:
        """The neighbours that a form would have; None while it cannot be read."""
        library = Library.of(self._room)
        article = read_form(library, form)[0]
        if article is None or not article.variants:
            return None
        return self._page(library, self._known(library, Ref(Kind.ARTICLE, form.slug, form.lang), 0, article))

    def all(self) -> tuple[tuple[Known, Known, Finding], ...]:
        """Everything found between any two articles, language by language; what somebody said may stand comes last."""
        library, rows = Library.of(self._room), []
        for lang in library.catalog.zone.languages:
            held = self._texts(library, lang)
            seen = set()
            for near in held.field.all():
                if near.digest not in seen:
                    seen.add(near.digest)
                    rows.append((held.known[near.one.key], held.known[near.other.key], near))
        noted = self._room.store.neighbours.kept(library.now)
        found = [(one, other, _finding(near, noted, library.names)) for one, other, near in rows]
        return tuple(sorted(found, key=lambda row: row[2].stands is not None))

    def problems(self) -> tuple[Problem, ...]:
        """What is found between any two articles, as problems; not what somebody said may stand."""
        found = [row for row in self.all() if row[2].stands is None]
        problems = (neighbour_problem(finding.near, str(one.ref)) for one, _, finding in found)
        return levelled(problems, self._room.read()[0].zone.checks)

    def standing(self) -> frozenset[str]:
        """The digests of what somebody said may stand."""
        return frozenset(self._room.store.neighbours.kept(self._room.read()[1]))

    def note(self, person: Person, ref: Ref, digest: str, reason: str) -> None:
        """Say why two neighbours may both stand; raises NotAllowed, InvalidDocument, NotFound when a text changed."""
        guard_role(Move.SAVE, Kind.ARTICLE, person.actor)
        why = " ".join(reason.split())
        if not why or len(why) > MOST_REASON:
            hint = f"Write in at most {MOST_REASON} characters why both may stand."
            raise InvalidDocument("neighbours.reason", "There is no reason, or it is too long.", hint)
        near = self._named(ref, digest)
        slugs = (near.one.slug, near.other.slug)
        self._room.store.neighbours.keep(self._room.read()[1], digest, ref.lang, slugs, person.id, why)

    def forget(self, person: Person, digest: str) -> None:
        """Let what is found between two neighbours be said again; raises NotAllowed."""
        guard_role(Move.SAVE, Kind.ARTICLE, person.actor)
        self._room.store.neighbours.drop(digest)

    def _named(self, ref: Ref, digest: str) -> Near:
        page = self.of(ref)
        found = (finding.near for beside in (*page.open, *page.standing) for finding in beside.findings)
        near = next((near for near in found if near.digest == digest), None)
        if near is None:
            message, hint = "This is no longer found: a text changed.", "Look at the neighbours again."
            raise NotFound("neighbours.gone", message, hint)
        return near

    def _page(self, library: Library, known: Known) -> NeighboursPage:
        held = self._texts(library, known.ref.lang)
        noted = self._room.store.neighbours.kept(library.now)
        found: dict[str, list[Finding]] = {}
        seen = set()
        # Of an article with a live text and one that waits, what both have in them is said of the live one.
        nears = held.field.neighbours(known.told)
        for near in sorted(nears, key=lambda near: held.known[near.other.key].state in WAITING):
            if near.digest not in seen:
                seen.add(near.digest)
                found.setdefault(near.other.key, []).append(_finding(near, noted, library.names))
        besides = [_beside(known, held.known[key], findings) for key, findings in found.items()]
        besides.sort(key=lambda beside: _order(beside.findings))
        return NeighboursPage(
            known,
            tuple(one for one in besides if any(finding.stands is None for finding in one.findings)),
            tuple(one for one in besides if all(finding.stands is not None for finding in one.findings)),
            self._taken(held, known),
        )

    def _taken(self, held: _Held, known: Known) -> tuple[Taken, ...]:
        """The articles that the suggestions as they are built now give first for this one's own questions."""
        index = self._room.shelf.suggest()
        asked = known.told.asked or (known.told.title,)
        takers: dict[str, list[str]] = {}
        for text in asked if index else ():
            ranking = index.rank(text, known.ref.lang, 1) if index else None
            if ranking and not ranking.reason and ranking.matches[0].slug != known.ref.slug:
                takers.setdefault(ranking.matches[0].slug, []).append(text)
        best = {one.ref.slug: one for one in sorted(held.known.values(), key=lambda one: one.state not in WAITING)}
        taken = [Taken(best[slug], tuple(texts), len(asked)) for slug, texts in takers.items() if slug in best]
        return tuple(sorted(taken, key=lambda one: (-len(one.questions), one.known.ref.slug)))

    def _texts(self, library: Library, lang: str) -> _Held:
        mark = library.catalog.head.seq, library.now.astimezone(library.catalog.zone.timezone).date()
        with self._lock:
            held = self._held.get(lang)
            if held is None or held.mark != mark:
                known = {one.told.key: one for one in self._all_known(library, lang)}
                held = self._held[lang] = _Held(mark, known, Field.of(lang, (one.told for one in known.values())))
        return held

    def _all_known(self, library: Library, lang: str) -> Iterator[Known]:
        """The live text of each article in a language, and the newest one that waits beside it."""
        for ref in sorted(library.histories):
            if ref.kind is not Kind.ARTICLE or ref.lang != lang or is_day(ref):
                continue
            history, published = library.history(ref), library.published(ref)
            newest = history.revisions[-1]
            numbers = [published.number] if published else []
            if newest.number not in numbers and library.state(ref, newest.number) in WAITING:
                numbers.append(newest.number)
            for number in numbers:
                article = library.article(history.revision(number))
                lead = library.lead(ref.slug)
                block = lead is not None and lead.header is not None and lead.header.block
                if article is not None and not block:
                    yield self._known(library, ref, number, article)

    def _known(self, library: Library, ref: Ref, number: int, article: Article) -> Known:
        lead = library.lead(ref.slug)
        header = article.header or (lead.header if lead else None)
        facts = library.catalog.fact_values(ref.lang, library.now)
        one = told(f"{ref.slug}@{number or UNSAVED}", article, header, facts, _asked(library, ref))
        variants = tuple(variant.name.value for variant in compared(article, header))
        owner = library.catalog.zone.owners.get(header.owner, header.owner) if header else ""
        state = library.state(ref, number) if number else State.DRAFT
        return Known(ref, number, article.title, owner, state, variants, one)


def _asked(library: Library, ref: Ref) -> tuple[str, ...]:
    questions = Ref(Kind.QUESTIONS, ref.slug)
    history = library.histories.get(questions)
    read = read_questions(history.revisions[-1].text, ref.slug, str(questions))[0] if history else None
    return read.asked.get(ref.lang, ()) if read else ()


def _finding(near: Near, noted: Mapping[str, Stands], names: Mapping[str, str]) -> Finding:
    stands = noted.get(near.digest)
    return Finding(near, stands, names.get(stands.person, "") if stands else "")


def _order(findings: Sequence[Finding]) -> tuple[bool, float]:
    return all(one.near.sort is Sort.ALIKE for one in findings), -max(one.near.alike for one in findings)


def _beside(mine: Known, theirs: Known, findings: Sequence[Finding]) -> Neighbour:
    here = [passage for finding in findings for passage in finding.near.here]
    there = [passage for finding in findings for passage in finding.near.there]
    return Neighbour(theirs, tuple(findings), _pieces(mine, here), _pieces(theirs, there))


def _pieces(known: Known, passages: Sequence[Passage]) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    """The variants of a text, each cut where something was found."""
    return tuple(
        (name, tuple(_cut(text, [one for one in passages if one.text == place])))
        for place, (name, text) in enumerate(zip(known.variants, known.told.texts, strict=True))
    )


def _cut(text: str, passages: Iterable[Passage]) -> Iterator[Piece]:
    kinds = [""] * len(text)
    # A passage as a whole first: of two that are one sentence, the marks of both stay.
    listed = list(passages)
    for one in listed:
        kinds[one.start : one.end] = ["passage"] * (one.end - one.start)
    for one in listed:
        if (one.mark_start, one.mark_end) != (one.start, one.end):
            kinds[one.mark_start : one.mark_end] = ["mark"] * (one.mark_end - one.mark_start)
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or kinds[place] != kinds[start]:
            yield Piece(kinds[start], text[start:place])
            start = place
