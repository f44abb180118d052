"""A store in PostgreSQL: the same commands, the same promises, and the way there and back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import House
from postgres import Server, programs, running
from sqlalchemy import insert
from test_cli import BIKE, Shell
from test_files import BIKE_FILE

from bench.moves import measure
from kbengine.engine import Engine
from kbengine.errors import StoreError
from kbengine.history import Role
from kbengine.journal import into_database, open_store
from kbengine.journal import tables as t
from kbengine.journal.connect import connect, writing
from kbengine.settings import Settings

pytestmark = pytest.mark.skipif(programs() is None, reason="no PostgreSQL server on this machine")


@pytest.fixture(scope="module")
def server():
    """A server for the tests of this file."""
    with running(programs()) as started:
        yield started


@pytest.fixture
def url(server: Server, hamlet_master: Path, tmp_path):
    """A database that holds the small demo house."""
    made = server.database()
    shutil.copytree(hamlet_master / "store", tmp_path / "carried")
    into_database(tmp_path / "carried", made)
    return made


@pytest.fixture
def shell(url, hamlet_master, tmp_path, monkeypatch):
    """A shell whose store stands in that database."""
    shutil.copytree(hamlet_master.parent / "kb", tmp_path / "kb")
    monkeypatch.chdir(tmp_path)
    engine = Engine.open(Settings(home=tmp_path / "home", database=url))
    engine.people.add("second", "Tweede redacteur", frozenset({Role.EDITOR}))
    made = Shell(House(engine, {person.login: person for person in engine.people.all()}), tmp_path)
    plain = made.run
    made.run = lambda line, login="", **more: plain(line, login, **({"KB_DATABASE": url} | more))
    yield made
    engine.close()


def done(result):
    assert result.exit_code == 0, result.output
    return result.output


def test_commands_when_the_store_is_in_postgresql_do_what_they_do(shell):
    """From a file to a live text: import, submit, validate, suggest, what ends, search, export, and the proof."""
    done(shell.run("export texts --drafts"))
    path = shell.here / "texts" / BIKE_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("Kom langs", "Kom nu langs"), encoding="utf-8")
    assert "draft     article/fiets-gestolen.nl: revision 2" in done(shell.run("import texts", "editor"))
    assert "in review" in done(shell.run("submit fiets-gestolen", "editor"))
    assert shell.run("validate fiets-gestolen", "editor").exit_code == 1
    assert "validated" in done(shell.run("validate fiets-gestolen", "validator"))
    assert "Kom nu langs" in done(shell.run('suggest "mijn fiets is gestolen" --channel facebook'))
    assert "fiets-gestolen" in done(shell.run("search fiets"))
    for line in ("due", "people list", "vouching show", "crisis show", "copied", "journal show fiets-gestolen"):
        done(shell.run(line))
    done(shell.run("export uit"))
    assert "Kom nu langs" in (shell.here / "uit" / BIKE_FILE).read_text(encoding="utf-8")
    assert "all in order" in done(shell.run("journal verify"))
    assert not (shell.here / "home/store").exists()


def test_backup_when_brought_back_elsewhere_is_the_same_store(shell, server):
    """From PostgreSQL to a file of its own, and from there to PostgreSQL; new rows get new numbers."""
    shell.hamlet.hand_out("fiets-gestolen")
    shell.hamlet.hand_out("fiets-gestolen")
    store = shell.hamlet.engine.room.store
    done(shell.run("backup b.tar"))
    done(shell.run("--home file restore b.tar", KB_DATABASE=""))
    done(shell.run("--home file backup again.tar", KB_DATABASE=""))
    other = server.database()
    done(shell.run("--home moved restore again.tar", KB_DATABASE=other))
    back = Engine.open(Settings(home=Path("moved").absolute(), database=other))

    assert back.room.store.journal.snapshot() == store.journal.snapshot()
    assert back.people.all() == store.accounts.all()
    assert back.room.store.usage.copies() == store.usage.copies()
    House(back, shell.hamlet.people).hand_out("nachtlawaai")
    assert len(back.room.store.usage.copies()) == 3
    back.close()
    refused = shell.run("--home third restore again.tar", KB_DATABASE=other)
    assert (refused.exit_code, "holds a store" in refused.output) == (1, True)


def test_init_when_a_database_is_named_makes_the_store_there_once(shell, server):
    """A zone's own store, with its texts in a folder; a second one is refused and leaves nothing behind."""
    empty = server.database()
    line = 'init zone --name "Zone Rietland" --first 0 --no-input'
    assert "The database: " in done(shell.run(line, KB_DATABASE=empty))
    assert done(shell.run("--home zone people list", KB_DATABASE=empty)).count("start") >= 1
    token = done(shell.run("--home zone people token start", KB_DATABASE=empty)).split()[-1]
    assert done(shell.run(f"--home zone import zone/texts --token {token}", KB_DATABASE=empty)).startswith("0 new, ")
    again = shell.run(line.replace("init zone", "init zone2"), KB_DATABASE=empty)

    assert (again.exit_code, "a store in that database already" in again.output) == (1, True)
    assert not Path("zone2").exists()


