"""Who vouches, on the pages and on the command line: absences, signatures, the queue, and the exception's marks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from click.testing import CliRunner
from conftest import House
from playwright.sync_api import Browser, expect
from served import NEEDS_CHROMIUM, Served
from served import sign_in as browse
from web_app import FETCH, code_of

from kbengine.article import Kind, Ref
from kbengine.cli import main
from kbengine.history import Move, Role
from kbengine.period import NO_TERMS

pytest_plugins = ["web_fixtures"]

ZONE = Ref(Kind.ZONE, "zone")
NAMED = '\n[vouching.onthaal]\nvalidators = ["vera"]\ndeputies = ["validator"]\n'
TWO = '\n[[signatures]]\nnumber = 2\naudience = "public"\n'
FIRE = {"default": "Sluit ramen en deuren."}
MARK = "Bij uitzondering gevalideerd door wie de tekst zelf schreef"


def policy(house: House, lines: str) -> None:
    """More lines in the zone's policy, vouched for."""
    with house.engine.room.store.journal.write() as writer:
        text = writer.history(ZONE).revisions[-1].text + lines
        writer.save(ZONE, text, "", house.people["editor"].id, NO_TERMS, len(writer.history(ZONE).revisions))
    house.vouch(ZONE)


def vera(house: House, login: str = "vera") -> None:
    """One more validator."""
    house.people[login] = house.engine.people.add(login, login.title(), frozenset({Role.VALIDATOR}))


def test_queue_when_others_were_named_shows_first_what_is_yours(hamlet: House) -> None:
    """Whose text it is comes first; the rest stands apart, with the names of who can."""
    vera(hamlet)
    policy(hamlet, NAMED)
    for slug, owner in (("brand", "onthaal"), ("kermis", "onthaal")):
        hamlet.move("editor", Move.SUBMIT, hamlet.save(slug, owner=owner, **FIRE))
    items = {login: hamlet.engine.editing.queue(hamlet.people[login]) for login in ("vera", "validator")}

    assert [item.mine for item in items["vera"]] == [True, True]
    assert [(item.mine, item.who) for item in items["validator"]] == [(False, ("Vera",))] * 2
    assert Move.VALIDATE not in items["validator"][0].moves
    assert hamlet.engine.reviewing.waiting(hamlet.people["validator"]) == ()


def test_signature_when_first_is_said_and_not_live(hamlet: House) -> None:
    """The queue names who signed of how many; a colleague's signature makes the text live."""
    vera(hamlet)
    policy(hamlet, TWO)
    ref = hamlet.save("brand", **FIRE)
    hamlet.move("editor", Move.SUBMIT, ref)
    hamlet.move("validator", Move.VALIDATE, ref)
    item = hamlet.engine.editing.queue(hamlet.people["vera"])[0]

    assert (2, (hamlet.people["validator"].name,), ("Vera",)) == (item.signatures, item.signed, item.who)
    assert hamlet.engine.reading.article("brand", "nl").live_number == 0
    hamlet.move("vera", Move.VALIDATE, ref)
    assert hamlet.engine.reading.article("brand", "nl").live_number == 1


def test_absence_when_said_lets_the_deputy_in_and_is_forgotten(hamlet: House) -> None:
    """By the person or an administrator; purged when it is over."""
    vera(hamlet)
    vouching, people = hamlet.engine.vouching, hamlet.people
    day = f"{hamlet.engine.now().astimezone(hamlet.engine.tz):%Y-%m-%d}"
    vouching.set_absence(people["administrator"], "vera", day, day)
    assert [one.login for one in vouching.page().away] == ["vera"]
    hamlet.wait(days=2)
    assert vouching.page().away == ()
    hamlet.engine.room.store.purge()
    with closing(sqlite3.connect(hamlet.engine.room.store.directory / "journal.db")) as connection:
        assert connection.execute("select * from store where key like 'away.%'").fetchall() == []


def test_absence_when_refused_says_why(visit) -> None:
    """Not somebody else's, not a day that is none, not in the past."""
    agent = visit("agent")
    sent = {"login": "validator", "first": "2030-01-01", "last": "2030-01-02"}
    answers = [sent, sent | {"login": "agent", "first": "morgen"}, sent | {"login": "agent", "last": "2020-01-01"}]
    found = [agent.post("/wie-valideert/afwezig", answer) for answer in answers]

    assert [answer.status_code for answer in found] == [403, 422, 422]
    assert "van iemand anders" in found[0].text
    assert 'value="2020-01-01"' in found[2].text
    assert agent.post("/wie-valideert/afwezig", sent | {"login": "agent"}).status_code == 303
    assert "1 jan 2030 tot en met 2 jan 2030" in agent.page("/wie-valideert")
    assert agent.post("/wie-valideert/afwezig", {"login": "agent", "back": "1"}).status_code == 303
    assert "Niemand is afwezig" in agent.page("/wie-valideert")


