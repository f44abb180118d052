"""A validated answer, filled in and shaped for one channel."""

from kbengine.reply.compose import Reply, choose_variant, compose
from kbengine.reply.drift import Difference, Drift, DriftKind, drift
from kbengine.reply.fill import MAX_VALUE, Filled, fill
from kbengine.reply.placeholders import (
    CITIZEN_FIELDS,
    KINDS,
    Placeholder,
    placeholder_problems,
    placeholders,
)
from kbengine.reply.split import split

__all__ = [
    "CITIZEN_FIELDS",
    "KINDS",
    "MAX_VALUE",
    "Difference",
    "Drift",
    "DriftKind",
    "Filled",
    "Placeholder",
    "Reply",
    "choose_variant",
    "compose",
    "drift",
    "fill",
    "placeholder_problems",
    "placeholders",
    "split",
]
