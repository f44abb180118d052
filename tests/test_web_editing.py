"""Writing and vouching through the pages: forms, previews, conflicts, moves and the queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from web_app import FETCH, Visitor, code_of, engine_of

from kbengine.engine import ArticlePage

pytest_plugins = ["web_fixtures"]

SLUG = "fiets-gestolen"
PAGE = f"/fiche/{SLUG}/nl"
TEXT = "Kom met je fietspapieren naar ons loket."


def typed(app: Flask, slug: str = SLUG, lang: str = "nl", **changed: str) -> dict[str, str]:
    """The editor's form as it opens, with some fields changed."""
    form = engine_of(app).editing.form(slug, lang)
    return {name: str(getattr(form, name)) for name in form.__slots__} | {"then": ""} | changed


def article(app: Flask) -> ArticlePage:
    """Where the article stands."""
    return engine_of(app).reading.article(SLUG, "nl")


def move(app: Flask, made: str, number: int = 0, **changed: str) -> dict[str, str]:
    """The form of a move on a revision, the newest unless said."""
    page = article(app)
    line = next(line for line in page.revisions if line.number == (number or page.latest.number))
    form = {"kind": "article", "slug": SLUG, "lang": "nl", "number": str(line.number), "digest": line.digest}
    return form | {"move": made, "back": "article", "reason": "Proef."} | changed


