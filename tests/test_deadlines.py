"""Texts on which lives depend warn before they end, and are an error once they have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kbengine.engine.deadlines import within

END = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "found"),
    [(31, None), (30.01, None), (30, 30), (7.01, 30), (7, 7), (1.01, 7), (1, 1), (0.01, 1), (0, 0), (-3, 0)],
)
def test_end_when_near_falls_in_the_shortest_span(days, found):
    """Thirty days, seven, one, and past."""
    assert within(END, END - timedelta(days=days)) == found


def published(house):
    """An emergency text, one that the danger notice needs, and one that is neither; all end in two months."""
    house.publish("brand", default="Bel.", urgency="emergency", review_months="2")
    house.publish("noodnummers-101-112", default="Bel 101.", review_months="2")
    house.publish("parking", default="Daar.", review_months="2")


def told(house, login):
    """What somebody is warned of, as slug and span."""
    return [(one.ref.slug, one.within) for one in house.engine.deadlines.of(house.people[login])]


def wait_until_left(house, days):
    """Let time pass until the emergency text has so many days left."""
    end = next(line.end for line in house.engine.reading.overview() if line.ref.slug == "brand")
    house.wait(seconds=(end - house.engine.now()).total_seconds() - days * 86_400)


def test_warning_when_an_end_comes_near_grows_and_is_for_who_can_act(hamlet):
    """Owner and administrator are told at 30, 7 and 1 days, and of what has ended; nobody else is."""
    published(hamlet)
    assert told(hamlet, "validator") == []
    for left, span in ((29, 30), (6, 7), (0.9, 1)):
        wait_until_left(hamlet, left)
        assert told(hamlet, "administrator") == [("brand", span), ("noodnummers-101-112", span)]
    hamlet.wait(days=2)

    assert told(hamlet, "validator") == [("brand", 0), ("noodnummers-101-112", 0)]
    assert told(hamlet, "agent") == told(hamlet, "editor") == []


def test_check_when_an_emergency_text_ends_soon_warns_and_when_ended_errs(hamlet):
    """`kb check` says both; an ordinary text that ended is a warning."""
    published(hamlet)
    hamlet.wait(days=40)
    soon = {(problem.code, problem.level, problem.fields["days"]) for problem in hamlet.engine.deadlines.problems()}
    hamlet.wait(days=30)
    ended = {problem.file: (problem.code, problem.level) for problem in hamlet.engine.deadlines.problems()}

    assert soon == {("emergency.ends", "warning", "30")}
    assert ended == {
        "article/brand.nl": ("state.expired", "error"),
        "article/noodnummers-101-112.nl": ("state.expired", "error"),
        "article/parking.nl": ("state.expired", "warning"),
    }


def test_warning_when_renewed_goes_away(hamlet):
    """Who looks again and says that it holds has done what was asked."""
    hamlet.publish("brand", default="Bel.", urgency="emergency", review_months="1")
    hamlet.wait(days=25)
    before = told(hamlet, "validator")
    hamlet.publish("brand", default="Bel meteen.", urgency="emergency", review_months="6")

    assert (before, told(hamlet, "validator")) == ([("brand", 7)], [])
