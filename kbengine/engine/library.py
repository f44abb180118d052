"""Every text of a store with its history, under the terms that count for it: what editing and reading share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kbengine.article import Article, Fact, Kind, Ref, is_day, read_facts
from kbengine.checks import Scope, Text
from kbengine.edition import Catalog, parsed
from kbengine.engine.room import Room
from kbengine.engine.rulebook import Rulebook
from kbengine.engine.values import Event, RevisionLine
from kbengine.errors import NotFound
from kbengine.history import Behind, Decision, History, Move, Published, Revision, State
from kbengine.journal import NO_NAMES, Journal, first_ref
from kbengine.period import end_instant
from kbengine.translation import behind, live_translation, said_weight
from kbengine.validate import chosen, live, periods, state, stopped_at, validations, with_terms
from kbengine.vouching import Rules


class Histories(Mapping[Ref, History]):
    """Every history of a store, each read when somebody asks for it; all of them once somebody goes through them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._read: dict[Ref, History] = {}
        self._all = False
        self._names = NO_NAMES

    def __getitem__(self, ref: Ref) -> History:
        """The history of one text; KeyError when it never existed."""
        if ref not in self._read and not self._all:
            self._read[ref] = self._journal.history(ref)
        history = self._read[self._names.ref_now(ref) if self._all else ref]
        if not history.revisions:
            raise KeyError(ref)
        return history

    def __iter__(self) -> Iterator[Ref]:
        """Every text, by name."""
        return iter(self._everything())

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._everything())

    def of_kind(self, kind: Kind) -> frozenset[Ref]:
        """The texts of one kind."""
        return self._journal.refs(kind)

    def _everything(self) -> Mapping[Ref, History]:
        if not self._all:
            self._read, self._all = self._journal.snapshot()[1], True
            self._names = self._journal.names()
        return self._read


