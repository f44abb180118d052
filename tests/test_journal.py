"""The record on a real SQLite file: one chain, one transaction per act, and tables that are as they should be."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cast import ABE, ANN, ARTICLE, BRUSSELS, EVE, NOW, QUESTIONS, STEP, VERA, terms
from homes import new_store
from sqlalchemy import create_engine, delete, event, inspect, text, update

from kbengine.article import Kind, Ref, digest
from kbengine.errors import Conflict, NotAllowed, NotFound, StoreError, StoreMissing, WorkflowError, WrongStore
from kbengine.history import Actor, Decision, History, Move, Revision, State
from kbengine.journal import DATABASE, Copy, Head, Store, create, exists, make_move, open_store
from kbengine.journal import tables as t
from kbengine.journal.connect import BUSY_SECONDS, SCHEMA, connect, migrate, schema, writing
from kbengine.journal.record import GENESIS
from kbengine.period import NO_TERMS, Terms
from kbengine.validate import MOVES_WITH_REASON, state

FRENCH = Ref(Kind.ARTICLE, ARTICLE.slug, "fr")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty demo store."""
    made = new_store(tmp_path / "store", demo=True)
    yield made
    made.close()


def save(
    store: Store, author: Actor = ANN, base: int = 0, *, ref: Ref = ARTICLE, said: str = "", terms: Terms = NO_TERMS
) -> Revision:
    """One revision at the fixed moment, or at the head's when that is later."""
    with store.journal.write(NOW) as writer:
        return writer.save(ref, said or f"Text {base + 1}.\n", "diefstal", author.person, terms, base)


def move(
    store: Store, actor: Actor, move: Move, number: int = 1, *, ref: Ref = ARTICLE, seen: str = "", reason: str = ""
) -> Decision:
    """One guarded move an hour later, on the text as it is unless `seen` says otherwise."""
    seen = seen or store.journal.history(ref).revision(number).digest
    with store.journal.write(NOW + STEP) as writer:
        return make_move(writer, actor, ref, number, seen, move, reason, "nl", BRUSSELS)


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """What a stranger's connection reads in the database."""
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        return connection.execute(query).fetchall()


# Connections and files


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "delete"),
        ("synchronous", 3),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("busy_timeout", BUSY_SECONDS * 1_000),
    ],
)
def test_connection_when_several_are_open(store: Store, pragma: str, value: object) -> None:
    """Every connection of the pool has the settings that keep the record safe."""
    with store.engine.connect() as first, store.engine.connect() as second:
        found = [connection.execute(text(f"PRAGMA {pragma}")).scalar() for connection in (first, second)]
    assert found == [value, value]


def test_write_when_another_writes(store: Store) -> None:
    """A transaction holds the write lock from its first statement; readers go on reading."""
    other = sqlite3.connect(store.directory / DATABASE, timeout=0, isolation_level=None)
    with closing(other), store.journal.write(NOW):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT seq FROM head").fetchone() == (0,)


def test_create_when_done(store: Store) -> None:
    """Only the owner may read the store's files, and its key has 32 bytes."""
    modes = {path.name: path.stat().st_mode & 0o777 for path in (store.directory, *store.directory.iterdir())}
    assert modes == {"store": 0o700, DATABASE: 0o600, "secret": 0o600}
    assert len(store.secret_key()) == 32


def test_create_when_there_is_one(store: Store) -> None:
    """A store is never made over another."""
    with pytest.raises(StoreError, match=r"There is a store in .* already"):
        create(store.directory, demo=True)


def test_open_when_there_is_none(tmp_path: Path) -> None:
    """Opening makes nothing."""
    with pytest.raises(StoreMissing, match="There is no store in"):
        open_store(tmp_path / "store")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("demo", [True, False])
def test_open_when_made_before(tmp_path: Path, demo: bool) -> None:
    """A store is a demo or real from birth, and its key stays."""
    made = create(tmp_path / "store", demo=demo)
    made.close()
    again = open_store(tmp_path / "store")
    again.close()
    assert (again.demo, again.secret_key()) == (demo, made.secret_key())


# The tables


def test_migrate_when_new(store: Store) -> None:
    """The migrations make exactly the tables that the code names."""
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []


