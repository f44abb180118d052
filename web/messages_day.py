"""What goes wrong with day answers and their links: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

_NEW_LINK: Final = _("Vraag aan wie je de link stuurde een nieuwe.")

DAY_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "day.link-bad": (_("Deze link klopt niet."), _("Kijk of je hem helemaal overnam, of vraag een nieuwe.")),
    "day.link-over": (_("Deze link is niet meer geldig: hij werkt vier uur."), _NEW_LINK),
    "day.link-used": (
        _("Over deze tekst is al beslist, of er is intussen een nieuwe tekst."),
        _("Je hoeft niets meer te doen. Een link werkt één keer, voor één tekst."),
    ),
    "day.voucher": (
        _("Deze persoon kan jouw tekst niet valideren."),
        _("Kies iemand uit de lijst; wie mee schreef, kan het niet."),
    ),
    "day.time": (_("%(time)s is geen uur."), _("Schrijf het uur als 23:59.")),
    "day.own-link": (
        _("Jij schreef deze tekst: iemand anders moet hem nalezen."),
        _("Stuur de link naar de persoon die je koos."),
    ),
    "day.proof": (
        _("Deze link ging door andere handen: toon dat jij het bent."),
        _("Typ je eigen wachtwoord van de kennisbank, of meld je eerst aan en open de link opnieuw."),
    ),
    "day.move": (_("Met deze link kan je alleen zeggen of de tekst klopt."), _("Gebruik een van de twee knoppen.")),
}
