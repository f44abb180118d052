"""What a zone says of its channels, `[channels]` of `zone.toml`: who watches them, when, and limits of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
MOST = 1_000_000  # no channel takes a longer text
PLAN_KEYS = frozenset({"order", "holidays", "closed", "notice"})
COVER_KEYS = frozenset({"team", "hours", "weekend_checks", "limit", "advised", "source", "date"})
NOTICE_KEYS = frozenset({"hours", "checks", "emergency"})

_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_DAY = re.compile(r"(?:\d{4}-)?\d{2}-\d{2}")
_LEAP = "2028-"  # a year that has every day

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cover:
    """Who watches a channel and when, in minutes after local midnight; `hours` holds the spans of Monday to Sunday.

    `checks` are the moments at which somebody looks on a day of the weekend without hours, and on a holiday.
    `limit` and `advised` stand in for the channel's own when they are given, with their `source` and `date`.
    """

    team: str = ""
    hours: tuple[tuple[Span, ...], ...] = ()
    checks: tuple[int, ...] = ()
    limit: int | None = None
    advised: int | None = None
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The vetted sentences of an hours notice: `{hours}` and `{checks}` are filled in, `emergency` stays as it is."""

    hours: str
    checks: str
    emergency: str


@dataclass(frozen=True, slots=True)
class CoverPlan:
    """All covers by channel; `closed` are days without hours beside the Belgian holidays: MM-DD or YYYY-MM-DD."""

    covers: Mapping[str, Cover] = field(default_factory=lambda: MappingProxyType({}))
    holidays: bool = True
    closed: frozenset[str] = frozenset()
    notices: Mapping[str, Notice] = field(default_factory=lambda: MappingProxyType({}))


def cover_fault(table: object, owners: Collection[str], languages: Collection[str], numbers: Collection[str]) -> str:
    """What is wrong with `[channels]`, empty when nothing is; `numbers` must stand in every emergency sentence."""
    if not isinstance(table, dict):
        return "channels is not a table."
    return next(_faults(table, owners, languages, numbers), "")


def _faults(
    table: Mapping[str, Any], owners: Collection[str], languages: Collection[str], numbers: Collection[str]
) -> Iterator[str]:
    if not _texts(table.get("order", [])):
        yield "channels has no list of names."
    if not isinstance(table.get("holidays", True), bool):
        yield "holidays is not true or false."
    if not _texts(table.get("closed", [])) or not all(_is_day(day) for day in table.get("closed", [])):
        yield "closed is not a list of days, as MM-DD or YYYY-MM-DD."
    covers = {name: value for name, value in table.items() if name not in PLAN_KEYS}
    for name, cover in covers.items():
        yield from (f"{name}: {fault}" for fault in _cover_faults(cover, owners))
    notices = table.get("notice", {})
    if not isinstance(notices, dict):
        yield "notice is not a table with a language each."
        return
    for lang, notice in notices.items():
        yield from (f"notice.{lang}: {fault}" for fault in _notice_faults(notice, numbers))
    watched = any(isinstance(cover, dict) and "hours" in cover for cover in covers.values())
    if watched and not set(languages) <= set(notices):
        yield f"A channel has hours, so say them in every language: notice.{', notice.'.join(languages)}."


def _cover_faults(cover: object, owners: Collection[str]) -> Iterator[str]:
    if not isinstance(cover, dict) or not set(cover) <= COVER_KEYS:
        yield f"not a table with the keys {', '.join(sorted(COVER_KEYS))}."
        return
    if cover.get("team") not in (None, *owners):
        yield f"team is none of {', '.join(owners)}."
    if "hours" in cover and (not isinstance(cover["hours"], dict) or _week(cover["hours"]) is None):
        yield 'hours is not like { mon-fri = "08:30-12:00, 13:00-17:00" }, each day once.'
    checks = cover.get("weekend_checks", [])
    if not _texts(checks) or any(_minutes(text) in (None, DAY_MINUTES) for text in checks):
        yield 'weekend_checks is not like ["10:00", "16:00"].'
    for key in ("limit", "advised"):
        value = cover.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST:
            yield f"{key} is not a whole number."
    said = [isinstance(cover.get(key), str) and cover[key].strip() for key in ("source", "date")]
    if {"limit", "advised"} & set(cover) and not (all(said) and _is_day(cover["date"]) and len(cover["date"]) > 5):
        yield "a limit needs its source and its date, as YYYY-MM-DD."


def _notice_faults(notice: object, numbers: Collection[str]) -> Iterator[str]:
    if not isinstance(notice, dict) or set(notice) != NOTICE_KEYS or not _texts(list(notice.values())):
        yield f"not a table with the texts {', '.join(sorted(NOTICE_KEYS))}."
        return
    for key in ("hours", "checks"):
        if re.findall(r"\{.*?\}|[{}]", notice[key]) != [f"{{{key}}}"]:
            yield f"{key} does not hold {{{key}}} once, and no other brace."
    if re.search("[{}]", notice["emergency"]) or not all(number in notice["emergency"] for number in numbers):
        yield f"emergency does not name {' and '.join(numbers)}."


def plan_of(table: Mapping[str, Any]) -> CoverPlan:
    """The plan of a table without faults."""
    return CoverPlan(
        covers={name: _cover(value) for name, value in table.items() if name not in PLAN_KEYS},
        holidays=table.get("holidays", True),
        closed=frozenset(table.get("closed", ())),
        notices={lang: Notice(**texts) for lang, texts in table.get("notice", {}).items()},
    )


def _cover(value: Mapping[str, Any]) -> Cover:
    checks = (_minutes(text) or 0 for text in value.get("weekend_checks", ()))
    return Cover(
        team=value.get("team", ""),
        hours=_week(value["hours"]) or () if "hours" in value else (),
        checks=tuple(sorted(checks)),
        limit=value.get("limit"),
        advised=value.get("advised"),
        source=value.get("source", ""),
        date=value.get("date", ""),
    )


def _week(hours: Mapping[str, object]) -> tuple[tuple[Span, ...], ...] | None:
    """The spans of every day, Monday first; None when a day or time cannot be read, or a day stands there twice."""
    days: dict[int, tuple[Span, ...]] = {}
    for named, text in hours.items():
        first, _, last = named.partition("-")
        spans = _spans(text)
        if not {first, last or first} <= set(WEEK) or spans is None:
            return None
        for day in range(WEEK.index(first), WEEK.index(last or first) + 1):
            if day in days:
                return None
            days[day] = spans
    return tuple(days.get(day, ()) for day in range(len(WEEK))) if days else None


def _spans(text: object) -> tuple[Span, ...] | None:
    """`08:30-12:00, 13:00-17:00` as minutes, in order and apart; None when it says something else."""
    spans: list[Span] = []
    for part in text.split(",") if isinstance(text, str) else ("",):
        start, _, end = part.strip().partition("-")
        begin, stop = _minutes(start), _minutes(end)
        if begin is None or stop is None or begin >= stop or (spans and begin <= spans[-1][1]):
            return None
        spans.append((begin, stop))
    return tuple(spans)


def _minutes(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    return minutes if minutes <= DAY_MINUTES else None


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text if len(text) > len("MM-DD") else _LEAP + text)
    except ValueError:
        return False
    return True


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
