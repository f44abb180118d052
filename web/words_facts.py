"""The interface's words for fixed values, and for what a change may be of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

FACT_KINDS: Final[Mapping[str, object]] = {
    "phone": _("telefoonnummer"),
    "amount": _("bedrag"),
    "url": _("webadres"),
    "hours": _("uren"),
    "text": _("tekst"),
}
# How the reason begins when many answers are looked at in one act.
UNDER_REVIEW: Final = "Wordt nagekeken"
WHOLE: Final[Mapping[str, object]] = {"tag": _("trefwoord"), "source": _("bron")}
SUBJECTS: Final[Mapping[str, object]] = {
    "fact": _("een vaste waarde"),
    "tag": _("een trefwoord"),
    "source": _("een bron"),
    "article": _("een fiche"),
}
