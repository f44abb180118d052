"""The catalog in the shapes its readers are built from: topics, documents, public rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kbengine.article import Article, Audience, Kind, Ref, VariantName
from kbengine.corpus import PublicAnswer, PublicFact, PublicSpan
from kbengine.edition.catalog import Catalog, fact_of, parsed
from kbengine.history import Answer, History, Published
from kbengine.journal import first_ref
from kbengine.markup import Block, blocks, to_html, to_plain
from kbengine.period import end_instant, start_instant
from kbengine.reply import fill, placeholders
from kbengine.search import Document
from kbengine.suggest import Topic
from kbengine.validate import live, periods, with_terms

PUBLIC_VARIANTS = (VariantName.DEFAULT, VariantName.SHORT)
FOUND_VARIANTS = (VariantName.DEFAULT, VariantName.SHORT, VariantName.PRIVATE)


@dataclass(frozen=True, slots=True)
class PublicRows:
    """Everything that anybody may read."""

    answers: tuple[PublicAnswer, ...]
    history: tuple[PublicSpan, ...]
    facts: tuple[PublicFact, ...]


def public_rows(catalog: Catalog, histories: Mapping[Ref, History], now: datetime, url: str) -> PublicRows:
    """The rows of the public corpus at that moment; `url` is where the pages are served."""
    answers, history = public_answers(catalog, now, url), public_history(catalog, histories, now)
    return PublicRows(answers, history, public_facts(catalog, now))


def filled(text: str, facts: Mapping[str, str]) -> tuple[Block, ...]:
    """A variant's blocks with its facts in place; blanks and unknown values stand there as [name]."""
    return fill(blocks(text), facts).blocks


def plain(article: Article, names: tuple[VariantName, ...], facts: Mapping[str, str]) -> str:
    """The plain text of some variants, a blank line between."""
    found = [variant for name in names if (variant := article.variant(name)) is not None]
    return "\n\n".join(to_plain(filled(variant.text, facts)) for variant in found)


def topics(catalog: Catalog, now: datetime) -> tuple[Topic, ...]:
    """Every article as the suggestion index sees it, those that are not live marked so."""
    by_slug: dict[str, list[Answer]] = {}
    for ref in sorted(catalog.answers):
        by_slug.setdefault(ref.slug, []).append(catalog.answers[ref])
    found = [_topic(catalog, slug, answers, now) for slug, answers in by_slug.items()]
    for slug, dormant in catalog.dormant.items():
        questions = dormant.questions
        asked = questions.asked if questions else {}
        refused = questions.not_asked if questions else ()
        found.append(Topic(slug, dormant.titles, asked, {}, live=False, not_asked=refused))
    return tuple(sorted(found, key=lambda topic: topic.slug))


def _topic(catalog: Catalog, slug: str, answers: list[Answer], now: datetime) -> Topic:
    questions = answers[0].questions
    return Topic(
        slug,
        {answer.article.lang: answer.article.title for answer in answers},
        questions.asked if questions else {},
        {
            answer.article.lang: plain(answer.article, FOUND_VARIANTS, catalog.fact_values(answer.article.lang, now))
            for answer in answers
        },
        not_asked=questions.not_asked if questions else (),
    )


def documents(catalog: Catalog, now: datetime) -> tuple[Document, ...]:
    """Every live answer as it is searched."""
    return tuple(
        Document(
            slug=ref.slug,
            lang=ref.lang,
            theme=answer.article.theme,
            owner=catalog.zone.owners.get(answer.header.owner, answer.header.owner),
            audience=answer.header.audience,
            title=answer.article.title,
            text=plain(answer.article, FOUND_VARIANTS, catalog.fact_values(ref.lang, now)),
            questions=answer.questions.asked.get(ref.lang, ()) if answer.questions else (),
        )
        for ref, answer in sorted(catalog.answers.items())
    )


