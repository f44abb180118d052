"""What a knowledge base's own questions teach its index: each is asked as if it had never been written.

A cell (a feature that a topic holds) whose weight sends questions astray is pulled down, one that sends them home is
pushed up: a multinomial logistic regression that starts from the scores of BM25 and is held to them, over the cells
there are and the topics that come near, so that an index grows no larger or slower by what it learns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kbengine.suggest.asking import Asked
from kbengine.suggest.cells import Cells, Scores, Written
from kbengine.suggest.evidence import Evidence
from kbengine.suggest.features import Counts, Flags, Indices

# Questions that are learned from at most, and that times the number of topics: what keeps building fast.
_MOST_QUESTIONS: Final = 20_000
_MOST_WORK: Final = 2_000_000
# Fewer than this teach nothing that would hold for the next.
_FEWEST: Final = 40
# How hard a lesson is held to what the counts say: harder, the fewer questions a topic has.
_PULL: Final = 5.0
_PULLS: Final = (0.3, 5.0)
_ROUNDS: Final = 12
_FEW_ENTRIES: Final = 8_000_000
_REACH: Final = 1.4
_WARMTHS: Final = np.geomspace(0.01, 1.0, 41)
UNTAUGHT_WARMTH: Final = 0.07
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned: what each cell adds beside its own weight, and what a difference in score means as odds.

    `halves`: what each half of the questions alone would have taught; the other half is judged by it.
    """

    added: Counts
    warmth: float
    halves: tuple[Counts, Counts]


