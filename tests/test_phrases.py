"""What people keep of messages: phrases that wait for a second person, gaps, dismissals, and their 90 days."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.config import Config
from cast import ABE, ANN, BRUSSELS, EVE, NOW, QUESTIONS, ROB, VERA
from homes import new_store
from sqlalchemy import event, text

from kbengine.article import Kind, Ref, add_question, read_questions
from kbengine.errors import Conflict, KBError, NotAllowed, NotFound, StoreError, WrongState
from kbengine.history import Actor, Move, Revision, Role
from kbengine.journal import DATABASE, Phrase, Store, Typed, accept_phrase, make_move, open_store
from kbengine.journal.attempts import take
from kbengine.journal.connect import MIGRATIONS, SCHEMA, connect, schema, writing
from kbengine.journal.tables import TERMED
from kbengine.period import NO_TERMS
from kbengine.validate import live

LISTED = 'nl = [\n  "mijn fiets is weg",\n]\nnot = [\n  "waar mag ik fietsen",\n]\n'
SAID = "ze hebben mijne velo gepikt"
LATER = NOW + timedelta(days=89)
OVER = NOW + timedelta(days=90)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A demo store with a validated question file."""
    made = new_store(tmp_path / "store", demo=True)
    revise(made, LISTED, ANN, VERA)
    yield made
    made.close()


def revise(store: Store, text: str, author: Actor, validator: Actor | None = None) -> None:
    """A new revision of the question file, vouched for when somebody is named."""
    newest = store.journal.history(QUESTIONS).latest
    with store.journal.write(NOW) as writer:
        revision = writer.save(QUESTIONS, text, "", author.person, NO_TERMS, newest.number if newest else 0)
        for move in (Move.SUBMIT, Move.VALIDATE) if validator else ():
            make_move(writer, validator, QUESTIONS, revision.number, revision.digest, move, "", "nl", BRUSSELS)


def teach(store: Store, said: str = SAID, teacher: Actor = ABE) -> Phrase:
    """A phrase that somebody taught."""
    store.phrases.teach(NOW, "fiets-gestolen", "nl", said, teacher.person)
    return store.phrases.waiting(NOW)[-1]


def accept(store: Store, phrase: Phrase, actor: Actor, seen: str = "") -> Revision:
    """Accept a phrase as it was seen."""
    with store.journal.write(NOW) as writer:
        return accept_phrase(writer, actor, phrase.id, seen or phrase.text, "nl", BRUSSELS)


def asked(store: Store) -> tuple[str, ...]:
    """The Dutch questions that are live."""
    published = live(store.journal.history(QUESTIONS), store.journal.now(), BRUSSELS)
    questions = read_questions(published.text, "fiets-gestolen", "")[0] if published else None
    return questions.asked.get("nl", ()) if questions else ()


# A phrase into its question file


def test_accept_when_somebody_else_taught_it_is_live_at_once(store: Store) -> None:
    """The agent is the author, the editor vouches, the rest of the file stays as it was, and nothing waits."""
    revision = accept(store, teach(store), EVE)
    decisions = store.journal.history(QUESTIONS).decisions[-2:]

    assert revision.text == LISTED.replace('is weg",\n', f'is weg",\n  "{SAID}",\n')
    assert (revision.author, asked(store)) == ("abe", ("mijn fiets is weg", SAID))
    assert [(d.move, d.actor) for d in decisions] == [(Move.SUBMIT, "eve"), (Move.VALIDATE, "eve")]
    assert store.phrases.waiting(NOW) == ()
    assert store.verify().seq > 0


def test_accept_when_there_is_no_file_makes_one(tmp_path: Path) -> None:
    """An article that nobody asked for yet begins its list with a phrase."""
    empty = new_store(tmp_path / "empty", demo=True)
    accept(empty, teach(empty), EVE)

    assert asked(empty) == (SAID,)
    empty.close()


