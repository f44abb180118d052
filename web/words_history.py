"""The interface's words for what changed: how much, and which two revisions one may want to compare."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _

from kbengine.history import Weight
from web.words import Words

WEIGHTS: Final[Words] = {
    Weight.SMALL: _("klein"),
    Weight.MEDIUM: _("gewoon"),
    Weight.MAJOR: _("groot"),
}
WEIGHTS_MEANING: Final[Words] = {
    Weight.SMALL: _("Een tikfout, een komma, een vlottere zin. Elke vertaling zegt nog hetzelfde."),
    Weight.MEDIUM: _("Er is iets bijgekomen of anders gezegd. Bij elke vertaling staat dat deze tekst veranderde."),
    Weight.MAJOR: _(
        "Wat de burger moet doen, weten of betalen is anders. Elke vertaling is na te kijken; de medewerker ziet dat."
    ),
}
WEIGHTS_SHORT: Final[Words] = {
    Weight.SMALL: _("klein: elke vertaling zegt nog hetzelfde"),
    Weight.MEDIUM: _("gewoon: iets erbij of anders gezegd"),
    Weight.MAJOR: _("groot: elke vertaling is na te kijken"),
}
WEIGHT_MARKS: Final[Words] = {
    Weight.SMALL: _("kleine wijziging"),
    Weight.MEDIUM: _("gewone wijziging"),
    Weight.MAJOR: _("grote wijziging"),
}
PAIRS: Final[Words] = {
    "proposed": _("Wat geldt tegenover wat voorgesteld is"),
    "signed": _("Sinds jij het laatst tekende"),
    "last": _("De laatste twee versies"),
}
# A language as it stands before "tekst".
TEXT_IN: Final[Words] = {
    "nl": _("Nederlandse"),
    "fr": _("Franse"),
    "en": _("Engelse"),
    "de": _("Duitse"),
}
