"""Learning: what agents keep of a message, once they have seen it, and what editors make of that."""

from __future__ import annotations

from dataclasses import asdict, replace

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.engine import ArticleForm
from kbengine.errors import Conflict, InvalidDocument, KBError
from web import words
from web.context import engine, is_fetch, person, zone
from web.errors import status_of
from web.forms import posted

blueprint = Blueprint("learning", __name__)

# What the desk's own form and the search form send along; only the message is read, and its language.
SENT_ALONG = ("message", "text", "channel", "lang", "spoken", "initials", "theme")
MAX_TITLE = 120


@blueprint.post("/leren/formulering")
@blueprint.post("/leren/formulering/<slug>")
def lesson(slug: str = "") -> tuple[str, int]:
    """A message without personal data, to edit before anything is kept of it."""
    fields = posted(optional=SENT_ALONG)
    return _show_lesson(fields["message"] or fields["text"], slug, fields["spoken"])


def _show_lesson(message: str, slug: str, lang: str, error: KBError | None = None) -> tuple[str, int]:
    shown = engine().learning.lesson(message, slug, lang)
    page = render_template("learning_lesson.html", lesson=shown, error=error)
    return page, status_of(error) if error else 200


@blueprint.post("/leren/bewaren")
def keep() -> Response | tuple[str, int]:
    """Keep what the agent confirmed: a phrase of an article, or without one a question without an answer."""
    fields = posted("text", "lang", "slug")
    try:
        if fields["slug"]:
            engine().learning.keep_phrase(person(), fields["slug"], fields["lang"], fields["text"])
        else:
            engine().learning.keep_gap(fields["lang"], fields["text"])
    except (InvalidDocument, Conflict) as error:
        if is_fetch():
            raise
        return _show_lesson(fields["text"], fields["slug"], fields["lang"], error)
    return _noted("phrase" if fields["slug"] else "gap")


@blueprint.post("/past-niet/<slug>/<lang>")
def dismiss(slug: str, lang: str) -> Response:
    """Count that a suggestion did not fit; the message that came along is not looked at."""
    fields = posted("channel", optional=SENT_ALONG)
    engine().learning.dismiss(slug, lang, fields["channel"])
    return _noted("dismissed")


def _noted(what: str) -> Response:
    if is_fetch():
        return jsonify({"said": str(words.NOTED[what])})
    return redirect(url_for("learning.noted", ok=what), 303)


@blueprint.get("/leren/genoteerd")
def noted() -> str:
    """What was just noted, for a browser without scripts."""
    return render_template("noted.html", said=words.NOTED.get(request.args.get("ok", "")))


@blueprint.get("/leren")
def overview() -> str:
    """What waits for an editor: phrases, questions without an answer, answers that are waved away."""
    learning = engine().learning
    gaps = learning.gaps()
    return render_template(
        "learning.html",
        waiting=learning.waiting(person()),
        gaps=[(gap, _new_article(gap.text)) for gap in gaps],
        dismissed=learning.dismissed(),
        articles=learning.articles() if gaps else (),
        done=request.args.get("ok", ""),
    )


def _new_article(text: str) -> dict[str, str | int]:
    """The fields of an empty article form with a question as its title."""
    form: ArticleForm = engine().editing.blank_form(zone().languages[0], "")
    return asdict(replace(form, title=text[:MAX_TITLE]))


@blueprint.get("/leren/<int:id>")
def phrase(id: int) -> tuple[str, int]:
    """One phrase with what accepting it would change."""
    return _show_phrase(id)


def _show_phrase(id: int, typed: str = "", error: KBError | None = None) -> tuple[str, int]:
    decision = engine().learning.decision(person(), id)
    page = render_template("learning_phrase.html", decision=decision, typed=typed, error=error)
    return page, status_of(error) if error else 200


@blueprint.post("/leren/<int:id>")
def decide(id: int) -> Response | tuple[str, int]:
    """Accept a phrase, change it, or let it go, as it was seen."""
    fields = posted("seen", "then", optional=("text",))
    learning, seen = engine().learning, fields["seen"]
    if fields["then"] == "change":
        try:
            learning.change(person(), id, seen, fields["text"])
        except InvalidDocument as error:
            return _show_phrase(id, fields["text"], error)
        return redirect(url_for("learning.phrase", id=id), 303)
    act = {"accept": learning.accept, "decline": learning.decline}.get(fields["then"])
    if act is None:
        raise InvalidDocument("form.field", "There is no such decision.", "Use the page.", field="then")
    act(person(), id, seen)
    return redirect(url_for("learning.overview", ok=fields["then"]), 303)


@blueprint.post("/leren/vraag/<int:id>")
def gap(id: int) -> Response:
    """Make a question without an answer a phrase of an article, or let it go."""
    fields = posted("seen", "then", optional=("slug",))
    if fields["then"] == "file":
        engine().learning.file_gap(person(), id, fields["seen"], fields["slug"])
    elif fields["then"] == "drop":
        engine().learning.drop_gap(person(), id, fields["seen"])
    else:
        raise InvalidDocument("form.field", "There is no such decision.", "Use the page.", field="then")
    return redirect(url_for("learning.overview", ok=fields["then"]), 303)
