"""The kinds of message: what was agreed for each, and the text of cues behind them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import Kind, Ref
from kbengine.engine import Engine
from kbengine.errors import Conflict, InvalidDocument, KBError, WorkflowError
from web.context import engine, person
from web.errors import status_of
from web.forms import number_of, posted
from web.overtaken import first_one
from web.registers import submit

blueprint = Blueprint("kinds", __name__)

KINDS = Ref(Kind.KINDS, "kinds")


@blueprint.get("/soorten")
def show() -> str:
    """Every kind of message with what was agreed for it."""
    page, _, lines = engine().registers.kinds()
    return render_template("kinds.html", page=page, lines=lines, done=request.args.get("ok", ""))


@blueprint.get("/soorten/tekst")
def edit() -> str:
    """The whole register as one plain text."""
    page, text, _ = engine().registers.kinds()
    return _form(text, page.number)[0]


def _form(
    text: str, base: int, error: KBError | None = None, *, kept: bool = False, theirs: str = ""
) -> tuple[str, int]:
    refused = error.problems if isinstance(error, InvalidDocument) else ()
    latest = first_one(KINDS) if theirs else None
    page = render_template(
        "kinds_form.html",
        text=text,
        base=base,
        error=error,
        refused=refused,
        kept=kept,
        theirs=theirs,
        latest=latest,
    )
    return page, status_of(error) if error else 200


@blueprint.post("/soorten/tekst")
def save() -> Response | tuple[str, int]:
    """Keep the register in a new revision, and send that for validation when asked."""
    values = posted("text", "base", optional=("then",))
    text, base = values["text"], number_of(values["base"])
    doors: Engine = engine()
    try:
        base = doors.registers.save_kinds(person(), text, base)
    except InvalidDocument as error:
        return _form(text, base, error)
    except Conflict as error:
        page, theirs, _ = doors.registers.kinds()
        return _form(text, page.number, error, theirs=theirs)
    try:
        done = submit(KINDS, base, values["then"])
    except (InvalidDocument, WorkflowError) as error:
        return _form(text, base, error, kept=True)
    return redirect(url_for("kinds.show", ok=done), 303)
