"""Every page as a whole: it is sound HTML, named, labelled, in order, and each template is on one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask, template_rendered
from homes import copy_home
from web_app import ANSWER, DANGER, STOLEN, Visitor, engine_of, new_link, sign_in

import web
from kbengine.article import Kind, Ref
from kbengine.settings import Settings

pytest_plugins = ["web_fixtures"]

XHTML = "{http://www.w3.org/1999/xhtml}"
FOLDER = Path(web.__file__).parent
PARTS = {
    "base.html",
    "conflict_parts.html",
    "editor_parts.html",
    "history_parts.html",
    "lesson_parts.html",
    "names_parts.html",
    "neighbours_parts.html",
    "password_fields.html",
    "parts.html",
    "register_parts.html",
    "reply_parts.html",
    "unsaved_parts.html",
}
UNLABELLED = ("hidden", "submit", "button")


def form_of(app: Flask, **typed: str) -> dict[str, str]:
    """The fields of the editor's form of an article."""
    form = engine_of(app).editing.form("fiets-gestolen", "nl")
    return {name: str(getattr(form, name)) for name in form.__slots__} | typed


DAY = {
    "title": "Stroompanne in de wijk",
    "text": "De stroom is weg.",
    "source": "telefoon",
    "until": "23:59",
    "voucher": "validator",
    "slug": "",
    "base": "0",
}
REGISTERS = {
    "/synoniemen/groep": {"before": "", "name": "proef", "nl": "zeppelin", "fr": "", "en": "", "de": "", "base": "0"},
    "/sturing/regel": {
        "before": "",
        "name": "proef",
        "words": "zeppelin",
        "steer": "pin",
        "slug": "fiets-gestolen",
        "reason": "Proef.",
        "until": (datetime.now(UTC) + timedelta(days=30)).date().isoformat(),
        "base": "0",
    },
}


def tour(app: Flask) -> Iterator[tuple[str, str]]:
    """Every page that a person can come to, with its name."""
    nobody, agent, editor, validator = (sign_in(app, login) for login in ("", "agent", "editor", "validator"))
    fresh = Visitor(app.test_client())
    yield "welcome", nobody.page("/aanmelden")
    yield "arrive", fresh.page(new_link(app, "agent"))
    yield "error", agent.get("/bestaat-niet").text
    yield from desk_tour(agent)
    yield from learning_tour(agent, editor, validator)
    yield from marks_tour(agent, editor)
    yield "search", agent.page("/zoeken")
    yield "hits", agent.post("/zoeken", {"text": "fiets"}).text
    yield from writing_tour(app, editor, validator)
    yield from lists_tour(editor, validator)
    yield from history_tour(app, editor, validator)
    yield from names_tour(app, editor, validator)
    yield from overtaken_tour(agent, editor, validator)
    yield from people_tour(app, editor)


def desk_tour(agent: Visitor) -> Iterator[tuple[str, str]]:
    """A message, what is found for it, and the reply that is copied."""
    yield "desk", agent.page("/")
    for name, message in {
        "suggestions": STOLEN,
        "danger": DANGER,
        "abstained": "De maan is van kaas.",
        "empty": " ",
    }.items():
        yield name, agent.post("/", {"message": message, "channel": "facebook"}).text
    yield "reply", agent.post("/antwoord", {**ANSWER, "channel": "messenger", "first_name": "An"}).text
    yield "copied", agent.post("/kopieer", ANSWER).text
    yield "taken back", agent.post("/niet-gebruikt", {"copies": ""}).text