def test_text_when_saved_is_a_draft_beside_the_live_one(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Saving publishes nothing."""
    answer = visit("editor").post("/bewerken", typed(app, default=TEXT))

    assert answer.headers["Location"] == f"{PAGE}?ok=save"
    assert (article(app).live_number, article(app).latest.state) == (1, "draft")


def test_text_when_saved_and_submitted_waits(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """One key saves and sends for validation."""
    visit("editor").post("/bewerken", typed(app, default=TEXT, then="submit"))

    assert article(app).latest.state == "in review"


def test_text_when_submitted_with_errors_is_kept_as_draft(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Nothing typed is lost; what stands in the way is said."""
    answer = visit("editor").post("/bewerken", typed(app, default="Bel {fact:onbekend}.", then="submit"))

    assert answer.status_code == 422
    assert "Bewaard als concept, maar niet ter validatie gestuurd." in answer.text
    assert article(app).latest.state == "draft"
    assert 'name="base" value="2"' in answer.text


def test_text_when_it_cannot_be_kept_comes_back_with_its_problems(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The form still holds what was typed."""
    answer = visit("editor").post("/bewerken", typed(app, default="", short=TEXT))

    assert answer.status_code == 422
    assert "Nog niet bewaard." in answer.text
    assert TEXT in answer.text
    assert article(app).latest.number == 1


def test_text_when_somebody_was_first_shows_both(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Who was first, both texts, and the way on from either."""
    mine = typed(app, default="Mijn tekst.")
    visit("validator").post("/bewerken", typed(app, default="Hun tekst."))
    answer = visit("editor").post("/bewerken", mine)

    assert answer.status_code == 409
    for said in ("Validator (voorbeeld) bewaarde", "Mijn tekst.", "Hun tekst.", 'name="base" value="2"'):
        assert said in answer.text
    assert article(app).latest.number == 2


def test_preview_when_typed_shows_problems_and_replies(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Nothing is kept of it; the problems are in Dutch and the reply is counted for each channel."""
    phone = next(value for name, _, value in engine_of(app).editing.facts() if name == "zone_phone")
    page = visit("editor").post("/bewerken/voorbeeld", typed(app, default="Bel {fact:zone_phone} of {fact:nee}.")).text

    assert "Er is geen vaste waarde {fact:nee}." in page
    assert f"Bel {phone} of" in page
    assert "/ 280" in page
    assert article(app).latest.number == 1


def test_article_when_new_gets_its_page(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """A new article starts as a draft that nobody is offered."""
    form = typed(app, slug=SLUG) | {"slug": "huisdier-weg", "theme": "diefstal", "title": "Huisdier weg", "base": "0"}
    editor = visit("editor")
    answer = editor.post("/bewerken", form)

    assert answer.headers["Location"] == "/fiche/huisdier-weg/nl?ok=save"
    assert "Er is nu geen geldige tekst." in editor.page("/fiche/huisdier-weg/nl")


@pytest.mark.parametrize("slug", ["../x", "Hoofdletters", "a b", ""])
def test_article_when_its_name_is_bad_is_refused(app: Flask, visit: Callable[[str], Visitor], slug: str) -> None:
    """A name is letters, digits and hyphens; the form says so."""
    answer = visit("editor").post("/bewerken", typed(app) | {"slug": slug, "base": "0"})

    assert answer.status_code == 422
    assert "De korte naam" in answer.text


def test_translation_when_opened_asks_only_for_its_text(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """What counts for every language is changed in the first."""
    page = visit("editor").page(f"/fiche/{SLUG}/fr/bewerken")

    assert 'type="hidden" name="owner"' in page
    assert "gelden voor elke taal" in page


def test_questions_when_saved_wait_for_a_second_editor(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """A question file is a text like any other."""
    text, base = engine_of(app).editing.questions_text(SLUG)
    changed = {"text": text.replace("]", '"velo foetsie",\n]', 1), "base": str(base), "then": "submit"}
    answer = visit("editor").post(f"/vragen/{SLUG}", changed)

    assert answer.headers["Location"] == f"{PAGE}?ok=submit"
    assert "velo foetsie" in engine_of(app).editing.questions_text(SLUG)[0]
    assert "Vragen bij:" in visit("validator").page("/ter-validatie")


@pytest.mark.parametrize(
    ("login", "status", "code"), [("agent", 403, "move.role"), ("editor", 403, "move.role"), ("validator", 303, "")]
)
def test_validation_when_asked_is_for_validators(
    app: Flask, visit: Callable[[str], Visitor], login: str, status: int, code: str
) -> None:
    """The engine decides, whatever form is sent."""
    visit("editor").post("/bewerken", typed(app, default=TEXT, then="submit"))
    answer = visit(login).post("/besluit", move(app, "validate"), headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (status, code)


def test_validation_when_of_an_own_text_is_refused_and_said(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Four eyes: the queue says why the key is not there, and the form does not work either."""
    validator = visit("validator")
    validator.post("/bewerken", typed(app, default=TEXT, then="submit"))
    page = validator.page("/ter-validatie")
    answer = validator.post("/besluit", move(app, "validate"), headers=FETCH)

    assert "je schreef mee aan deze tekst" in page
    assert (answer.status_code, code_of(answer)) == (403, "move.own-text")


def test_validation_when_the_text_changed_meanwhile_is_refused(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """A decision is about the text that was read."""
    visit("editor").post("/bewerken", typed(app, default=TEXT, then="submit"))
    seen = move(app, "validate", digest=move(app, "flag", number=1)["digest"])
    answer = visit("validator").post("/besluit", seen, headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (409, "revision.changed")


def test_queue_when_a_text_waits_shows_what_changed(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """What came and what went can be heard as well as seen, with sources and author beside it."""
    form = typed(app)
    changed = "Vandaag " + form["default"].partition(" ")[2]
    visit("editor").post("/bewerken", form | {"default": changed, "review_months": "6", "then": "submit"})
    page = visit("validator").page("/ter-validatie")

    for said in ("[erbij:", "[weg:", "<ins>", "<del>", "Bronnen", "Redacteur (voorbeeld)", "Herzien om de"):
        assert said in page


@pytest.mark.parametrize("made", ["return", "hold", "archive", "flag"])
def test_move_when_it_needs_a_reason_asks_for_one(app: Flask, visit: Callable[[str], Visitor], made: str) -> None:
    """Without one nothing happens."""
    visit("editor").post("/bewerken", typed(app, default=TEXT, then="submit"))
    number = 2 if made == "return" else 1
    answer = visit("validator").post("/besluit", move(app, made, number, reason=" "), headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (422, "move.reason")


@pytest.mark.parametrize(
    "changed",
    [{"move": "publish"}, {"kind": "secret"}, {"number": "x"}, {"digest": "0" * 64}, {"slug": "../x"}],
    ids=lambda changed: next(iter(changed)),
)
def test_move_when_its_form_is_tampered_with_is_refused(
    app: Flask, visit: Callable[[str], Visitor], changed: dict[str, str]
) -> None:
    """Nothing but the moves there are, on texts there are, as they were read."""
    answer = visit("validator").post("/besluit", move(app, "hold") | changed, headers=FETCH)

    assert 400 <= answer.status_code < 500
    assert article(app).live_number == 1


def test_agent_when_a_text_is_wrong_can_say_so(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The note stands with the article, and in the queue of who can do something about it."""
    agent = visit("agent")
    agent.post("/besluit", move(app, "flag", reason="Het uur klopt niet."))

    assert "Het uur klopt niet." in agent.page(PAGE)
    assert "Het uur klopt niet." in visit("validator").page("/ter-validatie")


def test_source_when_not_a_web_address_is_no_link(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """A source may be named in words; it can never be a script."""
    visit("editor").post("/bewerken", typed(app, sources="javascript:alert(1)\nhttps://x.example", then="submit"))
    page = visit("validator").page("/ter-validatie")

    assert 'href="https://x.example"' in page
    assert 'href="javascript' not in page


def test_revision_when_old_is_marked(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Nobody takes history for an answer."""
    visit("editor").post("/bewerken", typed(app, default=TEXT, then="submit"))
    assert "Niet (of nog niet) gevalideerd" in visit("agent").page(f"{PAGE}/versie/2")
    visit("validator").post("/besluit", move(app, "validate"))

    assert "Niet meer geldig: niet versturen." in visit("agent").page(f"{PAGE}/versie/1")
    assert "Dit is de versie die nu geldig is." in visit("agent").page(f"{PAGE}/versie/2")


def test_history_when_read_names_who_did_what_and_why(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Every move stands there with its reason."""
    visit("validator").post("/besluit", move(app, "hold", reason="Wetswijziging."))
    page = visit("agent").page(PAGE)

    for said in ("Opgeschort</span> door Validator (voorbeeld)", "Wetswijziging.", "opgeschort"):
        assert said in page


@pytest.mark.parametrize("login", ["agent", "editor", "validator"])
def test_article_when_shown_offers_only_what_one_may_do(crew: dict[str, Visitor], login: str) -> None:
    """Keys follow roles."""
    page = crew[login].page("/fiche/vakantietoezicht/nl")

    assert ("Klopt nog</button>" in page) == (login == "validator")
    assert ("Bewerken</a>" in page) == (login != "agent")
    assert "Klopt niet</summary>" in page


def test_overview_when_narrowed_shows_that_state_only(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """A list of what waits holds nothing else."""
    editor = visit("editor")
    editor.post("/bewerken", typed(app, default=TEXT, then="submit"))
    page = editor.page("/fiches?stand=in review")

    assert f'{PAGE}"' in page
    assert "/fiche/nachtlawaai/nl" not in page
