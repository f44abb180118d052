"""What the problems of the kinds of message say in the interface: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

_PHRASES: Final = _("Bovenaan kb/danger.toml staat hoe je een zinsdeel schrijft.")

KINDS_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "zone.addressed": (
        _("In zone.toml klopt [addressed] niet: wat aan ons gericht is."),
        _("Gebruik accounts, names, counts en own_posts, elk met een lijst van teksten."),
    ),
    "kinds.invalid": (_("De soorten berichten kunnen zo niet gebruikt worden."), _PHRASES),
    "kinds.cues": (_("Bij de soorten berichten klopt „%(near)s” niet."), _PHRASES),
    "kinds.example": (_("Een voorbeeldbericht is van een andere soort dan het moet."), _PHRASES),
    "kinds.no-act": (
        _("Voor de soort „%(kind)s” is nog niets afgesproken."),
        _("Schrijf [act.%(kind)s] met act en nl."),
    ),
    "kinds.block": (
        _("De bouwsteen „%(slug)s” bij „%(kind)s” bestaat niet, of is geen bouwsteen."),
        _("Noem een fiche met block_for in de kop."),
    ),
}
