"""What the problems of the synonyms say in the interface: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

REGISTER_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "synonyms.table": (_("%(group)s is geen groep synoniemen."), _("Schrijf [naam] op een eigen regel.")),
    "synonyms.name": (
        _("De naam %(group)s kan niet gebruikt worden."),
        _("Gebruik kleine letters, cijfers en koppeltekens, zoals boete-betalen."),
    ),
    "synonyms.language": (_("In de groep %(group)s is de taal %(key)s niet bekend."), _("Gebruik nl, fr, en of de.")),
    "synonyms.list": (
        _("In de groep %(group)s is %(key)s geen lijst van woorden."),
        _('Schrijf nl = ["…", "…"].'),
    ),
    "synonyms.too-long": (
        _("In de groep %(group)s staat een te lange tekst (%(key)s)."),
        _("Een synoniem is een woord of een korte woordgroep, hoogstens 80 tekens."),
    ),
    "synonyms.empty": (_("In de groep %(group)s staat geen enkel woord."), _("Vul woorden in, of haal de groep weg.")),
    "synonyms.twice": (
        _("„%(word)s” staat in de groepen %(group)s en %(other)s."),
        _("Hou het in één groep, tenzij het echt beide betekent."),
    ),
}
