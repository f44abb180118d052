"""What a difference between a vetted text and the text that goes out is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Change = Literal["added", "lost", "changed"]


class DriftKind(StrEnum):
    """What kind of thing differs; a time of day is a `DATE`."""

    NUMBER = "number"
    PHONE = "phone"
    AMOUNT = "amount"
    DATE = "date"
    ADDRESS = "address"
    LINK = "link"
    EMAIL = "email"
    NEGATION = "negation"
    LOCKED = "locked"
    PERSONAL_DATA = "personal_data"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, at [start, end) in code points of the outgoing text.

    `text` stands there; `expected` is what the vetted text has instead. What was lost has no `text`, and start == end
    is where it belonged; what was added has no `expected`.
    """

    kind: DriftKind
    change: Change
    text: str
    start: int
    end: int
    expected: str


@dataclass(frozen=True, slots=True)
class Drift:
    """Every difference that matters, in order, and the share of words that differ, from 0 to 100."""

    differences: tuple[Difference, ...]
    percent: int

    @property
    def kinds(self) -> tuple[DriftKind, ...]:
        """The kinds of the differences, sorted, each once."""
        return tuple(sorted({difference.kind for difference in self.differences}))
