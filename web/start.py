"""The first weeks of a zone: how far it is, and the next answer to read and sign."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import Kind, Ref
from kbengine.errors import Conflict, InvalidDocument, KBError, NotFound
from kbengine.history import Move
from web.context import engine, person, zone
from web.errors import status_of
from web.forms import move_of, number_of, posted, told
from web.words_starter import STARTER_CHANGES

blueprint = Blueprint("start", __name__)

PART = "part:"


@blueprint.get("/start")
def show() -> str:
    """The next answer in review, of one service or of all."""
    owner, after = _owner(request.args.get("dienst", "")), request.args.get("na", "")
    return _page(owner, after, signed=told("klaar"), waits=told("wacht"))


def _page(owner: str, after: str, *, signed: int = 0, waits: int = 0, error: KBError | None = None) -> str:
    return render_template(
        "start.html",
        sitting=engine().starting.sitting(person(), owner, after),
        progress=engine().starting.progress(),
        owner=owner,
        signed=signed,
        waits=waits,
        error=error,
    )


@blueprint.post("/start")
def sign() -> Response | tuple[str, int]:
    """Vouch for the answer and what was shown with it; when anything changed meanwhile, nothing is signed."""
    fields = posted("dienst", "move", prefixes=(PART,))
    if move_of(fields["move"]) is not Move.VALIDATE:  # the name by which a fresh proof of who this is gets asked
        raise InvalidDocument("form.field", "This form validates.", field="move")
    owner = _owner(fields["dienst"])
    seen = [_part(name.removeprefix(PART), value) for name, value in fields.items() if name.startswith(PART)]
    try:
        signed = engine().starting.sign(person(), seen)
    except KBError as error:
        return _page(owner, "", error=error), status_of(error)
    waits = signed.count(Move.SIGN)
    shown = url_for("start.show", dienst=owner or None, klaar=len(signed) - waits, wacht=waits or None)
    return redirect(shown, 303)


@blueprint.get("/start/stand")
def progress() -> tuple[str, int]:
    """How far every service is, which values are still examples; when asked, what the starter set has that is new."""
    return _progress()


def _progress(error: KBError | None = None) -> tuple[str, int]:
    asked = error is not None or "startset" in request.args
    try:
        return _stand(engine().upstream.views() if asked else (), error, asked=asked)
    except NotFound as missing:
        return _stand((), missing, asked=True)


def _stand(news: Sequence[object], error: KBError | None, *, asked: bool) -> tuple[str, int]:
    page = render_template(
        "start_progress.html",
        progress=engine().starting.progress(),
        laid=request.args.get("klaar", ""),
        asked=asked,
        news=news,
        changes=STARTER_CHANGES,
        error=error,
    )
    return page, status_of(error) if error else 200


@blueprint.post("/start/stand")
def lay_out() -> Response | tuple[str, int]:
    """Put the next twenty in review, or take over what is new in one text of the starter set."""
    fields = posted(optional=("take", "over"))
    if fields["take"]:
        upstream = engine().upstream
        try:
            upstream.take(person(), upstream.folder(), fields["take"], over=fields["over"] == "yes")
        except Conflict as error:
            return _progress(error)
        return redirect(url_for("start.progress", startset=1), 303)
    return redirect(url_for("start.progress", klaar=engine().starting.lay_out(person())), 303)


def _owner(key: str) -> str:
    """A service of the zone, "" for all of them."""
    return key if key in zone().owners else ""


def _part(name: str, value: str) -> tuple[Ref, int, str]:
    """What a hidden field says: kind/slug[.lang], and number and digest as they were shown."""
    kind, _, rest = name.partition("/")
    slug, _, lang = rest.partition(".")
    number, _, digest = value.partition(" ")
    if kind not in (Kind.ARTICLE, Kind.QUESTIONS, Kind.FACT):
        raise InvalidDocument("form.field", f"There is no kind {kind!r}.", field="part")
    return Ref(Kind(kind), slug, lang), number_of(number), digest
