"""What the codes of channels, their hours and limits, and of crisis mode say in the interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

CHANNEL_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "limit.split": (
        _("Te lang voor %(channel)s als alles ingevuld is: %(count)s van %(limit)s. Het gaat in %(parts)s delen."),
        _("Schrijf een korte variant, of kort ze in."),
    ),
    "limit.too-long": (
        _("Te lang voor %(channel)s: %(count)s van %(limit)s. Het kan niet verstuurd worden, ook niet in delen."),
        _("Schrijf een korte variant, of kort ze in: één woord of adres is langer dan het kanaal neemt."),
    ),
    "fact.split": (
        _("Met deze waarde wordt %(article)s te lang voor %(channel)s: %(count)s van %(limit)s, in %(parts)s delen."),
        _("Kort die fiche eerst in, of maak de waarde korter."),
    ),
    "fact.too-long": (
        _("Met deze waarde kan %(article)s niet meer op %(channel)s: %(count)s van %(limit)s."),
        _("Kort die fiche eerst in, of maak de waarde korter."),
    ),
    "switch.role": (_("Jij mag dit niet aan- of uitzetten."), _("Wie wel: %(roles)s.")),
    "switch.same": (
        _("Iemand anders was eerst: het staat al zo."),
        _("Hieronder staat sinds wanneer, en waarom."),
    ),
    "reply.crisis": (
        _("Deze fiche is luchtig van toon, en de crisismodus staat aan."),
        _("Kies een andere fiche, of antwoord zonder."),
    ),
}
