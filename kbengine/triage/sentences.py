"""A message as cues read it: its sentences, each as the words that cues know beside the words as written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from kbengine.language import tokens
from kbengine.triage.pattern import word_parts
from kbengine.triage.slips import Slips

LONGEST: Final = 20_000
# A text without full stops is read in pieces, so that `&` keeps joining only what stands near.
_LONGEST_SENTENCE = 60
_STOP = re.compile(r"[.;…]+(?=\s|$)|[!?\n]+")


class Lexicon(Protocol):
    """What a file of cues says about words."""

    @property
    def spelling(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """By language: a word as people write it, and what it means."""

    @property
    def slips(self) -> Mapping[str, Slips]:
        """By language: whom a misspelt word is meant for."""

    @property
    def emoji(self) -> Mapping[str, str]:
        """The emoji that count as a word."""

    def knows(self, word: str) -> bool:
        """Whether a cue holds the word."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words as cues know them beside the words as written."""

    words: tuple[str, ...]
    written: tuple[str, ...]


def sentences_of(text: str, lang: str, lexicon: Lexicon) -> Iterator[Sentence]:
    """The sentences of a text in a language, in order; a long one in pieces."""
    spelling = lexicon.spelling.get(lang, {})
    for part in _STOP.split(text):
        words: list[str] = []
        written: list[str] = []
        for own in _tokens(part, lexicon):
            for bare in (lexicon.emoji[own],) if own in lexicon.emoji else word_parts(own):
                for word in spelling.get(bare) or (_meant(own, bare, lang, lexicon),):
                    words.append(word)
                    written.append(own)
        for start in range(0, len(words), _LONGEST_SENTENCE):
            end = start + _LONGEST_SENTENCE
            yield Sentence(tuple(words[start:end]), tuple(written[start:end]))


def _meant(own: str, bare: str, lang: str, lexicon: Lexicon) -> str:
    """The word a cue would know for one that none knows as it is written."""
    slips = lexicon.slips.get(lang)
    if slips is None or "'" in own or lexicon.knows(bare):
        return bare
    return slips.meant(own)


def _tokens(text: str, lexicon: Lexicon) -> Iterator[str]:
    """The words of a text and, between them, the emoji that mean something."""
    if text.isascii():
        yield from tokens(text)
        return
    start = 0
    for at, letter in enumerate(text):
        if letter in lexicon.emoji:
            yield from tokens(text[start:at])
            yield letter
            start = at + 1
    yield from tokens(text[start:])
