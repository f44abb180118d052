"""Coming in and going out: one-time links, sessions, and whether the product is alive."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.engine import Person
from web.context import engine, session, visitor
from web.forms import posted
from web.security import allows, cookie_name, drop_session, set_session

blueprint = Blueprint("account", __name__)


@blueprint.get("/gezond")
def health() -> dict[str, bool]:
    """Whether the pages answer, and whether likeness of meaning counts where an encoder is wanted; for a monitor."""
    meaning = engine().by_meaning
    return {"ok": True} if meaning is None else {"ok": True, "meaning": meaning}


@blueprint.get("/aanmelden")
def welcome() -> Response | str:
    """How to get a link, for somebody without a session."""
    who = visitor()
    return redirect(home(who), 303) if who else render_template("welcome.html")


@blueprint.get("/in/<secret>")
def arrive(secret: str) -> Response:
    """Show whose link this is; it is not used up, because a mail program may look at it first."""
    people = engine().people
    person = people.link_person(secret)
    if session() is not None:
        return Response(render_template("arrive.html", name=person.name), mimetype="text/html")
    visit = people.visit()
    found = people.session(visit)
    token = found.csrf if found else ""
    response = Response(render_template("arrive.html", name=person.name, token=token), mimetype="text/html")
    set_session(response, visit)
    return response


@blueprint.post("/in/<secret>")
def sign_in(secret: str) -> Response:
    """Use the link up; the session of before ends, so that a planted cookie opens nothing."""
    posted()
    people = engine().people
    opened, person = people.sign_in(secret)
    people.sign_out(request.cookies.get(cookie_name(), ""))
    response = redirect(home(person), 303)
    set_session(response, opened)
    return response


@blueprint.post("/afmelden")
def sign_out() -> Response:
    """End the session, here and for every copy of its cookie."""
    posted()
    engine().people.sign_out(request.cookies.get(cookie_name(), ""))
    response = redirect(url_for("account.welcome", ok="out"), 303)
    drop_session(response)
    return response


def home(who: Person) -> str:
    """Where somebody starts: the desk, or search for who only reads."""
    return url_for("desk.start" if allows("desk.start", who) else "reading.search")
