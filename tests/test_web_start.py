"""Taking the starter set over on the pages: the next text to read and sign, and how far every service is."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update
from web_app import Visitor, engine_of, new_link, token_in

from kbengine.article import Kind, Ref
from kbengine.cli.main import main
from kbengine.history import Move, Role
from kbengine.journal.tables import sessions
from kbengine.period import NO_TERMS
from kbengine.settings import PROJECT, Settings
from web import create_app

KEPT = ("noodnummers-101-112", "bankkaart-blokkeren-card-stop", "intern-suicidale-boodschap", "huurgeschil")
GIVEN = ("--name", "Rietland", "--languages", "nl", "--phone", "03 555 12 12", "--login", "ann", "--no-input")


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    """A small starter set: four articles of the real one, and all that stands beside them."""
    root = tmp_path_factory.mktemp("starter") / "kb"
    shutil.copytree(PROJECT / "kb", root, ignore=shutil.ignore_patterns("decisions"))
    for path in (*root.glob("articles/*/*.md"), *root.glob("questions/*.toml")):
        if path.name.split(".")[0] not in KEPT:
            path.unlink()
    return root


@pytest.fixture(scope="module")
def begun(starter, tmp_path_factory):
    """The folder of a zone that just began."""
    home = tmp_path_factory.mktemp("begun") / "kb"
    done = CliRunner().invoke(main, ["init", str(home), *GIVEN], env={"KB_SOURCE": str(starter)})
    assert done.exit_code == 0, done.output
    return home


@pytest.fixture
def app(begun, starter, tmp_path):
    """The pages of that zone, with an editor and a validator of its own."""
    shutil.copytree(begun, tmp_path / "kb")
    made = create_app(Settings(home=tmp_path / "kb", source=starter))
    people = engine_of(made).people
    people.add("ed", "Ed", frozenset({Role.EDITOR}))
    people.add("vera", "Vera", frozenset({Role.VALIDATOR}))
    yield made
    engine_of(made).close()


def come_in(app: Flask, login: str) -> Visitor:
    """Somebody of the zone who opened their link and chose a password."""
    visitor, path, word = Visitor(app.test_client()), new_link(app, login), "rietland fietst langs de vaart"
    visitor.token = token_in(visitor.page(path))
    assert visitor.post(path, {"new": word, "again": word}).status_code == 303
    visitor.token = token_in(visitor.page("/fiches"))
    return visitor


def fields_of(page: str) -> dict[str, str]:
    """What the signing form of a page sends."""
    return dict(re.findall(r'name="(part:[^"]+|dienst|move)" value="([^"]*)"', page))


def test_start_when_read_shows_the_first_with_sources_values_and_what_is_missing(app):
    """The text with the values as they are, what is signed with it, and which value the zone still has to give."""
    page = come_in(app, "vera").page("/start")

    assert "Noodnummers 101 en 112" in page
    assert "03 555 12 12" in page
    assert "Openingsuren van het onthaal" in page
    assert {"part:article/noodnummers-101-112.nl", "part:fact/emergency_police"} < set(fields_of(page))
    assert "part:fact/zone_hours" not in fields_of(page)


def test_start_when_signed_makes_the_answer_live_with_its_questions_and_values(app):
    """One press vouches for all that was shown, as decisions of that person, and the next one follows."""
    vera = come_in(app, "vera")
    done = vera.post("/start", fields_of(vera.page("/start")))
    engine = engine_of(app)
    catalog = engine.room.read()[0]

    assert done.status_code == 303
    assert Ref(Kind.ARTICLE, "noodnummers-101-112", "nl") in catalog.answers
    assert catalog.answers[Ref(Kind.ARTICLE, "noodnummers-101-112", "nl")].questions is not None
    assert {"emergency_police", "emergency_medical", "zone_phone"} <= set(catalog.facts)
    assert "Noodnummers 101" not in vera.page("/start").split("<article", 1)[1]
    assert "1 van 4 fiches" in vera.page("/start/stand")


def test_start_when_a_text_changed_meanwhile_signs_nothing(app):
    """All or none: what was not seen is not vouched for."""
    vera, engine = come_in(app, "vera"), engine_of(app)
    fields = fields_of(vera.page("/start"))
    ref = next(Ref(Kind.FACT, name.split("/")[1]) for name in fields if name.startswith("part:fact/"))
    newest = engine.room.store.journal.history(ref).latest
    changed = fields | {f"part:fact/{ref.slug}": f"{newest.number} {'0' * 64}"}
    answer = vera.post("/start", changed)

    assert answer.status_code == 409
    assert "Er is niets gevalideerd." in answer.text
    decisions = [d for h in engine.room.store.journal.snapshot()[1].values() for d in h.decisions]
    assert {d.move for d in decisions} == {Move.SUBMIT}


def test_start_when_recalled_says_what_must_be_checked_and_with_whom(app):
    """A text that nobody read in a source names what to look up before anybody signs."""
    vera = come_in(app, "vera")
    page = vera.page("/start?dienst=slachtofferbejegening")

    assert "Eerst na te kijken" in page
    assert "met de noodcentrale" in page
    assert "recalled.check" in vera.page("/ter-validatie")


def test_start_when_skipped_shows_the_next_and_comes_round(app):
    """Later is possible; after the last the first comes again."""
    vera = come_in(app, "vera")
    titles, path = [], "/start"
    for _ in range(4):
        page = vera.page(path)
        titles.append(re.search(r'id="start-title"><a [^>]*>([^<]+)', page)[1])
        path = re.search(r'data-skip href="([^"]+)"', page)[1].replace("&amp;", "&")

    assert len(set(titles)) == 3
    assert titles[3] == titles[0]


def test_start_when_an_editor_reads_nothing_can_be_signed(app):
    """An editor sees the text; signing articles is a validator's."""
    ed = come_in(app, "ed")

    assert "Klopt: valideren en volgende" not in ed.page("/start")
    sent = {"dienst": "", "move": "validate", "part:article/noodnummers-101-112.nl": f"1 {'0' * 64}"}
    assert ed.post("/start", sent).status_code == 403


