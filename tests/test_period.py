"""Local dates of a file as instants: never earlier for a start, never later for an end."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from cast import BRUSSELS
from hypothesis import given
from hypothesis import strategies as st

from kbengine.article import LocalTime, local_time
from kbengine.period import SPREAD, days_earlier, days_early, end_instant, months_later, start_instant

SAMPLE = 10_000


def clock_changes():
    """The two changes of each year, in UTC: 01:00 on the last Sunday of March and of October."""
    for year in range(2024, 2031):
        for month in (3, 10):
            last = datetime(year, month, 31, 1, tzinfo=UTC)
            yield last - timedelta(days=(last.weekday() + 1) % 7)


def around(seed, spread):
    """Local times to the minute near the clock changes, as a file would write them."""
    rng = random.Random(seed)
    changes = list(clock_changes())
    for _ in range(SAMPLE):
        change = rng.choice(changes).astimezone(BRUSSELS).replace(tzinfo=None, fold=0)
        yield change + timedelta(minutes=rng.randint(-spread, spread))


def readings(moment):
    """Every instant a clock on the wall could mean by a local time, also one that was skipped."""
    return [moment.replace(tzinfo=BRUSSELS, fold=fold).astimezone(UTC) for fold in (0, 1)]


def test_clock_changes_when_listed_move_the_offset():
    """The sample stands around real changes: the offset differs an hour before and after."""
    for change in clock_changes():
        before, after = ((change + timedelta(hours=h)).astimezone(BRUSSELS).utcoffset() for h in (-1, 1))
        assert abs(after - before) == timedelta(hours=1)


@pytest.mark.parametrize("spread", [180, 4_000])
def test_start_instant_around_the_clock_changes_is_never_earlier(spread):
    """No reading of a `valid_from` comes after its start: nothing is disclosed early."""
    for moment in around(spread, spread):
        assert max(readings(moment)) == start_instant(LocalTime(moment, has_time=True), BRUSSELS)


@pytest.mark.parametrize("spread", [180, 4_000])
def test_end_instant_around_the_clock_changes_is_never_later(spread):
    """No reading of a `valid_until` comes before its end: nothing outlives it."""
    for moment in around(spread, spread):
        assert min(readings(moment)) == end_instant(LocalTime(moment, has_time=True), BRUSSELS)


def test_dates_around_the_clock_changes_are_whole_local_days():
    """A day from and until the same date lasts from local midnight to local midnight: 23, 24 or 25 hours."""
    lengths = set()
    for moment in around(7, 4_000):
        day = LocalTime(datetime(moment.year, moment.month, moment.day), has_time=False)
        start, end = start_instant(day, BRUSSELS), end_instant(day, BRUSSELS)
        assert [f"{instant.astimezone(BRUSSELS):%H:%M}" for instant in (start, end)] == ["00:00", "00:00"]
        lengths.add((end - start) // timedelta(hours=1))
    assert {23, 24, 25} == lengths


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-10-25 02:30", "01:30", "00:30"),
        ("2026-10-25 01:59", "23:59", "23:59"),
        ("2026-10-25 03:00", "02:00", "02:00"),
        ("2026-03-29 02:30", "01:30", "00:30"),
        ("2026-03-29 03:00", "01:00", "01:00"),
    ],
)
def test_instants_when_the_hour_is_double_or_skipped(text, start, end):
    """The doubled hour of October and the skipped one of March are read later for a start, earlier for an end."""
    value = local_time(text)
    assert (start, end) == (f"{start_instant(value, BRUSSELS):%H:%M}", f"{end_instant(value, BRUSSELS):%H:%M}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-30", datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        ("2026-12-31", datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
        ("2028-02-28", datetime(2028, 2, 28, 23, 0, tzinfo=UTC)),
        ("2026-06-30 18:00", datetime(2026, 6, 30, 16, 0, tzinfo=UTC)),
        ("2999-12-31", datetime(2999, 12, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_end_instant_when_a_date_includes_its_day(text, expected):
    """A date ends with its day; a time ends on its minute."""
    assert expected == end_instant(local_time(text), BRUSSELS)


@pytest.mark.parametrize(
    ("begun", "months", "expected"),
    [
        ("2026-01-31 12:00", 1, "2026-02-28 12:00"),
        ("2028-01-31 12:00", 1, "2028-02-29 12:00"),
        ("2028-02-29 12:00", 12, "2029-02-28 12:00"),
        ("2026-08-31 12:00", 6, "2027-02-28 12:00"),
        ("2026-12-15 12:00", 1, "2027-01-15 12:00"),
        ("2026-01-15 12:00", 60, "2031-01-15 12:00"),
        ("2026-01-15 12:00", 6, "2026-07-15 12:00"),
        ("2026-12-31 23:30", 2, "2027-02-28 23:30"),
    ],
)
def test_months_later_when_the_month_is_shorter_clips(begun, months, expected):
    """The same local day and time, or the month's last day."""
    later = months_later(start_instant(local_time(begun), BRUSSELS), months, BRUSSELS)
    assert expected == f"{later.astimezone(BRUSSELS):%Y-%m-%d %H:%M}"


def test_months_later_when_it_falls_in_the_double_hour_is_read_earlier():
    """A review date is an end, so its double hour counts once, the first time."""
    begun = start_instant(local_time("2026-04-25 02:30"), BRUSSELS)
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == months_later(begun, 6, BRUSSELS)


def test_months_later_when_months_grow_never_goes_back():
    """More months never give an earlier review."""
    begun = start_instant(local_time("2026-08-31 02:30"), BRUSSELS)
    reviews = [months_later(begun, months, BRUSSELS) for months in range(1, 61)]
    assert sorted(reviews) == reviews


@given(
    vouched=st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),
    months=st.integers(1, 60),
    taken=st.dictionaries(st.integers(0, 400), st.integers(0, 5), max_size=60),
)
def test_review_when_spread_is_at_most_a_tenth_earlier_and_on_the_emptiest_day(vouched, months, taken):
    """Never later, at most a tenth of the term earlier, on no fuller a day than need be, each time the same."""
    last = months_later(vouched, months, BRUSSELS)
    day = last.astimezone(BRUSSELS).date()
    busy = {day - timedelta(days=before): count for before, count in taken.items()}
    early = days_early(vouched, months, BRUSSELS, busy)
    moved = days_earlier(last, early, BRUSSELS)
    allowed = [day - timedelta(days=before) for before in range((last - vouched).days // SPREAD + 1)]

    assert last - (last - vouched) / SPREAD - timedelta(hours=1) <= moved <= last
    assert moved.astimezone(BRUSSELS).date() in allowed
    assert busy.get(day - timedelta(days=early), 0) == min(busy.get(one, 0) for one in allowed)
    assert early == days_early(vouched, months, BRUSSELS, dict(reversed(busy.items())))