def writing_tour(app: Flask, editor: Visitor, validator: Visitor) -> Iterator[tuple[str, str]]:
    """Articles and registers: shown, written, refused, and written by somebody else meanwhile."""
    for path in ("/fiches", "/fiches?stand=validated", "/fiche/fiets-gestolen/nl", "/fiche/fiets-gestolen/en"):
        yield path, editor.page(path)
    yield "article of a validator", validator.page("/fiche/fiets-gestolen/nl")
    for path in (
        "/nieuw",
        "/fiche/fiets-gestolen/nl/bewerken",
        "/fiche/fiets-gestolen/fr/bewerken",
        "/vragen/fiets-gestolen",
    ):
        yield path, editor.page(path)
    changed = form_of(app, default="Nieuwe tekst met `code` en {fact:onbekend}.", then="")
    yield "preview", editor.post("/bewerken/voorbeeld", changed).text
    assert editor.post("/bewerken", form_of(app, default="Een *tweede* tekst.", then="submit")).status_code == 303
    yield "conflict", editor.post("/bewerken", changed).text
    yield "questions refused", editor.post("/vragen/fiets-gestolen", {"text": "nl = [", "base": "1"}).text
    yield "questions overtaken", editor.post("/vragen/fiets-gestolen", {"text": 'nl = ["x"]', "base": "0"}).text
    for path, typed in REGISTERS.items():
        assert editor.post(path, {**typed, "then": "submit"}).status_code == 303
        yield f"refused {path}", editor.post(path, {**typed, "name": "Niet Zo"}).text
        yield f"overtaken {path}", editor.post(path, {**typed, "before": "oud"}).text
    for path in (
        "/synoniemen",
        "/synoniemen/groep?naam=proef",
        "/sturing",
        "/sturing/regel?naam=proef",
        "/soorten",
        "/soorten/tekst",
    ):
        yield path, editor.page(path)
    asked = {"kind": "article", "slug": "fiets-gestolen", "lang": "nl", "number": "2"}
    yield "effects", validator.post("/gevolgen", asked).text


def lists_tour(editor: Visitor, validator: Visitor) -> Iterator[tuple[str, str]]:
    """What waits, what ends, who vouches, and what the texts of a zone lean on."""
    for path in (
        "/ter-validatie",
        "/ter-validatie?ok=submit",
        "/drempel",
        "/crisis",
        "/start",
        "/start/stand",
        "/te-valideren",
        "/te-herzien?dagen=365",
        "/wie-valideert",
        "/vaste-waarden",
        "/vaste-waarden/waarde?naam=zone_phone",
        "/invloed",
    ):
        yield path, validator.page(path)
    yield "crisis refused", validator.post("/crisis", {"turn": "off", "reason": "Voorbij"}).text
    yield "own queue", editor.page("/ter-validatie")
    for path in (
        "/fiche/fiets-gestolen/nl?ok=submit",
        "/fiche/fiets-gestolen/nl/versie/1",
        "/fiche/fiets-gestolen/nl/versie/2",
    ):
        yield path, editor.page(path)


def history_tour(app: Flask, editor: Visitor, validator: Visitor) -> Iterator[tuple[str, str]]:
    """What changed, a note on it, and what a major change makes due."""
    yield "difference", editor.page("/fiche/fiets-gestolen/nl/verschil?oud=1&nieuw=2")
    note = {"kind": "article", "slug": "fiets-gestolen", "lang": "nl", "number": "2", "back": "article"}
    yield "note refused", editor.post("/notities", note | {"text": "Bel 0478 12 34 56."}).text
    assert editor.post("/notities", note | {"text": "Kijk de link na."}).status_code == 303
    newest = engine_of(app).editing.lines(Ref(Kind.ARTICLE, "fiets-gestolen", "nl"))[0]
    sent = note | {"digest": newest.digest, "move": "return", "reason": "Zeg hoe groot."}
    assert validator.post("/besluit", sent).status_code == 303
    yield "article to send", editor.page("/fiche/fiets-gestolen/nl")
    for visitor, move in ((editor, {"move": "submit", "weight": "major"}), (validator, {"move": "validate"})):
        assert visitor.post("/besluit", note | {"digest": newest.digest} | move).status_code == 303
    for path in (
        "/fiche/fiets-gestolen/nl",
        "/fiche/fiets-gestolen/nl/naast/fr",
        "/fiche/fiets-gestolen/fr",
        "/fiche/fiets-gestolen/fr/bewerken",
        "/fiches?stand=translation-due",
        "/te-herzien",
        "/te-valideren?tekst=article/fiets-gestolen.fr@1",
    ):
        yield f"overtaken {path}", validator.page(path)


