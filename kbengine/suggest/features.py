"""A text's features as 64-bit keys: its words, which of them stand together, its synonyms, and grams of characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kbengine.language import LANGUAGES, Analyzer, Concepts, Spelling, fold, is_word, small_words, tokens

Keys = NDArray[np.uint64]
Counts = NDArray[np.float32]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]
Kinds = NDArray[np.uint8]

# Of a word that carries a subject; of a group of synonyms; of two words or groups; of a small word, or of two; and
# the grams of each word.
TERM, CONCEPT, PAIR, SMALL, GRAM, SMALL_GRAM = range(6)

MOST_CHARACTERS: Final = 20_000
# Texts that are read together.
_AT_ONCE: Final = 256
_GRAMS: Final = (3, 4, 5)
# So many words apart two groups of synonyms still belong together.
_NEAR: Final = 8
# One odd 64-bit multiplier per place in a gram or pair, then a finisher that spreads the bits (splitmix64).
_PLACES: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0xD6E8FEB86659FD93], np.uint64
)
_SPREAD: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
# What keeps two words that follow each other apart from two with one between.
_BESIDE, _ACROSS = np.uint64(1), np.uint64(2)
# What keeps a gram of a small word apart from the same letters in a word that carries a subject.
_OF_SMALL: Final = np.uint64(0xA24BAED4963EE407)


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as the index reads it: its words as written, and its features, distinct and sorted by key.

    Of each feature: how often it occurs, the place of a word that holds it, and its kind.
    """

    surfaces: tuple[str, ...]
    keys: Keys
    counts: Counts
    places: Indices
    kinds: Kinds

    @property
    def terms(self) -> Flags:
        """Which features are terms, of words that carry a subject or of their synonyms."""
        terms: Flags = self.kinds <= CONCEPT
        return terms

    @property
    def grams(self) -> Flags:
        """Which features are grams of characters."""
        grams: Flags = self.kinds >= GRAM
        return grams


class Reader:
    """Reads texts of any of the languages, with the compounds and synonyms of one knowledge base."""

    def __init__(self, vocabulary: Mapping[str, Set[str]], concepts: Concepts | None = None) -> None:
        self._analyzers = {lang: Analyzer(lang, vocabulary.get(lang, frozenset())) for lang in LANGUAGES}
        self._spelling = {lang: Spelling.of(vocabulary.get(lang, ())) for lang in LANGUAGES}
        self._concepts = concepts or Concepts.of(())
        self._word = lru_cache(maxsize=65_536)(self._read_word)

    def read(self, text: str, lang: str, spoken: str | None = None) -> Reading:
        """The features of a text, of which the first 20,000 characters count.

        `spoken`: the language whose synonyms it names, where its words are read as of another.
        """
        surfaces = tokens(text[:MOST_CHARACTERS])
        words = [self._word(word, lang) for word in surfaces]
        named = self._concepts.named(surfaces, spoken or lang)
        of_word = np.zeros(len(words), np.int64)
        keys, kinds, places = _with(_features(words, of_word), named, of_word)
        distinct, where, counts = np.unique(keys, return_index=True, return_counts=True)
        return Reading(surfaces, distinct, counts.astype(np.float32), places[where], kinds[where])

    def read_all(self, texts: Sequence[tuple[str, str]]) -> Iterator[Reading]:
        """The features of texts (their words and language), each as `read` has them; together they take far less."""
        for start in range(0, len(texts), _AT_ONCE):
            surfaces, of_word, (keys, kinds, places) = self._together(texts[start : start + _AT_ONCE])
            text = of_word[places]
            # Stable, so that of what occurs again the first place is kept, as `read` keeps it.
            order = np.lexsort((keys, text))
            keys, text = keys[order], text[order]
            new = (keys[1:] != keys[:-1]) | (text[1:] != text[:-1])
            first = np.flatnonzero(np.concatenate((np.ones(min(len(keys), 1), bool), new)))
            counts = np.diff(first, append=len(keys)).astype(np.float32)
            keys, text, kept = keys[first], text[first], order[first]
            edges = np.searchsorted(text, np.arange(len(surfaces) + 1)).tolist()
            begins = np.searchsorted(of_word, np.arange(len(surfaces))).tolist()
            for at, low, high, begin in zip(surfaces, edges, edges[1:], begins, strict=False):
                here = kept[low:high]
                yield Reading(at, keys[low:high], counts[low:high], places[here] - begin, kinds[here])

    def occurrences(self, texts: Sequence[tuple[str, str]]) -> tuple[Keys, Kinds, Indices]:
        """The features of texts (their words and language), each as often as it occurs: its key, its kind, its text."""
        _, of_word, (keys, kinds, places) = self._together(texts)
        return keys, kinds, of_word[places]

    def _together(self, texts: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, ...]], Indices, _Features]:
        """Texts one after the other: the words of each, of every word its text, and all their features."""
        every: list[tuple[str, ...]] = []
        words: list[_Word] = []
        named: list[tuple[str, int]] = []
        for text, lang in texts:
            surfaces = tokens(text[:MOST_CHARACTERS])
            named += [(name, len(words) + place) for name, place in self._concepts.named(surfaces, lang)]
            words += [self._word(word, lang) for word in surfaces]
            every.append(surfaces)
        of_word = np.repeat(np.arange(len(texts)), [len(surfaces) for surfaces in every])
        return every, of_word, _with(_features(words, of_word), named, of_word)

    def _read_word(self, word: str, lang: str) -> _Word:
        terms = self._analyzers[lang].of_word(word)
        if not terms:
            return _Word((key_of(f"·{fold(word)}"),), False, False, _grams(word) ^ _OF_SMALL)
        # A question word or a negation tells two questions apart, but not what they are about.
        full = fold(word) not in _turning(lang)
        meant = None if is_word(word, lang) else self._spelling[lang].nearest(terms[0])
        terms = (*terms, meant) if meant else terms
        return _Word(
            tuple(key_of(term) for term in terms), True, full, _grams(word) if full else _grams(word) ^ _OF_SMALL
        )


