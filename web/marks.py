"""False alarms and misses: what an agent notes about the danger notice, and the list for who keeps the cues."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.errors import InvalidDocument, KBError
from web import words
from web.context import engine, is_fetch, person
from web.errors import status_of
from web.forms import posted

blueprint = Blueprint("marks", __name__)

# What the desk's own form sends along; only the message is read, and its language.
SENT_ALONG = ("message", "channel", "lang", "spoken", "initials")


@blueprint.post("/gevaar/noteer/<what>")
def lesson(what: str) -> tuple[str, int]:
    """A message without personal data, to edit before anything is kept of it."""
    fields = posted(optional=SENT_ALONG)
    return _show(what, fields["message"], fields["spoken"])


def _show(what: str, message: str, lang: str, error: KBError | None = None) -> tuple[str, int]:
    shown = engine().learning.lesson(message, "", lang)
    page = render_template("mark_lesson.html", what=what, lesson=shown, error=error)
    return page, status_of(error) if error else 200


@blueprint.post("/gevaar/bewaar")
def keep() -> Response | tuple[str, int]:
    """Keep what the agent confirmed."""
    fields = posted("what", "text", "lang")
    try:
        engine().marks.keep(fields["what"], fields["lang"], fields["text"])
    except InvalidDocument as error:
        if is_fetch():
            raise
        return _show(fields["what"], fields["text"], fields["lang"], error)
    if is_fetch():
        return jsonify({"said": str(words.MARKED[fields["what"]])})
    return redirect(url_for("marks.noted", ok=fields["what"]), 303)


@blueprint.get("/gevaar/genoteerd")
def noted() -> str:
    """What was just noted, for a browser without scripts."""
    return render_template("noted.html", said=words.MARKED.get(request.args.get("ok", "")))


@blueprint.get("/gevaar")
def overview() -> str:
    """The false alarms and misses, with what the cues say of them today."""
    return render_template("marks.html", marked=engine().marks.kept(), done=request.args.get("ok", ""))


@blueprint.post("/gevaar/<int:id>")
def drop(id: int) -> Response:
    """Let a note go, as it was seen."""
    fields = posted("seen")
    engine().marks.drop(person(), id, fields["seen"])
    return redirect(url_for("marks.overview", ok="dropped"), 303)
