"""What changed: two revisions word by word, two languages side by side, and what people note about a revision."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import Kind, Ref
from kbengine.engine import Comparison, NoteView
from kbengine.errors import InvalidDocument
from kbengine.history import Behind, Weight
from web.context import engine, person, zone
from web.errors import status_of
from web.forms import number_of, posted, ref_of, weight_of
from web.reading import notes_on, subject_of

blueprint = Blueprint("history", __name__)

NOTE_FIELDS = ("kind", "slug", "lang", "number", "text", "back")


@blueprint.app_template_global()
def weight_asked(slug: str, lang: str) -> Weight | None:
    """How much a change is said to change, as typed or as expected; None where that is not asked."""
    asked = engine().editing.expected_weight(Ref(Kind.ARTICLE, slug, lang))
    return asked and (weight_of(request.form.get("weight", "")) or asked)


@blueprint.app_template_global()
def overtaken_by(slug: str, lang: str) -> tuple[Behind, Comparison] | None:
    """What changed in the first language since somebody vouched for a translation, where that says anything."""
    ref = Ref(Kind.ARTICLE, slug, lang)
    behind = engine().comparing.behind(ref)
    change = engine().comparing.overtaken(ref) if behind and behind.weight is not Weight.SMALL else None
    return (behind, change) if behind and change else None


@blueprint.app_template_global()
def open_notes(ref: Ref) -> tuple[NoteView, ...]:
    """The notes on a text that nobody dealt with, for whoever may read them."""
    return tuple(note for note in notes_on(ref) if note.handled is None)


@blueprint.get("/fiche/<slug>/<lang>/verschil")
def difference(slug: str, lang: str) -> str:
    """Two revisions of an article, word by word."""
    ref = Ref(Kind.ARTICLE, slug, lang)
    old, new = (number_of(request.args.get(name, "")) for name in ("oud", "nieuw"))
    found = engine().comparing.compare(ref, old, new)
    page = engine().reading.article(slug, lang, person())
    pairs = engine().comparing.pairs(ref, person())
    return render_template("difference.html", page=page, found=found, pairs=pairs)


@blueprint.get("/fiche/<slug>/<lang>/naast/<other>")
def beside(slug: str, lang: str, other: str) -> str:
    """Two languages of an article side by side, with what changed in the first since the second was vouched for."""
    numbers = [number_of(request.args.get(name) or "0") for name in ("links", "rechts")]
    found = engine().comparing.beside(slug, lang, other, (numbers[0], numbers[1]))
    page = engine().reading.article(slug, other, person())
    return render_template("beside.html", found=found, page=page, subject=subject_of(page))


@blueprint.post("/notities")
def note() -> Response | tuple[str, int]:
    """Keep a note on the revision that was seen; with personal data in it only when that is confirmed."""
    fields = posted(*NOTE_FIELDS, optional=("confirmed",))
    ref, number = ref_of(fields), number_of(fields["number"])
    try:
        engine().notes.add(person(), ref, number, fields["text"], fields["confirmed"])
    except InvalidDocument as error:
        page = render_template("note.html", error=error, ref=ref, number=number, fields=fields)
        return page, status_of(error)
    return _back(ref, fields["back"])


@blueprint.post("/notities/<int:id>")
def handle(id: int) -> Response:
    """Mark a note as dealt with."""
    fields = posted("back")
    return _back(engine().notes.handle(person(), id).ref, fields["back"])


def _back(ref: Ref, back: str) -> Response:
    """To where the note stands."""
    if back == "queue" or ref.kind not in (Kind.ARTICLE, Kind.QUESTIONS):
        return redirect(url_for("editor.queue"), 303)
    if back.startswith("review:"):
        return redirect(url_for("review.show", tekst=back.removeprefix("review:")), 303)
    lang = ref.lang or zone().languages[0]
    return redirect(url_for("reading.article", slug=ref.slug, lang=lang, _anchor="notes"), 303)
