"""Which characters and link targets an answer may hold."""

from __future__ import annotations

import re
import unicodedata

# Control, format, bidi, filler and tag characters, line and paragraph separators, lone surrogates. Zero-width
# joiner and variation selectors 15 and 16 are handled apart: emoji are made with them.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SYMBOL = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
HIDDEN = re.compile(f"[{_HIDDEN}]|(?<![{_SYMBOL}\ufe0f])\u200d|\u200d(?![{_SYMBOL}])")

# What looks like a placeholder is never read as Markdown; which of them are good is for `reply` to say.
PLACEHOLDER_LIKE = re.compile(r"\{[a-z]{1,20}:[^{}\n]{0,300}\}")

# An allow-list on the characters as typed: `java&#115;cript:`, `%6aavascript:` or a scheme with a tab in it never
# match, however often a browser would decode them.
_SAFE_TARGET = re.compile(r"(?:https?://[^\s/?#\\<>{}\"]|mailto:[^\s/<>{}\"]|tel:[+0-9])[^\s<>{}\"\\]*", re.IGNORECASE)
_FACT_TARGET = re.compile(r"\{fact:[^{}\n]{1,300}\}[^\s<>\"\\]*")


def clean(text: str) -> str:
    """The text in NFC with LF line ends, tabs as spaces and without hidden characters."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    # NFC, never NFKC: full-width `＜` would become a live `<`. Once more after stripping, which can join letters.
    return unicodedata.normalize("NFC", HIDDEN.sub("", unicodedata.normalize("NFC", unix)))


def safe_target(target: str) -> bool:
    """Whether a link may lead there: https, http, mailto or tel, written out, without white space."""
    return bool(_SAFE_TARGET.fullmatch(target)) and not HIDDEN.search(target)


def possible_target(target: str) -> bool:
    """Whether a link may be written so: a safe target, with facts in it or one at its start, and nothing else."""
    rest = re.sub(r"\{fact:[^{}\n]{1,300}\}", "x", target)
    if "{" in rest or "}" in rest:
        return False
    return safe_target(rest) or bool(_FACT_TARGET.fullmatch(target))
