"""Somebody writes in files while the store lives on: what is saved is a draft at once, and nothing is overwritten."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from conftest import House
from test_files import BIKE, BIKE_FILE, Desk

from kbengine.engine import Engine, Watcher
from kbengine.errors import SignInError

NOISE_FILE = "articles/overlast/nachtlawaai.nl.md"


class Watched(Desk):
    """A folder with somebody watching it."""

    def __init__(self, house: House, root):
        super().__init__(house, root)
        self.export()
        store = house.engine.room.store
        self.token = store.accounts.new_token(house.people["editor"])
        self.watcher = Watcher(self.files, store.journal, root, lambda: store.accounts.by_token(self.token))
        self.see()

    def see(self, looks=2):
        """What so many looks tell, as (what, where)."""
        return [
            (news.what.value, str(news.draft.ref) if news.draft else news.problem.code if news.problem else news.text)
            for _ in range(looks)
            for news in self.watcher.look()
        ]


@pytest.fixture
def watched(hamlet: House, tmp_path):
    """A watched folder in step with a small demo house."""
    return Watched(hamlet, tmp_path / "texts")


def test_watch_when_a_file_is_saved_drafts_it_once_it_is_still(watched):
    """At the first look it may still be written; at the second it is in, once."""
    watched.change("Kom langs", "Nu: kom langs")

    assert watched.see(1) == []
    assert watched.see(1) == [("draft", str(BIKE))]
    assert watched.see(3) == []
    assert watched.newest().number == 2


def test_watch_when_files_keep_changing_waits(watched):
    """Who types and saves all the time makes one draft, of what it came to."""
    for number in range(4):
        watched.change("Kom" if not number else f"{number - 1} Kom", f"{number} Kom")
        assert watched.see(1) == []

    assert watched.see(1) == [("draft", str(BIKE))]
    assert "3 Kom" in watched.newest().text


def test_watch_when_several_files_are_replaced_by_their_editor_drafts_each(watched):
    """Editors write beside a file and rename over it; what they leave beside it is none of ours."""
    for file in (BIKE_FILE, NOISE_FILE):
        path = watched.root / file
        (path.parent / f".#{path.name}").symlink_to("somebody@machine:4711")
        for aside in (f".{path.name}.swp", f"{path.name}~", "4913", f"#{path.name}#"):
            (path.parent / aside).write_text("---\n", encoding="utf-8")
        new = path.with_name(path.name + ".tmp")
        new.write_text(path.read_text(encoding="utf-8").replace("Kom langs", "Anders: kom langs"), encoding="utf-8")
        new.replace(path)

    assert watched.see() == [("draft", str(BIKE)), ("draft", "article/nachtlawaai.nl")]


def test_watch_when_a_file_is_wrong_says_so_once_and_when_it_is_right_again(watched):
    """The others go in meanwhile, and nobody reads the same line twice."""
    watched.change("title:", "titel:")
    watched.change("Kom langs", "Stil! Kom langs", NOISE_FILE)
    seen = watched.see(4)

    assert ("draft", "article/nachtlawaai.nl") in seen
    assert {what for what, _ in seen} == {"draft", "problem"}
    assert len(seen) == len(set(seen))
    watched.change("titel:", "title:")
    assert watched.see(4) == [("clean", BIKE_FILE)]


def test_watch_when_somebody_saves_on_the_page_tells_and_a_clash_is_named(watched):
    """The store's newer text is told; who then goes on in the file gets a conflict, and both texts stay."""
    watched.in_store("Op de pagina.")
    assert watched.see() == [("problem", "import.newer")]

    watched.change("Kom langs", "In het bestand: kom langs")
    assert watched.see(3) == [("problem", "import.conflict")]
    assert (watched.newest().number, "In het bestand" in watched.text()) == (2, True)


def test_watch_when_the_folder_goes_for_a_moment_waits_for_it(watched):
    """A branch that is switched, a share that drops: no text was deleted."""
    away = watched.root.with_name("away")
    watched.root.rename(away)
    assert [what for what, _ in watched.see(3)] == ["away"]

    away.rename(watched.root)
    assert [what for what, _ in watched.see(3)] == ["back"]