def chosen(questions: Sequence[int], size: int) -> list[int]:
    """The questions that are learned from: all, or so many of them evenly."""
    most = min(_MOST_QUESTIONS, _MOST_WORK // max(size, 1))
    return [questions[place] for place in evenly(len(questions), most)]


def evenly(count: int, most: int) -> list[int]:
    """Places from 0 to `count`, `most` of them at most, the same distance apart."""
    wanted = min(count, most)
    return np.unique(np.linspace(0, count - 1, wanted).astype(int)).tolist() if wanted else []


def learn(cells: Cells, asked: Sequence[Asked]) -> Lesson:
    """What these questions teach; nothing when they are few."""
    nothing = np.zeros(len(cells.counts), np.float32)
    if len(asked) < _FEWEST or cells.size < 2:
        return Lesson(nothing, UNTAUGHT_WARMTH, (nothing, nothing))
    task = _Task.of(cells, asked)
    warmth = task.warmest()
    halves = [np.array([half_of(one.text) == half for one in asked]) for half in (0, 1)]
    whole, first, second = (task.taught(some, warmth, cells) for some in (np.ones(len(asked), bool), *halves))
    return Lesson(whole, warmth, (first, second))


def added(cells: Cells, asked: Sequence[Asked]) -> Counts:
    """What these questions teach each cell, as `learn` has it, without what half of them would."""
    if len(asked) < _FEWEST or cells.size < 2:
        return np.zeros(len(cells.counts), np.float32)
    task = _Task.of(cells, asked)
    return task.taught(np.ones(len(asked), bool), task.warmest(), cells)


def half_of(text: Written) -> int:
    """Which half of the questions one belongs to: always the same, whatever others come and go."""
    return blake2b(text.text.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % 2


def evidence(cells: Cells, asked: Asked, lesson: Lesson, referrals: Flags) -> Evidence:
    """What a question finds, by what the other half of the questions taught, among topics of which some refer."""
    added = lesson.halves[1 - half_of(asked.text)]
    parts = np.zeros((len(asked.known), len(asked.topics)))
    parts[asked.known] = np.maximum(asked.parts + np.where(asked.held, added[asked.cells], 0.0), 0.0)
    reading = asked.text.reading
    could = cells.said(asked.rows, asked.known, reading.kinds)
    return Evidence(asked.topics, parts, could, reading.kinds, lesson.warmth, referrals)


@dataclass(frozen=True, slots=True)
class _Task:
    """The questions as one list of entries: each adds `value` times its cell's lesson to the score of its pair.

    A pair is a question with one of its topics; `starts` are the questions' first pairs, which are the right ones.
    """

    scores: Scores
    starts: Indices
    pairs: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    cells: Indices
    reach: Scores

    @classmethod
    def of(cls, cells: Cells, asked: Sequence[Asked]) -> _Task:
        reach = np.sqrt(cells.idf)
        reach *= _REACH / np.mean([np.sqrt(np.sum(reach[one.rows] ** 2)) for one in asked])
        starts = np.concatenate(([0], np.cumsum([len(one.topics) for one in asked])))
        pairs, found, values = [], [], []
        for start, one in zip(starts.tolist(), asked, strict=False):
            row, column = np.nonzero(one.held)
            pairs.append((start + column).astype(np.int32))
            found.append(one.cells[row, column])
            values.append(reach[one.rows[row]].astype(np.float32))
        every, taught = np.concatenate(found), np.zeros(len(cells.counts), bool)
        taught[every] = True
        distinct, columns = np.flatnonzero(taught), (taught.cumsum(dtype=np.int32) - 1)[every]
        per_cell = np.repeat(reach, np.diff(cells.starts))[distinct]
        scores = np.concatenate([one.parts.sum(axis=0) for one in asked])
        entries = np.concatenate(pairs), columns.astype(np.int32, copy=False), np.concatenate(values)
        return cls(scores, starts, *entries, distinct, per_cell)

    @property
    def width(self) -> int:
        """The number of cells that anything can be learned about."""
        return len(self.cells)

    def warmest(self) -> float:
        """What the scores as they are mean as odds."""
        every = np.ones(len(self.starts) - 1, bool)
        losses = [self.loss(every, float(warmth), None) for warmth in _WARMTHS]
        return float(_WARMTHS[int(np.argmin(losses))])

    def loss(self, which: Flags, warmth: float, lesson: Scores | None) -> float:
        """What the scores get wrong about some of the questions."""
        scores = warmth * self.scores
        if lesson is not None:
            scores = scores + np.bincount(self.pairs, self.values * lesson[self.columns], len(scores))
        return float(self._surprise(scores)[1][which].sum())

    def _surprise(self, scores: Scores) -> tuple[Scores, Scores]:
        """Per pair its share, per question how surprising the right topic is."""
        sizes = np.diff(self.starts)
        scores = scores - np.repeat(np.maximum.reduceat(scores, self.starts[:-1]), sizes)
        heat = np.exp(scores)
        whole = np.add.reduceat(heat, self.starts[:-1])
        return heat / np.repeat(whole, sizes), np.log(whole) - scores[self.starts[:-1]]

    def fit(self, which: Flags, warmth: float, pull: float) -> Scores:
        """The lesson of some of the questions."""
        sizes = np.diff(self.starts)
        kept = np.repeat(which, sizes)
        entry = kept[self.pairs]
        pairs, columns, values = self.pairs[entry], self.columns[entry], self.values[entry]
        if len(pairs) <= _FEW_ENTRIES:
            # The types that they are counted in: of more the memory would weigh more than the time.
            pairs, columns, values = pairs.astype(np.intp), columns.astype(np.intp), values.astype(np.float64)
        scores, right = warmth * self.scores, np.zeros(len(self.scores))
        right[self.starts[:-1]] = 1.0

        def surprise(lesson: Scores) -> tuple[float, Scores]:
            shares, lost = self._surprise(scores + np.bincount(pairs, values * lesson[columns], len(scores)))
            off = np.where(kept, shares - right, 0.0)
            slope = np.bincount(columns, values * off[pairs], self.width) + pull * lesson
            return float(lost[which].sum() + pull / 2 * _dot(lesson, lesson)), slope

        return _least(surprise, self.width)

    def taught(self, which: Flags, warmth: float, cells: Cells) -> Counts:
        """What some of the questions teach each of the index's cells."""
        pull = float(np.clip(_PULL * cells.size / (len(self.starts) - 1), *_PULLS))
        return self.spread(self.fit(which, warmth, pull), warmth, len(cells.counts))

    def spread(self, lesson: Scores, warmth: float, size: int) -> Counts:
        """A lesson over all the index's cells, in the units of scores."""
        added = np.zeros(size, np.float32)
        added[self.cells] = np.round(lesson * self.reach / warmth, _DECIMALS)
        return added


def _least(surprise: Callable[[Scores], tuple[float, Scores]], size: int) -> Scores:
    """Where a smooth function (value and slope) is least, from 0: L-BFGS (Nocedal, 1980) with a backtracking step."""
    here = np.zeros(size)
    value, slope = surprise(here)
    steps: list[tuple[Scores, Scores, float]] = []
    for _ in range(_ROUNDS):
        way = -_curved(slope, steps)
        falling, length = _dot(slope, way), 1.0 if steps else min(1.0, 1.0 / (float(np.abs(slope).max()) + 1e-12))
        while length > 1e-6:
            there = here + length * way
            less, turned = surprise(there)
            if less <= value + 1e-4 * length * falling:
                break
            length /= 2
        else:
            break
        moved, bent = there - here, turned - slope
        if (curve := _dot(moved, bent)) > 1e-12:
            steps = [*steps[-7:], (moved, bent, curve)]
        here, value, slope = there, less, turned
    return here


def _dot(one: Scores, other: Scores) -> float:
    """The sum of products, in one thread: on a busy machine the threads of BLAS wait longer for one another."""
    return float(np.einsum("i,i->", one, other))


def _curved(slope: Scores, steps: Sequence[tuple[Scores, Scores, float]]) -> Scores:
    """The slope through the curvature that the last steps met (the two-loop recursion)."""
    way = slope.copy()
    shares = []
    for moved, bent, curve in reversed(steps):
        share = _dot(moved, way) / curve
        shares.append(share)
        way -= share * bent
    if steps:
        moved, bent, curve = steps[-1]
        way *= curve / _dot(bent, bent)
    for (moved, bent, curve), share in zip(steps, reversed(shares), strict=True):
        way += (share - _dot(bent, way) / curve) * moved
    return way
