"""The frozen values of a first look, and of the cues it is taken with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kbengine.triage.pattern import Matcher
from kbengine.triage.slips import Slips

LEVELS: Final = ("E1", "E2", "E3")
ACTS: Final = ("reply-101", "suicide-1813", "call-dispatch", "secure-evidence")
REACHES: Final = ("sentence", "onward", "message")


@dataclass(frozen=True, slots=True)
class Danger:
    """Why a message needs a person now: `words` are the message's own, in the order they stand there."""

    level: str
    kind: str
    words: tuple[str, ...]
    act: str


@dataclass(frozen=True, slots=True)
class Triage:
    """What a first look at a message told."""

    lang: str
    danger: Danger | None


@dataclass(frozen=True, slots=True)
class Sign:
    """Something a message says that does not fire by itself: now, fear, a child, a call for help.

    `weight` is what it adds to the score of its surroundings, below 0 for what makes danger less likely.
    """

    name: str
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """A way of speaking that takes the danger out: it is past, a rule is asked, it was on television."""

    name: str
    reach: str
    lifted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idiom:
    """A figure of speech or a denial: its words do not count."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What fires when its phrases stand in a message with the signs it needs, outside the frames it respects.

    Each entry of `needs` is a choice: one of its signs will do. The signs weigh `score` or more: above 0 together with
    those of the sentences beside it, else those of its own sentence.
    """

    kind: str
    level: str
    act: str
    needs: tuple[frozenset[str], ...]
    despite: frozenset[str]
    score: int


@dataclass(frozen=True, slots=True)
class Example:
    """A message and the level it must get; "none" for a message that must stay silent."""

    text: str
    expect: str


@dataclass(frozen=True, slots=True)
class Cues:
    """One file of danger cues, compiled: the context per language, the alarms of all languages together."""

    context: Mapping[str, Matcher[Sign | Frame | Idiom]]
    alarms: Matcher[Alarm]
    combined: tuple[Alarm, ...]
    spelling: Mapping[str, Mapping[str, tuple[str, ...]]]
    slips: Mapping[str, Slips]
    emoji: Mapping[str, str]
    examples: tuple[Example, ...]

    def knows(self, word: str) -> bool:
        """Whether an alarm holds the word."""
        return bool(self.alarms.choices(word))
