"""What goes wrong with what somebody typed and did not save: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

UNSAVED_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "unsaved.elsewhere": (
        _("Dit formulier staat ook in een ander venster open."),
        _("Wat je hier typt, wordt apart bijgehouden."),
    ),
    "unsaved.gone": (
        _("Deze tekst wordt niet meer bijgehouden."),
        _("Hij werd bewaard of weggegooid, of de 30 dagen zijn om. Open de fiche om verder te werken."),
    ),
    "unsaved.key": (_("Dit formulier kan niet bijgehouden worden."), _("Open het opnieuw.")),
}
