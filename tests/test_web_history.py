"""Comparing, notes, and how much a change changes, on the pages: what each person sees and may do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from web_app import FETCH, Visitor, code_of, engine_of

from kbengine.article import Kind, Ref
from kbengine.history import Move, Weight

pytest_plugins = ["web_fixtures"]

BIKE, BIKE_FR = (Ref(Kind.ARTICLE, "fiets-gestolen", lang) for lang in ("nl", "fr"))
PAGE, FRENCH = "/fiche/fiets-gestolen/nl", "/fiche/fiets-gestolen/fr"
NOTE = {"kind": "article", "slug": "fiets-gestolen", "lang": "nl", "number": "1", "back": "article"}


def move(app: Flask, login: str, ref: Ref, made: Move, **more: Weight) -> None:
    """Somebody makes a move on the newest revision."""
    engine = engine_of(app)
    newest = engine.editing.lines(ref)[0]
    person = engine.people.by_login(login)
    engine.editing.move(person, ref, newest.number, newest.digest, made, "omdat", **more)


def typed(app: Flask, **changed: str) -> dict[str, str]:
    """The editor's form of the Dutch text as it opens, with some fields changed."""
    form = engine_of(app).editing.form("fiets-gestolen", "nl")
    return {name: str(getattr(form, name)) for name in form.__slots__} | {"then": "submit"} | changed


def changed(app: Flask, editor: Visitor, weight: str, then: str = "submit") -> None:
    """The editor changes the Dutch text in its form, says how much, and sends it."""
    text = "Meld het altijd online. " + typed(app)["default"]
    answer = editor.post("/bewerken", typed(app, default=text, weight=weight, then=then))
    assert answer.status_code == 303, answer.text


def main_of(page: str) -> str:
    """What a page says, without its menu."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_walk_when_a_major_change_is_validated_shows_the_translation_as_due_to_each(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """From the editor's form to the validator's key, and what article, list, queue, due page and review then say."""
    editor, validator = visit("editor"), visit("validator")
    assert 'name="weight"' in editor.page(PAGE + "/bewerken")
    assert 'name="weight"' not in editor.page(FRENCH + "/bewerken")
    assert 'name="weight"' not in editor.page("/nieuw")
    changed(app, editor, "major")
    assert "grote wijziging" in validator.page("/te-valideren?tekst=article/fiets-gestolen.nl@2")
    assert "grote wijziging" in validator.page("/ter-validatie")
    assert "nog niet" not in main_of(editor.page(FRENCH)).split("</section>")[0]

    move(app, "validator", BIKE, Move.VALIDATE)
    told = re.compile(r"De Nederlandse tekst is op .+ inhoudelijk gewijzigd; deze vertaling nog niet\.")
    for path in (FRENCH, FRENCH + "/bewerken", PAGE + "/naast/fr", "/te-valideren?tekst=article/fiets-gestolen.fr@1"):
        assert told.search(validator.page(path)), path
    assert "vertaling te doen" in main_of(validator.page(PAGE))
    for path in ("/te-herzien", "/ter-validatie"):
        assert "Vertalingen die niet meer volgen" in validator.page(path), path
    due = main_of(validator.page("/fiches?stand=translation-due"))
    assert "Frans: vertaling te doen" in due
    assert "Nachtlawaai" not in due
    beside = validator.page(PAGE + "/naast/fr")
    assert "<ins>" in beside and 'value="renew"' in beside
    assert 'value="renew"' not in editor.page(PAGE + "/naast/fr")

    move(app, "validator", BIKE_FR, Move.RENEW)
    assert not told.search(validator.page(FRENCH))
    assert "Frans: vertaling te doen" not in validator.page("/fiches?stand=translation-due")


def test_weight_when_a_draft_is_sent_from_its_page_is_asked_there(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The same three, with what each means; a weight that does not exist is refused and nothing is sent."""
    editor = visit("editor")
    changed(app, editor, "", then="")
    page = editor.page(PAGE)
    assert page.count('type="radio" name="weight"') == 3
    assert "Wat de burger moet doen, weten of betalen is anders." in page
    newest = engine_of(app).editing.lines(BIKE)[0]
    sent = NOTE | {"number": "2", "digest": newest.digest, "move": "submit"}
    assert code_of(editor.post("/besluit", sent | {"weight": "huge"}, headers=FETCH)) == "weight.unknown"
    assert editor.post("/besluit", sent | {"weight": "small"}).status_code == 303
    assert engine_of(app).editing.lines(BIKE)[0].weight is Weight.SMALL


