"""Which topics hold which feature, and how often, while an index is made: BM25 before it is weighed.

BM25F over texts: each text's counts are first divided by its own length, so that a long answer does not drown the
questions beside it (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kbengine.suggest.features import Counts, Flags, Indices, Keys, Kinds, Reading
from kbengine.suggest.topk import Impacts, Topics, peaks, settled

Scores = NDArray[np.float64]

# How soon a feature that occurs again says nothing new; how far a text and a whole topic pay for their length; how
# many features an ordinary question has; what a kind of feature counts for beside a word. Somebody chose what a group
# of synonyms means, so that it says more. Chosen on questions left out of training sets; a little more or less of any
# changes little.
_SATURATION: Final = 3.0
_TEXT_LENGTH: Final = 0.75
_TOPIC_LENGTH: Final = 0.6
_ORDINARY: Final = 140.0
_SAYS: Final = np.array([1.0, 2.0, 1.0, 0.4, 0.45, 0.2])
_ROUNDING: Final = 1e-4
# Cells that are put in order at once.
_AT_ONCE: Final = 2_000_000


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
        return self.reading.counts * np.float32(self.weight / _text_norm(self.reading.counts.sum()))


@dataclass(frozen=True, slots=True)
class Held:
    """What one topic holds: features, distinct and sorted by key, of each its kind and count; `length` is their sum."""

    keys: Keys
    kinds: Kinds
    counts: Counts
    length: float

    @classmethod
    def of(cls, keys: Keys, kinds: Kinds, texts: Indices, weights: Sequence[float]) -> Held:
        """Features as often as they occur in which of a topic's texts, which count for so much."""
        each = (np.array(weights) / _text_norm(np.bincount(texts, minlength=len(weights))))[texts]
        order = keys.argsort(kind="stable")
        ordered = keys[order]
        starts = np.flatnonzero(np.concatenate((np.ones(min(len(keys), 1), bool), ordered[1:] != ordered[:-1])))
        if not len(starts):
            return cls(keys, kinds, np.zeros(0, np.float32), 0.0)
        counts = np.add.reduceat(each[order], starts).astype(np.float32)
        return cls(ordered[starts], np.minimum.reduceat(kinds[order], starts), counts, float(each.sum()))


