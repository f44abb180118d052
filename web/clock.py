"""The clock: whether it is believed, what waits because it is not, and the form in which a person says the time."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kbengine.errors import KBError
from web.context import engine, person
from web.errors import status_of
from web.forms import posted

blueprint = Blueprint("clock", __name__)


@blueprint.get("/klok")
def show() -> str:
    """How it stands, what waits and what ended meanwhile, and every time somebody confirmed it."""
    return render_template("clock.html", page=engine().clock.page(), error=None, typed={"time": "", "reason": ""})


@blueprint.post("/klok")
def confirm() -> Response | tuple[str, int]:
    """Believe it again; what was refused comes back as it was typed."""
    fields = posted("time", optional=("reason",))
    try:
        engine().clock.confirm(person(), fields["time"], fields["reason"])
    except KBError as error:
        return render_template("clock.html", page=engine().clock.page(), error=error, typed=fields), status_of(error)
    return redirect(url_for("clock.show"), 303)
