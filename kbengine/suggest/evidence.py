"""What a message's features say about the topics that come into question, and the signals that make confidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kbengine.suggest.features import GRAM, TERM, Flags, Indices, Kinds
from kbengine.suggest.topk import Topics

Scores = NDArray[np.float64]

SIGNALS: Final = 9
_DECIMALS: Final = 6


@dataclass(frozen=True)
class Evidence:
    """`parts`: what each feature of a message adds to the score of each of `topics`; features by topics.

    `idf` says how much each feature could say, held by a topic or not; `kinds` what it
    is; `warmth` turns a difference in score into odds.
    """

    topics: Topics | Indices
    parts: Scores
    idf: Scores
    kinds: Kinds
    warmth: float

    @cached_property
    def totals(self) -> Scores:
        """The score of each topic, rounded before it orders, so that no processor's arithmetic decides a tie."""
        totals: Scores = np.round(self.parts.sum(axis=0), _DECIMALS)
        return totals

    @cached_property
    def order(self) -> Indices:
        """The places of the topics, best first, ties by topic."""
        return np.lexsort((self.topics, -self.totals))

    @cached_property
    def first(self) -> int:
        """The place of the best topic, -1 when nothing speaks for any."""
        return int(self.order[0]) if len(self.order) and self.totals[self.order[0]] > 0 else -1

    def without(self, place: int) -> Evidence:
        """The same message had this topic never been."""
        kept = np.arange(len(self.topics)) != place
        return Evidence(self.topics[kept], self.parts[:, kept], self.idf, self.kinds, self.warmth)

    @cached_property
    def _split(self) -> tuple[Scores, Scores]:
        """What the words and what the grams say about each topic."""
        grams = self.kinds >= GRAM
        return self.parts[~grams].sum(axis=0), self.parts[grams].sum(axis=0)

    @cached_property
    def _odds(self) -> Scores:
        """How likely each topic is beside the others, together 1."""
        heat = np.exp(self.warmth * (self.totals - self.totals.max(initial=0.0)))
        shares: Scores = heat / heat.sum()
        return shares

    def signals(self, place: int) -> Scores:
        """What speaks for a topic being the answer: numbers of which none is enough alone.

        Raw sums (that of the grams per root of their number, since it grows with the message), leads over the best
        other topic, and the shares of the message explained.
        """
        words, grams = self._split
        told = self.parts[:, place] > 0
        return np.array(
            [
                np.log1p(self.totals[place]),
                lead(self.totals, place),
                self._odds[place],
                np.log1p(words[place]),
                lead(words, place),
                _share(self.idf, told, self.kinds == TERM),
                grams[place] / np.sqrt(np.count_nonzero(self.kinds >= GRAM) + 1.0),
                lead(grams, place),
                _share(self.idf, told, self.kinds >= GRAM),
            ]
        )


def lead(scores: Scores, place: int) -> float:
    """How far a topic is before the best other, -1 to 1."""
    own = float(scores[place])
    rest = float(max(scores[:place].max(initial=0.0), scores[place + 1 :].max(initial=0.0)))
    return (own - rest) / (own + rest) if own + rest > 0 else 0.0


def _share(idf: Scores, told: Flags, kind: Flags) -> float:
    """How much of a message is explained, 0 to 1; rare features count for more."""
    whole = float(idf[kind].sum())
    return float(idf[kind & told].sum()) / whole if whole else 0.0
