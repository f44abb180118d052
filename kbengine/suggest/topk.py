"""The topics with the highest scores, exactly: lists of weights added up, and no more of them than can matter.

Every weight is a whole number of grains, so that sums are exact in whatever order they are made: what is read of the
long lists may differ from message to message, what comes out may not.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kbengine.suggest.features import Counts, Indices

Topics = NDArray[np.int32]
Scores = NDArray[np.float64]
_Sums = NDArray[np.float32] | NDArray[np.float64]

# A power of two, so that a float32 holds every sum below _MOST_IN_FLOAT32 without rounding.
GRAIN: Final = 2.0**-10
_MOST_IN_FLOAT32: Final = 2.0**24 * GRAIN
# What follows only decides how fast it goes. A call to numpy costs as much as some hundred postings: rows shorter than
# this are put together before they are added, or read through when topics are looked up in them.
_SHORT: Final = 1_000
_READ_THROUGH: Final = 400
# Postings for which it pays to ask whether they can still change anything, and what finding a topic in a row costs,
# in postings added.
_WORTH_ASKING: Final = 50_000
_LOOKUP: Final = 40
# In how many steps the postings of many are added, and how many rows are looked up between two looks at what is left.
_STEPS: Final = 12
_LOOKED_UP: Final = 16
# Sums are folded into layers before the k-th is sought: a lower bound of it is enough, and much sooner found.
_LAYERS: Final = (64, 16)


@dataclass(frozen=True, slots=True)
class Impacts:
    """What each feature adds to each topic: row i is `topics` (ascending) and `weights` from `starts[i]` on.

    `weights` are 0 or more and `settled`; `peaks` holds the highest of each row; topics are 0 to `size`.
    """

    starts: Indices
    topics: Topics
    weights: Counts
    peaks: Counts
    size: int


def settled(weights: Counts | Scores) -> Counts:
    """Weights rounded to whole grains."""
    return (np.round(weights / GRAIN) * GRAIN).astype(np.float32)


def peaks(starts: Indices, weights: Counts) -> Counts:
    """The highest weight of each row; 0 of a row without postings."""
    highest = np.zeros(max(len(starts) - 1, 0), np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        highest[filled] = np.maximum.reduceat(weights, starts[filled])
    return highest


def best(impacts: Impacts, rows: Indices, k: int) -> tuple[Topics, Scores]:
    """The at most k topics with the highest sums over these rows, ties by topic, and the sums; all above 0."""
    sums = _zeros(impacts, rows)
    starts, held = _lists(impacts, rows)
    if np.add.reduce(held) > _WORTH_ASKING:
        return _highest(sums, _narrowed(impacts, rows, held, sums, k), k)
    _add(impacts, starts, held, sums)
    return _highest(sums, None, k)


def every(impacts: Impacts, rows: Indices) -> Scores:
    """The sum of each of the `size` topics over these rows."""
    sums = _zeros(impacts, rows)
    _add(impacts, *_lists(impacts, rows), sums)
    return sums[: impacts.size].astype(np.float64)


def scores(impacts: Impacts, rows: Indices, topics: Topics | Indices) -> Scores:
    """The sums of some topics over these rows, the same numbers as `best` gives."""
    sums: Scores = parts(impacts, rows, topics).sum(axis=0, dtype=np.float64)
    return sums


def parts(impacts: Impacts, rows: Indices, topics: Topics | Indices) -> Counts:
    """What each row adds to each of some distinct topics: rows by topics, 0 where a row does not hold the topic."""
    # Of another type than the lists, they would have every list converted before it is searched.
    sought = topics.astype(np.int32)
    added = np.zeros((len(rows), len(sought)), np.float32)
    starts, held = _lists(impacts, rows)
    scanned = held < _READ_THROUGH
    # It takes an array of all topics, which a few rows do not earn back.
    if np.count_nonzero(scanned) * _READ_THROUGH < impacts.size:
        scanned[:] = False
    if scanned.any():
        at = spread(starts[scanned], held[scanned])
        row = np.repeat(np.flatnonzero(scanned), held[scanned])
        places = np.full(impacts.size, -1, np.int32)
        places[sought] = np.arange(len(sought))
        place = places[impacts.topics[at]]
        hit = place >= 0
        added[row[hit], place[hit]] = impacts.weights[at[hit]]
    searched = ~scanned & (held > 0)
    if searched.any() and len(sought):
        added[searched] = _search(impacts, starts[searched], held[searched], sought)
    return added


def _lists(impacts: Impacts, rows: Indices) -> tuple[Indices, Indices]:
    """Where each row's postings start, and how many it holds."""
    starts = impacts.starts[rows]
    return starts, impacts.starts[rows + 1] - starts


def _search(impacts: Impacts, starts: Indices, held: Indices, sought: Topics) -> Counts:
    at = np.empty((len(starts), len(sought)), np.int64)
    ends = starts + held
    for place, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        at[place] = impacts.topics[start:end].searchsorted(sought)
    at += starts[:, None]
    inside = at < ends[:, None]
    at[~inside] = 0
    inside &= impacts.topics[at] == sought
    # Weights are read only where there are any: each one elsewhere would be fetched from memory for nothing.
    added = np.zeros(at.shape, np.float32)
    added[inside] = impacts.weights[at[inside]]
    return added


