"""What ends soon and what has ended: the list, the command, the calendar, and the second itself."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from web_app import OWN, Visitor, engine_of

from kbengine.cli import main
from kbengine.edition import Builder
from kbengine.engine import Appointment, Seen, calendar
from kbengine.engine.ics import MOST_OCTETS, folded
from kbengine.errors import KBError
from kbengine.history import Move

pytest_plugins = ["web_fixtures"]

AT = datetime(2027, 3, 1, 22, 59, 59, tzinfo=UTC)


def names(house, **asked):
    """What is due, by name and days left."""
    return [(line.name, line.days) for line in house.engine.freshness.due(**asked)]


def test_list_when_asked_holds_what_ended_and_what_ends_within_the_days(hamlet):
    """The first to end stands in front; a service sees its own."""
    hamlet.publish("brug", default="Open.", review_months="2")
    hamlet.publish("dijk", default="Hoog.", review_months="1")
    hamlet.wait(days=32)
    found = hamlet.engine.freshness.due(hamlet.people["validator"])

    assert [(line.name, line.ended, line.mine) for line in found] == [
        ("article/dijk.nl@1", True, True),
        ("article/brug.nl@1", False, True),
    ]
    assert names(hamlet, owner="onthaal") == names(hamlet, owner="Onthaal") == names(hamlet)
    assert names(hamlet, owner="verkeer") == []
    assert [name for name, _ in names(hamlet, days=0)] == ["article/dijk.nl@1"]


def test_list_when_asked_for_more_days_than_a_calendar_has_holds_everything_with_an_end(hamlet):
    """A century ahead is as far as anybody looks: more is no error, and the same."""
    hamlet.publish("brug", default="Open.", review_months="2")

    assert names(hamlet, days=10**12) == names(hamlet, days=36_500)
    assert "article/brug.nl@1" in dict(names(hamlet, days=10**12))


def test_list_when_a_text_is_confirmed_no_longer_holds_it(hamlet):
    """What ended comes back, what was about to end gets its term again; nobody confirms their own."""
    hamlet.publish("brug", default="Open.", review_months="2")
    hamlet.publish("dijk", default="Hoog.", review_months="1")
    hamlet.wait(days=32)
    seen = hamlet.engine.freshness.due(hamlet.people["editor"])
    hamlet.engine.reviewing.confirm(hamlet.people["validator"], seen_of(hamlet))

    assert [line.mine for line in seen] == [False, False]
    assert names(hamlet, days=20) == []
    assert hamlet.engine.reading.article("dijk", "nl").live_number == 1


def seen_of(house):
    """Every line that is due, as it was seen."""
    lines = house.engine.freshness.due(house.people["validator"])
    return [Seen(line.ref, line.number, line.digest) for line in lines]


def offered(house):
    """Where one answer stands: suggested, found, exported, and handed out."""
    engine = house.engine
    advice = engine.desk.advise("is de kapelbrug open", "facebook", counted=False)
    suggested = [one.slug for one in advice.suggestions]
    found = [hit.slug for hit in engine.reading.search("kapelbrug").hits]
    exported = [ref.slug for ref, _, _ in engine.reading.live_texts() if str(ref) == "article/kapelbrug.nl"]
    return suggested[:1], found, exported[:1]


def over(house, instant):
    """Let the clock of the store pass an instant by itself, with nobody deciding or building anything."""
    house.wait(seconds=max(0, (instant - house.engine.now()).total_seconds() - 1))
    while house.engine.now() < instant:
        time.sleep(0.05)


def test_text_when_its_last_second_is_over_is_out_of_everything_without_any_job(hamlet):
    """A store with its real clock, open in one process: the answer is gone at that second, though the index has it."""
    hamlet.publish("kapelbrug", title="Kapelbrug", default="De kapelbrug is open.", review_months="1")
    hamlet.ask("kapelbrug", "is de kapelbrug open", "kan ik over de kapelbrug")
    end = hamlet.engine.reading.article("kapelbrug", "nl").end
    hamlet.wait(seconds=(end - hamlet.engine.now()).total_seconds() - 60)
    before, handed = offered(hamlet), hamlet.hand_out("kapelbrug")
    over(hamlet, end)

    assert before == (["kapelbrug"], ["kapelbrug"], ["kapelbrug"])
    assert "De kapelbrug is open." in handed
    assert offered(hamlet) == ([], [], [])
    assert hamlet.engine.reading.article("kapelbrug", "nl").live_number == 0
    with pytest.raises(KBError, match="kapelbrug"):
        hamlet.hand_out("kapelbrug")


def test_text_when_its_first_second_comes_is_live_and_not_before(hamlet):
    """An embargo ends the same way: decided when it is read."""
    start = (hamlet.engine.now() + timedelta(minutes=10)).replace(second=0, microsecond=0)
    local = start.astimezone(hamlet.engine.tz)
    hamlet.publish("kapelbrug", title="Kapelbrug", default="Open.", valid_from=f"{local:%Y-%m-%d %H:%M}")
    hamlet.wait(seconds=(start - hamlet.engine.now()).total_seconds() - 60)
    before = hamlet.engine.reading.article("kapelbrug", "nl").live_number
    with pytest.raises(KBError, match="kapelbrug"):
        hamlet.hand_out("kapelbrug")
    over(hamlet, start)

    assert (before, hamlet.engine.reading.article("kapelbrug", "nl").live_number) == (0, 1)
    assert "Open." in hamlet.hand_out("kapelbrug")


def test_text_when_over_leaves_the_public_answers_within_a_minute(hamlet):
    """The builder wakes at that second by itself; nobody decides anything."""
    hamlet.publish("kapelbrug", title="Kapelbrug", default="Open.", review_months="1", build=True)
    corpus, stop = hamlet.engine.settings.corpus, Event()
    end = hamlet.engine.reading.article("kapelbrug", "nl").end
    hamlet.wait(seconds=(end - hamlet.engine.now()).total_seconds() - 20)
    builder = Thread(target=Builder(hamlet.engine.room.store, hamlet.engine.settings).watch, args=(stop.is_set,))
    builder.start()
    try:
        before = public(corpus)
        over(hamlet, end)
        while "kapelbrug" in public(corpus) and hamlet.engine.now() < end + timedelta(seconds=60):
            time.sleep(0.1)
    finally:
        stop.set()
        builder.join()

    assert "kapelbrug" in before
    assert "kapelbrug" not in public(corpus)


def public(corpus):
    """The answers that Datasette serves."""
    with closing(sqlite3.connect(corpus)) as connection:
        return {slug for (slug,) in connection.execute("select fiche from opslag_antwoorden")}


# --- the command ---


def test_command_when_run_prints_a_table_and_one_object(hamlet):
    """For people and for machines; a service that nothing is due for has none."""
    hamlet.publish("brug", default="Open.", review_months="1")
    hamlet.wait(days=20)
    home = str(hamlet.engine.settings.home)
    run = CliRunner().invoke(main, ["--home", home, "due", "--owner", "onthaal", "--json"])
    none = CliRunner().invoke(main, ["--home", home, "due", "--owner", "verkeer", "--json"])
    told = json.loads(run.output.splitlines()[-1])

    assert (run.exit_code, told["due"], told["ended"]) == (0, 1, 0)
    assert (told["lines"][0]["text"], told["lines"][0]["state"]) == ("article/brug.nl", "review due")
    assert "0 ended, 1 to look at within 30 days." in run.output
    assert json.loads(none.output.splitlines()[-1])["lines"] == []


# --- the calendar ---


@given(st.text(max_size=300))
def test_line_when_folded_is_whole_again_and_never_longer_than_it_may(value):
    """At most 75 octets a line, no character cut in two, nothing lost."""
    line = "SUMMARY:" + value.encode("utf-8", "replace").decode()
    parts = list(folded(line))

    assert all(len(part.encode()) <= MOST_OCTETS for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line
    assert all(part[0] == " " for part in parts[1:])


def test_calendar_when_written_is_as_the_format_asks():
    """UTC, escaped, lines ended by CR LF; a title cannot begin a line of its own."""
    one = Appointment("a@b", AT, AT, "Brug; dicht, \\ open\r\nBEGIN:VEVENT\x07", "", "https://x.example/?a=1")
    written = calendar("Zone", [one])
    lines = written.split("\r\n")

    assert "SUMMARY:Brug\\; dicht\\, \\\\ open\\nBEGIN:VEVENT" in lines
    assert "DTSTART:20270301T225959Z" in lines
    assert written.endswith("END:VCALENDAR\r\n") and "\n" not in written.replace("\r\n", "")
    assert lines.count("BEGIN:VEVENT") == 1


def calendar_of(app: Flask, visitor: Visitor) -> str:
    """The path of a new calendar, as its page shows it once."""
    page = visitor.post("/te-herzien/agenda", {"turn": "on"}).text
    return re.search(r'value="[^"]*(/agenda/[\w-]+\.ics)"', page)[1]


def test_address_when_made_is_private_and_ends_when_it_is_replaced(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Who has it needs no session, and gets nothing else by it; a new one, or a closed account, ends it."""
    validator = visit("validator")
    first, stranger = calendar_of(app, validator), app.test_client()
    known, twice = stranger.get(first, headers=OWN), stranger.get(first, headers=OWN)
    second = calendar_of(app, validator)
    engine_of(app).people.set_active("validator", False)

    assert (known.status_code, known.mimetype) == (200, "text/calendar")
    assert known.text == twice.text
    assert known.text.count("BEGIN:VEVENT") > 10
    assert "Noodmelding via een bericht" not in known.text
    assert stranger.get(first, headers=OWN).status_code == stranger.get(second, headers=OWN).status_code == 404
    assert stranger.get("/te-herzien", headers=OWN).status_code == 303


