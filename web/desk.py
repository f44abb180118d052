"""The desk: a message comes in, a vetted answer goes out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from kbengine.article import LANGUAGES
from kbengine.engine import Advice, Agreement, Draft
from kbengine.errors import Conflict, NotFound
from web.context import engine, is_fetch, person
from web.forms import ALSO, BLANK, blanks_of, number_of, posted

blueprint = Blueprint("desk", __name__)

REPLY_FIELDS = ("slug", "lang", "channel", "number", "first_name")
REPLY_MORE = (
    "urgent",
    "personal",
    "initials",
    "hours",
    "text",
    "edit",
    "asked",
    "confirmed",
    "part",
    "token",
    "alone",
)


@blueprint.get("/")
def start() -> str:
    """An empty desk."""
    first = {"channel": engine().desk.channels()[0].id, "lang": "", "message": "", "initials": ""}
    return _desk(first, None)


@blueprint.post("/")
def advise() -> str:
    """What to do with a message; it is looked at and forgotten.

    `lang` is the language the answer is wanted in, `spoken` the one the message is in; "" is for us to find out.
    """
    fields = posted("message", "channel", optional=("lang", "spoken", "initials"))
    for name in ("lang", "spoken"):
        if fields[name] not in ("", *LANGUAGES):
            raise NotFound("language.unknown", f"There is no language {fields[name]!r}.", "Choose nl, fr, en or de.")
    if not fields["message"].strip():
        return _desk({**fields, "message": ""}, None, empty=True)
    spoken, wanted = fields["spoken"] or None, fields["lang"] or None
    signed = fields["initials"] or initials_of(person().name)
    advice = engine().desk.advise(fields["message"], fields["channel"], spoken, answer_lang=wanted, initials=signed)
    return _desk({**fields, "initials": signed}, advice)


def _desk(fields: Mapping[str, str], advice: Advice | None, *, empty: bool = False) -> str:
    return render_template(
        "desk.html",
        channels=engine().desk.channels(),
        channel=fields["channel"],
        lang=fields["lang"],
        message=fields["message"],
        advice=advice,
        empty=empty,
        initials=fields["initials"] or initials_of(person().name),
        ending=engine().deadlines.of(person()),
        shut=engine().hours.shut(engine().now()),
    )


def initials_of(name: str) -> str:
    """How somebody signs until they say otherwise: the first letters of their names."""
    return "".join(word[0] for word in name.split() if word[0].isalpha())[:3].upper()


def _draft(fields: dict[str, str]) -> Draft:
    """What the agent chose and filled in: the first answer, then the others in the order of the form."""
    others = tuple((name.removeprefix(ALSO), number_of(n)) for name, n in fields.items() if name.startswith(ALSO))
    return Draft(
        answers=((fields["slug"], number_of(fields["number"])), *others),
        lang=fields["lang"],
        channel=fields["channel"],
        blanks=blanks_of(fields),
        first_name=fields["first_name"],
        personal=fields["personal"],
        initials=fields["initials"],
        hours=fields["hours"] == "1",
        urgent=fields["urgent"] == "1",
        text="" if fields["edit"] == "0" else fields["text"],
    )


def _reply_fields() -> dict[str, str]:
    return posted(*REPLY_FIELDS, optional=REPLY_MORE, prefixes=(BLANK, ALSO))


@blueprint.post("/antwoord")
def reply() -> str:
    """One reply again, with what the agent filled in; `edit` opens its text or gives the vetted one back."""
    fields = _reply_fields()
    page = engine().composing.reply(_draft(fields))
    return render_template("reply.html", page=page, editing=_editing(fields), asked=fields["asked"] == "1")


def _editing(fields: Mapping[str, str]) -> bool:
    return fields["edit"] == "1" or (bool(fields["text"].strip()) and fields["edit"] != "0")


@blueprint.post("/niet-gebruikt")
def take_back() -> Response | str:
    """Say that a text that was copied was not used after all."""
    for copy_id in posted("copies")["copies"].split():
        engine().copies.take_back(number_of(copy_id))
    return jsonify({}) if is_fetch() else render_template("taken_back.html")


@blueprint.post("/kopieer")
def copy() -> Response | str | tuple[str, int]:
    """Hand a reply out: the engine checks it once more, writes down that it went, and gives the text.

    A text that differs from the vetted one is shown again first, with what differs.
    """
    fields = _reply_fields()
    draft = _draft(fields)
    agreement = Agreement(person(), fields["confirmed"], fields["token"].strip(), fields["alone"] == "1")
    part = number_of(fields["part"] or "1")
    try:
        handed = engine().composing.hand_out(draft, part, agreement)
    except Conflict as conflict:
        if is_fetch() or conflict.code == "answer.changed":
            raise
        page = engine().composing.reply(draft)
        return render_template("reply.html", page=page, editing=_editing(fields), asked=True), 409
    copies = " ".join(map(str, handed.copies))
    if is_fetch():
        return jsonify({"text": handed.text, "part": handed.part, "parts": handed.parts, "copies": copies})
    return render_template("copied.html", handed=handed, copies=copies, channel=fields["channel"])
