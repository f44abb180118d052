"""What kind of message it is - a question, a complaint about us, thanks … - from cues that the zone keeps.

A message is of the kind that stands first in the file among those whose cues it holds; of none, it is a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kbengine.article import QUESTION
from kbengine.triage.pattern import Matcher
from kbengine.triage.sentences import LONGEST, Sentence, sentences_of
from kbengine.triage.slips import Slips
from kbengine.triage.values import Example, Idiom

# A question mark that ends something counts as this word.
ASKED: Final = "vraagteken"
_ASKED = re.compile(r"\?+(?=[\s\"')!.…]|$)")
_MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class KindOf:
    """What kind a message is, and the message's own words that decided, none for a question by default."""

    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What was agreed for a kind of message: what is done, in a few words by language, by whom, with which blocks."""

    act: str
    text: Mapping[str, str]
    hand_over_to: str
    blocks: tuple[str, ...]

    def says(self, lang: str) -> str:
        """The agreement in a language, else in the first one it is written in."""
        return self.text.get(lang) or next(iter(self.text.values()), "")


@dataclass(frozen=True, slots=True)
class Cue:
    """A kind that phrases stand for; the lower its `rank`, the earlier it stands in the file."""

    rank: int
    kind: str


@dataclass(frozen=True, slots=True)
class KindCues:
    """One file of kinds, compiled: cues of all languages together, and the acts by what they are for."""

    idioms: Matcher[Idiom]
    cues: Matcher[Cue]
    spelling: Mapping[str, Mapping[str, tuple[str, ...]]]
    emoji: Mapping[str, str]
    acts: Mapping[str, Act]
    examples: tuple[Example, ...]

    @property
    def slips(self) -> Mapping[str, Slips]:
        """A kind is decided by common words: nobody's misspelling is taken for one."""
        return {}

    def knows(self, word: str) -> bool:
        """Whether a cue holds the word."""
        return bool(self.cues.choices(word))


def kind_of(message: str, cues: KindCues, lang: str) -> KindOf:
    """What kind a message in a language is; never raises, whatever the message."""
    text = _ASKED.sub(f" {ASKED}. ", message[:LONGEST])
    met = [
        (cue, [sentence.written[place] for place in places])
        for sentence in sentences_of(text, lang, cues)
        for cue, places in _met(sentence, cues)
    ]
    if not met:
        return KindOf(QUESTION, ())
    kind = min(met, key=lambda one: one[0].rank)[0].kind
    words = dict.fromkeys("?" if word == ASKED else word for cue, said in met if cue.kind == kind for word in said)
    return KindOf(kind, tuple(words)[:_MOST_WORDS])


def _met(sentence: Sentence, cues: KindCues) -> list[tuple[Cue, tuple[int, ...]]]:
    """The cues of a sentence, but for words that stand in an idiom."""
    idle = {place for _, places in cues.idioms.match(sentence.words) for place in places}
    words = ["" if at in idle else word for at, word in enumerate(sentence.words)] if idle else sentence.words
    return list(cues.cues.match(words))
