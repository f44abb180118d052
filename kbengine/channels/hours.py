"""When a channel is watched: local hours, weekend checks and Belgian holidays, right across a change of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kbengine.article import Cover, CoverPlan, LocalTime
from kbengine.period import end_instant, start_instant

SATURDAY = 5
# The days that move with Easter Sunday: Easter Monday, Ascension Day, Whit Monday.
AFTER_EASTER = (1, 39, 50)
FIXED = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
LOOK_AHEAD = 366


@dataclass(frozen=True, slots=True)
class Look:
    """The next moment at which somebody reads a channel (UTC): its hours begin, or it is one check."""

    at: datetime
    check: bool


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, after the anonymous rule that Meeus gives."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, corrected = century // 4, (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - skipped - corrected + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=8)
def belgian_holidays(year: int) -> frozenset[date]:
    """The ten legal holidays of Belgium."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=days) for days in AFTER_EASTER)
    return frozenset((*moving, *(date(year, month, day) for month, day in FIXED)))


def is_open(plan: CoverPlan, channel_id: str, now: datetime, tz: ZoneInfo) -> bool:
    """Whether somebody watches the channel at that moment; one that says no hours is never said to be shut."""
    cover = plan.covers.get(channel_id)
    if cover is None or not cover.hours:
        return True
    today = now.astimezone(tz).date()
    return any(begin <= now < end for begin, end in _spans(plan, cover, today, tz))


def next_look(plan: CoverPlan, channel_id: str, now: datetime, tz: ZoneInfo) -> Look | None:
    """When somebody next begins to watch or looks in after that moment; None when nobody said."""
    cover = plan.covers.get(channel_id)
    if cover is None or not cover.hours:
        return None
    today = now.astimezone(tz).date()
    for day in (today + timedelta(days=days) for days in range(LOOK_AHEAD)):
        looks = [Look(begin, False) for begin, _ in _spans(plan, cover, day, tz)]
        looks += [Look(start_instant(_local(day, minutes), tz), True) for minutes in _checks(plan, cover, day)]
        later = [look for look in looks if look.at > now]
        if later:
            return min(later, key=lambda look: look.at)
    return None


def _spans(plan: CoverPlan, cover: Cover, day: date, tz: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for begin, end in () if _is_shut(plan, day) else cover.hours[day.weekday()]:
        yield start_instant(_local(day, begin), tz), end_instant(_local(day, end), tz)


def _checks(plan: CoverPlan, cover: Cover, day: date) -> tuple[int, ...]:
    weekend = day.weekday() >= SATURDAY and not cover.hours[day.weekday()]
    return cover.checks if weekend or _is_shut(plan, day) else ()


def _is_shut(plan: CoverPlan, day: date) -> bool:
    text = day.isoformat()
    if text in plan.closed or text[len("YYYY-") :] in plan.closed:
        return True
    return plan.holidays and day in belgian_holidays(day.year)


def _local(day: date, minutes: int) -> LocalTime:
    midnight = datetime(day.year, day.month, day.day)
    return LocalTime(midnight + timedelta(minutes=minutes), has_time=True)
