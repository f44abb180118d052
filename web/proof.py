"""Shows again who one is: a session that nobody used for long, and vouching after a while, wait for a proof.

What was sent meanwhile is not lost: the page that asks carries every field, and sends them with the proof.
"""

from __future__ import annotations

from typing import Final

from flask import Response, g, jsonify, render_template, request, url_for

from kbengine.errors import KBError, SignInError
from kbengine.history import Move
from web.context import TOKEN, engine, is_fetch, session
from web.errors import status_of
from web.messages import explain

PROOF: Final = "proof"
# Asked without anybody doing anything, so that asking keeps no session open.
QUIET: Final = frozenset({"static", "account.health", "account.state"})
# What a locked session may still do.
UNLOCKED: Final = QUIET | {"account.sign_out", "account.lock", "day.read", "day.decide"}
# Forms with one of these moves, and these pages, need a proof of the last quarter of an hour.
VOUCHING: Final = frozenset({Move.VALIDATE, Move.RENEW})
ALWAYS: Final = frozenset(
    {
        *("account.new_token", "people.add", "people.roles", "people.access", "people.link", "people.erase"),
        *("due.confirm", "start.sign", "vouching.alone", "clock.confirm"),
    }
)


def needs_proof() -> bool:
    """Whether this request is one that its person answers for: vouching, or deciding who gets in."""
    accepts = request.endpoint == "learning.decide" and request.form.get("then") == "accept"
    vouches = request.endpoint in ALWAYS or request.form.get("move") in VOUCHING
    return request.method == "POST" and (vouches or accepts)


def demand(secret: str) -> Response | None:
    """Let a request of somebody who is signed in pass, or ask first who they are."""
    found, needed = session(), needs_proof()
    if found is None or found.person is None or request.endpoint in UNLOCKED:
        return None
    if found.locked or (needed and not found.proven) or request.endpoint == "account.unlock":
        error = _prove(secret, locked=found.locked)
        if error is not None:
            return _asked(error)
        g.session = engine().people.session(secret)
    engine().people.touch(secret, proven=needed)
    return None


def _prove(secret: str, *, locked: bool) -> KBError | None:
    if request.method != "POST" or PROOF not in request.form:
        if locked:
            return SignInError("session.locked", "The session is locked.", "Show who you are.")
        return SignInError("session.stale", "This needs a fresh proof.", "Show who you are.")
    try:
        engine().door.prove(secret, request.form[PROOF], request.remote_addr or "")
    except KBError as error:
        return error
    return None


def _asked(error: KBError) -> Response:
    """The page, or for a script the code, that asks for the proof."""
    if is_fetch():
        message, hint = explain(error.code, error.fields)
        answer = jsonify({"error": {"code": error.code, "message": message, "hint": hint}})
        answer.status_code = status_of(error)
        return answer
    posted = request.method == "POST"
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in (PROOF, TOKEN)]
    page = render_template(
        "proof.html",
        error=error,
        action=request.full_path if posted else url_for("account.unlock"),
        fields=fields if posted else [("back", request.full_path.rstrip("?"))],
    )
    return Response(page, status_of(error), mimetype="text/html")
