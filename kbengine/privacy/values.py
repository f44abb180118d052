"""What a piece of personal data in a text is, and the word that takes its place."""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final


class Kind(enum.StrEnum):
    """What kind of personal data a text holds."""

    NATIONAL_NUMBER = "national-number"
    BSN = "bsn"
    IBAN = "iban"
    PLATE = "plate"
    PHONE = "phone"
    EMAIL = "email"
    PROFILE = "profile"
    HANDLE = "handle"
    BIRTH_DATE = "birth-date"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One piece of personal data, from `start` up to `end`; `certain` is False when it may be chance."""

    start: int
    end: int
    kind: Kind
    certain: bool


# What a reader sees in its place; Dutch, as everything that agents and editors read.
WORDS: Final[Mapping[Kind, str]] = {
    Kind.NATIONAL_NUMBER: "[rijksregisternummer]",
    Kind.BSN: "[burgerservicenummer]",
    Kind.IBAN: "[rekeningnummer]",
    Kind.PLATE: "[nummerplaat]",
    Kind.PHONE: "[telefoon]",
    Kind.EMAIL: "[e-mail]",
    Kind.PROFILE: "[profiel]",
    Kind.HANDLE: "[account]",
    Kind.BIRTH_DATE: "[geboortedatum]",
    Kind.ADDRESS: "[adres]",
    Kind.NAME: "[naam]",
}

WORD_LISTS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(words.split())
    for name, words in tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8")).items()
}

# A space of any width, never a line end.
SPACE: Final = " \t\u00a0\u2007\u202f"
HYPHENS: Final = "\\-\u2010\u2011\u2013"


def said_before(text: str, start: int, cue: re.Pattern[str], reach: int) -> bool:
    """Whether the cue stands in the `reach` characters before a place."""
    return cue.search(text, max(0, start - reach), start) is not None
