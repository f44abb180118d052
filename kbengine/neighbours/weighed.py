"""What the words of the texts of one language weigh: a word that stands in many sentences tells little."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kbengine.language import Analyzer, analyzer
from kbengine.neighbours.spoken import sentences_of
from kbengine.neighbours.values import Told

# As many sentences are thought to be there besides: what a handful of texts has once is not rare for that.
_UNSEEN = 300


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of words in one language; a compound counts as its parts too."""

    analyzer: Analyzer
    _terms: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def terms(self, words: tuple[str, ...]) -> frozenset[str]:
        """The terms of words as `language.spans` gives them."""
        found = self._terms.get(words)
        if found is None:
            found = self._terms[words] = frozenset(term for word in words for term in self.analyzer.of_word(word))
        return found

    def subjects(self, words: tuple[str, ...]) -> frozenset[str]:
        """The terms of whole words, without the parts of compounds."""
        return frozenset(terms[0] for word in words if (terms := self.analyzer.of_word(word)))


@dataclass(frozen=True, slots=True)
class Weights:
    """What each term weighs, and one that no text has."""

    known: Mapping[str, float]
    unknown: float

    def of(self, term: str) -> float:
        """The weight of a term."""
        return self.known.get(term, self.unknown)

    def total(self, terms: Iterable[str]) -> float:
        """What some terms weigh together."""
        return sum(self.known.get(term, self.unknown) for term in terms)


def lexicon_of(lang: str, texts: Iterable[Told]) -> Lexicon:
    """The lexicon in which compounds are split into words that these texts use."""
    words = {word for told in texts for _, sentence in sentences_of(told) for word in sentence.words}
    return _lexicon(lang, frozenset(term for word in words for term in analyzer(lang).of_word(word)))


@lru_cache(maxsize=8)
def _lexicon(lang: str, vocabulary: frozenset[str]) -> Lexicon:
    return Lexicon(Analyzer(lang, vocabulary))


def weights_of(texts: Iterable[Told], lexicon: Lexicon) -> Weights:
    """What the terms of some texts weigh: the fewer sentences have one, the more."""
    seen: Counter[str] = Counter()
    count = _UNSEEN
    for told in texts:
        for _, sentence in sentences_of(told):
            count += 1
            seen.update(lexicon.terms(sentence.words))
    known = {term: math.log(count / (times + 2)) for term, times in seen.items()}
    return Weights(known, math.log(count / 2))
