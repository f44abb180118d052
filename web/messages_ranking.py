"""What the interface says about what messages find: an article's own questions, and a text that would move others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

RANKING_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "questions.both": (_("„%(text)s” staat ook bij not."), _("Hou één van de twee.")),
    "questions.elsewhere": (
        _("„%(text)s” vindt eerst een andere fiche: %(other)s."),
        _("Zeg het anders, schrijf er meer zulke bij, of zet de vraag bij die fiche."),
    ),
    "questions.not-kept": (
        _("„%(text)s” staat bij not en vindt deze fiche toch."),
        _("Haal de woorden uit de vragen, of zet ze bij de fiche die het antwoord heeft."),
    ),
    "ranking.taken": (
        _("„%(text)s” van de fiche %(slug)s zou %(other)s vinden."),
        _("Haal weg wat ze delen, of schrijf bij die fiche meer zulke vragen."),
    ),
    "ranking.silenced": (
        _("„%(text)s” van de fiche %(slug)s zou niets meer vinden."),
        _("Schrijf bij die fiche meer zulke vragen."),
    ),
    "ranking.refused": (
        _("„%(text)s” hoort %(slug)s niet te vinden, en komt er toch dichter bij."),
        _("Kijk welke woorden ze delen."),
    ),
}
