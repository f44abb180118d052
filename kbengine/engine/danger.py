"""What to do first when a message smells of danger; it stands whatever the state of any article."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from kbengine.article import Article, Audience, DangerPlan, VariantName
from kbengine.channels import Channel
from kbengine.edition import Catalog, filled
from kbengine.engine.values import DangerNotice, Steps
from kbengine.errors import InvalidDocument, KBError
from kbengine.history import Answer
from kbengine.markup import to_html
from kbengine.reply import compose
from kbengine.triage import Cues, Danger, read_cues

# The acts that are to reply; whatever else, nothing goes out before a person decided.
REPLIES = frozenset({"reply-101", "suicide-1813"})
POLICE, MEDICAL, SUICIDE = "Politie", "Ambulance en brandweer", "Zelfmoordlijn"


@lru_cache(maxsize=4)
def cues_of(texts: tuple[str, ...]) -> Cues | None:
    """The compiled cues of the first text that can be read, None when there is none."""
    for text in texts:
        try:
            return read_cues(text, strict=False)
        except InvalidDocument:
            continue
    return None


def shortest(article: Article) -> Article:
    """The article with its short variant as the only text: what is said when seconds count."""
    short = article.variant(VariantName.SHORT)
    return replace(article, variants=(replace(short, name=VariantName.DEFAULT),)) if short else article


def notice_of(
    danger: Danger, catalog: Catalog, now: datetime, lang: str, channel: Channel, prefix: str
) -> DangerNotice:
    """The notice for a danger, its text in `lang` if there is such a text, in the shape of the channel."""
    plan = catalog.zone.danger
    suicide, replies = danger.act == "suicide-1813", danger.act in REPLIES
    slug = plan.suicide_article if suicide else plan.police_article
    numbers = ((POLICE, plan.police), (MEDICAL, plan.medical))
    answer = catalog.in_language(slug, lang, now) if replies else None
    text = _text(answer, catalog, now, channel, prefix) if answer else ""
    wanted = _steps_articles(danger, plan, slug if replies else "")
    steps = next(filter(None, (_steps(slug, catalog, now) for slug in wanted)), None)
    return DangerNotice(
        danger=danger,
        numbers=((SUICIDE, plan.suicide), *numbers) if suicide else numbers,
        replies=replies,
        slug=slug,
        lang=answer.article.lang if answer and text else lang,
        text=text,
        number=answer.published.number if answer and text else 0,
        languages=catalog.languages(slug, now),
        steps=steps,
        steps_missing="" if steps and steps.slug == wanted[0] else wanted[0],
        alert=_alert(danger, plan),
    )


def _text(answer: Answer, catalog: Catalog, now: datetime, channel: Channel, prefix: str) -> str:
    """The text to send first, "" when it cannot go out as it is."""
    facts = catalog.fact_values(answer.article.lang, now)
    try:
        reply = compose(shortest(answer.article), answer.header, channel, facts, {}, {}, prefix)
    except KBError:
        return ""
    return reply.text if reply.copyable else ""


def _steps_articles(danger: Danger, plan: DangerPlan, replied: str) -> tuple[str, ...]:
    """The articles that may tell the steps, the fittest first; last the one that is sent, for its own internal part.

    What its text says to do with the citizen fits no danger that is not replied to.
    """
    named = (plan.steps.get(key, "") for key in (danger.kind, danger.act))
    return tuple(dict.fromkeys(filter(None, (*named, plan.steps_article, replied))))


def _steps(slug: str, catalog: Catalog, now: datetime) -> Steps | None:
    """What a live article says for the agent, in the zone's first language; all of it when it is an internal one."""
    answer = catalog.in_language(slug, catalog.zone.first_lang, now)
    if answer is None:
        return None
    article = answer.article
    whole = article.variant(VariantName.DEFAULT) if answer.header.audience is Audience.INTERNAL else None
    # The internal part of an internal article is about the article: what is still to be checked.
    variant = whole or article.variant(VariantName.INTERNAL)
    if variant is None:
        return None
    return Steps(
        slug, article.lang, article.title, to_html(filled(variant.text, catalog.fact_values(article.lang, now)))
    )


def _alert(danger: Danger, plan: DangerPlan) -> tuple[tuple[str, str], ...]:
    """Who is told, by kind, act and class in that order, each once."""
    told = [one for key in (danger.kind, danger.act, danger.level) for one in plan.alert.get(key, ())]
    return tuple(dict.fromkeys((one.name, one.phone) for one in told))