@pytest.mark.parametrize(("actor", "code"), [(ABE, "move.role"), (ROB, "move.role"), (ANN, "move.own-text")])
def test_accept_when_not_for_this_person_is_refused(store: Store, actor: Actor, code: str) -> None:
    """An agent accepts nothing, and nobody accepts their own."""
    phrase = teach(store, teacher=ANN)
    with pytest.raises(NotAllowed) as refused:
        accept(store, phrase, actor)

    assert refused.value.code == code
    assert store.phrases.waiting(NOW) == (phrase,)


def test_accept_when_an_editor_changed_it_needs_a_third_person(store: Store) -> None:
    """Whoever wrote at a phrase has a hand in it; who wrote last is the author."""
    phrase = teach(store, teacher=ANN)
    store.phrases.edit(NOW, phrase.id, SAID, "mijn velo is gepikt", "eve")
    changed = store.phrases.phrase(phrase.id, NOW)
    for actor in (ANN, EVE):
        with pytest.raises(NotAllowed, match="hand"):
            accept(store, changed, actor)

    assert (changed.teacher, changed.hands, changed.expires) == ("ann", ("ann", "eve"), phrase.expires)
    assert accept(store, changed, VERA).author == "eve"


def test_accept_when_a_newer_revision_waits_is_refused(store: Store) -> None:
    """Nobody's pending work is built upon or pushed aside; the phrase waits."""
    revise(store, LISTED + 'fr = ["mon vélo"]\n', ANN)
    phrase = teach(store)
    with pytest.raises(Conflict) as refused:
        accept(store, phrase, EVE)

    assert (refused.value.code, refused.value.fields["number"]) == ("phrase.pending", "2")
    assert store.phrases.waiting(NOW) == (phrase,)
    assert store.journal.history(QUESTIONS).latest.number == 2


@pytest.mark.parametrize("stop", [Move.HOLD, Move.ARCHIVE])
def test_accept_when_the_file_is_stopped_is_refused(store: Store, stop: Move) -> None:
    """Learning a phrase lifts no hold."""
    seen = store.journal.history(QUESTIONS).latest
    with store.journal.write(NOW) as writer:
        make_move(writer, VERA, QUESTIONS, 1, seen.digest, stop, "Even niet.", "nl", BRUSSELS)
    with pytest.raises(WrongState, match="out of use"):
        accept(store, teach(store), EVE)


def test_accept_when_it_is_asked_already_is_refused(store: Store) -> None:
    """Capitals and white space make no other question."""
    with pytest.raises(Conflict) as refused:
        accept(store, teach(store, "Mijn  FIETS is weg"), EVE)

    assert refused.value.code == "phrase.known"


@pytest.mark.parametrize("act", ["accept", "decline", "edit"])
def test_phrase_when_it_is_not_what_was_seen_is_left_alone(store: Store, act: str) -> None:
    """An old page decides nothing about a text that was changed meanwhile."""
    phrase = teach(store)
    store.phrases.edit(NOW, phrase.id, SAID, "iets anders", "eve")
    acts = {
        "accept": lambda: accept(store, phrase, VERA),
        "decline": lambda: store.phrases.decline(NOW, phrase.id, SAID),
        "edit": lambda: store.phrases.edit(NOW, phrase.id, SAID, "nog iets", "vera"),
    }
    with pytest.raises(Conflict, match="not the text you saw"):
        acts[act]()

    assert [kept.text for kept in store.phrases.waiting(NOW)] == ["iets anders"]


def test_phrase_when_declined_leaves_nothing(store: Store) -> None:
    """It is gone from the table, and a second decision finds nothing."""
    phrase = teach(store)
    store.phrases.decline(NOW, phrase.id, SAID)

    assert store.phrases.waiting(NOW) == ()
    with pytest.raises(NotFound, match="no longer kept"):
        accept(store, phrase, EVE)


