"""What somebody typed in the article's form and did not save: kept while they type, listed, taken up, thrown away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.engine import ArticleForm, Left
from kbengine.errors import Conflict, KBError
from web.context import engine, person, zone
from web.forms import number_of, posted
from web.show import clock

blueprint = Blueprint("unsaved", __name__)

FORM_FIELDS: Final = tuple(field.name for field in fields(ArticleForm))
SHEET_FIELDS: Final = ("klad", "seen", "window")
CHANNEL: Final = "channel:"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The name under which a form on a page is kept, and how often it was when the page was made."""

    key: str
    seen: int = 0


def fresh() -> Sheet:
    """The name of a form that nobody typed in yet."""
    return Sheet(secrets.token_hex(16))


def sheet_of(values: Mapping[str, str]) -> Sheet:
    """The name that a posted form carries, or a new one; raises InvalidDocument."""
    return Sheet(values["klad"], number_of(values["seen"] or "0")) if values["klad"] else fresh()


def typed_form(*more: str) -> tuple[ArticleForm, dict[str, str]]:
    """The article's form as it was sent, and all its fields; raises InvalidDocument."""
    values = posted(*FORM_FIELDS, optional=(*SHEET_FIELDS, "weight", *more), prefixes=(CHANNEL,))
    ticked = [name.removeprefix(CHANNEL) for name in values if name.startswith(CHANNEL)]
    listed = dict.fromkeys((*values["channels"].split(), *ticked))
    texts = {name: values[name] for name in FORM_FIELDS if name != "base"} | {"channels": "\n".join(listed)}
    return ArticleForm(**texts, base=number_of(values["base"])), values


def keep_typed(form: ArticleForm, values: Mapping[str, str]) -> Sheet:
    """Keep what could not be saved; what another window keeps under the same name stays, and this gets its own."""
    sheet = sheet_of(values)
    for one, window in ((sheet, values["window"]), (fresh(), "")):
        try:
            return Sheet(one.key, engine().unsaved.keep(person(), one.key, one.seen, window, form)[0])
        except Conflict:
            continue
        except KBError:
            break
    return fresh()


def left_here(slug: str, lang: str) -> tuple[Left, ...]:
    """What this person left of an article, or with no slug of articles that do not exist yet."""
    kept = engine().unsaved
    return kept.of(person(), slug, lang) if slug else kept.of_new(person(), lang)


@blueprint.app_template_global()
def unsaved_count() -> int:
    """How many forms this person typed in and did not save."""
    return len(engine().unsaved.all(person()))


@blueprint.post("/bewerken/klad")
def keep() -> Response:
    """Keep what is being typed; the version and the moment as JSON."""
    form, values = typed_form("then", "tried")
    sheet = sheet_of(values)
    version, at = engine().unsaved.keep(person(), sheet.key, sheet.seen, values["window"], form)
    return jsonify({"version": version, "at": clock(at)})


@blueprint.get("/kladjes")
def overview() -> str:
    """Everything this person typed and did not save."""
    return render_template("unsaved.html", left=engine().unsaved.all(person()), done=request.args.get("ok", ""))


@blueprint.post("/kladjes/weg")
def drop() -> Response:
    """Throw one away, and go back to where it was offered."""
    values = posted("klad", "slug", "lang", "back")
    engine().unsaved.drop(person(), values["klad"])
    if values["back"] == "list":
        return redirect(url_for("unsaved.overview", ok="drop"), 303)
    lang = values["lang"] or zone().languages[0]
    if values["slug"]:
        return redirect(url_for("editor.edit", slug=values["slug"], lang=lang), 303)
    return redirect(url_for("editor.new", lang=lang), 303)
