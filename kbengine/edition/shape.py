"""The catalog in the shapes its readers are built from: topics, documents, public rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kbengine.article import LANGUAGES, Article, Audience, Kind, Ref, VariantName
from kbengine.corpus import PublicAnswer, PublicFact, PublicSpan
from kbengine.edition.catalog import Catalog, fact_of, parsed
from kbengine.history import Answer, History, Published
from kbengine.journal import first_ref
from kbengine.markup import Block, blocks, to_html, to_plain
from kbengine.period import end_instant, start_instant
from kbengine.reply import facts_in, fill
from kbengine.search import Document
from kbengine.suggest import Topic, referral_topic
from kbengine.validate import periods, with_terms

PUBLIC_VARIANTS = (VariantName.DEFAULT, VariantName.SHORT)
FOUND_VARIANTS = (VariantName.DEFAULT, VariantName.SHORT, VariantName.PRIVATE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A catalog at one moment: by slug the live answers of every article, perhaps none; by language the values."""

    catalog: Catalog
    now: datetime
    answers: Mapping[str, tuple[Answer, ...]]
    facts: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, catalog: Catalog, now: datetime) -> Moment:
        """The catalog at that moment."""
        found: dict[str, list[Answer]] = {slug: [] for slug in catalog.dormant}
        for ref in sorted(catalog.answers, key=lambda ref: ref.lang):
            found.setdefault(ref.slug, []).append(catalog.answers[ref])
        answers = {slug: tuple(found[slug]) for slug in sorted(found)}
        return cls(catalog, now, answers, {lang: catalog.fact_values(lang, now) for lang in LANGUAGES})


def filled(text: str, facts: Mapping[str, str]) -> tuple[Block, ...]:
    """A variant's blocks with its facts in place; blanks and unknown values stand there as [name]."""
    return fill(blocks(text), facts).blocks


def plain(article: Article, names: tuple[VariantName, ...], facts: Mapping[str, str]) -> str:
    """The plain text of some variants, a blank line between."""
    found = [variant for name in names if (variant := article.variant(name)) is not None]
    return "\n\n".join(to_plain(filled(variant.text, facts)) for variant in found)


def topics(catalog: Catalog, now: datetime) -> tuple[Topic, ...]:
    """Every article as the suggestion index sees it, by slug, those that are not live marked so; see `asked_for`.

    The subjects of other services follow.
    """
    moment = Moment.of(catalog, now)
    asked = ((slug, answers) for slug, answers in moment.answers.items() if asked_for(catalog, slug))
    answering = (topic_of(moment, slug, answers) for slug, answers in asked)
    return (*answering, *map(referral_topic, catalog.referrals))


def asked_for(catalog: Catalog, slug: str) -> bool:
    """Whether people ask for an article: not for a building block, nor for one that went up in another whole."""
    dormant = catalog.dormant.get(slug)
    return not catalog.block(slug) and (dormant is None or not dormant.into or dormant.questions is not None)


def topic_of(moment: Moment, slug: str, answers: Sequence[Answer]) -> Topic:
    """One article as the suggestion index sees it; without an answer it is not live."""
    if not answers:
        dormant = moment.catalog.dormant[slug]
        questions = dormant.questions
        asked, refused = (questions.asked, questions.not_asked) if questions else ({}, ())
        return Topic(slug, dormant.titles, asked, {}, live=False, not_asked=refused)
    questions = answers[0].questions
    articles = [answer.article for answer in answers]
    return Topic(
        slug,
        {article.lang: article.title for article in articles},
        questions.asked if questions else {},
        {article.lang: plain(article, FOUND_VARIANTS, moment.facts[article.lang]) for article in articles},
        not_asked=questions.not_asked if questions else (),
    )


def documents_of(moment: Moment, answers: Iterable[Answer]) -> tuple[Document, ...]:
    """The live answers of an article as they are searched."""
    owners = moment.catalog.zone.owners
    return tuple(
        Document(
            slug=answer.article.slug,
            lang=answer.article.lang,
            theme=answer.article.theme,
            owner=owners.get(answer.header.owner, answer.header.owner),
            audience=answer.header.audience,
            title=answer.article.title,
            text=plain(answer.article, FOUND_VARIANTS, moment.facts[answer.article.lang]),
            questions=answer.questions.asked.get(answer.article.lang, ()) if answer.questions else (),
        )
        for answer in answers
    )


def public_answers(catalog: Catalog, now: datetime, url: str) -> tuple[PublicAnswer, ...]:
    """What anybody may read now; `url` is where the pages are served."""
    moment = Moment.of(catalog, now)
    return tuple(row for answers in moment.answers.values() for row in public_answers_of(moment, answers, url))


