"""The registers that editors keep by form: synonyms, and which answers are pinned or held back."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import LANGUAGES, Kind, Ref
from kbengine.engine import CurationForm, Standing, SynonymForm
from kbengine.errors import NotFound
from web.context import engine, person, zone
from web.forms import number_of, posted
from web.saving import EntryForm, submit, went_to

blueprint = Blueprint("registers", __name__)

# The registers of which a form changes one entry.
SYNONYMS, CURATIONS = Ref(Kind.SYNONYMS, "synonyms"), Ref(Kind.CURATIONS, "curations")
PAGES = {
    Kind.SYNONYMS: "registers.synonyms",
    Kind.CURATIONS: "registers.curations",
    Kind.REFERRALS: "referrals.overview",
}


@blueprint.get("/synoniemen")
def synonyms() -> str:
    """Every group of words that mean the same."""
    page, lines = engine().registers.synonyms()
    return render_template("synonyms.html", page=page, lines=lines, done=request.args.get("ok", ""))


@blueprint.get("/synoniemen/groep")
def group() -> tuple[str, int]:
    """The form of one group; without a name, of a new one."""
    name = request.args.get("naam", "")
    form = _group_now(name)
    if form.before != name:
        raise NotFound("text.unknown", f"There is no group {name}.", "Look in the list of synonyms.", ref=name)
    return GROUPS.show(form)


def _group_now(name: str) -> SynonymForm:
    """The form of a group as it stands in the newest text, of a new one when it is not there."""
    page, lines = engine().registers.synonyms()
    for line in lines:
        if line.group.name == name and line.standing != Standing.GOING:
            words = {lang: "\n".join(line.group.words.get(lang, ())) for lang in LANGUAGES}
            return SynonymForm(name, name, words, page.number)
    return SynonymForm("", "", dict.fromkeys(LANGUAGES, ""), page.number)


def _keep_group(form: SynonymForm) -> int:
    return engine().registers.save_synonyms(person(), form)


GROUPS: Final = EntryForm(SYNONYMS, "synonym_form.html", _group_now, _keep_group, went_to("registers.synonyms"))


@blueprint.post("/synoniemen/groep")
def save_group() -> Response | tuple[str, int]:
    """Keep one group in a new revision of the synonyms, and send that for validation when asked."""
    values = posted("before", "name", "base", *LANGUAGES, optional=("then",))
    words = {lang: values[lang] for lang in LANGUAGES}
    form = SynonymForm(values["before"], values["name"].strip(), words, number_of(values["base"]))
    return GROUPS.save(form, values["then"])


@blueprint.get("/sturing")
def curations() -> str:
    """Which answers are pinned or held back, for which words, until when."""
    page, lines = engine().registers.curations()
    return render_template("curations.html", page=page, lines=lines, done=request.args.get("ok", ""))


@blueprint.get("/sturing/regel")
def curation() -> tuple[str, int]:
    """The form of one curation; without a name, of a new one, for an answer when that is named."""
    name = request.args.get("naam", "")
    form = _curation_now(name)
    if form.before != name:
        raise NotFound("text.unknown", f"There is no curation {name}.", "Look in the list.", ref=name)
    return STEERING.show(form)


def _curation_now(name: str) -> CurationForm:
    """The form of a curation as it stands in the newest text, of a new one when it is not there."""
    page, lines = engine().registers.curations()
    for line in lines:
        kept = line.curation
        if kept.name == name and line.standing != Standing.GOING:
            steer = "pin" if kept.pin else "hold_back"
            until = kept.until.moment.date().isoformat()
            return CurationForm(name, name, "\n".join(kept.words), steer, kept.slug, kept.reason, until, page.number)
    return CurationForm("", "", "", "pin", request.args.get("fiche", ""), "", "", page.number)


def _keep_curation(form: CurationForm) -> int:
    return engine().registers.save_curation(person(), form)


def _answers() -> dict[str, object]:
    """The articles to choose from."""
    first = zone().languages[0]
    return {"answers": [line for line in engine().reading.overview() if line.ref.lang == first]}


STEERING: Final = EntryForm(
    CURATIONS, "curation_form.html", _curation_now, _keep_curation, went_to("registers.curations"), _answers
)


@blueprint.post("/sturing/regel")
def save_curation() -> Response | tuple[str, int]:
    """Keep one curation in a new revision of the register, and send that for validation when asked."""
    names = ("before", "name", "words", "steer", "slug", "reason", "until")
    values = posted(*names, "base", optional=("then",))
    texts = {name: values[name] for name in names}
    form = CurationForm(**{**texts, "name": values["name"].strip()}, base=number_of(values["base"]))
    return STEERING.save(form, values["then"])


@blueprint.post("/registers/weg")
def remove() -> Response:
    """Take one group or curation out in a new revision, and send that for validation."""
    values = posted("kind", "name", "base")
    kind = next((kind for kind in PAGES if kind == values["kind"]), None)
    if kind is None:
        raise NotFound("ref.unknown", "There is no such register.", "Open it from its list.")
    ref = Ref(kind, kind.value)
    number = engine().registers.remove(person(), ref, values["name"], number_of(values["base"]))
    return redirect(url_for(PAGES[kind], ok=submit(ref, number, "submit")), 303)
