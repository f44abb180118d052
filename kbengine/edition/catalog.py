"""Everything that is live at one moment, gathered from the journal into one frozen value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from kbengine.article import (
    LANGUAGES,
    NO_ZONE,
    Article,
    Curation,
    Fact,
    Header,
    Kind,
    Questions,
    Ref,
    SynonymGroup,
    Zone,
    read_article,
    read_curations,
    read_facts,
    read_questions,
    read_synonyms,
    read_zone,
)
from kbengine.history import Answer, History, Published, State
from kbengine.journal import Head, first_ref
from kbengine.validate import live, live_translation, next_change, state, with_terms

ZONE_REF = Ref(Kind.ZONE, "zone")
DANGER_REF = Ref(Kind.DANGER, "danger")
SYNONYMS_REF = Ref(Kind.SYNONYMS, "synonyms")
CURATIONS_REF = Ref(Kind.CURATIONS, "curations")


@dataclass(frozen=True, slots=True)
class LiveFact:
    """A value that is live, and which revision of it."""

    fact: Fact
    published: Published


@dataclass(frozen=True, slots=True)
class Dormant:
    """An article that exists and may not be used now: its name, state and owner, and how people ask for it."""

    slug: str
    titles: Mapping[str, str]
    state: State
    owner: str
    questions: Questions | None


@dataclass(frozen=True, slots=True)
class Catalog:
    """What may be offered as of one line of the journal; each answer's own period is checked again at reading.

    Of the texts of `danger` the first that can be read counts; of `synonyms` and
    `curations` only the validated text does.
    """

    head: Head
    zone: Zone
    danger: tuple[str, ...]
    answers: Mapping[Ref, Answer]
    facts: Mapping[str, LiveFact]
    dormant: Mapping[str, Dormant]
    next_change: datetime | None
    synonyms: tuple[SynonymGroup, ...] = ()
    curations: tuple[Curation, ...] = ()

    def answer(self, ref: Ref, now: datetime) -> Answer | None:
        """The live answer of that name at that moment, or None."""
        found = self.answers.get(ref)
        return found if found is not None and found.published.covers(now) else None

    def in_language(self, slug: str, lang: str, now: datetime) -> Answer | None:
        """An answer in a language, else in the zone's first, else in any the zone has."""
        for choice in (lang, *self.zone.languages):
            found = self.answer(Ref(Kind.ARTICLE, slug, choice), now)
            if found is not None:
                return found
        return None

    def live(self, slug: str, now: datetime) -> bool:
        """Whether an answer may be offered at that moment, in whatever language."""
        return self.in_language(slug, self.zone.first_lang, now) is not None

    def languages(self, slug: str, now: datetime) -> tuple[str, ...]:
        """The languages in which an answer is live at that moment, the zone's first."""
        return tuple(lang for lang in self.zone.languages if self.answer(Ref(Kind.ARTICLE, slug, lang), now))

    def fact_values(self, lang: str, now: datetime) -> dict[str, str]:
        """The values in a language that hold at that moment."""
        first = self.zone.first_lang
        return {name: kept.fact.value(lang, first) for name, kept in self.facts.items() if kept.published.covers(now)}


def zone_of(histories: Mapping[Ref, History], now: datetime) -> Zone:
    """The validated policy, else the newest one that can be read: without a policy nothing could be validated."""
    history = histories.get(ZONE_REF, History(ZONE_REF))
    published = live(history, now, NO_ZONE.timezone)
    texts = [published.text] if published else []
    texts += [revision.text for revision in reversed(history.revisions)]
    for text in texts:
        zone = _zone(text)
        if zone is not None:
            return zone
    return NO_ZONE


@lru_cache(maxsize=16)
def _zone(text: str) -> Zone | None:
    return read_zone(text, str(ZONE_REF))[0]


def _danger_of(histories: Mapping[Ref, History], now: datetime, tz: ZoneInfo) -> tuple[str, ...]:
    """The validated cues, then every other, newest first: a notice that waits for a signature would be silence."""
    history = histories.get(DANGER_REF, History(DANGER_REF))
    published = live(history, now, tz)
    texts = [published.text] if published else []
    return tuple(dict.fromkeys([*texts, *(revision.text for revision in reversed(history.revisions))]))


def _register(histories: Mapping[Ref, History], ref: Ref, now: datetime, tz: ZoneInfo) -> str:
    """The validated text of a register, empty when there is none."""
    published = live(histories.get(ref, History(ref)), now, tz)
    return published.text if published else ""


@lru_cache(maxsize=4)
def _synonyms(text: str) -> tuple[SynonymGroup, ...]:
    return read_synonyms(text, str(SYNONYMS_REF))[0]


@lru_cache(maxsize=4)
def _curations(text: str) -> tuple[Curation, ...]:
    return read_curations(text, str(CURATIONS_REF))[0]


def gather(head: Head, histories: Mapping[Ref, History], now: datetime) -> Catalog:
    """The catalog of a whole journal at that moment."""
    zone = zone_of(histories, now)
    synonyms, curations = (_register(histories, ref, now, zone.timezone) for ref in (SYNONYMS_REF, CURATIONS_REF))
    danger = _danger_of(histories, now, zone.timezone)
    empty = Catalog(head, zone, danger, {}, {}, {}, None, _synonyms(synonyms), _curations(curations))
    return _gather_into(empty, head, histories, now)


