"""The desk: a message comes in, a vetted answer goes out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from kbengine.article import LANGUAGES
from kbengine.engine import Advice
from kbengine.errors import NotFound
from web.context import engine, is_fetch
from web.forms import BLANK, blanks_of, number_of, posted

blueprint = Blueprint("desk", __name__)

REPLY_FIELDS = ("slug", "lang", "channel", "number", "first_name")


@blueprint.get("/")
def start() -> str:
    """An empty desk."""
    return _desk({"channel": engine().desk.channels()[0].id, "lang": "", "message": ""}, None)


@blueprint.post("/")
def advise() -> str:
    """What to do with a message; it is looked at and forgotten.

    `lang` is the language the answer is wanted in, `spoken` the one the message is in; "" is for us to find out.
    """
    fields = posted("message", "channel", optional=("lang", "spoken"))
    for name in ("lang", "spoken"):
        if fields[name] not in ("", *LANGUAGES):
            raise NotFound("language.unknown", f"There is no language {fields[name]!r}.", "Choose nl, fr, en or de.")
    if not fields["message"].strip():
        return _desk({**fields, "message": ""}, None, empty=True)
    spoken, wanted = fields["spoken"] or None, fields["lang"] or None
    return _desk(fields, engine().desk.advise(fields["message"], fields["channel"], spoken, answer_lang=wanted))


def _desk(fields: Mapping[str, str], advice: Advice | None, *, empty: bool = False) -> str:
    return render_template(
        "desk.html",
        channels=engine().desk.channels(),
        channel=fields["channel"],
        lang=fields["lang"],
        message=fields["message"],
        advice=advice,
        empty=empty,
    )


def _urgent(fields: dict[str, str]) -> bool:
    return fields["urgent"] == "1"


@blueprint.post("/antwoord")
def reply() -> str:
    """One reply again, with what the agent filled in."""
    fields = posted(*REPLY_FIELDS, optional=("urgent",), prefix=BLANK)
    blanks, first_name = blanks_of(fields), fields["first_name"]
    page = engine().composing.reply(
        fields["slug"], fields["lang"], fields["channel"], blanks, first_name, urgent=_urgent(fields)
    )
    return render_template("reply.html", page=page, blanks=blanks, first_name=first_name)


@blueprint.post("/kopieer")
def copy() -> Response | str:
    """Hand a reply out: the engine checks it once more, writes down that it went, and gives the text."""
    fields = posted(*REPLY_FIELDS, optional=("urgent",), prefix=BLANK)
    text = engine().composing.hand_out(
        fields["slug"],
        fields["lang"],
        fields["channel"],
        number_of(fields["number"]),
        blanks_of(fields),
        fields["first_name"],
        urgent=_urgent(fields),
    )
    if is_fetch():
        return jsonify({"text": text})
    return render_template("copied.html", text=text, channel=fields["channel"])
