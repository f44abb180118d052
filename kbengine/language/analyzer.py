"""Text to terms: one analyzer per language, the same for what is indexed and for what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Final

import snowballstemmer

from kbengine.language.compounds import split
from kbengine.language.lemmas import is_word, lemma
from kbengine.language.spelt import as_spelt
from kbengine.language.tokens import fold, spans
from kbengine.language.words import TABLES_DIGEST, small_words, street

# Part of an index's metadata: terms made by another version do not meet.
ANALYZER_VERSION: Final = (
    f"3-{TABLES_DIGEST} snowballstemmer-{version('snowballstemmer')} simplemma-{version('simplemma')}"
)

_STEMMERS: Final[Mapping[str, str]] = {"nl": "dutch", "fr": "french", "en": "english", "de": "german"}
_COMPOUNDING: Final = frozenset({"nl", "de"})
# What loses its vowel before the next word: French in print, Dutch in messages.
_ELIDED: Final[Mapping[str, frozenset[str]]] = {
    "fr": frozenset({"l", "d", "j", "m", "t", "s", "c", "n", "qu"}),
    "nl": frozenset({"k", "g", "t", "d", "z", "m"}),
}
# Nobody writes a longer word; somebody pastes a longer string.
LONGEST: Final = 48


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
        small_words(lang)
        self.lang = lang
        self._cached = _remembering(lang, vocabulary if lang in _COMPOUNDING else frozenset())

    def terms(self, text: str) -> tuple[Term, ...]:
        """The terms of a text in order; a compound yields itself and then its parts, a stop word nothing."""
        return tuple(Term(word, term, start, end) for word, start, end in spans(text) for term in self.of_word(word))

    def of_word(self, word: str) -> tuple[str, ...]:
        """The terms of one word as `tokens` gives it; () for a stop word."""
        return self._cached(_cut(word))

    def plain(self, word: str) -> str:
        """A word in plain spelling, elisions dropped (`velo` is `fiets`); "" when it carries no subject."""
        return _plain(_cut(word), self.lang)


def _cut(word: str) -> str:
    return word if len(word) <= LONGEST else word[:LONGEST]


def _remembering(lang: str, vocabulary: Set[str]) -> Callable[[str], tuple[str, ...]]:
    """The terms of a word of a language, kept for the words met last."""

    @lru_cache(maxsize=65_536)
    def of_word(word: str) -> tuple[str, ...]:
        negation = ("ne",) if lang == "fr" and word.startswith("n'") else ()
        plain = _plain(word, lang)
        if not plain:
            return negation
        parts = split(plain, lambda part: _is_part(part, lang, vocabulary)) if vocabulary else ()
        return (*negation, stem(plain, lang), *(_term(part, lang) for part in parts))

    return of_word


def _is_part(part: str, lang: str, vocabulary: Set[str]) -> bool:
    """Whether a compound may have this part: a word, not a mere stretch of letters, of which the term is known."""
    return (fold(part) in vocabulary or is_word(part, lang)) and _term(part, lang) in vocabulary


def _term(part: str, lang: str) -> str:
    """The term of a part; "" for a small word, which opens many words that are no compounds: voor, tegen, onder."""
    plain = "" if part in small_words(lang, "keep", "begin") else _plain(part, lang)
    return stem(plain, lang) if plain else ""


@lru_cache(maxsize=65_536)
def _plain(word: str, lang: str) -> str:
    bare = _bare(word, lang)
    said = _said(bare, lang)
    # Only what is no small word, and not the street's, is looked up.
    if said == bare and (spelt := as_spelt(bare, lang)) != bare:
        said = _said(spelt, lang)
    return "" if _is_letter(said) else said


def _said(word: str, lang: str) -> str:
    """What a word of the street stands for; "" for a small word."""
    said = street(lang).get(fold(word), word)
    return "" if fold(said) in _stop(lang) else said


def _bare(word: str, lang: str) -> str:
    """A word without what is grown onto it: `l'amende`, `k'heb`, `foto's`; English `n't` is a word of its own."""
    if "'" not in word:
        return word
    head, _, tail = word.partition("'")
    if lang == "en" and word.endswith("n't"):
        return "not"
    if head in _ELIDED.get(lang, ()) and len(tail) > 1:
        return tail
    if lang != "fr" and word.endswith("'s"):
        return word[:-2]
    return word


@cache
def _stop(lang: str) -> frozenset[str]:
    return frozenset(fold(word) for word in small_words(lang, "stop"))


@lru_cache(maxsize=65_536)
def stem(word: str, lang: str) -> str:
    """The stem of a word's lemma, folded; one form for all the forms of a word, as far as that goes."""
    if word.isdigit():
        return word
    # A stemmer keeps state while it works, so that one shared by threads would mix up their words.
    snowball = snowballstemmer.stemmer(_STEMMERS[lang])
    return fold(snowball.stemWord(lemma(word, lang)))


@cache
def analyzer(lang: str) -> Analyzer:
    """The language's analyzer without a vocabulary of compounds; KeyError for a language not known."""
    return Analyzer(lang)


def _is_letter(word: str) -> bool:
    return len(word.strip("'")) <= 1 and not word.isdigit()
