"""A reply on its page: what an agent adds, what it becomes, and what has to be agreed before it is copied."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from web_app import ANSWER, FETCH, STOLEN, Visitor, code_of, engine_of

pytest_plugins = ["web_fixtures"]

TWO = "wie is mijn wijkinspecteur in de Kerkstraat? en waar moet ik mijn verkeersboete betalen?"
CHANGED = "Bel 03 000 00 99."


def area(page: str) -> str:
    """What stands in the box with the whole text, "" when it is shut."""
    found = re.search(r"<textarea name=\"text\"[^>]*>(.*?)</textarea>", page, re.DOTALL)
    return found.group(1) if found else ""


def test_reply_when_filled_in_greets_says_and_signs(crew: dict[str, Visitor]) -> None:
    """First name, own sentence and initials go into the reply, as text."""
    more = {"first_name": "<i>An</i>", "personal": "Wat *vervelend*!", "initials": "ab"}
    page = crew["agent"].post("/antwoord", {**ANSWER, **more}).text

    assert "Dag &lt;i&gt;An&lt;/i&gt;,\n\nWat *vervelend*!\n\n" in page
    assert "Groeten, het webcareteam ^AB</p>" in page


def test_reply_when_two_questions_were_asked_is_one(crew: dict[str, Visitor]) -> None:
    """Both answers stand in one reply, in the order of the message, with a box to leave the second out."""
    page = crew["agent"].post("/", {"message": TWO, "channel": "email"}).text
    card = page[page.index('id="card-together"') : page.index("results-title")]
    again = crew["agent"].post("/antwoord", {**ANSWER, "channel": "email", "also:verkeersboete-betalen": "1"}).text

    assert "Je wijkinspecteur vinden + Verkeersboete betalen" in card
    assert 'name="also:verkeersboete-betalen" value="1" data-choice checked' in card
    assert again.index("dat je fiets weg is") < again.index("justonweb.be")


def test_text_when_opened_can_be_changed_and_given_back(crew: dict[str, Visitor]) -> None:
    """One press opens the whole text, another brings the vetted one back, also without scripts."""
    agent = crew["agent"]
    opened = area(agent.post("/antwoord", {**ANSWER, "edit": "1"}).text)
    changed = agent.post("/antwoord", {**ANSWER, "text": CHANGED}).text
    back = agent.post("/antwoord", {**ANSWER, "text": CHANGED, "edit": "0"}).text

    assert opened.startswith("[VOORBEELD] Dag,")
    assert area(changed) == f"[VOORBEELD] {CHANGED}"
    assert area(back) == ""
    assert CHANGED not in back


def test_text_when_it_differs_shows_the_words_and_asks(crew: dict[str, Visitor]) -> None:
    """What was lost and added is named in Dutch and marked; the form itself carries what was seen."""
    agent = crew["agent"]
    refused = agent.post("/kopieer", {**ANSWER, "text": CHANGED})
    page = refused.text
    seen = {**ANSWER, "text": CHANGED, "confirmed": f"[VOORBEELD] {CHANGED}"}

    assert (refused.status_code, "Kopieer toch voor Facebook-reactie," in page) == (409, True)
    assert "telefoonnummer" in page
    assert '<ins translate="no">03 000 00 99</ins>' in page
    assert f'name="confirmed" value="[VOORBEELD] {CHANGED}"' in page
    assert code_of(agent.post("/kopieer", {**ANSWER, "text": CHANGED}, headers=FETCH)) == "reply.drift"
    assert agent.post("/kopieer", seen, headers=FETCH).get_json()["text"] == f"[VOORBEELD] {CHANGED}"


def test_copy_when_taken_back_is_gone(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """What was not used after all does not count; it can be taken back once."""
    agent, usage = visit("agent"), engine_of(app).room.store.usage
    copies = agent.post("/kopieer", ANSWER, headers=FETCH).get_json()["copies"]
    before = len(usage.copies("fiets-gestolen"))
    taken = agent.post("/niet-gebruikt", {"copies": copies}, headers=FETCH)

    assert taken.status_code == 200
    assert len(usage.copies("fiets-gestolen")) == before - 1
    assert code_of(agent.post("/niet-gebruikt", {"copies": copies}, headers=FETCH)) == "copy.gone"


def test_parts_when_too_long_each_have_a_key(crew: dict[str, Visitor]) -> None:
    """A thread is shown whole; each part is copied by a key that says which it is."""
    long = {**ANSWER, "channel": "x", "text": "Dit is een zin erbij. " * 40}
    page = crew["agent"].post("/antwoord", long).text
    keys = re.findall(r"Kopieer deel (\d) van (\d) voor X,", page)
    second = {**long, "part": "2", "confirmed": long["text"]}
    handed = crew["agent"].post("/kopieer", second, headers=FETCH).get_json()

    assert keys == [(str(n), keys[0][1]) for n in range(1, int(keys[0][1]) + 1)]
    assert (handed["part"], str(handed["parts"])) == (2, keys[0][1])
    assert f"(2/{handed['parts']})" in handed["text"]


@pytest.mark.parametrize("field", ["verkeerd", "also", "blank"])
def test_form_when_it_holds_an_unknown_field_is_refused(crew: dict[str, Visitor], field: str) -> None:
    """A form is closed: only what it asks for is read."""
    assert code_of(crew["agent"].post("/kopieer", {**ANSWER, field: "x"}, headers=FETCH)) == "form.field"


def test_initials_when_not_typed_are_those_of_the_name(crew: dict[str, Visitor]) -> None:
    """Who answers signs as their account suggests, until they say otherwise."""
    agent = crew["agent"]
    own = agent.post("/", {"message": STOLEN, "channel": "facebook"}).text
    said = agent.post("/", {"message": STOLEN, "channel": "facebook", "initials": "XY"}).text

    assert "webcareteam ^A</p>" in own
    assert "webcareteam ^XY</p>" in said
