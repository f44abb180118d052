"""The real server on free ports of this machine, and each of its workers spoken to by itself."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bench.opened import weight
from kbengine.engine import Engine

_START_SECONDS: Final = 180.0
_END_SECONDS: Final = 30.0
_CONNECTIONS: Final = 600
_REST_SECONDS: Final = 0.1
_LOGIN: Final = "agent"


@dataclass(slots=True)
class Worker:
    """One process that serves pages, by a connection that only it answers on, with a session."""

    served: Served
    pid: int
    connection: http.client.HTTPConnection

    def suggests(self, message: str, slug: str) -> bool:
        """Whether the desk offers this article for a message; OSError when the worker cannot be reached."""
        fields = {"csrf_token": self.served.csrf, "message": message, "channel": "facebook", "lang": ""}
        headers = {"Cookie": self.served.cookie, "Sec-Fetch-Site": "same-origin"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request("POST", "/", urlencode(fields), headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()  # as the server did, which it may
            self.connection = self.served.connected({self.pid})[1]
            return False
        page = answer.read().decode()
        if answer.status != 200:
            raise OSError(f"worker {self.pid} answered {answer.status}")
        return slug in page


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its supervisor and where its pages are."""

    pid: int
    port: int
    cookie: str
    csrf: str

    def workers(self) -> tuple[Worker, ...]:
        """Each worker, with a connection of its own; raises OSError when some worker never takes one."""
        left, found = set(self._pages()), list[Worker]()
        while left:
            pid, connection = self.connected(left)
            found.append(Worker(self, pid, connection))
            left.discard(pid)
        return tuple(sorted(found, key=lambda worker: worker.pid))

    def connected(self, pids: set[int]) -> tuple[int, http.client.HTTPConnection]:
        """A connection that one of these processes took, and which; raises OSError when none ever does."""
        for _ in range(_CONNECTIONS):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            connection.request("GET", "/gezond")
            connection.getresponse().read()
            owner = _owner(connection.sock, pids)
            if owner is not None:
                # Opened again by itself, it could be another worker's.
                connection.auto_open = 0
                return owner, connection
            connection.close()
            time.sleep(_REST_SECONDS)  # it may be busy opening a large edition
        raise OSError(f"none of the processes {sorted(pids)} took a connection")

    def weigh(self) -> dict[str, float]:
        """The proportional share of memory of each worker and of the builder, in megabytes."""
        return {name: weight(str(pid))["pss"] for name, pid in self._named().items()}

    def computed(self) -> dict[str, float]:
        """The seconds that each worker and the builder have had a processor, however busy the machine is."""
        ticks = os.sysconf("SC_CLK_TCK")
        return {name: sum(map(int, _state(pid)[11:13])) / ticks for name, pid in self._named().items()}

    def _named(self) -> dict[str, int]:
        builder = next(pid for pid in _children(self.pid) if "build" in _command(pid))
        return {f"worker {place}": pid for place, pid in enumerate(self._pages(), 1)} | {"builder": builder}

    def _pages(self) -> tuple[int, ...]:
        """The processes that serve pages."""
        starter = next(pid for pid in _children(self.pid) if "gunicorn" in _command(pid))
        return tuple(sorted(_children(starter)))


@contextmanager
def serving(engine: Engine, workers: int) -> Iterator[Served]:
    """`kb serve` on an open engine's store until the end of the block, then ended as Ctrl-C would; OSError."""
    port = _free_port()
    command = [sys.executable, "-m", "kbengine.cli", "serve", "--demo", "--port", str(port)]
    command += ["--datasette-port", "0", "--workers", str(workers)]
    environment = os.environ | {"KB_HOME": str(engine.settings.home), "KB_SOURCE": str(engine.settings.source)}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(port, process)
            secret, _ = engine.people.sign_in(engine.people.new_link(engine.people.by_login(_LOGIN)))
            session = engine.people.session(secret)
            assert session is not None
            yield Served(process.pid, port, f"kb_session={secret}", session.csrf)
        finally:
            _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/gezond")
            connection.getresponse().read()
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise OSError("the server does not answer") from error
            time.sleep(0.1)
        finally:
            connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Asks the supervisor to end with all its children, and after a while ends it."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _children(parent: int) -> list[int]:
    """The processes that a process started, by /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int(_state(int(path.name))[1]) == parent:
                found.append(int(path.name))
        except OSError:
            continue  # it ended while we looked
    return found


def _state(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; OSError when it has ended."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")


def _owner(mine: socket.socket, pids: set[int]) -> int | None:
    """Which of these processes has the other end of a connection."""
    own, there = mine.getsockname()[1], mine.getpeername()[1]
    ends = (f":{there:04X}", f":{own:04X}")
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        cells = line.split()
        if (cells[1][8:], cells[2][8:]) == ends:
            inode = f"socket:[{cells[9]}]"
            return next((pid for pid in pids if inode in _open_files(pid)), None)
    return None


def _open_files(pid: int) -> set[str]:
    return {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
