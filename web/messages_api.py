"""What the API refuses: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

_PAPER: Final = _("De velden staan in docs/api.md.")

API_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "api.json": (_("Wat gestuurd werd, is geen JSON-object."), _PAPER),
    "api.field": (_("Het veld %(field)s is onbekend, ontbreekt, staat er twee keer of is geen tekst."), _PAPER),
    "api.empty": (_("Het bericht is leeg."), _("Stuur het bericht zoals het binnenkwam.")),
    "api.rate": (
        _("Met dit token is te vaak na elkaar gevraagd."),
        _("Wacht %(seconds)s seconden en vraag het dan opnieuw."),
    ),
    "token.none": (_("Er is geen token meegestuurd."), _("Stuur het mee als Authorization: Bearer kb_….")),
    "token.page": (
        _("Een token opent geen pagina's."),
        _("Gebruik de API, of meld je aan met een browser."),
    ),
    "token.scope": (
        _("Dit token is hier niet voor gemaakt (%(scope)s)."),
        _("Maak er op je account een dat hiervoor dient."),
    ),
}
