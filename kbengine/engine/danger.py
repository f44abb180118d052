"""What to do first when a message smells of danger; it stands whatever the state of any article."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from kbengine.article import Article, VariantName
from kbengine.channels import Channel
from kbengine.edition import Catalog
from kbengine.engine.values import DangerNotice
from kbengine.errors import InvalidDocument, KBError
from kbengine.history import Answer
from kbengine.reply import compose
from kbengine.triage import Cues, Danger, read_cues

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
    zone = catalog.zone.danger
    suicide = danger.act == "suicide-1813"
    slug = zone.suicide_article if suicide else zone.police_article
    numbers = ((POLICE, zone.police), (MEDICAL, zone.medical))
    answer = catalog.in_language(slug, lang, now)
    text = _text(answer, catalog, now, channel, prefix) if answer else ""
    steps = catalog.in_language(zone.steps_article, lang, now)
    return DangerNotice(
        danger=danger,
        numbers=((SUICIDE, zone.suicide), *numbers) if suicide else numbers,
        slug=slug,
        lang=answer.article.lang if answer and text else lang,
        text=text,
        number=answer.published.number if answer and text else 0,
        languages=catalog.languages(slug, now),
        steps_slug=zone.steps_article if steps else "",
    )


def _text(answer: Answer, catalog: Catalog, now: datetime, channel: Channel, prefix: str) -> str:
    """The text to send first, "" when it cannot go out as it is."""
    facts = catalog.fact_values(answer.article.lang, now)
    try:
        reply = compose(shortest(answer.article), answer.header, channel, facts, {}, {}, prefix)
    except KBError:
        return ""
    return reply.text if reply.copyable else ""
