"""Two people at once, at the pages: whoever comes second loses nothing, and reads who was first."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from web_app import FETCH, OWN, Visitor, code_of, engine_of, token_in

from kbengine.article import Kind, Ref
from kbengine.engine import Engine

pytest_plugins = ["web_fixtures"]

ARTICLE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
MINE = "Kom met je fietspapieren naar ons loket."
FIRST = "Validator (voorbeeld) bewaarde op "


def typed(engine: Engine, **changed: str) -> dict[str, str]:
    """The article's form as it opens, with some boxes typed in."""
    form = engine.editing.form(ARTICLE.slug, ARTICLE.lang)
    return {name: str(getattr(form, name)) for name in form.__slots__} | {"then": ""} | changed


def decision(engine: Engine, made: str, number: int, reason: str = "") -> dict[str, str]:
    """A decision on a revision as its page would send it."""
    line = next(line for line in engine.editing.lines(ARTICLE) if line.number == number)
    named = {"kind": "article", "slug": ARTICLE.slug, "lang": ARTICLE.lang, "number": str(number)}
    return named | {"digest": line.digest, "move": made, "back": "queue", "reason": reason}


def questions(engine: Engine) -> tuple[str, dict[str, str]]:
    """Where a question file is saved, and its form."""
    text, base = engine.editing.questions_text(ARTICLE.slug)
    return f"/vragen/{ARTICLE.slug}", {"text": text, "base": str(base), "then": ""}


def kinds(engine: Engine) -> tuple[str, dict[str, str]]:
    """Where the register of kinds is saved, and its form."""
    page, text, _ = engine.registers.kinds()
    return "/soorten/tekst", {"text": text, "base": str(page.number), "then": ""}


@pytest.mark.parametrize("kept_at", [questions, kinds])
def test_text_when_somebody_was_first_stands_beside_the_other(
    app: Flask, visit: Callable[[str], Visitor], kept_at: Callable[[Engine], tuple[str, dict[str, str]]]
) -> None:
    """Who was first and when, both texts, and the key saves on top of the newest."""
    path, form = kept_at(engine_of(app))
    theirs, mine = form | {"text": form["text"] + "# hun regel\n"}, form | {"text": form["text"] + "# mijn regel\n"}
    visit("validator").post(path, theirs)
    editor = visit("editor")
    answer = editor.post(path, mine)

    assert answer.status_code == 409
    assert all(said in answer.text for said in (FIRST, "# hun regel", "# mijn regel"))
    base = re.search(r'name="base" value="(\d+)"', answer.text)
    assert base is not None
    assert editor.post(path, mine | {"base": base.group(1)}).status_code == 303


def test_group_when_somebody_was_first_says_who(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """A register's form holds what was typed, beside what the other kept."""
    page, lines = engine_of(app).registers.synonyms()
    name = lines[0].group.name
    form = {"before": name, "name": name, "base": str(page.number), "then": ""}
    words = {"fr": "", "en": "", "de": ""}
    visit("validator").post("/synoniemen/groep", form | words | {"nl": "woordeen\nwoordtwee"})
    answer = visit("editor").post("/synoniemen/groep", form | words | {"nl": "woorddrie\nwoordvier"})

    assert answer.status_code == 409
    assert FIRST in answer.text
    assert "woorddrie\nwoordvier" in answer.text


def test_decision_when_another_validator_was_first_keeps_the_note(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The second one reads who decided what and when, and still has the note that was typed."""
    engine = engine_of(app)
    visit("editor").post("/bewerken", typed(engine, default=MINE, then="submit"))
    returned = decision(engine, "return", 2, "Dit nummer is oud.")
    visit("validator").post("/besluit", decision(engine, "validate", 2))
    answer = visit("validator").post("/besluit", returned)

    assert answer.status_code == 409
    said = unescape(answer.text)
    assert "Validator (voorbeeld), " in said
    assert "versie 2: gevalideerd." in said
    assert "Dit nummer is oud.</textarea>" in said
    assert "Jouw beslissing (terugsturen) is niet genoteerd." in said


def test_decision_when_the_text_was_replaced_shows_both_and_goes_on(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """What was read stands beside the newest, and one key decides on that one instead."""
    engine = engine_of(app)
    editor, validator = visit("editor"), visit("validator")
    seen = decision(engine, "hold", 1, "Telefoonnummer klopt niet.")
    editor.post("/bewerken", typed(engine, default=MINE, then="submit"))
    validator.post("/besluit", decision(engine, "validate", 2))
    answer = editor.post("/besluit", seen)

    assert answer.status_code == 409
    assert MINE in answer.text
    assert "Versie 1, die jij las" in answer.text
    assert "Toch, op versie 2: opschorten" in answer.text
    again = decision(engine, "hold", 2, "Telefoonnummer klopt niet.")
    assert all(f'name="{name}" value="{value}"' in answer.text for name, value in again.items() if name != "reason")
    assert editor.post("/besluit", again).status_code == 303


def test_decision_when_a_script_asked_is_told_by_its_code(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """A script gets the refusal, not a page."""
    validator = visit("validator")

    assert code_of(validator.post("/besluit", decision(engine_of(app), "return", 1, "Zo."), FETCH)) == "move.state"


def test_text_when_the_session_ended_stays_on_the_page_until_it_is_saved(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """Nothing typed is lost: it is shown, and goes through once its writer has signed in again."""
    editor, form = visit("editor"), typed(engine_of(app), default=f"{MINE}\n\nTweede alinea.")
    editor.client.delete_cookie("kb_session")
    ended = editor.post("/bewerken", form)

    assert ended.status_code == 401
    assert "Tweede alinea.</textarea>" in ended.text
    assert token_in(ended.text) == ""
    again = visit("editor")
    back = again.post("/bewerken", form, token="")
    assert back.status_code == 403
    assert "Tweede alinea.</textarea>" in back.text
    assert again.post("/bewerken", form, token=token_in(back.text)).status_code == 303
    assert engine_of(app).editing.form(ARTICLE.slug, "nl").default == f"{MINE}\n\nTweede alinea."


def test_text_when_another_site_sends_it_is_not_shown(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """What a foreign page posts is refused before anything is echoed."""
    answer = visit("").post("/bewerken", {"default": "<b>lok</b>"}, OWN | {"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "lok" not in answer.text


def test_message_when_the_session_ended_is_never_echoed(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """What a citizen wrote stands in no refusal."""
    answer = visit("").post("/", {"message": "mijn fiets is weg in de Dorpsstraat", "channel": "facebook", "lang": ""})

    assert "Dorpsstraat" not in answer.text
