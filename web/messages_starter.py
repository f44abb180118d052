"""What goes wrong with the starter set: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

_COMMAND: Final = _("Dit zegt kb op de opdrachtregel; geef het door aan de beheerder.")

STARTER_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "init.inside": (_("De map van een zone mag niet in de map van het programma staan."), _COMMAND),
    "init.not-empty": (_("Die map bestaat al en is niet leeg."), _COMMAND),
    "init.language": (_("De eerste taal moet die van de startset zijn."), _COMMAND),
    "recalled.check": (
        _("Uit het hoofd geschreven, niet gelezen: %(what)s"),
        _("Kijk het daar na, zet dan de bron erbij en zet de zekerheid op nagekeken."),
    ),
    "recalled.unsaid": (
        _("Deze fiche is uit het hoofd geschreven en zegt niet wat er nagekeken moet worden."),
        _("Zet het in het deel Intern: „Na te kijken: …”, met wie het weet."),
    ),
    "example.value": (
        _("Hier staat nog een voorbeeldwaarde van de startset in."),
        _("Vul de waarde van jullie zone in en laat ze valideren; zolang gaat geen antwoord ermee buiten."),
    ),
    "starter.none": (_("Deze zone begon niet met de startset."), _COMMAND),
    "starter.same": (_("Er veranderde niets aan %(name)s."), _COMMAND),
    "starter.conflict": (_("Jullie en de startset veranderden dezelfde regels van %(name)s."), _COMMAND),
    "move.example": (
        _("Hier staat nog een voorbeeldwaarde in (%(ref)s): zo mag dit niet gevalideerd worden."),
        _("Vul de waarde van jullie zone in, stuur ze ter validatie en valideer dan die versie."),
    ),
}
