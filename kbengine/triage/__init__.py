"""The first look at a message: its language, whether it smells of danger now, what kind it is, and to whom it is."""

from __future__ import annotations

from kbengine.triage.heading import Heading, heading_of
from kbengine.triage.judge import triage
from kbengine.triage.kinds import Act, KindCues, KindOf, kind_of
from kbengine.triage.read import read_cues
from kbengine.triage.read_kinds import read_kinds
from kbengine.triage.values import Cues, Danger, Example, Triage

__all__ = [
    "Act",
    "Cues",
    "Danger",
    "Example",
    "Heading",
    "KindCues",
    "KindOf",
    "Triage",
    "heading_of",
    "kind_of",
    "read_cues",
    "read_kinds",
    "triage",
]
