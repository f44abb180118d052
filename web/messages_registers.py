"""What the problems of synonyms and curations say in the interface: what is wrong, and what to do about it."""

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
    "curation.table": (_("%(curation)s is geen sturing."), _("Schrijf [naam] op een eigen regel.")),
    "curation.name": (
        _("De naam %(curation)s kan niet gebruikt worden."),
        _("Gebruik kleine letters, cijfers en koppeltekens, zoals kerstmarkt-parkeren."),
    ),
    "curation.unknown-key": (
        _("Bij %(curation)s is %(key)s niet bekend."),
        _("Gebruik words, pin of hold_back, reason en until."),
    ),
    "curation.words": (
        _("Bij %(curation)s staan geen woorden, of een te lange tekst."),
        _("Schrijf op elke regel enkele woorden, hoogstens 80 tekens."),
    ),
    "curation.target": (
        _("Bij %(curation)s staat niet welke ene fiche vastgezet of achtergehouden wordt."),
        _("Kies een fiche."),
    ),
    "curation.reason": (_("Bij %(curation)s staat geen reden, of een te lange."), _("Eén zin is genoeg.")),
    "curation.until": (
        _("Bij %(curation)s staat geen bestaande dag."),
        _("Vul de laatste dag in, zoals 2026-11-30."),
    ),
    "curation.too-far": (
        _("%(curation)s loopt tot %(until)s, meer dan een jaar ver."),
        _("Kies een vroegere dag; verlengen kan later."),
    ),
    "curation.over": (_("%(curation)s is voorbij sinds %(until)s."), _("Haal ze weg, of geef ze een latere dag.")),
    "curation.unknown": (_("%(curation)s noemt een fiche die niet bestaat: %(slug)s."), _("Kies een bestaande fiche.")),
    "curation.internal": (
        _("%(curation)s zet een interne fiche vast: %(slug)s."),
        _("Kies een fiche die naar buiten mag."),
    ),
    "curation.not-live": (
        _("%(curation)s zet een fiche vast die nu niet geldig is: %(slug)s. Dat verandert niets."),
        _("Laat de fiche valideren, of haal dit weg."),
    ),
    "register.unreadable": (_("Dit kan nog niet bewaard worden."), _("Kijk de aandachtspunten na.")),
    "register.exists": (_("De naam %(name)s bestaat al."), _("Kies een andere naam, of verander wat er staat.")),
    "register.by-hand": (
        _("Deze lijst is met de hand anders geschreven dan een formulier kan veranderen."),
        _("Vraag de beheerder om ze als bestand te veranderen."),
    ),
}
