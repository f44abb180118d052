"""Killed at any instant: no acknowledged decision is lost, and no half-published state is seen."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from homes import copy_home
from served import serve, wait_for

from kbengine.article import Kind, Ref
from kbengine.edition import read_pointer
from kbengine.engine import Engine
from kbengine.history import Move
from kbengine.journal import DATABASE, Store, open_store
from kbengine.search import SearchIndex
from kbengine.settings import Settings
from kbengine.suggest import SuggestionIndex

ROOT = Path(__file__).parent.parent
BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")

# Everything slow is loaded once; then a worker is forked for each line on stdin, and killed from outside.
CHILD = """
import json, os, sys
from dataclasses import replace
from pathlib import Path
from kbengine.article import Kind, Ref
from kbengine.engine import Engine
from kbengine.history import Move
from kbengine.settings import Settings

settings, builds = Settings(home=Path(sys.argv[1])), sys.argv[2] == "build"
ref = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")

def tell(*words):
    os.write(1, (json.dumps(words) + "\\n").encode())

def work():
    engine = Engine.open(settings)
    people = {person.login: person for person in engine.people.all()}
    tell("ready", os.getpid())
    for count in range(1_000_000):
        text = f"Bel ons, wijk {os.getpid()} nummer {count}."
        number = engine.editing.save(people["editor"], replace(engine.editing.form(ref.slug, ref.lang), default=text))
        digest = engine.editing.lines(ref)[0].digest
        tell("save", number, digest)
        for login, move in (("editor", Move.SUBMIT), ("validator", Move.VALIDATE)):
            engine.editing.move(people[login], ref, number, digest, move)
            tell(move.value, number, digest)
        if builds:
            engine.build()
            tell("built", number, digest)

first = Engine.open(settings)
first.build()
first.close()
tell("loaded")
for _ in sys.stdin:
    child = os.fork()
    if not child:
        work()
    os.waitpid(child, 0)
    tell("gone")
"""


@pytest.fixture
def house(hamlet_master: Path, tmp_path: Path) -> Settings:
    """A small demo house of the test's own, opened by nobody yet."""
    return Settings(home=copy_home(hamlet_master, tmp_path / "house"))


@dataclass
class Worker:
    """A process that validates until it is killed, again and again."""

    process: subprocess.Popen[str]

    def told(self) -> list[object]:
        """The next line it wrote."""
        return json.loads(self.process.stdout.readline())

    def work_and_be_killed(self, acts: int, after: float) -> set[tuple[str, int, str]]:
        """Let it do some acts and go on for a while, kill it, and return everything it was told is done."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        ready, worker = self.told()
        assert ready == "ready"
        lines = [self.told() for _ in range(acts)]
        time.sleep(after)
        os.kill(worker, signal.SIGKILL)
        return {tuple(line) for line in (*lines, *iter(self.told, ["gone"]))}


@contextmanager
def worker(home: Path, builds: str) -> Iterator[Worker]:
    """The process that forks workers, until the end of the block."""
    command = [sys.executable, "-c", CHILD, str(home), builds]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        started = Worker(process)
        assert started.told() == ["loaded"]
        yield started
        process.stdin.close()


def sound(directory: Path) -> bool:
    """Whether SQLite finds nothing wrong with the database."""
    with closing(sqlite3.connect(directory / DATABASE)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def kept(store: Store) -> set[tuple[str, int, str]]:
    """Every save and decision of the text, as the journal holds them."""
    history = store.journal.history(BIKE)
    saved = {("save", revision.number, revision.digest) for revision in history.revisions}
    return saved | {(decision.move.value, decision.number, decision.digest) for decision in history.decisions}


# One process


def test_journal_when_killed_at_fifty_moments(house: Settings) -> None:
    """Everything that was acknowledged is there, the chain verifies, and each kill cost at most one act."""
    dice, acknowledged = random.Random(50), set()
    store = open_store(house.store)
    before = store.verify().seq
    with worker(house.home, "no") as started:
        for _ in range(50):
            acknowledged |= started.work_and_be_killed(dice.randrange(6), dice.uniform(0, 0.1))
            assert acknowledged <= kept(store)
            assert store.verify() == store.journal.head()
    assert sound(house.store)
    assert len(acknowledged) >= 100
    assert 0 <= store.verify().seq - before - len(acknowledged) <= 50
    store.close()


def test_edition_when_killed_at_thirty_moments(house: Settings) -> None:
    """The pointer always names whole parts that open, nothing acknowledged is lost, and the next build mends all."""
    dice, acknowledged = random.Random(30), set()
    with worker(house.home, "build") as started:
        for _ in range(30):
            acknowledged |= started.work_and_be_killed(dice.randrange(7), dice.uniform(0, 0.3))
            _open_parts(house)
    built = {done for done in acknowledged if done[0] == "built"}
    assert len(built) > 10
    engine = Engine.open(house)
    assert acknowledged - built <= kept(engine.room.store)
    engine.build()
    assert engine.room.store.verify() == engine.room.store.journal.head()
    _last_text_is_found(engine)
    engine.close()


def _open_parts(settings: Settings) -> None:
    """Open what a reader would open now."""
    parts = read_pointer(settings.editions)
    assert len(SuggestionIndex.open(parts.suggest).topics) == 3
    SearchIndex.open(parts.search)


def _last_text_is_found(engine: Engine) -> None:
    """The text that was validated last is the one that is live, found and public."""
    published = engine.room.read()[0].answers[BIKE].published
    last = [d for d in engine.room.store.journal.history(BIKE).decisions if d.move is Move.VALIDATE][-1]
    assert (published.number, published.digest) == (last.number, last.digest)
    with closing(sqlite3.connect(engine.settings.corpus)) as connection:
        rows = connection.execute("SELECT versie FROM antwoorden WHERE fiche = ?", [BIKE.slug]).fetchall()
    assert rows == [(published.number,)]


# Everything that is served


ROLES = {"builder", "datasette", "master", "supervisor", "worker"}
MARKS = {"cli\0serve": "supervisor", "--watch": "builder"}


def tree(home: Path) -> dict[int, str]:
    """The living processes that serve this home, by id: what each one is."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            environment, line = (path / "environ").read_bytes(), (path / "cmdline").read_bytes().decode()
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if f"KB_HOME={home}\0".encode() in environment + b"\0":
            found[int(path.name)] = (line, parent)
    return {number: _role(line, parent, found) for number, (line, parent) in found.items()}


