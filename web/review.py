"""One text per screen for whoever signs: what changed since they last signed it, its sources, and four keys."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.engine import Seen
from kbengine.errors import KBError
from kbengine.history import Role
from web.context import engine, is_fetch, person
from web.errors import status_of
from web.forms import move_of, number_of, posted, ref_of
from web.overtaken import MEANWHILE, overtaken

blueprint = Blueprint("review", __name__)

FIELDS = ("text", "kind", "slug", "lang", "number", "digest", "move", "next")


@blueprint.get("/te-valideren")
def show() -> str:
    """The text that is named, else the first that waits for this person."""
    return _page(request.args.get("tekst", ""), done=request.args.get("ok", ""))


def _page(name: str, *, done: str = "", error: KBError | None = None, typed: str = "", tried: str = "") -> str:
    shown = engine().reviewing.review(person(), name)
    return render_template(
        "review.html",
        shown=shown,
        wanted=name,
        gone=bool(name) and not error and (shown is None or shown.waiting.name != name),
        vouches=Role.VALIDATOR in person().roles,
        done=done,
        error=error,
        typed=typed,
        tried=tried,
    )


@blueprint.post("/te-valideren")
def decide() -> Response | tuple[str, int]:
    """Make one move on the text that was seen and go on to the next; what was typed comes back when it is refused."""
    fields = posted(*FIELDS, optional=("reason",))
    seen, move = seen_of(fields), move_of(fields["move"])
    try:
        made = engine().reviewing.sign(person(), [seen], move, fields["reason"])
    except KBError as error:
        if is_fetch():
            raise
        if error.code in MEANWHILE:
            return overtaken(seen.ref, seen.number, move, fields["reason"], error)
        page = _page(fields["text"], error=error, typed=fields["reason"], tried=move)
        return page, status_of(error)
    return redirect(url_for("review.show", tekst=fields["next"] or None, ok=made[0].move), 303)


def seen_of(fields: dict[str, str]) -> Seen:
    """The text that a form is about; raises NotFound."""
    return Seen(ref_of(fields), number_of(fields["number"]), fields["digest"])
