"""The door for neighbours: which articles answer the same, say otherwise, or already answer what another is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock

from kbengine.article import Article, Kind, Ref, is_day
from kbengine.checks import compared, levelled, neighbour_problem, told
from kbengine.edition import parsed_questions
from kbengine.engine.beside import Finding, Known, Neighbour, NeighboursPage, Piece, Taken
from kbengine.engine.formed import ArticleForm
from kbengine.engine.library import Library
from kbengine.engine.previewing import read_form
from kbengine.engine.room import Room
from kbengine.errors import InvalidDocument, NotFound, Problem
from kbengine.history import Move, State
from kbengine.journal import Person, Stands
from kbengine.neighbours import Field, Near, Passage, Readings, Sort, Told, beside, is_found, kept_found, save_found
from kbengine.validate import guard_role

MOST_REASON = 300
UNSAVED = "unsaved"
# Up to so many texts of a language what is found is looked for ahead.
MOST_AHEAD = 2_000
# So few texts that changed are laid beside the others, without laying all of these beside each other again.
MOST_CHANGED = 20
READ, FOUND = "read", "found"
WAITING = frozenset({State.DRAFT, State.IN_REVIEW, State.RETURNED, State.SCHEDULED})


@dataclass(frozen=True)
class _Held:
    """The texts of one language, as of one line of the journal and one day; `file` may say what is found."""

    lang: str
    mark: tuple[int, date]
    known: Mapping[str, Known]
    file: Path

    @cached_property
    def texts(self) -> Mapping[str, Told]:
        """What is laid beside each other, by key."""
        return {key: one.told for key, one in self.known.items()}

    @cached_property
    def field(self) -> Field:
        """The texts, read and indexed."""
        return Field.of(self.lang, self.texts.values())

    @cached_property
    def found(self) -> tuple[Near, ...]:
        """What is found between any two of them; of few that changed since it was written down, only with those."""
        kept, changed = kept_found(self.file, self.texts)
        if len(changed) > MOST_CHANGED:
            return self.field.all()
        return self.field.again(kept, changed) if changed else kept

    def beside(self, told: Told) -> tuple[Near, ...]:
        """What is found between one text, which may be none of them, and the others."""
        return beside(self.found, told.key) if self.texts.get(told.key) == told else self.field.neighbours(told)


class Neighbours:
    """Neighbours in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lock = Lock()
        self._held: dict[str, _Held] = {}
        self._readings: dict[str, Readings] = {}

    def of(self, ref: Ref, number: int = 0) -> NeighboursPage:
        """A text and its neighbours; the newest revision unless `number` names one. Raises NotFound."""
        library = Library.of(self._room)
        history = library.history(ref)
        revision = history.revision(number) if number else history.revisions[-1]
        article = library.article(revision)
        if article is None:
            raise NotFound("text.unreadable", f"{ref} cannot be compared.", "Import its file again.")
        return self._page(library, self._known(library, ref, revision.number, article, self._read(ref.lang)))

    def of_form(self, form: ArticleForm) -> NeighboursPage | None:
        """The neighbours that a form would have; None while it cannot be read."""
        library = Library.of(self._room)
        article = read_form(library, form)[0]
        if article is None or not article.variants:
            return None
        ref = Ref(Kind.ARTICLE, form.slug, form.lang)
        return self._page(library, self._known(library, ref, 0, article, self._read(form.lang)))

    def all(self) -> tuple[tuple[Known, Known, Finding], ...]:
        """Everything found between any two articles, language by language; what somebody said may stand comes last."""
        library, rows = Library.of(self._room), []
        for lang in library.catalog.zone.languages:
            held = self._texts(library, lang)
            with self._lock:
                found = held.found
            seen = set()
            for near in found:
                if near.digest not in seen:
                    seen.add(near.digest)
                    rows.append((held.known[near.one.key], held.known[near.other.key], near))
        noted = self._room.store.neighbours.kept(library.now)
        told = [(one, other, _finding(near, noted, library.names)) for one, other, near in rows]
        return tuple(sorted(told, key=lambda row: row[2].stands is not None))

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
        with self._lock:
            nears = held.beside(known.told)
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
                known = {one.told.key: one for one in self._all_known(library, lang, self._read(lang))}
                held = self._held[lang] = _Held(lang, mark, known, self._file(lang, FOUND))
        return held

    def _file(self, lang: str, what: str) -> Path:
        return self._room.settings.neighbours / f"{what}-{lang}.json"

    def _read(self, lang: str) -> Readings:
        """What this process has read of a language, or another has for it."""
        if lang not in self._readings:
            self._readings[lang] = Readings.open(self._file(lang, READ))
        return self._readings[lang]

    def prepare(self) -> None:
        """Read what is new, and write down what is found, so that no process that serves pages needs to; OSError.

        Between very many texts nothing is looked for ahead: it would take minutes at every change.
        """
        library = Library.of(self._room)
        for lang in library.catalog.zone.languages:
            readings, file = Readings.open(self._file(lang, READ)), self._file(lang, FOUND)
            texts = {one.told.key: one.told for one in self._all_known(library, lang, readings)}
            readings.save(self._file(lang, READ))
            if len(texts) <= MOST_AHEAD and not is_found(file, texts):
                save_found(file, texts, Field.of(lang, texts.values()).all())

    def _all_known(self, library: Library, lang: str, readings: Readings) -> Iterator[Known]:
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
                    yield self._known(library, ref, number, article, readings)

    def _known(self, library: Library, ref: Ref, number: int, article: Article, readings: Readings) -> Known:
        lead = library.lead(ref.slug)
        header = article.header or (lead.header if lead else None)
        facts = library.catalog.fact_values(ref.lang, library.now)
        one = told(f"{ref.slug}@{number or UNSAVED}", article, header, facts, _asked(library, ref), readings)
        variants = tuple(variant.name.value for variant in compared(article, header))
        owner = library.catalog.zone.owners.get(header.owner, header.owner) if header else ""
        state = library.state(ref, number) if number else State.DRAFT
        return Known(ref, number, article.title, owner, state, variants, one)


def _asked(library: Library, ref: Ref) -> tuple[str, ...]:
    questions = Ref(Kind.QUESTIONS, ref.slug)
    history = library.histories.get(questions)
    read = parsed_questions(history.revisions[-1].text, ref.slug) if history else None
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
