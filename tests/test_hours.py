"""When channels are watched: hours, weekend checks, holidays, clock changes; and what citizens are told of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from test_folder import ZONE

from kbengine.article import NO_ZONE, Cover, CoverPlan, read_zone
from kbengine.channels import (
    CHANNELS,
    Look,
    belgian_holidays,
    channel_in,
    channels_in,
    easter,
    hours_text,
    is_open,
    next_look,
    notice_text,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
NOTICES = """
[channels.notice.nl]
hours = "We lezen dit kanaal {hours}."
checks = "In het weekend en op feestdagen kijken we om {checks}."
emergency = "Dringend? Bel 101, of 112 voor ambulance en brandweer."
"""
CHANNEL = """
[channels.facebook]
team = "onthaal"
hours = { mon-fri = "08:30-17:00" }
weekend_checks = ["16:00", "10:00"]
"""


def zone_of(extra: str):
    """The zone of a file with these lines more, and its problems."""
    return read_zone(ZONE.replace(', "fr"', "") + extra, "zone.toml")


def plan(hours: str = '{ mon-fri = "08:30-17:00" }', more: str = "") -> CoverPlan:
    """The plan in which Facebook has these hours, and is looked at on Saturday and Sunday at ten and four."""
    text = f'\n[channels]\n{more}\n[channels.facebook]\nhours = {hours}\nweekend_checks = ["10:00", "16:00"]\n{NOTICES}'
    zone, problems = zone_of(text)
    assert zone, problems
    return zone.cover


def local(text: str) -> datetime:
    """A moment on the clocks of Brussels, the first of two."""
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS).astimezone(UTC)


# Easter Sundays of the almanac: the earliest and latest there are, a leap year, a year either side of them.
@pytest.mark.parametrize(
    "day",
    ["1818-03-22", "1943-04-25", "2000-04-23", "2008-03-23", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"],
)
def test_easter_when_computed_is_the_almanacs(day):
    """Easter Sunday falls where it fell."""
    assert easter(int(day[:4])) == date.fromisoformat(day)


def test_holidays_of_a_year_are_the_ten_legal_ones():
    """Those of 2026, as the government published them: seven fixed, three that move with Easter."""
    days = "01-01 04-06 05-01 05-14 05-25 07-21 08-15 11-01 11-11 12-25"
    assert sorted(f"{day:%m-%d}" for day in belgian_holidays(2026)) == days.split()


@pytest.mark.parametrize(
    ("moment", "watched", "at", "check"),
    [
        ("2026-11-20T08:29:59", False, "2026-11-20T08:30", False),  # Friday morning
        ("2026-11-20T08:30", True, "2026-11-21T10:00", True),
        ("2026-11-20T16:59:59", True, "2026-11-21T10:00", True),
        ("2026-11-20T17:00", False, "2026-11-21T10:00", True),  # then the checks of Saturday
        ("2026-11-21T10:00", False, "2026-11-21T16:00", True),
        ("2026-11-22T20:00", False, "2026-11-23T08:30", False),
        ("2026-12-24T18:00", False, "2026-12-25T10:00", True),  # Christmas on a Friday is read as a weekend day is
        ("2026-12-25T12:00", False, "2026-12-25T16:00", True),
        ("2026-05-14T09:00", False, "2026-05-14T10:00", True),  # Ascension Day
    ],
)
def test_channel_when_looked_at_is_watched_in_its_hours(moment, watched, at, check):
    """Hours begin on the minute and end before it; a holiday has checks only; the next look is named."""
    found = plan()
    assert is_open(found, "facebook", local(moment), BRUSSELS) is watched
    assert next_look(found, "facebook", local(moment), BRUSSELS) == Look(local(at), check)


def test_channel_when_the_clock_changes_opens_by_the_clock_on_the_wall():
    """Half past eight is half past eight, before and after both Sundays; the day of 23 hours has them all."""
    found = plan('{ mon-sun = "08:30-17:00" }', "holidays = false")
    for day, utc in (
        ("2026-03-28", "07:30"),
        ("2026-03-29", "06:30"),
        ("2026-10-24", "06:30"),
        ("2026-10-25", "07:30"),
    ):
        opens = datetime.fromisoformat(f"{day}T{utc}+00:00")
        assert is_open(found, "facebook", opens, BRUSSELS)
        assert next_look(found, "facebook", datetime.fromisoformat(f"{day}T02:00+00:00"), BRUSSELS) == Look(
            opens, False
        )
    night = plan('{ mon-sun = "00:00-24:00" }', "holidays = false")
    hours = [datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in range(24)]
    assert all(is_open(night, "facebook", hour, BRUSSELS) for hour in hours)


def test_channel_when_the_zone_closes_a_day_is_shut_that_day():
    """A day of every year, and one of this year only; without holidays the first of May has hours."""
    found = plan(more='holidays = false\nclosed = ["07-11", "2026-12-28"]')
    shut = ("2026-07-10", "2029-07-11", "2026-12-28", "2027-12-28", "2026-05-01")
    assert [is_open(found, "facebook", local(f"{day}T12:00"), BRUSSELS) for day in shut] == [
        True,
        False,
        False,
        True,
        True,
    ]


def test_channel_without_hours_is_never_said_to_be_shut():
    """Nobody said when it is watched, so nobody is told."""
    assert is_open(plan(), "x", local("2026-11-22T03:00"), BRUSSELS)
    assert next_look(plan(), "x", local("2026-11-22T03:00"), BRUSSELS) is None
    assert notice_text(plan(), "x", "nl") == ""


def test_notice_when_given_says_hours_checks_and_the_numbers():
    """The zone's vetted sentences, with the hours in them; a language without such sentences gives none."""
    assert notice_text(plan(), "facebook", "nl") == (
        "We lezen dit kanaal van maandag tot en met vrijdag van 8.30 tot 17 uur. In het weekend en op feestdagen"
        " kijken we om 10 en 16 uur. Dringend? Bel 101, of 112 voor ambulance en brandweer."
    )
    assert notice_text(plan(), "facebook", "fr") == ""


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nl", "van maandag tot en met donderdag van 8.30 tot 12 en van 13 tot 17 uur en op vrijdag van 9 tot 12 uur"),
        ("fr", "du lundi au jeudi de 8h30 à 12h et de 13h à 17h et le vendredi de 9h à 12h"),
        ("en", "Monday to Thursday from 8:30 to 12:00 and from 13:00 to 17:00 and on Friday from 9:00 to 12:00"),
        ("de", "von Montag bis Donnerstag von 8.30 bis 12 und von 13 bis 17 Uhr und am Freitag von 9 bis 12 Uhr"),
    ],
)
def test_hours_when_told_read_in_each_language(lang, said):
    """Days with the same hours are one stretch."""
    cover = plan('{ mon-thu = "08:30-12:00, 13:00-17:00", fri = "09:00-12:00" }').covers["facebook"]
    assert hours_text(cover, lang) == said


