"""Which topics hold which feature and how much it says there: BM25 as arrays that workers map into memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kbengine.suggest.features import Counts, Features, Indices, Keys

Scores = NDArray[np.float64]
Topics = NDArray[np.int32]

# How soon a feature that occurs again says nothing new, and how far a long article pays for its length.
_SATURATION: Final = 3.0
_LENGTH: Final = 0.75
# What is read for one message at most, rarest first: known features, and postings in all. The second is met only
# in an index of many thousands of articles.
_MOST_FEATURES: Final = 1_024
_MOST_POSTINGS: Final = 300_000
_ROUNDING: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Found:
    """A message's features in an index: per posting its feature (place in the message), topic and weight.

    `idf` has a number for each feature of the message, also for one that no topic holds.
    """

    rows: Indices
    topics: NDArray[np.integer]
    weights: Counts | Scores
    idf: Scores
    size: int

    def scores(self) -> Scores:
        """The score of every topic."""
        return np.bincount(self.topics, self.weights, self.size).astype(np.float64)

    def share(self, topic: int) -> float:
        """How much of the message the topic explains, 0 to 1; rare features count for more."""
        whole = float(self.idf.sum())
        mine = self.rows[(self.topics == topic) & (self.weights > 0)]
        return float(self.idf[mine].sum()) / whole if whole else 0.0

    def parts(self, topic: int) -> Scores:
        """What each feature of the message adds to the topic's score."""
        mine = self.topics == topic
        return np.bincount(self.rows[mine], self.weights[mine], len(self.idf)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Postings:
    """One kind of feature over all topics, sorted by key: row i is `topics` and `weights` from `starts[i]` on."""

    keys: Keys
    starts: Indices
    topics: Topics
    weights: Counts
    size: int

    def find(self, keys: Keys, most: int = _MOST_FEATURES) -> Found:
        """What the index holds of a message's features, of `most` known ones at most."""
        at, held = _look_up(self.keys, self.starts, keys)
        idf = _idf(held, self.size)
        order = np.argsort(held, kind="stable")
        order = order[held[order] > 0]
        dropped = (np.arange(len(order)) >= most) | (np.cumsum(held[order]) > _MOST_POSTINGS)
        held[order[dropped]] = 0
        idf[order[dropped]] = 0.0
        rows, places = _spread(at, held)
        return Found(rows, self.topics[places], self.weights[places], idf, self.size)


@dataclass(frozen=True, slots=True)
class Counted:
    """Postings while they are made: counts instead of weights, so that a text can be taken out again."""

    keys: Keys
    starts: Indices
    topics: Topics
    counts: Counts
    lengths: Counts

    @classmethod
    def of(cls, texts: Sequence[tuple[int, float, Features]], size: int) -> Counted:
        """The features of texts (topic, what the text counts for, its features) over `size` topics."""
        width = max(size, 1)
        keys = np.concatenate([np.zeros(0, np.uint64), *(features.keys for _, _, features in texts)])
        owners = np.repeat(
            np.array([topic for topic, _, _ in texts], np.int64),
            np.array([len(features.keys) for _, _, features in texts], np.int64),
        )
        counts = np.concatenate([np.zeros(0), *(features.counts * weight for _, weight, features in texts)])
        distinct, rows = np.unique(keys, return_inverse=True)
        cells, cell = np.unique(rows * width + owners, return_inverse=True)
        starts = np.searchsorted(cells, np.arange(len(distinct) + 1) * width).astype(np.int64)
        summed = np.bincount(cell, counts, len(cells)).astype(np.float32)
        lengths = np.bincount(owners, counts, size).astype(np.float32)
        return cls(distinct, starts, (cells % width).astype(np.int32), summed, lengths)

    def postings(self) -> Postings:
        """The postings as messages meet them, weighed once and for all."""
        held = np.diff(self.starts)
        idf = _idf(held, len(self.lengths))
        weights = np.repeat(idf, held) * _saturated(self.topics, self.counts, self.lengths)
        return Postings(self.keys, self.starts, self.topics, weights.astype(np.float32), len(self.lengths))

    def find_without_text(self, text: Features, topic: int, count: float) -> Found:
        """What the index would hold of a text had its topic never had it; `count` is what it counted for."""
        at, held = _look_up(self.keys, self.starts, text.keys)
        rows, places = _spread(at, held)
        topics, counts = self.topics[places], self.counts[places].astype(np.float64)
        mine = topics == topic
        counts[mine] -= text.counts[rows[mine]] * count
        # What is left of a subtraction of equal numbers is rounding.
        counts[counts < _ROUNDING] = 0.0
        lengths = self.lengths.copy()
        lengths[topic] -= text.counts.sum() * count
        idf = _idf(held - np.bincount(rows[mine & (counts == 0.0)], minlength=len(held)), len(lengths))
        return Found(rows, topics, idf[rows] * _saturated(topics, counts, lengths), idf, len(lengths))

    def find_without_topic(self, text: Features, topic: int) -> Found:
        """What the index would hold of a text had its topic never been; the topics after it move up by one."""
        at, held = _look_up(self.keys, self.starts, text.keys)
        rows, places = _spread(at, held)
        topics = self.topics[places]
        others = topics != topic
        lengths = np.delete(self.lengths, topic)
        idf = _idf(held - np.bincount(rows[~others], minlength=len(held)), len(lengths))
        rows, topics = rows[others], topics[others] - (topics[others] > topic)
        weights = idf[rows] * _saturated(topics, self.counts[places[others]], lengths)
        return Found(rows, topics, weights, idf, len(lengths))


def _saturated(topics: Topics, counts: Counts | Scores, lengths: Counts) -> Scores:
    mean = float(lengths.mean()) if len(lengths) else 1.0
    norms = _SATURATION * (1.0 - _LENGTH + _LENGTH * lengths / (mean or 1.0))
    return counts * (_SATURATION + 1.0) / (counts + norms[topics])


def _idf(held: Indices, size: int) -> Scores:
    return np.log1p((size - held + 0.5) / (held + 0.5))


def _look_up(index: Keys, starts: Indices, keys: Keys) -> tuple[Indices, Indices]:
    """Where each key's postings begin and how many there are."""
    if not len(index):
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    row = np.minimum(np.searchsorted(index, keys), len(index) - 1)
    return starts[row], np.where(index[row] == keys, starts[row + 1] - starts[row], 0)


def _spread(at: Indices, held: Indices) -> tuple[Indices, Indices]:
    """Per posting: the place of its feature in the message, and its own place in the index."""
    rows = np.repeat(np.arange(len(held)), held)
    first = np.cumsum(held) - held
    return rows, np.arange(len(rows)) - first[rows] + at[rows]
