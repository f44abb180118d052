"""The kinds of message: what was agreed for each, and the text of cues behind them."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from kbengine.article import Kind, Ref
from web.context import engine, person
from web.forms import number_of, posted
from web.saving import TextForm, went_to

blueprint = Blueprint("kinds", __name__)

KINDS = Ref(Kind.KINDS, "kinds")


def _newest() -> tuple[str, int]:
    page, text, _ = engine().registers.kinds()
    return text, page.number


TEXT: Final = TextForm(KINDS, "kinds_form.html", _newest, went_to("kinds.show"))


@blueprint.get("/soorten")
def show() -> str:
    """Every kind of message with what was agreed for it."""
    page, _, lines = engine().registers.kinds()
    return render_template("kinds.html", page=page, lines=lines, done=request.args.get("ok", ""))


@blueprint.get("/soorten/tekst")
def edit() -> str:
    """The whole register as one plain text."""
    return TEXT.show(*_newest())[0]


@blueprint.post("/soorten/tekst")
def save() -> Response | tuple[str, int]:
    """Keep the register in a new revision, and send that for validation when asked."""
    values = posted("text", "base", optional=("then",))
    text, base = values["text"], number_of(values["base"])
    return TEXT.save(text, base, values["then"], lambda: engine().registers.save_kinds(person(), text, base))
