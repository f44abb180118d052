"""The line under which nothing is offered: a page with where it stands, and a drawing of what others would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template

from kbengine.engine import LineCost, LinePage
from web.context import engine

blueprint = Blueprint("line", __name__)

# The drawing's own measures: the field that the curves stand in, and room around it for what stands at the axes.
LEFT: Final = 38
TOP: Final = 10
WIDTH: Final = 266
HEIGHT: Final = 150
CURVES: Final = ("right", "silent", "wrong", "missing")


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the page draws: the points of each curve, and where the line stands."""

    curves: tuple[tuple[str, str], ...]
    line: float
    left: int = LEFT
    top: int = TOP
    right: int = LEFT + WIDTH
    bottom: int = TOP + HEIGHT

    def x(self, line: float) -> float:
        """Where a line stands in the drawing."""
        return round(LEFT + line * WIDTH, 1)

    def y(self, share: float) -> float:
        """Where a share stands in the drawing."""
        return round(TOP + (1 - share) * HEIGHT, 1)


@blueprint.get("/drempel")
def show() -> str:
    """Where the line stands, how it was set, and what a higher or lower one would cost."""
    page = engine().line()
    return render_template("line.html", page=page, drawing=drawing(page) if page else None)


def drawing(page: LinePage) -> Drawing:
    """The drawing of a line and its costs."""
    blank = Drawing((), page.line)
    return Drawing(tuple((name, _points(blank, page.costs, name)) for name in CURVES), page.line)


def _points(field: Drawing, costs: Sequence[LineCost], name: str) -> str:
    return " ".join(f"{field.x(cost.line)},{field.y(getattr(cost, name))}" for cost in costs)
