"""A validated answer, filled in and shaped for one channel."""

from kbengine.reply.compose import BARE, MAX_PERSONAL, Frame, Reply, as_edited, choose_variant, compose, compose_all
from kbengine.reply.drift import Difference, Drift, DriftKind, Said, denials, drift, said
from kbengine.reply.fill import MAX_VALUE, Filled, fill
from kbengine.reply.placeholders import (
    CITIZEN_FIELDS,
    KINDS,
    BlankKind,
    Placeholder,
    blank_kind,
    facts_in,
    placeholder_problems,
    placeholders,
)
from kbengine.reply.split import split

__all__ = [
    "BARE",
    "CITIZEN_FIELDS",
    "KINDS",
    "MAX_PERSONAL",
    "MAX_VALUE",
    "BlankKind",
    "Difference",
    "Drift",
    "DriftKind",
    "Filled",
    "Frame",
    "Placeholder",
    "Reply",
    "Said",
    "as_edited",
    "blank_kind",
    "choose_variant",
    "compose",
    "compose_all",
    "denials",
    "drift",
    "facts_in",
    "fill",
    "placeholder_problems",
    "placeholders",
    "said",
    "split",
]
