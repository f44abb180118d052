"""Who may come in: sessions, the permission table, forged requests, headers, limits.

A request passes in this order: known host, our own page, signed in, its session's token, its role,
a proof.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final, Literal

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from kbengine.engine import Person
from kbengine.errors import NotAllowed, SignInError
from kbengine.history import Role
from kbengine.settings import LOOPBACK, Settings
from web.bearer import admitted
from web.context import TOKEN, engine, is_fetch, session, visitor
from web.proof import demand

OPEN: Final = "open"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Permission = frozenset[Role] | Literal["open"]

SIGNED_IN: Final = frozenset(Role)
ANSWERING: Final = SIGNED_IN - {Role.READER}
WRITING: Final = frozenset({Role.EDITOR, Role.VALIDATOR})
WRITING_TODAY: Final = WRITING | {Role.AGENT}
DECIDING: Final = WRITING | {Role.ADMINISTRATOR}
MANAGING: Final = frozenset({Role.ADMINISTRATOR})
SWITCHING: Final = frozenset({Role.VALIDATOR, Role.ADMINISTRATOR})

# The one table of who may ask what; a route that does not stand here keeps the app from starting.
# Which move a person may make on which text is the engine's to decide, in the transaction that writes it.
PERMISSIONS: Final[Mapping[str, Permission]] = {
    "static": OPEN,
    "account.health": OPEN,
    "account.welcome": OPEN,
    "account.arrive": OPEN,
    "account.sign_in": OPEN,
    "account.sign_out": SIGNED_IN,
    "account.enter": OPEN,
    "account.state": OPEN,
    "account.stay": SIGNED_IN,
    "account.lock": SIGNED_IN,
    "account.unlock": SIGNED_IN,
    "account.mine": SIGNED_IN,
    "account.change": SIGNED_IN,
    "account.new_token": SIGNED_IN,
    "account.end_token": SIGNED_IN,
    "people.overview": MANAGING,
    "people.add": MANAGING,
    "people.roles": MANAGING,
    "people.access": MANAGING,
    "people.link": MANAGING,
    "people.erase": MANAGING,
    "desk.start": ANSWERING,
    "desk.advise": ANSWERING,
    "desk.reply": ANSWERING,
    "desk.copy": ANSWERING,
    "desk.take_back": ANSWERING,
    "day.show": WRITING_TODAY,
    "day.write": WRITING_TODAY,
    "day.link": WRITING_TODAY,
    "day.read": OPEN,
    "day.decide": OPEN,
    "crisis.show": SIGNED_IN,
    "crisis.turn": SWITCHING,
    "clock.show": SIGNED_IN,
    "clock.confirm": SWITCHING,
    "learning.lesson": ANSWERING,
    "learning.keep": ANSWERING,
    "learning.dismiss": ANSWERING,
    "learning.noted": ANSWERING,
    "learning.overview": WRITING,
    "learning.phrase": WRITING,
    "learning.decide": WRITING,
    "learning.gap": WRITING,
    "marks.lesson": ANSWERING,
    "marks.keep": ANSWERING,
    "marks.noted": ANSWERING,
    "marks.overview": WRITING,
    "marks.drop": WRITING,
    "reading.search": SIGNED_IN,
    "reading.overview": SIGNED_IN,
    "reading.article": SIGNED_IN,
    "reading.revision": SIGNED_IN,
    "history.difference": SIGNED_IN,
    "history.beside": SIGNED_IN,
    "history.note": WRITING,
    "history.handle": WRITING,
    "editor.new": WRITING,
    "editor.edit": WRITING,
    "editor.preview": WRITING,
    "editor.save": WRITING,
    "unsaved.keep": WRITING,
    "unsaved.overview": WRITING,
    "unsaved.drop": WRITING,
    "editor.questions": WRITING,
    "editor.save_questions": WRITING,
    "registers.synonyms": ANSWERING,
    "registers.group": WRITING,
    "registers.save_group": WRITING,
    "registers.curations": ANSWERING,
    "registers.curation": WRITING,
    "registers.save_curation": WRITING,
    "registers.remove": WRITING,
    "referrals.overview": ANSWERING,
    "referrals.subject": WRITING,
    "referrals.save": WRITING,
    "facts.overview": ANSWERING,
    "facts.value": WRITING,
    "facts.save": WRITING,
    "facts.impact": DECIDING,
    "facts.recall": DECIDING,
    "kinds.show": ANSWERING,
    "kinds.edit": WRITING,
    "kinds.save": WRITING,
    "vouching.show": SIGNED_IN,
    "vouching.away": SIGNED_IN,
    "vouching.alone": frozenset({Role.ADMINISTRATOR}),
    "line.show": DECIDING,
    "start.show": DECIDING,
    "start.sign": WRITING,
    "start.progress": DECIDING,
    "start.lay_out": WRITING,
    "effects.show": DECIDING,
    "neighbours.overview": DECIDING,
    "neighbours.show": DECIDING,
    "neighbours.glance": DECIDING,
    "neighbours.typed": WRITING,
    "neighbours.note": WRITING,
    "neighbours.forget": WRITING,
    "review.show": WRITING,
    "review.decide": WRITING,
    "names.rename": WRITING,
    "names.do_rename": WRITING,
    "names.merge": WRITING,
    "names.do_merge": WRITING,
    "bulk.plan": DECIDING,
    "bulk.do": DECIDING,
    "due.show": DECIDING,
    "due.confirm": WRITING,
    "due.address": DECIDING,
    "due.feed": OPEN,
    "editor.queue": DECIDING,
    "editor.move": ANSWERING,
    "api.suggest": ANSWERING,
    "api.search": SIGNED_IN,
    "api.answers": SIGNED_IN,
    "api.answer": SIGNED_IN,
}

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), clipboard-read=()",
}
HSTS: Final = "max-age=63072000; includeSubDomains"
LIMITS: Final = {
    "MAX_CONTENT_LENGTH": 1_000_000,
    "MAX_FORM_PARTS": 100,
    "MAX_FORM_MEMORY_SIZE": 256_000,
}


def secure(app: Flask, settings: Settings) -> None:
    """Put every guard round an app whose routes are all there; raises RuntimeError when one has no permission."""
    check_permissions(app)
    app.config.update(LIMITS)
    app.config["TRUSTED_HOSTS"] = sorted(LOOPBACK | {settings.host} if settings.loopback else {settings.host})
    app.extensions["kb_settings"] = settings
    app.before_request(guard)
    app.after_request(add_headers)


def check_permissions(app: Flask) -> None:
    """Every route stands in the table, and nothing else does."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    missing, stale = routes - PERMISSIONS.keys(), PERMISSIONS.keys() - routes
    if missing or stale:
        raise RuntimeError(f"web.security.PERMISSIONS lacks {sorted(missing)} and names for nothing {sorted(stale)}")


