"""The interface's words for kinds of message, what is agreed for them, and personal data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

MESSAGE_KINDS: Final[Mapping[str, object]] = {
    "question": _("vraag"),
    "report": _("melding"),
    "service-complaint": _("klacht over onze dienst"),
    "compliment": _("compliment"),
    "criticism": _("kritiek"),
    "abuse": _("scheldpartij"),
    "thanks": _("bedanking"),
    "tip": _("tip of lopend dossier"),
    "press": _("pers"),
    "not-ours": _("niet voor ons"),
    "not-addressed": _("niet aan ons gericht"),
    "personal-data": _("persoonsgegevens in het openbaar"),
    "always": _("elk bericht"),
}
KIND_ACTS: Final[Mapping[str, object]] = {
    "answer": _("antwoorden"),
    "ask-back": _("terugvragen"),
    "hand-over": _("doorgeven"),
    "hide": _("verbergen en bewijs bewaren"),
    "leave": _("laten staan"),
}
NOT_ADDRESSED: Final[Mapping[str, object]] = {
    "hashtag": _("enkel een hashtag"),
    "name": _("onze naam valt, maar er is geen @"),
    "other": _("het spreekt iemand anders aan"),
    "direct": _("een privébericht"),
    "mention": _("een vermelding met @"),
    "own-post": _("een reactie onder ons bericht"),
}
PERSONAL: Final[Mapping[str, object]] = {
    "national-number": _("rijksregisternummer"),
    "bsn": _("burgerservicenummer"),
    "iban": _("rekeningnummer"),
    "plate": _("nummerplaat"),
    "phone": _("telefoonnummer"),
    "email": _("e-mailadres"),
    "address": _("adres"),
}