def names_tour(app: Flask, editor: Visitor, validator: Visitor) -> Iterator[tuple[str, str]]:
    """Names and neighbours of articles, many at once, what was typed and not saved, and whose subject it is."""
    for path in (
        "/hernoemen/fiets-gestolen",
        "/samenvoegen/fiets-gestolen",
        "/buren",
        "/fiche/fiets-gestolen/nl/buren",
        "/doorverwijzingen",
        "/doorverwijzingen/onderwerp",
        "/doorverwijzingen/onderwerp?naam=huisvuil",
        "/klok",
    ):
        yield path, validator.page(path)
    yield "merge planned", editor.post("/samenvoegen/gsm-gestolen", {"into": "fiets-gestolen"}).text
    yield "renamed refused", editor.post("/hernoemen/fiets-gestolen", {"new": "nachtlawaai"}).text
    typed = form_of(app, default="Half getypt.") | {"klad": "a" * 32, "seen": "0", "window": "b" * 32}
    assert editor.post("/bewerken/klad", typed).status_code == 200
    yield "left", editor.page("/fiche/fiets-gestolen/nl/bewerken")
    yield "all left", editor.page("/kladjes")
    assert editor.post("/fiche/fiets-gestolen/nl/buren/kort", {}).status_code == 200
    chosen = {"act": "hold", "stand": "", "pick:fiets-gestolen": "1"}
    yield "bulk planned", validator.post("/fiches/samen", chosen).text


def overtaken_tour(agent: Visitor, editor: Visitor, validator: Visitor) -> Iterator[tuple[str, str]]:
    """A day answer and its link, and what somebody reads who came second or whose session ended."""
    yield "day refused", agent.post("/dagantwoord", {**DAY, "until": "straks"}).text
    sent = agent.post("/dagantwoord", DAY).text
    yield "day sent", sent
    yield "day", agent.page("/dagantwoord")
    found = re.search(r"http://[^/]+(/dag/[^<]+)</textarea>", sent)
    assert found is not None
    yield "day read", validator.page(found.group(1))
    yield "day without a note", validator.post(found.group(1), {"said": "nee", "note": ""}).text
    yield "day done", validator.post(found.group(1), {"said": "ja"}).text
    yield "day live", agent.page("/dagantwoord")
    late = {"kind": "article", "slug": "fiets-gestolen", "lang": "nl", "number": "1", "digest": "x", "move": "hold"}
    yield "overtaken", editor.post("/besluit", {**late, "back": "queue", "reason": "Het nummer is oud."}).text
    yield "rescued", editor.post("/vragen/fiets-gestolen", {"text": "nl = [\n]", "base": "1"}, token="").text


def people_tour(app: Flask, editor: Visitor) -> Iterator[tuple[str, str]]:
    """What an administrator sees of people, what anybody has of their own, and the lock."""
    administrator = sign_in(app, "administrator")
    yield "account", administrator.post("/mijn-account/token", {"label": "rapport"}).text
    yield "people", administrator.post("/mensen", {"login": "eve", "name": "Eve", "role:agent": "yes"}).text
    yield "people refused", administrator.post("/mensen", {"login": "e ve", "name": "Eve"}).text
    engine_of(app).people.lock(editor.cookie())
    yield "locked", editor.get("/fiches").text


