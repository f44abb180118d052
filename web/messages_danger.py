"""What goes wrong around danger: notes about the notice, and emergency texts that end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

DANGER_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "mark.gone": (
        _("Dit wordt niet meer bewaard."),
        _("Iemand anders verwijderde het, of de 90 dagen zijn om."),
    ),
    "mark.changed": (_("Dit is niet de tekst die je zag."), _("Lees ze opnieuw en beslis dan.")),
    "mark.unknown": (_("Zo kan een gevaarmelding niet genoteerd worden."), _("Gebruik de knop aan de desk.")),
    "emergency.ends": (
        _("„%(title)s” is voor noodgevallen en loopt af binnen %(days)s dag(en)."),
        _("Laat %(owner)s nakijken of het nog klopt, en bevestig of valideer opnieuw."),
    ),
    "danger.plan-key": (
        _("In zone.toml hoort %(key)s bij geen enkel gevaar."),
        _("Gebruik een soort, een handeling of een klasse uit kb/danger.toml."),
    ),
    "danger.plan-article": (
        _("De fiche %(slug)s, die de gevaarmelding nodig heeft, bestaat niet."),
        _("Schrijf de fiche, of noem een andere in zone.toml onder [danger]."),
    ),
}
