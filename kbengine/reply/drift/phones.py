"""Telephone numbers, however their digits are grouped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbengine.reply.drift.dates import Take
from kbengine.reply.drift.values import DriftKind

_GROUP = re.compile(r"(?<!\d)\+?\d+")
_ZERO = re.compile(r" ?\(0\)")
_JOIN = re.compile(r" ?[./()-]{1,2} ?| ")
_FEWEST, _WHOLE, _MOST = 8, 9, 15


def read_phones(text: str, take: Take) -> None:
    """Give every number that begins with + or 0 and has 8 to 15 digits to `take`."""
    for start, end in _numbers(text):
        take(DriftKind.PHONE, ("phone", phone_key(text[start:end])), start, end)


def phone_key(written: str) -> str:
    """One spelling for a number with and without its country; one that begins with a single 0 is of Belgium."""
    digits = re.sub(r"\D", "", written.replace("(0)", ""))
    if written.lstrip("(").startswith("+"):
        return digits
    return digits.removeprefix("00") if digits.startswith("00") else "32" + digits.removeprefix("0")


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    groups = list(_GROUP.finditer(text))
    place = 0
    while place < len(groups):
        used, first = 1, groups[place]
        if first.group()[0] in "+0":
            used = _joined(text, groups, place)
            digits = sum(char.isdigit() for char in text[first.start() : groups[place + used - 1].end()])
            if _FEWEST <= digits <= _MOST:
                yield first.start(), groups[place + used - 1].end()
            else:
                used = 1
        place += used


def _abroad(text: str, first: re.Match[str]) -> int:
    """How many digits more a number has that is written with its country: +32, 0032, +32 (0)."""
    begins = 1 if first.group()[0] == "+" else 3 if first.group().startswith("00") else 0
    return begins + bool(begins and _ZERO.match(text, first.end()))


def _joined(text: str, groups: list[re.Match[str]], place: int) -> int:
    """How many groups from there on are one number: a 0 or + after a whole number begins another one."""
    used, digits = 1, len(groups[place].group().lstrip("+"))
    whole = _WHOLE + _abroad(text, groups[place])
    while place + used < len(groups):
        last, following = groups[place + used - 1], groups[place + used]
        more = len(following.group().lstrip("+"))
        if not _JOIN.fullmatch(text, last.end(), following.start()) or following.group()[0] == "+":
            break
        if digits + more > _MOST or (digits >= whole and (following.group()[0] == "0" or more > 4)):
            break
        used, digits = used + 1, digits + more
    return used
