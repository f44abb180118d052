"""A knowledge base's own questions, each asked as if it had never been written: what it finds is what it teaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kbengine.suggest.cells import Cells, Scores, Written
from kbengine.suggest.features import Counts, Flags, Indices
from kbengine.suggest.topk import GRAIN, Impacts, Topics, best, spread

# Topics a question is told apart from, the nearest ones.
_NEAR: Final = 8
# Up to so many topics it takes less to add up all of them, for many questions at once.
_FEW: Final = 2_000
# Questions asked at once: what they find stays near the processor.
_AT_ONCE: Final = 16
_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question beside the topics it is told apart from: what each known feature adds, its own text left out.

    `topics`: its own first; `cells` and `held` say which cell each addition comes from, if any: rows by topics.
    """

    text: Written
    topics: Indices
    rows: Indices
    known: Flags
    parts: Scores
    cells: Indices
    held: Flags


def ask(cells: Cells, impacts: Impacts, weights: Counts, text: Written, also: Indices = _NONE) -> Asked:
    """A question asked as if it had never been written, of the topics near it and of those named `also`."""
    every, known = cells.rows(text.reading.keys)
    rows = every[known]
    topics = _told_apart(text, best(impacts, rows, _NEAR)[0])
    if len(also):
        topics = np.concatenate((topics, np.setdiff1d(also, topics)))
    at, held = cells.find(rows, topics)
    parts = np.where(held, weights[at].astype(np.float64), 0.0)
    own, whole = held[:, 0], text.counts
    parts[own, 0] = cells.without(text.topic, float(whole.sum()), at[own, 0], rows[own], whole[known][own])
    return Asked(text, topics, rows, known, parts, at, held)


def ask_all(cells: Cells, impacts: Impacts, weights: Counts, texts: Sequence[Written]) -> Iterator[Asked]:
    """Questions asked as `ask` asks each; together they take a fraction of the time where topics are few."""
    if cells.size > _FEW:
        yield from (ask(cells, impacts, weights, text) for text in texts)
        return
    for start in range(0, len(texts), _AT_ONCE):
        yield from _together(cells, impacts, weights, texts[start : start + _AT_ONCE])


def _told_apart(text: Written, near: Topics | Indices) -> Indices:
    """The topics that a question is told apart from, its own first."""
    return np.concatenate(([text.topic], near[near != text.topic][: _NEAR - 1])).astype(np.int64)


def _together(cells: Cells, impacts: Impacts, weights: Counts, texts: Sequence[Written]) -> Iterator[Asked]:
    """A few questions asked in one go: their rows one after the other, and of each the cells of its topics."""
    lengths = [len(text.reading.keys) for text in texts]
    every, known = cells.rows(np.concatenate([text.reading.keys for text in texts]))
    rows, of_row = every[known], np.repeat(np.arange(len(texts)), lengths)[known]
    starts = cells.starts[rows]
    held = cells.starts[rows + 1] - starts
    at = spread(starts, held)
    pair = np.repeat(of_row * cells.size, held)
    pair += cells.topics[at]
    sums: Scores = np.bincount(pair, impacts.weights[at], len(texts) * cells.size).astype(np.float64)
    near = _nearest(sums.reshape(len(texts), -1))
    apart = [_told_apart(text, some) for text, some in zip(texts, near, strict=True)]
    columns = np.full(len(texts) * cells.size, -1, np.int8)
    for number, topics in enumerate(apart):
        columns[number * cells.size + topics] = np.arange(len(topics))
    column = columns[pair]
    there = np.flatnonzero(column >= 0)
    row = np.searchsorted(held.cumsum(), there, "right")
    cell, inside = np.zeros((len(rows), _NEAR), np.int64), np.zeros((len(rows), _NEAR), bool)
    cell[row, column[there]], inside[row, column[there]] = at[there], True
    parts = np.where(inside, weights[cell].astype(np.float64), 0.0)
    edges = np.searchsorted(of_row, np.arange(len(texts) + 1)).tolist()
    ends = np.cumsum(lengths).tolist()
    for number, (text, topics) in enumerate(zip(texts, apart, strict=True)):
        cut, width = slice(edges[number], edges[number + 1]), len(topics)
        mine = known[ends[number] - lengths[number] : ends[number]]
        added, whole = parts[cut, :width], text.counts
        own, place = inside[cut, 0], cell[cut, 0]
        left = cells.without(text.topic, float(whole.sum()), place[own], rows[cut][own], whole[mine][own])
        added[own, 0] = left
        yield Asked(text, topics, rows[cut], mine, added, cell[cut, :width], inside[cut, :width])


def _nearest(sums: Scores) -> list[Indices]:
    """The topics with the highest sums, ties by topic, of each question."""
    order = (-sums).argsort(axis=1, kind="stable")[:, :_NEAR]
    reached = np.take_along_axis(sums, order, axis=1) >= GRAIN
    return [some[flags] for some, flags in zip(order, reached, strict=True)]
