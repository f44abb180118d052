"""What goes wrong with calendars and mail: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

DUE_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "calendar.unknown": (
        _("Deze agenda bestaat niet, of haar adres werd vervangen."),
        _("Maak een nieuw adres op de pagina Te herzien."),
    ),
    "mail.failed": (
        _("De mail kon niet verstuurd worden."),
        _("Vraag de beheerder om de mailserver na te kijken."),
    ),
    "mail.off": (
        _("Er is geen mailserver ingesteld."),
        _("Een beheerder stelt hem in; intussen staat alles op de pagina Te herzien."),
    ),
    "mail.address": (_("Dit is geen mailadres."), _("Geef één gewoon adres, zoals vera@zone.example.")),
}
