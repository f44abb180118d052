"""The editor's form and what it would become: frozen values, complete at birth."""

from __future__ import annotations

from dataclasses import dataclass

from kbengine.engine.placed import Place
from kbengine.errors import Problem
from kbengine.reply import Reply


@dataclass(frozen=True, slots=True)
class ArticleForm:
    """The editor's form: texts as typed; `base` is the revision it was opened on, 0 for a new article."""

    slug: str
    lang: str
    theme: str
    title: str
    audience: str
    owner: str
    sources: str
    review_months: str
    valid_from: str
    valid_until: str
    urgency: str
    tone: str
    default: str
    short: str
    private: str
    internal: str
    base: int
    crisis: str = ""
    tags: str = ""
    channels: str = ""
    locked: str = ""
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How long one box is on a channel, as the channel counts, filled in as long as it may get.

    `standing` is "fits", "long" (over what the channel advises), "short" (the short text goes there instead), "parts"
    (it goes in so many) or "over" (it cannot go).
    """

    channel: str
    count: int
    limit: int | None
    standing: str
    parts: int


@dataclass(frozen=True, slots=True)
class BoxView:
    """One box of a form that holds text: its length on each channel it goes to, and what is filled in in it."""

    box: str
    counts: tuple[Counted, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a form would become: every problem, and the reply for each channel as (channel, reply).

    `refused` are the channels it may not go on, each with the code of why; `boxes` those that hold text.
    """

    problems: tuple[Problem, ...]
    replies: tuple[tuple[str, Reply], ...]
    refused: tuple[tuple[str, str], ...] = ()
    boxes: tuple[BoxView, ...] = ()
