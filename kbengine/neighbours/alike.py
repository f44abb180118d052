"""How far two texts answer the same: by their words, by the sentences that say the same, by how people ask for them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kbengine.language import spans
from kbengine.neighbours.matching import Read, titles_apart
from kbengine.neighbours.spoken import sentences_of
from kbengine.neighbours.values import Near, Passage, Sentence, Sort, Told
from kbengine.neighbours.weighed import Lexicon, Weights

# From how much likeness on two texts answer the same, by their texts and by their questions; chosen on the first set
# of bench/neighbours.toml and on kb/.
_LINE: Final = 0.56
_ASKED: Final = 0.55
_LEAST: Final = 0.3
_TITLE: Final = 2.0
# Two sentences say the same from this share of their words on; of fewer words it says nothing.
_SAME: Final = 0.4
_FEWEST: Final = 2

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Shaped:
    """A text as what it is compared by: the weights of its terms and of those of its questions, both of length 1."""

    read: Read
    words: Vector
    asked: Vector
    title: frozenset[str]
    parts: tuple[tuple[int, Sentence, frozenset[str]], ...]


def shaped(read: Read, lexicon: Lexicon, weights: Weights) -> Shaped:
    """The shape of a text that was read."""
    told = read.told
    parts = tuple(
        (place, sentence, terms)
        for place, sentence in sentences_of(told)
        if len(terms := lexicon.terms(sentence.words)) >= _FEWEST
    )
    counted = Counter(term for _, _, terms in parts for term in terms)
    words = {term: (1 + math.log(times)) * weights.of(term) for term, times in counted.items()}
    for term in read.title:
        words[term] = words.get(term, 0.0) + _TITLE * weights.of(term)
    return Shaped(read, _unit(words), _asked(told.asked, lexicon, weights), _subjects(told, lexicon), parts)


def _asked(asked: Iterable[str], lexicon: Lexicon, weights: Weights) -> Vector:
    counted = Counter(term for text in asked for term in lexicon.terms(tuple(word for word, _, _ in spans(text))))
    return _unit({term: (1 + math.log(times)) * weights.of(term) for term, times in counted.items()})


def _subjects(told: Told, lexicon: Lexicon) -> frozenset[str]:
    return lexicon.subjects(tuple(word for word, _, _ in spans(told.title)))


def _unit(vector: Mapping[str, float]) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """How far two vectors of length 1 point the same way, from 0 to 1."""
    few, many = sorted((one, other), key=len)
    return sum(weight * many[term] for term, weight in few.items() if term in many)


def alike(one: Shaped, other: Shaped, weights: Weights) -> Near | None:
    """That two texts answer the same, with the passages that say the same; None when they do not."""
    asked, words = cosine(one.asked, other.asked), cosine(one.words, other.words)
    if words < _LEAST or titles_apart(one.read, other.read):
        return None
    here, there = _shared(one, other, weights), _shared(other, one, weights)
    score = (words + (here[0] + there[0]) / 2) / 2
    same_title = bool(one.title) and one.title == other.title
    if score < _LINE and not (score >= _LEAST and (asked >= _ASKED or same_title)):
        return None
    return Near(Sort.ALIKE, one.read.told, other.read.told, "alike", round(max(score, asked), 3), here[1], there[1])


def _shared(one: Shaped, other: Shaped, weights: Weights) -> tuple[float, tuple[Passage, ...]]:
    """Which share of the first variant of the one stands in the other too, and the passages of all that do."""
    whole = same = 0.0
    passages = []
    for place, sentence, terms in one.parts:
        heavy = weights.total(terms)
        found = any(_same(terms, others, weights) for _, _, others in other.parts)
        if found:
            passages.append(passage_of(one.read.told, place, sentence))
        if place == 0:
            whole += heavy
            same += heavy if found else 0.0
    return (same / whole if whole else 0.0), tuple(passages)


def _same(one: frozenset[str], other: frozenset[str], weights: Weights) -> bool:
    shared = one & other
    return bool(shared) and weights.total(shared) >= _SAME * weights.total(one | other)


def passage_of(told: Told, text: int, sentence: Sentence, mark: tuple[int, int] | None = None) -> Passage:
    """A sentence of a text as a passage; without a mark all of it is what matters."""
    start, end = sentence.start, sentence.end
    return Passage(text, start, end, *(mark or (start, end)), told.texts[text][start:end].strip())
