"""What the doors hand to the interface and the command line: frozen values, complete at birth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kbengine.article import COMPLIMENT, QUESTION, REPORT, THANKS, Audience, Ref, VariantName
from kbengine.engine.drafts import ReplyPage
from kbengine.engine.noticed import Block, KindNotice, OtherAddressee, PersonalData, Referred
from kbengine.history import Behind, Move, State, Weight
from kbengine.reply import Reply
from kbengine.triage import Danger


@dataclass(frozen=True, slots=True)
class Steering:
    """An editor's vouched decision about an answer: why, and until when (UTC, the first instant it does not cover)."""

    name: str
    reason: str
    end: datetime


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One vetted answer offered for a message, and why; `words` are the message's own, with their weights.

    `meaning` is the part that likeness of meaning has in it, 0 without an encoder; `part` is the sentence it answers,
    empty unless the message asks more than one thing.
    `languages` are those in which it may be offered now; `pinned` says that an editor put it first,
    `crisis` that crisis mode did. `aid` is a translation in the language that was wanted, to read by and never to
    send: for a zone that does not reply in that language. `alone`: its own author vouched for it, by exception.
    `behind`: a translation that a major change of the first language overtook; `aid_behind`: the aid is one.
    """

    slug: str
    lang: str
    title: str
    theme: str
    owner: str
    audience: Audience
    number: int
    score: float
    confidence: float
    words: tuple[tuple[str, float], ...]
    meaning: float
    part: str
    validated_at: datetime
    end: datetime | None
    review_due: bool
    page: ReplyPage | None
    not_on_channel: str
    languages: tuple[str, ...]
    pinned: Steering | None
    crisis: bool = False
    aid: str = ""
    alone: bool = False
    behind: Behind | None = None
    aid_behind: Behind | None = None

    @property
    def reply(self) -> Reply | None:
        """The reply, None when it may not go on the channel."""
        return self.page.reply if self.page else None


@dataclass(frozen=True, slots=True)
class NotLive:
    """An answer that exists but may not be used: its name and state, never its text.

    `into` and `into_title` name the answer in which it went up; None and "" when it did not, or that one is not live.
    """

    slug: str
    lang: str
    title: str
    state: State
    owner: str
    into: Ref | None = None
    into_title: str = ""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An answer that would have stood first, were it not held back: its name, never its text.

    By an editor's `steering`, or without one because crisis mode is on and its tone is light.
    """

    slug: str
    lang: str
    title: str
    steering: Steering | None


@dataclass(frozen=True, slots=True)
class Steps:
    """What an agent does, step by step, out of a live article; `html` is what our own renderer made and cleaned."""

    slug: str
    lang: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class DangerNotice:
    """What to do first; `replies` says whether the act is to reply at all.

    `text` is empty when the act is not to reply, or when the article that should say it is not live; the numbers
    never are. `languages` are those in which that article may go out now. `steps` are of the first internal article
    that is live, `steps_missing` is the one that should have told them, empty when it did. `alert` holds who is
    told, as (function, number).
    """

    danger: Danger
    numbers: tuple[tuple[str, str], ...]
    replies: bool
    slug: str
    lang: str
    text: str
    number: int
    languages: tuple[str, ...]
    steps: Steps | None
    steps_missing: str
    alert: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything the desk shows for one message; `abstained` is a reason code, empty when there are suggestions.

    `lang` is the language of the message, as somebody said or else as it was `recognised`; `answer_lang` is the one
    that the answers were wanted in. `elsewhere` says why it seems not to be for us, `referred` that it is rather about
    what another service handles. `together` is one reply to a message that asks more than one thing.
    """

    lang: str
    recognised: str
    answer_lang: str
    channel: str
    danger: DangerNotice | None
    suggestions: tuple[Suggestion, ...]
    internal: tuple[Suggestion, ...]
    abstained: str
    line: float
    ranked: tuple[tuple[str, float], ...]
    not_live: tuple[NotLive, ...]
    held_back: tuple[HeldBack, ...]
    edition: str
    triage_ms: float
    total_ms: float
    kind: KindNotice
    elsewhere: OtherAddressee | None
    referred: Referred | None
    personal: PersonalData | None
    blocks: tuple[Block, ...]
    together: ReplyPage | None = None

    @property
    def blocks_first(self) -> bool:
        """Whether the building blocks come before any answer: who says thanks asks nothing, and for another kind than
        a question no answer is missed when there is none."""
        if not self.blocks or self.danger or self.kind.kind in (QUESTION, REPORT):
            return False
        return bool(self.abstained) or self.kind.kind in (THANKS, COMPLIMENT)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an article's history; `person` is empty for an erased name."""

    at: datetime
    what: Move
    number: int
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision in a history: who saved it, where it stands, when it was live."""

    number: int
    digest: str
    author: str
    at: datetime
    state: State
    live_from: datetime | None
    live_to: datetime | None
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class VariantView:
    """One variant as a page shows it: facts filled in, blanks marked."""

    name: VariantName
    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article as its page shows it: the live text when there is one, its state, and its whole history.

    `behind`: what became of the first language since somebody vouched for this translation; `overtaken` the
    translations of this first language, by language, that were not looked at since it changed.
    """

    ref: Ref
    title: str
    theme: str
    owner: str
    audience: Audience
    sources: tuple[str, ...]
    state: State
    live_number: int
    validated_at: datetime | None
    end: datetime | None
    variants: tuple[VariantView, ...]
    languages: tuple[tuple[str, State], ...]
    revisions: tuple[RevisionLine, ...]
    events: tuple[Event, ...]
    flags: tuple[Event, ...]
    questions: Mapping[str, tuple[str, ...]]
    moves: tuple[Move, ...]
    latest: RevisionLine
    alone: bool = False
    behind: Behind | None = None
    overtaken: tuple[tuple[str, Behind], ...] = ()


@dataclass(frozen=True, slots=True)
class ListLine:
    """One article in a list."""

    ref: Ref
    title: str
    theme: str
    owner: str
    audience: Audience
    state: State
    number: int
    pending: State | None
    end: datetime | None
    flags: int
    behind: Behind | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a comparison: `same`, `added` or `removed`; `left` its place, or `moved` here; `skipped` stayed."""

    op: str
    text: str
