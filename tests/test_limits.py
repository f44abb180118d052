"""Limits are looked at when something is written: an answer, a fixed value, the policy; and hours at the desk."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from conftest import House
from web_app import STOLEN, sign_in

from kbengine.article import Kind, Ref
from kbengine.engine import Draft
from kbengine.errors import InvalidDocument, Problem
from kbengine.history import Move
from kbengine.period import NO_TERMS
from web import create_app

ZONE, PHONE = Ref(Kind.ZONE, "zone"), Ref(Kind.FACT, "zone_phone")
SUNDAY, MONDAY = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (22, 23))
HOURS = """
[channels.facebook]
team = "onthaal"
hours = { mon-fri = "08:30-17:00" }

[channels.notice.nl]
hours = "We lezen dit kanaal {hours}."
checks = "In het weekend kijken we om {checks}."
emergency = "Dringend? Bel 101 of 112."

[channels.notice.fr]
hours = "Nous lisons ce canal {hours}."
checks = "Le week-end, nous regardons à {checks}."
emergency = "Urgent ? Appelez le 101 ou le 112."
"""


def write(house: House, ref: Ref, change: tuple[str, str]) -> None:
    """A new revision of a text, in which one thing was changed."""
    journal = house.engine.room.store.journal
    latest = journal.history(ref).revisions[-1]
    text = latest.text.replace(*change) if change[0] else latest.text + change[1]
    assert text != latest.text
    with journal.write() as writer:
        writer.save(ref, text, latest.theme, house.people["editor"].id, NO_TERMS, latest.number)


def waiting(house: House, ref: Ref) -> tuple[Problem, ...]:
    """The problems of a text in the validator's queue."""
    return next(item.problems for item in house.engine.editing.queue(house.people["validator"]) if item.ref == ref)


def test_limits_when_an_answer_is_written_are_shown_in_the_editor(hamlet: House) -> None:
    """Filled in as long as people fill it in it goes out in parts: a warning in the box, and no obstacle."""
    long = "Kom naar {blank:straat} op {blank:datum}. " + "Neem je sleutels mee. " * 10
    shown = hamlet.engine.editing.preview(hamlet.form("fiets-gestolen", default=long)).problems

    assert [(p.code, p.level, p.fields["channel"], p.fields["box"]) for p in shown] == [
        ("text.no-short", "warning", "x", "default")
    ]
    assert int(shown[0].fields["count"]) > 280 > len(long.replace("{blank:straat}", "").replace("{blank:datum}", ""))
    hamlet.vouch(hamlet.save("fiets-gestolen", default=long))


def test_limits_when_an_answer_cannot_be_sent_stop_it(hamlet: House) -> None:
    """One word that is longer than X takes cannot be cut, so nobody may vouch for it."""
    ref = hamlet.save("fiets-gestolen", default="a" * 300)
    with pytest.raises(InvalidDocument) as refused:
        hamlet.move("editor", Move.SUBMIT, ref)

    assert [problem.code for problem in refused.value.problems] == ["limit.too-long"]