@dataclass(frozen=True, slots=True)
class Library:
    """The texts of one store at one moment."""

    catalog: Catalog
    now: datetime
    histories: Histories
    names: Mapping[str, str]
    rulebook: Rulebook

    @classmethod
    def of(cls, room: Room) -> Library:
        """Everything, as of now."""
        catalog, now = room.read()
        histories, names = Histories(room.store.journal), room.store.accounts.names()
        return cls(catalog, now, histories, names, Rulebook(room.store, now))

    def history(self, ref: Ref) -> History:
        """A text's history, a translation's under its first language's terms; raises NotFound."""
        history = self.histories.get(ref)
        if history is None:
            raise NotFound("text.unknown", f"There is no {ref}.", "Look in the list of articles.", ref=str(ref))
        first = self.histories.get(first_ref(ref, self.catalog.zone.first_lang))
        if first is None or first is history:
            return history
        leading = chosen(first, self.now, self.catalog.zone.timezone)
        revision = first.revision(leading.number) if leading else first.revisions[-1]
        return with_terms(history, revision.terms)

    def published(self, ref: Ref) -> Published | None:
        """What is live of a text."""
        tz, history = self.catalog.zone.timezone, self.history(ref)
        first = first_ref(ref, self.catalog.zone.first_lang)
        if first == ref or first not in self.histories:
            return live(history, self.now, tz) if first == ref else None
        holding = self.behind(ref) if self.catalog.zone.hold_translations else None
        return live_translation(history, self.published(first), history.revisions[-1].terms, self.now, tz, holding)

    def behind(self, ref: Ref) -> Behind | None:
        """What became of the first language since somebody vouched for a translation that is in use."""
        first = first_ref(ref, self.catalog.zone.first_lang)
        leading = self.histories.get(first) if first != ref else None
        history = self.history(ref)
        stop = stopped_at(history)
        if leading is None or (stop is not None and stop.move is Move.ARCHIVE and not validations(history)):
            return None
        return behind(leading, history, self.catalog.zone.timezone)

    def state(self, ref: Ref, number: int) -> State:
        """Where a revision stands."""
        return state(self.history(ref), number, self.now, self.catalog.zone.timezone)

    def rules(self, ref: Ref, number: int) -> Rules:
        """What the zone decided about vouching for a revision, with who works there now."""
        history, zone = self.history(ref), self.catalog.zone
        leading = self.histories.get(first_ref(ref, zone.first_lang), history)
        return self.rulebook.rules(zone, leading, history, number)

    def over(self, revision: Revision) -> bool:
        """Whether it is an answer for a day that has passed: nobody needs to look at it again."""
        until = revision.terms.valid_until
        ended = until is not None and end_instant(until, self.catalog.zone.timezone) <= self.now
        return ended and is_day(revision.ref)

    def article(self, revision: Revision) -> Article | None:
        """A revision read as an article, None when it cannot be."""
        return parsed(revision.ref, revision.text, revision.theme, self.catalog.zone.first_lang)

    def lead(self, slug: str) -> Article | None:
        """The newest text of an article's first language, whose header names its owner and audience."""
        history = self.histories.get(Ref(Kind.ARTICLE, slug, self.catalog.zone.first_lang))
        published = live(history, self.now, self.catalog.zone.timezone) if history else None
        if history is None:
            return None
        return self.article(history.revision(published.number) if published else history.revisions[-1])

    def title(self, ref: Ref) -> str:
        """What people call a text."""
        if ref.kind is Kind.ARTICLE:
            article = self.article(self.history(ref).revisions[-1])
            return article.title if article else ref.slug
        if ref.kind is Kind.QUESTIONS:
            lead = self.lead(ref.slug)
            return lead.title if lead else ref.slug
        fact = self.catalog.facts.get(ref.slug)
        return fact.fact.label if fact else ref.slug

    def owner(self, ref: Ref) -> str:
        """The label of the service that vouches for a text."""
        lead = self.lead(ref.slug) if ref.kind in (Kind.ARTICLE, Kind.QUESTIONS) else None
        fact = self.catalog.facts.get(ref.slug) if ref.kind is Kind.FACT else None
        key = lead.header.owner if lead and lead.header else fact.fact.owner if fact else ""
        return self.catalog.zone.owners.get(key, key)

    def event(self, decision: Decision) -> Event:
        """A decision with the name of who made it."""
        name = self.names.get(decision.actor, "")
        return Event(decision.at, decision.move, decision.number, name, decision.reason)

    def lines(self, ref: Ref) -> tuple[RevisionLine, ...]:
        """Every revision of a text, newest first, with when it was live."""
        history = self.history(ref)
        spans = {
            span.number: (span.start, stop) for span, stop in periods(history, self.now, self.catalog.zone.timezone)
        }
        return tuple(
            RevisionLine(
                revision.number,
                revision.digest,
                self.names.get(revision.author, ""),
                revision.at,
                self.state(ref, revision.number),
                spans[revision.number][0] if revision.number in spans else None,
                spans[revision.number][1] if revision.number in spans else None,
                said_weight(history, revision.number),
            )
            for revision in reversed(history.revisions)
        )

    def facts(self) -> dict[str, Fact]:
        """Every value that somebody vouched for, those that ended or begin later too."""
        facts = {name: kept.fact for name, kept in self.catalog.facts.items()}
        for ref in self.histories.of_kind(Kind.FACT):
            if ref.slug not in facts and (vouched := validations(self.histories[ref])):
                now = chosen(self.histories[ref], self.now, self.catalog.zone.timezone)
                number = now.number if now else vouched[-1].number
                read = read_facts(self.histories[ref].revision(number).text, str(ref))[0]
                facts |= {fact.name: fact for fact in read}
        return facts

    def scope(self, article: Article, file: str) -> Scope:
        """One article as the checks see it, among the values and policy of this moment."""
        lead = self.lead(article.slug)
        header = article.header or (lead.header if lead else None)
        inside = tuple(
            Text(str(ref), answer.article, answer.header)
            for ref, answer in self.catalog.answers.items()
            if ref.slug != article.slug and ref.lang == article.lang
        )
        zone, own = self.catalog.zone, (Text(file, article, header),)
        return Scope(zone, own, self.facts(), now=self.now, written=self._written(article), inside=inside)

    def _written(self, article: Article) -> dict[str, frozenset[str]]:
        """The languages in which an article exists, where the zone wants some."""
        if not self.catalog.zone.checks.wanted:
            return {}
        refs = (ref for ref in self.histories.of_kind(Kind.ARTICLE) if ref.slug == article.slug)
        return {article.slug: frozenset((article.lang, *(ref.lang for ref in refs)))}