def learning_tour(agent: Visitor, editor: Visitor, validator: Visitor) -> Iterator[tuple[str, str]]:
    """What an agent keeps of a message, and what editors see of it."""
    said = {"message": "gisteren zag ik Karel met mijne velo, bel 0470 12 34 56", "channel": "facebook"}
    yield "lesson", agent.post("/leren/formulering/fiets-gestolen", said).text
    yield "lesson of a gap", agent.post("/leren/formulering", said).text
    yield "nothing to learn", editor.page("/leren")
    kept = {"text": "mijne velo is foetsie", "lang": "nl", "slug": "fiets-gestolen"}
    yield "lesson refused", agent.post("/leren/bewaren", {**kept, "text": "!"}).text
    assert agent.post("/leren/bewaren", kept).status_code == 303
    assert agent.post("/leren/bewaren", {**kept, "slug": "", "text": "waar koop ik een hond"}).status_code == 303
    assert agent.post("/past-niet/fiets-gestolen/nl", {"channel": "facebook"}).status_code == 303
    for path in ("/leren/genoteerd?ok=phrase", "/leren/genoteerd", "/leren", "/leren?ok=drop", "/leren/1"):
        yield path, editor.page(path)
    changed = {"seen": kept["text"], "then": "change"}
    yield "phrase refused", editor.post("/leren/1", {**changed, "text": "bel 0470 12 34 56"}).text
    assert editor.post("/leren/1", {**changed, "text": "mijn velo is foetsie"}).status_code == 303
    yield "own phrase", editor.page("/leren/1")
    yield "phrase of another", validator.page("/leren/1")


def marks_tour(agent: Visitor, editor: Visitor) -> Iterator[tuple[str, str]]:
    """What an agent notes about the danger notice, and the list of it."""
    yield "mark", agent.post("/gevaar/noteer/miss", {"message": STOLEN, "channel": "facebook"}).text
    yield "no marks", editor.page("/gevaar")
    kept = {"what": "miss", "text": "er ligt iemand op het spoor", "lang": "nl"}
    assert agent.post("/gevaar/bewaar", kept).status_code == 303
    yield "mark noted", agent.page("/gevaar/genoteerd?ok=miss")
    yield "marks", editor.page("/gevaar")


