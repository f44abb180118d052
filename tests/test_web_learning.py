"""Learning through the pages: nothing is kept unseen, two people make a phrase count, and messages stay nowhere."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from web_app import ANSWER, FETCH, OWN, Visitor, code_of, engine_of

pytest_plugins = ["web_fixtures"]

BIKE = "fiets-gestolen"
DIALECT = "amai zotte kadee die mijne ijzeren ezel gepoetst heeft"
PERSONAL = f"{DIALECT}, groeten Karel, bel 0470 12 34 56"
KEPT = {"text": DIALECT, "lang": "nl", "slug": BIKE}


def box(page: str) -> str:
    """What stands in the box of a lesson, ready to be confirmed."""
    found = re.search(r'<textarea id="lesson-text"[^>]*>([^<]*)</textarea>', page)
    assert found
    return found.group(1)


def chosen(page: str) -> list[str]:
    """The options that a page has chosen already."""
    return re.findall(r'<option value="([^"]*)" selected>', page)


def test_lesson_when_asked_at_the_desk_is_stripped_and_still_to_be_confirmed(crew: dict[str, Visitor]) -> None:
    """The desk's own form asks for it, for the card that fits; what is not the question is gone."""
    sent = {"message": PERSONAL, "channel": "x", "lang": "", "spoken": ""}
    desk = crew["agent"].post("/", {"message": "mijn fiets is gestolen", "channel": "x"}).text
    page = crew["agent"].post(f"/leren/formulering/{BIKE}", sent).text

    assert f'form="ask" formaction="/leren/formulering/{BIKE}" data-learn' in desk
    assert box(page) == f"{DIALECT}, groeten [naam], bel [telefoon]"
    assert chosen(page) == [BIKE, "nl"]
    assert "0470" not in page


def test_lesson_when_nothing_was_offered_begins_as_a_gap(crew: dict[str, Visitor]) -> None:
    """Without an article it is a question without an answer, until the agent says where it belongs."""
    desk = crew["agent"].post("/", {"message": "De maan is van kaas.", "channel": "x"}).text
    page = crew["agent"].post("/leren/formulering", {"message": "De maan is van kaas.", "spoken": "fr"}).text

    assert 'formaction="/leren/formulering" data-learn' in desk
    assert chosen(page) == ["fr"]
    assert "Vraag zonder antwoord</h2>" in page


def test_lesson_when_asked_from_a_search_takes_its_words(crew: dict[str, Visitor]) -> None:
    """What an agent typed to find the answer is a way of asking, too; who only reads has no such key."""
    sent = {"text": "fiets gepikt", "theme": "", "lang": ""}
    found = crew["agent"].post("/zoeken", {"text": "fiets"}).text
    page = crew["agent"].post(f"/leren/formulering/{BIKE}", sent).text

    assert f'formaction="/leren/formulering/{BIKE}"' in found
    assert "data-learn" not in crew["reader"].post("/zoeken", {"text": "fiets"}).text
    assert (box(page), chosen(page)) == ("fiets gepikt", [BIKE, "nl"])


def test_lesson_when_a_capital_is_unknown_marks_it_as_text(crew: dict[str, Visitor]) -> None:
    """A name that no article holds stands out, and nothing in a message becomes HTML."""
    page = crew["agent"].post("/leren/formulering", {"message": "gisteren zag ik <b>Karel</b> aan de bakker"}).text

    assert "&lt;b&gt;<mark>Karel</mark>&lt;/b&gt;" in page