def test_migrate_when_compared_by_constraints(store: Store, tmp_path: Path) -> None:
    """The checks and foreign keys too, which alembic does not compare on SQLite."""
    plain = create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    t.metadata.create_all(plain)
    found = [
        {
            name: (look.get_check_constraints(name), look.get_foreign_keys(name), look.get_unique_constraints(name))
            for name in t.metadata.tables
        }
        for look in (inspect(plain), inspect(store.engine))
    ]
    plain.dispose()
    assert found[0] == found[1]


def test_migrate_when_up_to_date(store: Store) -> None:
    """Migrating again changes nothing."""
    before = rows(store, "SELECT * FROM sqlite_master")
    migrate(store.engine)
    assert rows(store, "SELECT * FROM sqlite_master") == before


def test_open_when_newer(store: Store) -> None:
    """A store of a later version is refused, and left as it is."""
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"later version \(9999\)"):
        open_store(store.directory)
    assert rows(store, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_migrate_when_it_fails_at_any_statement(tmp_path: Path) -> None:
    """A migration that stops half-way leaves an empty database: all tables or none."""
    for number in range(1, 100):
        engine = connect(f"sqlite:///{tmp_path / f'{number}.db'}")
        failed = _fails_at(engine, number, lambda engine=engine: migrate(engine))
        with engine.connect() as connection:
            found = schema(connection), len(inspect(connection).get_table_names())
        engine.dispose()
        if not failed:
            break
        assert found == (None, 0)
    assert number > 20
    assert found == (SCHEMA, len(t.metadata.tables) + 1)


def _fails_at(engine, number: int, act) -> bool:
    """Run something while its nth statement fails; whether it came that far."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError("disk full")

    event.listen(engine, "before_cursor_execute", count)
    try:
        act()
    except OSError:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return False


def _nothing(_directory: Path) -> None: ...


def _empty_file(directory: Path) -> None:
    (directory / DATABASE).touch()


def _tables_only(directory: Path) -> None:
    engine = connect(f"sqlite:///{directory / DATABASE}")
    migrate(engine)
    engine.dispose()


def _half_a_key(directory: Path) -> None:
    (directory / "secret.new").write_bytes(b"short")


@pytest.mark.parametrize("stopped", [_nothing, _empty_file, _tables_only, _half_a_key])
def test_create_when_it_was_interrupted(tmp_path: Path, stopped) -> None:
    """A half-made store is none, and making it again finishes it."""
    stopped(tmp_path)
    assert not exists(tmp_path)
    with pytest.raises(StoreMissing, match="There is no store"):
        open_store(tmp_path)
    made = create(tmp_path, demo=False)
    assert (made.verify().seq, len(made.secret_key())) == (0, 32)
    made.close()


# The chain


def test_head_when_empty(store: Store) -> None:
    """A new journal stands before its first line, at the beginning of time."""
    assert store.journal.head() == Head(0, GENESIS, datetime(1970, 1, 1, tzinfo=UTC))


def test_chain_when_written(store: Store) -> None:
    """Every line is hashed over the line before it, as anybody can recompute, and the head is the last."""
    save(store)
    move(store, ANN, Move.SUBMIT)
    move(store, VERA, Move.VALIDATE)
    prev = GENESIS
    for seq, at, kind, body, before, found in rows(store, "SELECT * FROM entries ORDER BY seq"):
        assert before == prev
        prev = hashlib.sha256(f"{prev}\n{seq}\n{at}\n{kind}\n{body}".encode()).hexdigest()
        assert found == prev
    assert store.journal.head() == Head(3, prev, NOW + STEP)


def test_chain_when_a_reason_is_given(store: Store) -> None:
    """The chain names a reason by a random id: neither its words nor a name stands in a line."""
    save(store)
    decision = move(store, EVE, Move.ARCHIVE, reason="Mevrouw Peeters belde")
    body = json.loads(str(rows(store, "SELECT body FROM entries WHERE seq = 2")[0][0]))
    assert "Peeters" not in str(body)
    assert rows(store, "SELECT id, text FROM reasons") == [(body["reason"], decision.reason)]


# Saving and reading


def test_save_when_first(store: Store) -> None:
    """What save returns is what the history holds: the canonical text with its digest, author, moment and terms."""
    ending = terms("from=2026-06-01", "until=2026-06-30T18:00", "review=6")
    revision = save(store, said="Cafe\u0301  \r\nopen\n\n", terms=ending)
    expected = Revision(ARTICLE, 1, digest(ARTICLE, "Café\nopen\n"), "Café\nopen\n", "diefstal", "ann", NOW, ending)
    assert (revision, store.journal.history(ARTICLE)) == (expected, History(ARTICLE, (expected,)))


def test_save_when_the_text_is_an_old_one(store: Store) -> None:
    """Going back to an old text is a new revision with the old digest."""
    digests = [save(store, base=base, said=said).digest for base, said in enumerate(["A\n", "B\n", "A\n"])]
    assert [revision.digest for revision in store.journal.history(ARTICLE).revisions] == digests
    assert digests[0] == digests[2]


@pytest.mark.parametrize("base", [0, 1, 3, -1])
def test_save_when_the_base_is_stale(store: Store, base: int) -> None:
    """A text on top of anything but the newest is refused, naming both numbers, and nothing is written."""
    save(store)
    save(store, EVE, 1)
    with pytest.raises(Conflict, match=f"revision 2 is newer than {base}") as caught:
        save(store, ANN, base)
    assert caught.value.fields == {"newer": "2", "base": str(base)}
    assert store.verify().seq == 2


def test_histories_when_several(store: Store) -> None:
    """Every text has its own numbers and decisions; one that never existed is empty."""
    for ref in (ARTICLE, FRENCH, QUESTIONS):
        save(store, ref=ref)
    move(store, ANN, Move.SUBMIT, ref=FRENCH)
    missing = Ref(Kind.ARTICLE, "nooit", "nl")
    found = store.journal.histories([FRENCH, QUESTIONS, missing])
    assert found[missing] == History(missing)
    assert [len(history.decisions) for history in found.values()] == [1, 0, 0]
    assert store.journal.snapshot()[1] == {ref: store.journal.history(ref) for ref in (ARTICLE, FRENCH, QUESTIONS)}


@pytest.mark.parametrize(
    ("seq", "refs"), [(0, {ARTICLE, FRENCH}), (1, {ARTICLE, FRENCH}), (2, {ARTICLE}), (3, set()), (9, set())]
)
def test_changed_since_when_asked(store: Store, seq: int, refs: set[Ref]) -> None:
    """The texts with a revision or a decision after that line, whoever's role changed meanwhile."""
    save(store)
    save(store, ref=FRENCH)
    move(store, ANN, Move.SUBMIT)
    with store.journal.write(NOW) as writer:
        writer.set_roles("ann", [], by="ada")
    assert store.journal.changed_since(seq) == refs


def test_write_when_it_fails_at_any_statement(store: Store) -> None:
    """A save and its decision are written together or not at all, wherever the disk gives up."""

    def both() -> None:
        with store.journal.write(NOW) as writer:
            seen = writer.save(ARTICLE, "Text.\n", "diefstal", "ann", NO_TERMS, 0).digest
            writer.decide(ARTICLE, 1, seen, Move.ARCHIVE, "eve", "Dubbel")

    for number in range(1, 50):
        if not _fails_at(store.engine, number, both):
            break
        assert store.verify().seq == 0
        assert rows(store, "SELECT * FROM reasons") == []
    assert (number > 8, store.verify().seq) == (True, 2)


def test_write_when_two_moves_are_one_transaction(store: Store) -> None:
    """The guard sees what this transaction wrote before it."""
    with store.journal.write(NOW) as writer:
        seen = writer.save(ARTICLE, "Text.\n", "diefstal", "ann", NO_TERMS, 0).digest
        for actor, step in ((ANN, Move.SUBMIT), (VERA, Move.VALIDATE)):
            make_move(writer, actor, ARTICLE, 1, seen, step, "", "nl", BRUSSELS)
    history = store.journal.history(ARTICLE)
    assert state(history, 1, NOW, BRUSSELS) is State.VALIDATED
    assert {decision.at for decision in history.decisions} == {NOW}


# Time


@pytest.mark.parametrize("back", [timedelta(microseconds=1), timedelta(days=1), timedelta(days=9_999)])
def test_write_when_the_clock_jumped_back(store: Store, back: timedelta) -> None:
    """Instants never go back: an earlier clock writes at the head's moment."""
    save(store)
    with store.journal.write(NOW - back) as writer:
        revision = writer.save(ARTICLE, "Text 2.\n", "diefstal", "eve", NO_TERMS, 1)
    assert (writer.now, revision.at, store.journal.head().at) == (NOW, NOW, NOW)


def test_now_when_the_last_line_is_ahead(store: Store) -> None:
    """What is measured against never falls behind the last line."""
    ahead = datetime.now(UTC) + timedelta(days=30)
    with store.journal.write(ahead) as writer:
        writer.save(ARTICLE, "Text.\n", "diefstal", "ann", NO_TERMS, 0)
    assert (store.journal.now(), store.journal.moment()) == (ahead, (store.journal.head(), ahead))


def test_advance_clock_when_demo(store: Store) -> None:
    """A demo's clock goes forward, adds up, and stays forward for everybody who opens the store."""
    store.advance_clock(timedelta(days=200))
    store.advance_clock(timedelta(hours=6))
    again = open_store(store.directory)
    ahead = again.journal.now() - datetime.now(UTC)
    again.close()
    assert abs(ahead - timedelta(days=200, hours=6)) < timedelta(seconds=10)


def test_advance_clock_when_backwards(store: Store) -> None:
    """Not even a demo's clock goes back."""
    with pytest.raises(WrongStore, match="only moves forward"):
        store.advance_clock(timedelta(seconds=-1))


def test_advance_clock_when_real(tmp_path: Path) -> None:
    """The clock of a real store cannot be moved."""
    real = new_store(tmp_path / "real", demo=False)
    with pytest.raises(WrongStore, match="clock of a real store"):
        real.advance_clock(timedelta(days=1))
    assert abs(real.journal.now() - datetime.now(UTC)) < timedelta(seconds=10)
    real.close()


# Moves


def refused(store: Store) -> int:
    """How many decisions the journal holds; a refused move must not add one."""
    store.verify()
    return len(store.journal.history(ARTICLE).decisions)


@pytest.mark.parametrize("author", [VERA, ANN])
def test_make_move_when_own_text(store: Store, author: Actor) -> None:
    """Nobody validates a text they had a hand in, not even under another revision of it, and nothing is written."""
    save(store, VERA)
    save(store, author, 1)
    move(store, ANN, Move.SUBMIT, 2)
    with pytest.raises(NotAllowed, match="had a hand in this text"):
        move(store, VERA, Move.VALIDATE, 2)
    assert refused(store) == 1


@pytest.mark.parametrize("seen", ["0" * 64, digest(ARTICLE, "Text 2.\n"), digest(FRENCH, "Text 1.\n"), "%"])
def test_make_move_when_the_digest_is_another(store: Store, seen: str) -> None:
    """A move counts only for the text that was seen."""
    save(store)
    with pytest.raises(Conflict, match="is not the text you saw"):
        move(store, ANN, Move.SUBMIT, seen=seen)
    assert refused(store) == 0


@pytest.mark.parametrize("reason", ["", " \n\t"])
@pytest.mark.parametrize("step", sorted(MOVES_WITH_REASON))
def test_make_move_when_the_reason_is_missing(store: Store, step: Move, reason: str) -> None:
    """To return, hold, archive or flag a text, a person says why."""
    save(store)
    with pytest.raises(WorkflowError, match=f"To {step.value}, say why"):
        move(store, VERA, step, reason=reason)
    assert refused(store) == 0


@pytest.mark.parametrize(("length", "passes"), [(2_000, True), (2_001, False)])
def test_make_move_when_the_reason_is_long(store: Store, length: int, passes: bool) -> None:
    """A reason has at most 2,000 characters, spaces around it not counted, and is read back with the history."""
    save(store)
    if passes:
        move(store, ANN, Move.ARCHIVE, reason=f"  {'x' * length}\n")
        assert store.journal.history(ARTICLE).decisions[0].reason == "x" * length
        return
    with pytest.raises(WorkflowError, match="at most 2000"):
        move(store, ANN, Move.ARCHIVE, reason="x" * length)


@pytest.mark.parametrize(
    ("actor", "step", "number", "error", "says"),
    [
        (ABE, Move.SUBMIT, 1, NotAllowed, "You may not submit"),
        (ANN, Move.SUBMIT, 2, NotFound, "has no revision 2"),
        (VERA, Move.VALIDATE, 1, WorkflowError, "is draft: it cannot validate"),
        (ANN, Move.SAVE, 1, WorkflowError, "it cannot save"),
    ],
)
def test_make_move_when_the_guard_refuses(store: Store, actor: Actor, step: Move, number: int, error, says) -> None:
    """What the guard refuses is raised from inside the transaction, and nothing is written."""
    revision = save(store)
    with pytest.raises(error, match=says):
        move(store, actor, step, number, seen=revision.digest)
    assert refused(store) == 0


def test_make_move_when_validated_twice(store: Store) -> None:
    """The second of two validations finds the first and is refused."""
    save(store)
    move(store, ANN, Move.SUBMIT)
    move(store, VERA, Move.VALIDATE)
    with pytest.raises(WorkflowError, match="is validated: it cannot validate"):
        move(store, Actor("vic", VERA.roles), Move.VALIDATE)
    assert refused(store) == 2


def test_make_move_when_the_first_language_has_ended(store: Store) -> None:
    """A translation goes by its first language's end: after it, it cannot be submitted."""
    save(store, terms=terms("until=2026-01-04"))
    save(store, ref=FRENCH)
    with pytest.raises(WorkflowError, match=r"period of revision 1 of article/fiets-gestolen\.fr is over"):
        move(store, ANN, Move.SUBMIT, ref=FRENCH)


# Erasing


def test_erase_when_a_reason_goes(store: Store) -> None:
    """A deleted reason is gone from the disk, not only from the table; the decision stays."""
    save(store)
    move(store, ANN, Move.ARCHIVE, reason="kanarie-4711 " * 40)
    assert b"kanarie-4711" in (store.directory / DATABASE).read_bytes()
    with writing(store.engine) as connection:
        connection.execute(delete(t.reasons))
    left = [path for path in store.directory.iterdir() if b"kanarie-4711" in path.read_bytes()]
    assert (left, store.journal.history(ARTICLE).decisions[0].reason) == ([], "")


def test_erase_when_a_name_goes(store: Store) -> None:
    """An emptied name is gone from the disk, and the journal still verifies."""
    person = store.accounts.add("ann", "Kanarie-4711", frozenset(), at=NOW)
    with writing(store.engine) as connection:
        connection.execute(update(t.people).where(t.people.c.id == person.id).values(name=""))
    assert b"Kanarie-4711" not in (store.directory / DATABASE).read_bytes()
    assert store.verify().seq == 1


# What was handed out


def test_log_copy_when_read_back(store: Store) -> None:
    """Copies come back newest first, with the revisions of the values in them."""
    copies = [Copy(NOW + STEP * hour, "fiets-gestolen", "nl", 1, "x", {"zone_phone": 2}) for hour in range(3)]
    for copy in copies:
        store.usage.log_copy(copy)
    assert store.usage.copies("fiets-gestolen") == tuple(reversed(copies))
    assert store.usage.copies("anders") == ()


def test_count_when_around_midnight(store: Store) -> None:
    """A tally is of the zone's own day."""
    for hour in (22, 22, 23):
        store.usage.count(datetime(2026, 1, 5, hour, 59, tzinfo=UTC), BRUSSELS, "x", "suggested")
    assert store.usage.tallies() == {("2026-01-05", "x", "suggested"): 2, ("2026-01-06", "x", "suggested"): 1}


@pytest.mark.parametrize("harm", [b"", b"\xff" * 30_000], ids=["torn", "overwritten"])
def test_open_when_the_file_is_damaged_says_what_to_do(tmp_path, harm):
    """A damaged database is named in words, not as a traceback."""
    directory = tmp_path / "store"
    create(directory, demo=True).close()
    path = directory / "journal.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + harm if harm else whole[: len(whole) // 2 + 100])
    with pytest.raises(StoreError, match=r"cannot be read|cannot be used|no store"):
        open_store(directory).verify()
