"""Which topics hold which feature, and how often, while an index is made: BM25 before it is weighed.

BM25F over texts: each text's counts are first divided by its own length, so that a long answer does not drown the
questions beside it (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kbengine.suggest.features import Counts, Flags, Indices, Keys, Kinds, Reading
from kbengine.suggest.topk import Impacts, Topics, peaks, settled

Scores = NDArray[np.float64]

# How soon a feature that occurs again says nothing new; how far a text and a whole topic pay for their length; how
# many features an ordinary question has; what a gram counts for beside a word. Chosen on questions left out of
# training sets; a little more or less of any changes little.
_SATURATION: Final = 3.0
_TEXT_LENGTH: Final = 0.75
_TOPIC_LENGTH: Final = 0.4
_ORDINARY: Final = 140.0
_SAYS: Final = np.array([1.0, 1.0, 0.4, 0.5, 0.2])
_ROUNDING: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a topic (its place in the list): its language and words, what it counts for, and its reading."""

    topic: int
    lang: str
    text: str
    weight: float
    asked: bool
    reading: Reading

    @property
    def counts(self) -> Counts:
        """How often it holds each of its features, for its length."""
        length = float(self.reading.counts.sum())
        return self.reading.counts * np.float32(self.weight / (1.0 - _TEXT_LENGTH + _TEXT_LENGTH * length / _ORDINARY))


@dataclass(frozen=True, slots=True)
class Cells:
    """Feature i (`keys`, sorted; of these `kinds`) is held by `topics` from `starts[i]` on, in `counts`.

    `lengths` are the topics' sums; `places` names each cell by one number, row * size + topic, for looking it up;
    `idf` is what each feature says by being rare.
    """

    keys: Keys
    kinds: Kinds
    starts: Indices
    topics: Topics
    counts: Counts
    lengths: Scores
    places: Indices
    idf: Scores

    @classmethod
    def of(cls, texts: Sequence[Written], size: int) -> Cells:
        """The features of texts over `size` topics."""
        width = max(size, 1)
        keys = np.concatenate([np.zeros(0, np.uint64), *(text.reading.keys for text in texts)])
        kinds = np.concatenate([np.zeros(0, np.uint8), *(text.reading.kinds for text in texts)])
        held = np.array([len(text.reading.keys) for text in texts], np.int64)
        owners = np.repeat(np.array([text.topic for text in texts], np.int64), held)
        counts = np.concatenate([np.zeros(0, np.float32), *(text.counts for text in texts)])
        distinct, first, rows = np.unique(keys, return_index=True, return_inverse=True)
        places, cell = np.unique(rows * width + owners, return_inverse=True)
        starts = np.searchsorted(places, np.arange(len(distinct) + 1) * width).astype(np.int64)
        summed = np.bincount(cell, counts, len(places)).astype(np.float32)
        lengths = np.bincount(owners, counts, size).astype(np.float64)
        rare = idf(np.diff(starts), size, kinds[first])
        return cls(distinct, kinds[first], starts, (places % width).astype(np.int32), summed, lengths, places, rare)

    @property
    def size(self) -> int:
        """The number of topics."""
        return len(self.lengths)

    def weights(self) -> Scores:
        """What each cell adds to the score of its topic."""
        held = np.diff(self.starts)
        saturated = self.counts * (_SATURATION + 1.0) / (self.counts + self._norms(self.lengths)[self.topics])
        weights: Scores = np.repeat(self.idf, held) * saturated
        return weights

    def impacts(self, weights: Scores) -> Impacts:
        """The cells as messages meet them; what would count against a topic is left out."""
        settled_weights = settled(np.maximum(weights, 0.0))
        return Impacts(self.starts, self.topics, settled_weights, peaks(self.starts, settled_weights), self.size)

    def rows(self, keys: Keys) -> tuple[Indices, Flags]:
        """The row of each key, and whether it has one."""
        return look_up(self.keys, keys)

    def said(self, rows: Indices, known: Flags, kinds: Kinds) -> Scores:
        """How much each feature of a text could say; one that no topic holds could say most."""
        could = idf(np.zeros(len(known), np.int64), self.size, kinds)
        could[known] = self.idf[rows]
        return could

    def find(self, rows: Indices, topics: Topics | Indices) -> tuple[Indices, Flags]:
        """For each pair of a row and a topic its cell, and whether there is one: rows by topics."""
        sought = rows[:, None] * max(self.size, 1) + topics[None, :].astype(np.int64)
        at = np.minimum(np.searchsorted(self.places, sought.ravel()), max(len(self.places) - 1, 0)).reshape(
            sought.shape
        )
        return at, self.places[at] == sought if len(self.places) else np.zeros(sought.shape, bool)

    def without(self, text: Written, cells: Indices, rows: Indices, counts: Counts) -> Scores:
        """The weights of a text's own cells (`counts` of it are in them) had it never been written."""
        left = self.counts[cells].astype(np.float64) - counts
        # What is left of a subtraction of equal numbers is rounding.
        left[left < _ROUNDING] = 0.0
        norm = self._norms(self.lengths[text.topic : text.topic + 1] - float(text.counts.sum()))
        weights: Scores = self.idf[rows] * left * (_SATURATION + 1.0) / (left + norm)
        return weights

    def _norms(self, lengths: Scores) -> Scores:
        mean = float(self.lengths.mean()) if len(self.lengths) else 1.0
        return _SATURATION * (1.0 - _TOPIC_LENGTH + _TOPIC_LENGTH * lengths / (mean or 1.0))


def idf(held: Indices, size: int, kinds: Kinds) -> Scores:
    """What features say that `held` of `size` topics hold; not every kind says as much."""
    said: Scores = np.log1p((size - held + 0.5) / (held + 0.5)) * _SAYS[kinds]
    return said


def look_up(index: Keys, keys: Keys) -> tuple[Indices, Flags]:
    """The row of each key in a sorted index, and whether it is there."""
    if not len(index):
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    rows = np.minimum(np.searchsorted(index, keys), len(index) - 1)
    return rows, index[rows] == keys
