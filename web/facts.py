"""Fixed values: the register, one value as a form, and what a change of something would touch."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import Kind, Ref
from kbengine.engine import VALUE_LANGUAGES, FactForm, FactPage
from kbengine.errors import KBError, NotFound
from web.context import engine, person, zone
from web.errors import status_of
from web.forms import move_of, number_of, posted
from web.overtaken import first_one
from web.saving import saved, stopped, submit, went_to
from web.words_facts import FACT_KINDS, SUBJECTS, UNDER_REVIEW, WHOLE

blueprint = Blueprint("facts", __name__)

TEXTS = ("before", "name", "kind", "label", "owner", "source", "start", "until", "was")
VALUES = tuple(f"value-{lang or 'all'}" for lang in VALUE_LANGUAGES)


@blueprint.get("/vaste-waarden")
def overview() -> str:
    """Every fixed value: how it reads now, whose it is, in how many articles it stands."""
    return render_template("facts.html", lines=engine().facts.overview(), done=request.args.get("ok", ""))


@blueprint.get("/vaste-waarden/waarde")
def value() -> tuple[str, int]:
    """The form of one value; without a name, of a new one."""
    page = engine().facts.page(request.args.get("naam", ""))
    return _show(page.form, page)


def _show(
    form: FactForm, page: FactPage, error: KBError | None = None, *, kept: bool = False, theirs: FactForm | None = None
) -> tuple[str, int]:
    shown = render_template(
        "fact_form.html",
        form=form,
        page=page,
        theirs=theirs,
        latest=first_one(Ref(Kind.FACT, form.before)) if theirs else None,
        owners=zone().owners,
        kinds=FACT_KINDS,
        **stopped(error, kept=kept),
    )
    return shown, status_of(error) if error else 200


@blueprint.post("/vaste-waarden/waarde")
def save() -> Response | tuple[str, int]:
    """Keep one value in a new revision, and send that for validation when asked."""
    typed = posted(*TEXTS, "base", *VALUES, optional=("then", "remember"))
    values = {lang: typed[name] for lang, name in zip(VALUE_LANGUAGES, VALUES, strict=True)}
    texts = {name: typed[name].strip() for name in TEXTS}
    form = FactForm(**texts, values=values, base=number_of(typed["base"]), remember=bool(typed["remember"]))
    facts, name = engine().facts, form.before or form.name

    def overtaken(error: KBError) -> tuple[str, int]:
        page = facts.page(form.before)
        return _show(replace(form, base=page.form.base), page, error, theirs=page.form)

    return saved(
        partial(facts.save, person(), form),
        lambda number: submit(Ref(Kind.FACT, name), number, typed["then"]),
        went_to("facts.overview"),
        refused=lambda error: _show(form, facts.page(form.before), error),
        overtaken=overtaken,
        unsent=lambda error, number: _show(replace(form, before=name, base=number), facts.page(name), error, kept=True),
    )


@blueprint.get("/invloed")
def impact() -> tuple[str, int]:
    """What depends on a value, a tag, a source or an article; a value may be tried before it is saved."""
    subject, name = request.args.get("soort", ""), request.args.get("naam", "").strip()
    tried = request.args.get("waarde", "").strip()
    found, error = None, None
    if name:
        try:
            found = engine().impact.of(f"{subject}:{name}", tried)
        except NotFound as refused:
            error = refused
    page = render_template(
        "impact.html",
        found=found,
        seen=engine().recalls.seen(found) if found else "",
        done=request.args.get("ok", ""),
        error=error,
        subject=subject,
        subjects=SUBJECTS,
        name=name,
        tried=tried,
        tags=engine().impact.tags(),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/invloed")
def recall() -> Response:
    """Have every live answer of a tag or source looked at again: marked, or held; one decision each."""
    typed = posted("subject", "name", "move", "reason", "seen")
    said = typed["reason"].strip()
    about = f"{UNDER_REVIEW}, {WHOLE.get(typed['subject'], '')} {typed['name']}: {said}" if said else ""
    made, asked = move_of(typed["move"]), f"{typed['subject']}:{typed['name']}"
    count = engine().recalls.act(person(), asked, made, about, typed["seen"])
    back = url_for("facts.impact", soort=typed["subject"], naam=typed["name"], ok=count)
    return redirect(back, 303)
