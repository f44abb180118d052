"""Writing and vouching: the article's form, its question file, the queue, and the moves."""

from __future__ import annotations

from dataclasses import asdict, fields, replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import Kind, Ref
from kbengine.engine import ArticleForm, QueueItem, VariantView
from kbengine.errors import Conflict, InvalidDocument, KBError, WorkflowError, WrongState
from kbengine.history import Move
from web.context import engine, is_fetch, person, zone
from web.errors import status_of
from web.forms import move_of, number_of, posted, ref_of, weight_of
from web.overtaken import MEANWHILE, first_one, overtaken

blueprint = Blueprint("editor", __name__)

FORM_FIELDS = tuple(field.name for field in fields(ArticleForm))
MOVE_FIELDS = ("kind", "slug", "lang", "number", "digest", "move", "back")


def _form(values: dict[str, str]) -> ArticleForm:
    texts = {name: values[name] for name in FORM_FIELDS if name != "base"}
    return ArticleForm(**texts, base=number_of(values["base"]))


def _show(form: ArticleForm, error: KBError | None = None, *, kept: bool = False) -> tuple[str, int]:
    """The form with what it would become; `error` says why it was not saved, or with `kept` not submitted."""
    preview = engine().editing.preview(form)
    page = render_template(
        "editor.html",
        form=form,
        first=form.lang == zone().languages[0],
        preview=preview,
        error=error,
        refused=error.problems if isinstance(error, InvalidDocument) else (),
        kept=kept,
        facts=engine().editing.facts(),
        themes=engine().editing.themes(),
    )
    return page, status_of(error) if error else 200


@blueprint.get("/nieuw")
def new() -> tuple[str, int]:
    """An empty form."""
    lang = request.args.get("lang", "") or zone().languages[0]
    return _show(engine().editing.blank_form(lang, request.args.get("theme", "")))


@blueprint.get("/fiche/<slug>/<lang>/bewerken")
def edit(slug: str, lang: str) -> tuple[str, int]:
    """The newest text of an article, in its form."""
    return _show(engine().editing.form(slug, lang))


@blueprint.post("/bewerken/voorbeeld")
def preview() -> tuple[str, int]:
    """What the form would become: its problems and its replies; nothing is kept."""
    return _show(_form(posted(*FORM_FIELDS, optional=("then", "weight"))))


@blueprint.post("/bewerken")
def save() -> Response | tuple[str, int]:
    """Keep the text as a new revision, and send it for validation when asked."""
    values = posted(*FORM_FIELDS, optional=("then", "weight"))
    form = _form(values)
    try:
        number = engine().editing.save(person(), form)
    except InvalidDocument as error:
        return _show(form, error)
    except Conflict:
        return _conflict(form)
    try:
        done = _submit(Ref(Kind.ARTICLE, form.slug, form.lang), number, values["then"], values["weight"])
    except (InvalidDocument, WorkflowError) as error:
        return _show(replace(form, base=number), error, kept=True)
    return redirect(url_for("reading.article", slug=form.slug, lang=form.lang, ok=done), 303)


def _submit(ref: Ref, number: int, then: str, weight: str = "") -> Move:
    """Send what was just saved for validation when that is asked; returns the last move made."""
    if then != "submit":
        return Move.SAVE
    digest = next(line.digest for line in engine().editing.lines(ref) if line.number == number)
    engine().editing.move(person(), ref, number, digest, Move.SUBMIT, "", weight_of(weight))
    return Move.SUBMIT


def _conflict(mine: ArticleForm) -> tuple[str, int]:
    """Both texts, and who was first; what was typed is not lost."""
    theirs = engine().editing.form(mine.slug, mine.lang)
    mine = replace(mine, base=theirs.base)
    latest = engine().reading.article(mine.slug, mine.lang, person()).latest
    page = render_template("conflict.html", mine=mine, mine_values=asdict(mine), theirs=theirs, latest=latest)
    return page, 409


@blueprint.get("/vragen/<slug>")
def questions(slug: str) -> str:
    """How people ask it, as one plain text."""
    text, base = engine().editing.questions_text(slug)
    return _show_questions(slug, text, base)[0]


def _show_questions(
    slug: str, text: str, base: int, error: KBError | None = None, *, kept: bool = False, theirs: str = ""
) -> tuple[str, int]:
    page = render_template(
        "questions.html",
        slug=slug,
        text=text,
        base=base,
        error=error,
        refused=error.problems if isinstance(error, InvalidDocument) else (),
        kept=kept,
        theirs=theirs,
        latest=first_one(Ref(Kind.QUESTIONS, slug)) if theirs else None,
    )
    return page, status_of(error) if error else 200


@blueprint.post("/vragen/<slug>")
def save_questions(slug: str) -> Response | tuple[str, int]:
    """Keep the question file as a new revision, and send it for validation when asked."""
    values = posted("text", "base", optional=("then",))
    text, base = values["text"], number_of(values["base"])
    try:
        base = engine().editing.save_questions(person(), slug, text, base)
    except InvalidDocument as error:
        return _show_questions(slug, text, base, error)
    except Conflict as error:
        theirs, newer = engine().editing.questions_text(slug)
        return _show_questions(slug, text, newer, error, theirs=theirs)
    try:
        done = _submit(Ref(Kind.QUESTIONS, slug), base, values["then"])
    except (InvalidDocument, WorkflowError) as error:
        return _show_questions(slug, text, base, error, kept=True)
    return redirect(url_for("reading.article", slug=slug, lang=zone().languages[0], ok=done), 303)


@blueprint.get("/ter-validatie")
def queue() -> str:
    """What waits for somebody, with what changed."""
    items = engine().editing.queue(person())
    texts = {item.ref: _text(item) for item in items if item.ref.kind is Kind.ARTICLE}
    ending = engine().deadlines.of(person())
    handed = {(item.ref, item.number): engine().copies.before(item.ref, item.number) for item in items}
    due = engine().translations.due(person())
    done = request.args.get("ok", "")
    told = {"texts": texts, "ending": ending, "handed_before": handed, "due": due, "done": done}
    return render_template("queue.html", items=items, **told)


def _text(item: QueueItem) -> tuple[VariantView, ...]:
    """The text as it reads; a change against a live text is shown as a comparison instead."""
    compared = item.live_number not in (0, item.number)
    return () if compared else engine().reading.text(item.ref, item.number)


@blueprint.post("/besluit")
def move() -> Response | tuple[str, int]:
    """A person's move on the text they saw; the engine guards it in the transaction that writes it."""
    values = posted(*MOVE_FIELDS, optional=("reason", "weight"))
    ref, made, number = ref_of(values), move_of(values["move"]), number_of(values["number"])
    weight = weight_of(values["weight"])
    try:
        made = engine().editing.move(person(), ref, number, values["digest"], made, values["reason"], weight)
    except (Conflict, WrongState) as error:
        if is_fetch() or error.code not in MEANWHILE:
            raise
        return overtaken(ref, number, made, values["reason"], error)
    if values["back"] == "queue":
        return redirect(url_for("editor.queue", ok=made), 303)
    lang = ref.lang or zone().languages[0]
    return redirect(url_for("reading.article", slug=ref.slug, lang=lang, ok=made), 303)