def test_phrase_when_taught_and_accepted_is_suggested(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The whole way, with plain forms: the agent confirms, the editor reads and accepts, the next message finds it."""
    agent, editor, engine = visit("agent"), visit("editor"), engine_of(app)
    noted = agent.post("/leren/bewaren", KEPT)
    assert noted.headers["Location"] == "/leren/genoteerd?ok=phrase"
    assert "Een redacteur kijkt de formulering na." in agent.page(noted.headers["Location"])
    listed = editor.page("/leren")
    page = editor.page("/leren/1")
    assert f">{DIALECT}</a></h3>" in listed
    assert 'value="accept">Aanvaarden' in page
    done = editor.post("/leren/1", {"seen": DIALECT, "then": "accept"})
    engine.build()

    assert done.headers["Location"] == "/leren?ok=accept"
    assert f'id="card-{BIKE}"' in agent.post("/", {"message": DIALECT, "channel": "facebook"}).text
    assert "Er wacht geen enkele formulering." in editor.page("/leren?ok=accept")


def test_phrase_when_it_takes_from_another_article_shows_what_gets_worse(visit: Callable[[str], Visitor]) -> None:
    """The question that would go astray, whose it is, and what it finds now and then."""
    visit("agent").post(
        "/leren/bewaren",
        {"text": "ze hebben het slot doorgeknipt en mijn elektrische is foetsie", "lang": "nl", "slug": "nachtlawaai"},
    )
    page = visit("editor").page("/leren/1")
    section = page[page.index("Wordt slechter") : page.index("Wat deze formulering nu vindt")]

    assert "bij Fiets gestolen" in section
    assert "vindt deze fiche" in section
    assert "krijgt Nachtlawaai" in section


def test_phrase_when_ones_own_offers_no_key_to_accept(visit: Callable[[str], Visitor]) -> None:
    """Neither to who taught it nor to who changed it, and a forged form is refused."""
    editor, validator = visit("editor"), visit("validator")
    editor.post("/leren/bewaren", KEPT)
    changed = validator.post("/leren/1", {"seen": DIALECT, "then": "change", "text": DIALECT + " he"})
    assert changed.headers["Location"] == "/leren/1"
    for visitor in (editor, validator):
        page = visitor.page("/leren/1")
        refused = visitor.post("/leren/1", {"seen": DIALECT + " he", "then": "accept"}, headers=FETCH)
        assert 'value="accept"' not in page
        assert "Iemand anders moet ze aanvaarden." in page
        assert (refused.status_code, code_of(refused)) == (403, "move.own-text")


def test_phrase_when_somebody_else_decided_meanwhile_says_so(visit: Callable[[str], Visitor]) -> None:
    """An old page does nothing."""
    visit("agent").post("/leren/bewaren", KEPT)
    editor = visit("editor")
    editor.post("/leren/1", {"seen": DIALECT, "then": "decline"})
    answer = visit("validator").post("/leren/1", {"seen": DIALECT, "then": "accept"}, headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (404, "phrase.gone")


def test_phrase_when_refused_keeps_what_was_typed(visit: Callable[[str], Visitor]) -> None:
    """Without a script the page comes back with its reason, with one the reason alone."""
    agent = visit("agent")
    typed = {**KEPT, "text": "bel 0470 12 34 56"}
    plain, fetched = agent.post("/leren/bewaren", typed), agent.post("/leren/bewaren", typed, headers=FETCH)

    assert (plain.status_code, box(plain.text), chosen(plain.text)) == (422, "bel [telefoon]", [BIKE, "nl"])
    assert "Er staan nog persoonsgegevens in: 0470 12 34 56." in plain.text
    assert (fetched.status_code, code_of(fetched)) == (422, "phrase.personal")


def test_gap_when_kept_can_be_filed_dropped_or_begun_as_an_article(visit: Callable[[str], Visitor]) -> None:
    """The editors' list offers all three."""
    agent, editor = visit("agent"), visit("editor")
    asked = ["waar vind ik een hond", "wie snoeit de haag"]
    for text in asked:
        agent.post("/leren/bewaren", {"text": text, "lang": "nl", "slug": ""})
    page = editor.page("/leren")
    fields = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page[page.index("/bewerken/voorb") :])
    )
    fields.pop("csrf_token")
    fields.pop("seen", None)
    filed = editor.post("/leren/vraag/1", {"seen": asked[0], "then": "file", "slug": BIKE})
    dropped = editor.post("/leren/vraag/2", {"seen": asked[1], "then": "drop"})

    assert f'value="{asked[1]}"' in editor.post("/bewerken/voorbeeld", fields).text
    assert [a.headers["Location"] for a in (filed, dropped)] == ["/leren?ok=file", "/leren?ok=drop"]
    assert asked[0] in editor.page("/leren/1")
    assert "Er is geen enkele vraag zonder antwoord bewaard." in editor.page("/leren")


def test_answer_when_dismissed_is_counted_for_editors(visit: Callable[[str], Visitor]) -> None:
    """One key at the desk, with the desk's own form; the editors see how often."""
    agent = visit("agent")
    sent = {"message": PERSONAL, "channel": "facebook", "lang": "", "spoken": ""}
    said = agent.post(f"/past-niet/{BIKE}/nl", sent, headers=FETCH).get_json()["said"]
    plain = agent.post(f"/past-niet/{BIKE}/nl", sent)

    assert (said, plain.headers["Location"]) == ("Genoteerd: past niet.", "/leren/genoteerd?ok=dismissed")
    assert re.search(r"Fiets gestolen</a>[^·]*· 2 keer", visit("editor").page("/leren"))


