"""From evidence to confidence: a small logistic regression on signals, and where to draw the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kbengine.article import SILENT
from kbengine.suggest.evidence import Scores

# Nothing is offered that is far rather wrong than right, however little a small knowledge base has to confuse.
_LEAST: Final = 0.25
_LINES: Final = tuple(step / 50 for step in range(51))
_ROUNDS: Final = 30
_PULL: Final = 1.0
_FEWEST: Final = 20
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Example:
    """A message of which the right topic is known: the signals of its first match, and whether that was right.

    `outside`: the message is about a topic that was left out, so that nothing could be right.
    """

    signals: Scores
    right: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """Confidence is the logistic of the weighted signals; below `line` nothing is offered."""

    weights: tuple[float, ...]
    bias: float
    line: float

    def confidence(self, signals: Scores) -> float:
        """The confidence, 0 to 1, of a match with these signals."""
        return float(_logistic(signals @ np.array(self.weights) + self.bias))

    @property
    def drawn(self) -> Drawn:
        """How the line came to be where it is."""
        return "untaught" if self == UNTAUGHT else "least" if self.line == _LEAST else "silent"


# How a line came to be: by the silence that was asked for, as low as it goes, or without anything learned.
Drawn = Literal["silent", "least", "untaught"]

# For a knowledge base with too few questions to learn from: rounded from one of sixteen articles.
UNTAUGHT: Final = Calibration((0.8, 3.0, 2.0, 0.0, 0.0, 0.0, 0.3, -3.0, 2.0), -5.5, 0.5)


@dataclass(frozen=True, slots=True)
class LineCost:
    """What a line would cost, as shares from 0 to 1: of own questions, asked as if they had never been written, those
    offered `right`, offered `wrong` and met with silence (together 1); and of questions whose whole article was left
    out, those that still got an offer (`missing`).
    """

    line: float
    right: float
    wrong: float
    silent: float
    missing: float


def calibrate(examples: Sequence[Example], silent: float = SILENT, untaught: Calibration = UNTAUGHT) -> Calibration:
    """Learns what the signals are worth, and draws the line where the share `silent` from outside falls below it."""
    right = np.array([example.right for example in examples], bool)
    outside = np.array([example.outside for example in examples], bool)
    if min(right.sum(), outside.sum()) < _FEWEST:
        return untaught
    rows = np.array([example.signals for example in examples])
    # Right and wrong weigh the same, however many of each the knowledge base happens to yield.
    importance = np.where(right, 0.5 / right.sum(), 0.5 / (~right).sum()) * len(right)
    weights, bias = _fit(rows, right.astype(np.float64), importance)
    sure = _logistic(rows[outside] @ weights + bias)
    edge = float(np.quantile(sure, silent, method="higher"))
    # A step above or below, so that rounding does not decide on which side of it the edge itself falls.
    edge += 10.0**-_DECIMALS * (2 if np.mean(sure < edge) < silent else -2)
    line = min(max(_LEAST, edge), 1.0)
    return Calibration(
        tuple(round(float(weight), _DECIMALS) for weight in weights),
        round(float(bias), _DECIMALS),
        round(line, _DECIMALS),
    )


def line_costs(calibration: Calibration, examples: Sequence[Example]) -> tuple[LineCost, ...]:
    """What every line from 0 to 1, in steps of 0.02, would do with questions left out; nothing without examples."""
    own = [example for example in examples if not example.outside]
    sure = np.array([calibration.confidence(example.signals) for example in own])
    right = np.array([example.right for example in own], bool)
    beyond = np.array([calibration.confidence(example.signals) for example in examples if example.outside])
    if not len(sure) or not len(beyond):
        return ()
    return tuple(_line_cost(line, sure, right, beyond) for line in _LINES)


def _line_cost(line: float, sure: Scores, right: NDArray[np.bool_], beyond: Scores) -> LineCost:
    offered = sure >= line
    shares = (offered & right, offered & ~right, ~offered, beyond >= line)
    return LineCost(line, *(round(float(share.mean()), _DECIMALS) for share in shares))


def _fit(rows: Scores, right: Scores, importance: Scores) -> tuple[Scores, float]:
    """Logistic regression by Newton's method: weights and bias for the signals as they come."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    x = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    pull = np.full(x.shape[1], _PULL)
    pull[-1] = 1e-6
    beta = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        chance = _logistic(x @ beta)
        slope = x.T @ (importance * (right - chance)) - pull * beta
        curve = (x * (importance * chance * (1.0 - chance))[:, None]).T @ x + np.diag(pull)
        beta = beta + np.linalg.solve(curve, slope)
    weights = beta[:-1] / spread
    return weights, float(beta[-1] - weights @ mean)


def _logistic(x: Scores) -> Scores:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))
