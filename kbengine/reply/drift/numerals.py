"""Numbers in digits and in words, with what they count not yet read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kbengine.reply.drift.dates import low_of
from kbengine.reply.drift.tables import LONGEST_NUMBER, may_count, number_word

_DIGITS = re.compile(r"(?P<code>(?<![^\W\d_])[A-Z]{1,3}-?)?(?P<digits>\d+(?:[.,]\d+)*)")
# "1 250,75 €": a space parts thousands too, where money is counted; anywhere else it parts two numbers.
_SPACED = re.compile(
    r"(?<![\w.,])(?<!\d )"
    r"(?:(?<=€)|(?<=€ )|(?<=eur )"
    r"|(?=[\d ,]+ ?(?:(?:tot|en|et|a|à|-|bis|und|to|and) ?[\d ,]+ ?)?(?:€|eur\b|euros?\b)))"
    r"(?P<digits>\d{1,3}(?: \d{3})+(?:,\d{1,2})?)(?! ?\d)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(r"[ -]?")
_THANKS = re.compile(r"^ (?:maal |keer |fois )?(?:dank|merci|excus|sorry|thanks|apolog)")
_MANY = 100
_NO_NUMBER: tuple[int, int | None] = (1, None)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at text[start:end], as `value` spells it: 1250.5, or 014 with its zero."""

    value: str
    start: int
    end: int
    worded: bool


def numerals(text: str, lang: str) -> Iterator[Numeral]:
    """Every number of a text in order."""
    spaced = list(_SPACED.finditer(text))
    found = [Numeral(_value(match["digits"].replace(" ", ""), ""), *match.span(), False) for match in spaced]
    found += [
        Numeral(_value(match["digits"], match["code"] or ""), *match.span(), False)
        for match in _DIGITS.finditer(text)
        if not any(one.start() <= match.start() < one.end() for one in spaced)
    ]
    yield from sorted((*found, *_worded(low_of(text), lang)), key=lambda numeral: numeral.start)


def _value(written: str, code: str) -> str:
    """The digits without what parts thousands, a point before decimals that are not all zero."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", written):
        written = written.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written):
        written = written.replace(",", "")
    elif written.count(",") + written.count(".") == 1:
        written = written.replace(",", ".")
    whole, point, rest = written.partition(".")
    rest = rest if "." in rest or "," in rest else rest.rstrip("0")
    return code.rstrip("-") + whole + (point + rest if rest else "")


def _worded(low: str, lang: str) -> Iterator[Numeral]:
    """Numbers in words, the longest that can be read: "vingt et un" is one."""
    words = list(_WORD.finditer(low))
    place = 0
    while place < len(words):
        if not may_count(words[place].group()):
            place += 1
            continue
        used, value = _longest(low, words, place, lang)
        if value is not None and not _is_saying(low, words[place].start(), words[place + used - 1].end(), value):
            yield Numeral(str(value), words[place].start(), words[place + used - 1].end(), True)
        place += used


def _longest(low: str, words: list[re.Match[str]], place: int, lang: str) -> tuple[int, int | None]:
    """How many words are one number, and its value."""
    joined, best = "", _NO_NUMBER
    for used in range(1, min(LONGEST_NUMBER, len(words) - place) + 1):
        word = words[place + used - 1]
        if used > 1 and not _JOINT.fullmatch(low, words[place + used - 2].end(), word.start()):
            break
        joined += word.group()
        value = number_word(joined, lang)
        best = (used, value) if value is not None else best
    return best


def _is_saying(low: str, start: int, end: int, value: int) -> bool:
    """Whether nothing is counted: "duizend maal dank", "neem in acht"."""
    return (value >= _MANY and bool(_THANKS.match(low[end : end + 20]))) or (value == 8 and low[:start].endswith("in "))