def test_progress_when_laid_out_puts_the_rest_in_review(app):
    """An editor lays the next ones out, with their questions; example values stay behind."""
    ed = come_in(app, "ed")
    before = ed.page("/start/stand")
    assert ed.post("/start/stand").status_code == 303
    histories = engine_of(app).room.store.journal.snapshot()[1]
    waiting = {ref for ref, history in histories.items() if history.decisions}

    assert "De volgende twintig klaarzetten" in before
    assert {Ref(Kind.ARTICLE, "huurgeschil", "nl"), Ref(Kind.QUESTIONS, "huurgeschil")} <= waiting
    assert {ref.slug for ref in waiting if ref.slug.startswith("zone_")} == {"zone_phone"}
    assert "zone_hours" in before


def test_check_when_a_zone_began_names_what_is_still_an_example(app):
    """kb check of the store: an error for every value of the example zone; what is recalled waits and is listed."""
    found = engine_of(app).starting.problems()
    errors = {problem.file for problem in found if problem.level == "error"}

    assert "fact/zone_hours" in errors
    assert "fact/zone_phone" not in errors
    assert {problem.code for problem in found} == {"example.value"}
    ((text, what),) = engine_of(app).starting.unsure()
    assert text == "article/intern-suicidale-boodschap.nl"
    assert "met de noodcentrale" in what


def test_check_when_a_recalled_text_waits_lists_it_as_no_problem(begun, starter):
    """The command says what must be looked up first, and counts it neither as an error nor as a warning."""
    told = CliRunner().invoke(main, ["--home", str(begun), "check", "--json"], env={"KB_SOURCE": str(starter)}).output
    result = json.loads(told.splitlines()[-1])

    assert "article/intern-suicidale-boodschap.nl: in review, to look up first: Na te kijken" in told
    assert [one["text"] for one in result["to_look_up"]] == ["article/intern-suicidale-boodschap.nl"]
    assert "recalled.check" not in {one["code"] for one in result["problems"]}


