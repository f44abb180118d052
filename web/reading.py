"""Reading: search, the list of all articles, an article with its whole history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import Ref
from kbengine.engine import ArticlePage, ListLine, NoteView, RevisionLine
from kbengine.errors import NotFound
from kbengine.history import Move, State
from web.context import engine, person, zone
from web.forms import posted
from web.security import allows
from web.words_bulk import ACTS

blueprint = Blueprint("reading", __name__)

TRANSLATION_DUE = "translation-due"


@dataclass(frozen=True, slots=True)
class Row:
    """One article in the list: its line in the first language, and those of its translations."""

    line: ListLine
    others: tuple[ListLine, ...]


@blueprint.route("/zoeken", methods=["GET", "POST"])
def search() -> str:
    """Search in what is live; the words come by POST, because an agent may paste a message here."""
    fields = {"text": "", "lang": "", "theme": ""}
    hits = None
    if request.method == "POST":
        fields = posted("text", optional=("lang", "theme"))
        text = fields["text"].strip()
        hits = engine().reading.search(text, fields["lang"] or None, fields["theme"] or None) if text else None
    words = fields["text"].strip()
    lead = engine().renaming.leads(words)
    leads = lead if lead != words else ""
    return render_template("search.html", fields=fields, hits=hits, themes=engine().editing.themes(), leads=leads)


@blueprint.get("/fiches")
def overview() -> str:
    """Every article by theme, narrowed to one state, or to the translations that are due, when asked."""
    wanted = request.args.get("stand", "")
    lines = engine().reading.overview()
    counts = {stand: sum(stand in _stands(line) for line in lines) for stand in (*State, TRANSLATION_DUE)}
    shown = [line for line in lines if not wanted or wanted in _stands(line)]
    return render_template(
        "overview.html",
        themes=_by_theme(shown),
        counts=counts,
        wanted=wanted,
        total=len(lines),
        bulk_acts=ACTS,
    )


def _stands(line: ListLine) -> tuple[str | None, ...]:
    """Under what a line is found in the list."""
    return line.state, line.pending, TRANSLATION_DUE if line.behind and line.behind.due else None


def notes_on(ref: Ref) -> tuple[NoteView, ...]:
    """The notes on a text, for whoever may read them; nobody else is told that there are any."""
    return engine().notes.of([ref]) if allows("history.note", person()) else ()


def _by_theme(lines: Iterable[ListLine]) -> list[tuple[str, list[Row]]]:
    order = {lang: place for place, lang in enumerate(zone().languages)}

    def place(line: ListLine) -> tuple[str, str, int]:
        return line.theme, line.ref.slug, order.get(line.ref.lang, len(order))

    themes: list[tuple[str, list[Row]]] = []
    for theme, members in groupby(sorted(lines, key=place), key=lambda line: line.theme):
        articles = [tuple(group) for _, group in groupby(members, key=lambda line: line.ref.slug)]
        rows = [Row(line, tuple(others)) for line, *others in articles]
        themes.append((theme, sorted(rows, key=lambda row: row.line.title.casefold())))
    return themes


@blueprint.get("/fiche/<slug>/<lang>")
def article(slug: str, lang: str) -> str | Response:
    """One article: what is live, where it stands, everything that happened to it.

    An address of before leads to the one of now; with `zelf`, an article that went up in another is shown itself.
    """
    lead = engine().renaming.address(slug, lang)
    if lead is not None and "zelf" not in request.args:
        return redirect(url_for("reading.article", slug=lead.slug, lang=lead.lang, van=slug))
    page = engine().reading.article(slug, lang, person())
    subject = _line(page, subject_of(page))
    return render_template(
        "article.html",
        page=page,
        subject=subject,
        # With nothing live, whatever was handed out is of an older text.
        handed=engine().copies.before(page.ref, page.live_number or page.latest.number + 1),
        done=request.args.get("ok", ""),
        pairs=engine().comparing.pairs(page.ref, person()),
        notes=notes_on(page.ref),
        named=engine().renaming.page(page.ref.slug),
        came_by=request.args.get("van", ""),
        came_from=engine().renaming.now(request.args.get("van", "")),
    )


def subject_of(page: ArticlePage) -> int:
    """The revision that the page's moves are about: the live one, else the last one ever validated, else the newest."""
    validated = (event.number for event in page.events if event.what is Move.VALIDATE)
    return page.live_number or next(validated, page.latest.number)


def _line(page: ArticlePage, number: int) -> RevisionLine:
    for line in page.revisions:
        if line.number == number:
            return line
    raise NotFound("revision.unknown", f"There is no revision {number}.", "See the history.")


@blueprint.get("/fiche/<slug>/<lang>/versie/<int:number>")
def revision(slug: str, lang: str, number: int) -> str:
    """A text as it was at one moment, marked when it is not what goes out now."""
    page = engine().reading.article(slug, lang, person())
    line = _line(page, number)
    variants = engine().reading.text(page.ref, number)
    then, notes = engine().comparing.then(page.ref, number), notes_on(page.ref)
    return render_template("revision.html", page=page, line=line, variants=variants, then=then, notes=notes)
