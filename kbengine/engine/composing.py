"""Answers in the shape of a channel, with what an agent filled in; and the gate through which a text goes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kbengine.article import Kind, Ref, Zone
from kbengine.channels import Channel, channel_in, notice_text
from kbengine.edition import Catalog
from kbengine.engine.danger import shortest
from kbengine.engine.drafts import Agreement, Draft, HandedOut, ReplyPage, SaidAnswer
from kbengine.engine.offer import LIGHT
from kbengine.engine.room import Room
from kbengine.errors import Conflict, KBError, NotAllowed, NotFound, WrongState
from kbengine.history import Answer, Role
from kbengine.journal import Copy
from kbengine.reply import Drift, DriftKind, Frame, Reply, as_edited, compose_all, drift

MAX_INITIALS: Final = 6
NOBODY: Final = Agreement()
_SAME: Final = Drift((), 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer must be: live at that moment, for the channel, in `lang` if there is such a text.

    `initials` are of who answers.
    """

    catalog: Catalog
    now: datetime
    lang: str
    channel: Channel
    initials: str = ""

    @property
    def answering(self) -> Asked:
        """The same in a language that the zone replies in: the one that was asked for, else its first."""
        allowed = self.catalog.zone.reply_languages
        return self if self.lang in allowed else replace(self, lang=allowed[0])


class Composing:
    """Replies of one store, and the way out for them."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def reply(self, draft: Draft) -> ReplyPage:
        """What a draft becomes; raises NotFound when an answer is not live, WrongState when it may not go there."""
        return self.page(self._asked(draft), draft)

    def _asked(self, draft: Draft) -> Asked:
        catalog, now = self._room.read()
        return Asked(catalog, now, draft.lang, channel_in(catalog.zone, draft.channel))

    def begin(self, asked: Asked, answers: tuple[tuple[str, int], ...], lang: str) -> ReplyPage:
        """What an agent sees first of these answers, with nothing filled in but their initials; raises as `reply`."""
        draft = Draft(answers, lang, asked.channel.id, initials=asked.initials)
        return self.page(replace(asked, lang=lang), draft)

    def page(self, asked: Asked, draft: Draft) -> ReplyPage:
        """The same, of a moment that was read already."""
        zone = asked.catalog.zone
        urgent = draft.urgent and asked.catalog.names.now(draft.answers[0][0]) in _danger_articles(zone)
        answers = [self._live(asked, slug) for slug, _ in draft.answers]
        if not urgent:
            _refuse_language(zone, answers)
        vetted = self._compose(asked, draft, answers, urgent=urgent)
        reply = as_edited(vetted, draft.text, asked.channel, self._room.prefix) if draft.text.strip() else vetted
        return ReplyPage(
            draft=draft,
            answers=tuple(
                SaidAnswer(found.article.slug, found.article.lang, found.article.title, found.published.number)
                for found in answers
            ),
            reply=reply,
            vetted=vetted,
            drift=_drift(vetted, reply, answers, asked.channel),
            tone=zone.tone,
            policy=zone.reply.drift,
            notice="" if urgent else _notice(asked, answers),
        )

    def aid(self, asked: Asked, slug: str) -> str:
        """A live translation to read an answer by, never to send; "" when there is none, or when it may go out."""
        if asked.lang in asked.catalog.zone.reply_languages:
            return ""
        found = asked.catalog.answer(Ref(Kind.ARTICLE, slug, asked.lang), asked.now)
        if found is None:
            return ""
        facts = asked.catalog.fact_values(asked.lang, asked.now)
        try:
            return compose_all(((found.article, found.header),), asked.channel, facts, {}, {}).text
        except KBError:
            return ""

    def hand_out(self, draft: Draft, part: int = 1, agreement: Agreement = NOBODY) -> HandedOut:
        """The text to copy, logged as handed out: articles, revisions, values, channel, time; never the text.

        Raises NotFound (no longer live), Conflict (a newer text is live, or the text differs from the vetted one and
        nobody stood for that), WrongState (not ready to be copied), NotAllowed (who agreed may not).
        """
        asked = self._asked(draft)
        page = self.page(asked, draft)
        for (slug, number), said in zip(draft.answers, page.answers, strict=True):
            if said.number != number or page.lang != draft.lang:
                hint = "Read the new text, then copy it."
                raise Conflict("answer.changed", f"{slug} was replaced by revision {said.number}.", hint, slug=slug)
        if not page.reply.ready:
            left = ", ".join((*page.vetted.open_blanks, *page.vetted.missing_facts))
            message = f"This reply is not ready: {left or 'it cannot be cut to fit the channel'}."
            raise WrongState("reply.not-ready", message, "Fill in what is open.", open=left)
        if not 1 <= part <= len(page.reply.parts):
            raise NotFound("reply.part", f"This reply has no part {part}.", "Read the text again, then copy it.")
        second = bool(page.drift.differences) and self._stands(page, agreement)
        text, parts = page.reply.parts[part - 1], len(page.reply.parts)
        return HandedOut(text, part, parts, self._log(asked, page, part, second=second))

    def _stands(self, page: ReplyPage, agreement: Agreement) -> bool:
        """Let a text that differs pass only when somebody stands for it; whether a second person did."""
        said = agreement.text.removeprefix(self._room.prefix).strip()
        if said != page.reply.text.removeprefix(self._room.prefix):
            hint = "Look at what differs, then copy it once more."
            raise Conflict("reply.drift", "The text differs from the vetted one.", hint, kinds=_kinds(page))
        if page.policy == "warn" or agreement.alone:
            return False
        if not agreement.token:
            hint = "A second person gives their personal token."
            raise Conflict("reply.second-person", "A second person has to agree.", hint, kinds=_kinds(page))
        second = self._room.store.accounts.by_token(agreement.token)
        if agreement.by is None or second.id == agreement.by.id or second.roles <= {Role.READER}:
            hint = "Somebody else who answers messages gives their own token."
            raise NotAllowed("reply.second-same", "This person cannot be the second one.", hint)
        return True

    def _log(self, asked: Asked, page: ReplyPage, part: int, *, second: bool) -> tuple[int, ...]:
        """One copy an answer, each with the same moment; of the drift only its kinds and its size."""
        return tuple(
            self._room.store.usage.log_copy(
                Copy(
                    at=asked.now,
                    slug=said.slug,
                    lang=said.lang,
                    number=said.number,
                    channel=asked.channel.id,
                    facts={name: asked.catalog.facts[name].published.number for name in facts},
                    kinds=page.drift.kinds,
                    percent=page.drift.percent,
                    part=part,
                    parts=len(page.reply.parts),
                    second=second,
                )
            )
            for said, facts in zip(page.answers, page.vetted.facts_by_answer, strict=True)
        )

    def _live(self, asked: Asked, slug: str) -> Answer:
        answer = asked.catalog.in_language(slug, asked.lang, asked.now)
        if answer is None:
            hint = "Look at its page for the reason."
            raise NotFound("answer.not-live", f"{slug} has no live text.", hint, slug=slug)
        if answer.header.tone == LIGHT and self._room.crisis() is not None:
            hint = "Take another answer, or end crisis mode first."
            raise WrongState("reply.crisis", f"{slug} is light, and crisis mode is on.", hint, slug=slug)
        return answer

    def _compose(self, asked: Asked, draft: Draft, answers: list[Answer], *, urgent: bool) -> Reply:
        texts = [(shortest(one.article) if urgent else one.article, one.header) for one in answers]
        lang = answers[0].article.lang
        facts = asked.catalog.fact_values(lang, asked.now)
        citizen = {"first_name": draft.first_name} if draft.first_name else {}
        notice = _notice(asked, answers) if draft.hours else ""
        frame = Frame() if urgent else _frame(asked.catalog.zone, lang, draft, notice)
        return compose_all(texts, asked.channel, facts, draft.blanks, citizen, self._room.prefix, frame)


def _notice(asked: Asked, answers: list[Answer]) -> str:
    """When the channel is read, in the language of the reply; empty where the zone does not say."""
    return notice_text(asked.catalog.zone.cover, asked.channel.id, answers[0].article.lang)


def _frame(zone: Zone, lang: str, draft: Draft, notice: str) -> Frame:
    """What the zone's tone asks round an answer, with what the agent added."""
    initials = "".join(sign for sign in draft.initials if sign.isalnum())[:MAX_INITIALS].upper()
    return Frame(
        greeting=zone.tone.greeting.get(lang, ""),
        personal=draft.personal,
        notice=notice,
        sign_off=zone.tone.sign_off.get(lang, ""),
        initials=initials if zone.tone.initials else "",
    )