@pytest.fixture(scope="module")
def seen(demo_master: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every page of the tour, and the templates it used."""
    home = copy_home(demo_master, tmp_path_factory.mktemp("tour") / "home")
    app = web.create_app(Settings(home=home))
    used: set[str] = set()

    def note(sender: Flask, template: Any, **_: Any) -> None:
        used.add(template.name)

    with template_rendered.connected_to(note, app):
        pages = dict(tour(app))
    engine_of(app).close()
    return {"pages": pages, "templates": used}


@cache
def read(text: str) -> Any:
    """A page as a browser reads it; raises on what a browser would have to guess."""
    return html5lib.HTMLParser(strict=True).parse(text)


def each(seen: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every page with its name, read."""
    for name, text in seen["pages"].items():
        yield name, read(text)


def text_of(element: Any) -> str:
    """The words in an element."""
    return " ".join("".join(element.itertext()).split())


def test_templates_when_listed_are_all_shown(seen: dict[str, Any]) -> None:
    """No template is there that no page uses."""
    texts = {path.name: path.read_text() for path in (FOLDER / "templates").glob("*.html")}
    included = {name for text in texts.values() for name in re.findall(r'include "([^"]+)"', text)}

    assert seen["templates"] | included | PARTS == set(texts)


def test_pages_when_read_strictly_are_sound(seen: dict[str, Any]) -> None:
    """No page leaves a browser guessing, and no id stands twice."""
    for name, page in each(seen):
        ids = [element.get("id") for element in page.iter() if element.get("id")]
        assert sorted(ids) == sorted(set(ids)), name


def test_headings_when_read_go_down_by_one(seen: dict[str, Any]) -> None:
    """Each page has one h1, and no level is skipped."""
    for name, page in each(seen):
        levels = [int(e.tag[-1]) for e in page.iter() if re.fullmatch(re.escape(XHTML) + "h[1-6]", str(e.tag))]
        # The help window stands outside the page's own order.
        own = levels[:-1] if page.find(f".//{XHTML}dialog") is not None else levels
        assert own[0] == 1, name
        assert own.count(1) == 1, name
        assert all(after - before <= 1 for before, after in pairwise(own)), (name, own)


def test_fields_when_shown_have_a_label(seen: dict[str, Any]) -> None:
    """Whatever can be filled in says what it is, also to who cannot see it."""
    for name, page in each(seen):
        labelled = {label.get("for") for label in page.iter(XHTML + "label")}
        inside = {field for label in page.iter(XHTML + "label") for field in label.iter()}
        for tag in ("input", "textarea", "select"):
            for field in page.iter(XHTML + tag):
                named = field.get("id") in labelled or field in inside or field.get("aria-label")
                assert named or field.get("type") in UNLABELLED, (name, field.attrib)


def test_buttons_and_links_when_shown_have_words(seen: dict[str, Any]) -> None:
    """Nothing that can be pressed is only a picture."""
    for name, page in each(seen):
        for tag in ("button", "a", "summary"):
            for element in page.iter(XHTML + tag):
                assert text_of(element) or element.get("aria-label"), (name, element.attrib)


def test_references_when_made_lead_somewhere(seen: dict[str, Any]) -> None:
    """What describes or labels something else stands on the page."""
    for name, page in each(seen):
        ids = {element.get("id") for element in page.iter()}
        for element in page.iter():
            for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list"):
                assert set((element.get(attribute) or "").split()) <= ids, (name, attribute, element.attrib)


def test_forms_when_sent_carry_the_token(seen: dict[str, Any]) -> None:
    """Every form that changes something belongs to the session."""
    for name, page in each(seen):
        for form in page.iter(XHTML + "form"):
            fields = {field.get("name") for field in form.iter(XHTML + "input")}
            assert form.get("method") != "post" or "csrf_token" in fields, (name, form.attrib)


def test_pages_when_of_a_demo_say_so(seen: dict[str, Any]) -> None:
    """Nobody takes an example for the real thing."""
    assert all("Voorbeeldgegevens: niet versturen" in text for text in seen["pages"].values())


def test_pages_when_shown_are_in_dutch(seen: dict[str, Any]) -> None:
    """The engine's own English sentences and keys stay inside."""
    english = re.compile(r"\b(You had|There is|is not known|The (text|key|value)|Write it)\b|\bMove\.|\bState\.")

    assert {name: found.group() for name, text in seen["pages"].items() if (found := english.search(text))} == {}


@pytest.mark.parametrize("path", sorted((FOLDER / "static").rglob("*.*")), ids=lambda path: path.name)
def test_file_when_served_needs_no_other_house(path: Path) -> None:
    """Scripts and sheets are short, load nothing from elsewhere, and write no HTML."""
    text = path.read_text()

    assert len(text.splitlines()) <= 300
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|@import|url\(", text) == []
    assert [found for found in re.findall(r"https?://[^\s\"'`)]+", text) if "w3.org" not in found] == []


READ = [
    *((ink, under) for ink in ("ink", "soft") for under in ("paper", "sheet", "sunk")),
    *((ink, under) for ink in ("accent", "good", "care", "bad") for under in ("paper", "sheet")),
    *((ink, f"{ink}-wash") for ink in ("good", "care", "bad")),
    *(("ink", under) for under in ("mark", "added", "removed", "bubble", "accent-wash", "care-wash", "bad-wash")),
    ("accent-ink", "accent"),
    ("alarm-ink", "alarm"),
]
SEEN = [("edge", "sheet"), ("edge", "paper")]


def colours() -> dict[str, dict[str, str]]:
    """The named colours, light and dark."""
    light, dark = (FOLDER / "static/css/tokens.css").read_text().split("@media")
    return {
        scheme: dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", text))
        for scheme, text in {"light": light, "dark": dark}.items()
    }


def luminance(colour: str) -> float:
    """How light a colour is, as WCAG counts it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_when_beside_each_other_can_be_read(scheme: str) -> None:
    """Text stands out 4.5 to 1 from what it stands on, and the edge of a field 3 to 1."""
    named = colours()[scheme]
    found = {}
    for least, pairs in ((4.5, READ), (3.0, SEEN)):
        for ink, under in pairs:
            lighter, darker = sorted((luminance(named[ink]), luminance(named[under])), reverse=True)
            if (contrast := (lighter + 0.05) / (darker + 0.05)) < least:
                found[ink, under] = round(contrast, 2)

    assert found == {}
