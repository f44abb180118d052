"""Dates and times written in digits, and days of the week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kbengine.language import fold
from kbengine.reply.drift.tables import MONTHS, SHORT_MONTHS, WEEKDAYS, WISHES, number_word
from kbengine.reply.drift.values import DriftKind

Take = Callable[[DriftKind, tuple[str, ...], int, int], None]

_YMD = re.compile(r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\d-])")
_DMY = re.compile(r"(?<![\d./-])(?P<d>\d{1,2})(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})(?![\d/-])")
_DM = re.compile(r"(?<![\d./,-])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\d/]|[.,]\d)")
_NAMED = "|".join(sorted((re.escape(name) for name in (*MONTHS, *SHORT_MONTHS)), key=len, reverse=True))
# Accents are one letter each, so that a folded text has its letters in the same places.
_DAY_MONTH = re.compile(
    rf"(?<![\d.,/:])(?P<d>\d{{1,2}})(?:er|e|de|ste|st|nd|rd|th|\.)?(?: (?:of|de|van))? ?(?P<m>{_NAMED})(?!\w)"
    r"(?:\.(?=,? \d))?(?:,? (?P<y>\d{4})(?!\d))?"
)
_MONTH_DAY = re.compile(
    rf"(?<!\w)(?P<m>{_NAMED})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.:]\d|\d|h| ?(?:uur|u|am|pm|heures)\b)"
    r"(?:,? (?P<y>\d{4})(?!\d))?"
)
_MONTH_YEAR = re.compile(rf"(?<!\w)(?P<m>{_NAMED}) (?P<y>(?:19|20)\d{{2}})(?!\d)")
_MONTH = re.compile(r"(?<![\w-])[^\W\d_]{3,10}(?![\w-])")
_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<h>[01]?\d|2[0-4])(?P<s> ?[:uh] ?|\.)(?P<m>[0-5]\d)(?![\d:]|[.,]\d)"
    r"(?P<u> ?(?:uur|uhr|heures|h|u)\b)?(?P<half> ?[ap]\.?m\b\.?)?"
)
# "9.30 tot 17 uur" is of hours too.
_TO_HOUR = re.compile(
    r" ?(?:-|tot|en|of|a|et|ou|bis|und|oder|to|and|or) ?\d{1,2}(?:[.:hu]\d{2})? ?(?:uur|uhr|heures|h|u|am|pm)\b"
)
# "9 tot 12.30 uur": the first is an hour as well.
_FROM_HOUR = re.compile(
    r"(?<![\d.,:/-])(?<!\d )(?P<h>[01]?\d|2[0-4])(?P<joint> ?(?:-|–|tot|t/m|a|bis|to|till|until) ?)$"
)
_HOUR = re.compile(r"(?<![\d.,:])(?P<h>[01]?\d|2[0-4])(?: ?(?P<u>[uh])(?![\w']|/)| ?(?P<half>[ap]\.?m)\b\.?)")
_NAMES = {"middernacht": "1440", "midnight": "1440", "minuit": "1440", "mitternacht": "1440", "noon": "720"}
_NAME = re.compile(rf"(?<![\w-])(?:{'|'.join(_NAMES)})(?![\w-])")
# A month by itself is named so in a text; these are other words too, unless a preposition stands before them.
_OTHER_WORDS = frozenset({"may", "march", "mars", "mai", "mei"})
_IN_MONTH = re.compile(
    r"\b(?:in|of|by|since|until|before|after|en|de|fin|debut|mi|avant|apres|depuis|im|ab|bis|seit|tot|vanaf|sinds|eind"
    r"|begin|half|voor|na) $"
)
_DIGIT = re.compile(r"\d")
_REACH = 24
_WORD_BEFORE = re.compile(r"([^\W\d_]+) $")


def read_dates(text: str, lang: str, take: Take) -> None:
    """Give every date and time of day to `take`; a day and a month of the same date have the same key."""
    low = low_of(text)
    taken = bytearray(len(text))
    for key, start, end in _every(low, lang):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            take(DriftKind.DATE, key, start, end)


def low_of(text: str) -> str:
    """A text in small letters without accents, each letter in its place."""
    if text.isascii():
        return text.lower()
    others = {sign for sign in set(text) if not sign.isascii()}
    return text.translate({ord(sign): _one(sign) for sign in others}).lower()


def _one(sign: str) -> str:
    bare = fold(sign.lower())
    return bare if len(bare) == 1 else sign if len(sign.lower()) == 1 else " "


def date_key(day: str, month: str, year: str | None) -> tuple[str, ...]:
    """One spelling for a date; year "" when none is given."""
    full = "" if not year else year if len(year) == 4 else "20" + year
    return "date", full, str(int(month)), str(int(day)) if day else ""


def time_key(minutes: int) -> tuple[str, ...]:
    """One spelling for a time of day; midnight is the end of a day."""
    return "time", str(minutes or 1440)


def month_of(name: str) -> str:
    """The number of a month, 1 to 12."""
    return MONTHS.get(name) or SHORT_MONTHS[name]


def _every(low: str, lang: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    numbered = _DIGIT.search(low) is not None
    if numbered:
        yield from _dated(low, lang)
        yield from _times(low)
    for match in _NAME.finditer(low):
        yield time_key(int(_NAMES[match.group()])), *match.span()
    for match in _DM.finditer(low) if numbered else ():
        if _possible(match["d"], match["m"]) and match.group() not in ("24/7", "7/7"):
            yield date_key(match["d"], match["m"], None), *match.span()
    yield from _by_name(low, lang)


def _dated(low: str, lang: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Dates of which the month or the year is said."""
    for pattern in (_YMD, _DMY):
        for match in pattern.finditer(low):
            if _possible(match["d"], match["m"]):
                yield date_key(match["d"], match["m"], match["y"]), *match.span()
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(low):
            if 1 <= int(match["d"]) <= 31:
                yield date_key(match["d"], month_of(match["m"]), match["y"]), *match.span()
    for match in _MONTH_YEAR.finditer(low):
        if not _has_day(low, match.start(), lang):
            yield date_key("", month_of(match["m"]), match["y"]), *match.span()


