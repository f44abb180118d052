"""A text's features, words with word pairs and character 3-5-grams, each as a 64-bit key with its word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kbengine.language import LANGUAGES, Analyzer, Concepts, fold, spans

Keys = NDArray[np.uint64]
Counts = NDArray[np.float32]
Indices = NDArray[np.int64]

MOST_CHARACTERS: Final = 20_000
_GRAMS: Final = (3, 4, 5)
# One odd 64-bit multiplier per place of a character in a gram, then a finisher that spreads the bits (splitmix64).
_PLACES: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0xD6E8FEB86659FD93], np.uint64
)
_SPREAD: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))

_NO_KEYS: Final = np.zeros(0, np.uint64)
_NO_PLACES: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one kind, distinct and sorted by key: how often each occurs and a word that holds it.

    `words` are positions in the text's own list of words.
    """

    keys: Keys
    counts: Counts
    words: Indices


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as the index reads it: its words as written, its word features and its character grams."""

    surfaces: tuple[str, ...]
    words: Features
    grams: Features


class Reader:
    """Reads texts of any of the languages, with the compounds and synonyms of one knowledge base."""

    def __init__(self, vocabulary: Mapping[str, Set[str]], concepts: Concepts | None = None) -> None:
        self._analyzers = {lang: Analyzer(lang, vocabulary.get(lang, frozenset())) for lang in LANGUAGES}
        self._concepts = concepts or Concepts.of(())

    def read(self, text: str, lang: str, spoken: str | None = None) -> Reading:
        """The features of a text, of which the first 20,000 characters count.

        `spoken`: the language whose synonyms it names, where its words are read as of another.
        """
        surfaces = tuple(word for word, _, _ in spans(text[:MOST_CHARACTERS]))
        return Reading(surfaces, self._words(surfaces, lang, spoken or lang), _grams(surfaces))

    def _words(self, surfaces: Sequence[str], lang: str, spoken: str) -> Features:
        analyzer = self._analyzers[lang]
        terms = [(term, place) for place, word in enumerate(surfaces) for term in analyzer.of_word(word)]
        pairs = [(f"{one} {two}", place) for (one, place), (two, _) in pairwise(terms)]
        groups = [(f"≈{name}", place) for name, place in self._concepts.named(surfaces, spoken)]
        features = [*terms, *pairs, *groups]
        keys = np.array([key_of(feature) for feature, _ in features], np.uint64)
        return _distinct(keys, np.array([place for _, place in features], np.int64))


def _grams(surfaces: Sequence[str]) -> Features:
    """The grams of the folded words set in spaces; a gram over two words counts for the first."""
    folded = [fold(word) for word in surfaces]
    text = f" {' '.join(folded)} "
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint64)
    place = np.repeat(np.arange(len(folded)), [len(word) + 1 for word in folded])
    place = np.concatenate((place[:1], place))
    keys, places = [], []
    for size in _GRAMS if folded else ():
        count = len(codes) - size + 1
        if count > 0:
            windows = np.lib.stride_tricks.sliding_window_view(codes, size)
            keys.append(_finish((windows * _PLACES[:size]).sum(axis=1, dtype=np.uint64)))
            places.append(place[1 : count + 1])
    return _distinct(np.concatenate([_NO_KEYS, *keys]), np.concatenate([_NO_PLACES, *places]))


def _finish(mixed: Keys) -> Keys:
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _SPREAD[0]
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SPREAD[1]
    return mixed ^ (mixed >> np.uint64(31))


def _distinct(keys: Keys, places: Indices) -> Features:
    distinct, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return Features(distinct, counts.astype(np.float32), places[first])


@lru_cache(maxsize=131_072)
def key_of(feature: str) -> int:
    """The 64-bit key of a word or a pair of words."""
    return int.from_bytes(blake2b(feature.encode("utf-8"), digest_size=8).digest(), "little")
