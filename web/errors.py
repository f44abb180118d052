"""One shape for every refusal: a page with its code and what to do, or the same as JSON; never what is inside."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Sequence

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from kbengine.errors import (
    Conflict,
    InvalidDocument,
    KBError,
    NotAllowed,
    NotFound,
    NotStorable,
    Problem,
    SignInError,
    StoreError,
    TooLarge,
    TooOften,
    WorkflowError,
    WrongState,
)
from web.context import for_program, on_api
from web.messages import explain

STATUSES: Sequence[tuple[type[KBError], int]] = (
    (NotFound, 404),
    (TooLarge, 413),
    (TooOften, 429),
    (SignInError, 401),
    (NotAllowed, 403),
    (Conflict, 409),
    (WrongState, 409),
    (WorkflowError, 422),
    (InvalidDocument, 422),
    (NotStorable, 422),
)


def register(app: Flask) -> None:
    """Catch everything that a view can raise."""
    app.register_error_handler(KBError, refused)
    app.register_error_handler(HTTPException, not_served)
    app.register_error_handler(Exception, broken)


def status_of(error: KBError) -> int:
    """The status that says the same as the exception's place in the tree."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def refused(error: KBError) -> Response:
    """A refusal that the engine or a guard made on purpose."""
    status = status_of(error)
    if status == 500:
        return broken(error)
    problems = error.problems if isinstance(error, InvalidDocument) else ()
    answer = _answer(status, error.code, error.fields, problems)
    if isinstance(error, TooOften):
        answer.headers["Retry-After"] = error.fields["seconds"]
    if status == 401 and on_api():
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def not_served(error: HTTPException) -> Response:
    """What Flask itself refuses: no such page, wrong method, too large, a foreign host."""
    if isinstance(error, SecurityError) and not on_api():
        # Without a host that is ours no address can be made, so no page either.
        return Response("Onbekend adres.\n", 400, mimetype="text/plain")
    status = error.code or 500
    if 300 <= status < 400:
        return Response(status=status, headers=error.get_headers())
    answer = _answer(status, f"http.{status}", {})
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def broken(error: Exception) -> Response:
    """Something we did not foresee. The log names the place, never the exception's text: that may hold a message."""
    number = secrets.token_hex(4)
    place = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(place))
    code = f" {error.code}" if isinstance(error, KBError) else ""
    current_app.logger.error("%s failed: %s%s at %s (%s)", request.endpoint, type(error).__name__, code, where, number)
    return _answer(500, "http.500", {"number": number})


def _answer(status: int, code: str, fields: dict[str, str], problems: Sequence[Problem] = ()) -> Response:
    message, hint = explain(code, fields)
    if for_program():
        answer = jsonify({"error": {"code": code, "message": message, "hint": hint}})
        answer.status_code = status
        return answer
    try:
        page = render_template("error.html", status=status, code=code, message=message, hint=hint, problems=problems)
    except StoreError:  # what stands round every page is in the store, which cannot be read now
        return Response(f"{message} {hint}\n", status, mimetype="text/plain")
    return Response(page, status, mimetype="text/html")