def spread(starts: Indices, held: Indices) -> Indices:
    """Where each posting of some rows stands."""
    ends = held.cumsum()
    at: Indices = np.arange(ends[-1] if len(ends) else 0)
    at += (starts - ends + held).repeat(held)
    return at


class _Scratch(threading.local):
    """One array a thread, used again and again: a fresh one costs more than the work done in it."""

    sums: NDArray[np.float32] = np.zeros(0, np.float32)


_scratch = _Scratch()


def _zeros(impacts: Impacts, rows: Indices) -> _Sums:
    """Zeros for all topics, in whole layers, of the smallest type that holds all sums over these rows exactly."""
    size = -(-max(impacts.size, 1) // _LAYERS[0]) * _LAYERS[0]
    if np.add.reduce(impacts.peaks[rows], dtype=np.float64) >= _MOST_IN_FLOAT32:
        return np.zeros(size, np.float64)
    if len(_scratch.sums) < size:
        _scratch.sums = np.zeros(size, np.float32)
    sums = _scratch.sums[:size]
    sums.fill(0)
    return sums


def _add(impacts: Impacts, starts: Indices, held: Indices, sums: _Sums) -> None:
    """Adds whole rows to the sums."""
    if len(held) and np.maximum.reduce(held) >= _SHORT:
        long = held >= _SHORT
        for start, count in zip(starts[long].tolist(), held[long].tolist(), strict=True):
            _add_at(sums, impacts.topics[start : start + count], impacts.weights[start : start + count])
        starts, held = starts[~long], held[~long]
    at = spread(starts, held)
    _add_at(sums, impacts.topics[at], impacts.weights[at])


def _add_at(sums: _Sums, topics: Topics, weights: Counts) -> None:
    # Of one type: a mixture takes numpy's general path, thirty times as slow.
    np.add.at(sums, topics, weights.astype(sums.dtype, copy=False))


def _narrowed(impacts: Impacts, rows: Indices, held: Indices, sums: _Sums, k: int) -> Indices | None:
    """Adds rows, shortest first, and looks now and then which topics can still be among the best k.

    Once those are few, the rows to come are only looked up for them. The topics whose sums are whole; None: all are.
    """
    order = held.argsort(kind="stable")
    rows, ends = rows[order], held[order].cumsum()
    heights = impacts.peaks[rows].cumsum(dtype=np.float64)
    step = max(int(ends[-1]) // _STEPS, _WORTH_ASKING)
    alive: Indices | None = None
    done = 0
    while done < len(rows):
        if alive is None:
            so_far = int(ends[done - 1]) if done else 0
            until = max(done + 1, int(ends.searchsorted(so_far + step, "right")))
            _add(impacts, *_lists(impacts, rows[done:until]), sums)
        else:
            until = min(done + _LOOKED_UP, len(rows))
            sums[alive] += parts(impacts, rows[done:until], alive).sum(axis=0, dtype=sums.dtype)
        done = until
        if done < len(rows):
            average = int(ends[-1] - ends[done - 1]) // (len(rows) - done)
            alive = _alive(sums, alive, k, float(heights[-1] - heights[done - 1]), average)
    return alive


def _alive(sums: _Sums, alive: Indices | None, k: int, left: float, average: int) -> Indices | None:
    """The topics that can still be among the best k when rows worth `left` at most are to come; None: go on with all.

    `average`: the postings that a row to come holds, against which looking topics up in it must pay.
    """
    if alive is not None:
        return alive[sums[alive] >= _floor(sums[alive], k) - left]
    needed = _floor(sums, k) - left
    if needed <= 0:
        return None
    found = np.flatnonzero(sums >= needed)
    return found if len(found) * _LOOKUP < average else None


def _floor(sums: _Sums, k: int) -> float:
    """A number that at least k of the sums reach, as high as is quickly found; 0 when there are fewer."""
    if len(sums) < k:
        return 0.0
    layers = next((layers for layers in _LAYERS if len(sums) % layers == 0 and len(sums) >= 4 * k * layers), 1)
    folded = np.maximum.reduce(sums.reshape(layers, -1), axis=0) if layers > 1 else sums.copy()
    at = len(folded) - k
    folded.partition(at)
    return float(folded[at])


def _highest(sums: _Sums, alive: Indices | None, k: int) -> tuple[Topics, Scores]:
    reached = sums if alive is None else sums[alive]
    places = (reached >= max(_floor(reached, k), GRAIN)).nonzero()[0]
    values = reached[places]
    # Topics ascend, so that a stable sort settles ties by topic.
    order = (-values).argsort(kind="stable")[:k]
    found = places[order] if alive is None else alive[places[order]]
    return found.astype(np.int32), values[order].astype(np.float64)
