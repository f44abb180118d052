"""What goes wrong with what people keep of messages: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

LEARNING_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "phrase.gone": (
        _("Dit wordt niet meer bewaard."),
        _("Iemand anders besliste erover, of de 90 dagen zijn om. Kijk in de lijst Leren."),
    ),
    "phrase.changed": (
        _("De formulering is intussen een andere dan die je zag."),
        _("Lees ze opnieuw en beslis dan."),
    ),
    "phrase.known": (_("Deze formulering staat al bij de fiche."), _("Er is niets toe te voegen.")),
    "phrase.pending": (
        _("Er wacht een nieuwere versie van de vragen bij deze fiche."),
        _("Laat eerst die versie valideren; de formulering blijft wachten."),
    ),
    "phrase.not-live": (
        _("De vragen bij deze fiche zijn opgeschort of uit gebruik."),
        _("Laat ze eerst opnieuw valideren."),
    ),
    "phrase.length": (
        _("Een formulering heeft minstens één woord en hoogstens 600 tekens."),
        _("Hou de vraag over en laat de rest weg."),
    ),
    "phrase.personal": (
        _("Er staan nog persoonsgegevens in: %(found)s."),
        _("Haal ze weg en bevestig opnieuw."),
    ),
}
