"""A zone begins with the starter set: its folder, its store, and what can never go live in it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from kbengine.article import Kind, Ref
from kbengine.cli.main import main
from kbengine.errors import WrongState, WrongStore
from kbengine.folder import FIRST, import_folder, merged, read_folder
from kbengine.folder.own_zone import own_zone
from kbengine.history import Move, Role
from kbengine.journal import STARTER, Person, Store, make_move, open_store
from kbengine.settings import PROJECT

NAME = "Politiezone Rietland"
GIVEN = ("--name", NAME, "--languages", "nl, fr", "--phone", "03 555 12 12", "--login", "ann", "--no-input")
ARTICLE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A zone that `kb init` made: its folder and what was printed."""
    home = tmp_path_factory.mktemp("zone") / "kb"
    done = CliRunner().invoke(main, ["init", str(home), *GIVEN])
    assert done.exit_code == 0, done.output
    return home, done.output


@pytest.fixture(scope="module")
def store(made):
    """The store of that zone."""
    found = open_store(made[0] / "store")
    yield found
    found.close()


def _move(store: Store, person: Person, ref: Ref, move: Move) -> None:
    """This person's move on the newest revision."""
    zone = read_folder(PROJECT / "kb").zone
    newest = store.journal.history(ref).latest
    with store.journal.write() as writer:
        make_move(writer, person.actor, ref, newest.number, newest.digest, move, "", "nl", zone.timezone)


def test_init_when_done_holds_every_text_by_an_author_that_nobody_is(store):
    """The starter set wrote all but what the zone said of itself, and nobody can be the starter set."""
    starter, ann = store.accounts.by_login(STARTER), store.accounts.by_login("ann")
    histories = store.journal.snapshot()[1]
    own = {str(ref) for ref, history in histories.items() if history.latest.author == ann.id}

    assert not store.demo
    assert (starter.active, starter.roles) == (False, frozenset())
    assert own == {"zone/zone", "fact/zone_name", "fact/zone_phone"}
    assert {history.latest.author for ref, history in histories.items() if str(ref) not in own} == {starter.id}
    assert {ref.lang for ref in histories if ref.kind is Kind.ARTICLE} == {"nl", "fr"}
    assert "03 555 12 12" in histories[Ref(Kind.FACT, "zone_phone")].latest.text


def test_init_when_done_has_the_first_twenty_and_what_they_need_in_review(store):
    """Nothing is live; the twenty wait, with their questions and values, but no example value does."""
    histories = store.journal.snapshot()[1]
    waiting = {ref for ref, history in histories.items() if history.decisions}

    assert {ref.slug for ref in waiting if ref.kind is Kind.ARTICLE} == set(FIRST)
    assert {ref.slug for ref in waiting if ref.kind is Kind.QUESTIONS} == set(FIRST)
    assert Ref(Kind.FACT, "card_stop_phone") in waiting
    assert {ref.slug for ref in waiting if ref.slug.startswith("zone_")} == {"zone_phone"}
    assert {d.move for history in histories.values() for d in history.decisions} == {Move.SUBMIT}


def test_starter_text_when_validated_by_anybody_of_the_zone_is_let_through(store):
    """One person of the zone may vouch for a text of the starter set: they had no hand in it."""
    vera = store.accounts.add("vera", "Vera", frozenset({Role.VALIDATOR}))

    _move(store, vera, ARTICLE, Move.VALIDATE)

    assert store.journal.history(ARTICLE).decisions[-1].move is Move.VALIDATE


@pytest.mark.parametrize("name", ["zone_url", "zone_desk_address", "zone_hours"])
def test_example_value_when_validated_is_refused(store, name):
    """A value of the example zone never goes live, whether or not it looks like an example."""
    bob = store.accounts.add(f"bob{name.replace('_', '')}", "Bob", frozenset({Role.EDITOR, Role.VALIDATOR}))
    ref = Ref(Kind.FACT, name)
    _move(store, bob, ref, Move.SUBMIT)

    with pytest.raises(WrongState, match="still holds an example value"):
        _move(store, bob, ref, Move.VALIDATE)


def test_texts_when_imported_again_change_nothing_and_take_no_new_example(made, store, tmp_path):
    """The zone's own folder says what its store says; an example value that somebody wrote is refused."""
    folder, ann = read_folder(made[0] / "texts"), store.accounts.by_login("ann")
    done = import_folder(store, folder, ann)

    assert (done.added, done.older) == ((), ())
    assert folder.zone.name == NAME
    assert not folder.zone.example
    for path in ("zone.toml", "facts.toml"):
        (tmp_path / path).write_text((made[0] / "texts" / path).read_text(encoding="utf-8"), encoding="utf-8")
    facts = tmp_path / "facts.toml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("03 000 00 11", "03 000 00 19"), encoding="utf-8")
    with pytest.raises(WrongStore, match="zone_press_phone"):
        import_folder(store, read_folder(tmp_path), ann, datetime.now(UTC))


