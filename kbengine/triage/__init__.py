"""The first look at a message: which language it is in, and whether it smells of danger now."""

from __future__ import annotations

from kbengine.triage.judge import triage
from kbengine.triage.read import read_cues
from kbengine.triage.values import Cues, Danger, Example, Triage

__all__ = ["Cues", "Danger", "Example", "Triage", "read_cues", "triage"]