def public_answers(catalog: Catalog, now: datetime, url: str) -> tuple[PublicAnswer, ...]:
    """What anybody may read now."""
    found = []
    for ref, answer in sorted(catalog.answers.items()):
        if answer.header.audience is not Audience.PUBLIC or not answer.published.covers(now):
            continue
        facts, default = catalog.fact_values(ref.lang, now), answer.article.variant(VariantName.DEFAULT)
        found.append(
            PublicAnswer(
                slug=ref.slug,
                lang=ref.lang,
                title=answer.article.title,
                theme=answer.article.theme,
                owner=catalog.zone.owners.get(answer.header.owner, answer.header.owner),
                text=plain(answer.article, (VariantName.DEFAULT,), facts),
                short=plain(answer.article, (VariantName.SHORT,), facts),
                html=to_html(filled(default.text, facts)) if default else "",
                validated_on=answer.published.validated_at.astimezone(catalog.zone.timezone).date(),
                valid_until=answer.published.end,
                sources=answer.header.sources,
                url=f"{url}/fiche/{ref.slug}/{ref.lang}",
                revision=answer.published.number,
            )
        )
    return tuple(found)


def public_history(catalog: Catalog, histories: Mapping[Ref, History], now: datetime) -> tuple[PublicSpan, ...]:
    """What was live when, of every article whose text was public then."""
    return tuple(
        span
        for ref, history in sorted(histories.items())
        if ref.kind is Kind.ARTICLE
        for span in _spans(catalog, history, histories, now)
    )


def _spans(catalog: Catalog, history: History, histories: Mapping[Ref, History], now: datetime) -> Iterator[PublicSpan]:
    zone = catalog.zone
    leading = histories.get(first_ref(history.ref, zone.first_lang), history)
    for published, begin, stopped, leader in _together(history, leading, now, zone.timezone):
        article = parsed(history.ref, published.text, published.theme, zone.first_lang)
        over = parsed(leading.ref, leader.text, leader.theme, zone.first_lang)
        header = over.header if over else None
        if article is not None and header is not None and header.audience is Audience.PUBLIC:
            text = plain(article, PUBLIC_VARIANTS, _facts_then(catalog, histories, published, history.ref.lang))
            ref = history.ref
            yield PublicSpan(ref.slug, ref.lang, article.title, published.number, begin, stopped, text)


def _together(
    history: History, leading: History, now: datetime, tz: ZoneInfo
) -> Iterator[tuple[Published, datetime, datetime | None, Published]]:
    """When a text was live under a live text of its first language: the text, from, to, that first text."""
    if history is leading:
        yield from ((span, span.start, stopped, span) for span, stopped in periods(history, now, tz))
        return
    for leader, leader_stopped in periods(leading, now, tz):
        terms = leading.revision(leader.number).terms
        for span, stopped in periods(with_terms(history, terms), now, tz):
            begin = max(span.start, leader.start)
            ends = [end for end in (stopped, leader_stopped) if end is not None]
            if not ends or begin < min(ends):
                yield span, begin, min(ends, default=None), leader


def _facts_then(catalog: Catalog, histories: Mapping[Ref, History], published: Published, lang: str) -> dict[str, str]:
    """The values as they were when a text went live, for the places it names."""
    from_then = {}
    for name in {place.name for place in placeholders(published.text) if place.kind == "fact"}:
        history = histories.get(Ref(Kind.FACT, name))
        then = live(history, published.start, catalog.zone.timezone) if history else None
        fact = fact_of(then) if then else None
        if fact is not None:
            from_then[name] = fact.value(lang, catalog.zone.first_lang)
    return from_then


def public_facts(catalog: Catalog, now: datetime) -> tuple[PublicFact, ...]:
    """The values that public texts show."""
    tz, shown = catalog.zone.timezone, _shown_facts(catalog, now)
    rows = []
    for name in sorted(shown & set(catalog.facts)):
        kept = catalog.facts[name]
        fact = kept.fact
        begin = start_instant(fact.valid_from, tz) if fact.valid_from else None
        until = end_instant(fact.valid_until, tz) if fact.valid_until else None
        if kept.published.covers(now):
            rows += [
                PublicFact(name, fact.label, fact.kind, value, lang, fact.source, begin, until)
                for lang, value in sorted(fact.values.items())
            ]
    return tuple(rows)


def _shown_facts(catalog: Catalog, now: datetime) -> set[str]:
    texts = [
        variant.text
        for answer in catalog.answers.values()
        if answer.header.audience is Audience.PUBLIC and answer.published.covers(now)
        for variant in answer.article.variants
        if variant.name in PUBLIC_VARIANTS
    ]
    return {place.name for text in texts for place in placeholders(text) if place.kind == "fact"}
