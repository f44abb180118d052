"""Day answers at the pages: an agent writes, the person of the link decides without signing in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from web_app import OWN, Visitor, engine_of, sign_in, token_in

from kbengine.engine import DayLine

pytest_plugins = ["web_fixtures"]

FORM = {
    "title": "Stroompanne in de Bloemenwijk",
    "text": "De stroom is weg, de netbeheerder herstelt.",
    "source": "telefoon van de dispatching",
    "until": "23:59",
    "voucher": "validator",
    "slug": "",
    "base": "0",
}


def link_in(page: str) -> str:
    """The path of the link that a page shows."""
    found = re.search(r"http://[^/]+(/dag/[^<]+)</textarea>", page)
    assert found is not None
    return found.group(1).strip()


def phone(app: Flask, path: str) -> Visitor:
    """Somebody who opened a link without having signed in."""
    visitor = Visitor(app.test_client())
    visitor.token = token_in(visitor.page(path))
    return visitor


def only(app: Flask) -> DayLine:
    """The one day answer there is."""
    (line,) = engine_of(app).day.lines()
    return line


@pytest.fixture
def path(app: Flask, visit: Callable[[str], Visitor]) -> str:
    """Where the link of a day answer leads that an agent just sent."""
    return link_in(visit("agent").post("/dagantwoord", FORM).text)


def test_answer_when_the_person_of_the_link_says_so_is_live(app: Flask, path: str) -> None:
    """No sign-in is needed, the page says what was done, and the history tells how it was proven."""
    validator = phone(app, path)
    answer = validator.post(path, {"said": "ja"})

    assert (answer.status_code, only(app).live) == (200, 1)
    assert "Bedankt, Validator (voorbeeld)" in answer.text
    desk = sign_in(app, "agent")
    assert "Stroompanne in de Bloemenwijk <small>tot 23:59" in desk.page("/")
    history = desk.page(f"/fiche/{only(app).ref.slug}/nl")
    assert "Met een eenmalige link." in history
    assert "door Validator (voorbeeld)" in history
    reply = desk.post(
        "/antwoord", {"slug": only(app).ref.slug, "lang": "nl", "channel": "facebook", "number": "1", "first_name": ""}
    )
    assert FORM["text"] in reply.text


def test_answer_when_it_does_not_hold_needs_a_note(app: Flask, path: str, visit: Callable[[str], Visitor]) -> None:
    """Without a note nothing happens; with one the agent reads it."""
    validator = phone(app, path)
    assert validator.post(path, {"said": "nee", "note": " "}).status_code == 422
    assert validator.post(path, {"said": "nee", "note": "Het is de Rozenwijk."}).status_code == 200

    page = visit("agent").page("/dagantwoord")
    assert "Het is de Rozenwijk." in page
    assert "teruggestuurd" in page


def test_link_when_used_says_so_and_nothing_else(app: Flask, path: str) -> None:
    """The second time it tells no text."""
    validator = phone(app, path)
    validator.post(path, {"said": "ja"})
    again = validator.get(path)

    assert again.status_code == 409
    assert "Over deze tekst is al beslist" in again.text
    assert FORM["text"] not in again.text


def test_link_when_its_author_opens_it_is_refused(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Whoever is signed in as its author does not decide in another's name."""
    agent = visit("agent")
    path = link_in(agent.post("/dagantwoord", FORM).text)

    assert agent.get(path).status_code == 403
    assert agent.post(path, {"said": "ja"}).status_code == 403
    assert only(app).live == 0


def test_link_when_posted_without_the_pages_token_is_refused(app: Flask, path: str) -> None:
    """Another site cannot press the key, nor can who never opened the page."""
    assert Visitor(app.test_client()).post(path, {"said": "ja"}).status_code in (401, 403)
    assert phone(app, path).post(path, {"said": "ja"}, OWN | {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert only(app).live == 0


@pytest.mark.parametrize("path", ["/dag/x", "/dag/fiets-gestolen.1.x.9.0"])
def test_link_when_made_up_is_refused(app: Flask, path: str) -> None:
    """What is no link opens no text."""
    assert Visitor(app.test_client()).get(path).status_code == 401


def test_form_when_refused_keeps_what_was_typed(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Nothing typed is lost, and what stands in the way is said."""
    answer = visit("agent").post("/dagantwoord", FORM | {"until": "straks"})

    assert answer.status_code == 422
    assert "straks is geen uur." in answer.text
    assert FORM["text"] in answer.text


def test_answer_when_written_again_asks_again(app: Flask, path: str, visit: Callable[[str], Visitor]) -> None:
    """The old link decides nothing about the new text."""
    slug = only(app).ref.slug
    agent = visit("agent")
    assert FORM["text"] in agent.page(f"/dagantwoord?tekst={slug}")
    newer = link_in(agent.post("/dagantwoord", FORM | {"slug": slug, "base": "1", "text": "Het duurt nog."}).text)

    assert phone(app, newer).post(newer, {"said": "ja"}).status_code == 200
    assert Visitor(app.test_client()).get(path).status_code == 409
    assert only(app).live == 2


def test_page_when_asked_is_for_who_may_write(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """An administrator who is nothing else writes none, and is not offered it."""
    assert visit("administrator").get("/dagantwoord").status_code == 403
    assert "data-day" not in visit("administrator").page("/")
    assert "data-day" in visit("agent").page("/")


def test_desk_when_it_found_nothing_offers_to_write_one(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Where there is no answer, the way to one for today stands beside it."""
    page = visit("agent").post("/", {"message": "zwaluwkeuring ribbelmoeras klinkerpad", "channel": "facebook"}).text

    assert "Schrijf een dagantwoord" in page
