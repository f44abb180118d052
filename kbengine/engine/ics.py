"""A calendar file as RFC 5545 writes it: lines folded at 75 octets, texts escaped, instants in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

PRODUCT = "-//webcare-kb//NL"
MOST_OCTETS = 75
# Every other control character is none that a text may hold.
ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True, slots=True)
class Appointment:
    """One moment in a calendar; `uid` stays the same for the same thing, `changed` says when it last changed."""

    uid: str
    at: datetime
    changed: datetime
    title: str
    about: str
    link: str


def calendar(name: str, appointments: Iterable[Appointment]) -> str:
    """The file, lines ended by CR LF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{text(name)}"]
    for one in appointments:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{text(one.uid)}",
            f"DTSTAMP:{utc(one.changed)}",
            f"DTSTART:{utc(one.at)}",
            f"SUMMARY:{text(one.title)}",
            f"DESCRIPTION:{text(one.about)}",
            f"URL:{one.link}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def text(value: str) -> str:
    """A text value: signs of the format escaped, other control characters taken out."""
    plain = value.replace("\r\n", "\n")
    return "".join(ESCAPED.get(sign, sign) for sign in plain if sign >= " " or sign == "\n").replace("\x7f", "")


def utc(instant: datetime) -> str:
    """An instant in UTC."""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, each after the first begun with a space; no character is cut in two."""
    part, octets = "", 0
    for sign in line:
        size = len(sign.encode("utf-8", "replace"))
        if octets + size > MOST_OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + sign, octets + size
    yield part
