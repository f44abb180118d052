"""Numbers that are somebody's: national numbers, citizen service numbers, telephone numbers.

Digits are read as groups, so that every way of parting a number is one way; a date or opening hours are no number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import accumulate
from typing import Final

from kbengine.privacy.values import HYPHENS, SPACE, Found, Kind, said_before

_GROUP = re.compile(r"(?<![0-9])[0-9]{1,15}+(?![0-9])")
_BETWEEN = re.compile(rf"[{SPACE}./(){HYPHENS}]{{1,4}}+")
_DATE_OR_HOURS = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[./ -][0-9]{1,2}[./ -](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
    rf"|[0-9]{{1,2}}[.:hu][0-9]{{2}} ?(?:[{HYPHENS}]|tot|à|to|bis) ?[0-9]{{1,2}}[.:hu][0-9]{{2}})(?![0-9])",
    re.IGNORECASE,
)
_MOST_GROUPS: Final = 8
_FEWEST_DIGITS: Final = 6
_REACH: Final = 40

_NATIONAL_CUE = re.compile(
    r"rijksregister|\brrn\b|\binsz\b|\bniss\b|registre national|num[ée]ro national|national (?:register )?number"
    r"|nationalregister",
    re.IGNORECASE,
)
_BSN_CUE = re.compile(r"\bbsn\b|burgerservice|\bsofi", re.IGNORECASE)
_PHONE_CUE = re.compile(
    r"(?<!\w)(?:bel|bellen|belt|gsm|gsm-?nummer|tel|telefoon|telefoonnummer|sms|whatsapp|mobiel|appel(?:er|ez)?|portable"
    r"|t[ée]l[ée]phone|call|phone|mobile|text|handy|telefon|anrufen)(?!\w)[^\n0-9]{0,16}+$",
    re.IGNORECASE,
)
_NATIONAL_SHAPES: Final = ((2, 2, 2, 3, 2), (6, 3, 2), (6, 5))
_COUNTRIES: Final = ("32", "31", "33", "49", "352")
# Free, premium and shared-cost numbers, and those of companies: no citizen has one.
_SERVICES = re.compile(r"00800[0-9]{1,12}+|0(?:800|90[0-9])[0-9]{4,8}|07[08][0-9]{6}|088[0-9]{7}")
_SHORT: Final = frozenset({"116000", "116006", "116111", "116117", "116123"})


def national_number(digits: str) -> bool:
    """Whether eleven digits can be a Belgian rijksregisternummer or bis-nummer.

    YYMMDD (a bis-nummer adds 20 or 40 to the month, an unknown month or day is 00), three digits, and 97 minus the
    first nine modulo 97; for whoever was born in 2000 or later a 2 stands before the nine.
    Source: IBZ, Instructies Rijksregister IT000, and the royal decree of 3 April 1984.
    """
    if not (len(digits) == 11 and digits.isascii() and digits.isdigit() and _possible_day(digits)):
        return False
    return any(97 - int(century + digits[:9]) % 97 == int(digits[9:]) for century in ("", "2"))


def _possible_day(digits: str) -> bool:
    month, day = int(digits[2:4]), int(digits[4:6])
    return month % 20 <= 12 and month < 60 and day <= 31


def bsn(digits: str) -> bool:
    """Whether nine digits pass the test of the Dutch burgerservicenummer; one in eleven does by chance.

    The digits times 9, 8, 7, 6, 5, 4, 3, 2 and -1 add up to a multiple of 11. Source: Logisch Ontwerp BSN.
    """
    if not (len(digits) == 9 and digits.isascii() and digits.isdigit() and digits.strip("0")):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


def phone_key(digits: str) -> str:
    """One spelling for a number with and without the country before it: +32 3 000 00 01 is 030000001."""
    bare = digits[2:] if digits.startswith("00") else digits
    for country in _COUNTRIES if not digits.startswith("0") or digits.startswith("00") else ():
        if bare.startswith(country) and len(bare) >= len(country) + 8:
            return "0" + bare[len(country) :].removeprefix("0")
    return digits


def known_keys(known: Collection[str]) -> frozenset[str]:
    """The numbers among values that are nobody's, as `phone_key` spells them."""
    digits = ("".join(sign for sign in value if sign in "0123456789") for value in known)
    return frozenset(phone_key(number) for number in digits if number)


