"""The register of referrals: what citizens write to us about and another service handles."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kbengine.article import LANGUAGES, Kind, Ref
from kbengine.engine import ReferralForm, Standing
from kbengine.errors import Conflict, InvalidDocument, KBError, NotFound, WorkflowError
from web.context import engine, person
from web.errors import status_of
from web.forms import number_of, posted
from web.overtaken import first_one
from web.registers import refused, submit

blueprint = Blueprint("referrals", __name__)

REFERRALS = Ref(Kind.REFERRALS, "referrals")


@blueprint.get("/doorverwijzingen")
def overview() -> str:
    """Every subject that another service handles, and which one."""
    page, lines = engine().registers.referrals()
    return render_template("referrals.html", page=page, lines=lines, done=request.args.get("ok", ""))


@blueprint.get("/doorverwijzingen/onderwerp")
def subject() -> tuple[str, int]:
    """The form of one subject; without a name, of a new one."""
    name = request.args.get("naam", "")
    form = _now(name)
    if form.before != name:
        raise NotFound("text.unknown", f"There is no referral {name}.", "Look in the list.", ref=name)
    return _form(form)


def _now(name: str) -> ReferralForm:
    """The form of a subject as it stands in the newest text, of a new one when it is not there."""
    page, lines = engine().registers.referrals()
    for line in lines:
        kept = line.referral
        if kept.name == name and line.standing != Standing.GOING:
            asked = {lang: "\n".join(kept.asked.get(lang, ())) for lang in LANGUAGES}
            return ReferralForm(name, name, kept.subject, kept.service, asked, page.number)
    return ReferralForm("", "", "", "", dict.fromkeys(LANGUAGES, ""), page.number)


def _form(
    form: ReferralForm, error: KBError | None = None, *, kept: bool = False, theirs: ReferralForm | None = None
) -> tuple[str, int]:
    latest = first_one(REFERRALS) if theirs else None
    page = render_template("referral_form.html", form=form, theirs=theirs, latest=latest, **refused(error, kept=kept))
    return page, status_of(error) if error else 200


@blueprint.post("/doorverwijzingen/onderwerp")
def save() -> Response | tuple[str, int]:
    """Keep one subject in a new revision of the referrals, and send that for validation when asked."""
    values = posted("before", "name", "subject", "service", "base", *LANGUAGES, optional=("then",))
    asked = {lang: values[lang] for lang in LANGUAGES}
    before, name, about, service = (values[key].strip() for key in ("before", "name", "subject", "service"))
    form = ReferralForm(before, name, about, service, asked, number_of(values["base"]))
    try:
        number = engine().registers.save_referral(person(), form)
    except InvalidDocument as error:
        return _form(form, error)
    except Conflict as error:
        theirs = _now(form.before)
        return _form(replace(form, before=theirs.before, base=theirs.base), error, theirs=theirs)
    try:
        done = submit(REFERRALS, number, values["then"])
    except (InvalidDocument, WorkflowError) as error:
        return _form(replace(form, before=form.name, base=number), error, kept=True)
    return redirect(url_for("referrals.overview", ok=done), 303)
