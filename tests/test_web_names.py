"""The pages of another name and of a merge: shown first, old addresses lead on, nobody acts unseen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from web_app import Visitor, engine_of

from kbengine.history import State

pytest_plugins = ["web_fixtures"]


@pytest.fixture
def editor(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("editor")


def test_rename_when_looked_at_first_is_done_after_and_leads_on(app: Flask, editor: Visitor) -> None:
    """The page tells what would happen; then every address and a search for the old name lead to the new one."""
    sent = {"new": "velo-weg", "reason": "Zo zegt men het", "take": ""}
    shown = editor.post("/hernoemen/fiets-gestolen", sent).text
    assert "Hernoem naar velo-weg" in shown
    assert engine_of(app).renaming.leads("fiets-gestolen") == "fiets-gestolen"

    done = editor.post("/hernoemen/fiets-gestolen", {**sent, "sure": "velo-weg"})
    assert done.headers["Location"] == "/fiche/velo-weg/nl?ok=rename"
    old = editor.get("/fiche/fiets-gestolen/fr")
    assert (old.status_code, old.headers["Location"]) == (302, "/fiche/velo-weg/fr?van=fiets-gestolen")
    page = editor.page("/fiche/velo-weg/nl?van=fiets-gestolen")
    assert "fiets-gestolen heet nu velo-weg" in page
    assert "Zo zegt men het" in page
    assert "vroegere naam" in editor.post("/zoeken", {"text": "fiets-gestolen"}).text
    assert editor.get("/hernoemen/fiets-gestolen").headers["Location"] == "/hernoemen/velo-weg"
    assert editor.get("/fiche/fiets-gestolen/nl/bewerken").status_code == 200


def test_rename_when_another_name_was_typed_since_shows_that_one_first(app: Flask, editor: Visitor) -> None:
    """The button is about the name it shows."""
    answer = editor.post("/hernoemen/nachtlawaai", {"new": "lawaai", "sure": "nacht"})
    assert (answer.status_code, "Hernoem naar lawaai" in answer.text) == (200, True)
    assert engine_of(app).renaming.leads("nachtlawaai") == "nachtlawaai"


def test_rename_when_it_cannot_be_says_why(app: Flask, editor: Visitor, visit: Callable[[str], Visitor]) -> None:
    """A name that is taken, that is none, or that was another's; and an agent renames nothing."""
    taken = editor.post("/hernoemen/nachtlawaai", {"new": "fiets-gestolen", "sure": "fiets-gestolen"})
    assert (taken.status_code, "Er is al een fiche" in taken.text) == (409, True)
    odd = editor.post("/hernoemen/nachtlawaai", {"new": "Nacht <b>", "sure": "Nacht <b>"})
    assert (odd.status_code, "<b>" in odd.text) == (422, False)
    editor.post("/hernoemen/fiets-gestolen", {"new": "velo-weg", "sure": "velo-weg"})
    former = editor.post("/hernoemen/nachtlawaai", {"new": "fiets-gestolen"}).text
    assert "vroeger de naam van velo-weg" in former
    assert 'name="take"' in former
    assert editor.get("/hernoemen/bestaat-niet").status_code == 404
    agent = visit("agent")
    assert agent.get("/hernoemen/nachtlawaai").status_code == 403
    assert "/hernoemen/" not in agent.page("/fiche/nachtlawaai/nl")


def test_merge_when_looked_at_first_is_done_after_and_leads_on(app: Flask, editor: Visitor) -> None:
    """What goes out of use and which questions are proposed is shown; the history of both stays to be read."""
    shown = editor.post("/samenvoegen/nachtlawaai", {"into": "fiets-gestolen"}).text
    mark = re.search(r'name="seen" value="([^"]+)"', shown)
    assert mark
    assert engine_of(app).reading.article("nachtlawaai", "nl").live_number == 1
    stale = editor.post("/samenvoegen/nachtlawaai", {"into": "stormschade-1722", "seen": mark[1]})
    assert (stale.status_code, "veranderde nadat je het overzicht zag" in stale.text) == (409, True)

    done = editor.post("/samenvoegen/nachtlawaai", {"into": "fiets-gestolen", "reason": "Test", "seen": mark[1]})
    assert done.headers["Location"] == "/fiche/fiets-gestolen/nl?ok=merge"
    assert engine_of(app).reading.article("nachtlawaai", "nl").state is State.ARCHIVED
    led = editor.get("/fiche/nachtlawaai/nl")
    assert led.headers["Location"] == "/fiche/fiets-gestolen/nl?van=nachtlawaai"
    page = editor.page("/fiche/fiets-gestolen/nl?van=nachtlawaai")
    assert "nachtlawaai is opgegaan in deze fiche" in page
    assert "/fiche/nachtlawaai/nl?zelf=1" in page
    own = editor.page("/fiche/nachtlawaai/nl?zelf=1")
    assert "Deze fiche is opgegaan in" in own
    assert "Versie 1" in own


def test_article_when_new_takes_no_name_of_before(app: Flask, editor: Visitor) -> None:
    """What was typed stays, with the reason."""
    editor.post("/hernoemen/nachtlawaai", {"new": "lawaai", "sure": "lawaai"})
    engine = engine_of(app)
    typed = {
        **dict.fromkeys(engine.editing.blank_form("nl", "overlast").__slots__, ""),
        **{"slug": "nachtlawaai", "lang": "nl", "theme": "overlast", "title": "Nieuw", "audience": "public"},
        **{"owner": "onthaal", "sources": "https://www.politie.be", "review_months": "12", "default": "Stil."},
        "base": "0",
    }
    answer = editor.post("/bewerken", typed)
    assert answer.status_code == 422
    assert "vroeger de naam van lawaai" in answer.text
