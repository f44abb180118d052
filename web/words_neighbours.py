"""The interface's words for what is found between two articles."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _

from web.words import Words

WHAT: Final[Words] = {
    "alike": _("beantwoordt hetzelfde"),
    "amount": _("een ander bedrag"),
    "duration": _("een andere termijn of leeftijd"),
    "percent": _("een ander percentage"),
    "speed": _("een andere snelheid"),
    "time": _("een ander uur"),
    "weekday": _("een andere dag"),
    "date": _("een andere datum"),
    "phone": _("een ander nummer"),
    "email": _("een ander adres"),
    "opening": _("andere uren"),
    "appointment": _("met of zonder afspraak"),
    "stance": _("wel of niet"),
}
ANOTHER_NUMBER: Final = _("een ander getal")