def test_start_when_nothing_waits_says_so(app):
    """A service without anything in review is told so."""
    vera = come_in(app, "vera")

    assert "Hier wacht niets meer" in vera.page("/start?dienst=verkeer")


def test_progress_when_the_starter_set_changed_shows_it_and_takes_it(app, starter):
    """What is new stands beside what the zone has; one press takes it over as a draft."""
    ed, file = come_in(app, "ed"), starter / "articles/overlast/huurgeschil.nl.md"
    before = file.read_text(encoding="utf-8")
    assert "Er veranderde niets" in ed.page("/start/stand?startset=1")
    file.write_text(before.replace("\n---\n", "\n---\nNieuw in de startset.\n\n", 1), encoding="utf-8")
    try:
        page = ed.page("/start/stand?startset=1")
        taken = ed.post("/start/stand", {"take": "huurgeschil.nl", "over": ""})
        after = ed.page("/start/stand?startset=1")
    finally:
        file.write_text(before, encoding="utf-8")

    assert "veranderd in de startset" in page
    assert "Nieuw in de startset." in page
    assert taken.status_code == 303
    assert "huurgeschil" not in after
    newest = engine_of(app).room.store.journal.history(Ref(Kind.ARTICLE, "huurgeschil", "nl")).latest
    assert "Nieuw in de startset." in newest.text


def test_progress_when_nobody_may_vouch_for_a_service_says_so(app):
    """Each service shows who validates it; one that has nobody is marked."""
    ed, people = come_in(app, "ed"), engine_of(app).people
    assert "Vera" in ed.page("/start/stand")
    people.set_active("vera", False)

    assert ed.page("/start/stand").count("niemand") == len(engine_of(app).zone.owners)


def test_start_when_signed_long_after_sign_in_asks_who_it_is_first(app):
    """Vouching here asks for the same fresh proof as anywhere, and a form without the move vouches for nothing."""
    vera = come_in(app, "vera")
    fields = fields_of(vera.page("/start"))
    with engine_of(app).room.store.engine.begin() as connection:
        connection.execute(update(sessions).values(proven=""))
    asked = vera.post("/start", fields)
    dodged = vera.post("/start", {name: value for name, value in fields.items() if name != "move"})

    assert (asked.status_code, dodged.status_code) == (401, 401)
    histories = engine_of(app).room.store.journal.snapshot()[1]
    assert {d.move for history in histories.values() for d in history.decisions} == {Move.SUBMIT}


def test_start_when_two_signatures_are_needed_counts_the_first_as_no_more(app):
    """A first signature is told as one: the text is not live, and the page does not say so."""
    engine, ref = engine_of(app), Ref(Kind.ZONE, "zone")
    ed, ann, vera = come_in(app, "ed"), engine.people.by_login("ann"), come_in(app, "vera")
    with engine.room.store.journal.write() as writer:
        newest = writer.history(ref).latest
        text = newest.text + '\n[[signatures]]\nnumber = 2\naudience = "public"\n'
        saved = writer.save(ref, text, "", ann.id, NO_TERMS, newest.number)
        for move, who in ((Move.SUBMIT, ann), (Move.VALIDATE, engine.people.by_login("vera"))):
            writer.decide(ref, saved.number, saved.digest, move, who.id)
    done = vera.post("/start", fields_of(vera.page("/start")))
    page = vera.page(done.location)

    assert "Je handtekening staat onder 1 tekst." in page
    assert "tweede handtekening nodig" in page
    assert "0 van 4 fiches" in ed.page("/start/stand")
    assert vera.get("/start?klaar=²&wacht=x").status_code == 200
    assert vera.get("/te-herzien?klaar=²").status_code == 200
