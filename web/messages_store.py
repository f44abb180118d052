"""What goes wrong with the store or a setting: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

_STORE: Final = _("Verwittig de beheerder: op de server moet iets nagekeken worden.")

STORE_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    code: (_("De opslag of een instelling is niet in orde."), _STORE)
    for code in (
        "clock.back",
        "journal.broken",
        "search.not-ours",
        "search.unreadable",
        "setting.unknown",
        "setting.value",
        "store.address",
        "store.copy",
        "store.driver",
        "store.exists",
        "store.damaged",
        "store.missing",
        "store.newer",
        "store.real",
        "store.unavailable",
    )
} | {
    "store.value": (
        _("Hierin staan tekens die niet bewaard kunnen worden, of het is te lang."),
        _("Kort het in, of typ het over in plaats van het te plakken."),
    ),
}
