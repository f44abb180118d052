"""What the interface says about neighbours: articles that answer the same, or that say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

NEIGHBOUR_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "neighbours.alike": (
        _("Deze fiche beantwoordt hetzelfde als „%(title)s”."),
        _("Voeg ze samen, of schrijf bij beide met „not” welke vraag er niet bij hoort."),
    ),
    "neighbours.contradiction": (
        _("„%(title)s” zegt iets anders: „%(text)s” tegenover „%(said)s”."),
        _("Verbeter wat fout is, of zeg in elke tekst in welk geval hij geldt."),
    ),
    "neighbours.reason": (
        _("Er staat geen reden bij, of ze is te lang."),
        _("Schrijf in hoogstens 300 tekens waarom beide teksten mogen blijven staan."),
    ),
    "neighbours.gone": (
        _("Dit staat er niet meer: een van de teksten veranderde intussen."),
        _("Bekijk de buren opnieuw."),
    ),
}