def test_carrying_when_it_fails_half_way_leaves_no_store(server, hamlet_master, tmp_path, monkeypatch):
    """Nobody meets half a store, and the file is still there to try again."""
    made, directory = server.database(), tmp_path / "store"
    shutil.copytree(hamlet_master / "store", directory)
    monkeypatch.setattr("kbengine.journal.carry._count_on", _fail)
    with pytest.raises(KeyboardInterrupt):
        into_database(directory, made)
    with pytest.raises(StoreError, match="no store in that database"):
        open_store(directory, database=made)
    monkeypatch.undo()
    into_database(directory, made)

    store = open_store(directory, database=made)
    assert store.journal.history(BIKE).revisions
    store.close()


def _fail(_connection):
    raise KeyboardInterrupt


def test_writers_when_four_processes_work_at_once_keep_every_promise(server):
    """No lost update, no double validation, and a chain that proves itself: as with a file."""
    result = measure(processes=4, moves=15, articles=5, seed=7, url=server.database())

    assert (result.tried, result.chain, result.lines) == (60, "intact", result.done)
    assert result.sound


def test_reader_when_somebody_writes_sees_one_moment(url):
    """Head and texts belong together, whatever is written between reading the one and the other."""
    reader, other = connect(url), connect(url)
    with reader.begin() as connection:
        before = connection.execute(t.head.select()).one()
        with writing(other) as writer:
            writer.execute(insert(t.store).values(key="proef", value="1"))
        kept = connection.execute(t.store.select().where(t.store.c.key == "proef")).all()
        assert (connection.execute(t.head.select()).one(), kept) == (before, [])
    reader.dispose()
    other.dispose()


@pytest.mark.parametrize(
    ("database", "match"),
    [
        ("mysql://kb@/one", "mysql is not a database for a store"),
        ("een databank", "address of the database cannot be read"),
        ("postgresql://kb:geheim@/kb?host=/tmp/nergens", "cannot be used now"),
    ],
)
def test_database_when_it_cannot_be_reached_is_said_without_its_password(shell, database, match):
    """One message that says what to do, exit 1, and no secret in it."""
    result = shell.run("people list", KB_DATABASE=database)

    assert (result.exit_code, match in result.output, "geheim" in result.output) == (1, True, False), result.output


def test_text_when_the_database_does_not_take_it_is_refused(shell):
    """A sign that PostgreSQL has no place for is a refusal, not a crash."""
    with pytest.raises(StoreError, match="does not take this"):
        shell.hamlet.engine.room.store.usage.count(shell.hamlet.engine.now(), shell.hamlet.engine.tz, "x\0", "answered")
