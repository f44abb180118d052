"""Words and likeness of meaning taken together: over the topics that either speaks for, and how sure that makes.

Each is measured by its own best, so that neither's scale decides; how much words count for beside meaning is learned
from questions asked as if they had never been written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from kbengine.suggest.calibration import Calibration, Drawn, Example, LineCost, calibrate, line_costs
from kbengine.suggest.evidence import Evidence, Foremost, Scores, lead
from kbengine.suggest.features import Indices
from kbengine.suggest.meaning import Meaning
from kbengine.suggest.topk import Topics

ARRAYS: Final = ("centre", "rows", "weights")
# What words count for beside meaning where nothing was learned. What was learned goes halfway towards it: own questions
# are asked in more ways than people ask, and make words look worse than they are, or an encoder better.
_SHARE: Final = 0.7
_FEWEST: Final = 40
_ROUNDS: Final = 40
_PULL: Final = 0.1
# Below this no likeness of meaning is worth measuring the others by.
_LEAST: Final = 0.1
# For a knowledge base with too few questions to learn from.
_UNTAUGHT: Final = Calibration((0.5, 0.0, 0.5, 0.0, 0.8, 0.5, 0.0, 0.2, 0.5, 6.0, 0.5, 2.0), -5.5, 0.5)
_DECIMALS: Final = 6


@dataclass(frozen=True)
class Fused:
    """What words say, and what meaning says, about the same topics; words count for `share` beside meaning."""

    words: Evidence
    meaning: Scores
    share: float

    @property
    def topics(self) -> Topics | Indices:
        """The topics that come into question."""
        return self.words.topics

    @cached_property
    def totals(self) -> Scores:
        """The score of each topic, rounded before it orders, so that no processor's arithmetic decides a tie."""
        totals: Scores = np.round(of_best(self.meaning) + self.share * of_best(self.words.totals), _DECIMALS)
        return totals

    @cached_property
    def foremost(self) -> Foremost:
        """Which of the topics can be found, best first."""
        return Foremost.of(self.topics, self.totals, self.words.referrals)

    @property
    def first(self) -> int:
        """The place of the best topic, -1 when nothing speaks for any."""
        return self.foremost.first

    def by_meaning(self, place: int) -> float:
        """The part of a topic's score that is likeness of meaning, 0 to 1."""
        meaning = max(float(of_best(self.meaning)[place]), 0.0)
        whole = meaning + self.share * float(of_best(self.words.totals)[place])
        return meaning / whole if whole else 0.0

    def signals(self, place: int) -> Scores:
        """What speaks for a topic being the answer: the signals of the words, and three with meaning."""
        meaning = np.maximum(self.meaning, 0.0)
        beside = [self.meaning[place], lead(meaning, place), lead(np.maximum(self.totals, 0.0), place)]
        return np.concatenate((self.words.signals(place), beside))


@dataclass(frozen=True, slots=True)
class Question:
    """An own question of a topic, with what it finds as if it, and as if all of its topic, had never been written.

    `words` speak of the topics near it, `meaning` of every topic, `elsewhere` of every other one.
    """

    topic: int
    words: Evidence
    meaning: Scores
    elsewhere: Scores

    def unwritten(self, share: float) -> Fused:
        """What the question finds without itself."""
        return Fused(self.words, self.meaning[self.words.topics], share)

    def untopical(self, share: float) -> Fused:
        """What it finds without its whole topic."""
        own = np.flatnonzero(self.words.topics == self.topic)
        words = self.words.without(int(own[0])) if len(own) else self.words
        return Fused(words, self.elsewhere[words.topics - (words.topics > self.topic)], share)