def _role(line: str, parent: int, found: dict[int, tuple[str, int]]) -> str:
    if "gunicorn" in line:
        return "worker" if "gunicorn" in found.get(parent, ("",))[0] else "master"
    return next((role for mark, role in MARKS.items() if mark in line), "datasette")


def gone(home: Path, seconds: float = 20) -> dict[int, str]:
    """What is still alive of a tree that should be gone, after a while at most."""
    deadline = time.monotonic() + seconds
    while (left := tree(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def validate_for(engine: Engine, seconds: float) -> set[tuple[str, int, str]]:
    """Save, submit and validate beside the served pages for a while; returns what was acknowledged."""
    people, done = {person.login: person for person in engine.people.all()}, set()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        form = replace(engine.editing.form(BIKE.slug, BIKE.lang), default=f"Bel ons, {time.monotonic_ns()}.")
        number = engine.editing.save(people["editor"], form)
        digest = engine.editing.lines(BIKE)[0].digest
        for login, move in (("editor", Move.SUBMIT), ("validator", Move.VALIDATE)):
            engine.editing.move(people[login], BIKE, number, digest, move)
            done.add((move.value, number, digest))
    return done


def kill_one(home: Path, role: str, dice: random.Random) -> None:
    """Kill one process of a served tree, chosen among those of that role."""
    os.kill(dice.choice([number for number, found in tree(home).items() if found == role]), signal.SIGKILL)


def whole(home: Path, seconds: float = 20) -> set[str]:
    """The roles of a tree, once it has them all or the time is over."""
    deadline = time.monotonic() + seconds
    while (roles := set(tree(home).values())) != ROLES and time.monotonic() < deadline:
        time.sleep(0.1)
    return roles


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_served_tree_when_killed(house: Settings) -> None:
    """What can be replaced is, else everything ends; nobody is left behind, nothing is lost, it starts again."""
    dice, done = random.Random(5), set()
    engine = Engine.open(house)
    for replaced, ending in (("worker", "builder"), "supervisor"), (("datasette",), "master"):
        with serve(house.home, workers=2) as served:
            for role in replaced:
                done |= validate_for(engine, dice.uniform(0.1, 0.5))
                kill_one(house.home, role, dice)
                assert whole(house.home) == ROLES
                wait_for(served.url + "/gezond")
            done |= validate_for(engine, dice.uniform(0.1, 0.5))
            kill_one(house.home, ending, dice)
            assert gone(house.home) == {}
    with serve(house.home, workers=2):
        assert (whole(house.home), done <= kept(engine.room.store)) == (ROLES, True)
    assert (gone(house.home), sound(house.store)) == ({}, True)
    assert engine.room.store.verify() == engine.room.store.journal.head()
    _last_text_is_found(engine)
    engine.close()