def overlay(catalog: Catalog, head: Head, histories: Mapping[Ref, History], now: datetime) -> Catalog:
    """The catalog with these texts taken anew; `histories` holds every language and the questions of each slug."""
    slugs = {ref.slug for ref in histories if ref.kind in (Kind.ARTICLE, Kind.QUESTIONS)}
    names = {ref.slug for ref in histories if ref.kind is Kind.FACT}
    kept = replace(
        catalog,
        answers={ref: answer for ref, answer in catalog.answers.items() if ref.slug not in slugs},
        facts={name: fact for name, fact in catalog.facts.items() if name not in names},
        dormant={slug: dormant for slug, dormant in catalog.dormant.items() if slug not in slugs},
    )
    return _gather_into(kept, head, histories, now)


def _gather_into(catalog: Catalog, head: Head, histories: Mapping[Ref, History], now: datetime) -> Catalog:
    zone = catalog.zone
    answers, facts, dormant = dict(catalog.answers), dict(catalog.facts), dict(catalog.dormant)
    by_slug: defaultdict[str, dict[str, History]] = defaultdict(dict)
    for ref, history in histories.items():
        if ref.kind is Kind.ARTICLE and history.revisions:
            by_slug[ref.slug][ref.lang] = history
        elif ref.kind is Kind.FACT:
            facts.update(_live_fact(history, now, zone.timezone))
    for slug, languages in by_slug.items():
        questions = _live_questions(histories.get(Ref(Kind.QUESTIONS, slug)), now, zone.timezone)
        found = _live_answers(slug, languages, questions, now, zone)
        answers.update(found)
        if not found:
            dormant[slug] = _dormant(slug, languages, questions, now, zone)
    return replace(
        catalog,
        head=head,
        answers=answers,
        facts=facts,
        dormant=dormant,
        next_change=_next_change(catalog.next_change, _in_force(histories, zone), now, zone.timezone),
    )


def _in_force(histories: Mapping[Ref, History], zone: Zone) -> Iterator[History]:
    """Every history under the terms that can count for it: a translation under each its first language ever had."""
    for ref, history in histories.items():
        leading = histories.get(first_ref(ref, zone.first_lang), history)
        if leading is history:
            yield history
        else:
            yield from (with_terms(history, terms) for terms in {revision.terms for revision in leading.revisions})


def _next_change(known: datetime | None, histories: Iterable[History], now: datetime, tz: ZoneInfo) -> datetime | None:
    instants = [known] if known is not None and known > now else []
    instants += [instant for history in histories if (instant := next_change(history, now, tz)) is not None]
    return min(instants, default=None)


def _live_fact(history: History, now: datetime, tz: ZoneInfo) -> dict[str, LiveFact]:
    published = live(history, now, tz)
    fact = fact_of(published) if published else None
    return {fact.name: LiveFact(fact, published)} if fact and published else {}


def _live_questions(history: History | None, now: datetime, tz: ZoneInfo) -> Questions | None:
    published = live(history, now, tz) if history else None
    return _questions(published.text, published.ref.slug) if published else None


def _live_answers(
    slug: str, languages: Mapping[str, History], questions: Questions | None, now: datetime, zone: Zone
) -> dict[Ref, Answer]:
    """The live texts of one article: the first language's, and the translations that stand under it."""
    leading = languages.get(zone.first_lang)
    first = live(leading, now, zone.timezone) if leading else None
    if leading is None or first is None:
        return {}
    article = parsed(first.ref, first.text, first.theme, zone.first_lang)
    if article is None or article.header is None:
        return {}
    header, terms = article.header, leading.revision(first.number).terms
    answers = {first.ref: Answer(first, article, header, questions)}
    for lang, history in languages.items():
        published = live_translation(history, first, terms, now, zone.timezone) if lang != zone.first_lang else None
        text = parsed(published.ref, published.text, published.theme, zone.first_lang) if published else None
        if published is not None and text is not None:
            answers[published.ref] = Answer(published, text, header, questions)
    return answers


def _dormant(
    slug: str, languages: Mapping[str, History], questions: Questions | None, now: datetime, zone: Zone
) -> Dormant:
    leading = languages.get(zone.first_lang) or next(iter(languages.values()))
    titles, header = {}, None
    for lang, history in languages.items():
        revision = history.latest
        article = parsed(revision.ref, revision.text, revision.theme, zone.first_lang) if revision else None
        titles[lang] = article.title if article else slug
        header = (article.header if article else None) or header
    number = _telling(leading)
    return Dormant(slug, titles, state(leading, number, now, zone.timezone), _owner(header, zone), questions)


def _telling(history: History) -> int:
    """The revision whose state says best why nothing is live: the last decided on, else the newest."""
    decided = [decision.number for decision in history.decisions]
    return decided[-1] if decided else history.revisions[-1].number


def _owner(header: Header | None, zone: Zone) -> str:
    return zone.owners.get(header.owner, header.owner) if header else ""


@lru_cache(maxsize=20_000)
def parsed(ref: Ref, text: str, theme: str, first_lang: str) -> Article | None:
    """The article of a stored text, None when it cannot be read; the same text is read once."""
    return read_article(text, ref, theme, str(ref), first_lang).article


def fact_of(published: Published) -> Fact | None:
    """The fact that a published revision holds."""
    facts = read_facts(published.text, str(published.ref))[0]
    return facts[0] if facts else None


@lru_cache(maxsize=20_000)
def _questions(text: str, slug: str) -> Questions | None:
    return read_questions(text, slug, slug)[0]


def related(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    """These texts and every other that is gathered with them: all languages and the questions of an article."""
    found: set[Ref] = set()
    for ref in refs:
        if ref.kind in (Kind.ARTICLE, Kind.QUESTIONS):
            found |= {Ref(Kind.ARTICLE, ref.slug, lang) for lang in LANGUAGES}
            found.add(Ref(Kind.QUESTIONS, ref.slug))
        else:
            found.add(ref)
    return tuple(sorted(found))
