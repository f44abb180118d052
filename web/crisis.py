"""Crisis mode: how it stands, what it does, and the button that turns it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kbengine.errors import InvalidDocument, KBError
from web.context import engine, person
from web.errors import status_of
from web.forms import posted

blueprint = Blueprint("crisis", __name__)


@blueprint.get("/crisis")
def show() -> str:
    """Whether it is on, which answers it puts first or holds, and every time it was turned."""
    return render_template("crisis.html", page=engine().crisis.page(), error=None, reason="")


@blueprint.post("/crisis")
def turn() -> Response | tuple[str, int]:
    """Turn it, for everybody at once; what was refused is said beside the form, with the reason as typed."""
    fields = posted("turn", "reason")
    if fields["turn"] not in ("on", "off"):
        raise InvalidDocument("form.field", "A switch is turned on or off.", field="turn")
    try:
        engine().crisis.turn(person(), fields["reason"], on=fields["turn"] == "on")
    except KBError as error:
        shown = render_template("crisis.html", page=engine().crisis.page(), error=error, reason=fields["reason"])
        return shown, status_of(error)
    return redirect(url_for("crisis.show"), 303)