def _danger_articles(zone: Zone) -> tuple[str, ...]:
    return (zone.danger.police_article, zone.danger.suicide_article)


def _refuse_language(zone: Zone, answers: list[Answer]) -> None:
    """Only what is in a language that the zone replies in may go out; raises WrongState."""
    for answer in answers:
        if answer.article.lang not in zone.reply_languages:
            lang = answer.article.lang
            hint = f"Replies are in {', '.join(zone.reply_languages)}."
            raise WrongState("reply.language", f"This zone does not reply in {lang}.", hint, lang=lang)


def _drift(vetted: Reply, reply: Reply, answers: list[Answer], where: Channel) -> Drift:
    """How the reply differs from the vetted one, and what the agent's own sentence says that nobody vouched for."""
    locked = [passage for answer in answers for passage in answer.header.locked]
    found = _SAME
    if reply.text != vetted.text:
        found = drift(vetted.text, reply.text, locked=locked, public=where.public, around=vetted.around)
    at = reply.text.find(vetted.personal)
    if not vetted.personal or at < 0:
        return found
    # An own sentence may well say no or not; a number, a link or somebody's data in it is looked at.
    own = drift("", vetted.personal, public=where.public).differences
    moved = (replace(one, start=one.start + at, end=one.end + at) for one in own if one.kind is not DriftKind.NEGATION)
    return Drift(tuple(sorted((*found.differences, *moved), key=lambda one: one.start)), found.percent)


def _kinds(page: ReplyPage) -> str:
    return ", ".join(page.drift.kinds)
