"""Local dates of a file -> UTC instants: when a text starts, when it ends, when it must be looked at again."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kbengine.article import LocalTime


@dataclass(frozen=True, slots=True)
class Terms:
    """What a revision says about its own period; `review_months` 0 means no review date."""

    valid_from: LocalTime | None = None
    valid_until: LocalTime | None = None
    review_months: int = 0


NO_TERMS = Terms()


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
