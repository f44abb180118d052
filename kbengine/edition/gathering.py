"""From the journal's histories to the catalog: all of them, or those that changed over the catalog as it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from kbengine.article import (
    LANGUAGES,
    Curation,
    Header,
    Kind,
    Questions,
    Ref,
    Referral,
    SynonymGroup,
    Zone,
    asks_the_same,
    read_curations,
    read_referrals,
    read_synonyms,
)
from kbengine.edition.catalog import (
    CURATIONS_REF,
    DANGER_REF,
    KINDS_REF,
    REFERRALS_REF,
    REGISTERS,
    SYNONYMS_REF,
    ZONE_REF,
    Catalog,
    Dormant,
    LiveFact,
    fact_of,
    parsed,
    parsed_questions,
)
from kbengine.history import Answer, History
from kbengine.journal import NO_NAMES, Head, Names, first_ref, zone_of
from kbengine.translation import behind, live_translation
from kbengine.validate import live, next_change, state, with_terms


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
def _referrals(text: str) -> tuple[Referral, ...]:
    return read_referrals(text, str(REFERRALS_REF))[0]


@lru_cache(maxsize=4)
def _curations(text: str, names: Names) -> tuple[Curation, ...]:
    """What is pinned follows its article also into another; what is held back is not what it went up in."""
    found = read_curations(text, str(CURATIONS_REF))[0]
    return tuple(replace(one, pin=names.leads(one.pin), hold_back=names.now(one.hold_back)) for one in found)


def gather(head: Head, histories: Mapping[Ref, History], now: datetime, names: Names = NO_NAMES) -> Catalog:
    """The catalog of a whole journal at that moment, whose articles have these names."""
    zone = _named(zone_of(histories.get(ZONE_REF, History(ZONE_REF)), now), names)
    empty = Catalog(head, zone, (), {}, {}, {}, None, names=names)
    registers = {ref: histories.get(ref, History(ref)) for ref in REGISTERS}
    return _gather_into(empty, head, {**histories, **registers}, now)


def overlay(catalog: Catalog, head: Head, histories: Mapping[Ref, History], now: datetime) -> Catalog | None:
    """The catalog with these texts taken anew; `histories` holds every language and the questions of each slug.

    None when a new policy of the zone changes how every text is taken.
    """
    zone = _named(zone_of(histories[ZONE_REF], now), catalog.names) if ZONE_REF in histories else catalog.zone
    if _taken_by(zone) != _taken_by(catalog.zone):
        return None
    slugs = {ref.slug for ref in histories if ref.kind in (Kind.ARTICLE, Kind.QUESTIONS)}
    names = {ref.slug for ref in histories if ref.kind is Kind.FACT}
    kept = replace(
        catalog,
        zone=zone,
        answers={ref: answer for ref, answer in catalog.answers.items() if ref.slug not in slugs},
        facts={name: fact for name, fact in catalog.facts.items() if name not in names},
        dormant={slug: dormant for slug, dormant in catalog.dormant.items() if slug not in slugs},
        changes={ref: at for ref, at in catalog.changes.items() if ref not in histories},
    )
    return _gather_into(kept, head, histories, now)


def _named(zone: Zone, names: Names) -> Zone:
    """A policy whose articles of danger are called as they are now, or are what those went up in."""
    plan = zone.danger
    if all(names.leads(slug) == slug for slug in plan.articles):
        return zone
    named = replace(
        plan,
        police_article=names.leads(plan.police_article),
        suicide_article=names.leads(plan.suicide_article),
        steps_article=names.leads(plan.steps_article),
        steps={key: names.leads(slug) for key, slug in plan.steps.items()},
    )
    return replace(zone, danger=named)


def _taken_by(zone: Zone) -> tuple[object, ...]:
    """What of a zone's policy decides about every text."""
    return zone.first_lang, zone.timezone, zone.owners, zone.hold_translations


