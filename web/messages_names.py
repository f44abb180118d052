"""What goes wrong with another name or a merge: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

NAMES_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "name.same": (_("%(name)s is dezelfde fiche."), _("Kies een andere naam of een andere fiche.")),
    "name.taken": (_("Er is al een fiche met de naam %(name)s."), _("Kies een andere naam.")),
    "name.former": (
        _("%(name)s was vroeger de naam van %(now)s, en leidt daarheen."),
        _("Kies een andere naam, of zeg dat deze naam hergebruikt mag worden."),
    ),
    "name.used": (
        _("%(name)s was vroeger de naam van %(now)s, en leidt daarheen."),
        _("Geef de nieuwe fiche een andere naam."),
    ),
    "name.moved": (
        _("%(name)s heet intussen %(now)s."),
        _("Kijk daar, en beslis opnieuw."),
    ),
    "name.merged": (
        _("%(name)s is opgegaan in %(now)s."),
        _("Kijk daar. Wordt %(name)s opnieuw gevalideerd, dan staat ze weer op zichzelf."),
    ),
    "name.day": (
        _("%(name)s is de naam van een dagantwoord."),
        _("Een dagantwoord eindigt vanzelf; kies een andere naam of fiche."),
    ),
    "names.table": (
        _("In names.toml staat [%(key)s], en dat is geen lijst van namen."),
        _('Schrijf onder [renamed] of [merged] regels als oud = "nieuw".'),
    ),
    "names.not-led": (
        _("%(name)s leidt niet naar %(now)s: die fiche is er niet, of de naam is van een andere."),
        _("Kijk de regel in names.toml na."),
    ),
    "merge.changed": (
        _("Een van beide fiches veranderde nadat je het overzicht zag."),
        _("Lees hieronder wat er nu gebeurt, en bevestig opnieuw."),
    ),
    "merge.not-live": (
        _("%(name)s heeft nu geen geldige tekst: niemand zou nog een antwoord krijgen."),
        _("Laat die fiche eerst valideren."),
    ),
    "merge.questions": (
        _("Er wacht een andere versie van de vragen bij %(name)s, of die vragen zijn uit gebruik."),
        _("Laat daar eerst over beslissen."),
    ),
}
