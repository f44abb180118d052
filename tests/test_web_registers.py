"""The pages of synonyms and curations: a list, a plain form, and the way to who vouches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from web_app import STOLEN, Visitor, engine_of

from kbengine.article import Kind, Ref, SynonymGroup
from kbengine.history import Move

pytest_plugins = ["web_fixtures"]

GROUP = {
    "before": "",
    "name": "luchtballon",
    "nl": "luchtballon\nheteballon",
    "fr": "montgolfiere",
    "en": "",
    "de": "",
    "base": "0",
}
CURATION = {
    "before": "",
    "name": "fietsen",
    "words": "fiets station\nvelo gare",
    "steer": "pin",
    "slug": "nachtlawaai",
    "reason": "Er loopt een <actie>.",
    "base": "0",
}


def soon(**ahead: float) -> str:
    """A day from now, as a form sends it."""
    return (datetime.now(UTC) + timedelta(**ahead)).date().isoformat()


@pytest.fixture
def editor(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("editor")


def base_of(app: Flask, ref: Ref) -> str:
    """The newest revision's number of a register, as its form carries it."""
    return str(len(engine_of(app).room.store.journal.history(ref).revisions))


def vouch(app: Flask, ref: Ref) -> None:
    """The validator's word on the newest revision."""
    engine = engine_of(app)
    line = engine.editing.lines(ref)[0]
    engine.editing.move(engine.people.by_login("validator"), ref, line.number, line.digest, Move.VALIDATE)


SYNONYMS, CURATIONS = Ref(Kind.SYNONYMS, "synonyms"), Ref(Kind.CURATIONS, "curations")


def test_group_when_saved_waits_for_a_validator_and_then_counts(
    app: Flask, editor: Visitor, visit: Callable[[str], Visitor]
) -> None:
    """From boxes to the queue to the list, without a line of TOML."""
    answer = editor.post("/synoniemen/groep", {**GROUP, "base": base_of(app, SYNONYMS), "then": "submit"})
    waiting = editor.page("/synoniemen")
    queue = visit("validator").page("/ter-validatie")
    vouch(app, SYNONYMS)
    valid = editor.page("/synoniemen")

    assert answer.location == "/synoniemen?ok=submit"
    assert 'Synoniemen</a>\n      <span class="badge care">ter validatie' in queue
    assert "nog te valideren" in waiting and "luchtballon, heteballon" in waiting
    assert "nog te valideren" not in valid
    assert (
        SynonymGroup("luchtballon", {"nl": ("luchtballon", "heteballon"), "fr": ("montgolfiere",)})
        in engine_of(app).room.read()[0].synonyms
    )


def test_queue_when_a_register_changes_twice_shows_the_newest(
    app: Flask, editor: Visitor, visit: Callable[[str], Visitor]
) -> None:
    """The second change holds the first: a validator reads them together, once."""
    editor.post("/synoniemen/groep", {**GROUP, "base": base_of(app, SYNONYMS), "then": "submit"})
    second = {**GROUP, "name": "zeppelin", "nl": "zeppelin", "base": base_of(app, SYNONYMS), "then": "submit"}
    editor.post("/synoniemen/groep", second)
    queue = visit("validator").page("/ter-validatie")

    assert queue.count('<a href="/synoniemen">') == 1
    assert "[zeppelin]" in queue and "[luchtballon]" in queue


def test_group_when_kept_as_a_draft_can_be_sent_later(app: Flask, editor: Visitor) -> None:
    """Nothing waits for anybody until somebody sends it."""
    editor.post("/synoniemen/groep", {**GROUP, "base": base_of(app, SYNONYMS)})
    page = editor.page("/synoniemen")

    assert 'name="move" value="submit"' in page
    assert "nog te valideren" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Bad Name"}, "De naam Bad Name kan niet gebruikt worden."),
        ({"nl": "", "fr": ""}, "staat geen enkel woord"),
        ({"nl": "a" * 81}, "een te lange tekst"),
    ],
)
def test_group_when_it_cannot_be_kept_says_why(editor: Visitor, typed: dict[str, str], said: str) -> None:
    """What was typed stays, with the reason in words."""
    answer = editor.post("/synoniemen/groep", {**GROUP, **typed, "then": "submit"})

    assert answer.status_code == 422
    assert said in answer.text
    assert ("montgolfiere" in answer.text) is ("fr" not in typed)


