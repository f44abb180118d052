"""What goes wrong with comparing, notes and the weight of a change: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

HISTORY_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "weight.unknown": (
        _("Zo groot kan een wijziging niet zijn."),
        _("Kies klein, gewoon of groot."),
    ),
    "note.empty": (_("Er staat niets in de notitie."), _("Eén zin is genoeg.")),
    "note.long": (_("Een notitie heeft hoogstens %(most)s tekens."), _("Kort ze in.")),
    "note.personal": (
        _("Er lijken persoonsgegevens in de notitie te staan: %(found)s."),
        _("Haal ze weg, of bewaar ze toch als ze van niemand zijn (een nummer van een dienst)."),
    ),
    "note.gone": (
        _("Deze notitie wordt niet meer bewaard."),
        _("Haar termijn is om. Kijk op de pagina van de tekst."),
    ),
    "zone.translations": (
        _("In zone.toml klopt iets niet onder [translations]."),
        _('Schrijf major = "mark" of "hold".'),
    ),
}
