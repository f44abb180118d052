"""Homes that are made once, for all the processes that test, and copied for whoever needs one."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from kbengine.journal import Store, create, open_store
from kbengine.language import make_tables, use_tables

ROOT = Path(__file__).parent.parent
# The tables of lemmas are derived from a package of a fixed version: one copy serves every home of every run.
TABLES = ROOT / "var" / "tests" / "tables"
MEMORY = Path("/dev/shm")  # noqa: S108  # what lies here is gone when the machine is off, and costs no write to a disk
MEMORY_BYTES = 4 << 30


def in_memory() -> str | None:
    """A folder for temporary files that never reach a disk, None where there is none with room for them."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES
    return str(MEMORY) if roomy else None


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills, by the first process of this run that asks; nobody changes anything in it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / f"once-{name}", shared / f"once-{name}.done"
    with (shared / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def take_tables(home: Path) -> None:
    """Give a home the tables of lemmas, and this process too: reading simplemma's own takes each a second or two."""
    make_tables(TABLES)
    use_tables(TABLES)
    home.mkdir(parents=True, exist_ok=True)
    (home / "tables").symlink_to(TABLES)


def copy_home(master: Path, home: Path) -> Path:
    """A home of a test's own, with everything of the one that was made once; where it is."""
    shutil.copytree(master, home, symlinks=True)
    return home


def new_store(directory: Path, *, demo: bool) -> Store:
    """An empty store, as `create` makes it: its tables are migrated once, and copied for whoever needs them."""
    return open_store(Path(shutil.copytree(_empty_store(demo), directory)))


@cache
def _empty_store(demo: bool) -> Path:
    folder = Path(tempfile.mkdtemp(dir=in_memory()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create(folder / "store", demo=demo).close()
    return folder / "store"
