"""A zone begins with the starter set: its folder, its store, and what can never go live in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from kbengine.article import Kind, Ref
from kbengine.cli.main import main
from kbengine.errors import WrongState, WrongStore
from kbengine.folder import FIRST, import_folder, read_folder
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
