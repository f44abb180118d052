"""What goes wrong with values: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

FACT_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "fact.by-hand": (
        _("Met de hand getypt wat een vaste waarde is: %(label)s."),
        _("Voeg de vaste waarde %(fact)s in."),
    ),
    "fact.contradicted": (
        _("Hier staat iets anders dan de vaste waarde %(label)s: „%(text)s”."),
        _("Voeg de vaste waarde %(fact)s in, of zeg duidelijker dat het over iets anders gaat."),
    ),
    "fact.old-value": (
        _("„%(old)s” geldt niet meer: dat was vroeger de vaste waarde %(label)s."),
        _("Voeg de vaste waarde %(fact)s in."),
    ),
    "fact.name": (
        _("De naam %(fact)s kan niet gebruikt worden."),
        _("Begin met een kleine letter; gebruik kleine letters, cijfers en _, hoogstens 40."),
    ),
    "fact.value": (
        _("De waarde ontbreekt, of er staat er een voor alle talen én een voor één taal."),
        _("Vul één waarde in voor alle talen, of een waarde per taal."),
    ),
    "fact.period": (
        _("De geldigheid klopt niet."),
        _("Schrijf dagen die bestaan, zoals 2026-11-30, en het einde na het begin."),
    ),
    "fact.missing": (
        _("Er ontbreekt iets bij %(fact)s."),
        _("Vul het label, de eigenaar en de bron in."),
    ),
    "impact.changed": (
        _("Intussen is er iets veranderd aan wat geldig is; er is niets genoteerd."),
        _("Kijk de lijst opnieuw na en beslis dan."),
    ),
    "impact.nothing": (
        _("Niets hangt af van %(asked)s."),
        _("Kijk na of het zo geschreven is; een bron mag ook een deel van het adres zijn."),
    ),
    "impact.subject": (
        _("Zo kan er niet gezocht worden: %(asked)s."),
        _("Kies een vaste waarde, een trefwoord, een bron of een fiche."),
    ),
    "fact.was": (
        _("De oude waarden van %(fact)s kunnen niet gelezen worden."),
        _("Schrijf hoogstens twintig oude waarden, één per regel."),
    ),
}
