"""Which texts of a knowledge base answer the same, and which say otherwise about the same subject; words only."""

from kbengine.neighbours.find import Field, beside
from kbengine.neighbours.readings import Readings, is_found, kept_found, save_found
from kbengine.neighbours.values import Near, Passage, Sort, Told

__all__ = [
    "Field",
    "Near",
    "Passage",
    "Readings",
    "Sort",
    "Told",
    "beside",
    "is_found",
    "kept_found",
    "save_found",
]
