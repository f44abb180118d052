"""The frozen values that go into the suggestion index and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kbengine.article import Referral

NO_WORDS: Final = "no-words"
NOTHING_SIMILAR: Final = "nothing-similar"
BELOW_LINE: Final = "below-line"
NOT_LIVE: Final = "not-live"


@dataclass(frozen=True, slots=True)
class Topic:
    """One article as the index sees it: its texts per language, and messages that must not find it.

    A topic that is not live competes, so that it can be named, and is never shown. A `referral` is a subject of another
    service: it has no answer, and keeps what is asked about it from finding one.
    """

    slug: str
    titles: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    live: bool = True
    not_asked: tuple[str, ...] = ()
    referral: bool = False


def referral_topic(referral: Referral) -> Topic:
    """A subject of another service as the index sees it, under a name that no article can have."""
    return Topic(f"~{referral.name}", questions=referral.asked, live=False, referral=True)


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that resembles a message; `confidence` (0 to 1) is calibrated, `score` only orders.

    `words` are the message's own words that did it, strongest first, with their part in it; `meaning` is the part of
    likeness of meaning (together at most 1). `part`: the sentence it answers, where the message asks two things.
    """

    slug: str
    live: bool
    score: float
    confidence: float
    words: tuple[tuple[str, float], ...]
    meaning: float = 0.0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The topics that resemble a message, best first, and why none may be offered.

    `reason` is "" when the first match stands on or above the line, else one of `no-words`, `nothing-similar`,
    `below-line`, `not-live`. `referral` is the subject of another service that the message resembles more than it does
    any of the matches.
    """

    matches: tuple[Match, ...]
    lang: str
    line: float
    reason: str
    referral: Match | None = None
