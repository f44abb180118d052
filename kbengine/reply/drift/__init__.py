"""A reply against the vetted text: what it says otherwise, in numbers, links, negations and the like."""

from kbengine.reply.drift.compare import drift
from kbengine.reply.drift.typed import Said, denials, said
from kbengine.reply.drift.values import Change, Difference, Drift, DriftKind

__all__ = ["Change", "Difference", "Drift", "DriftKind", "Said", "denials", "drift", "said"]
