"""What a text in review would do to other answers, worked out when somebody asks."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.context import engine
from web.forms import number_of, posted, ref_of

blueprint = Blueprint("effects", __name__)


@blueprint.post("/gevolgen")
def show() -> str:
    """The questions of other articles that would find something else; takes some seconds the first time."""
    values = posted("kind", "slug", "lang", "number")
    foreseen = engine().effects.of(ref_of(values), number_of(values["number"]))
    return render_template("effects.html", foreseen=foreseen)
