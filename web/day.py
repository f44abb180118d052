"""Day answers: written by an agent alone, read and vouched for on a phone by whoever the link was made for."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from kbengine.engine import DayForm, DayLink, DayRead, Person
from kbengine.errors import KBError, NotAllowed
from kbengine.history import Move
from web.context import engine, person, session, visitor
from web.errors import status_of
from web.forms import number_of, posted
from web.security import set_session

blueprint = Blueprint("day", __name__)

FIELDS: Final = ("title", "text", "source", "until", "voucher", "slug", "base")
EMPTY: Final = DayForm("", "", "", "23:59", "")
SAID: Final = {"ja": Move.VALIDATE, "nee": Move.RETURN}


@blueprint.get("/dagantwoord")
def show() -> str:
    """An empty form, or with `tekst` that of a day answer to write again; and those that are not over."""
    named = request.args.get("tekst", "")
    found = next((line for line in engine().day.lines() if line.ref.slug == named), None)
    if found is None:
        return _page(EMPTY)
    until = found.until.astimezone(engine().tz).strftime("%H:%M") if found.until else EMPTY.until
    return _page(DayForm(found.title, found.text, found.source, until, "", named, found.number))


def _page(form: DayForm, error: KBError | None = None) -> str:
    return render_template(
        "day.html",
        form=form,
        error=error,
        lines=engine().day.lines(),
        vouchers=engine().day.vouchers(person()),
        channels=engine().desk.channels(),
    )


@blueprint.post("/dagantwoord")
def write() -> str | tuple[str, int]:
    """Keep and send a day answer, and show the link for who was named; what was typed comes back when refused."""
    values = posted(*FIELDS)
    texts = {name: values[name] for name in FIELDS if name != "base"}
    form = DayForm(**texts, base=number_of(values["base"]))
    try:
        return _sent(engine().day.write(person(), form))
    except KBError as error:
        return _page(form, error), status_of(error)


@blueprint.post("/dagantwoord/link")
def link() -> str:
    """Another link for a text that still waits."""
    values = posted("slug", "voucher")
    return _sent(engine().day.link(person(), values["slug"], values["voucher"]))


def _sent(made: DayLink) -> str:
    address = url_for("day.read", secret=made.secret, _external=True)
    said = _("Wil je dit antwoord nalezen? Het gaat pas naar buiten als jij zegt dat het klopt: %(link)s", link=address)
    return render_template("day_sent.html", made=made, address=address, said=said)


@blueprint.get("/dag/<secret>")
def read(secret: str) -> Response:
    """The text, for the person of the link; looking uses nothing up, because a mail program may look at it first."""
    answer = _shown(secret, token="")
    if session() is not None:
        return answer
    visit = engine().people.visit()
    found = engine().people.session(visit)
    answer = _shown(secret, token=found.csrf if found else "")
    set_session(answer, visit)
    return answer


def _shown(secret: str, token: str, note: str = "", error: KBError | None = None) -> Response:
    text = engine().day.read(secret)
    _refuse_author(text.author_id)
    page = render_template(
        "day_read.html", text=text, token=token, note=note, error=error, asks=text.asks and not _signed_in(text)
    )
    return Response(page, status_of(error) if error else 200, mimetype="text/html")


def _refuse_author(author: str) -> None:
    """Whoever is signed in as the author does not answer in somebody else's name."""
    who = visitor()
    if who is not None and who.id == author:
        raise NotAllowed("day.own-link", "You wrote this text.", "Send the link to the person you named.")


def _proven(text: DayRead, password: str) -> Person | None:
    """The person of the link, when their session or their password shows so; raises SignInError, TooOften."""
    if not text.asks or _signed_in(text):
        return visitor()
    asked = engine().people.by_login(text.voucher_login)
    engine().door.show(asked, password, request.remote_addr or "")
    return asked


def _signed_in(text: DayRead) -> bool:
    """Whether the person of the link just showed who they are in this browser."""
    found = session()
    if found is None or found.person is None or found.locked:
        return False
    return found.proven and found.person.login == text.voucher_login


@blueprint.post("/dag/<secret>")
def decide(secret: str) -> Response:
    """Validate the text or send it back, once, as the person of the link."""
    values = posted("said", optional=("note", "login", "password"))
    move, note = SAID.get(values["said"], Move.FLAG), values["note"].strip()
    text = engine().day.read(secret)
    _refuse_author(text.author_id)
    proven = _("Met een eenmalige link en het eigen wachtwoord.") if text.asks else _("Met een eenmalige link.")
    # A text goes back with what is wrong with it, or not at all.
    reason = f"{note} ({proven})" if note else proven if move is Move.VALIDATE else ""
    try:
        made = engine().day.decide(secret, move, reason, _proven(text, values["password"]))
    except KBError as error:
        if error.code.startswith("day.link"):
            raise
        return _shown(secret, "", note, error)
    return Response(render_template("day_done.html", text=text, made=made), mimetype="text/html")