@dataclass(frozen=True, slots=True)
class _Word:
    """The keys of a word's terms and of its grams; whether it counts in pairs, and whether it carries a subject."""

    keys: tuple[int, ...]
    paired: bool
    full: bool
    grams: Keys


@cache
def _turning(lang: str) -> frozenset[str]:
    return frozenset(fold(word) for word in small_words(lang, "keep"))


# Keys, kinds, and of each the place of a word that holds it.
_Features = tuple[Keys, Kinds, Indices]


def _features(words: Sequence[_Word], texts: Indices) -> _Features:
    """The features of words in their order, `texts` saying which text each stands in: keys, kinds, a word of each."""
    small, at = np.array([not word.full for word in words], bool), np.arange(len(words))
    terms = np.array([key for word in words for key in word.keys], np.uint64)
    of_term = np.repeat(at, [len(word.keys) for word in words])
    of_gram = np.repeat(at, [len(word.grams) for word in words])
    pairs, first, second = _pairs(words, texts)
    kinds = (
        np.where(small[of_term], SMALL, TERM),
        np.where(small[first] & small[second], SMALL, PAIR),
        np.where(small[of_gram], SMALL_GRAM, GRAM),
    )
    keys = np.concatenate((terms, pairs, *(word.grams for word in words)))
    return keys, np.concatenate(kinds).astype(np.uint8), np.concatenate((of_term, first, of_gram))


def _with(features: _Features, named: Sequence[tuple[str, int]], texts: Indices) -> _Features:
    """Features and the groups of synonyms that are named, each with a place, and which of these stand together.

    `texts` says which text each word stands in.
    """
    if not named:
        return features
    keys, kinds, places = features
    beside = list(_near_each_other(named, texts))
    names = [*(f"≈{name}" for name, _ in named), *(f"≈{one}≈{other}" for one, other, _ in beside)]
    return (
        np.concatenate((keys, np.array([key_of(name) for name in names], np.uint64))),
        np.concatenate((kinds, np.repeat(np.array([CONCEPT, PAIR], np.uint8), [len(named), len(beside)]))),
        np.concatenate((places, np.array([place for *_, place in (*named, *beside)], np.int64))),
    )


def _near_each_other(named: Sequence[tuple[str, int]], texts: Indices) -> Iterator[tuple[str, str, int]]:
    """Each two groups that a text names near each other, whatever their order, with the place of the first."""
    ordered = sorted(named, key=lambda group: group[1])
    for at, (one, place) in enumerate(ordered):
        for other, further in islice(ordered, at + 1, None):
            if further - place > _NEAR or texts[further] != texts[place]:
                break
            if other != one:
                yield min(one, other), max(one, other), place


def _pairs(words: Sequence[_Word], texts: Indices) -> tuple[Keys, Indices, Indices]:
    """The keys of words beside each other, with and without the small words between, and across one other word.

    Of each: the places of its two words, which stand in the same text.
    """
    keys = np.array([word.keys[0] for word in words], np.uint64)
    full = np.flatnonzero(np.array([word.paired for word in words], bool))
    beside = np.flatnonzero(texts[1:] == texts[:-1])
    one, two = (texts[full[far:]] == texts[full[:-far]] for far in (1, 2))
    first = np.concatenate((beside, full[:-1][one], full[:-2][two]))
    second = np.concatenate((beside + 1, full[1:][one], full[2:][two]))
    across = np.count_nonzero(two)
    how = np.repeat((_BESIDE, _ACROSS), (len(first) - across, across))
    return _mixed(keys[first], keys[second], how), first, second


def _mixed(one: Keys, two: Keys, how: Keys) -> Keys:
    return _finish(one * _PLACES[0] + two * _PLACES[1] + how * _PLACES[2])


@lru_cache(maxsize=65_536)
def _grams(word: str) -> Keys:
    """The grams of a folded word between spaces."""
    codes = np.frombuffer(f" {fold(word)} ".encode("utf-32-le"), "<u4").astype(np.uint64)
    summed, keys = codes * _PLACES[0], [np.zeros(0, np.uint64)]
    for size in range(2, min(_GRAMS[-1], len(codes)) + 1):
        summed = summed[:-1] + codes[size - 1 :] * _PLACES[size - 1]
        if size in _GRAMS:
            keys.append(summed)
    return _finish(np.concatenate(keys))


def _finish(mixed: Keys) -> Keys:
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _SPREAD[0]
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SPREAD[1]
    return mixed ^ (mixed >> np.uint64(31))


@lru_cache(maxsize=131_072)
def key_of(feature: str) -> int:
    """The 64-bit key of a word."""
    return int.from_bytes(blake2b(feature.encode("utf-8"), digest_size=8).digest(), "little")
