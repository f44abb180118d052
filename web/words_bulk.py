"""What may be done to many articles at once, in the interface's words."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _

from kbengine.engine import Act
from web.words import Words

ACTS: Final[Words] = {
    Act.SUBMIT: _("Ter validatie sturen"),
    Act.RENEW: _("Klopt nog"),
    Act.OWNER: _("Andere dienst geven"),
    Act.HOLD: _("Opschorten"),
    Act.ARCHIVE: _("Uit gebruik nemen"),
}
ACTS_DONE: Final[Words] = {
    Act.SUBMIT: _("Ter validatie gestuurd"),
    Act.RENEW: _("Bevestigd: klopt nog"),
    Act.OWNER: _("Nieuwe versie bewaard voor de andere dienst"),
    Act.HOLD: _("Opgeschort"),
    Act.ARCHIVE: _("Uit gebruik genomen"),
}
ACTS_ASKED: Final[Words] = {
    Act.HOLD: _("Waarom mogen deze fiches voorlopig niet meer buiten?"),
    Act.ARCHIVE: _("Waarom gaan deze fiches uit gebruik?"),
}