def _gather_into(catalog: Catalog, head: Head, histories: Mapping[Ref, History], now: datetime) -> Catalog:
    zone = catalog.zone
    answers, facts, dormant = dict(catalog.answers), dict(catalog.facts), dict(catalog.dormant)
    synonyms, curations, cues, kinds = catalog.synonyms, catalog.curations, catalog.danger, catalog.kinds
    referrals = catalog.referrals
    if SYNONYMS_REF in histories:
        synonyms = _synonyms(_register(histories, SYNONYMS_REF, now, zone.timezone))
    if CURATIONS_REF in histories:
        curations = _curations(_register(histories, CURATIONS_REF, now, zone.timezone), catalog.names)
    if KINDS_REF in histories:
        kinds = _register(histories, KINDS_REF, now, zone.timezone)
    if REFERRALS_REF in histories:
        referrals = _referrals(_register(histories, REFERRALS_REF, now, zone.timezone))
    if DANGER_REF in histories:
        cues = _danger_of(histories, now, zone.timezone)
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
    for slug in by_slug:
        into = catalog.names.into(slug)
        if into and slug in dormant:
            dormant[slug] = _gone_up(dormant[slug], into, answers.get(Ref(Kind.ARTICLE, into, zone.first_lang)))
    changes = {**catalog.changes, **_changes(histories, zone, now)}
    return replace(
        catalog,
        head=head,
        danger=cues,
        answers=answers,
        facts=facts,
        dormant=dormant,
        next_change=min(changes.values(), default=None),
        synonyms=synonyms,
        curations=curations,
        changes=changes,
        kinds=kinds,
        referrals=referrals,
    )


def _changes(histories: Mapping[Ref, History], zone: Zone, now: datetime) -> dict[Ref, datetime]:
    """When each of these texts next begins or ends, where one does."""
    found = {}
    for ref, history in histories.items():
        instants = (next_change(one, now, zone.timezone) for one in _in_force(ref, history, histories, zone))
        first = min((instant for instant in instants if instant is not None), default=None)
        if first is not None:
            found[ref] = first
    return found


def _in_force(ref: Ref, history: History, histories: Mapping[Ref, History], zone: Zone) -> Iterator[History]:
    """A history under the terms that can count for it: a translation under each its first language ever had."""
    leading = histories.get(first_ref(ref, zone.first_lang), history)
    if leading is history:
        yield history
    else:
        yield from (with_terms(history, terms) for terms in {revision.terms for revision in leading.revisions})


def _live_fact(history: History, now: datetime, tz: ZoneInfo) -> dict[str, LiveFact]:
    published = live(history, now, tz)
    fact = fact_of(published) if published else None
    return {fact.name: LiveFact(fact, published)} if fact and published else {}


def _live_questions(history: History | None, now: datetime, tz: ZoneInfo) -> Questions | None:
    published = live(history, now, tz) if history else None
    return parsed_questions(published.text, published.ref.slug) if published else None


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
    for history in (history for lang, history in languages.items() if lang != zone.first_lang):
        changed = behind(leading, history, zone.timezone)
        holding = changed if zone.hold_translations else None
        published = live_translation(history, first, terms, now, zone.timezone, holding)
        text = parsed(published.ref, published.text, published.theme, zone.first_lang) if published else None
        if published is not None and text is not None:
            answers[published.ref] = Answer(published, text, header, questions, changed)
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
    here, block = state(leading, number, now, zone.timezone), header is not None and header.block
    return Dormant(slug, titles, here, _owner(header, zone), questions, block)


def _gone_up(dormant: Dormant, into: str, answer: Answer | None) -> Dormant:
    """An article that went up in another: what is asked of that one is no question of its own any more."""
    own, other = dormant.questions, answer.questions if answer else None
    if own is not None and other is not None:
        asked = {
            lang: tuple(text for text in listed if not asks_the_same(text, other.asked.get(lang, ())))
            for lang, listed in own.asked.items()
        }
        own = replace(own, asked={lang: listed for lang, listed in asked.items() if listed})
    return replace(dormant, into=into, questions=own if own is not None and own.asked else None)


def _telling(history: History) -> int:
    """The revision whose state says best why nothing is live: the last decided on, else the newest."""
    decided = [decision.number for decision in history.decisions]
    return decided[-1] if decided else history.revisions[-1].number


def _owner(header: Header | None, zone: Zone) -> str:
    return zone.owners.get(header.owner, header.owner) if header else ""


def related(refs: Iterable[Ref], names: Names = NO_NAMES) -> tuple[Ref, ...]:
    """These texts and every other that is gathered with them: all languages and the questions of an article.

    With the names: also those of the articles that went up in it.
    """
    found: set[Ref] = set()
    given = tuple(refs)
    sources = (names.shown(line.slug) for slug in {ref.slug for ref in given} for line in names.sources(slug))
    for ref in (*given, *(Ref(Kind.ARTICLE, slug, "") for slug in sources)):
        if ref.kind in (Kind.ARTICLE, Kind.QUESTIONS):
            found |= {Ref(Kind.ARTICLE, ref.slug, lang) for lang in LANGUAGES}
            found.add(Ref(Kind.QUESTIONS, ref.slug))
        else:
            found.add(ref)
    return tuple(sorted(found))
