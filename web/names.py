"""Another name for an article, and one article that goes up in another: what it would do first, then the act."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kbengine.errors import InvalidDocument, KBError, WorkflowError
from web.context import engine, person, zone
from web.errors import status_of
from web.forms import posted

blueprint = Blueprint("names", __name__)


@blueprint.get("/hernoemen/<slug>")
def rename(slug: str) -> str | Response:
    """The form for another name."""
    lead = engine().renaming.leads(slug)
    return redirect(url_for("names.rename", slug=lead)) if lead != slug else _rename(slug)


def _rename(slug: str, fields: dict[str, str] | None = None, error: KBError | None = None) -> str:
    fields = fields or {"new": "", "reason": "", "take": ""}
    plan = engine().renaming.plan_rename(person(), slug, fields["new"].strip(), take=bool(fields["take"]))
    asked = bool(fields["new"].strip())
    error = error or (plan.error if asked else None)
    return render_template("rename.html", plan=plan, fields=fields, asked=asked, error=error)


@blueprint.post("/hernoemen/<slug>")
def do_rename(slug: str) -> str | Response | tuple[str, int]:
    """What the name would do; and with `sure`, that name from now on."""
    fields = posted("new", optional=("reason", "take", "sure"))
    new = fields["new"].strip()
    if fields["sure"] != new:  # another name was typed after this one was looked at
        return _rename(slug, fields)
    try:
        engine().renaming.rename(person(), slug, new, fields["reason"], take=bool(fields["take"]))
    except (InvalidDocument, WorkflowError) as error:
        return _rename(engine().renaming.leads(slug), fields, error), status_of(error)
    return redirect(url_for("reading.article", slug=new, lang=zone().languages[0], ok="rename"), 303)


@blueprint.get("/samenvoegen/<slug>")
def merge(slug: str) -> str | Response:
    """The form for what an article goes up in."""
    lead = engine().renaming.leads(slug)
    return redirect(url_for("names.merge", slug=lead)) if lead != slug else _merge(slug)


def _merge(slug: str, fields: dict[str, str] | None = None, error: KBError | None = None) -> str:
    fields = fields or {"into": "", "reason": "", "seen": ""}
    into = fields["into"].strip()
    plan = engine().renaming.plan_merge(person(), slug, into) if into else None
    title = plan.title if plan else engine().renaming.plan_rename(person(), slug, "").title
    return render_template(
        "merge.html",
        slug=slug,
        title=title,
        plan=plan,
        fields=fields,
        error=error or (plan.error if plan else None),
        articles=[pair for pair in engine().learning.articles() if pair[0] != slug],
    )


@blueprint.post("/samenvoegen/<slug>")
def do_merge(slug: str) -> str | Response | tuple[str, int]:
    """What the merge would do; and with what was `seen` of it, the merge."""
    fields = posted("into", optional=("reason", "seen"))
    into = fields["into"].strip()
    if not fields["seen"] or not into:
        return _merge(slug, fields)
    try:
        engine().renaming.merge(person(), slug, into, fields["reason"], fields["seen"])
    except (InvalidDocument, WorkflowError) as error:
        return _merge(slug, fields | {"seen": ""}, error), status_of(error)
    return redirect(url_for("reading.article", slug=into, lang=zone().languages[0], ok="merge"), 303)
