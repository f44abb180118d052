"""Find personal data in a text, and take it out; linear in the length of the text.

Every pattern is bounded, so that no text makes one of them slow; a check of digits names its source.
"""

from __future__ import annotations

from kbengine.privacy.capitals import unknown_capitals
from kbengine.privacy.codes import iban
from kbengine.privacy.find import addresses, bare, find, strip
from kbengine.privacy.numbers import bsn, national_number
from kbengine.privacy.values import WORDS, Found, Kind

__all__ = [
    "WORDS",
    "Found",
    "Kind",
    "addresses",
    "bare",
    "bsn",
    "find",
    "iban",
    "national_number",
    "strip",
    "unknown_capitals",
]
