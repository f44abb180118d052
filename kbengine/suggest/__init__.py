"""Message to suggestions or silence, from an index compiled out of the live answers; the only user of numpy."""

from __future__ import annotations

from kbengine.suggest.build import build
from kbengine.suggest.calibration import Calibration, Drawn, LineCost
from kbengine.suggest.changed import Change, write_changed
from kbengine.suggest.index import SuggestionIndex
from kbengine.suggest.own import Effect, OwnResult, compare, judged, judged_near, own_results, stray
from kbengine.suggest.parts import rank_each
from kbengine.suggest.semantic import Encoder, Wanted, load_encoder, wanted_encoder
from kbengine.suggest.values import (
    BELOW_LINE,
    NO_WORDS,
    NOT_LIVE,
    NOTHING_SIMILAR,
    Match,
    Ranking,
    Topic,
    referral_topic,
)

__all__ = [
    "BELOW_LINE",
    "NOTHING_SIMILAR",
    "NOT_LIVE",
    "NO_WORDS",
    "Calibration",
    "Change",
    "Drawn",
    "Effect",
    "Encoder",
    "LineCost",
    "Match",
    "OwnResult",
    "Ranking",
    "SuggestionIndex",
    "Topic",
    "Wanted",
    "build",
    "compare",
    "judged",
    "judged_near",
    "load_encoder",
    "own_results",
    "rank_each",
    "referral_topic",
    "stray",
    "wanted_encoder",
    "write_changed",
]
