"""The danger notice: an act for each danger, the steps and who is told, whatever the state of any article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kbengine.article import Contact, DangerPlan, Kind, Ref, read_zone
from kbengine.channels import CHANNELS
from kbengine.engine.danger import notice_of
from kbengine.history import Move
from kbengine.triage import Danger

LEADER, DISPATCH = Contact("Shiftleider", "03 000 00 14"), Contact("Dispatching", "03 000 00 13")
PLAN = DangerPlan(
    police_article="noodnummers",
    suicide_article="zelfmoord",
    steps_article="intern-noodmelding",
    steps={"suicide": "intern-zelfmoord", "secure-evidence": "intern-bedreiging"},
    alert={"E1": (DISPATCH, LEADER), "secure-evidence": (LEADER,)},
)
WEAPON = Danger("E1", "weapon", ("mes",), "reply-101")
SUICIDE = Danger("E1", "suicide", ("dood",), "suicide-1813")
THREAT = Danger("E1", "threat", ("burgemeester",), "secure-evidence")
JUDGE = Danger("E3", "violence", ("slaat",), "call-dispatch")


def notice(house, danger, lang="nl", plan=PLAN):
    """The notice for a danger under this plan, as things are in a house now."""
    catalog, now = house.engine.room.read()
    catalog = replace(catalog, zone=replace(catalog.zone, danger=plan))
    return notice_of(danger, catalog, now, lang, CHANNELS["facebook"], "")


def text_of(slug):
    """The first-language text of an article."""
    return Ref(Kind.ARTICLE, slug, "nl")


@pytest.fixture
def told(hamlet):
    """A house whose articles for danger are all live."""
    hamlet.publish("noodnummers", default="Bel 101 of 112.", short="Bel 101.", internal="1. Stuur dit eerst.")
    hamlet.publish("noodnummers", "fr", title="Urgences", default="Appelez le 101.")
    hamlet.publish("zelfmoord", default="Bel 1813.")
    for slug in ("intern-noodmelding", "intern-zelfmoord", "intern-bedreiging"):
        steps = f"1. Stap van {slug}.\n2. Bel {{fact:zone_phone}}."
        hamlet.publish(slug, audience="internal", default=steps, internal="Nog na te kijken met de noodcentrale.")
    return hamlet


@pytest.mark.parametrize(
    ("danger", "replies", "text", "steps", "first"),
    [
        (WEAPON, True, "Bel 101.", "intern-noodmelding", "101"),
        (SUICIDE, True, "Bel 1813.", "intern-zelfmoord", "1813"),
        (THREAT, False, "", "intern-bedreiging", "101"),
        (JUDGE, False, "", "intern-noodmelding", "101"),
    ],
    ids=["weapon", "suicide", "threat", "violence-before"],
)
def test_act_decides_what_goes_out_and_which_steps_are_shown(told, danger, replies, text, steps, first):
    """Only where the act is to reply there is a text; the steps are those that the zone named for it."""
    found = notice(told, danger)

    assert (found.replies, found.text, found.steps.slug, found.steps_missing) == (replies, text, steps, "")
    assert found.numbers[0][1] == first
    assert f"<li>Stap van {steps}.</li>" in found.steps.html
    assert "03 000 00 01" in found.steps.html


def test_text_is_in_the_language_of_the_message_and_steps_are_in_the_agents(told):
    """The citizen reads their own language; the agent reads the zone's."""
    found = notice(told, WEAPON, "fr")

    assert (found.lang, found.text, found.steps.lang) == ("fr", "Appelez le 101.", "nl")


def test_alert_names_who_belongs_to_the_act_and_the_class_once(told):
    """First those of the act, then those of the class; nobody is told twice."""
    assert [name for name, _ in notice(told, THREAT).alert] == ["Shiftleider", "Dispatching"]
    assert notice(told, JUDGE).alert == ()


def test_steps_when_their_article_ends_come_from_a_more_general_one(told):
    """A missing article is named, and what is live still helps: last the internal part of the text that is sent."""
    told.move("editor", Move.HOLD, text_of("intern-zelfmoord"))
    found = notice(told, SUICIDE)

    assert (found.steps.slug, found.steps_missing) == ("intern-noodmelding", "intern-zelfmoord")
    told.move("editor", Move.ARCHIVE, text_of("intern-noodmelding"))
    assert notice(told, WEAPON).steps.slug == "noodnummers"


def test_steps_of_a_text_that_is_sent_are_not_shown_where_nothing_may_be(told):
    """Its first step is to send it, and that is exactly what must not be done."""
    for slug in ("intern-bedreiging", "intern-noodmelding"):
        told.move("editor", Move.HOLD, text_of(slug))

    assert notice(told, THREAT).steps is None


def test_notice_when_nothing_is_live_keeps_its_numbers_and_who_is_told(hamlet):
    """It depends on no article: what is missing is named."""
    found = notice(hamlet, SUICIDE)

    assert [number for _, number in found.numbers] == ["1813", "101", "112"]
    assert (found.replies, found.text, found.steps, found.steps_missing) == (True, "", None, "intern-zelfmoord")
    assert [name for name, _ in found.alert] == ["Dispatching", "Shiftleider"]


ZONE = 'name = "Zone"\n[owners]\na = "A"\n[danger]\npolice = "101"\n'


def test_zone_when_it_names_steps_and_people_is_read():
    """What a zone decides about danger is data of the zone."""
    text = ZONE + '[danger.steps]\nsuicide = "x"\n[danger.alert]\nE1 = [{ name = "Wacht", phone = "03 1" }]\n'
    zone, problems = read_zone(text, "zone.toml")

    assert problems == ()
    assert (zone.danger.steps, zone.danger.alert) == ({"suicide": "x"}, {"E1": (Contact("Wacht", "03 1"),)})
    assert {"x", "noodnummers-101-112"} <= zone.danger.articles


@pytest.mark.parametrize(
    "bad",
    ['ambulance = "112"', "police_article = 7", "steps = 3", 'alert = { E1 = [{ name = "Jan" }] }', 'suicide = ""'],
)
def test_zone_when_its_danger_is_unsound_is_refused(bad):
    """An unknown key, an empty number or somebody without a number would only show when it is too late."""
    text = ZONE.replace('police = "101"', bad)

    assert [problem.code for problem in read_zone(text, "zone.toml")[1]] == ["zone.danger"]
