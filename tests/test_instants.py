"""Starts and ends around every clock change of 2024 to 2030: nothing early, nothing late, to the microsecond.

What the wall clock shows decides, and is read from the zone's table alone: not by the functions that are tested.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from cast import ANN, BRUSSELS, VERA, Story, forged

from kbengine.article import LocalTime
from kbengine.history import Move
from kbengine.period import Terms, end_instant, start_instant
from kbengine.validate import live, next_change

YEARS = range(2024, 2031)
INSTANTS = 10_000
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
# One hour is shown twice or not at all, so that within two hours the wall clock has said everything it will say.
AROUND = [timedelta(minutes=15 * step) for step in range(9)]


def changes():
    """The fourteen instants at which the clocks change."""
    hour = datetime(YEARS[0], 1, 1, tzinfo=UTC)
    while hour.year <= YEARS[-1]:
        if (hour - TICK).astimezone(BRUSSELS).utcoffset() != hour.astimezone(BRUSSELS).utcoffset():
            yield hour
        hour += HOUR


CHANGES = tuple(changes())


def shown(instant):
    """What the wall clock shows."""
    return instant.astimezone(BRUSSELS).replace(tzinfo=None)


def told(begin, end):
    """A text that was vouched for long before, with this period of local times."""
    steps = Story(now=datetime(2023, 1, 1, tzinfo=UTC)).saved(ANN.person, Terms(begin, end))
    return steps.decided(Move.SUBMIT, ANN.person).decided(Move.VALIDATE, VERA.person).history


def chance(dice):
    """A clock change, two local times that surround it or lie in it, and an instant to look at."""
    change = dice.choice(CHANGES)
    near = shown(change).replace(minute=0)
    minutes = sorted(dice.sample(range(-600, 600, dice.choice((1, 5, 30, 60))), 2))
    begin, end = (LocalTime(near + timedelta(minutes=some), True) for some in minutes)
    edges = [start_instant(begin, BRUSSELS), end_instant(end, BRUSSELS), change]
    close = dice.choice(edges) + dice.choice((-TICK, timedelta(0), TICK))
    return begin, end, dice.choice((close, change + timedelta(seconds=dice.uniform(-40_000, 40_000))))


def test_changes_when_counted_are_two_a_year():
    """The instants below lie where they should."""
    assert 2 * len(YEARS) == len(CHANGES)


@pytest.mark.parametrize("year", YEARS)
def test_live_when_the_clocks_change_is_never_early_or_late(year):
    """Live only when the wall clock will not show a time before the start again, and never showed the end yet."""
    dice, seen = random.Random(year), {True: 0, False: 0}
    for _ in range(INSTANTS // len(YEARS) + 1):
        begin, end, now = chance(dice)
        history = told(begin, end)
        found = live(history, now, BRUSSELS) is not None
        seen[found] += 1
        begun = all(shown(now + step) >= begin.moment for step in AROUND)
        ended = any(shown(now - step) >= end.moment for step in AROUND)
        if found:
            assert begun, (begin, end, now)
            assert not ended, (begin, end, now)
        # Late is what waits longer than the hour that a change can be read in two ways.
        long = all(shown(now - HOUR - TICK + step) >= begin.moment for step in AROUND)
        far = all(shown(now + HOUR + TICK - step) < end.moment for step in AROUND)
        assert found or not (long and far), (begin, end, now)
    assert min(seen.values()) > 300


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change:%Y-%m-%d}")
def test_live_when_a_start_and_an_end_come_holds_at_that_very_instant(change):
    """Live from its first instant, not one microsecond before; gone at its end, and the builder knows both."""
    for minutes in range(-120, 121, 15):
        begin = LocalTime(shown(change).replace(minute=0) + timedelta(minutes=minutes), True)
        end = LocalTime(begin.moment + timedelta(hours=5), True)
        history = told(begin, end)
        first, last = start_instant(begin, BRUSSELS), end_instant(end, BRUSSELS)

        assert [live(history, at, BRUSSELS) is not None for at in (first - TICK, first, last - TICK, last)] == [
            False,
            True,
            True,
            False,
        ]
        assert (first, last) == tuple(next_change(history, at, BRUSSELS) for at in (first - TICK, first))


def test_live_when_an_older_text_would_come_back_stays_gone():
    """What ended does not come back because a newer text ends too, whatever the hour is called."""
    for change in CHANGES:
        day = change.astimezone(BRUSSELS).date()
        steps = f"save ann from=2023-01-01, submit ann, validate vera, save ann until={day}, submit ann, validate vera"
        history = forged(steps).history
        assert [step for step in AROUND if live(history, change + timedelta(hours=26) + step, BRUSSELS)] == []
