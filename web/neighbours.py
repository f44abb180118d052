"""What stands beside an article: the same answer, another amount or term, questions that another one answers."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import Kind, Ref
from kbengine.errors import KBError
from web.context import engine, person
from web.errors import status_of
from web.forms import posted
from web.unsaved import typed_form

blueprint = Blueprint("neighbours", __name__)


@blueprint.get("/buren")
def overview() -> str:
    """Everything found between any two articles."""
    return render_template("neighbours_all.html", found=engine().neighbours.all())


@blueprint.get("/fiche/<slug>/<lang>/buren")
def show(slug: str, lang: str) -> str:
    """The newest text of an article and its neighbours, side by side."""
    return _page(slug, lang, done=request.args.get("ok", ""))


def _page(slug: str, lang: str, **said: object) -> str:
    """The page; `done` says what was noted, `error` why not, then `tried` is which and `typed` what was written."""
    return render_template("neighbours.html", page=engine().neighbours.of(Ref(Kind.ARTICLE, slug, lang)), **said)


@blueprint.post("/fiche/<slug>/<lang>/buren/kort")
def glance(slug: str, lang: str) -> str:
    """In a few lines what stands beside the newest text of an article."""
    return render_template("neighbours_glance.html", page=engine().neighbours.of(Ref(Kind.ARTICLE, slug, lang)))


@blueprint.post("/bewerken/buren")
def typed() -> str:
    """In a few lines what would stand beside what is typed in the form; nothing is kept."""
    form, _ = typed_form("then", "tried")
    return render_template("neighbours_glance.html", page=engine().neighbours.of_form(form), typed=True)


@blueprint.post("/fiche/<slug>/<lang>/buren/blijft")
def note(slug: str, lang: str) -> Response | tuple[str, int]:
    """Say why both texts may stand; what was typed comes back when it is refused."""
    fields = posted("digest", "reason")
    try:
        engine().neighbours.note(person(), Ref(Kind.ARTICLE, slug, lang), fields["digest"], fields["reason"])
    except KBError as error:
        page = _page(slug, lang, error=error, tried=fields["digest"], typed=fields["reason"])
        return page, status_of(error)
    return redirect(url_for("neighbours.show", slug=slug, lang=lang, ok="note"), 303)


@blueprint.post("/fiche/<slug>/<lang>/buren/opnieuw")
def forget(slug: str, lang: str) -> Response:
    """Let what was found be said again."""
    engine().neighbours.forget(person(), posted("digest")["digest"])
    return redirect(url_for("neighbours.show", slug=slug, lang=lang, ok="forget"), 303)
