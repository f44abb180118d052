"""Likeness of meaning: the topics' texts as vectors, and what the vector of a message says about every topic.

A regularised least-squares fit (a Gaussian kernel over the texts, every topic of the same weight), solved in one go: no
rounds of training, no chance, and what it would have said had a text or a topic never been written follows from it too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float64]
Places = NDArray[np.int64]

# Chosen on questions left out of three English sets; a little more or less of either changes nothing that counts.
_NARROW: Final = 3.0
_PULL: Final = 0.1
# Up to so many texts the fit is exact. Above it conjugate gradients come as near as matters in these rounds, and what
# is left out is judged on so many texts only.
_EXACT: Final = 3_000
_ROUNDS: Final = 30
# Numbers in the largest array: 10,000 texts against one another, or against as many topics.
_MOST_CELLS: Final = 110_000_000
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Texts:
    """Vectors (one a row, length 1) with the topic each belongs to and what it counts for; `size` topics."""

    vectors: Vectors
    topics: Places
    counts: Scores
    size: int

    @property
    def fit_to_learn(self) -> bool:
        """Whether there is anything to learn from, and not more than fits in memory."""
        texts = len(self.vectors)
        return self.size > 1 and texts > 1 and texts * max(texts, self.size) <= _MOST_CELLS

    def some(self, places: Places) -> Texts:
        """Some of the texts."""
        return Texts(self.vectors[places], self.topics[places], self.counts[places], self.size)

    def centre(self) -> Vectors:
        """The middle of the topics' own middles: what all texts of this knowledge base have in common."""
        whole = np.bincount(self.topics, self.counts, self.size)
        sums = np.zeros((self.size, self.vectors.shape[1]))
        np.add.at(sums, self.topics, self.vectors * self.counts[:, None])
        held = whole > 0
        middle: Vectors = (sums[held] / whole[held, None]).mean(axis=0).astype(np.float32)
        return middle

    def pull(self) -> Scores:
        """How little each text is trusted: less for one that counts for less, or of a topic with many."""
        whole = np.bincount(self.topics, self.counts, self.size)
        fair = whole[whole > 0].mean() / whole[self.topics]
        pull: Scores = _PULL / (self.counts * fair)
        return pull

    def rights(self) -> Scores:
        """Per text and topic 1 where it belongs, 0 elsewhere; both less the mean."""
        rights = np.full((len(self.topics), self.size), -1.0 / self.size)
        rights[np.arange(len(self.topics)), self.topics] += 1.0
        return rights


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was learned: the texts around their `centre` (a row each), and what each says of every topic."""

    centre: Vectors
    rows: Vectors
    weights: Vectors

    @classmethod
    def of(cls, texts: Texts) -> Meaning:
        """Learns from texts; the same texts give the same numbers."""
        centre = texts.centre()
        rows = _around(centre, texts.vectors)
        likeness = _likeness(rows, rows)
        if len(rows) > _EXACT:
            weights = _nearly_solved(likeness, texts.pull(), texts.rights())
        else:
            weights = np.linalg.solve(likeness + np.diag(texts.pull()), texts.rights())
        return cls(centre, rows, weights.astype(np.float32))

    def scores(self, vector: Vectors) -> Scores:
        """What a message's vector says about every topic: about 1 for what is asked just so, 0 for what is far away."""
        likeness = _likeness(_around(self.centre, vector[None, :]), self.rows)
        return _rounded((likeness @ self.weights)[0].astype(np.float64))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a fit on some texts says of each of these, had it, or all of its topic, not been there.

    `places` are those of the texts, in order; scores are of every topic, or of every other one.
    """

    places: Places
    _topics: Places
    _inverse: Scores
    _weights: Scores
    _rights: Scores
    _at_once: Mapping[int, Scores]

    @classmethod
    def of(cls, texts: Texts, wanted: Sequence[int]) -> LeftOut:
        """Of the wanted texts, fewer than 3,000.

        With too many texts to take all, topics are left out of a fit on some, and the wanted texts out of one on all
        others, at once: so few of so many are hardly missed.
        """
        places, at_once = np.arange(len(texts.topics)), {}
        if len(places) > _EXACT:
            asked = np.unique(np.array(wanted, np.int64))
            others = np.setdiff1d(places, asked)
            rest = Meaning.of(texts.some(others))
            at_once = {place: rest.scores(texts.vectors[place]) for place in asked.tolist()}
            drawn = np.linspace(0, len(others) - 1, _EXACT - len(asked)).astype(np.int64)
            places = np.union1d(asked, others[drawn])
        some = texts.some(places)
        rows = _around(some.centre(), some.vectors)
        inverse = np.linalg.inv(_likeness(rows, rows) + np.diag(some.pull())).astype(np.float64)
        rights = some.rights()
        return cls(places, some.topics, inverse, inverse @ rights, rights, at_once)

    def without_text(self, place: int) -> Scores:
        """The scores of every topic for a text that had never been written."""
        if place in self._at_once:
            return self._at_once[place]
        row = int(np.searchsorted(self.places, place))
        return _rounded(self._rights[row] - self._weights[row] / self._inverse[row, row])

    def without_topic(self, place: int) -> Scores:
        """The scores of every other topic for a text whose topic had never been; later topics move up by one."""
        row = int(np.searchsorted(self.places, place))
        topic = self._topics[row]
        mine = np.flatnonzero(self._topics == topic)
        gone = np.linalg.solve(self._inverse[np.ix_(mine, mine)], self._weights[mine])
        scores = (self._rights[mine] - gone)[int(np.searchsorted(mine, row))]
        return _rounded(np.delete(scores, topic))


def _around(centre: Vectors, vectors: Vectors) -> Vectors:
    """Vectors as seen from the centre, each of length 1 again."""
    moved = vectors - centre
    around: Vectors = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return around


def _likeness(one: Vectors, other: Vectors) -> Vectors:
    """How alike each is to each: 1 for the same, near 0 for what has nothing in common."""
    likeness = one @ other.T
    likeness -= 1.0
    likeness *= _NARROW
    alike: Vectors = np.exp(likeness, out=likeness)
    return alike


def _rounded(scores: Scores) -> Scores:
    """Scores that no processor's arithmetic brings out of order."""
    rounded: Scores = np.round(scores, _DECIMALS)
    return rounded


def _nearly_solved(likeness: Vectors, pull: Scores, rights: Scores) -> Vectors:
    """The weights by conjugate gradients, every topic at once; scaled so that each text is pulled alike."""
    scale = np.sqrt(_PULL / pull).astype(np.float32)[:, None]
    rest = scale * rights.astype(np.float32)
    step, found = rest.copy(), np.zeros_like(rest)
    length = np.square(rest).sum(axis=0)
    for _ in range(_ROUNDS):
        image = scale * (likeness @ (scale * step)) + np.float32(_PULL) * step
        far = length / np.maximum((step * image).sum(axis=0), np.float32(1e-12))
        found += far * step
        rest -= far * image
        before, length = length, np.square(rest).sum(axis=0)
        step = rest + (length / np.maximum(before, np.float32(1e-12))) * step
    nearly: Vectors = scale * found
    return nearly