@pytest.mark.parametrize("form", [{}, {"seen": "x"}, {"seen": "x", "then": "burn"}])
@pytest.mark.parametrize("path", ["/leren/1", "/leren/vraag/1"])
def test_decision_when_it_is_none_is_refused(crew: dict[str, Visitor], path: str, form: dict[str, str]) -> None:
    """A form that no page of ours makes changes nothing."""
    answer = crew["editor"].post(path, form, headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (422, "form.field")


# The promise


def traces(home: Path, canary: str) -> list[str]:
    """The files of a home that hold a word, in any of the ways in which a file may hold it."""
    ways = [canary.encode(), canary.encode("utf-16-le"), canary.casefold().encode(), canary.encode().hex().encode()]
    found = (path for path in home.rglob("*") if path.is_file() and any(way in path.read_bytes() for way in ways))
    return [str(path.relative_to(home)) for path in found]


def handed_in(agent: Visitor) -> Iterator[tuple[str, int]]:
    """A message with a canary of its own through every way into the desk, and what each was answered."""
    for place, (path, fields) in enumerate(
        [
            ("/", {"message": "{}", "channel": "facebook"}),
            ("/", {"message": "{} mijn fiets is gestolen", "channel": "facebook", "spoken": "nl"}),
            ("/", {"message": "help, een man met een mes {}", "channel": "x"}),
            ("/", {"message": "{}", "channel": "postduif"}),
            ("/", {"message": "{} " + "a" * 20_001, "channel": "facebook"}),
            ("/", {"message": "{}", "channel": "facebook", "lang": "{}"}),
            ("/", {"message": "\x00 {}", "channel": "facebook", "{}": "{}"}),
            ("/antwoord", {**ANSWER, "first_name": "{}", "blank:straat": "{}"}),
            ("/kopieer", {**ANSWER, "channel": "messenger", "first_name": "{}"}),
            ("/kopieer", {**ANSWER, "slug": "{}"}),
            ("/zoeken", {"text": "{} fiets"}),
            ("/zoeken", {"text": "{} " + "a" * 4_001}),
            ("/leren/formulering", {"message": "{} mijn fiets is weg"}),
            (f"/leren/formulering/{BIKE}", {"message": "ik zag {} gisteren", "channel": "x", "lang": "{}"}),
            (f"/past-niet/{BIKE}/nl", {"message": "{}", "channel": "facebook"}),
            (f"/past-niet/{BIKE}/nl", {"message": "{}", "channel": "{}"}),
            ("/leren/bewaren", {**KEPT, "text": "{} bel 0470 12 34 56"}),
            ("/leren/bewaren", {**KEPT, "text": "{}" + " lang" * 200}),
            ("/leren/bewaren", {**KEPT, "text": "{}", "slug": "bestaat-niet"}),
            ("/leren/bewaren", {**KEPT, "text": "{}", "lang": "{}"}),
        ]
    ):
        canary = f"Kanarie{place}Zq"
        filled = {key.replace("{}", canary): value.replace("{}", canary) for key, value in fields.items()}
        for headers in (OWN, FETCH):
            yield canary, agent.post(path, filled, headers=headers).status_code


def test_message_when_not_confirmed_is_stored_nowhere(
    app: Flask, visit: Callable[[str], Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever was pasted, in whatever way and with whatever mistake: no file of the store or the editions, and no
    line of the log, holds a word of it. What was confirmed is held, by its table alone."""
    agent, engine = visit("agent"), engine_of(app)
    with caplog.at_level(logging.DEBUG):
        answers = list(handed_in(agent))
        engine.build()
    left = {canary: traces(engine.settings.home, canary) for canary, _ in answers}

    assert {status for _, status in answers} <= {200, 303, 404, 413, 422}
    assert len(left) == 20
    assert {canary: where for canary, where in left.items() if where} == {}
    assert "Kanarie" not in caplog.text
    agent.post("/leren/bewaren", {**KEPT, "text": "bevestigdekanarie over mijn velo"})
    assert traces(engine.settings.home, "bevestigdekanarie") == ["store/journal.db"]
