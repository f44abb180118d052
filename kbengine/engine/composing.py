"""An answer in the shape of a channel, with what an agent filled in; and what was handed out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kbengine.channels import Channel, channel
from kbengine.edition import Catalog
from kbengine.engine.danger import shortest
from kbengine.engine.offer import LIGHT
from kbengine.engine.room import Room
from kbengine.engine.values import ReplyPage
from kbengine.errors import Conflict, NotFound, WrongState
from kbengine.history import Answer
from kbengine.journal import Copy
from kbengine.reply import Reply, compose


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer must be: live at that moment, for the channel, in `lang` if there is such a text."""

    catalog: Catalog
    now: datetime
    lang: str
    channel: Channel


class Composing:
    """Replies of one store, and the way out for them."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def compose(
        self, asked: Asked, answer: Answer, blanks: Mapping[str, str], first_name: str, *, urgent: bool = False
    ) -> Reply:
        """One answer filled in; raises WrongState off its channel."""
        article = shortest(answer.article) if urgent else answer.article
        facts = asked.catalog.fact_values(article.lang, asked.now)
        citizen = {"first_name": first_name} if first_name else {}
        return compose(article, answer.header, asked.channel, facts, blanks, citizen, self._room.prefix)

    def reply(
        self,
        slug: str,
        lang: str,
        channel_id: str,
        blanks: Mapping[str, str],
        first_name: str = "",
        *,
        urgent: bool = False,
    ) -> ReplyPage:
        """A live answer in the shape of a channel; raises NotFound when it is not live, WrongState off its channel."""
        return self._page(Asked(*self._room.read(), lang, channel(channel_id)), slug, blanks, first_name, urgent)

    def _page(self, asked: Asked, slug: str, blanks: Mapping[str, str], first_name: str, urgent: bool) -> ReplyPage:
        answer = asked.catalog.in_language(slug, asked.lang, asked.now)
        if answer is None:
            raise NotFound(
                "answer.not-live", f"{slug} has no live text.", "Look at its page for the reason.", slug=slug
            )
        if answer.header.tone == LIGHT and self._room.crisis() is not None:
            hint = "Take another answer, or end crisis mode first."
            raise WrongState("reply.crisis", f"{slug} is light, and crisis mode is on.", hint, slug=slug)
        reply = self.compose(asked, answer, blanks, first_name, urgent=urgent)
        number, article = answer.published.number, answer.article
        return ReplyPage(slug, article.lang, article.title, number, asked.channel.id, reply, dict(blanks))

    def hand_out(
        self,
        slug: str,
        lang: str,
        channel_id: str,
        number: int,
        blanks: Mapping[str, str],
        first_name: str = "",
        *,
        urgent: bool = False,
    ) -> str:
        """The text to copy, logged as handed out: article, revision, values, channel, time; never the text.

        Raises NotFound (no longer live), Conflict (a newer text is live), WrongState (not ready to be copied).
        """
        asked = Asked(*self._room.read(), lang, channel(channel_id))
        page = self._page(asked, slug, blanks, first_name, urgent)
        if page.number != number or page.lang != lang:
            hint = "Read the new text, then copy it."
            raise Conflict("answer.changed", f"{slug} was replaced by revision {page.number}.", hint, slug=slug)
        if not page.reply.copyable:
            blanks_left = ", ".join((*page.reply.open_blanks, *page.reply.missing_facts))
            message = f"This reply is not ready: {blanks_left or 'it is too long for the channel'}."
            raise WrongState("reply.not-ready", message, "Fill in what is open.", open=blanks_left)
        facts = {name: asked.catalog.facts[name].published.number for name in page.reply.facts_used}
        self._room.store.usage.log_copy(Copy(asked.now, slug, lang, number, channel_id, facts))
        return page.reply.text
