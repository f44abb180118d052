"""What became of a text of the starter set since a zone took it, in the interface's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

STARTER_CHANGES: Final[Mapping[str, object]] = {
    "new": _("nieuw"),
    "changed": _("veranderd in de startset"),
    "both": _("ook door jullie veranderd"),
    "conflict": _("zelfde regels veranderd"),
    "gone": _("niet meer in de startset"),
}
