"""The compiled index as workers map it into memory: which topics hold which feature and what it adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from kbengine.suggest.cells import idf, look_up
from kbengine.suggest.evidence import Evidence
from kbengine.suggest.features import Flags, Indices, Keys, Kinds, Reading
from kbengine.suggest.topk import Impacts, best, parts

ARRAYS: Final = ("keys", "kinds", "starts", "topics", "weights", "peaks")
# What is read of one message at most, rarest first: features the index knows. Only a long letter holds more.
MOST_FEATURES: Final = 1_024
_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Postings:
    """Features sorted by key, each with its topics and what it adds to them; `referrals` says which topics are that."""

    keys: Keys
    kinds: Kinds
    impacts: Impacts
    referrals: Flags

    @classmethod
    def open(cls, directory: Path, referrals: Flags) -> Postings:
        """The postings of a directory, mapped, with a flag for each of its topics.

        Raises OSError, ValueError or EOFError when they are not whole.
        """
        keys, kinds, starts, topics, weights, peaks = (_array(directory / f"{name}.npy") for name in ARRAYS)
        return cls(keys, kinds, Impacts(starts, topics, weights, peaks, len(referrals)), referrals)

    def save(self, directory: Path) -> None:
        """Writes the arrays; OSError when that fails."""
        held = self.impacts
        arrays: Sequence[np.ndarray[Any, Any]] = (self.keys, self.kinds, held.starts)
        arrays = (*arrays, held.topics, held.weights, held.peaks)
        for name, array in zip(ARRAYS, arrays, strict=True):
            np.save(directory / f"{name}.npy", array, allow_pickle=False)

    def holds(self, keys: Keys) -> Flags:
        """Which of these features any topic holds."""
        return look_up(self.keys, keys)[1]

    def find(self, reading: Reading, most: int, warmth: float, also: Indices = _NONE) -> Evidence:
        """What a text's features say about the `most` topics that they speak for most, and those named `also`."""
        rows, known = look_up(self.keys, reading.keys)
        starts = self.impacts.starts
        held = np.where(known, starts[rows + 1] - starts[rows], 0) if len(self.keys) else np.zeros(len(known), np.int64)
        could = idf(held, self.impacts.size, reading.kinds)
        if len(known) > MOST_FEATURES:
            dropped = np.argsort(held, kind="stable")[MOST_FEATURES + np.count_nonzero(~known) :]
            known[dropped], could[dropped] = False, 0.0
        near, _ = best(self.impacts, rows[known], most)
        topics = np.concatenate((near, np.setdiff1d(also, near))) if len(also) else near
        added = np.zeros((len(known), len(topics)))
        added[known] = parts(self.impacts, rows[known], topics)
        return Evidence(topics, added, could, reading.kinds, warmth, self.referrals)


def _array(path: Path) -> np.ndarray[Any, Any]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        # Nothing cannot be mapped: an index without texts has arrays without numbers.
        array = np.load(path, allow_pickle=False)
    return np.asarray(array)