def together(store: Store, *acts: Callable[[Store, Barrier], object]) -> list[object]:
    """Everybody at once, each with a connection of their own; what each got, or was refused with."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[Store, Barrier], object]) -> object:
        own = open_store(store.directory)
        try:
            return act(own, barrier)
        except KBError as error:
            return error.code
        finally:
            own.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def accepting(phrase: Phrase, actor: Actor) -> Callable[[Store, Barrier], object]:
    """Somebody who accepts when the others do."""

    def act(store: Store, barrier: Barrier) -> int:
        barrier.wait(timeout=60)
        return accept(store, phrase, actor).number

    return act


def test_accept_when_two_editors_do_at_once_loses_nothing(store: Store) -> None:
    """Two phrases of one article both get in, one on top of the other."""
    one, other = teach(store), teach(store, "velo foetsie")
    numbers = together(store, accepting(one, EVE), accepting(other, VERA))

    assert sorted(map(int, map(str, numbers))) == [2, 3]
    assert set(asked(store)) == {"mijn fiets is weg", SAID, "velo foetsie"}


def test_accept_when_two_editors_take_the_same_one_counts_once(store: Store) -> None:
    """The second is told that it is decided."""
    phrase = teach(store)
    found = together(store, accepting(phrase, EVE), accepting(phrase, VERA))

    assert sorted(map(str, found)) == ["2", "phrase.gone"]
    assert asked(store).count(SAID) == 1


def test_accept_when_it_fails_at_any_statement_does_nothing(store: Store) -> None:
    """Revision, moves and the end of the phrase are one: all of it or none."""
    phrase = teach(store)
    before = store.journal.snapshot()
    for number in range(1, 60):
        left = [number]

        def fail(*_: object, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise StoreError("store.unavailable", "disk I/O error")

        event.listen(store.engine, "before_cursor_execute", fail)
        try:
            accept(store, phrase, EVE)
        except StoreError:
            assert (store.journal.snapshot(), store.phrases.waiting(NOW)) == (before, (phrase,))
        else:
            break
        finally:
            event.remove(store.engine, "before_cursor_execute", fail)
    assert number > 10
    assert asked(store) == ("mijn fiets is weg", SAID)


# The file a question is added to

UNUSUAL = [
    ('nl = ["a", "b"]\nfr = [\n  "c",\n]\n', "nl", 'nl = [\n  "a",\n  "b",\n  "x",\n]\nfr = [\n  "c",\n]\n'),
    ('nl = [\n  "a" # de eerste\n]\n', "nl", 'nl = [\n  "a",\n  "x",\n]\n'),
    ('nl = [\n  # de eerste\n  "a",\n]\n', "nl", 'nl = [\n  # de eerste\n  "a",\n  "x",\n]\n'),
    ('nl = [\n  "a",\n]\nnot = ["n"]\n', "fr", 'nl = [\n  "a",\n]\nfr = [\n  "x",\n]\nnot = [\n  "n",\n]\n'),
    ("nl = [\n]\n", "nl", 'nl = [\n  "x",\n]\n'),
    ("", "de", 'de = [\n  "x",\n]\n'),
    ('nl = ["""a\n]b""",\n]\n', "nl", 'nl = [\n  "a\\n]b",\n  "x",\n]\n'),
]


@pytest.mark.parametrize(("text", "lang", "expected"), UNUSUAL)
def test_question_when_added_to_any_file_keeps_what_was_asked(text: str, lang: str, expected: str) -> None:
    """In a file as we write them only a line is added; another is written as ours, and reads the same."""
    assert add_question(text, "fiets", lang, "x") == expected


def test_question_when_it_holds_signs_of_the_file_is_read_back() -> None:
    """Quotes, brackets and backslashes in a message are only text."""
    nasty = 'ze zeiden "weg"]\\ en # toen'
    questions = read_questions(add_question(LISTED, "fiets", "nl", nasty), "fiets", "")[0]

    assert questions.asked["nl"][-1] == nasty


# Gaps and dismissals


def test_gap_when_filed_becomes_a_phrase_of_whoever_filed_it(store: Store) -> None:
    """A gap has no name; who says where it belongs is its teacher, and another one accepts."""
    store.phrases.keep_gap(NOW, "nl", SAID)
    gap = store.phrases.gaps(NOW)[0]
    store.phrases.file_gap(LATER, gap.id, SAID, "fiets-gestolen", "ann")
    phrase = store.phrases.waiting(LATER)[0]

    assert (phrase.text, phrase.teacher, phrase.expires) == (SAID, "ann", LATER + timedelta(days=90))
    assert store.phrases.gaps(LATER) == ()
    with pytest.raises(NotFound):
        store.phrases.drop_gap(NOW, gap.id, SAID)


def test_dismissals_when_counted_tell_how_often_and_when_last(store: Store) -> None:
    """Per answer, most often first; there is no column for a text or a person."""
    for day, slug in ((0, "a"), (3, "b"), (5, "b")):
        store.phrases.dismiss(NOW + timedelta(days=day), slug, "nl", "x")
    found = [(line.slug, line.count, line.last) for line in store.phrases.dismissed(LATER)]

    assert found == [("b", 2, NOW + timedelta(days=5)), ("a", 1, NOW)]
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(dismissals)")]
    assert columns == ["id", "at", "expires", "slug", "lang", "channel"]


# Terms


def test_kept_when_its_term_is_over_is_as_good_as_gone(store: Store) -> None:
    """After 90 days nothing is listed or decided, also when no purge came by."""
    phrase = teach(store)
    store.phrases.keep_gap(NOW, "nl", SAID)
    store.phrases.dismiss(NOW, "fiets-gestolen", "nl", "x")
    kept = store.phrases

    assert all((kept.waiting(LATER), kept.gaps(LATER), kept.dismissed(LATER)))
    assert not any((kept.waiting(OVER), kept.gaps(OVER), kept.dismissed(OVER)))
    with pytest.raises(NotFound):
        kept.decline(OVER, phrase.id, SAID)


def test_purge_when_run_deletes_what_is_past_its_term_and_nothing_else(store: Store) -> None:
    """Links, tokens and sessions go with the rest; people and the record stay."""
    now = store.journal.now()
    person = store.accounts.add("ann", "Ann", frozenset({Role.EDITOR}))
    for secret in (store.accounts.new_link, store.accounts.new_token):
        secret(person)
    store.accounts.visit()
    store.phrases.teach(now, "fiets-gestolen", "nl", SAID, person.id)
    store.phrases.keep_gap(now, "nl", SAID)
    store.phrases.dismiss(now, "fiets-gestolen", "nl", "x")
    store.marks.keep(now, "miss", "nl", SAID)
    take(store.engine, "ann", "127.0.0.1", now)
    store.unsaved.keep(now, person, Typed("a" * 32, 0, "fiets-gestolen", "nl", 1, now, {"default": SAID}), "")
    store.notes.add(now, Ref(Kind.ARTICLE, "fiets-gestolen", "nl"), 1, person.id, SAID)
    store.neighbours.keep(now, "d" * 24, "nl", ("fiets-gestolen", "nachtlawaai"), person.id, SAID)
    store.purge()
    before = counts(store)
    store.advance_clock(timedelta(days=731))
    store.purge()

    assert 0 not in before.values()
    assert set(counts(store).values()) == {0}
    assert store.accounts.all() == (person,)
    assert SAID.encode() not in (store.directory / DATABASE).read_bytes()


def counts(store: Store) -> dict[str, int]:
    """How many rows each table with a term has."""
    with store.engine.connect() as connection:
        return {
            table.name: connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one()  # noqa: S608
            for table in TERMED
        }


# The tables


def test_migrate_when_the_store_is_of_the_first_version_keeps_everything(tmp_path: Path) -> None:
    """The new tables come beside what was there, and then hold what they must."""
    (tmp_path / "old").mkdir()
    engine = connect(f"sqlite:///{tmp_path / 'old' / DATABASE}")
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO head VALUES (1, 0, :genesis, '2026-01-05T08:00:00.000000Z')"), GENESIS)
        connection.execute(text("INSERT INTO store VALUES ('demo', 'yes')"))
    engine.dispose()
    opened = open_store(tmp_path / "old")
    phrase = teach(opened)

    with opened.engine.connect() as connection:
        assert schema(connection) == SCHEMA
    assert (opened.demo, opened.phrases.waiting(NOW)) == (True, (phrase,))
    opened.close()


GENESIS = {"genesis": "0" * 64}
