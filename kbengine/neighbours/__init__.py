"""Which texts of a knowledge base answer the same, and which say otherwise about the same subject; words only."""

from kbengine.neighbours.find import Field
from kbengine.neighbours.readings import Readings
from kbengine.neighbours.values import Near, Passage, Sort, Told

__all__ = ["Field", "Near", "Passage", "Readings", "Sort", "Told"]
