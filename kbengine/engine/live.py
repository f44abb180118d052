"""The door for other programs: what is live at this very moment, as it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kbengine.article import Audience, Kind, Ref
from kbengine.channels import channel_in
from kbengine.edition import Catalog
from kbengine.engine.composing import Asked, Composing
from kbengine.engine.drafts import ReplyPage
from kbengine.engine.plain import plain, plain_advice
from kbengine.engine.reading import EVERY_AUDIENCE, Reading
from kbengine.engine.room import Room
from kbengine.engine.values import Advice
from kbengine.errors import NotFound
from kbengine.history import Answer, Role
from kbengine.journal import Person
from kbengine.search import MARK_END, MARK_START

Plain = dict[str, object]


@dataclass(frozen=True, slots=True)
class LiveText:
    """An answer in one language that may be used now; `langs` are all in which it may, the zone's first."""

    slug: str
    lang: str
    langs: tuple[str, ...]
    title: str
    theme: str
    owner: str
    audience: Audience
    number: int
    validated_at: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class LiveReply:
    """A live answer as it goes out on a channel, with what it rests on; `facts` are the values in it, by name."""

    answer: LiveText
    channel: str
    page: ReplyPage
    sources: tuple[str, ...]
    facts: Mapping[str, str]


class Live:
    """What is live in one store, as plain data; who only reads gets nothing that is internal."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._reading = Reading(room)
        self._composing = Composing(room)

    def advice(self, advice: Advice) -> Plain:
        """What the desk shows for a message, in the shape that every program gets."""
        return plain_advice(advice)

    def search(self, person: Person, text: str, lang: str | None) -> Plain:
        """Live answers by words, best first; raises TooLarge."""
        found = plain(self._reading.search(text, lang, audiences=_audiences(person)))
        for hit in found["hits"]:
            hit["snippet"] = hit["snippet"].replace(MARK_START, "").replace(MARK_END, "")
        return dict(found)

    def answers(self, person: Person) -> Plain:
        """Every live answer, by theme, name and language."""
        catalog, now = self._room.read()
        read = _audiences(person)
        live = (answer for answer in catalog.answers.values() if answer.published.covers(now))
        shown = [_text(answer, catalog, now) for answer in live if answer.header.audience in read]
        rows = sorted(shown, key=lambda one: (one.theme, one.slug, one.lang))
        return {"answers": plain(rows)}

    def answer(self, person: Person, slug: str, lang: str, channel_id: str) -> Plain:
        """One answer in one language as it goes out on a channel, nothing filled in yet.

        Raises NotFound when that is not live or not for this person, WrongState when it may not go there.
        """
        catalog, now = self._room.read()
        found = catalog.answer(Ref(Kind.ARTICLE, slug, lang), now)
        if found is None or found.header.audience not in _audiences(person):
            hint = "Look in the list of what is live."
            raise NotFound("answer.not-live", f"{slug} has no live text in {lang}.", hint, slug=slug)
        text = _text(found, catalog, now)
        asked = Asked(catalog, now, lang, channel_in(catalog.zone, channel_id))
        page = self._composing.begin(asked, ((text.slug, text.number),), lang)
        values = catalog.fact_values(lang, now)
        facts = {name: values[name] for name in page.reply.facts_used}
        return dict(plain(LiveReply(text, asked.channel.id, page, found.header.sources, facts)))


def _audiences(person: Person) -> frozenset[Audience]:
    return EVERY_AUDIENCE if person.roles - {Role.READER} else EVERY_AUDIENCE - {Audience.INTERNAL}


def _text(answer: Answer, catalog: Catalog, now: datetime) -> LiveText:
    article, header, published = answer.article, answer.header, answer.published
    return LiveText(
        slug=article.slug,
        lang=article.lang,
        langs=catalog.languages(article.slug, now),
        title=article.title,
        theme=article.theme,
        owner=catalog.zone.owners.get(header.owner, header.owner),
        audience=header.audience,
        number=published.number,
        validated_at=published.validated_at,
        end=published.end,
    )
