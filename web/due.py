"""What ends soon and what has ended, one line a text and one key a line; the same as a calendar file."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbengine.article import Audience, Kind, Ref
from kbengine.engine import Appointment, Due, Seen, calendar
from kbengine.errors import InvalidDocument, KBError
from web.context import engine, person, zone
from web.errors import status_of
from web.forms import number_of, posted, told

blueprint = Blueprint("due", __name__)

SEEN, PICK = "seen:", "pick:"
CALENDAR_DAYS = 365
SPANS = (30, 90, 365)


@blueprint.get("/te-herzien")
def show() -> str:
    """What has ended or ends soon, of one service when asked."""
    return _page(request.args.get("dienst", ""), request.args.get("dagen", ""), signed=told("klaar"))


def _page(owner: str, days: str, *, signed: int = 0, error: KBError | None = None, address: str = "") -> str:
    span = int(days) if days in map(str, SPANS) else SPANS[0]
    every = engine().freshness.due(person(), days=span)
    owner = owner if owner in zone().owners else ""
    return render_template(
        "due.html",
        lines=[line for line in every if owner in ("", line.owner)],
        counts=Counter(line.owner for line in every),
        total=len(every),
        owner=owner,
        span=span,
        spans=SPANS,
        signed=signed,
        error=error,
        translations=engine().translations.due(person(), owner),
        reminder=engine().room.store.reminders.of(person()),
        address=address,
        mails=bool(engine().settings.smtp_host),
    )


@blueprint.post("/te-herzien")
def confirm() -> AnyResponse | tuple[str, int]:
    """Say of one line, or of all that were ticked, that it still holds; exactly as they were seen, all or none."""
    fields = posted("dienst", "dagen", optional=("only",), prefixes=(SEEN, PICK))
    picked = [fields["only"]] if fields["only"] else [name[len(PICK) :] for name in fields if name.startswith(PICK)]
    try:
        seen = [_seen(name, fields.get(SEEN + name, "")) for name in picked]
        done = engine().reviewing.confirm(person(), seen)
    except KBError as error:
        return _page(fields["dienst"], fields["dagen"], error=error), status_of(error)
    shown = url_for("due.show", dienst=fields["dienst"] or None, dagen=fields["dagen"], klaar=len(done))
    return redirect(shown, 303)


def _seen(name: str, digest: str) -> Seen:
    """The text that a line is about: kind/slug[.lang]@number; raises InvalidDocument."""
    ref, _at, number = name.rpartition("@")
    kind, _slash, rest = ref.partition("/")
    slug, _dot, lang = rest.partition(".")
    if kind not in {known.value for known in Kind}:
        raise InvalidDocument("form.field", f"There is no kind {kind!r}.", field="only")
    return Seen(Ref(Kind(kind), slug, lang), number_of(number), digest)


@blueprint.post("/te-herzien/agenda")
def address() -> str | AnyResponse | tuple[str, int]:
    """Make a new address for this person's calendar, shown once, or end the one there is; or say where mail goes."""
    fields = posted("turn", optional=("address",))
    reminders = engine().room.store.reminders
    if fields["turn"] == "mail":
        try:
            reminders.set_address(person(), fields["address"].strip())
        except InvalidDocument as error:
            return _page("", "", error=error), status_of(error)
        return redirect(url_for("due.show"), 303)
    if fields["turn"] != "on":
        reminders.end_calendar(person())
        return redirect(url_for("due.show"), 303)
    path = url_for("due.feed", secret=reminders.new_calendar(person()))
    return _page("", "", address=engine().settings.url + path)


@blueprint.get("/agenda/<secret>.ics")
def feed(secret: str) -> Response:
    """The calendar of whoever that address belongs to; it opens nothing else."""
    lines = engine().freshness.mine(engine().room.store.reminders.by_calendar(secret), CALENDAR_DAYS)
    name = _("Te herzien: %(zone)s", zone=zone().name)
    return Response(calendar(name, map(_appointment, lines)), mimetype="text/calendar")


def _appointment(line: Due) -> Appointment:
    """A calendar is often kept elsewhere: of an internal article it holds not even the title."""
    title = _("interne fiche") if line.audience is Audience.INTERNAL else line.title
    said = _("Vervallen: %(title)s", title=title) if line.ended else _("Vervalt: %(title)s", title=title)
    about = _("Klopt de tekst nog? Dienst: %(owner)s.", owner=line.label)
    fresh = engine().freshness
    return Appointment(fresh.uid(line), line.end, line.changed, said, about, fresh.link(line.name))
