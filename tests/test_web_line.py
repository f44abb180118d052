"""The line shown with its cost, and the effects of a text in review shown when somebody asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import html5lib
import pytest
from click.testing import CliRunner
from flask import Flask
from playwright.sync_api import Browser, expect
from served import NEEDS_CHROMIUM, Served
from served import sign_in as browse
from web_app import Visitor, engine_of

from kbengine.article import SILENT, Kind, Ref
from kbengine.cli import main
from kbengine.engine import Engine, LineCost, LinePage
from kbengine.history import Move
from kbengine.period import NO_TERMS
from web.line import CURVES, drawing

pytest_plugins = ["web_fixtures"]

COSTS = tuple(LineCost(step / 50, 1 - step / 50, 0.0, step / 50, 0.5) for step in range(51))
ASKED = {"kind": "questions", "slug": "nachtlawaai", "lang": "", "number": "2"}
TAKING = "mijn fiets is gestolen aan het station, wat nu"
TAKEN = (
    TAKING,
    "mijn velo is gepikt aan de sporthal deze week",
    "slot doorgeknipt en mijn elektrische fiets is weg",
    "mijn koersfiets is vannacht uit de berging gehaald",
    "fiets weg aan de bib, waar kan ik dat aangeven",
)


def figures(page: str) -> list[list[str]]:
    """The cells of the first table."""
    tree = html5lib.parse(page.replace("\xa0", " "), namespaceHTMLElements=False)
    return [["".join(cell.itertext()) for cell in row] for row in tree.find(".//table").iter("tr")]


def test_line_when_shown_says_where_it_stands_and_what_it_costs(crew: dict[str, Visitor], shared_app: Flask) -> None:
    """The figures of the page are those of the index, in a drawing and in a table that says the same."""
    line = engine_of(shared_app).line()
    assert line
    assert line.now
    page = crew["validator"].page("/drempel")
    shown = f"{line.line:.2f}".replace(".", ",")
    rows = figures(page)

    assert f"nu: {shown}" in page
    assert rows[0] == ["Drempel", "juist", "fout", "stilte", "toch iets"]
    assert [row[0] for row in rows[1:] if "nu" in row[0]] == [f"{line.now.line:.2f} nu".replace(".", ",")]
    now = next(row for row in rows if "nu" in row[0])
    shares = (line.now.right, line.now.wrong, line.now.silent, line.now.missing)
    assert now[1:] == [f"{share:.0%}".replace("%", " %") for share in shares]
    assert page.count("<polyline") == len(CURVES)


def test_line_when_asked_by_others_is_refused(crew: dict[str, Visitor]) -> None:
    """The line is for who writes, vouches or runs the house."""
    assert [crew[login].get("/drempel").status_code for login in ("editor", "administrator", "agent", "reader")] == [
        200,
        200,
        403,
        403,
    ]


def test_drawing_when_drawn_stays_in_its_field() -> None:
    """Every point is where its line and share say: left to right, and all of it inside the field."""
    drawn = drawing(LinePage(0.5, "silent", 0.8, COSTS))
    right = [tuple(map(float, point.split(","))) for point in dict(drawn.curves)["right"].split()]

    assert right[0] == (drawn.left, drawn.top)
    assert right[-1] == (drawn.right, drawn.bottom)
    assert [x for x, _ in right] == sorted(x for x, _ in right)
    assert drawn.x(0.5) == (drawn.left + drawn.right) / 2
    assert {float(point.split(",")[1]) for point in dict(drawn.curves)["wrong"].split()} == {drawn.bottom}


@pytest.mark.parametrize(
    ("drawn", "said"),
    [("silent", "stilte krijgt"), ("least", "lager gaat hij niet"), ("untaught", "te weinig vragen bij de fiches")],
)
def test_line_when_set_in_another_way_says_so(
    app: Flask, visit: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch, drawn: str, said: str
) -> None:
    """How the line was set is told in words; without questions there is nothing to draw, and without an index less."""
    pages = iter([replace(LinePage(0.5, "silent", 0.8, COSTS), drawn=drawn), LinePage(0.5, "untaught", 0.8, ()), None])
    monkeypatch.setattr(engine_of(app), "line", lambda: next(pages))
    visitor = visit("editor")
    whole, bare, none = (visitor.page("/drempel") for _ in range(3))

    assert said in whole
    assert ("<table" in whole, "<table" in bare, "<table" in none) == (True, False, False)
    assert "nog opgebouwd" in none


def test_line_when_asked_on_the_command_line_is_the_same(engine: Engine) -> None:
    """`kb line --json` holds every figure of the page."""
    page = engine.line()
    assert page
    done = CliRunner().invoke(main, ["--home", str(engine.settings.home), "line", "--json"], catch_exceptions=False)
    value = json.loads(done.output.splitlines()[-1])

    assert (value["line"], value["drawn"], value["silent"]) == (page.line, page.drawn, page.silent)
    assert [LineCost(**cost) for cost in value["costs"]] == list(page.costs)
    assert "<- here" in done.output


def test_line_when_the_zone_wants_more_silence_rises(hamlet) -> None:
    """A validated zone.toml moves the line, and nothing else does."""
    engine, zone = hamlet.engine, Ref(Kind.ZONE, "zone")
    before = engine.line()
    text = engine.room.store.journal.history(zone).revisions[-1].text + "\n[suggest]\nsilent = 0.95\n"
    with engine.room.store.journal.write() as writer:
        writer.save(zone, text, "", hamlet.people["editor"].id, NO_TERMS, 1)
    engine.build()
    draft = engine.line()
    hamlet.vouch(zone)
    engine.build()
    after = engine.line()

    assert before == draft
    assert (before.silent, after.silent) == (SILENT, 0.95)
    assert before.line < after.line
    assert after.now.missing <= before.now.missing


def submitted(engine: Engine) -> None:
    """Questions about stolen bikes among those of nachtlawaai, sent for validation."""
    editor = next(person for person in engine.people.all() if person.login == "editor")
    text, base = engine.editing.questions_text("nachtlawaai")
    ref, added = Ref(Kind.QUESTIONS, "nachtlawaai"), "".join(f'\n  "{asked}",' for asked in TAKEN)
    engine.editing.save_questions(editor, "nachtlawaai", text.replace("nl = [", f"nl = [{added}", 1), base)
    newest = engine.editing.lines(ref)[0]
    engine.editing.move(editor, ref, newest.number, newest.digest, Move.SUBMIT)


def test_effects_when_asked_for_are_shown_with_their_articles(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The page names each question and both articles; the queue itself works nothing out."""
    submitted(engine_of(app))
    visitor = visit("validator")
    queue = visitor.page("/ter-validatie")
    foreseen = engine_of(app).effects.of(Ref(Kind.QUESTIONS, "nachtlawaai"), 2)
    shown = visitor.post("/gevolgen", ASKED).text

    assert queue.count("data-effects") == 5
    assert foreseen.effects
    for effect in (effect for effect in foreseen.effects if effect.harmful):
        assert effect.after.text in shown.replace("&#39;", "'")
        assert f"/fiche/{effect.after.slug}/nl" in shown


def test_effects_when_asked_wrongly_are_refused(crew: dict[str, Visitor]) -> None:
    """No such kind, no such revision, or no right to ask."""
    refused = (({"kind": "x"}, 404), ({"number": "99"}, 404), ({"slug": "geen"}, 404), ({"number": ""}, 422))
    for changed, status in refused:
        assert crew["validator"].post("/gevolgen", ASKED | changed).status_code == status
    assert crew["agent"].post("/gevolgen", ASKED).status_code == 403


@pytest.mark.browser
@NEEDS_CHROMIUM[1]
def test_effects_when_asked_in_the_queue_stand_there(served: Served, browser: Browser) -> None:
    """In a browser the answer takes the button's place, has the focus, and the page stays where it was."""
    page = browse(served, browser, "validator", 320)
    page.goto("/ter-validatie")
    page.get_by_role("button", name="Gevolgen voor andere fiches").first.click()
    found = page.locator("[data-effects-found]")

    found.wait_for(timeout=60_000)
    expect(found).to_be_focused()
    expect(found).to_contain_text("slechter af zijn")
    assert page.url.endswith("/ter-validatie")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/drempel")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()