def test_init_when_told_says_what_is_still_an_example_and_what_comes_next(made):
    """What was printed lists the values to change and three steps, by the folder's own name."""
    home, output = made

    assert "zone_desk_address" in output
    assert "zone_phone " not in output
    assert [line[:2] for line in output.splitlines() if line[:2] in ("1.", "2.", "3.")] == ["1.", "2.", "3."]
    assert f"kb --home {home} serve" in output


@pytest.mark.parametrize(
    ("place", "said"), [(PROJECT / "var" / "zone", "lies in this clone"), (Path(__file__).parent.parent, "clone")]
)
def test_init_when_inside_the_clone_is_refused(place, said):
    """An update of the clone must never meet a zone's own texts."""
    done = CliRunner().invoke(main, ["init", str(place), *GIVEN])

    assert done.exit_code == 1
    assert said in done.output


def test_init_when_the_folder_holds_something_is_refused(tmp_path):
    """Nothing of anybody's is written over."""
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    done = CliRunner().invoke(main, ["init", str(tmp_path), *GIVEN])

    assert done.exit_code == 1
    assert "not empty" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_init_when_nothing_may_be_asked_needs_a_name(tmp_path):
    """A zone without a name is no zone."""
    done = CliRunner().invoke(main, ["init", str(tmp_path / "kb"), "--no-input"])

    assert done.exit_code == 2
    assert "--name" in done.output
    assert not (tmp_path / "kb").exists()


def test_init_when_it_may_ask_asks_what_was_not_given(tmp_path):
    """Every question not answered by an option is asked; the usual answer is one key."""
    typed = "Zone Beek\n\n03 555 00 99\n\n\n\nAnn\n"
    done = CliRunner().invoke(main, ["init", str(tmp_path / "kb"), "--first", "0"], input=typed)
    store = open_store(tmp_path / "kb" / "store")
    phone, people = store.journal.history(Ref(Kind.FACT, "zone_phone")).latest, store.accounts.all()
    decided = [history.decisions for history in store.journal.snapshot()[1].values() if history.decisions]
    store.close()

    assert done.exit_code == 0
    assert "03 555 00 99" in phone.text
    assert {person.name for person in people} == {"Ann", "Startset"}
    assert {ref for decisions in decided for ref in (str(d.ref) for d in decisions)} <= {
        "danger/danger",
        "kinds/kinds",
        "referrals/referrals",
        "synonyms/synonyms",
        "zone/zone",
    }


def test_own_zone_when_written_leaves_out_whom_only_the_example_has():
    """Nobody of the example zone is alerted, named or signed in; comments above a table go with it."""
    text = own_zone((PROJECT / "kb" / "zone.toml").read_text(encoding="utf-8"), NAME, ("nl",))

    assert "03 000" not in text
    assert "Wilgenrijk" not in text
    assert "Wie je verwittigt" not in text
    assert 'steps_article = "intern-noodmelding-via-bericht"' in text
    assert 'hours = "We lezen dit kanaal {hours}."' in text


# --- what changed in the starter set since ---


def _taken(tmp_path, monkeypatch):
    """A zone on a small starter set, an editor's token in the environment, and a way of running kb there."""
    source = tmp_path / "kb"
    shutil.copytree(PROJECT / "kb", source, ignore=shutil.ignore_patterns("decisions"))
    for path in (*source.glob("articles/*/*.md"), *source.glob("questions/*.toml")):
        if path.name.split(".")[0] not in ("huurgeschil", "nachtlawaai"):
            path.unlink()
    home = tmp_path / "zone"
    monkeypatch.setenv("KB_SOURCE", str(source))

    def kb(*words: str) -> str:
        done = CliRunner().invoke(main, ["--home", str(home), *words])
        return done.output if done.exit_code == 0 else f"{done.exit_code}: {done.output}"

    assert "Next:" in kb("init", str(home), *GIVEN)
    monkeypatch.setenv("KB_TOKEN", kb("people", "token", "ann").strip())
    return source, home, kb


