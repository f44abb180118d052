"""The words by which facts are known: months, units, currencies, and numbers written out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from kbengine.language import fold

_TABLE: Final[Mapping[str, Any]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def _meanings(table: str) -> dict[str, str]:
    return {fold(word): meaning for meaning, words in _TABLE[table].items() for word in words.split()}


def _row(table: str, row: str = "words") -> list[str]:
    return [fold(word) for word in _TABLE[table][row].split()]


def _words(table: str, row: str = "words") -> frozenset[str]:
    return frozenset(_row(table, row))


MONTHS: Final = _meanings("months")
SHORT_MONTHS: Final = _meanings("short_months")
WEEKDAYS: Final = _meanings("weekdays")
UNITS: Final = _meanings("units")
CURRENCY: Final = _meanings("currency")
WISHES: Final = _words("wishes")
ONE: Final = _words("one")
ONE_AFTER: Final = _words("one", "after")
SPAN: Final = _words("span")
CALL: Final = _words("call")
OWN_NEGATION: Final = _words("negation", "own")
FRENCH_NEGATION: Final = _words("negation", "french")
UNMARKED_NEGATION: Final = _words("negation", "unmarked")
NO_STREETS: Final = _words("streets", "none")
SMALL: Final = _words("small")
SHORT_PHONES: Final = _words("phones", "short")
NEGATION: Final[Mapping[str, frozenset[str]]] = {
    lang: frozenset(fold(word) for word in _TABLE["negation"][lang]["words"].split())
    for lang in ("nl", "fr", "en", "de")
}

# They count in one language, and are other words in the others: "onze straat", "ten laatste".
_COUNTED_IN: Final = {"onze": "fr", "cent": "fr", "neuf": "fr", "ten": "en", "four": "en", "acht": "nl de", "cents": ""}
LONGEST_NUMBER: Final = 6
_GLANCE: Final = 4


def number_word(words: str, lang: str) -> int | None:
    """The value of words without spaces and hyphens, folded, from 2 on and 0; None when they are no number."""
    value = _numbers().get(words)
    return value if value is not None and lang in _COUNTED_IN.get(words, lang).split() else None


def may_count(word: str) -> bool:
    """Whether a number can begin with this word, folded; of most words that is seen at a glance."""
    return word[:_GLANCE] in _beginnings()


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(word[:size] for word in _numbers() for size in range(1, _GLANCE + 1))


@cache
def _numbers() -> Mapping[str, int]:
    """Every number below a thousand and the round ones above, as each language writes them."""
    found: dict[str, int] = {"nul": 0, "zero": 0, "null": 0, "tweemaal": 2, "driemaal": 3, "twice": 2, "zweimal": 2}
    for below, hundred, thousand, joints in (
        (_turned("nl", "en"), "honderd", "duizend", ("", "en")),
        (_french(), "cent", "mille", ("", "s", "set")),
        (_tens("en", str.__add__), "hundred", "thousand", ("", "and")),
        (_turned("de", "und"), "hundert", "tausend", ("", "und")),
    ):
        found |= {word: value for word, value in below.items() if value > 1} | {hundred: 100, thousand: 1000}
        for word, value in below.items():
            ahead = "" if value == 1 and hundred != "hundred" else word
            found |= {ahead + thousand: value * 1000}
            if value < 10:
                found |= {ahead + hundred: value * 100, ahead + hundred + "s": value * 100}
                found |= {ahead + hundred + j + rest: value * 100 + r for rest, r in below.items() for j in joints}
    return found


def _turned(lang: str, joint: str) -> dict[str, int]:
    """One to 99 where the ones are said before the tens."""
    return _tens(lang, lambda ten, one: one + joint + ten)


def _tens(lang: str, joined: Callable[[str, str], str]) -> dict[str, int]:
    """One to 99; `joined` makes one word of a ten and a one."""
    found = {word: value for value, word in enumerate(_row("numbers", lang), 1)}
    units = list(found.items())[:9]
    for value, ten in enumerate(_row("numbers", lang + "_tens"), 2):
        found |= {joined(ten, unit): value * 10 + one for unit, one in units} | {ten: value * 10}
    return found


def _french() -> dict[str, int]:
    words = _row("numbers", "fr")
    found = {word: value for value, word in enumerate(words, 1)}
    tens = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70}
    tens |= {"huitante": 80, "quatrevingt": 80, "nonante": 90}
    for ten, value in tens.items():
        reach = 19 if ten in ("soixante", "quatrevingt") else 9
        found |= dict(_french_tens(ten, value, words[:reach]))
    return found | {"quatrevingts": 80}


def _french_tens(ten: str, value: int, units: list[str]) -> Iterator[tuple[str, int]]:
    yield ten, value
    for one, unit in enumerate(units, 1):
        yield ten + unit, value + one
        if one in (1, 11):
            yield ten + "et" + unit, value + one
