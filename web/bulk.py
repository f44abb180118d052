"""One move on many articles: the page that says what would happen to each of them, and the one that says what did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template

from kbengine.article import Kind, Ref
from kbengine.engine import Act, BulkFilter, BulkLine, Fate, Picked, Wanted
from kbengine.errors import InvalidDocument, KBError, WorkflowError
from web.context import engine, person, zone
from web.errors import status_of
from web.forms import number_of, posted
from web.words_bulk import ACTS, ACTS_ASKED, ACTS_DONE

blueprint = Blueprint("bulk", __name__)

PICK, SEEN = "pick:", "seen:"


@blueprint.post("/fiches/samen")
def plan() -> str:
    """What would happen to each article that was chosen; nothing is done yet."""
    fields = posted("act", "stand", optional=("owner", "alle"), prefixes=(PICK,))
    wanted = _wanted(fields)
    slugs = [name.removeprefix(PICK) for name in fields if name.startswith(PICK)]
    if fields["alle"]:
        slugs = list(engine().bulk.chosen(BulkFilter(state=fields["stand"])))
    if not slugs:
        raise WorkflowError("bulk.none", "No article was chosen.", "Tick some, then choose what to do.")
    return _page(wanted, engine().bulk.plan(person(), slugs, wanted), fields["stand"])


@blueprint.post("/fiches/samen/doen")
def do() -> str | tuple[str, int]:
    """Do it to each text that was shown, by itself; what changed meanwhile is left and named."""
    fields = posted("act", "move", "stand", optional=("owner", "reason"), prefixes=(SEEN,))
    wanted = _wanted(fields)
    if fields["move"] != wanted.act:  # the name by which a fresh proof of who this is gets asked
        raise InvalidDocument("form.field", "This form makes one move.", field="move")
    picked = [_picked(name.removeprefix(SEEN), mark) for name, mark in fields.items() if name.startswith(SEEN)]
    try:
        return _page(wanted, engine().bulk.act(person(), picked, wanted), fields["stand"], done=True)
    except WorkflowError as error:
        slugs = dict.fromkeys(one.ref.slug for one in picked)
        return _page(wanted, engine().bulk.plan(person(), slugs, wanted), fields["stand"], error), status_of(error)


def _page(
    wanted: Wanted, lines: Sequence[BulkLine], stand: str, error: KBError | None = None, *, done: bool = False
) -> str:
    return render_template(
        "bulk.html",
        wanted=wanted,
        will=[line for line in lines if line.fate is Fate.WILL],
        left=[line for line in lines if line.fate is Fate.NOT],
        idle=[line for line in lines if line.fate is Fate.IDLE],
        title=ACTS[wanted.act],
        asked=ACTS_ASKED.get(wanted.act),
        done_word=ACTS_DONE[wanted.act],
        service=zone().owners.get(wanted.owner, ""),
        stand=stand,
        done=done,
        error=error,
    )


def _wanted(fields: Mapping[str, str]) -> Wanted:
    """What a form wants; the service that its list shows counts for a change of service only."""
    if fields["act"] not in set(Act):
        raise InvalidDocument("form.field", "There is no such act.", field="act")
    act = Act(fields["act"])
    return Wanted(act, fields.get("reason", ""), fields["owner"] if act is Act.OWNER else "")


def _picked(name: str, mark: str) -> Picked:
    """The text that a line was about: kind/slug[.lang]@number; raises InvalidDocument."""
    ref, _at, number = name.rpartition("@")
    kind, _slash, rest = ref.partition("/")
    slug, _dot, lang = rest.partition(".")
    if kind not in (Kind.ARTICLE, Kind.QUESTIONS):
        raise InvalidDocument("form.field", f"There is no kind {kind!r}.", field="seen")
    return Picked(Ref(Kind(kind), slug, lang), number_of(number), mark)
