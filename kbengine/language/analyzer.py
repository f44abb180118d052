"""Text to terms: one analyzer per language, the same for what is indexed and for what is asked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import simplemma
import snowballstemmer

from kbengine.language.compounds import split
from kbengine.language.detect import small_words
from kbengine.language.tokens import fold, spans, tokens

# Part of an index's metadata: terms made by another version do not meet.
ANALYZER_VERSION: Final = f"1 snowballstemmer-{version('snowballstemmer')} simplemma-{version('simplemma')}"

_STEMMERS: Final[Mapping[str, str]] = {"nl": "dutch", "fr": "french", "en": "english", "de": "german"}
_COMPOUNDING: Final = frozenset({"nl", "de"})
_ELISIONS: Final = ("l'", "d'", "j'", "m'", "t'", "s'", "c'", "qu'")
# Nobody writes a longer word; somebody pastes a longer string.
_LONGEST: Final = 48
_MOST_LEMMAS: Final = 4


@dataclass(frozen=True, slots=True)
class Term:
    """What a word counts as: `surface` is the word normalised, `start` and `end` its offsets in the text."""

    surface: str
    term: str
    start: int
    end: int


class Analyzer:
    """The terms of a language's texts; `vocabulary` holds the terms that compounds may be split into."""

    def __init__(self, lang: str, vocabulary: Set[str] = frozenset()) -> None:
        """KeyError when the product does not know the language."""
        self.lang = lang
        self._vocabulary = vocabulary if lang in _COMPOUNDING else frozenset()
        self._stop = frozenset(fold(word) for word in small_words(lang, "stop"))
        self._street = _street(lang)
        self._cached = lru_cache(maxsize=32_768)(self._analyze)

    def terms(self, text: str) -> tuple[Term, ...]:
        """The terms of a text in order; a compound yields itself and then its parts, a stop word nothing."""
        return tuple(Term(word, term, start, end) for word, start, end in spans(text) for term in self.of_word(word))

    def of_word(self, word: str) -> tuple[str, ...]:
        """The terms of one word as `tokens` gives it; () for a stop word."""
        return self._cached(word[:_LONGEST])

    def plain(self, word: str) -> str:
        """A word in plain spelling, elisions dropped (`velo` is `fiets`); "" when it carries no subject."""
        bare = word
        for elision in _ELISIONS if self.lang == "fr" else ():
            if bare.startswith(elision):
                bare = bare[len(elision) :]
                break
        if self.lang in ("nl", "en", "de") and bare.endswith("'s"):
            bare = bare[:-2]
        bare = self._street.get(fold(bare), bare)
        return "" if not bare or fold(bare) in self._stop or _is_letter(bare) else bare

    def _analyze(self, word: str) -> tuple[str, ...]:
        plain = self.plain(word)
        if not plain:
            return ()
        whole = stem(plain, self.lang)
        if not self._vocabulary:
            return (whole,)
        parts = split(fold(plain), lambda part: stem(part, self.lang) in self._vocabulary)
        return (whole, *(stem(part, self.lang) for part in parts))


@lru_cache(maxsize=65_536)
def stem(word: str, lang: str) -> str:
    """The stem of a word's lemma, folded; one form for all the forms of a word, as far as that goes."""
    if word.isdigit():
        return word
    # A stemmer keeps state while it works, so that one shared by threads would mix up their words.
    snowball = snowballstemmer.stemmer(_STEMMERS[lang])
    return fold(snowball.stemWord(_lemma(word, lang)))


def _lemma(word: str, lang: str) -> str:
    """The lemma's own lemma, until it stays: the tables hold boetes -> boete -> boeten, and fiets <-> fietsen."""
    seen = [word]
    while len(seen) <= _MOST_LEMMAS:
        lemma = simplemma.lemmatize(seen[-1], lang=lang).casefold().replace("_", "")
        if lemma in seen:
            return min(seen[seen.index(lemma) :], key=lambda form: (len(form), form))
        seen.append(lemma)
    return seen[-1]


@cache
def analyzer(lang: str) -> Analyzer:
    """The language's analyzer without a vocabulary of compounds; KeyError for a language not known."""
    return Analyzer(lang)


@cache
def _street(lang: str) -> Mapping[str, str]:
    table = tomllib.loads(Path(__file__).with_name("street.toml").read_text("utf-8"))[lang]
    pairs = (entry.partition("=") for group in table.values() for entry in group.split())
    return {fold(said): plain for said, _, plain in pairs}


def _is_letter(word: str) -> bool:
    return len(tokens(word)) == 1 and len(word.strip("'")) == 1 and not word.isdigit()
