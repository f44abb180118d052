"""What the problems of referrals say in the interface: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

REFERRAL_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "referrals.table": (_("%(referral)s is geen doorverwijzing."), _("Schrijf [naam] op een eigen regel.")),
    "referrals.name": (
        _("De naam %(referral)s kan niet gebruikt worden."),
        _("Gebruik kleine letters, cijfers en koppeltekens, zoals huisvuil."),
    ),
    "referrals.text": (
        _("Bij %(referral)s ontbreekt %(key)s, of het is meer dan één regel van 200 tekens."),
        _("Vul het onderwerp en de dienst in."),
    ),
    "referrals.key": (
        _("Bij %(referral)s is %(key)s niet bekend."),
        _("Gebruik subject, service, nl, fr, en of de."),
    ),
    "referrals.list": (
        _("Bij %(referral)s is %(key)s geen lijst van berichten van hoogstens 600 tekens."),
        _('Schrijf nl = ["…", "…"].'),
    ),
    "referrals.empty": (
        _("Bij %(referral)s staat geen enkel bericht."),
        _("Schrijf hoe mensen ernaar vragen, of haal het onderwerp weg."),
    ),
    "referrals.answered": (
        _("„%(text)s” is ook een vraag bij %(slug)s."),
        _("Hou het bij de fiche, of haal het daar weg."),
    ),
}
