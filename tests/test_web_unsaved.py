"""What is typed and not saved, through the pages: kept, offered, taken up, thrown away, and never somebody else's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from web_app import FETCH, Visitor, code_of, engine_of

pytest_plugins = ["web_fixtures"]

SLUG = "fiets-gestolen"
EDIT = f"/fiche/{SLUG}/nl/bewerken"
KEY = "b" * 32


def typed(app: Flask, slug: str = SLUG, **changed: str) -> dict[str, str]:
    """The editor's form as it opens, with some fields changed and a name to keep it under."""
    editing = engine_of(app).editing
    form = editing.form(slug, "nl") if slug else editing.blank_form("nl", "diefstal")
    sheet = {"klad": KEY, "seen": "0", "window": "een"}
    return {name: str(getattr(form, name)) for name in form.__slots__} | sheet | changed


def keep(visitor: Visitor, form: dict[str, str]) -> int:
    """Keep a form as the page does while one types; its version."""
    answer = visitor.post("/bewerken/klad", form, headers=FETCH)
    assert answer.status_code == 200, answer.text
    return int(answer.get_json()["version"])


def test_text_when_typed_is_offered_again_and_changes_nothing(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """On any machine of that person, with when; nobody else is shown it, and the article is as it was."""
    keep(visit("editor"), typed(app, default="Half getypte zin"))
    again = visit("editor")

    assert "Je typte hier iets dat nog niet bewaard is" in again.page(EDIT)
    assert "Half getypte zin" in again.page(f"{EDIT}?klad={KEY}")
    assert "Je typte 1 tekst die nog niet bewaard is" in again.page("/fiches")
    assert "nog niet bewaard" not in visit("validator").page(EDIT)
    assert visit("validator").get(f"{EDIT}?klad={KEY}").status_code == 404
    assert engine_of(app).reading.article(SLUG, "nl").latest.number == 1


def test_text_when_saved_is_offered_no_more(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """What became a revision is in the record, and nowhere else."""
    editor, form = visit("editor"), typed(app, default="Volledige zin.")
    keep(editor, form)
    editor.post("/bewerken", form | {"then": ""})

    assert "Niets: alles wat je typte" in editor.page("/kladjes")


def test_text_when_typed_back_to_what_it_was_is_offered_by_no_later_version(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """What says what its article said when it was opened says nothing new, whoever saves another text after it."""
    editor = visit("editor")
    keep(editor, typed(app))
    editor.post("/bewerken", typed(app, default="Nieuwe zin.", klad="c" * 32) | {"then": ""})

    assert engine_of(app).reading.article(SLUG, "nl").latest.number == 2
    assert "nog niet bewaard" not in editor.page(EDIT)
    assert "Niets: alles wat je typte" in editor.page("/kladjes")


def test_text_when_thrown_away_asks_once(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """One confirmation stands before it, and then it is gone."""
    editor = visit("editor")
    keep(editor, typed(app, default="Weg ermee"))
    page = editor.page("/kladjes")
    answer = editor.post("/kladjes/weg", {"klad": KEY, "slug": SLUG, "lang": "nl", "back": "list"})

    assert "Ja, gooi weg" in page
    assert answer.headers["Location"] == "/kladjes?ok=drop"
    assert "Weg ermee" not in editor.page("/kladjes")


def test_text_when_of_a_new_article_is_offered_at_a_new_form(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Also without a name yet; not at the form of another article, and not while nothing was typed."""
    editor = visit("editor")
    keep(editor, typed(app, "", title="", default=""))
    assert "nog niet bewaard" not in editor.page("/nieuw")
    keep(editor, typed(app, "", default="Nieuw antwoord zonder titel", seen="1"))

    assert "Nieuw antwoord zonder titel" in editor.page("/nieuw")
    assert "nog niet bewaard is" not in editor.page(EDIT)


def test_text_when_the_article_changed_meanwhile_says_so(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Who saved which version, with what changed; saving then shows both texts."""
    editor, form = visit("editor"), typed(app, default="Mijn halve zin")
    keep(editor, form)
    other = typed(app, default="Hun zin.") | {"then": ""}
    visit("validator").post("/bewerken", other | {"klad": ""})
    page = editor.page(EDIT)

    assert "Validator (voorbeeld) bewaarde" in page
    assert "Hun zin." in page
    assert editor.post("/bewerken", form | {"then": ""}).status_code == 409
    assert "Mijn halve zin" in editor.page(f"{EDIT}?klad={KEY}")


def test_text_when_typed_in_two_windows_is_kept_twice(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The second window is told, so that it takes a name of its own."""
    editor = visit("editor")
    keep(editor, typed(app, default="Eerste venster"))
    refused = editor.post("/bewerken/klad", typed(app, default="Tweede venster", window="twee"), headers=FETCH)
    keep(editor, typed(app, default="Tweede venster", window="twee", klad="c" * 32))
    page = editor.page(EDIT)

    assert (refused.status_code, code_of(refused)) == (409, "unsaved.elsewhere")
    assert "2 teksten die nog niet bewaard zijn" in page
    assert "Eerste venster" in editor.page(f"{EDIT}?klad={KEY}")


def test_text_when_it_cannot_be_saved_is_kept_all_the_same(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Also without scripts: the page that says what is wrong keeps what was typed."""
    editor = visit("editor")
    editor.post("/bewerken", typed(app, default="", short="Alleen kort, te vroeg", klad="") | {"then": ""})

    assert "Alleen kort, te vroeg" in editor.page("/kladjes")


def test_field_when_wrong_says_so_beside_it_and_takes_the_focus(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The first that is wrong is where one goes on; each says what is wrong, and nothing typed is lost."""
    form = typed(app, title="", review_months="99", sources="Wet op het politieambt, art. 1\nhttps://a.be https://b.be")
    page = visit("editor").post("/bewerken", form | {"then": ""}).text

    assert re.search(r'<input id="field-title"[^>]*aria-invalid="true" autofocus', page)
    assert re.search(r'id="wrong-title">[^<]*Vul dit veld in: Titel', page)
    assert re.search(r'id="wrong-review_months">[^<]*De waarde bij Herzien', page)
    assert page.count("autofocus") == 1
    assert "Wet op het politieambt, art. 1\nhttps://a.be https://b.be</textarea>" in page


def test_field_when_new_and_empty_is_not_wrong_yet(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Nobody is told off before they tried to save."""
    page = visit("editor").page("/nieuw")

    assert 'aria-invalid="true"' not in page
    assert '<span class="wrong" id="wrong-title"></span>' in page


def test_fields_when_chosen_are_kept_as_an_article_has_them(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Several sources and tags, a law by its name, channels by ticking them, sentences that stay as they are."""
    before = typed(app)
    locked = before["default"].split(".")[0]
    sources = "Wet op het politieambt, art. 1\nhttps://a.be https://b.be"
    form = before | {"sources": sources, "tags": "fiets\nwegcode-1975", "locked": locked, "channel:x": "1"}
    answer = visit("editor").post("/bewerken", form | {"channel:email": "1", "then": ""})
    kept = engine_of(app).editing.form(SLUG, "nl")

    assert answer.status_code == 303
    assert kept.sources.split("\n") == ["Wet op het politieambt, art. 1", "https://a.be", "https://b.be"]
    assert (kept.tags, kept.channels, kept.locked) == ("fiets\nwegcode-1975", "x\nemail", locked)


@pytest.mark.parametrize("changed", [{"klad": "../x"}, {"seen": "-1"}, {"base": "x"}, {"lang": "xx"}, {"more": "1"}])
def test_text_when_its_form_is_tampered_with_is_refused(
    app: Flask, visit: Callable[[str], Visitor], changed: dict[str, str]
) -> None:
    """Nothing is kept under a name that is none, or of a language there is not."""
    answer = visit("editor").post("/bewerken/klad", typed(app) | changed, headers=FETCH)

    assert 400 <= answer.status_code < 500
    assert code_of(answer)
