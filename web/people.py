"""The people of a zone: who there is, what they may do, and how they come in; for administrators."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.engine import Person
from kbengine.errors import InvalidDocument, KBError, NotAllowed
from kbengine.history import Role
from web.context import engine, person
from web.errors import status_of
from web.forms import posted

blueprint = Blueprint("people", __name__)

ROLE = "role:"


@blueprint.get("/mensen")
def overview() -> str:
    """Everybody, with what an administrator may do about them."""
    return _show()


def _show(error: KBError | None = None, link: str = "", about: Person | None = None, typed: str = "") -> str:
    everybody = engine().people.all()
    return render_template(
        "people.html",
        people=[one for one in everybody if not one.erased],
        erased=sum(one.erased for one in everybody),
        with_password={one.id for one in everybody if engine().people.has_password(one)},
        error=error,
        link=link,
        about=about,
        typed=typed,
        done=request.args.get("ok", ""),
    )


@blueprint.post("/mensen")
def add() -> str | tuple[str, int]:
    """Make an account, and show the link its person comes in by: once, to hand over."""
    fields = posted("login", "name", prefixes=(ROLE,))
    try:
        made = engine().people.add(fields["login"], fields["name"], _roles(fields), by=person().id)
    except KBError as error:
        return _show(error, typed=fields["name"][:200]), status_of(error)
    return _linked(made)


@blueprint.post("/mensen/rollen")
def roles() -> Response:
    """Say what somebody may do from now on; they sign in again for it."""
    fields = posted("login", prefixes=(ROLE,))
    one, granted = engine().people.by_login(fields["login"]), _roles(fields)
    if one.id == person().id and Role.ADMINISTRATOR not in granted:
        raise _self()
    engine().people.set_roles(one.login, granted, by=person().id)
    return redirect(url_for("people.overview", ok="roles"), 303)


@blueprint.post("/mensen/toegang")
def access() -> Response:
    """Close an account, or open it again."""
    fields = posted("login", "open")
    opening = fields["open"] == "yes"
    one = _other(fields["login"])
    engine().people.set_active(one.login, opening)
    return redirect(url_for("people.overview", ok="open" if opening else "closed"), 303)


@blueprint.post("/mensen/link")
def link() -> str:
    """A new link, for who lost theirs or forgot a password: shown once, to hand over."""
    return _linked(engine().people.by_login(posted("login")["login"]))


@blueprint.post("/mensen/wissen")
def erase() -> Response:
    """Erase who somebody was, for good; `sure` is their login, typed once more."""
    fields = posted("login", "sure")
    one = _other(fields["login"])
    if fields["sure"].strip() != one.login:
        raise InvalidDocument("form.field", "The login was not typed again.", field="sure")
    engine().people.erase(one.login, by=person().id)
    return redirect(url_for("people.overview", ok="erased"), 303)


def _linked(one: Person) -> str:
    secret = engine().people.new_link(one)
    return _show(link=url_for("account.arrive", secret=secret, _external=True), about=one)


def _roles(fields: dict[str, str]) -> frozenset[Role]:
    return frozenset(role for role in Role if fields.get(ROLE + role))


def _other(login: str) -> Person:
    one = engine().people.by_login(login)
    if one.id == person().id:
        raise _self()
    return one


def _self() -> NotAllowed:
    return NotAllowed("person.self", "Nobody does this to their own account.", "Ask another administrator.")