def test_calendar_when_a_text_is_confirmed_moves_its_appointment(hamlet):
    """The same text keeps its name in the calendar; an internal one has no title there."""
    ref = hamlet.publish("brug", default="Open.", review_months="1")
    fresh, vera = hamlet.engine.freshness, hamlet.people["validator"]
    first = next(line for line in fresh.mine(vera, 400) if line.ref == ref)
    hamlet.wait(days=10)
    hamlet.move("validator", Move.RENEW, ref)
    second = next(line for line in fresh.mine(vera, 400) if line.ref == ref)

    assert fresh.uid(first) == fresh.uid(second)
    assert (second.end - first.end).days >= 7
    assert second.changed > first.changed


# --- the page ---


def test_page_when_a_line_is_pressed_confirms_exactly_that_one(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """One key a line; what was not ticked stays as it is, and a text that changed since is refused."""
    validator = visit("validator")
    page = validator.page("/te-herzien?dagen=365")
    fields = dict(re.findall(r'type="hidden" name="(seen:[^"]+)" value="([^"]*)"', page))
    form = fields | {"dienst": "", "dagen": "365"}
    name = "article/vakantietoezicht.nl@1"
    events = len(engine_of(app).reading.article("vakantietoezicht", "nl").events)
    answer = validator.post("/te-herzien", form | {"only": name})
    forged = validator.post("/te-herzien", form | {"only": name, f"seen:{name}": "0" * 64})

    assert answer.headers["Location"] == "/te-herzien?dagen=365&klaar=1"
    assert len(engine_of(app).reading.article("vakantietoezicht", "nl").events) == events + 1
    assert len(engine_of(app).reading.article("nachtlawaai", "nl").events) == 2
    assert forged.status_code == 409 and "Er is niets bevestigd." in forged.text


def test_line_when_pressed_after_a_while_asks_first_who_presses(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Saying that texts still hold is vouching: it needs a proof of the last quarter of an hour."""
    validator = visit("validator")
    page = validator.page("/te-herzien?dagen=365")
    form = dict(re.findall(r'type="hidden" name="(seen:[^"]+)" value="([^"]*)"', page)) | {"dienst": "", "dagen": "365"}
    engine_of(app).room.store.advance_clock(timedelta(minutes=16))
    answer = validator.post("/te-herzien", form | {"only": "article/vakantietoezicht.nl@1"})

    assert answer.status_code == 401
    assert len(engine_of(app).reading.article("vakantietoezicht", "nl").events) == 2