@dataclass(frozen=True, slots=True)
class Cells:
    """Feature i (`keys`, sorted; of these `kinds`) is held by `topics` from `starts[i]` on, in `counts`.

    `lengths` are the topics' sums; `idf` is what each feature says by being rare.
    """

    keys: Keys
    kinds: Kinds
    starts: Indices
    topics: Topics
    counts: Counts
    lengths: Scores
    idf: Scores

    @classmethod
    def joined(cls, held: Sequence[Held]) -> Cells:
        """The cells of topics in their order; a range of keys at a time, so that little more is in memory than them."""
        whole = sum(len(topic.keys) for topic in held)
        edges = _edges(whole // _AT_ONCE)
        cuts = np.array([[0, *np.searchsorted(topic.keys, edges), len(topic.keys)] for topic in held], np.int64)
        topics, counts = np.empty(whole, np.int32), np.empty(whole, np.float32)
        keys, kinds, starts = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint8)], [np.zeros(0, np.int64)]
        done = 0
        for low, high in zip(cuts.T[:-1].tolist(), cuts.T[1:].tolist(), strict=True):
            part = np.concatenate(_cut([topic.keys for topic in held], low, high))
            if not len(part):
                continue
            order = part.argsort(kind="stable")
            part, until = part[order], done + len(part)
            owners = np.repeat(np.arange(len(held), dtype=np.int32), np.subtract(high, low))
            topics[done:until] = owners[order]
            counts[done:until] = np.concatenate(_cut([topic.counts for topic in held], low, high))[order]
            as_kinds = np.concatenate(_cut([topic.kinds for topic in held], low, high))[order]
            first = np.flatnonzero(np.concatenate(([True], part[1:] != part[:-1])))
            keys.append(part[first])
            kinds.append(np.minimum.reduceat(as_kinds, first))
            starts.append(first + done)
            done = until
        lengths = np.array([topic.length for topic in held], np.float64)
        bounds, every = np.append(np.concatenate(starts), whole), np.concatenate(kinds)
        rare = idf(np.diff(bounds), len(held), every)
        return cls(np.concatenate(keys), every, bounds, topics, counts, lengths, rare)

    @property
    def size(self) -> int:
        """The number of topics."""
        return len(self.lengths)

    @property
    def mean(self) -> float:
        """The mean length of the topics."""
        return float(self.lengths.mean()) if len(self.lengths) else 1.0

    def weights(self) -> Counts:
        """What each cell adds to the score of its topic."""
        weights, norm = np.empty(len(self.counts), np.float32), self._norms(self.lengths)
        rows = np.repeat(np.arange(len(self.keys), dtype=np.int32), np.diff(self.starts))
        for low in range(0, len(weights), _AT_ONCE):
            cut = slice(low, low + _AT_ONCE)
            weights[cut] = weighed(self.idf[rows[cut]], self.counts[cut], norm[self.topics[cut]])
        return weights

    def impacts(self, weights: Scores | Counts) -> Impacts:
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
        sought = np.tile(topics.astype(np.int32), len(rows))
        starts, ends = (np.repeat(self.starts[some], len(topics)) for some in (rows, rows + 1))
        at = _bisected(self.topics, starts, ends, sought)
        inside = at < ends
        at[~inside] = 0
        held = inside & (self.topics[at] == sought) if len(self.topics) else inside
        return at.reshape(len(rows), len(topics)), held.reshape(len(rows), len(topics))

    def without(self, topic: int, length: float, cells: Indices, rows: Indices, counts: Counts) -> Scores:
        """The weights of a topic's cells had a text so long never been written, of which `counts` are in them."""
        left = self.counts[cells].astype(np.float64) - counts
        # What is left of a subtraction of equal numbers is rounding.
        left[left < _ROUNDING] = 0.0
        norm = self._norms(self.lengths[topic : topic + 1] - length)
        return weighed(self.idf[rows], left, norm)

    def _norms(self, lengths: Scores) -> Scores:
        return norms(lengths, self.mean)


def weighed(rare: Scores, counts: Counts | Scores, norm: Scores) -> Scores:
    """What features add that say so much by being rare and occur so often, in topics of these norms."""
    weights: Scores = rare * counts * (_SATURATION + 1.0) / (counts + norm)
    return weights


def norms(lengths: Scores, mean: float) -> Scores:
    """How much of a feature counts half in topics of these lengths, when they are `mean` long on average."""
    return _SATURATION * (1.0 - _TOPIC_LENGTH + _TOPIC_LENGTH * lengths / (mean or 1.0))


def _cut(arrays: Sequence[Any], low: Sequence[int], high: Sequence[int]) -> list[Any]:
    """A stretch of each array; nothing of no arrays still can be joined."""
    return [np.zeros(0, np.uint8), *(array[a:b] for array, a, b in zip(arrays, low, high, strict=True))]


def _text_norm(length: Any) -> Any:
    """What an occurrence in a text of that many is divided by."""
    return 1.0 - _TEXT_LENGTH + _TEXT_LENGTH * length / _ORDINARY


def _bisected(topics: Topics, low: Indices, high: Indices, sought: Topics) -> Indices:
    """For each stretch of topics, ascending from `low` to before `high`, where the topic sought stands or would."""
    at, until, last = low.copy(), high, max(len(topics) - 1, 0)
    for _ in range(int((high - low).max(initial=0)).bit_length()):
        middle = (at + until) >> 1
        after = (at < until) & (topics[np.minimum(middle, last)] < sought)
        until = np.where(after, until, middle)
        at = np.where(after, middle + 1, at)
    return at


def _edges(ranges: int) -> Keys:
    """Where the keys are cut into so many ranges of the same width."""
    return np.array([part * (2**64 // max(ranges, 1)) for part in range(1, ranges)], np.uint64)


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