@dataclass(frozen=True, slots=True)
class Sense:
    """The part of an index that knows meaning: made by the model of that identity, judged with it."""

    identity: str
    meaning: Meaning
    share: float
    calibration: Calibration
    costs: tuple[LineCost, ...]

    @classmethod
    def of(
        cls,
        identity: str,
        meaning: Meaning,
        questions: Sequence[Question],
        refused: Sequence[tuple[int, Evidence, Scores]],
        silent: float,
    ) -> Sense:
        """Learns from own questions, and from refused messages (topic, words, meaning) that find their topic."""
        share = _share(questions)
        examples = [example for question in questions for example in _examples(question, share)]
        wrong = [
            Example(found.signals(found.first), right=False, outside=False)
            for topic, words, scores in refused
            if (found := Fused(words, scores[words.topics], share)).first >= 0 and found.topics[found.first] == topic
        ]
        calibration = calibrate([*examples, *wrong], silent, _UNTAUGHT)
        return cls(identity, meaning, share, calibration, line_costs(calibration, examples))

    @classmethod
    def open(cls, directory: Path, meta: Mapping[str, Any]) -> Sense:
        """What `save` wrote; OSError, ValueError, KeyError or EOFError when it is not whole."""
        arrays = (np.load(directory / f"meaning-{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAYS)
        learned = meta["calibration"]
        calibration = Calibration(tuple(learned["weights"]), learned["bias"], learned["line"])
        costs = tuple(LineCost(*cost) for cost in meta["costs"])
        return cls(meta["identity"], Meaning(*arrays), meta["share"], calibration, costs)

    @property
    def drawn(self) -> Drawn:
        """How the line came to be where it is."""
        return "untaught" if self.calibration == _UNTAUGHT else self.calibration.drawn

    def save(self, directory: Path) -> dict[str, Any]:
        """Writes the arrays; what is not in them is returned. OSError when that fails."""
        for name in ARRAYS:
            np.save(directory / f"meaning-{name}.npy", getattr(self.meaning, name), allow_pickle=False)
        return {
            "identity": self.identity,
            "share": self.share,
            "calibration": asdict(self.calibration),
            "costs": [list(astuple(cost)) for cost in self.costs],
        }


def of_best(scores: Scores) -> Scores:
    """Scores as parts of the best one."""
    best: Scores = scores / max(float(scores.max(initial=0.0)), _LEAST)
    return best


def nearest(scores: Scores, most: int) -> Indices:
    """The topics that meaning speaks for most."""
    return np.sort(np.argsort(-scores, kind="stable")[:most])


def _examples(question: Question, share: float) -> Iterator[Example]:
    refers = bool(question.words.referrals[question.topic])
    asked = ((question.unwritten(share), refers), (question.untopical(share), True))
    for found, outside in asked[: 1 if refers else 2]:
        if found.first >= 0:
            right = not outside and int(found.topics[found.first]) == question.topic
            yield Example(found.signals(found.first), right, outside)


def _share(questions: Sequence[Question]) -> float:
    """What words count for beside meaning: as much as makes the questions' own topics likely, halfway to `_SHARE`."""
    asked = [question for question in questions if question.topic in question.words.topics]
    if len(asked) < _FEWEST:
        return _SHARE
    widest = max(len(question.words.topics) for question in asked)
    # What no topic fills stands so far behind that it never counts.
    scores = np.full((len(asked), widest, 2), -1e3)
    own = np.zeros(len(asked), np.int64)
    for row, question in enumerate(asked):
        topics = question.words.topics
        scores[row, : len(topics), 0] = of_best(question.meaning[topics])
        scores[row, : len(topics), 1] = of_best(question.words.totals)
        own[row] = int(np.flatnonzero(topics == question.topic)[0])
    meaning, words = np.maximum(_likeliest(scores, own), 1e-3)
    return round(float(np.sqrt(_SHARE * words / meaning)), _DECIMALS)


def _likeliest(scores: Scores, own: Indices) -> Scores:
    """The two weights under which the own topics are likeliest among the others: Newton's method, held back."""
    rows, weights = np.arange(len(own)), np.ones(2)

    def likely(weights: Scores) -> float:
        sums = scores @ weights
        top = sums.max(axis=1)
        whole = top + np.log(np.exp(sums - top[:, None]).sum(axis=1))
        return float((sums[rows, own] - whole).sum() - _PULL / 2 * (weights @ weights))

    for _ in range(_ROUNDS):
        sums = scores @ weights
        heat = np.exp(sums - sums.max(axis=1, keepdims=True))
        odds = heat / heat.sum(axis=1, keepdims=True)
        mean = np.einsum("qt,qtw->qw", odds, scores)
        slope = (scores[rows, own] - mean).sum(axis=0) - _PULL * weights
        curve = np.einsum("qt,qtv,qtw->vw", odds, scores, scores) - mean.T @ mean + _PULL * np.eye(2)
        step, before = np.linalg.solve(curve, slope), likely(weights)
        while likely(weights + step) < before and np.abs(step).max() > 1e-9:
            step = step / 2
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return weights
