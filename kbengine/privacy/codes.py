"""Account numbers and number plates: letters and digits in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from kbengine.privacy.values import HYPHENS, SPACE, Found, Kind, said_before

_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}")
# Characters of an IBAN per country: SWIFT, IBAN Registry (ISO 13616).
IBAN_LENGTHS: Final[Mapping[str, int]] = {
    country: int(length)
    for length, countries in {
        "15": "NO",
        "16": "BE",
        "18": "DK FI FO GL NL",
        "19": "MK SI",
        "20": "AT BA EE KZ LT LU XK",
        "21": "CH HR LI LV",
        "22": "BG DE GB GE IE ME RS VA",
        "23": "AE GI IL",
        "24": "AD CZ ES MD PK RO SA SE SK TN",
        "25": "PT",
        "26": "IS TR",
        "27": "FR GR IT MC SM",
        "28": "AL AZ CY HU LB MA PL",
        "29": "EG UA",
        "31": "MT",
    }.items()
    for country in countries.split()
}

_GAP: Final = rf"[{SPACE}.{HYPHENS}]"
_HYPHEN: Final = f"[{HYPHENS}]"
# In each pattern 9 is a digit, A a letter, and - what may part them.
_BELGIAN: Final = ("9-AAA-999", "A-AAA-999")
_OLDER_BELGIAN: Final = ("AAA-999", "999-AAA")
# The Dutch sidecodes, then the French, the Luxembourg and the British order.
_OTHERS: Final = (
    *("AA-99-99", "99-99-AA", "99-AA-99", "AA-99-AA", "AA-AA-99", "99-AA-AA", "99-AAA-9", "9-AAA-99", "AA-999-A"),
    *("A-999-AA", "AAA-99-A", "9-AA-999", "AA-999-AA"),
)
_CUED_ONLY: Final = ("AA-9999", "AA99-AAA")


def _order(pattern: str, gap: str) -> str:
    signs = {"9": "[0-9]", "A": "[A-Za-z]", "-": gap}
    return "".join(signs[sign] for sign in pattern)


def _any(patterns: tuple[str, ...], gap: str) -> re.Pattern[str]:
    orders = "|".join(_order(pattern, gap) for pattern in patterns)
    return re.compile(rf"(?<![\w{HYPHENS}])(?:{orders})(?![\w]|{_HYPHEN}\w)")


_MODERN = _any(_BELGIAN, f"(?:{_GAP})?")
_OLDER = _any(_OLDER_BELGIAN, f"(?:{_GAP})?")
_OTHER_PARTED = _any(_OTHERS, _HYPHEN)
_OTHER_LOOSE = _any((*_OTHERS, *_CUED_ONLY), f"(?:{_GAP})?")
_GERMAN = re.compile(r"(?<![\w-])[A-ZÄÖÜ]{1,3}+-[A-Z]{1,2}+[- ]?[0-9]{1,4}+[EH]?(?!\w)")
_PLATE_CUE = re.compile(
    r"(?:nummerplaat|(?<!\w)plaat|kenteken|plaque|immatricul|(?:number|licen[cs]e) plate|kennzeichen)"
    r"[^\n0-9]{0,24}+$",
    re.IGNORECASE,
)
_AFTER_CUE = re.compile(
    r"(?>nummerplaat|kenteken|plaque(?: d['’]immatriculation)?|immatriculation|(?:number|licen[cs]e) plate|kennzeichen)"
    r"[:, ]{1,3}+(?>(?>(?:is|was|met|nummer|nr|van|est|ist|lautet|number)[:. ]{1,2}+){0,3})"
    r"(?P<plate>[A-Za-z0-9]{1,4}+(?>(?>[- .]?[A-Za-z0-9]{1,4}+){0,3}))(?!\w)",
    re.IGNORECASE,
)
_EMERGENCY: Final = frozenset({"100", "101", "102", "103", "105", "106", "107", "110", "112"})
_REACH: Final = 40


def iban(code: str) -> bool:
    """Whether a code without spaces is an IBAN: the country's length, and modulo 97 is 1.

    The first four characters go to the end, A counts as 10 up to Z as 35, and the number modulo 97 must be 1.
    Source: ISO 13616-1 with ISO 7064 MOD 97-10; lengths from the SWIFT registry.
    """
    code = code.upper()
    if len(code) != IBAN_LENGTHS.get(code[:2], 0) or not (code.isascii() and code.isalnum() and code[2:4].isdigit()):
        return False
    return int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1


def find_ibans(text: str) -> Iterator[Found]:
    """Every account number; one with a wrong check is uncertain."""
    for match in _IBAN_START.finditer(text):
        code, end = _gathered(text, match.start(), IBAN_LENGTHS.get(match.group()[:2].upper(), 0))
        if code and (iban(code) or code[:2].isupper()):
            yield Found(match.start(), end, Kind.IBAN, iban(code))


def _gathered(text: str, start: int, length: int) -> tuple[str, int]:
    """So many letters and digits from a place on, at most one sign between two; "" when they are not there."""
    code, place, gap = "", start, 0
    while place < len(text) and len(code) < length:
        sign = text[place]
        if sign.isascii() and sign.isalnum():
            code, gap = code + sign, 0
        elif sign in " .-\u00a0\u202f" and not gap:
            gap = 1
        else:
            return "", start
        place += 1
    whole = len(code) == length > 0 and not text[place : place + 1].isalnum()
    return (code, place) if whole else ("", start)


def find_plates(text: str) -> Iterator[Found]:
    """Every number plate of Belgium and its neighbours; one that could be something else is uncertain."""
    for match in _MODERN.finditer(text):
        sure, solid = _cued(text, match.start()) or bool(re.search(_HYPHEN, match.group())), match.group().isalnum()
        if sure or _loud(match.group()) or (solid and match.group()[0].isdigit()):
            yield _plate(match.span(), certain=sure)
    for match in _OLDER.finditer(text):
        cued = _cued(text, match.start())
        if cued or _loud(match.group()):
            yield _plate(match.span(), certain=cued)
    for match in _OTHER_PARTED.finditer(text):
        yield _plate(match.span(), certain=_letters(match.group()).isupper() or _cued(text, match.start()))
    for match in _OTHER_LOOSE.finditer(text):
        if _cued(text, match.start()):
            yield _plate(match.span(), certain=True)
    for match in _GERMAN.finditer(text):
        yield _plate(match.span(), certain=_cued(text, match.start()))
    for match in _AFTER_CUE.finditer(text):
        if re.search("[0-9]", match["plate"]) and re.search("[A-Za-z]", match["plate"]):
            yield _plate(match.span("plate"), certain=False)


def _plate(span: tuple[int, int], *, certain: bool) -> Found:
    return Found(*span, Kind.PLATE, certain)


def _cued(text: str, start: int) -> bool:
    return said_before(text, start, _PLATE_CUE, _REACH)


def _loud(code: str) -> bool:
    """In capitals, and no shouted "BEL 101"."""
    return _letters(code).isupper() and not set(re.findall("[0-9]+", code)) & _EMERGENCY


def _letters(code: str) -> str:
    return "".join(sign for sign in code if sign.isalpha())
