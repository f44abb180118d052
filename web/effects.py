"""What a text in review would do to other answers, worked out when somebody asks."""

from __future__ import annotations

from flask import Blueprint, render_template

from kbengine.article import Kind, Ref
from kbengine.errors import NotFound
from web.context import engine
from web.forms import number_of, posted

blueprint = Blueprint("effects", __name__)


@blueprint.post("/gevolgen")
def show() -> str:
    """The questions of other articles that would find something else; takes some seconds the first time."""
    values = posted("kind", "slug", "lang", "number")
    try:
        ref = Ref(Kind(values["kind"]), values["slug"], values["lang"])
    except ValueError:
        raise NotFound("ref.unknown", "There is no such text.", "Open it from a list.") from None
    return render_template("effects.html", foreseen=engine().effects.of(ref, number_of(values["number"])))