@pytest.mark.parametrize(
    "broken",
    [
        CHANNEL.replace("onthaal", "niemand") + NOTICES,
        CHANNEL.replace("08:30-17:00", "17:00-08:30") + NOTICES,
        CHANNEL.replace("08:30-17:00", "08:30-25:00") + NOTICES,
        CHANNEL.replace("mon-fri", "mon-vrij") + NOTICES,
        CHANNEL.replace('"08:30-17:00"', '"08:30-17:00", fri = "09:00-12:00"') + NOTICES,
        CHANNEL.replace("16:00", "24:00") + NOTICES,
        CHANNEL.replace("team", "ploeg") + NOTICES,
        CHANNEL,  # hours, and nothing to tell a citizen
        CHANNEL + NOTICES.replace("101", "het noodnummer"),
        CHANNEL + NOTICES.replace("{checks}", "10 uur"),
        CHANNEL + NOTICES.replace("{hours}", "{hours} {hours}"),
        '\n[channels.x]\nlimit = 25000\nsource = "X Premium"\n',
        '\n[channels.x]\nlimit = 25000\nsource = "X Premium"\ndate = "2026"\n',
        '\n[channels.x]\nlimit = true\nsource = "X Premium"\ndate = "2026-11-20"\n',
        '\n[channels]\nclosed = ["31-12"]\n',
        '\n[channels]\nholidays = "ja"\n',
    ],
)
def test_channels_of_a_zone_when_wrong_are_a_problem(broken):
    """Nothing is guessed: not a day, not a team, not a limit without its source and date."""
    zone, problems = zone_of(broken)
    assert zone is None
    assert [problem.code for problem in problems] == ["zone.channels"]


def test_limit_when_the_zone_has_its_own_counts_with_its_source():
    """A zone with a paid account writes longer on X; every other channel keeps its limit."""
    text = (
        '\n[channels]\norder = ["x", "email"]\n[channels.x]\nlimit = 25000\nsource = "X Premium"\ndate = "2026-11-20"\n'
    )
    zone, problems = zone_of(text)
    assert not problems
    found = channel_in(zone, "x")

    assert (found.limit, found.source, found.source_date) == (25_000, "X Premium", "2026-11-20")
    assert channels_in(zone) == (found, CHANNELS["email"])
    assert channel_in(NO_ZONE, "x") is CHANNELS["x"]
    assert zone.cover.covers["x"] == Cover(limit=25_000, source="X Premium", date="2026-11-20")
