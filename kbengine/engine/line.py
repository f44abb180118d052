"""The line of the suggestions: where it stands, how it was set, and what a higher or lower one would cost."""

from __future__ import annotations

from dataclasses import dataclass

from kbengine.engine.room import Room
from kbengine.suggest import Drawn, LineCost


@dataclass(frozen=True, slots=True)
class LinePage:
    """The line of this moment; `silent` is the share of questions about a missing article that must meet silence.

    `costs` go by line, from 0 to 1; they are empty while there are no questions to measure with.
    """

    line: float
    drawn: Drawn
    silent: float
    costs: tuple[LineCost, ...]

    @property
    def now(self) -> LineCost | None:
        """What the line costs as it stands."""
        return next((cost for cost in self.costs if cost.line >= self.line), None)

    @property
    def tenths(self) -> tuple[LineCost, ...]:
        """What a line at each tenth would cost, and the one that stands."""
        return tuple(cost for place, cost in enumerate(self.costs) if place % 5 == 0 or cost == self.now)


def line_page(room: Room) -> LinePage | None:
    """The line of the suggestions as they are built now, None before the first were."""
    index = room.shelf.suggest()
    return LinePage(index.line, index.drawn, index.silent, index.costs) if index else None