def test_weight_when_the_text_is_refused_stays_as_it_was_chosen(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Who must correct something does not choose again."""
    editor = visit("editor")
    answer = editor.post("/bewerken", typed(app, default="", weight="major"))
    assert answer.status_code == 422
    assert '<option value="major" selected>' in answer.text


def test_difference_when_two_revisions_are_chosen_shows_words_and_offers_the_others(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """Every revision stands in both lists; what came is marked, also for who hears it."""
    editor = visit("editor")
    changed(app, editor, "small")
    page = editor.page(PAGE + "/verschil?oud=1&nieuw=2")
    assert "Meld het altijd online." in page
    assert re.search(r"<ins><span class=\"hidden\">\[erbij: </span>", page)
    assert page.count("<option") == 4
    assert "Wat geldt tegenover wat voorgesteld is" in page
    assert "Geen enkel woord verschilt." in editor.page(PAGE + "/verschil?oud=1&nieuw=1")
    validator = visit("validator")
    assert "Sinds jij het laatst tekende" in validator.page(PAGE)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (PAGE + "/verschil?oud=1&nieuw=9", 404),
        (PAGE + "/verschil?oud=een&nieuw=2", 422),
        (PAGE + "/verschil", 422),
        (PAGE + "/naast/xx", 404),
        ("/fiche/bestaat-niet/nl/naast/fr", 404),
        (PAGE + "/naast/fr?links=7", 404),
    ],
)
def test_comparing_when_there_is_no_such_revision_says_so(crew: dict[str, Visitor], path: str, status: int) -> None:
    """An address that somebody typed wrong is not found, or not understood; never an error of ours."""
    assert crew["editor"].get(path).status_code == status


def test_note_when_kept_stands_with_its_text_for_who_writes_and_for_nobody_else(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """On the article, in the queue and in the review, with who and when; an agent is not told that there is one."""
    editor, validator, agent = visit("editor"), visit("validator"), visit("agent")
    changed(app, editor, "small")
    kept = editor.post("/notities", NOTE | {"number": "2", "text": "Klopt dit ook voor een step? <b>"})
    assert kept.status_code == 303
    assert kept.location.endswith(PAGE + "#notes")
    for path in (PAGE, PAGE + "/versie/2", "/ter-validatie", "/te-valideren?tekst=article/fiets-gestolen.nl@2"):
        page = validator.page(path)
        assert "Klopt dit ook voor een step? &lt;b&gt;" in page, path
        assert "Redacteur (voorbeeld)" in page
    for path in (PAGE, PAGE + "/versie/2"):
        assert "Klopt dit ook" not in agent.page(path)
        assert "/notities" not in agent.page(path)
    (note,) = engine_of(app).notes.of([BIKE])
    assert validator.post(f"/notities/{note.id}", {"back": "queue"}).location.endswith("/ter-validatie")
    assert "Klopt dit ook" not in validator.page("/ter-validatie")
    assert "afgehandeld door Validator (voorbeeld)" in validator.page(PAGE)


def test_note_when_it_holds_personal_data_comes_back_as_typed_until_it_is_confirmed(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """What was found is named; another text than the confirmed one is asked anew."""
    editor = visit("editor")
    typed = NOTE | {"text": "Bel 0478 12 34 56 terug."}
    asked = editor.post("/notities", typed)
    assert asked.status_code == 422
    assert "Er lijken persoonsgegevens in de notitie te staan: 0478 12 34 56." in asked.text
    assert ">Bel 0478 12 34 56 terug.</textarea>" in asked.text
    other = typed | {"text": "Bel 0478 12 34 57 terug.", "confirmed": typed["text"]}
    assert editor.post("/notities", other).status_code == 422
    assert editor.post("/notities", typed | {"confirmed": typed["text"]}).status_code == 303
    assert len(engine_of(app).notes.of()) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "  "}, "note.empty"),
        ({"text": "x" * 1_001}, "note.long"),
        ({"number": "77"}, "revision.unknown"),
        ({"slug": "bestaat-niet"}, "text.unknown"),
        ({"kind": "poem"}, "ref.unknown"),
    ],
)
def test_note_when_it_cannot_be_kept_says_why(crew: dict[str, Visitor], change: dict[str, str], code: str) -> None:
    """Nothing is kept, and the reason has its own words."""
    answer = crew["editor"].post("/notities", NOTE | {"text": "Kijk na."} | change, headers=FETCH)
    assert answer.status_code in (404, 422)
    assert code in (code_of(answer), code if "Nog niet bewaard." in answer.text else "")


def test_note_when_the_session_ended_meanwhile_keeps_what_was_typed(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """Nobody types a thought twice."""
    editor = visit("editor")
    answer = editor.post("/notities", NOTE | {"text": "Een lange gedachte."}, token="x" * 43)
    assert answer.status_code == 403
    assert "Een lange gedachte." in answer.text