def test_limits_when_a_value_is_submitted_are_looked_at_again(hamlet: House) -> None:
    """Who submits a longer number hears of the answers it no longer fits in, and only of those."""
    room = 280 - len("03 000 00 01") - len(" bel .")
    hamlet.publish("fiets-gestolen", default="Doe dit " + "nu " * ((room - 10) // 3) + " bel {fact:zone_phone}.")
    write(hamlet, PHONE, ("03 000 00 01", "03 000 00 01, of elke werkdag aan de balie van ons huis"))
    hamlet.move("editor", Move.SUBMIT, PHONE)
    found = waiting(hamlet, PHONE)

    assert [(p.code, p.level, p.fields["channel"]) for p in found] == [("fact.split", "warning", "x")]
    assert found[0].fields["article"].startswith("fiets-gestolen")


def test_limits_when_a_value_makes_an_answer_unsendable_stop_it(hamlet: House) -> None:
    """A value that no channel can cut is not submitted while an answer holds it."""
    write(hamlet, PHONE, ("03 000 00 01", "0" * 290))
    with pytest.raises(InvalidDocument) as refused:
        hamlet.move("editor", Move.SUBMIT, PHONE)

    assert {(p.code, p.fields["channel"]) for p in refused.value.problems} == {("fact.too-long", "x")}
    assert len(refused.value.problems) == 3


def test_limits_of_the_zone_count_at_the_desk(hamlet: House) -> None:
    """A paid account on X takes in one piece what others take in parts, as soon as that is vouched for."""
    long = "Neem je sleutels mee. " * 20
    hamlet.publish("fiets-gestolen", default=long)
    draft = Draft((("fiets-gestolen", 2),), "nl", "x")
    before = hamlet.engine.composing.reply(draft).reply
    write(hamlet, ZONE, ("", '\n[channels.x]\nlimit = 25000\nsource = "X Premium"\ndate = "2026-11-20"\n'))
    hamlet.vouch(ZONE)
    after = hamlet.engine.composing.reply(draft).reply

    assert (before.limit, before.fits, after.limit, after.fits) == (280, False, 25_000, True)
    assert [channel.limit for channel in hamlet.engine.desk.channels() if channel.id == "x"] == [25_000]
    assert not hamlet.engine.editing.preview(hamlet.engine.editing.form("fiets-gestolen", "nl")).problems


def test_channels_of_the_zone_when_unknown_are_named(hamlet: House) -> None:
    """A channel that nobody knows stops the policy from being submitted."""
    write(hamlet, ZONE, ('"email"', '"email", "fax"'))
    with pytest.raises(InvalidDocument) as refused:
        hamlet.move("editor", Move.SUBMIT, ZONE)

    assert [problem.code for problem in refused.value.problems] == ["channel.unknown"]


def test_hours_when_said_are_known_at_the_desk(hamlet: House) -> None:
    """Which channel nobody watches and when somebody does; the notice is there for the asking."""
    hours = hamlet.engine.hours
    assert (hours.shut(SUNDAY), hours.notice("facebook", "nl", SUNDAY)) == ({}, "")
    write(hamlet, ZONE, ("", HOURS))
    hamlet.vouch(ZONE)
    notice = "We lezen dit kanaal van maandag tot en met vrijdag van 8.30 tot 17 uur. Dringend? Bel 101 of 112."
    opens = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)

    assert hours.shut(MONDAY) == {}
    assert {name: look.at for name, look in hours.shut(SUNDAY).items() if look} == {"facebook": opens}
    assert (hours.open_now("facebook", SUNDAY), hours.open_now("x", SUNDAY)) == (False, True)
    assert hours.team("facebook") == "Onthaal"
    page = hamlet.engine.composing.reply(Draft((("fiets-gestolen", 1),), "nl", "facebook"))
    asked = hamlet.engine.composing.reply(Draft((("fiets-gestolen", 1),), "nl", "facebook", hours=True))
    assert (page.notice, notice in page.reply.text, notice in asked.reply.text) == (notice, False, True)


def test_desk_when_a_channel_is_shut_says_so(hamlet: House) -> None:
    """Quietly: at the channel, and above the answers with when it is read again."""
    write(hamlet, ZONE, ("", HOURS.replace("mon-fri", "mon-sun").replace("08:30-17:00", "00:00-00:01")))
    hamlet.vouch(ZONE)
    hamlet.engine.build()
    app = create_app(hamlet.engine.settings)
    agent = sign_in(app, "agent")
    shown = agent.post("/", {"message": STOLEN, "channel": "facebook"}).text

    assert shown.count("nu niet gelezen") == 2
    assert "Weer vanaf" in shown
    assert "tot 24 uur na het laatste bericht" in agent.post("/", {"message": STOLEN, "channel": "whatsapp"}).text
    assert 'id="shut"' not in agent.post("/", {"message": STOLEN, "channel": "x"}).text
    app.extensions["kbengine"].close()
