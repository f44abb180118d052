"""False alarms and misses: kept only when confirmed, without personal data, for 90 days, and for the editors."""

from __future__ import annotations

import re

import pytest
from web_app import DANGER, FETCH, Visitor, code_of

from kbengine.errors import Conflict, InvalidDocument, NotAllowed, NotFound

pytest_plugins = ["web_fixtures"]

PERSONAL = "De slak van Karel kruipt over mijn venster, bel 0470 12 34 56"
PLAIN = "de slak kruipt over mijn venster"


def kept(house):
    """What the editor sees, as (what, text)."""
    return [(item.mark.what, item.mark.text) for item in house.engine.marks.kept()]


def test_mark_when_kept_shows_what_the_cues_say_of_it_today(hamlet):
    """A miss that the cues meet by now is told apart from one that they still miss."""
    hamlet.engine.marks.keep("miss", "nl", PLAIN)
    hamlet.engine.marks.keep("false-alarm", "nl", "een mes van chocolade")
    newest, oldest = hamlet.engine.marks.kept()

    assert (newest.mark.what, newest.danger.words, oldest.mark.text, oldest.danger) == (
        "false-alarm",
        ("mes",),
        PLAIN,
        None,
    )


def test_mark_when_its_term_is_over_is_gone_from_the_disk(hamlet):
    """After 90 days it is not shown, and purging deletes it."""
    hamlet.engine.marks.keep("miss", "nl", PLAIN)
    hamlet.wait(days=91)
    store = hamlet.engine.room.store

    assert kept(hamlet) == []
    store.purge()
    assert PLAIN.encode() not in (store.directory / "journal.db").read_bytes()


def test_mark_when_dropped_is_dropped_once_and_as_seen(hamlet):
    """An editor lets it go; who saw another text, or is an agent, does not."""
    hamlet.engine.marks.keep("miss", "nl", PLAIN)
    marks, people, id = hamlet.engine.marks, hamlet.people, hamlet.engine.marks.kept()[0].mark.id
    with pytest.raises(Conflict, match="not the text you saw"):
        marks.drop(people["editor"], id, "iets anders")
    with pytest.raises(NotAllowed, match="may not"):
        marks.drop(people["agent"], id, PLAIN)
    marks.drop(people["editor"], id, PLAIN)

    with pytest.raises(NotFound, match="no longer kept"):
        marks.drop(people["editor"], id, PLAIN)


def test_mark_when_personal_data_is_left_is_refused(hamlet):
    """What is surely personal never gets in, whatever was confirmed."""
    with pytest.raises(InvalidDocument, match="personal data"):
        hamlet.engine.marks.keep("miss", "nl", PERSONAL)
    with pytest.raises(NotFound, match="no mark"):
        hamlet.engine.marks.keep("like", "nl", PLAIN)
    assert kept(hamlet) == []


def test_desk_offers_the_mark_that_fits(crew: dict[str, Visitor]) -> None:
    """With a notice it may be a false alarm, without one a miss."""
    with_notice = crew["agent"].post("/", {"message": DANGER, "channel": "x"}).text
    without = crew["agent"].post("/", {"message": "mijn fiets is gestolen", "channel": "x"}).text

    assert re.findall(r'data-mark="([^"]+)"', with_notice) == ["false-alarm"]
    assert re.findall(r'data-mark="([^"]+)"', without) == ["miss"]


def test_mark_through_the_pages_is_shown_stripped_first_and_kept_after(crew: dict[str, Visitor]) -> None:
    """Nothing is kept before the agent confirms what stands in the box; an editor then finds it in the list."""
    agent, editor = crew["agent"], crew["editor"]
    asked = agent.post(
        "/gevaar/noteer/miss", {"message": PERSONAL, "channel": "x", "lang": "", "spoken": "", "initials": ""}
    ).text
    box = re.search(r'<textarea id="lesson-text"[^>]*>([^<]*)</textarea>', asked)

    assert box
    assert "0470" not in asked
    assert "slak" not in editor.page("/gevaar")
    said = agent.post("/gevaar/bewaar", {"what": "miss", "lang": "nl", "text": PLAIN}, headers=FETCH).get_json()["said"]
    assert "Een redacteur kijkt" in said
    page = editor.page("/gevaar")
    assert PLAIN in page
    assert 'href="/gevaar"' in editor.page("/leren")
    found = re.search(r'action="/gevaar/(\d+)"', page)
    assert found
    assert editor.post(f"/gevaar/{found.group(1)}", {"seen": PLAIN}).status_code == 303
    assert PLAIN not in editor.page("/gevaar")


def test_list_is_not_for_agents_and_an_unknown_mark_is_refused(crew: dict[str, Visitor]) -> None:
    """Who answers notes; who edits reads."""
    assert crew["agent"].get("/gevaar").status_code == 403
    refused = crew["agent"].post("/gevaar/bewaar", {"what": "x", "lang": "nl", "text": PLAIN}, headers=FETCH)
    assert code_of(refused) == "mark.unknown"
