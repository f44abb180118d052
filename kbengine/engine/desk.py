"""The agent's door: a message in, vetted answers out, in the shape of the channel."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kbengine.channels import CHANNELS, Channel, channel_in, channels_in
from kbengine.engine.composing import Asked, Composing
from kbengine.engine.curation import Curators
from kbengine.engine.danger import cues_of, notice_of
from kbengine.engine.drafts import ReplyPage
from kbengine.engine.kinds import Kinds, look
from kbengine.engine.offer import Offer, offer_of
from kbengine.engine.room import Room
from kbengine.engine.values import Advice, Suggestion
from kbengine.errors import KBError, TooLarge
from kbengine.evaluate import Labelled, Outcome
from kbengine.history import Answer, Behind
from kbengine.language import detect
from kbengine.suggest import Match, Ranking, rank_each
from kbengine.triage import triage
from kbengine.validate import REVIEW_DUE_BEFORE

MAX_MESSAGE = 20_000
OFFERED = 5
RANKED = 12


class Desk:
    """Suggestions and replies of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._curators = Curators()
        self._composing = Composing(room)
        self._kinds = Kinds(self._composing)

    def channels(self) -> tuple[Channel, ...]:
        """The channels the zone uses, in its order; the usual ones when it chose none."""
        return channels_in(self._room.read()[0].zone)

    def advise(
        self,
        message: str,
        channel_id: str,
        lang: str | None = None,
        *,
        answer_lang: str | None = None,
        initials: str = "",
        counted: bool = True,
    ) -> Advice:
        """What the desk shows for a message; raises TooLarge, NotFound (channel). The message is kept nowhere.

        `lang` is the language of the message when a person says so, else it is recognised; the answer is wanted in
        that language too, unless `answer_lang` says otherwise. `initials` are of who answers.
        """
        if len(message) > MAX_MESSAGE:
            hint = "Paste the part with the question."
            raise TooLarge("message.too-long", f"A message has at most {MAX_MESSAGE} characters.", hint)
        begin = time.perf_counter()
        catalog, now = self._room.read()
        triaging = time.perf_counter()
        recognised = detect(message, catalog.zone.first_lang)
        spoken, cues = lang or recognised, cues_of(catalog.danger)
        found = triage(message, cues, spoken).danger if cues else None
        asked = Asked(catalog, now, answer_lang or spoken, channel_in(catalog.zone, channel_id), initials)
        seen = look(message, spoken, asked.channel, catalog)
        triage_ms = (time.perf_counter() - triaging) * 1000
        danger = notice_of(found, catalog, now, asked.lang, asked.channel, self._room.prefix) if found else None
        ranking, offer = self._offer(asked, message, spoken)
        if counted:
            what = "abstained" if offer.abstained else "suggested"
            self._room.store.usage.count(now, catalog.zone.timezone, channel_id, what)
        referred = self._kinds.referred(seen, ranking, catalog)
        blocks = self._kinds.blocks(seen, asked, referred=referred is not None and bool(offer.abstained))
        suggestions = () if offer.abstained else self._suggestions(asked, offer.answers[:OFFERED], offer)
        return Advice(
            lang=spoken,
            recognised=recognised,
            answer_lang=asked.lang,
            channel=asked.channel.id,
            danger=danger,
            suggestions=suggestions,
            internal=self._suggestions(asked, offer.internal, offer),
            abstained=offer.abstained,
            line=ranking.line,
            ranked=tuple((match.slug, match.confidence) for match, _ in offer.answers),
            not_live=offer.not_live,
            held_back=offer.held_back,
            edition=self._room.shelf.edition,
            kind=self._kinds.notice(seen, catalog),
            elsewhere=self._kinds.elsewhere(seen, catalog),
            referred=referred,
            personal=self._kinds.personal(seen, blocks),
            blocks=blocks,
            triage_ms=triage_ms,
            total_ms=(time.perf_counter() - begin) * 1000,
            together=self._together(asked, suggestions, message),
        )

    def _offer(self, asked: Asked, message: str, spoken: str) -> tuple[Ranking, Offer]:
        """What the index makes of a message, and what of that may be offered now."""
        catalog, now = asked.catalog, asked.now
        index = self._room.shelf.suggest()
        ranking = rank_each(index, message, spoken, RANKED) if index else Ranking((), spoken, 1.0, "not-built")
        steered = self._curators.of(catalog).met(message, spoken, now, catalog.zone.timezone)
        crisis = self._room.crisis() is not None
        return ranking, offer_of(ranking, steered, catalog, asked.answering.lang, now, crisis=crisis)

    def _together(self, asked: Asked, suggestions: Sequence[Suggestion], message: str) -> ReplyPage | None:
        """One reply of the answers to each question of a message, in the message's order; None for one question."""
        parted = sorted((one for one in suggestions if one.part and one.page), key=lambda one: message.find(one.part))
        if len(parted) < 2:
            return None
        return self._page(asked, tuple((one.slug, one.number) for one in parted), parted[0].lang)[0]

    def _page(self, asked: Asked, answers: tuple[tuple[str, int], ...], lang: str) -> tuple[ReplyPage | None, str]:
        """A reply as it begins, or the code of what keeps it from this channel."""
        try:
            return self._composing.begin(asked, answers, lang), ""
        except KBError as error:
            return None, error.code

    def _suggestions(self, asked: Asked, found: Sequence[tuple[Match, Answer]], offer: Offer) -> tuple[Suggestion, ...]:
        return tuple(self._suggestion(asked, match, answer, offer) for match, answer in found)

    def _suggestion(self, asked: Asked, match: Match, answer: Answer, offer: Offer) -> Suggestion:
        published, zone = answer.published, asked.catalog.zone
        page, refused = self._page(asked, ((match.slug, published.number),), answer.article.lang)
        due = published.end is not None and published.end - asked.now <= REVIEW_DUE_BEFORE
        return Suggestion(
            slug=answer.article.slug,
            lang=answer.article.lang,
            title=answer.article.title,
            theme=answer.article.theme,
            owner=zone.owners.get(answer.header.owner, answer.header.owner),
            audience=answer.header.audience,
            number=published.number,
            score=match.score,
            confidence=match.confidence,
            words=match.words,
            meaning=match.meaning,
            part=match.part,
            validated_at=published.validated_at,
            end=published.end,
            review_due=due,
            page=page,
            not_on_channel=refused,
            languages=asked.catalog.languages(match.slug, asked.now),
            pinned=offer.pinned.get(match.slug),
            crisis=match.slug in offer.crisis,
            aid=self._composing.aid(asked, match.slug),
            alone=published.alone,
            behind=_overtaken(answer, asked.now),
            aid_behind=_overtaken(asked.catalog.answer(replace(published.ref, lang=asked.lang), asked.now), asked.now),
        )

    def outcome(self, message: Labelled) -> Outcome:
        """What was offered for a labelled message, as the scorer reads it; nothing is counted."""
        known = message.channel if message.channel in CHANNELS else "facebook"
        advice = self.advise(message.text, known, counted=False)
        offered = tuple(suggestion.slug for suggestion in advice.suggestions)
        return Outcome(offered, advice.ranked, advice.danger is not None, advice.triage_ms, advice.total_ms)

    def slugs(self) -> tuple[frozenset[str], frozenset[str]]:
        """The articles with a live text, and all there are."""
        catalog, now = self._room.read()
        live = frozenset(ref.slug for ref in catalog.answers if catalog.answer(ref, now))
        return live, live | frozenset(catalog.dormant)


def _overtaken(answer: Answer | None, now: datetime) -> Behind | None:
    """What an agent must know of a translation: that the first language says something else by now."""
    found = answer.behind if answer is not None else None
    return found if found is not None and found.due and found.since <= now else None