def allows(endpoint: str, who: Person | None) -> bool:
    """Whether the table lets somebody ask that."""
    permission = PERMISSIONS[endpoint]
    return permission == OPEN or (who is not None and bool(who.roles & permission))


def guard() -> AnyResponse | None:
    """Let a request pass, send it to the door, or refuse it; raises SignInError, NotAllowed."""
    endpoint = request.endpoint
    if isinstance(request.routing_exception, HTTPException) or endpoint is None or endpoint == "static":
        return None
    if admitted(endpoint):
        _refuse_role(endpoint)
        return None
    secret = request.cookies.get(cookie_name(), "")
    g.session = engine().people.session(secret) if secret else None
    if request.method not in SAFE:
        # Werkzeug holds fields of one kind of form to MAX_FORM_MEMORY_SIZE only; the other kind is read in one go.
        if request.mimetype == "application/x-www-form-urlencoded":
            request.max_content_length = LIMITS["MAX_FORM_MEMORY_SIZE"]
        _refuse_foreign()
    if PERMISSIONS[endpoint] != OPEN and visitor() is None:
        if request.method in SAFE and not is_fetch():
            return redirect(url_for("account.welcome"), 303)
        raise SignInError("session.none", "There is no session.", "Sign in again.")
    # Without a session there is none to be forged: the form that opens one is guarded by where it was sent from.
    if request.method not in SAFE and (session() is not None or endpoint != "account.enter"):
        _refuse_without_token()
    _refuse_role(endpoint)
    return demand(secret)


def _refuse_role(endpoint: str) -> None:
    if not allows(endpoint, visitor()):
        raise NotAllowed("page.role", "This page is not for your role.", "Ask an administrator.")


def _refuse_foreign() -> None:
    """Only our own pages may send: the browser says so itself, an old one by its Origin."""
    site = request.headers.get("Sec-Fetch-Site")
    own = site in ("same-origin", "none") if site else request.headers.get("Origin") in _own_origins()
    if not own:
        raise NotAllowed("request.foreign", "This request does not come from our own pages.", "Open the page again.")


def _own_origins() -> frozenset[str]:
    plain, safe = f"http://{request.host}", f"https://{request.host}"
    return frozenset({plain, safe} if _settings().loopback else {safe})


def _refuse_without_token() -> None:
    found = session()
    given = request.headers.get("X-CSRF-Token") or request.form.get(TOKEN, "")
    known = found.csrf if found else ""
    if not known or not hmac.compare_digest(given.encode("utf-8", "replace"), known.encode()):
        raise NotAllowed("request.token", "The form is not of this session.", "Load the page again.")


def csrf_token() -> str:
    """The session's token, for a form."""
    found = session()
    return found.csrf if found else ""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["kb_settings"]
    return settings


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host and to https, which a loopback address does not have."""
    return "kb_session" if _settings().loopback else "__Host-kb_session"


def set_session(response: AnyResponse, secret: str) -> None:
    """Give the browser a session's random secret; it ends with the browser, at the latest when the store says so."""
    response.set_cookie(cookie_name(), secret, path="/", httponly=True, samesite="Lax", secure=not _settings().loopback)


def drop_session(response: AnyResponse) -> None:
    """Take the cookie back."""
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="Lax", secure=not _settings().loopback)


def add_headers(response: Response) -> Response:
    """The headers that go out with everything, errors and files included."""
    response.headers.update(HEADERS)
    if not _settings().loopback:
        response.headers["Strict-Transport-Security"] = HSTS
    # Files carry no data and are asked again with their ETag; a page is never kept.
    response.headers["Cache-Control"] = "no-cache" if request.endpoint == "static" else "no-store"
    return response