def test_exception_when_on_is_marked_wherever_the_answer_shows(hamlet: House) -> None:
    """Desk, page, queue and public answers say that no second person looked, until one does."""
    hamlet.people["both"] = hamlet.engine.people.add("both", "Bo", frozenset({Role.EDITOR, Role.VALIDATOR}))
    ref = hamlet.save("brand", login="both", **FIRE)
    hamlet.move("both", Move.SUBMIT, ref)
    hamlet.engine.vouching.turn(hamlet.people["administrator"], "Nachtdienst", on=True, hours=8)
    hamlet.move("both", Move.VALIDATE, ref)
    hamlet.ask("brand", "er is brand wat nu", "wat moet ik doen bij brand")

    def marks() -> list[bool]:
        offered = hamlet.engine.desk.advise("er is brand wat nu", "facebook").suggestions
        queue = hamlet.engine.editing.queue(hamlet.people["validator"])
        with closing(sqlite3.connect(hamlet.engine.settings.corpus)) as connection:
            public = connection.execute("select opmerking from antwoorden where fiche = 'brand'").fetchall()
        return [
            next(one.alone for one in offered if one.slug == "brand"),
            hamlet.engine.reading.article("brand", "nl").alone,
            any(item.ref == ref and item.alone and item.mine for item in queue),
            public != [("",)],
        ]

    assert marks() == [True] * 4
    hamlet.move("validator", Move.RENEW, ref)
    hamlet.engine.build()
    assert marks() == [False] * 4


def test_exception_when_on_stands_on_every_page_and_ends_by_itself(app, visit) -> None:
    """Everybody reads until when; an administrator alone has the key, and it goes off at once."""
    agent, administrator = visit("agent"), visit("administrator")
    on = {"turn": "on", "reason": "Nachtdienst", "hours": "8"}
    assert code_of(agent.post("/wie-valideert/alleen", on, FETCH)) == "page.role"
    too_long = administrator.post("/wie-valideert/alleen", on | {"hours": "73"})
    assert (too_long.status_code, "hoogstens 72 uur" in too_long.text) == (422, True)
    assert administrator.post("/wie-valideert/alleen", on).status_code == 303

    for path in ("/", "/fiches", "/wie-valideert"):
        assert "Uitzondering tot" in agent.page(path)
    assert administrator.post("/wie-valideert/alleen", {"turn": "off", "reason": "Er is iemand"}).status_code == 303
    assert "Uitzondering tot" not in agent.page("/fiches")
    administrator.post("/wie-valideert/alleen", on)
    app.extensions["kbengine"].room.store.advance_clock(timedelta(hours=8))
    assert "Uitzondering tot" not in visit("agent").page("/fiches")


def test_pages_when_a_text_was_vouched_for_alone_say_so(app, visit) -> None:
    """The words of the mark, on the article's page and in the queue of who can take it away."""
    engine = app.extensions["kbengine"]
    people = {person.login: person for person in engine.people.all()}
    people["both"] = engine.people.add("both", "Bo", frozenset({Role.EDITOR, Role.VALIDATOR}))
    engine.vouching.turn(people["administrator"], "Nachtdienst", on=True, hours=8)
    house = House(engine, people)
    ref = house.save("fiets-gestolen", login="both", default="Doe aangifte.")
    house.move("both", Move.SUBMIT, ref)
    assert MARK not in visit("agent").page("/fiche/fiets-gestolen/nl")
    house.move("both", Move.VALIDATE, ref)

    assert MARK in visit("agent").page("/fiche/fiets-gestolen/nl")
    assert MARK in visit("validator").page("/ter-validatie")


def test_vouching_on_the_command_line_is_the_same(hamlet: House) -> None:
    """`kb vouching show`, `away`, `back` and `alone`, with a person's token."""
    vera(hamlet)
    policy(hamlet, NAMED)
    token = hamlet.engine.people.new_token(hamlet.people["administrator"])

    def kb(*words: str) -> str:
        done = CliRunner().invoke(main, ["--home", str(hamlet.engine.settings.home), "vouching", *words])
        assert not done.exit_code, done.output
        return done.output

    assert "Onthaal  Vera        " in kb("show")
    kb("away", "vera", "--from", "2030-01-01", "--until", "2030-01-02", "--token", token)
    assert "Away: Vera from 2030-01-01 00:00 until 2030-01-03 00:00." in kb("show")
    kb("back", "vera", "--token", token)
    kb("alone", "on", "--hours", "2", "--reason", "Nachtdienst", "--token", token)
    shown = kb("show")
    assert "Away" not in shown
    assert "is on until" in shown and "Nachtdienst" in shown
    kb("alone", "off", "--reason", "Er is iemand", "--token", token)
    assert "team of one is off." in kb("show")


@pytest.mark.browser
@NEEDS_CHROMIUM[1]
def test_page_when_used_on_a_phone_needs_no_mouse(served: Served, browser: Browser) -> None:
    """Somebody says on a narrow screen when they are away, by keyboard, and takes it back."""
    page = browse(served, browser, "validator", 320)
    page.goto("/wie-valideert")
    page.get_by_label("Van", exact=True).fill("2030-01-01")
    page.get_by_label("Tot en met").fill("2030-01-02")
    page.keyboard.press("Enter")
    expect(page.get_by_text("van 1 jan 2030 tot en met 2 jan 2030")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Is er weer").press("Enter")
    expect(page.get_by_text("Niemand is afwezig gemeld.")).to_be_visible()
    page.context.close()
