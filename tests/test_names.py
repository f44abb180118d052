"""Another name for an article, and one that goes up in another: nothing is lost, nothing is said that is not so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from conftest import article

from kbengine.article import Kind, Ref, join_questions, read_questions
from kbengine.cli import main
from kbengine.edition import gather
from kbengine.engine import CurationForm
from kbengine.errors import Conflict, InvalidDocument, KBError, NotAllowed, NotFound, WrongState
from kbengine.history import Move, State

pytest_plugins = ["town"]


def rename(house, old, new, login="editor", **said):
    """Call an article otherwise."""
    house.engine.renaming.rename(house.people[login], old, new, **said)


def merge(house, source, target, login="editor", **said):
    """Let an article go up in another."""
    return house.engine.renaming.merge(house.people[login], source, target, **said)


def test_rename_when_vouched_for_leaves_every_word_and_decision_as_it_was(town):
    """The same texts, digests, validations and drafts under the new name; the record is one chain still."""
    before = {lang: town.engine.reading.article("brug", lang) for lang in ("nl", "fr")}
    known = town.engine.room.store.journal.head().hash
    rename(town, "brug", "brug-open", reason="Duidelijker")

    for lang, page in before.items():
        now = town.engine.reading.article("brug-open", lang)
        assert (now.live_number, now.state, now.latest) == (page.live_number, page.state, page.latest)
        assert [(e.what, e.number, e.reason) for e in now.events] == [(e.what, e.number, e.reason) for e in page.events]
        assert town.engine.reading.article("brug", lang).ref == now.ref
    assert town.engine.room.store.verify(known).seq > 0
    assert "brug" not in {line.ref.slug for line in town.engine.reading.overview()}
    event = town.engine.renaming.page("brug-open").events[0]
    assert (event.what, event.name, event.person, event.reason) == ("rename", "brug-open", "Eva", "Duidelijker")


def test_rename_when_done_goes_on_as_before(town):
    """The draft is submitted and validated, the questions find it, counts and phrases went along."""
    town.engine.learning.keep_phrase(town.people["agent"], "brug", "nl", "brugje open vandaag")
    rename(town, "brug", "brug-open")
    town.vouch(article("brug-open"))
    town.engine.build()

    offered = town.engine.desk.advise("is de brug open", "facebook").suggestions
    assert (offered[0].slug, offered[0].number) == ("brug-open", 2)
    assert [(line.slug, line.number, line.times) for line in town.engine.copies.used("brug")] == [("brug-open", 1, 1)]
    assert [one.phrase.slug for one in town.engine.learning.waiting(town.people["editor"])] == ["brug-open"]
    assert town.hand_out("brug", number=2).endswith("De brug is dicht.")
    assert town.engine.room.store.usage.copies("brug") == ()
    form = town.form("brug-open", default="De brug is weer open.")
    assert town.engine.editing.save(town.people["second"], form) == 3
    town.engine.room.store.verify()


def test_rename_when_two_come_at_once_lets_the_first_pass(town):
    """Who was second reads what it is called now; a text saved on the old name joins the same article."""
    typed = town.form("brug", default="De brug wordt hersteld.")
    rename(town, "brug", "brug-open")
    with pytest.raises(Conflict, match="brug is called brug-open now"):
        rename(town, "brug", "brugje", login="second")
    assert town.engine.editing.save(town.people["second"], typed) == 3
    assert len(town.engine.editing.lines(article("brug-open"))) == 3


@pytest.mark.parametrize(
    ("new", "refusal", "code"),
    [
        ("dijk", Conflict, "name.taken"),
        ("brug", Conflict, "name.same"),
        ("Brug open", InvalidDocument, "slug.bad"),
        ("b" * 81, InvalidDocument, "slug.bad"),
        ("", InvalidDocument, "slug.bad"),
        ("dag-20261121-0a1b2c", WrongState, "name.day"),
    ],
)
def test_rename_when_the_name_cannot_be_is_refused(town, new, refusal, code):
    """Nothing is written."""
    head = town.engine.room.store.journal.head()
    plan = town.engine.renaming.plan_rename(town.people["editor"], "brug", new)
    with pytest.raises(refusal) as refused:
        rename(town, "brug", new)
    assert refused.value.code == code == plan.error.code
    assert town.engine.room.store.journal.head() == head


def test_rename_when_not_an_editor_or_no_article_is_refused(town):
    """An agent renames nothing; what is not there cannot be renamed."""
    with pytest.raises(NotAllowed):
        rename(town, "brug", "brug-open", login="agent")
    with pytest.raises(NotFound):
        rename(town, "sluis", "sluisje")


def test_name_when_it_was_anothers_is_taken_only_when_somebody_says_so(town):
    """It leads to its first article until then; a new article does not get it by accident."""
    rename(town, "brug", "brug-open")
    with pytest.raises(Conflict, match="was the name of brug-open"):
        rename(town, "dijk", "brug")
    with pytest.raises(KBError) as refused:
        town.save("brug", default="Een andere brug.", base=0)
    assert refused.value.code == "name.used"

    rename(town, "dijk", "brug", take=True)
    assert town.engine.reading.article("brug", "nl").title == "dijk"
    assert town.engine.reading.article("dijk", "nl").ref.slug == "brug"
    assert town.engine.reading.article("brug-open", "nl").title == "brug"
    rename(town, "brug-open", "de-brug")
    assert [town.engine.renaming.leads(name) for name in ("brug", "dijk", "brug-open")] == ["brug", "brug", "de-brug"]
    town.engine.room.store.verify()


def test_rename_when_followed_at_once_is_what_a_new_look_gives(town):
    """What a process keeps from line to line is what another reads from nothing."""
    town.engine.room.read()
    rename(town, "brug", "brug-open")
    merge(town, "dijk", "brug-open")
    town.save("nachtlawaai", default="Stil.")
    catalog, now = town.engine.room.read()
    journal = town.engine.room.store.journal
    assert catalog == gather(*journal.snapshot(), now, journal.names())


def test_rename_when_named_elsewhere_is_followed_there(town):
    """What an editor pinned or held back, and a note beside the record, is about the article and not its name."""
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    registers, editor = town.engine.registers, town.people["editor"]
    registers.save_curation(editor, CurationForm("", "proef", "zeppelin", "pin", "brug", "Tijdelijk.", day, 0))
    registers.save_curation(editor, CurationForm("", "weg", "ballon", "hold_back", "brug", "Even niet.", day, 1))
    town.vouch(Ref(Kind.CURATIONS, "curations"))
    now = town.engine.now()
    town.engine.room.store.neighbours.keep(now, "0" * 32, "nl", ("brug", "dijk"), editor.id, "Elk hun werf.")
    rename(town, "brug", "brug-open")

    assert [one.slug for one in town.engine.desk.advise("zeppelin", "facebook").suggestions][:1] == ["brug-open"]
    assert [one.hold_back for one in town.engine.room.read()[0].curations] == ["", "brug-open"]
    (noted,) = town.engine.room.store.neighbours.kept(now).values()
    assert (noted.one, noted.other) == ("brug-open", "dijk")
    plan = town.engine.renaming.plan_merge(editor, "brug-open", "dijk")
    assert (plan.pins, plan.held) == (("proef",), ("weg",))
    merge(town, "brug-open", "dijk")
    assert [(one.pin, one.hold_back) for one in town.engine.room.read()[0].curations] == [
        ("dijk", ""),
        ("", "brug-open"),
    ]


def test_rename_when_the_zone_named_it_for_danger_keeps_the_notice(house):
    """A text on which lives depend is not lost by a name, nor by a merge."""
    before = house.engine.desk.advise("er is iemand met een mes bij ons", "facebook").danger
    rename(house, before.slug, "bel-101")
    after = house.engine.desk.advise("er is iemand met een mes bij ons", "facebook").danger
    assert (after.slug, after.text, after.number) == ("bel-101", before.text, before.number)
    merge(house, "bel-101", "nachtlawaai")
    assert house.engine.zone.danger.police_article == "nachtlawaai"


def test_merge_when_accepted_answers_the_old_questions(town):
    """Out of use at once, its name leads to the other; its questions find that one when a second person accepted."""
    done = merge(town, "brug", "dijk", reason="Zelfde antwoord")
    town.engine.build()
    assert [town.engine.reading.article("brug", lang).state for lang in ("nl", "fr")] == [State.ARCHIVED] * 2
    assert town.engine.renaming.leads("brug") == "dijk"
    before = town.engine.desk.advise("is de brug open", "facebook")
    assert not before.suggestions
    assert [(one.slug, str(one.into)) for one in before.not_live] == [("brug", "article/dijk.nl")]
    with pytest.raises(NotAllowed):
        town.move("editor", Move.VALIDATE, done.questions.ref)

    town.move("second", Move.VALIDATE, done.questions.ref)
    town.engine.build()
    after = town.engine.desk.advise("is de brug open", "facebook")
    assert [one.slug for one in after.suggestions][:1] == ["dijk"]
    assert after.not_live == ()
    page = town.engine.renaming.page("dijk")
    assert [(one.slug, one.copied) for one in page.merged] == [("brug", 1)]
    assert page.together == 1
    assert [line.slug for line in town.engine.copies.used("dijk")] == ["brug"]
    town.engine.room.store.verify()


def test_merge_when_anything_changed_since_it_was_looked_at_is_refused(town):
    """A draft of a colleague, a decision: look again first."""
    plan = town.engine.renaming.plan_merge(town.people["editor"], "brug", "dijk")
    assert plan.error is None
    assert plan.questions == (("nl", ("is de brug open", "mag ik over de brug")),)
    assert plan.missing == ("fr",)
    town.save("brug", login="second", default="De brug is weg.")
    with pytest.raises(Conflict, match="changed since you looked"):
        merge(town, "brug", "dijk", seen=plan.mark)
    assert town.engine.reading.article("brug", "nl").live_number == 1


def test_merge_when_it_cannot_be_says_why(town):
    """Into itself, into what is not live, when questions wait, when it went up already, by an agent."""
    town.save("sluis", default="Dicht.")
    for source, target, code in (("brug", "brug", "name.same"), ("brug", "sluis", "merge.not-live")):
        with pytest.raises(KBError) as refused:
            merge(town, source, target)
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        merge(town, "brug", "dijk", login="agent")
    merge(town, "brug", "dijk")
    with pytest.raises(Conflict, match="wait to be decided on"):
        merge(town, "fiets-gestolen", "dijk")
    with pytest.raises(WrongState, match="went up in dijk"):
        rename(town, "brug", "brug-open")
    with pytest.raises(WrongState, match="went up in dijk"):
        merge(town, "nachtlawaai", "brug")


def test_merge_when_held_scheduled_or_renamed_after_leads_on(town):
    """Whatever state it was in; and through a later name of what it went up in, and a later merge of that."""
    town.move("editor", Move.HOLD, article("nachtlawaai"))
    town.publish("kermis", default="Morgen.", valid_from="2027-06-01")
    merge(town, "nachtlawaai", "dijk")
    town.move("second", Move.VALIDATE, Ref(Kind.QUESTIONS, "dijk"))
    merge(town, "kermis", "dijk")
    rename(town, "dijk", "dijk-hoog")
    assert {town.engine.renaming.leads(name) for name in ("nachtlawaai", "kermis", "dijk")} == {"dijk-hoog"}
    merge(town, "dijk-hoog", "brug")
    assert {town.engine.renaming.leads(name) for name in ("nachtlawaai", "kermis", "dijk-hoog")} == {"brug"}
    assert [one.slug for one in town.engine.renaming.page("brug").merged] == ["nachtlawaai", "kermis", "dijk-hoog"]
    town.wait(days=300)
    assert town.engine.renaming.leads("kermis") == "brug"
    town.engine.room.store.verify()


def test_merge_when_the_article_is_validated_again_ends(town):
    """It stands on its own from then on, and its name is its own; the record tells both."""
    merge(town, "brug", "dijk")
    town.vouch(town.save("brug", default="De brug is toch open."))
    assert town.engine.renaming.leads("brug") == "brug"
    assert [event.what for event in town.engine.renaming.page("brug").events] == ["merge", "apart"]
    assert town.engine.reading.article("brug", "nl").live_number == 3
    town.engine.room.store.verify()


def test_join_when_one_refused_what_the_other_asks_refuses_it_no_more():
    """Own words stay as they were written; what either asks is not refused, what neither asks still is."""
    own = '# van ons\nnl = [\n  "is de brug open",\n]\nnot = [\n  "hoe hoog is de dijk",\n  "wat kost de trein",\n]\n'
    other = 'nl = ["Hoe hoog is de dijk", "IS DE BRUG OPEN"]\nfr = ["le pont"]\nnot = ["is de brug open", "de trein"]\n'
    joined = read_questions(join_questions(own, other, "brug"), "brug", "")[0]

    assert joined.asked == {"nl": ("is de brug open", "Hoe hoog is de dijk"), "fr": ("le pont",)}
    assert joined.not_asked == ("wat kost de trein", "de trein")
    more = join_questions(own, 'nl = ["mag ik erover"]\n', "brug")
    assert more.startswith("# van ons\n") and '"mag ik erover"' in more
    assert join_questions(own, 'nl = ["is de brug  open"]\n', "brug") == own


def test_corpus_when_renamed_or_merged_leads_old_names_on(town):
    """Public answers and their history stand under the name of now; a table tells where old names lead."""
    merge(town, "brug", "dijk")
    rename(town, "dijk", "dijk-hoog")
    town.engine.build()
    with closing(sqlite3.connect(town.engine.settings.corpus)) as corpus:
        answers = {row[0] for row in corpus.execute("select fiche from antwoorden")}
        history = {row[0] for row in corpus.execute("select fiche from geschiedenis")}
        leads = corpus.execute("select oud, nieuw, soort from oude_namen order by oud").fetchall()
    assert "dijk-hoog" in answers and not {"dijk", "brug"} & answers
    assert {"dijk-hoog", "brug"} <= history and "dijk" not in history
    assert leads == [("brug", "dijk-hoog", "opgegaan"), ("dijk", "dijk-hoog", "hernoemd")]


def test_commands_when_not_told_yes_only_show(town):
    """Then they act, say what they did, and old names are understood by the others."""
    kb = ["--home", str(town.engine.settings.home)]
    token = CliRunner().invoke(main, [*kb, "people", "token", "editor"]).stdout.split()[-1]

    def run(*arguments, code=0):
        done = CliRunner().invoke(main, [*kb, *arguments])
        assert done.exit_code == code, done.output
        return done.output

    assert "Nothing was done" in run("rename", "brug", "brug-open", "--token", token)
    assert town.engine.renaming.leads("brug") == "brug"
    assert "brug leads there" in run("rename", "brug", "brug-open", "--reason", "Zo", "--token", token, "--yes")
    shown = run("journal", "show", "brug")
    assert "brug is called brug-open now." in shown
    assert "rename brug-open" in shown
    run("rename", "brug", "brugje", "--token", token, "--yes", code=1)
    assert "2 questions are proposed" in run("merge", "brug-open", "dijk", "--token", token)
    assert "waits for a second person" in run("merge", "brug-open", "dijk", "--token", token, "--yes")
    assert "brug went up in dijk." in run("search", "brug")
    assert "all in order" in run("journal", "verify")
