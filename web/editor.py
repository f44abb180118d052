"""Writing and vouching: the article's form, its question file, the queue, and the moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import partial
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import SLUG, Kind, Ref
from kbengine.engine import ArticleForm, Left, QueueItem, VariantView
from kbengine.errors import Conflict, KBError, Problem, WrongState
from web.context import engine, is_fetch, person, zone
from web.desk import initials_of
from web.errors import status_of
from web.forms import move_of, number_of, posted, ref_of, weight_of
from web.overtaken import MEANWHILE, overtaken
from web.saving import TextForm, saved, stopped, submit, went_to
from web.unsaved import Sheet, fresh, keep_typed, left_here, sheet_of, typed_form

blueprint = Blueprint("editor", __name__)

MOVE_FIELDS = ("kind", "slug", "lang", "number", "digest", "move", "back")
# What the form's own fields may be told of; what stands in a box is told by the problem itself.
FIELD_OF: Final = {
    "slug.bad": "slug",
    "name.bad": "slug",
    "body.empty": "default",
    "header.period": "valid_until",
    "owner.unknown": "owner",
    "channel.unknown": "channels",
    "locked.absent": "locked",
}
# As they stand in the form: the first that is wrong takes the focus.
IN_ORDER: Final = (
    *("title", "slug", "theme", "audience", "owner", "urgency", "tone", "review_months", "valid_from", "valid_until"),
    *("sources", "tags", "channels", "locked", "crisis", "certainty", "default"),
)


def _show(
    form: ArticleForm,
    error: KBError | None = None,
    *,
    kept: bool = False,
    tried: bool = False,
    sheet: Sheet | None = None,
    left: tuple[Left, ...] | None = None,
) -> tuple[str, int]:
    """The form with what it would become; `error` says why it was not saved, or with `kept` not submitted.

    `left` is what this person typed here before and did not save, None where that is not offered. With `tried` they
    wanted to save: then also what is missing is said beside its field.
    """
    tried = tried or error is not None
    preview = engine().editing.preview(form, initials_of(person().name))
    found = (*preview.problems, *([_as_problem(error)] if error and error.code in FIELD_OF else []))
    facts = engine().editing.facts()
    page = render_template(
        "editor.html",
        form=form,
        first=form.lang == zone().languages[0],
        preview=preview,
        boxes={one.box: one for one in preview.boxes},
        wrong=_wrong(found, form, tried=tried),
        tried=tried,
        facts=facts,
        fact_labels={f"{{fact:{name}}}": text for name, text, _ in facts},
        themes=engine().editing.themes(),
        sheet=sheet or fresh(),
        left=left,
        **stopped(error, kept=kept),
    )
    return page, status_of(error) if error else 200


def _as_problem(error: KBError) -> Problem:
    return Problem(error.code, "error", "", 0, error.message, error.hint, error.fields)


def _wrong(problems: Iterable[Problem], form: ArticleForm, *, tried: bool) -> dict[str, Problem]:
    """The first problem of each field; that nothing was typed yet is none until somebody tried to save."""
    found: dict[str, Problem] = {}
    for problem in problems:
        of_header = problem.fields.get("key", "") if problem.code.startswith("header.") else ""
        name = FIELD_OF.get(problem.code, of_header)
        if problem.code == "name.bad" and SLUG.fullmatch(form.slug):
            name = "theme"
        if name in IN_ORDER and (tried or getattr(form, name).strip()):
            found.setdefault(name, problem)
    return {name: found[name] for name in IN_ORDER if name in found}


@blueprint.get("/nieuw")
def new() -> tuple[str, int]:
    """An empty form, or the one that was left."""
    if key := request.args.get("klad", ""):
        return _take_up(key)
    lang = request.args.get("lang", "") or zone().languages[0]
    return _show(engine().editing.blank_form(lang, request.args.get("theme", "")), left=left_here("", lang))


@blueprint.get("/fiche/<slug>/<lang>/bewerken")
def edit(slug: str, lang: str) -> tuple[str, int]:
    """The newest text of an article, in its form, or what was typed in it and not saved."""
    if key := request.args.get("klad", ""):
        return _take_up(key)
    return _show(engine().editing.form(slug, lang), left=left_here(slug, lang))


def _take_up(key: str) -> tuple[str, int]:
    left = engine().unsaved.one(person(), key)
    return _show(left.form, sheet=Sheet(left.key, left.version))


@blueprint.post("/bewerken/voorbeeld")
def preview() -> tuple[str, int]:
    """What the form would become: its problems and its replies; nothing is kept."""
    form, values = typed_form("then", "tried")
    return _show(form, tried=bool(values["tried"]), sheet=sheet_of(values))


@blueprint.post("/bewerken")
def save() -> Response | tuple[str, int]:
    """Keep the text as a new revision, and send it for validation when asked."""
    form, values = typed_form("then", "tried")
    ref = Ref(Kind.ARTICLE, form.slug, form.lang)

    def keep() -> int:
        number = engine().editing.save(person(), form)
        engine().unsaved.drop(person(), values["klad"])
        return number

    return saved(
        keep,
        lambda number: submit(ref, number, values["then"], values["weight"]),
        went_to("reading.article", slug=form.slug, lang=form.lang),
        refused=lambda error: _show(form, error, sheet=keep_typed(form, values)),
        overtaken=lambda _: _conflict(form, keep_typed(form, values), values["weight"]),
        unsent=lambda error, number: _show(replace(form, base=number), error, kept=True),
    )


def _conflict(mine: ArticleForm, sheet: Sheet, weight: str) -> tuple[str, int]:
    """Both texts, and who was first; what was typed is not lost."""
    theirs = engine().editing.form(mine.slug, mine.lang)
    mine = replace(mine, base=theirs.base)
    latest = engine().reading.article(mine.slug, mine.lang, person()).latest
    mine_values = asdict(mine) | {"klad": sheet.key, "seen": sheet.seen, "weight": weight}
    page = render_template("conflict.html", mine=mine, mine_values=mine_values, theirs=theirs, latest=latest)
    return page, 409


def _questions(slug: str) -> TextForm:
    """How people ask for an article, kept as one plain text."""
    home = went_to("reading.article", slug=slug, lang=zone().languages[0])
    newest = partial(engine().editing.questions_text, slug)
    return TextForm(Ref(Kind.QUESTIONS, slug), "questions.html", newest, home, {"slug": slug})


@blueprint.get("/vragen/<slug>")
def questions(slug: str) -> str:
    """How people ask it, as one plain text."""
    form = _questions(slug)
    return form.show(*form.newest())[0]


@blueprint.post("/vragen/<slug>")
def save_questions(slug: str) -> Response | tuple[str, int]:
    """Keep the question file as a new revision, and send it for validation when asked."""
    values = posted("text", "base", optional=("then",))
    text, base = values["text"], number_of(values["base"])
    keep = partial(engine().editing.save_questions, person(), slug, text, base)
    return _questions(slug).save(text, base, values["then"], keep)


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
