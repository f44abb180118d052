"""Who may vouch, and who turned what on: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

_WHO: Final = _("Wie het wel kan: %(who)s.")

VOUCHING_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "move.own-text": (_("Je schreef zelf mee aan deze tekst, dus iemand anders moet hem valideren."), _WHO),
    "move.role": (
        _("Jij mag dit niet doen: %(move)s."),
        _("Wie het wel kan: %(who)s. Het kan vanuit: %(from)s."),
    ),
    "move.state": (
        _("Dat kan niet meer: deze versie is %(state)s."),
        _("Het kan enkel vanuit: %(from)s. Wie het kan: %(who)s. Laad de pagina opnieuw om te zien waar ze staat."),
    ),
    "move.not-named": (_("Voor de teksten van deze dienst wees de zone anderen aan."), _WHO),
    "move.signed": (
        _("Jij ondertekende deze tekst al; er is nog een handtekening van iemand anders nodig."),
        _WHO,
    ),
    "switch.forbidden": (
        _("Het beleid van de zone laat de uitzondering voor wie alleen is niet toe."),
        _("Vraag iemand anders om te valideren."),
    ),
    "switch.hours": (
        _("De uitzondering duurt minstens 1 en hoogstens %(most)s uur."),
        _("Ze kan daarna opnieuw aangezet worden."),
    ),
    "absence.day": (_("Dat is geen dag."), _("Schrijf hem als 2026-11-30.")),
    "absence.over": (_("Die afwezigheid is voorbij voor ze begint."), _("Kijk de twee dagen na.")),
    "absence.other": (_("Deze afwezigheid is die van iemand anders."), _WHO),
    "zone.vouching": (
        _("In zone.toml klopt iets niet onder [vouching]."),
        _('Zet per dienst de aanmeldnamen: validators = ["vera"], deputies = ["vic"].'),
    ),
    "zone.signatures": (
        _("In zone.toml klopt iets niet onder [[signatures]]."),
        _("Schrijf number = 1 of 2, en wanneer: audience, urgency of tone."),
    ),
    "clock.sure": (_("De klok klopt: niemand hoeft iets te bevestigen."), _("Een collega was misschien net voor.")),
    "clock.other": (
        _("De klok van de server toont een andere tijd dan je intikte."),
        _("Kijk op een ander toestel. Klopt de server niet, laat de beheerder hem dan eerst juist zetten."),
    ),
    "clock.time": (_("Dit is geen dag met een uur."), _("Tik ze over van je eigen horloge of telefoon.")),
}