def _put(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _newest(home: Path, ref: Ref):
    store = open_store(home / "store")
    found, starter = store.journal.history(ref).latest, store.accounts.by_login(STARTER)
    store.close()
    return found, found.author == starter.id


def test_starter_diff_when_the_set_changed_shows_and_takes_it(tmp_path, monkeypatch):
    """Nothing at first; then what changed, line by line; taken over it is a draft of the starter set again."""
    source, home, kb = _taken(tmp_path, monkeypatch)
    ref = Ref(Kind.ARTICLE, "huurgeschil", "nl")
    assert kb("starter", "diff") == "Nothing changed.\n"

    _put(source / "articles/overlast/huurgeschil.nl.md", "\n---\n", "\n---\nNieuw in de startset.\n\n")
    _put(source / "facts.toml", 'value = "0800 12 800"', 'value = "0800 12 801"')
    _put(source / "facts.toml", "03 000 00 11", "03 000 00 12")
    listed = kb("starter", "diff")
    assert [line.split() for line in listed.splitlines()[2:]] == [
        ["changed", "article/huurgeschil.nl"],
        ["changed", "fact/unia_phone"],
    ]
    assert "+Nieuw in de startset." in kb("starter", "diff", "--show", "huurgeschil")
    assert kb("starter", "diff", "--take", "huurgeschil") == "draft     article/huurgeschil.nl\n"
    newest, by_starter = _newest(home, ref)
    assert (newest.number, by_starter, "Nieuw in de startset." in newest.text) == (2, True, True)
    assert "huurgeschil" not in kb("starter", "diff")


def test_starter_diff_when_both_changed_brings_them_together_once(tmp_path, monkeypatch):
    """Changes in two places become one text of whoever took it; in one place nothing is overwritten unasked."""
    source, home, kb = _taken(tmp_path, monkeypatch)
    own, theirs = (root / "articles/overlast/huurgeschil.nl.md" for root in (home / "texts", source))
    ref = Ref(Kind.ARTICLE, "huurgeschil", "nl")
    _put(own, "\n---\n", "\n---\nOns eigen begin.\n\n")
    kb("import", str(home / "texts"))
    _put(theirs, "## Intern\n", "## Intern\n0. Nieuw in de startset.\n")

    assert kb("starter", "diff").splitlines()[2].split() == ["both", "article/huurgeschil.nl"]
    assert "draft" in kb("starter", "diff", "--take", "huurgeschil")
    newest, by_starter = _newest(home, ref)
    assert not by_starter
    assert "Ons eigen begin." in newest.text
    assert "0. Nieuw in de startset." in newest.text

    _put(theirs, "\n---\n", "\n---\nEen ander begin.\n\n")
    assert "conflict" in kb("starter", "diff")
    refused = kb("starter", "diff", "--take", "huurgeschil")
    assert refused.startswith("1: ")
    assert "--over" in refused
    assert _newest(home, ref)[0].digest == newest.digest
    assert "draft" in kb("starter", "diff", "--take", "huurgeschil", "--over")
    assert "Een ander begin." in _newest(home, ref)[0].text


def test_starter_diff_when_an_article_came_or_went_says_so(tmp_path, monkeypatch):
    """A new article is taken with its questions; one that left the set is named and left alone."""
    source, _, kb = _taken(tmp_path, monkeypatch)
    shutil.copy(PROJECT / "kb/articles/overlast/wildplassen.nl.md", source / "articles/overlast")
    shutil.copy(PROJECT / "kb/questions/wildplassen.toml", source / "questions")
    (source / "articles/overlast/huurgeschil.nl.md").unlink()

    listed = [line.split() for line in kb("starter", "diff").splitlines()[2:]]
    assert ["new", "article/wildplassen.nl"] in listed
    assert ["gone", "article/huurgeschil.nl"] in listed
    assert kb("starter", "diff", "--take", "wildplassen").count("draft") == 2


def test_starter_diff_when_the_store_did_not_begin_with_it_says_so(demo, monkeypatch):
    """A demo took nothing."""
    done = CliRunner().invoke(main, ["--home", str(demo.home), "starter", "diff"])

    assert done.exit_code == 1
    assert "did not begin with the starter set" in done.output


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"),
        ("a\nb\nc\nd\ne\n", "a\nc\nd\n", "a\nc\nd\ne\n"),
        ("A\nb\nc\nd\n", "A\nb\nc\nd\n", "A\nb\nc\nd\n"),
        ("A\nb\nc\nd\n", "Z\nb\nc\nd\n", None),
        ("a\nx\nb\nc\nd\n", "a\ny\nb\nc\nd\n", None),
        ("A\nb\nc\nd\n", "a\nB\nc\nd\n", None),
    ],
)
def test_merge_when_changes_touch_is_refused_and_else_holds_both(one, other, both):
    """Both changes or neither: never a text that nobody wrote at a place where two people did."""
    assert merged("a\nb\nc\nd\n", one, other) == both
    assert merged("a\nb\nc\nd\n", other, one) == both
