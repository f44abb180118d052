"""Who vouches: the zone's policy as it is, who is away, and the exception for a team of one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kbengine.errors import InvalidDocument, KBError
from web.context import engine, person
from web.errors import status_of
from web.forms import posted

blueprint = Blueprint("vouching", __name__)

NOTHING = {"login": "", "first": "", "last": "", "reason": "", "hours": ""}


@blueprint.get("/wie-valideert")
def show() -> str:
    """Who vouches for each service, who is away until when, and how the exception stands."""
    return _page(NOTHING)


def _page(typed: dict[str, str], error: KBError | None = None, about: str = "") -> str:
    page = engine().vouching.page()
    return render_template("vouching.html", page=page, me=person(), typed=typed, error=error, about=about)


@blueprint.post("/wie-valideert/afwezig")
def away() -> Response | tuple[str, int]:
    """Say when somebody is away, or that they are back; what was refused comes back as it was typed."""
    fields = posted("login", optional=("first", "last", "back"))
    try:
        if fields["back"]:
            engine().vouching.end_absence(person(), fields["login"])
        else:
            engine().vouching.set_absence(person(), fields["login"], fields["first"], fields["last"])
    except KBError as error:
        return _page(NOTHING | fields, error, "away"), status_of(error)
    return redirect(url_for("vouching.show"), 303)


@blueprint.post("/wie-valideert/alleen")
def alone() -> Response | tuple[str, int]:
    """Turn the exception for a team of one, for everybody at once."""
    fields = posted("turn", "reason", optional=("hours",))
    if fields["turn"] not in ("on", "off") or not (fields["hours"] or "0").isdecimal():
        raise InvalidDocument("form.field", "A switch is turned on or off, for some hours.", field="turn")
    try:
        on, hours = fields["turn"] == "on", int(fields["hours"] or 0)
        engine().vouching.turn(person(), fields["reason"], on=on, hours=hours)
    except KBError as error:
        return _page(NOTHING | fields, error, "alone"), status_of(error)
    return redirect(url_for("vouching.show"), 303)
