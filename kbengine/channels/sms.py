"""A text message: which alphabet it needs, how long it is, and in how many messages it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

GSM_ONE, GSM_MORE = 160, 153
UCS_ONE, UCS_MORE = 70, 67

# 3GPP TS 23.038, section 6.2.1: the default alphabet, and its extension, of which each sign takes two places.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_BEYOND_UCS = "\uffff"


@dataclass(frozen=True, slots=True)
class Sms:
    """`units` are septets in GSM-7 and pairs of bytes in UCS-2; `parts` is how many messages the phone joins again."""

    alphabet: Literal["gsm-7", "ucs-2"]
    units: int
    parts: int


def sms(text: str) -> Sms:
    """The size of a text message; one sign outside GSM-7 makes the whole of it UCS-2."""
    if all(sign in _BASIC or sign in _EXTENSION for sign in text):
        widths = [2 if sign in _EXTENSION else 1 for sign in text]
        return Sms("gsm-7", sum(widths), _parts(widths, GSM_ONE, GSM_MORE))
    widths = [2 if sign > _BEYOND_UCS else 1 for sign in text]
    return Sms("ucs-2", sum(widths), _parts(widths, UCS_ONE, UCS_MORE))


def _parts(widths: list[int], one: int, more: int) -> int:
    """How many messages; a sign of two places never stands half in one and half in the next."""
    return 1 if sum(widths) <= one else _filled(widths, more)


def _filled(widths: Iterable[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
