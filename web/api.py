"""The API: what the desk gives and what is live now, as JSON, for programs that hold a personal token."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from flask import Blueprint, Response, request

from kbengine.article import LANGUAGES
from kbengine.errors import InvalidDocument, NotFound
from web import words
from web.context import engine, person

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.post("/suggest")
def suggest() -> Response:
    """What to do with a message; it is looked at and forgotten."""
    asked = _closed(_body(), ("message", "channel"), ("lang", "answer_lang", "initials"))
    lang, answer_lang = (_language(asked[name]) for name in ("lang", "answer_lang"))
    if not asked["message"].strip():
        raise InvalidDocument("api.empty", "The message is empty.", "Send the message as it came in.")
    signed = asked["initials"]
    advice = engine().desk.advise(asked["message"], asked["channel"], lang, answer_lang=answer_lang, initials=signed)
    value = engine().live.advice(advice)
    return _said({**value, "abstained_text": str(words.ABSTAINED.get(advice.abstained, ""))})


@blueprint.get("/search")
def search() -> Response:
    """Live answers by words. They stand in the address, so no message belongs there."""
    asked = _closed(request.args.items(multi=True), ("q",), ("lang",))
    return _said(engine().live.search(person(), asked["q"], _language(asked["lang"])))


@blueprint.get("/answers")
def answers() -> Response:
    """What is live at this very moment."""
    _closed(request.args.items(multi=True))
    return _said(engine().live.answers(person()))


@blueprint.get("/answers/<slug>/<lang>")
def answer(slug: str, lang: str) -> Response:
    """One live answer as it goes out on a channel."""
    asked = _closed(request.args.items(multi=True), ("channel",))
    return _said(engine().live.answer(person(), slug, _language(lang) or lang, asked["channel"]))


def _body() -> list[tuple[str, Any]]:
    """The names and values of the JSON object that was sent; raises InvalidDocument."""
    try:
        sent = json.loads(request.get_data(), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, _Pairs):
        raise InvalidDocument("api.json", "The body is not a JSON object.", 'Send {"message": "…", "channel": "x"}.')
    return sent


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written, so that a name that stands there twice is seen."""


def _closed(
    sent: Iterable[tuple[str, Any]], required: Collection[str] = (), optional: Collection[str] = ()
) -> dict[str, str]:
    """What was sent, when it is each name once, none unknown, and texts only; optional ones are "" when absent."""
    found: dict[str, str] = {}
    for name, value in sent:
        if name in found or name not in (*required, *optional) or not _is_text(value):
            raise _refused(name)
        found[name] = value
    for name in required:
        if name not in found:
            raise _refused(name)
    return dict.fromkeys(optional, "") | found


def _is_text(value: object) -> bool:
    """Whether it is a text that can be written down: half of a pair of surrogates is none."""
    return isinstance(value, str) and value.encode("utf-8", "replace").decode() == value


def _refused(name: str) -> InvalidDocument:
    shown = name[:40].encode("utf-8", "replace").decode()
    return InvalidDocument("api.field", f"{shown} is unknown, missing, twice or no text.", field=shown)


def _language(name: str) -> str | None:
    if name not in ("", *LANGUAGES):
        raise NotFound("language.unknown", f"There is no language {name!r}.", "Choose nl, fr, en or de.")
    return name or None


def _said(value: object) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), mimetype="application/json")
