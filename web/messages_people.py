"""What goes wrong with accounts, passwords and tokens: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

_OTHER_PASSWORD: Final = _("Neem enkele woorden die alleen jij naast elkaar zet, met een spatie ertussen.")

PEOPLE_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "password.wrong": (
        _("De aanmeldnaam of het wachtwoord klopt niet."),
        _("Kijk beide na. Vergeten? Vraag de beheerder een nieuwe link."),
    ),
    "password.length": (_("Een wachtwoord telt 12 tot 128 tekens."), _OTHER_PASSWORD),
    "password.common": (
        _("Dit wachtwoord is een van de eerste die iemand zou proberen, of het staat in je naam."),
        _OTHER_PASSWORD,
    ),
    "password.twice": (
        _("De twee wachtwoorden zijn niet gelijk."),
        _("Typ het nieuwe wachtwoord nog eens in beide vakken."),
    ),
    "password.demo": (
        _("Het voorbeeld heeft geen wachtwoorden."),
        _("Meld je aan met een link: script/server toont er een per voorbeeldpersoon."),
    ),
    "signin.wait": (
        _("Er is te vaak na elkaar geprobeerd. Wacht %(seconds)s seconden."),
        _("Daarna telt je poging weer. Vergeten? Vraag de beheerder een nieuwe link."),
    ),
    "session.locked": (
        _("De kennisbank is vergrendeld: een half uur gebeurde er niets, of je vergrendelde ze zelf."),
        _("Toon dat jij het bent; wat je typte, blijft staan."),
    ),
    "session.stale": (
        _("Wie valideert of over toegang beslist, toont om het kwartier opnieuw wie hij is."),
        _("Daarna gaat het verder waar je was."),
    ),
    "token.unknown": (_("Je hebt geen token met die naam (meer)."), _("Kijk in de lijst.")),
    "person.name": (_("Een account heeft een naam nodig."), _("Typ de naam die collega's kennen.")),
    "person.erased": (_("Deze account is gewist."), _("Maak een nieuwe.")),
    "person.self": (
        _("Dit doe je niet met je eigen account."),
        _("Vraag het een andere beheerder; zo blijft er altijd een over."),
    ),
}
