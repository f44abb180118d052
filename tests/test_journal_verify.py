"""Proof against tampering: whatever is changed, removed, reordered or inserted, the chain names the line."""

# ruff: noqa: S608 - the queries are made of names and numbers of this file
from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from cast import ANN, ARTICLE, BRUSSELS, EVE, NOW, STEP, VERA
from cast import terms as cast_terms
from sqlalchemy import Integer

from kbengine.errors import ChainBroken
from kbengine.history import Move, Role
from kbengine.journal import DATABASE, Head, Store, create, make_move, open_store
from kbengine.journal import tables as t
from kbengine.journal.names import Naming
from kbengine.journal.record import GENESIS, Writer, body_text, chain_hash

CHAINED = (t.entries, t.revisions, t.decisions, t.roles, t.names)
COLUMNS = [(table.name, column.name) for table in CHAINED for column in table.columns]
# What nobody vouches for in the chain, and may be emptied or run out.
SIDE = {"people", "reasons", "links", "tokens", "sessions", "copies", "tallies", "store"}
SIDE |= {"phrases", "gaps", "dismissals", "marks", "attempts", "reminders", "unsaved", "notes", "neighbours"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store in which every kind of line stands twice or more."""
    store = create(tmp_path_factory.mktemp("told") / "store", demo=True)
    for login in ("ann", "vera"):
        store.accounts.add(login, login.title(), frozenset({Role.EDITOR, Role.VALIDATOR}), at=NOW)
    with store.journal.write(NOW) as writer:
        writer.set_roles("person-0", [Role.AGENT], by="ada")
    for number, author in enumerate((ANN, EVE, ANN)):
        with store.journal.write(NOW + STEP * number) as writer:
            _tell(writer, author.person, number)
    with store.journal.write(NOW + STEP * 3) as writer:
        for what, name in ((Naming.RENAME, "velo-weg"), (Naming.ALIAS, "velo"), (Naming.RENAME, ARTICLE.slug)):
            writer.name(what, ARTICLE.slug, name, "ann", "Duidelijker")
    assert store.verify().seq == 15
    store.close()
    return store.directory


def _tell(writer: Writer, author: str, base: int) -> None:
    """One revision that is submitted, then validated; the last one is returned."""
    terms = cast_terms("from=2026-01-01", "until=2030-01-01", "review=6")
    seen = writer.save(ARTICLE, f"Tekst {base}.\n", "diefstal", author, terms, base).digest
    make_move(writer, ANN, ARTICLE, base + 1, seen, Move.SUBMIT, "", "nl", BRUSSELS)
    move, reason = (Move.VALIDATE, "Gelezen") if base < 2 else (Move.RETURN, "Niet goed")
    make_move(writer, VERA, ARTICLE, base + 1, seen, move, reason, "nl", BRUSSELS)


@pytest.fixture
def store(told: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of that store, to tamper with."""
    opened = open_store(Path(shutil.copytree(told, tmp_path / "store")))
    yield opened
    opened.close()


def tamper(store: Store, *queries: str) -> None:
    """Change the database as somebody with the file in hands would: without its rules."""
    with closing(sqlite3.connect(store.directory / DATABASE, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("PRAGMA synchronous=OFF")
        for query in queries:
            connection.execute(query)


def broken(store: Store, line: int | None = None, says: str = "") -> None:
    """Expect that verifying fails, at that line when one is given."""
    place = r"\d+" if line is None else str(line)
    with pytest.raises(ChainBroken, match=f"does not verify at line {place}: .*{re.escape(says)}"):
        store.verify()


def seqs(store: Store, table: str) -> list[int]:
    """The lines that have a row in a table."""
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        return [row[0] for row in connection.execute(f"SELECT seq FROM {table} ORDER BY seq")]


def test_verify_when_untouched(store: Store) -> None:
    """A store nobody touched verifies, and returns its head."""
    assert store.verify() == store.journal.head()


def test_verify_when_empty(tmp_path: Path) -> None:
    """A new store verifies too; its only known head is the beginning."""
    empty = create(tmp_path / "empty", demo=True)
    assert empty.verify(GENESIS).seq == 0
    with pytest.raises(ChainBroken, match="no line has the known head ffff"):
        empty.verify("f" * 64)
    empty.close()


def test_tables_when_one_is_added() -> None:
    """Every table is either proven by the chain or knowingly not: a new one must be thought about."""
    assert set(t.metadata.tables) == {table.name for table in CHAINED} | {"head"} | SIDE


# Changed


@pytest.mark.parametrize("which", [0, 1, -1])
@pytest.mark.parametrize(("table", "column"), [pair for pair in COLUMNS if pair[0] != "roles"])
def test_verify_when_a_value_changed(store: Store, table: str, column: str, which: int) -> None:
    """One changed value in the first, second or last row of a chained table is found, and its line named."""
    line = seqs(store, table)[which]
    number = isinstance(t.metadata.tables[table].c[column].type, Integer)
    changed = f"{column} + 1000" if number else f"{column} || 'x'"
    tamper(store, f"UPDATE {table} SET {column} = {changed} WHERE seq = {line}")
    broken(store, line)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
@pytest.mark.parametrize("value", ["''", "x'00ff'", "-1"])
def test_verify_when_a_value_is_nonsense(store: Store, table: str, column: str, value: str) -> None:
    """A value of the wrong kind breaks the chain in so many words, never the program."""
    key = f"rowid = (SELECT max(rowid) FROM {table})"
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        before = connection.execute(f"SELECT {column} = {value} FROM {table} WHERE {key}").fetchone()
    if before[0]:
        pytest.skip("this is what stands there already")
    try:
        tamper(store, f"UPDATE {table} SET {column} = {value} WHERE {key}")
    except sqlite3.IntegrityError:
        return  # SQLite itself does not take it
    broken(store)


@pytest.mark.parametrize("text", ["Tekst 1. \n", "Tekst 1.\n\n", "Tekst 1.", "Tekst 1.\r\n", "\nTekst 1.\n"])
def test_verify_when_only_blanks_changed(store: Store, text: str) -> None:
    """A text that digests the same but is not the one that was kept is found too."""
    line = seqs(store, "revisions")[1]
    tamper(store, f"UPDATE revisions SET text = '{text}' WHERE seq = {line}")
    broken(store, line, "its text or decision was changed")


@pytest.mark.parametrize("change", ["role = 'administrator'", "person = 'mallory'"])
def test_verify_when_a_role_changed(store: Store, change: str) -> None:
    """Nobody makes themselves an administrator in the table."""
    tamper(store, f"UPDATE roles SET {change} WHERE person = 'person-0'")
    broken(store, 0, "roles are not what the journal says")


@pytest.mark.parametrize(
    "change",
    ["seq = seq - 1", "hash = prev_hash", "at = '2031-01-01T00:00:00.000000Z'", "at = 'later'", "id = 2"],
)
def test_verify_when_the_head_changed(store: Store, change: str) -> None:
    """The head is the last line, its moment too: else the clock could be moved."""
    change = change.replace("prev_hash", "(SELECT prev FROM entries WHERE seq = 15)")
    tamper(store, f"UPDATE head SET {change}")
    broken(store, 15, "the head names another last line")


def test_verify_when_the_head_is_gone(store: Store) -> None:
    """A store without a head is broken, not unreadable."""
    tamper(store, "DELETE FROM head")
    broken(store, 15, "the head names another last line")


# Removed


@pytest.mark.parametrize("table", ["revisions", "decisions", "names"])
@pytest.mark.parametrize("which", [0, 1, -1])
def test_verify_when_a_projection_is_removed(store: Store, table: str, which: int) -> None:
    """A text or decision that has a line and is not there is named."""
    line = seqs(store, table)[which]
    tamper(store, f"DELETE FROM {table} WHERE seq = {line}")
    broken(store, line, "its text or decision is missing")


@pytest.mark.parametrize("line", range(1, 16))
def test_verify_when_a_line_is_removed(store: Store, line: int) -> None:
    """A removed line is named; of the last one, the head or what belonged to it tells."""
    tamper(store, f"DELETE FROM entries WHERE seq = {line}")
    broken(store, line if line < 15 else None)


@pytest.mark.parametrize("line", range(1, 15))
def test_verify_when_a_line_is_removed_and_the_rest_moves_up(store: Store, line: int) -> None:
    """Closing the gap does not help."""
    tables = ("revisions", "decisions")
    tamper(store, *(f"DELETE FROM {table} WHERE seq = {line}" for table in ("entries", *tables)))
    for later in range(line + 1, 16):
        tamper(store, *(f"UPDATE {name} SET seq = seq - 1 WHERE seq = {later}" for name in ("entries", *tables)))
    tamper(store, "UPDATE head SET seq = 14")
    broken(store, line)


def test_verify_when_a_role_is_removed(store: Store) -> None:
    """A role that the journal gave and the table has not is found."""
    tamper(store, "DELETE FROM roles WHERE person = 'person-0'")
    broken(store, 0, "roles are not what the journal says")


# Reordered and inserted


@pytest.mark.parametrize("line", range(1, 15))
def test_verify_when_two_lines_change_places(store: Store, line: int) -> None:
    """Two neighbours that swap places are found at the first of them."""
    swap = [(line, 0), (line + 1, line), (0, line + 1)]
    tamper(store, *(f"UPDATE entries SET seq = {new} WHERE seq = {old}" for old, new in swap))
    broken(store, line)


def test_verify_when_two_texts_change_places(store: Store) -> None:
    """Two texts under each other's line are found."""
    first, second, _ = seqs(store, "revisions")
    swap = [(first, 0), (second, first), (0, second)]
    tamper(store, *(f"UPDATE revisions SET seq = {new} WHERE seq = {old}" for old, new in swap))
    broken(store, first, "its text or decision was changed")


@pytest.mark.parametrize("line", range(1, 16))
def test_verify_when_a_line_is_inserted(store: Store, line: int) -> None:
    """A line between two others is found, whatever hash it carries."""
    for later in range(15, line - 1, -1):
        tamper(store, f"UPDATE entries SET seq = seq + 1 WHERE seq = {later}")
    tamper(
        store,
        f"INSERT INTO entries SELECT {line}, at, 'role', body, prev, '{'e' * 64}' FROM entries WHERE seq = 16",
    )
    broken(store, line)


@pytest.mark.parametrize("table", ["revisions", "decisions", "names"])
@pytest.mark.parametrize("line", [0, 16])
def test_verify_when_a_projection_is_inserted(store: Store, table: str, line: int) -> None:
    """A text or decision without a line of its own is found."""
    columns = [column.name for column in t.metadata.tables[table].columns]
    taken = ", ".join({"seq": str(line), "number": "99"}.get(name, name) for name in columns)
    tamper(store, f"INSERT INTO {table} SELECT {taken} FROM {table} LIMIT 1")
    broken(store, line, "a text or decision has no line")


def test_verify_when_a_decision_stands_under_a_text_line(store: Store) -> None:
    """A decision that borrows the line of a revision is found."""
    line = seqs(store, "revisions")[0]
    columns = ", ".join(column.name for column in t.decisions.columns if column.name != "seq")
    tamper(store, f"INSERT INTO decisions SELECT {line}, {columns} FROM decisions LIMIT 1")
    broken(store, line, "a text or decision has no line")


def test_verify_when_a_role_is_inserted(store: Store) -> None:
    """A role the journal never gave is found."""
    tamper(store, "INSERT INTO roles VALUES ('mallory', 'validator')")
    broken(store, 0, "roles are not what the journal says")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("gift", "{}"),
        ("role", "[]"),
        ("role", '{"person":"mallory","roles":["king"]}'),
        ("revision", "{}"),
        ("decision", '{"ref":[]}'),
        ("role", "not json"),
        ("role", "[" * 100_000),
    ],
)
def test_verify_when_a_line_is_forged_with_a_sound_hash(store: Store, kind: str, body: str) -> None:
    """A well hashed line that says nothing readable breaks the chain, not the program."""
    _forge(store, kind, body)
    broken(store, 16)


def _forge(store: Store, kind: str, body: str) -> None:
    head, at = store.journal.head(), t.instant_text(NOW + timedelta(days=1))
    line = chain_hash(head.hash, head.seq + 1, at, kind, body)
    tamper(
        store,
        f"INSERT INTO entries VALUES ({head.seq + 1}, '{at}', '{kind}', '{body}', '{head.hash}', '{line}')",
        f"UPDATE head SET seq = {head.seq + 1}, hash = '{line}', at = '{at}'",
    )


# A head known elsewhere


def test_verify_when_every_head_is_known(store: Store) -> None:
    """Any head the journal ever had is part of its chain."""
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        hashes = [row[0] for row in connection.execute("SELECT hash FROM entries")]
    assert {store.verify(known) for known in hashes} == {store.journal.head()}


@pytest.mark.parametrize("known", ["f" * 64, "%", "*", "F" * 64, "null"])
def test_verify_when_the_known_head_is_missing(store: Store, known: str) -> None:
    """A head that no line has is named; it is compared whole."""
    with pytest.raises(ChainBroken, match=f"no line has the known head {re.escape(known)}"):
        store.verify(known)


def test_verify_when_the_end_was_cut_off(store: Store) -> None:
    """Lines cut off the end, head and all, are found by who knows a later head, and only so."""
    known = store.journal.head().hash
    assert _cut(store, store.verify, 10) == 10
    with pytest.raises(ChainBroken, match="no line has the known head"):
        store.verify(known)


def _cut(store: Store, verify: Callable[[], Head], last: int) -> int:
    chained = ("revisions", "decisions", "names", "entries")
    tamper(store, *(f"DELETE FROM {table} WHERE seq > {last}" for table in chained))
    tamper(store, "UPDATE head SET (seq, hash, at) = (SELECT seq, hash, at FROM entries ORDER BY seq DESC LIMIT 1)")
    return verify().seq


def test_verify_when_the_whole_chain_is_made_anew(store: Store) -> None:
    """Somebody who rewrites everything passes, but not before a head known elsewhere."""
    known = store.journal.head().hash
    tamper(store, *(f"DELETE FROM {table}" for table in ("decisions", "revisions", "names", "roles", "entries")))
    tamper(store, f"UPDATE head SET seq = 0, hash = '{GENESIS}', at = '1970-01-01T00:00:00.000000Z'")
    _forge(store, "role", body_text({"person": "mallory", "roles": [], "by": "mallory"}))
    assert store.verify().seq == 1
    with pytest.raises(ChainBroken, match="no line has the known head"):
        store.verify(known)


# What may go


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE people SET name = ''",
        "UPDATE people SET name = '', login = id",
        "DELETE FROM people",
        "UPDATE reasons SET text = ''",
        "DELETE FROM reasons",
    ],
)
def test_verify_when_a_person_or_reason_is_erased(store: Store, query: str) -> None:
    """Emptying names and reasons does not break the chain."""
    before = store.verify()
    tamper(store, query)
    assert store.verify(before.hash) == before
