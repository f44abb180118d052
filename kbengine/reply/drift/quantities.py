"""What numbers count: money, hours, days; what is left is a number by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbengine.reply.drift.dates import Take, date_key, low_of, month_of, time_key
from kbengine.reply.drift.numerals import Numeral
from kbengine.reply.drift.tables import CALL, CURRENCY, MONTHS, ONE, ONE_AFTER, SHORT_PHONES, SPAN, UNITS
from kbengine.reply.drift.values import DriftKind

_AFTER = re.compile(r" ?(?:(?P<sign>[€$£%])|(?:-|,-)? ?(?P<word>km/[uh]|[^\W\d_]+(?:'s)?))")
_BEFORE = re.compile(r"(?:(?P<sign>[€$£])|(?<![^\W\d_])(?P<word>eur|euro|usd|gbp)) ?$")
_WORKDAYS = re.compile(r" ?(?:jours? ouvr(?:able|e)s?|(?:working|business) days?)\b")
_RANGE = re.compile(r" ?(?:-|tot(?: en met)?|t/m|a|to|till|until|bis|of|ou|or|oder|en|et|and|und) ?")
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r",? (?P<y>\d{4})(?!\d)")
_REACH = 32
_HOURS_OF_A_DAY = 24


def read_quantities(text: str, numerals: Sequence[Numeral], take: Take) -> None:
    """Give every number to `take`, with what it counts in its key; "10 of 15 euro" are two amounts."""
    low = low_of(text)
    following: tuple[str, int] = ("", -1)
    read: list[tuple[Numeral, str, int]] = []
    for numeral in reversed(numerals):
        unit, end = _unit(low, numeral)
        if not unit and following[0] and _RANGE.fullmatch(low, numeral.end, following[1]):
            unit = following[0]
        following = (unit, numeral.start)
        read.append((numeral, unit, end))
    done = 0
    for numeral, unit, end in reversed(read):
        # The year of a date whose day is in words is a numeral too.
        if numeral.start >= done:
            done = _take(low, numeral, unit, end, take)
    _single(low, take)


def _unit(low: str, numeral: Numeral) -> tuple[str, int]:
    """What is counted, "" when that is not known, and where the number with its unit ends."""
    before = _BEFORE.search(low, max(0, numeral.start - 6), numeral.start)
    if before:
        return CURRENCY[before["sign"] or before["word"]], numeral.end
    after = _AFTER.match(low, numeral.end)
    if after is None:
        return "", numeral.end
    word = after["sign"] or after["word"]
    days = _WORKDAYS.match(low, numeral.end)
    if days is not None:
        return "workday", days.end()
    if word in CURRENCY:
        return CURRENCY[word], after.end()
    if word in UNITS:
        return UNITS[word], after.end()
    if word in MONTHS and numeral.value.isdigit() and 1 <= int(numeral.value) <= 31:
        return "month:" + month_of(word), after.end()
    if word in ("pour", "per") and low.startswith(" cent", after.end()):
        return "percent", after.end() + len(" cent")
    return "", numeral.end


def _take(low: str, numeral: Numeral, unit: str, end: int, take: Take) -> int:
    """Give one number to `take`; returns where it ends."""
    value, start = numeral.value, numeral.start
    before = _WORD.findall(low[max(0, start - _REACH) : start])
    kind = DriftKind.NUMBER
    key: tuple[str, ...] = ("number", value, unit)
    if unit in CURRENCY.values():
        kind, key = DriftKind.AMOUNT, ("amount", value, unit)
    elif unit.startswith("month:"):
        year = _YEAR.match(low, end)
        kind, key = DriftKind.DATE, date_key(value, unit.removeprefix("month:"), year["y"] if year else None)
        end = year.end() if year else end
    elif unit == "hour" and value.isdigit() and int(value) <= _HOURS_OF_A_DAY:
        spans = bool(before) and before[-1] in SPAN
        kind, key = (DriftKind.NUMBER if spans else DriftKind.DATE), time_key(int(value) * 60)
    elif not unit and not numeral.worded and (value in SHORT_PHONES or _called(value, before)):
        kind, end = DriftKind.PHONE, numeral.end
    take(kind, key, start, end)
    return end


def _called(value: str, before: list[str]) -> bool:
    """Whether it is a number that one calls."""
    return value.isdigit() and 3 <= len(value) <= 6 and bool(CALL & set(before[-3:]))


def _single(low: str, take: Take) -> None:
    """One of a unit where it says how long: "binnen een week"."""
    words = list(_WORD.finditer(low))
    for before, one, unit in zip(words, words[1:], words[2:], strict=False):
        if one.group() not in ONE:
            continue
        close = low[before.end() : one.start()] == low[one.end() : unit.start()] == " "
        if close and before.group() in ONE_AFTER and UNITS.get(unit.group()) not in (None, "times"):
            take(DriftKind.NUMBER, ("number", "1", UNITS[unit.group()]), one.start(), unit.end())
