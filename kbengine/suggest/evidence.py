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
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Foremost:
    """Of topics that come into question those that can be found: their places in `order`, best first, ties by topic.

    `first`: the place of the best, -1 when nothing speaks for any. `referral`: the place of the referral that more
    speaks for than for any of these, -1 when there is none.
    """

    order: Indices
    first: int
    referral: int

    @classmethod
    def of(cls, topics: Topics | Indices, totals: Scores, referrals: Flags) -> Foremost:
        """Of topics with their scores; `referrals` says of every topic of the index whether it is another service's."""
        ranked = np.lexsort((topics, -totals))
        aside = referrals[topics[ranked]]
        order = ranked[~aside]
        best, leader = (int(some[0]) if len(some) and totals[some[0]] > 0 else -1 for some in (order, ranked))
        return cls(order, best, leader if leader >= 0 and aside[0] else -1)


@dataclass(frozen=True)
class Evidence:
    """`parts`: what each feature of a message adds to the score of each of `topics`; features by topics.

    `idf` says how much each feature could say, held by a topic or not; `kinds` what it
    is; `warmth` turns a difference in score into odds. `referrals` says of every topic of the index whether it is
    another service's: such a topic is held against the others and never found.
    """

    topics: Topics | Indices
    parts: Scores
    idf: Scores
    kinds: Kinds
    warmth: float
    referrals: Flags

    @cached_property
    def totals(self) -> Scores:
        """The score of each topic, rounded before it orders, so that no processor's arithmetic decides a tie."""
        totals: Scores = np.round(self.parts.sum(axis=0), _DECIMALS)
        return totals

    @cached_property
    def foremost(self) -> Foremost:
        """Which of the topics can be found, best first."""
        return Foremost.of(self.topics, self.totals, self.referrals)

    @property
    def first(self) -> int:
        """The place of the best topic, -1 when nothing speaks for any."""
        return self.foremost.first

    def without(self, place: int) -> Evidence:
        """The same message had this topic never been."""
        kept = np.arange(len(self.topics)) != place
        return Evidence(self.topics[kept], self.parts[:, kept], self.idf, self.kinds, self.warmth, self.referrals)

    def signals(self, place: int) -> Scores:
        """What speaks for a topic being the answer: numbers of which none is enough alone.

        Raw sums (that of the grams per root of their number, since it grows with the message), leads over the best
        other topic, and the shares of the message explained.
        """
        signals: Scores = self._signals[:, place]
        return signals

    @cached_property
    def _signals(self) -> Scores:
        """The signals of all topics: signals by topics."""
        terms, letters = self.kinds == TERM, self.kinds >= GRAM
        grams = self.parts[letters].sum(axis=0)
        words = self.parts.sum(axis=0) - grams
        # A difference of sums that are the same is rounding.
        words[words < _NOTHING] = 0.0
        told = self.parts > 0
        heat = np.exp(self.warmth * (self.totals - self.totals.max(initial=0.0)))
        return np.array(
            [
                np.log1p(self.totals),
                _leads(self.totals),
                heat / heat.sum(),
                np.log1p(words),
                _leads(words),
                _shares(self.idf, told, terms),
                grams / np.sqrt(np.count_nonzero(letters) + 1.0),
                _leads(grams),
                _shares(self.idf, told, letters),
            ]
        )


def lead(scores: Scores, place: int) -> float:
    """How far a topic is before the best other, -1 to 1."""
    return float(_leads(scores)[place])


def _leads(scores: Scores) -> Scores:
    """The lead of every topic."""
    highest = np.sort(scores)[::-1][:2] if len(scores) > 1 else np.append(scores, 0.0)
    rest = np.where(scores == highest[0], highest[1], highest[0])
    both = scores + rest
    leads: Scores = np.divide(scores - rest, both, out=np.zeros(len(scores)), where=both > 0)
    return leads


def _shares(idf: Scores, told: Flags, kind: Flags) -> Scores:
    """How much of a message each topic explains, 0 to 1; rare features count for more."""
    whole = float(idf[kind].sum())
    shares: Scores = idf[kind] @ told[kind] / whole if whole else np.zeros(told.shape[1])
    return shares
