"""What was typed in a form stays on the page when the session ended before it was sent."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, render_template, request
from flask_babel import lazy_gettext as _

from kbengine.errors import KBError, NotAllowed, SignInError
from web import words
from web.context import TOKEN, is_fetch, visitor
from web.errors import refused, status_of
from web.messages import explain
from web.proof import PROOF
from web.security import SAFE

# Forms in which people write; what a citizen wrote is in none of them.
ROOMS: Final = frozenset({"editor", "registers", "kinds", "facts", "review", "day", "history"})

LABELS: Final = {
    **words.FIELDS,
    **words.LANGUAGES,
    "default": _("Gewoon"),
    "short": _("Kort"),
    "private": _("Privé"),
    "internal": _("Intern"),
    "text": _("Tekst"),
    "reason": _("Reden of notitie"),
    "words": _("Woorden"),
}


def register(app: Flask) -> None:
    """Catch the two refusals of somebody whose session is not, or no longer, the one that the form was made for."""
    app.register_error_handler(SignInError, kept_on_the_page)
    app.register_error_handler(NotAllowed, kept_on_the_page)


def kept_on_the_page(error: KBError) -> Response:
    """The refusal with everything that was typed, in a form that sends it again; any other refusal as always."""
    ended = isinstance(error, SignInError) or error.code == "request.token"
    writing = (request.endpoint or "").partition(".")[0] in ROOMS and request.method not in SAFE
    if not (ended and writing) or is_fetch():
        return refused(error)
    fields = [
        (name, LABELS.get(name, name), value) for name, value in request.form.items() if name not in (TOKEN, PROOF)
    ]
    message, hint = explain(error.code, error.fields)
    page = render_template("rescue.html", fields=fields, message=message, hint=hint, signed_in=visitor() is not None)
    return Response(page, status_of(error), mimetype="text/html")
