"""The register of referrals: what citizens write to us about and another service handles."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from kbengine.article import LANGUAGES, Kind, Ref
from kbengine.engine import ReferralForm, Standing
from kbengine.errors import NotFound
from web.context import engine, person
from web.forms import number_of, posted
from web.saving import EntryForm, went_to

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
    return SUBJECTS.show(form)


def _now(name: str) -> ReferralForm:
    """The form of a subject as it stands in the newest text, of a new one when it is not there."""
    page, lines = engine().registers.referrals()
    for line in lines:
        kept = line.referral
        if kept.name == name and line.standing != Standing.GOING:
            asked = {lang: "\n".join(kept.asked.get(lang, ())) for lang in LANGUAGES}
            return ReferralForm(name, name, kept.subject, kept.service, asked, page.number)
    return ReferralForm("", "", "", "", dict.fromkeys(LANGUAGES, ""), page.number)


def _keep(form: ReferralForm) -> int:
    return engine().registers.save_referral(person(), form)


SUBJECTS: Final = EntryForm(REFERRALS, "referral_form.html", _now, _keep, went_to("referrals.overview"))


@blueprint.post("/doorverwijzingen/onderwerp")
def save() -> Response | tuple[str, int]:
    """Keep one subject in a new revision of the referrals, and send that for validation when asked."""
    values = posted("before", "name", "subject", "service", "base", *LANGUAGES, optional=("then",))
    asked = {lang: values[lang] for lang in LANGUAGES}
    before, name, about, service = (values[key].strip() for key in ("before", "name", "subject", "service"))
    form = ReferralForm(before, name, about, service, asked, number_of(values["base"]))
    return SUBJECTS.save(form, values["then"])
