"""Local dates of a file -> UTC instants: when a text starts, when it ends, when it must be looked at again."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kbengine.article import LocalTime


@dataclass(frozen=True, slots=True)
class Terms:
    """What a revision says about its own period; `review_months` 0 means no review date."""

    valid_from: LocalTime | None = None
    valid_until: LocalTime | None = None
    review_months: int = 0


NO_TERMS = Terms()
# A review may come one part in so many of its term earlier than it must, so that not all of them fall on one day.
SPREAD = 10


def _instants(local: datetime, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """The two readings of a local time: equal on most days, an hour apart around a clock change."""
    first, second = (local.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    return min(first, second), max(first, second)


def start_instant(value: LocalTime, tz: ZoneInfo) -> datetime:
    """When a `valid_from` begins; an ambiguous hour is read later."""
    return _instants(value.moment, tz)[1]


def end_instant(value: LocalTime, tz: ZoneInfo) -> datetime:
    """The first instant a `valid_until` does not cover: a date includes its day, an ambiguous hour is read earlier."""
    moment = value.moment if value.has_time else value.moment + timedelta(days=1)
    return _instants(moment, tz)[0]


def months_later(instant: datetime, months: int, tz: ZoneInfo) -> datetime:
    """The same local day and time some months later, or that month's last day when it has no such day."""
    local = instant.astimezone(tz).replace(tzinfo=None)
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return _instants(local.replace(year=year, month=month, day=day), tz)[0]


def days_earlier(instant: datetime, days: int, tz: ZoneInfo) -> datetime:
    """The same local time some days before; never later than the instant itself."""
    return _instants(instant.astimezone(tz).replace(tzinfo=None) - timedelta(days=days), tz)[0] if days else instant


def days_early(vouched: datetime, months: int, tz: ZoneInfo, taken: Mapping[date, int]) -> int:
    """How many days before its term is over a text is best looked at again: on the emptiest day.

    `taken` says how many others are looked at on a local day. At most a tenth of the term earlier, and never later;
    of days that are equally empty the last.
    """
    last = months_later(vouched, months, tz)
    day, most = last.astimezone(tz).date(), (last - vouched).days // SPREAD
    return min(range(most + 1), key=lambda early: (taken.get(day - timedelta(days=early), 0), early))
