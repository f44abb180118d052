"""Coming in and going out: links, passwords, the lock over a page, and what somebody has of their own."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from kbengine.engine import Person
from kbengine.errors import InvalidDocument, KBError, SignInError
from kbengine.history import Scope
from web.context import engine, person, router, session, visitor, zone
from web.errors import status_of
from web.forms import posted
from web.security import allows, cookie_name, drop_session, set_session

blueprint = Blueprint("account", __name__)

# What one chooses between for a token: all that its person may do, or what a program asks.
TOKENS_FOR: Final = {"all": frozenset({Scope.ALL}), "api": frozenset({Scope.SUGGEST, Scope.READ})}


@blueprint.get("/gezond")
def health() -> dict[str, bool]:
    """Whether the pages answer, and whether likeness of meaning counts where an encoder is wanted; for a monitor."""
    meaning = engine().by_meaning
    return {"ok": True} if meaning is None else {"ok": True, "meaning": meaning}


@blueprint.get("/aanmelden")
def welcome() -> Response | str:
    """The form to sign in with, or in a demo how to get a link."""
    who = visitor()
    return redirect(home(who), 303) if who else render_template("welcome.html", error=None, login="")


@blueprint.post("/aanmelden")
def enter() -> Response | tuple[str, int]:
    """Sign in with a password; what was wrong is never told apart."""
    fields = posted("login", "password")
    try:
        if engine().demo:
            raise SignInError("password.demo", "A demo has no passwords.", "Use a link.")
        opened, person = engine().door.by_password(fields["login"], fields["password"], address())
    except KBError as error:
        return render_template("welcome.html", error=error, login=fields["login"][:80]), status_of(error)
    return _begun(opened, person)


@blueprint.get("/in/<secret>")
def arrive(secret: str) -> Response:
    """Show whose link this is; it is not used up, because a mail program may look at it first."""
    people = engine().people
    who = people.link_person(secret)
    if session() is not None:
        return _arrived(who)
    visit = people.visit()
    found = people.session(visit)
    response = _arrived(who, token=found.csrf if found else "")
    set_session(response, visit)
    return response


def _arrived(who: Person, status: int = 200, **more: Any) -> Response:
    page = render_template("arrive.html", person=who, **({"error": None} | more))
    return Response(page, status, mimetype="text/html")


@blueprint.post("/in/<secret>")
def sign_in(secret: str) -> Response:
    """Use the link up, with the password its person chooses; a demo has none.

    The session of before ends, so that a planted cookie opens nothing.
    """
    people = engine().people
    if engine().demo:
        posted()
        return _begun(*people.sign_in(secret))
    fields = posted("new", "again")
    who = people.link_person(secret)
    try:
        return _begun(*engine().door.choose(secret, _same(fields), (zone().name,)))
    except SignInError as error:
        return _arrived(who, status_of(error), error=error)


def _begun(opened: str, who: Person) -> Response:
    """Where somebody starts who came in; the session of before is over."""
    engine().people.sign_out(request.cookies.get(cookie_name(), ""))
    response = redirect(home(who), 303)
    set_session(response, opened)
    return response


def _same(fields: dict[str, str]) -> str:
    if fields["new"] != fields["again"]:
        raise SignInError("password.twice", "The two passwords differ.", "Type the new one twice.")
    return fields["new"]


@blueprint.post("/afmelden")
def sign_out() -> Response:
    """End the session, here and for every copy of its cookie."""
    posted()
    engine().people.sign_out(request.cookies.get(cookie_name(), ""))
    response = redirect(url_for("account.welcome", ok="out"), 303)
    drop_session(response)
    return response


@blueprint.get("/sessie")
def state() -> dict[str, Any]:
    """Whether the session goes on, for our own script: seconds until it locks, and the token its forms need now."""
    found = session()
    if found is None or found.person is None:
        return {"open": False, "left": 0, "token": "", "who": ""}
    left = 0.0 if found.locked else (found.idle_at - engine().now()).total_seconds()
    return {"open": True, "left": max(0, int(left)), "token": found.csrf, "who": found.person.id}


@blueprint.post("/nog-bezig")
def stay() -> dict[str, bool]:
    """Somebody is typing on a page that asks nothing meanwhile: that is an act too."""
    posted()
    return {"ok": True}


@blueprint.post("/vergrendelen")
def lock() -> Response:
    """Lock the session now, in every window."""
    posted(optional=("back",))
    engine().people.lock(request.cookies.get(cookie_name(), ""))
    return redirect(own_path(request.form.get("back", "")), 303)


@blueprint.post("/ontgrendelen")
def unlock() -> Response:
    """Go on where somebody was; the guard has seen the proof."""
    fields = posted(optional=("back",))
    return redirect(own_path(fields["back"]), 303)


@blueprint.get("/mijn-account")
def mine() -> str:
    """Who one is here, one's password and one's tokens."""
    return _mine()


def _mine(error: KBError | None = None, made: str = "") -> str:
    tokens, done = engine().people.tokens(person()), request.args.get("ok", "")
    return render_template("account.html", tokens=tokens, error=error, made=made, done=done)


@blueprint.post("/mijn-account/wachtwoord")
def change() -> Response | tuple[str, int]:
    """Change one's password: everywhere else one is signed out."""
    fields = posted("old", "new", "again")
    try:
        if engine().demo:
            raise SignInError("password.demo", "A demo has no passwords.", "Use a link.")
        opened = engine().door.change(person(), fields["old"], _same(fields), address(), (zone().name,))
    except KBError as error:
        return _mine(error), status_of(error)
    response = redirect(url_for("account.mine", ok="password"), 303)
    set_session(response, opened)
    return response


@blueprint.post("/mijn-account/token")
def new_token() -> str:
    """Make a personal token; it is shown on this page and never again."""
    fields = posted("label", optional=("scope",))
    scopes = TOKENS_FOR.get(fields["scope"] or "all")
    if scopes is None:
        raise InvalidDocument("form.field", "A token is for all or for the API.", field="scope")
    return _mine(made=engine().people.new_token(person(), " ".join(fields["label"].split()), scopes))


@blueprint.post("/mijn-account/token/einde")
def end_token() -> Response:
    """End one of one's own tokens at once."""
    engine().people.end_token(person(), posted("id")["id"])
    return redirect(url_for("account.mine", ok="token"), 303)


def address() -> str:
    """Where the request came from; no header says so, because no proxy is trusted."""
    return request.remote_addr or ""


def own_path(path: str) -> str:
    """A path of ours that a form asks to go back to, else where its person starts: never somewhere else."""
    route, _, _ = path.partition("?")
    plain = route.startswith("/") and not route.startswith("//") and route.isprintable() and "\\" not in path
    try:
        if plain and path.isascii() and path.isprintable():
            router().match(route, method="GET")
            return path
    except HTTPException:
        pass
    return home(person())


def home(who: Person) -> str:
    """Where somebody starts: the desk, or search for who only reads."""
    return url_for("desk.start" if allows("desk.start", who) else "reading.search")