def public_answers_of(moment: Moment, answers: Iterable[Answer], url: str) -> tuple[PublicAnswer, ...]:
    """What anybody may read now of one article."""
    zone = moment.catalog.zone
    found = []
    for answer in answers:
        if answer.header.audience is not Audience.PUBLIC or not answer.published.covers(moment.now):
            continue
        article, facts = answer.article, moment.facts[answer.article.lang]
        if not facts.keys() >= _public_facts_in(article):
            continue  # a text with a hole in it is handed out to nobody
        default = article.variant(VariantName.DEFAULT)
        found.append(
            PublicAnswer(
                slug=article.slug,
                lang=article.lang,
                title=article.title,
                theme=article.theme,
                owner=zone.owners.get(answer.header.owner, answer.header.owner),
                text=plain(article, (VariantName.DEFAULT,), facts),
                short=plain(article, (VariantName.SHORT,), facts),
                html=to_html(filled(default.text, facts)) if default else "",
                validated_on=answer.published.validated_at.astimezone(zone.timezone).date(),
                valid_until=answer.published.end,
                sources=answer.header.sources,
                url=f"{url}/fiche/{article.slug}/{article.lang}",
                revision=answer.published.number,
                alone=answer.published.alone,
            )
        )
    return tuple(found)


def public_history_of(
    catalog: Catalog, histories: Mapping[Ref, History], slug: str, now: datetime
) -> tuple[PublicSpan, ...]:
    """What was live when of one article, where its text was public then."""
    refs = (Ref(Kind.ARTICLE, slug, lang) for lang in sorted(LANGUAGES))
    return tuple(span for ref in refs if ref in histories for span in _spans(catalog, histories[ref], histories, now))


def _spans(catalog: Catalog, history: History, histories: Mapping[Ref, History], now: datetime) -> Iterator[PublicSpan]:
    zone = catalog.zone
    leading = histories.get(first_ref(history.ref, zone.first_lang), history)
    for published, begin, stopped, leader in _together(history, leading, now, zone.timezone):
        article = parsed(history.ref, published.text, published.theme, zone.first_lang)
        over = parsed(leading.ref, leader.text, leader.theme, zone.first_lang)
        header = over.header if over else None
        if article is not None and header is not None and header.audience is Audience.PUBLIC:
            about = (history.ref.slug, history.ref.lang, article.title, published.number)
            for since, until, values in _with_values(catalog, histories, article, (begin, stopped), now):
                yield PublicSpan(*about, since, until, plain(article, PUBLIC_VARIANTS, values))


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


def _with_values(
    catalog: Catalog,
    histories: Mapping[Ref, History],
    article: Article,
    span: tuple[datetime, datetime | None],
    now: datetime,
) -> Iterator[tuple[datetime, datetime | None, dict[str, str]]]:
    """The time that a text was live, cut where a value in it changed: from, to, and the values of then.

    While a value was missing the text could not be given, so that this time is left out.
    """
    (begin, stopped), tz, first = span, catalog.zone.timezone, catalog.zone.first_lang
    spans: dict[str, list[tuple[datetime, datetime | None, str]]] = {}
    for ref in (Ref(Kind.FACT, name) for name in _public_facts_in(article)):
        valid = ((fact_of(one), one.start, end) for one, end in periods(histories.get(ref, History(ref)), now, tz))
        spans[ref.slug] = [(start, end, fact.value(article.lang, first)) for fact, start, end in valid if fact]
    edges = {edge for some in spans.values() for one in some for edge in one[:2] if edge is not None and edge > begin}
    cuts = [begin, *sorted(edge for edge in edges if stopped is None or edge < stopped)]
    held: tuple[datetime, datetime | None, dict[str, str]] | None = None
    for since, until in zip(cuts, [*cuts[1:], stopped], strict=True):
        values = {
            name: value for name, some in spans.items() for start, end, value in some if _within(since, start, end)
        }
        if held is not None and (held[1], held[2]) == (since, values):
            held = held[0], until, values  # vouched for again, and the same
            continue
        if held is not None:
            yield held
        held = (since, until, values) if len(values) == len(spans) else None
    if held is not None:
        yield held


def _public_facts_in(article: Article) -> frozenset[str]:
    return frozenset(facts_in(*(one.text for one in article.variants if one.name in PUBLIC_VARIANTS)))


def _within(moment: datetime, start: datetime, end: datetime | None) -> bool:
    return start <= moment and (end is None or moment < end)


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
    return set(facts_in(*texts))
