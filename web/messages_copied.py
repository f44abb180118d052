"""What goes wrong with what was handed out: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

COPIED_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "copy.gone": (
        _("Deze kopie is niet meer terug te nemen."),
        _("Dat kan één keer, binnen een dag na het kopiëren."),
    ),
}
