"""Which articles answer the same, which say otherwise about one subject, and which only look like it."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from kbengine.article import Kind, Ref
from kbengine.cli import main
from kbengine.errors import InvalidDocument, NotAllowed, NotFound
from kbengine.neighbours import Field, Told

pytest_plugins = ["web_fixtures"]

FINE = "Wildplakken kost je een boete van 116 euro, plus het opruimen."
CHEAP = "Wie betrapt wordt op wildplakken, krijgt een boete van 58 euro."
DEADLINE = "Je verweer tegen een retributie schrijf je binnen 14 dagen naar de dienst mobiliteit."
LATER = "Schrijf je verweer tegen de retributie binnen 30 dagen naar de dienst mobiliteit."


def told(slug, text, title="Regels", lang="nl", asked=()):
    return Told(slug, slug, lang, title, (text,), asked)


def found(one, other, title="Regels", other_title="Regels van de stad", lang="nl"):
    """What is found between two texts: (what, the marked words of the one, of the other)."""
    field = Field.of(lang, [told("een", one, title, lang), told("twee", other, other_title, lang)])
    return [
        (near.what, *(told.texts[0][p.mark_start : p.mark_end] for told, p in sides))
        for near in field.neighbours(told("een", one, title, lang))
        if near.sort == "contradiction"
        for sides in [((near.one, near.here[0]), (near.other, near.there[0]))]
    ]


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (FINE, CHEAP, ("amount", "116 euro", "58 euro")),
        (DEADLINE, LATER, ("duration", "14 dagen", "30 dagen")),
        ("Je fiets laten merken is gratis.", "Je fiets laten merken kost 5 euro.", ("amount", "gratis", "5 euro")),
        ("Een step huren mag vanaf 16 jaar.", "Een step huren mag vanaf 18 jaar.", ("duration", "16 jaar", "18 jaar")),
        ("Zwemmen in het kanaal mag.", "Zwemmen in het kanaal is verboden.", ("stance", "mag", "verboden")),
    ],
)
def test_contradiction_when_the_subject_is_the_same_is_found_and_marked(one, other, what):
    """Another amount, term, age, a price for what is free, and what may not be done, each with its words."""
    assert found(one, other) == [what]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (DEADLINE, "Je betaalt een retributie binnen 30 dagen aan de dienst mobiliteit."),
        (FINE, "Wildplakken bij herhaling kost je een boete van 232 euro, plus het opruimen."),
        ("Het wijkkantoor Noord is open van 9 tot 12 uur.", "Het wijkkantoor Zuid is open van 13 tot 17 uur."),
        ("Een haag mag 2 weken blijven liggen.", "Een haag mag 14 dagen blijven liggen."),
        ("Een bromfiets klasse A rijdt hoogstens 25 km/u.", "Een bromfiets klasse B rijdt hoogstens 45 km/u."),
        ("Mag ik zwemmen in het kanaal?", "Zwemmen in het kanaal is verboden."),
    ],
)
def test_contradiction_when_it_is_another_case_is_not_said(one, other):
    """Paying and objecting, a second time, another place, the same length in other words, a question."""
    assert found(one, other) == []


def test_contradiction_when_both_texts_know_both_cases_is_not_said():
    """Two lists of the same two amounts do not contradict each other by the one and the other."""
    text = "Hoogstens 500 euro boete voor lawaai, of 175 euro boete voor lawaai als je minderjarig bent."
    assert found(text, text.replace("of 175", "en hoogstens 175")) == []


def test_alike_when_two_texts_answer_the_same_names_the_shared_passages():
    """Other words, the same answer: found from either side, with the same digest until a passage changes."""
    dog = "Is je hond weggelopen? Bel het dierenasiel en geef het chipnummer door. Hang een foto op bij de dierenarts."
    lost = "Hond weggelopen? Verwittig het dierenasiel met het chipnummer van je hond. Hang een foto bij de dierenarts."
    texts = [
        told("hond", dog, "Hond weggelopen"),
        told("kwijt", lost, "Hond kwijt"),
        told("boete", FINE, "Wildplakken"),
    ]
    field = Field.of("nl", texts)
    near, turned = field.neighbours(texts[0])[0], field.neighbours(texts[1])[0]

    assert (near.sort, near.other.slug, turned.other.slug) == ("alike", "kwijt", "hond")
    assert near.digest == turned.digest
    assert [passage.words for passage in near.here] == re.split(r"(?<=[.?]) ", dog)[::2]
    assert field.neighbours(texts[2]) == ()
    assert [(one.one.slug, one.other.slug) for one in field.all()] == [("hond", "kwijt")]


def test_neighbours_when_a_text_is_odd_says_nothing():
    """No text, one word, no letters, a very long line: nothing is found and nothing breaks."""
    odd = ["", "Ja.", "!!! ??? ...", "{blank:straat}", "a" * 20_000, "1 2 3 4 5 6 7 8 9 " * 500]
    texts = [told(f"t{place}", text, "") for place, text in enumerate(odd)]
    assert Field.of("nl", texts).all() == ()
    assert Field.of("fr", []).neighbours(told("een", FINE)) == ()


def ref(slug, lang="nl"):
    return Ref(Kind.ARTICLE, slug, lang)


@pytest.fixture
def plakken(hamlet):
    """A hamlet with one live text on a fine, and a draft of somebody else that says another amount."""
    hamlet.publish("wildplakken", title="Boete voor wildplakken", default=FINE, build=True)
    hamlet.save("affiches", title="Affiches ophangen", default=CHEAP)
    return hamlet


def test_neighbours_when_a_draft_says_otherwise_are_told_beside_the_live_text(plakken):
    """The draft finds the live text, and the live text the draft, each with its state and owner."""
    neighbours = plakken.engine.neighbours
    (beside,) = neighbours.of(ref("affiches")).open
    assert (beside.known.ref.slug, beside.known.state.value, beside.known.owner) == (
        "wildplakken",
        "validated",
        "Onthaal",
    )
    assert [piece.text for _, pieces in beside.theirs for piece in pieces if piece.kind == "mark"] == ["116 euro"]
    assert neighbours.of(ref("wildplakken")).open[0].known.state.value == "draft"
    assert neighbours.of_form(plakken.form("affiches", default="Plakken kost 116 euro.")).open == ()


def test_note_when_a_passage_changes_counts_no_more(plakken):
    """With a reason it is not said again, in the check neither; it is when the sentence says something else."""
    engine, editor = plakken.engine, plakken.people["editor"]
    digest, *others = [one.near.digest for one in engine.neighbours.of(ref("affiches")).open[0].findings]
    with pytest.raises(InvalidDocument, match="reason"):
        engine.neighbours.note(editor, ref("affiches"), digest, "  ")
    with pytest.raises(NotAllowed):
        engine.neighbours.note(plakken.people["agent"], ref("affiches"), digest, "Mag.")
    with pytest.raises(NotFound, match="changed"):
        engine.neighbours.note(editor, ref("affiches"), "0" * 32, "Mag.")
    for one in (digest, *others):
        engine.neighbours.note(editor, ref("affiches"), one, "Twee  gemeenten")

    page = engine.neighbours.of(ref("wildplakken"))
    assert (page.open, page.left) == ((), 0)
    finding = page.standing[0].findings[0]
    assert (finding.stands.reason, finding.by) == ("Twee gemeenten", editor.name)
    assert engine.neighbours.problems() == ()
    plakken.save("affiches", default=CHEAP + " Dat is streng.")
    assert engine.neighbours.problems() == ()
    plakken.save("affiches", default=CHEAP.replace("58", "60"))
    assert engine.neighbours.problems()[0].code == "neighbours.contradiction"
    plakken.save("affiches", default=CHEAP)
    engine.neighbours.forget(editor, digest)
    assert engine.neighbours.of(ref("affiches")).left == 1


def test_taken_when_another_article_answers_first_is_told(hamlet):
    """The title of a draft without questions is asked of the suggestions as they are."""
    hamlet.ask("fiets-gestolen", "mijn fiets is gestolen", "fiets gestolen aan het station", "mijn velo is gepikt")
    hamlet.save("velo", title="Mijn fiets is gestolen", default="Zet je slot goed vast.")
    taken = hamlet.engine.neighbours.of(ref("velo")).taken
    assert [(one.known.ref.slug, one.questions) for one in taken] == [("fiets-gestolen", ("Mijn fiets is gestolen",))]


def test_command_when_something_is_found_names_both_and_exits_1(plakken):
    """For one article and for all, as text and as JSON; an article that does not exist is refused."""
    home = ["--home", str(plakken.engine.settings.home), "neighbours"]
    run = CliRunner().invoke(main, [*home, "affiches", "--json"])
    assert run.exit_code == 1, run.output
    assert "wildplakken.nl, revision 1, validated" in run.output
    row = json.loads(run.output.splitlines()[-1])["found"][0]
    assert (row["what"], row["one"]["slug"], row["other"]["passages"]) == ("amount", "affiches", [FINE])
    assert "found, 0 may stand." in CliRunner().invoke(main, [*home, "--all"]).output
    assert CliRunner().invoke(main, [*home, "nergens"]).exit_code == 1
    assert CliRunner().invoke(main, home).exit_code == 2


def test_page_when_two_texts_clash_shows_both_and_takes_a_note(app, visit):
    """Side by side with what differs marked; the note stands on the page, and an agent sees neither."""
    editor = visit("editor")
    form = {"title": "Boete voor wildplakken", "default": FINE}
    engine = app.extensions["kbengine"]
    writer = next(person for person in engine.people.all() if person.login == "editor")
    blank = engine.editing.form("nachtlawaai", "nl")
    for slug, text in (("wildplakken", FINE), ("affiches", CHEAP)):
        from_blank = {"slug": slug, "title": form["title"], "default": text, "short": "", "private": "", "base": 0}
        engine.editing.save(
            writer, type(blank)(**{name: from_blank.get(name, getattr(blank, name)) for name in blank.__slots__})
        )
    page = editor.page("/fiche/affiches/nl/buren")
    assert "<mark>58 euro</mark>" in page
    assert "<mark>116 euro</mark>" in page
    digest = re.search(r'name="digest" value="([0-9a-f]{32})"', page)[1]
    refused = editor.post("/fiche/affiches/nl/buren/blijft", {"digest": digest, "reason": " "})
    assert (refused.status_code, "Er is niets genoteerd" in refused.text) == (422, True)
    done = editor.post("/fiche/affiches/nl/buren/blijft", {"digest": digest, "reason": "Andere <b>gemeente</b>"})
    assert done.headers["Location"] == "/fiche/affiches/nl/buren?ok=note"
    page = editor.page("/fiche/affiches/nl/buren?ok=note")
    assert "Toch weer zeggen" in page
    assert "Andere &lt;b&gt;gemeente&lt;/b&gt;" in page
    assert "Mag blijven staan" in editor.page("/buren")
    assert "near-found" in editor.post("/fiche/affiches/nl/buren/kort", {}).text
    editor.post("/fiche/affiches/nl/buren/opnieuw", {"digest": digest})
    assert "Toch weer zeggen" not in editor.page("/fiche/affiches/nl/buren")
    agent = visit("agent")
    assert agent.get("/fiche/affiches/nl/buren").status_code == 403
    assert editor.get("/fiche/nergens/nl/buren").status_code == 404
