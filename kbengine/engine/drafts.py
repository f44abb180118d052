"""What an agent makes of one or several answers, what it becomes, and what was handed out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kbengine.article import Tone
from kbengine.journal import Person
from kbengine.reply import BlankKind, Drift, Reply, blank_kind


@dataclass(frozen=True, slots=True)
class Draft:
    """What an agent chose and filled in; `answers` are (slug, the revision they read), in the order they go out.

    `lang` and `channel` are where it is going. `text` is the whole reply when the agent changed it, "" when not;
    `urgent` asks for the shortest text of a danger's answer, with nothing round it; `hours` for the hours notice.
    """

    answers: tuple[tuple[str, int], ...]
    lang: str
    channel: str
    blanks: Mapping[str, str] = field(default_factory=dict)
    first_name: str = ""
    personal: str = ""
    initials: str = ""
    hours: bool = False
    urgent: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class SaidAnswer:
    """One live answer in a reply, and the revision that it says."""

    slug: str
    lang: str
    title: str
    number: int


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """A reply in the shape of a channel: what goes out, what it was made of, and how it differs from the vetted text.

    `vetted` is the reply as it was composed; `reply` is the same unless the agent changed the text. `tone` is the
    zone's, `policy` what it asks of a text that differs; `notice` is the hours notice that could be added.
    """

    draft: Draft
    answers: tuple[SaidAnswer, ...]
    reply: Reply
    vetted: Reply
    drift: Drift
    tone: Tone
    policy: str
    notice: str = ""

    @property
    def lang(self) -> str:
        """The language of the first answer."""
        return self.answers[0].lang

    @property
    def title(self) -> str:
        """The title of the first answer."""
        return self.answers[0].title

    @property
    def number(self) -> int:
        """The revision of the first answer."""
        return self.answers[0].number

    @property
    def asked_blanks(self) -> tuple[tuple[str, BlankKind, str], ...]:
        """What has to be filled in, each once: name, kind and what was filled in."""
        return tuple((name, blank_kind(name), self.draft.blanks.get(name, "")) for name in self.vetted.blanks)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who answers for a text that differs from the vetted one.

    `text` is the text whose differences `by` saw and stands for; `token` is the personal token of a second person who
    agrees, `alone` says that there is nobody else on duty.
    """

    by: Person | None = None
    text: str = ""
    token: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A text to copy: which part of how many, and the copies that were logged for it."""

    text: str
    part: int
    parts: int
    copies: tuple[int, ...]