def _possible(day: str, month: str) -> bool:
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12


def _times(low: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    for match in _CLOCK.finditer(low):
        if match["s"] != "." or match["u"] or match["half"] or _TO_HOUR.match(low, match.end()):
            yield time_key(_hour(match["h"], match["half"]) * 60 + int(match["m"])), *match.span()
            before = _FROM_HOUR.search(low, max(0, match.start() - _REACH), match.start())
            if before is not None:
                yield time_key(int(before["h"]) * 60), before.start(), before.end("h")
    for match in _HOUR.finditer(low):
        yield time_key(_hour(match["h"], match["half"]) * 60), *match.span()


def _hour(hour: str, half: str | None) -> int:
    """The hour of the day, 0 to 24; `half` is am or pm."""
    if not half:
        return int(hour)
    return int(hour) % 12 + (12 if "p" in half else 0)


def _has_day(low: str, start: int, lang: str) -> bool:
    """Whether the day of a month stands before it in words: it is read with it, as a number is."""
    before = _WORD_BEFORE.search(low[max(0, start - _REACH) : start])
    return before is not None and (before[1] in ("un", "ein") or number_word(before[1], lang) is not None)


def _by_name(low: str, lang: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Months and days of the week that stand by themselves; "fijne maandag" is a wish."""
    for match in _MONTH.finditer(low):
        word = match.group()
        if word not in WEEKDAYS and word not in MONTHS:
            continue
        before = low[max(0, match.start() - _REACH) : match.start()]
        wished = (found := _WORD_BEFORE.search(before)) is not None and found[1] in WISHES
        if word in WEEKDAYS and not wished:
            yield ("weekday", WEEKDAYS[word]), *match.span()
        elif (
            word in MONTHS
            and not _has_day(low, match.start(), lang)
            and (word not in _OTHER_WORDS or _IN_MONTH.search(before))
        ):
            yield date_key("", MONTHS[word], None), *match.span()
