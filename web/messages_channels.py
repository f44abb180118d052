"""What the codes of channels, their hours and limits, and of crisis mode say in the interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

CHANNEL_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
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
