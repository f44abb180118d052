"""What goes wrong when many articles are moved at once: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

BULK_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "bulk.none": (
        _("Je koos nog geen fiche."),
        _("Vink er in de lijst een of meer aan, en kies dan wat je wil doen."),
    ),
    "bulk.too-many": (
        _("Er kunnen hoogstens %(most)s teksten samen."),
        _("Neem eerst een deel, en dan de rest."),
    ),
    "bulk.changed": (
        _("Deze tekst veranderde nadat je het overzicht zag."),
        _("Bekijk hem opnieuw en beslis dan."),
    ),
    "bulk.owner": (_("Deze dienst bestaat niet."), _("Kies een dienst uit de lijst.")),
    "bulk.owner-same": (_("Deze fiche is al van die dienst."), _("Er is niets te doen.")),
    "bulk.owner-state": (
        _("De nieuwste versie is %(state)s."),
        _("Laat daar eerst over beslissen; geef de fiche dan een andere dienst."),
    ),
}
