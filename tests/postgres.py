"""A PostgreSQL of the tests' own: one server for a file of tests, as many databases as they want."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

# Debian does not put the server's programs on the path.
FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def programs() -> Path | None:
    """The folder with the server's own programs, None where it is not installed."""
    found = shutil.which("initdb")
    named = [Path(found).resolve().parent] if found else []
    return next((folder for folder in (*named, *FOLDERS) if (folder / "postgres").exists()), None)


@dataclass
class Server:
    """A running server, reached by a socket in its folder."""

    folder: Path
    count: int = 0

    def database(self, template: str = "template1") -> str:
        """The address of a new database, empty or a copy of another one of these."""
        self.count += 1
        name, like = f"kb{self.count}", template.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(host=str(self.folder), user="kb", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return f"postgresql://kb@/{name}?host={self.folder}"


@contextmanager
def running(bin_folder: Path) -> Iterator[Server]:
    """A server in a folder of its own, which ends with the test; it refuses root, so that it gets another user."""
    # The path of a socket may have 107 characters: a test's own folder is too deep.
    folder = Path(tempfile.mkdtemp(prefix="kb-pg-"))
    user = _somebody() if os.getuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data, more = folder / "data", {"user": user} if user is not None else {}
    make = ["-D", str(data), "-A", "trust", "-U", "kb", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([bin_folder / "initdb", *make], check=True, capture_output=True, cwd=folder, **more)
    run = ["-D", str(data), "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([bin_folder / "postgres", *run], stdout=log, stderr=log, cwd=folder, **more)
    try:
        _wait(folder)
        yield Server(folder)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder)


def _somebody() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _wait(folder: Path) -> None:
    for _ in range(300):
        try:
            psycopg.connect(host=str(folder), user="kb", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError((folder / "log").read_text(encoding="utf-8"))