def test_watch_when_the_store_is_busy_goes_on_when_it_is_not(watched, monkeypatch):
    """Nothing is lost of what was saved meanwhile, and it says once that it waits."""
    monkeypatch.setattr("kbengine.journal.connect.BUSY_SECONDS", 0.1)
    house = watched.house
    impatient = Engine.open(house.engine.settings)
    watched.watcher = Watcher(
        impatient.files, impatient.room.store.journal, watched.root, lambda: house.people["editor"]
    )
    watched.see()
    watched.change("Kom langs", "Nu: kom langs")
    with house.engine.room.store.journal.write():
        assert [what for what, _ in watched.see(4)] == ["busy"]

    assert watched.see() == [("draft", str(BIKE))]
    impatient.close()


def test_watch_when_the_token_ends_stops(watched):
    """Whoever may not save any more does not go on saving."""
    watched.house.engine.people.set_active("editor", False)

    with pytest.raises(SignInError):
        watched.see(1)


# --- as a process ---


@contextmanager
def running(desk, *more):
    """A real `kb watch`, and its lines."""
    token = desk.house.engine.people.new_token(desk.house.people["editor"])
    environment = os.environ | {"KB_HOME": str(desk.house.engine.settings.home), "KB_TOKEN": token}
    command = [sys.executable, "-u", "-m", "kbengine.cli", "watch", str(desk.root), "--every", "0.1", "--json", *more]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(process, what):
    for line in process.stdout:
        said = json.loads(line)
        if said["what"] == what:
            return said
    raise AssertionError(f"it ended without {what}: {process.stderr.read()}")


def test_watch_when_run_beside_the_pages_takes_all_and_ends_neatly(hamlet, tmp_path):
    """A folder under git, a process on each side: every save is there, in order, and Ctrl-C is no error."""
    desk = Desk(hamlet, tmp_path / "texts")
    desk.export()

    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=Ed", "-c", "user.email=ed@zone.example", *words],
            cwd=desk.root,
            check=True,
            capture_output=True,
        )

    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "Uit de kennisbank")
    with running(desk) as process:
        assert "Watching" in until(process, "started")["text"]
        assert "in step" in until(process, "started")["text"]
        git("switch", "-c", "werk")
        desk.change("Kom langs", "Op een tak: kom langs")
        assert until(process, "draft")["revision"] == 2
        git("commit", "-am", "Anders")
        desk.in_store("Op de pagina.")
        assert until(process, "problem")["fields"]["by"] == "Tweede redacteur"
        git("switch", "main")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert until(process, "ended")["text"] == "Ended; 1 drafts came in."
        assert process.wait(20) == 0
    tracked = subprocess.run(["git", "ls-files"], cwd=desk.root, check=True, capture_output=True, text=True).stdout

    assert ".kb/" not in tracked
    assert desk.newest().number == 3


def test_import_when_two_processes_bring_the_same_folder_in_drafts_each_text_once(hamlet, tmp_path):
    """Two shells, one folder: whoever comes second finds it done."""
    desk = Desk(hamlet, tmp_path / "texts")
    desk.export()
    copy = tmp_path / "copy"
    desk.change("Kom langs", "Samen: kom langs")
    shutil.copytree(desk.root, copy)
    home = hamlet.engine.settings.home
    tokens = [hamlet.engine.people.new_token(hamlet.people[login]) for login in ("editor", "second")]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "kbengine.cli", "import", str(folder)],
            env=os.environ | {"KB_HOME": str(home), "KB_TOKEN": token},
            stdout=subprocess.PIPE,
            text=True,
        )
        for folder, token in ((desk.root, tokens[0]), (desk.root, tokens[1]), (copy, tokens[1]))
    ]
    said = [process.communicate(timeout=120)[0] for process in started]

    assert [process.returncode for process in started] == [0, 0, 0], said
    assert sum("draft" in one for one in said) == 1
    assert desk.newest().number == 2