def find_numbers(text: str, nobodys: frozenset[str]) -> Iterator[Found]:
    """Every number of a person, without those whose `phone_key` is known to be nobody's."""
    taken = [match.span() for match in _DATE_OR_HOURS.finditer(text)]
    groups = _apart(text, [match.span() for match in _GROUP.finditer(text)], taken)
    for row in groups:
        place = 0
        while place < len(row):
            found, used = _longest(text, row[place : place + _MOST_GROUPS], nobodys)
            if found is not None:
                yield found
            place += used


def _apart(text: str, groups: list[tuple[int, int]], taken: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The groups in rows that one number may run through."""
    row: list[tuple[int, int]] = []
    upcoming = iter(taken)
    skip = next(upcoming, (len(text), len(text)))
    for start, end in groups:
        while skip[1] <= start and skip[0] < len(text):
            skip = next(upcoming, (len(text), len(text)))
        if row and (start >= skip[0] or not _BETWEEN.fullmatch(text, row[-1][1], start)):
            yield row
            row = []
        if start < skip[0]:
            row.append((start, end))
    if row:
        yield row


def _longest(text: str, row: list[tuple[int, int]], nobodys: frozenset[str]) -> tuple[Found | None, int]:
    """The number that begins with a row and takes most of its groups, and how many groups are done with."""
    start = row[0][0]
    plus = text[max(0, start - 1) : start] == "+"
    parts = [text[first:last] for first, last in row]
    for count in _counts(parts, plus):
        digits = "".join(parts[:count])
        if len(digits) < _FEWEST_DIGITS:
            break
        if _nobodys(digits, nobodys):
            return None, count
        kind = _kind(text, start, parts[:count], digits, plus)
        if kind is not None:
            return Found(start - plus, row[count - 1][1], *kind), count
    return None, 1


def _counts(parts: list[str], plus: bool) -> Iterator[int]:
    """How many groups may be one number, best first: a zero after a whole telephone number begins another one."""
    lengths = list(accumulate(map(len, parts)))
    if not plus and 11 in lengths and national_number("".join(parts)[:11]):
        yield lengths.index(11) + 1
    abroad = plus or parts[0].startswith("00")
    whole = 9 if not abroad else 10 + 2 * (not plus) + ("".join(parts).removeprefix("00")[2:3] == "0")
    begins = (n for n, part in enumerate(parts) if n and part[0] == "0" and lengths[n - 1] >= whole)
    yield from range(next(begins, len(parts)), 0, -1)


def _nobodys(digits: str, nobodys: frozenset[str]) -> bool:
    key = phone_key(digits)
    return key in nobodys or digits in _SHORT or bool(_SERVICES.fullmatch(key))


def _kind(text: str, start: int, parts: list[str], digits: str, plus: bool) -> tuple[Kind, bool] | None:
    """What a number is, and whether that is certain."""
    if not plus and len(digits) == 11:
        if national_number(digits):
            return Kind.NATIONAL_NUMBER, True
        shaped = tuple(map(len, parts)) in _NATIONAL_SHAPES and _possible_day(digits)
        if shaped or said_before(text, start, _NATIONAL_CUE, _REACH):
            return Kind.NATIONAL_NUMBER, False
    if not plus and len(digits) in (8, 9) and bsn(digits.zfill(9)) and said_before(text, start, _BSN_CUE, _REACH):
        return Kind.BSN, True
    if _complete_phone(digits, plus):
        return Kind.PHONE, True
    if len(digits) <= 10 and said_before(text, start, _PHONE_CUE, _REACH):
        return Kind.PHONE, False
    if not plus and bsn(digits) and tuple(map(len, parts)) in ((9,), (3, 3, 3), (4, 2, 3)):
        return Kind.BSN, False
    return None


def _complete_phone(digits: str, plus: bool) -> bool:
    """A number with its country, or one of Belgium and its neighbours with its zero."""
    if plus:
        return 8 <= len(digits) <= 15 and digits[0] != "0"
    if digits.startswith("00"):
        return 10 <= len(digits) <= 17 and digits[2] != "0"
    return digits.startswith("0") and 9 <= len(digits) <= 12
