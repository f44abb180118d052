"""What keeps a reply from going out, and how a zone says it speaks: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

REPLY_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "reply.drift": (
        _("De tekst wijkt af van de gevalideerde: %(kinds)s."),
        _("Kijk na wat gemarkeerd is. Klopt het? Kopieer dan nog eens."),
    ),
    "reply.second-person": (
        _("De tekst wijkt af van de gevalideerde: %(kinds)s."),
        _("Laat een tweede persoon meekijken; die geeft een persoonlijke sleutel in."),
    ),
    "reply.second-same": (
        _("Deze sleutel is niet van een tweede persoon die antwoorden geeft."),
        _("Laat iemand anders van de ploeg een eigen sleutel ingeven."),
    ),
    "reply.language": (
        _("Deze zone antwoordt niet in die taal."),
        _("Gebruik de Nederlandse tekst; de vertaling is een leeshulp."),
    ),
    "reply.part": (_("Dit antwoord heeft zoveel delen niet meer."), _("Lees de tekst opnieuw en kopieer dan.")),
    "zone.tone": (
        _("Onder [tone] staat iets wat niet kan."),
        _("Gebruik form (je of u), initials, en één regel per taal onder greeting en sign_off."),
    ),
    "zone.reply": (
        _("Onder [reply] staat iets wat niet kan."),
        _('Gebruik languages = ["nl"] en drift = "warn" of "second-person".'),
    ),
}