def test_group_when_somebody_was_first_shows_both(app: Flask, editor: Visitor, visit: Callable[[str], Visitor]) -> None:
    """The second editor sees what the first one saved and loses nothing."""
    editor.post("/synoniemen/groep", {**GROUP, "base": base_of(app, SYNONYMS)})
    opened = base_of(app, SYNONYMS)
    editor.post("/synoniemen/groep", {**GROUP, "before": "luchtballon", "nl": "ballonvaart", "base": opened})
    answer = visit("validator").post(
        "/synoniemen/groep", {**GROUP, "before": "luchtballon", "nl": "gasballon", "base": opened}
    )

    assert answer.status_code == 409
    assert "Iemand anders was eerst." in answer.text
    assert "ballonvaart" in answer.text and "gasballon</textarea>" in answer.text


def test_group_when_removed_goes_once_vouched_for(app: Flask, editor: Visitor) -> None:
    """A group taken out still counts until somebody vouches for the register without it."""
    editor.post("/synoniemen/groep", {**GROUP, "base": base_of(app, SYNONYMS), "then": "submit"})
    vouch(app, SYNONYMS)
    gone = {"kind": "synonyms", "name": "luchtballon", "base": base_of(app, SYNONYMS)}
    answer = editor.post("/registers/weg", gone)
    page = editor.page("/synoniemen")
    vouch(app, SYNONYMS)

    assert answer.location == "/synoniemen?ok=submit"
    assert "gaat weg na validatie" in page
    assert "luchtballon" not in [group.name for group in engine_of(app).room.read()[0].synonyms]


def test_curation_when_vouched_for_marks_the_desk(app: Flask, editor: Visitor, visit: Callable[[str], Visitor]) -> None:
    """What an editor pinned stands first at the desk, with the reason, escaped; the list names who vouched."""
    typed = {**CURATION, "until": soon(days=10), "base": base_of(app, CURATIONS), "then": "submit"}
    answer = editor.post("/sturing/regel", typed)
    vouch(app, CURATIONS)
    desk = visit("agent").post("/", {"message": STOLEN + " aan het station", "channel": "facebook"}).text
    listed = editor.page("/sturing")

    assert answer.location == "/sturing?ok=submit"
    assert desk.index('id="card-nachtlawaai"') < desk.index('id="card-fiets-gestolen"')
    assert "Vastgezet tot en met" in desk and "Er loopt een &lt;actie&gt;." in desk
    assert "Validator" in listed and "fiets station · velo gare" in listed


def test_curation_when_it_holds_back_names_what_would_have_been_first(
    app: Flask, editor: Visitor, visit: Callable[[str], Visitor]
) -> None:
    """The desk names the answer that is held back, and offers it no more."""
    typed = {**CURATION, "steer": "hold_back", "slug": "fiets-gestolen", "until": soon(days=10)}
    editor.post("/sturing/regel", {**typed, "base": base_of(app, CURATIONS), "then": "submit"})
    vouch(app, CURATIONS)
    desk = visit("agent").post("/", {"message": STOLEN + " aan het station", "channel": "facebook"}).text

    assert "Achtergehouden tot en met" in desk and "Fiets gestolen</a>. Er loopt een" in desk
    assert 'id="card-fiets-gestolen"' not in desk


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"until": soon(days=400)}, "meer dan een jaar ver"),
        ({"until": "morgen"}, "staat geen bestaande dag"),
        ({"slug": ""}, "Kies een fiche"),
        ({"slug": "bestaat-niet"}, "die niet bestaat: bestaat-niet"),
        ({"slug": "intern-noodmelding-via-bericht"}, "een interne fiche vast"),
        ({"words": " \n"}, "staan geen woorden"),
        ({"reason": " "}, "staat geen reden"),
        ({"steer": "push"}, "is push niet bekend"),
        ({"steer": 'x = "y"\n[kwaad]\npin'}, "niet bekend"),
    ],
)
def test_curation_when_it_cannot_be_kept_says_why(editor: Visitor, typed: dict[str, str], said: str) -> None:
    """A day too far, an answer that is not there or goes nowhere: refused before anybody is asked to vouch."""
    answer = editor.post("/sturing/regel", {**CURATION, "until": soon(days=10), **typed, "then": "submit"})

    assert answer.status_code == 422
    assert said in answer.text


def test_registers_when_read_by_an_agent_cannot_be_changed(crew: dict[str, Visitor]) -> None:
    """Who answers may look; the forms are for who writes."""
    page = crew["agent"].page("/sturing") + crew["agent"].page("/synoniemen")

    assert "Nieuwe groep" not in page and "Nieuwe sturing" not in page
    assert crew["agent"].get("/synoniemen/groep").status_code == 403
