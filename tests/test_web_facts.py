"""Fixed values in their register: changed by form, vouched for, and everywhere the new one at the same second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from web_app import Visitor, engine_of

from kbengine.article import Kind, Ref
from kbengine.engine import FactForm
from kbengine.errors import InvalidDocument
from kbengine.history import Move

pytest_plugins = ["web_fixtures"]

PHONE = Ref(Kind.FACT, "zone_phone")
CARD = Ref(Kind.FACT, "card_stop_phone")
FORM = {
    "before": "card_stop_phone",
    "name": "card_stop_phone",
    "kind": "phone",
    "label": "Card Stop",
    "owner": "onthaal",
    "source": "https://cardstop.be",
    "start": "",
    "until": "",
    "was": "",
    "value-all": "078 999 999",
    "value-nl": "",
    "value-fr": "",
    "value-en": "",
    "value-de": "",
    "base": "1",
    "remember": "1",
}


@pytest.fixture
def editor(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("editor")


def form_of(house: Any, **typed: Any) -> FactForm:
    """The form of the telephone number with something else typed in it."""
    return replace(house.engine.facts.page("zone_phone").form, **typed)


def change(house: Any, **typed: Any) -> int:
    """Save the telephone number, send it and have it vouched for."""
    values = {**dict.fromkeys(("", "nl", "fr", "en", "de"), ""), "": "03 000 00 77"}
    number: int = house.engine.facts.save(house.people["editor"], form_of(house, **{"values": values, **typed}))
    house.move("editor", Move.SUBMIT, PHONE)
    house.move("validator", Move.VALIDATE, PHONE)
    return number


def test_value_when_validated_is_said_at_once_and_remembers_what_it_was(hamlet: Any) -> None:
    """The next reply on any channel has the new value, and the old one is known to be old."""
    assert change(hamlet) == 2
    for channel in ("facebook", "email"):
        assert "03 000 00 77" in hamlet.reply("fiets-gestolen", channel).reply.text

    [line] = [line for line in hamlet.engine.facts.overview() if line.fact.name == "zone_phone"]
    assert (line.fact.was, line.live, line.used) == (("03 000 00 01",), line.fact, 3)


def test_value_when_dated_ahead_waits_until_that_day(hamlet: Any) -> None:
    """Until then the value of now goes out; from that day on the new one, and nobody does anything."""
    day = (hamlet.engine.now().astimezone(hamlet.engine.tz) + timedelta(days=3)).date().isoformat()
    change(hamlet, start=day)
    [line] = [line for line in hamlet.engine.facts.overview() if line.fact.name == "zone_phone"]
    before = hamlet.reply("fiets-gestolen").reply.text
    hamlet.wait(days=4)
    after = hamlet.reply("fiets-gestolen").reply.text

    assert line.fact.was == ("03 000 00 01",)
    assert line.live and line.live.values == {"": "03 000 00 01"} and line.starts
    assert "03 000 00 01" in before and "03 000 00 77" in after


def test_old_value_when_a_live_text_still_says_it_is_found_in_the_store(hamlet: Any) -> None:
    """Whoever changes a value learns which live texts have the old one by hand."""
    hamlet.publish("nachtlawaai", default="Bel 03/000.00.01 of kom langs.")
    change(hamlet)
    found = [(p.code, p.file) for p in hamlet.engine.facts.problems()]
    # A number that the register does not hold may also be somebody's.
    assert found == [("fact.old-value", "article/nachtlawaai.nl"), ("text.personal-data", "article/nachtlawaai.nl")]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"values": {"": "", "nl": ""}}, "fact.value"),
        ({"values": {"": "101", "nl": "101"}}, "fact.value"),
        ({"start": "2026-02-30"}, "fact.period"),
        ({"source": " "}, "fact.missing"),
        ({"owner": "niemand"}, "owner.unknown"),
    ],
)
def test_value_when_it_cannot_be_read_is_not_kept(hamlet: Any, typed: dict[str, Any], code: str) -> None:
    """Nothing is saved, and every problem is named."""
    with pytest.raises(InvalidDocument) as refused:
        hamlet.engine.facts.save(hamlet.people["editor"], form_of(hamlet, **typed))
    assert [problem.code for problem in refused.value.problems] == [code]
    assert len(hamlet.engine.editing.lines(PHONE)) == 1


def test_form_when_sent_waits_for_a_validator(app: Flask, editor: Visitor) -> None:
    """From the list to the form to the queue; the list shows what is live and what waits."""
    assert "078 170 170" in editor.page("/vaste-waarden/waarde?naam=card_stop_phone")
    answer = editor.post("/vaste-waarden/waarde", {**FORM, "then": "submit"})
    page = editor.page("/vaste-waarden")

    assert answer.location == "/vaste-waarden?ok=submit"
    assert "078 170 170" in page and "078 999 999" in page
    line = engine_of(app).editing.lines(CARD)[0]
    assert (line.number, line.state) == (2, "in review")


def test_form_when_somebody_was_first_shows_both(editor: Visitor) -> None:
    """What was typed stays, with what the other one kept."""
    editor.post("/vaste-waarden/waarde", FORM)
    answer = editor.post("/vaste-waarden/waarde", {**FORM, "value-all": "078 888 888"})

    assert answer.status_code == 409
    assert "078 999 999" in answer.text and "078 888 888" in answer.text


def test_form_when_a_value_would_not_fit_keeps_a_draft_and_says_where(editor: Visitor) -> None:
    """A value that breaks a limit is not submitted; the answer and channel are named."""
    answer = editor.post("/vaste-waarden/waarde", {**FORM, "value-all": "9" * 300, "then": "submit"})

    assert answer.status_code == 422
    assert "fact.too-long" in answer.text and "Bewaard als concept" in answer.text


def test_impact_page_when_asked_names_answers_and_limits(editor: Visitor) -> None:
    """Of a value, tried before it is saved; of a tag; and what nothing has is said in words."""
    fact = editor.page("/invloed?soort=fact&naam=card_stop_phone&waarde=" + "9" * 300)
    tag = editor.page("/invloed?soort=tag&naam=fiets")

    assert "fact.too-long" in fact and "/fiche/bankkaart-blokkeren-card-stop/fr" in fact
    assert "/fiche/fiets-gestolen/nl" in tag
    assert "naam=fiets" in editor.page("/invloed")
    assert editor.get("/invloed?soort=tag&naam=geen").status_code == 404
