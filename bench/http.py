"""How many messages a second the API answers, and how long each takes, by how many processes serve.

    python -m bench.http [--workers 1,2] [--clients N] [--seconds S] [--source FOLDER] [--json]

Fills a demo store in a folder of its own with the texts of kb/, builds its edition, and for each number of workers
serves it on free ports of this machine with `kb serve`. Clients, each on a connection of its own to one of the workers,
send the own questions of the texts to `POST /api/v1/suggest` one after another; what they take of the processors is
part of the load. Everything that was started is ended, and the folder is deleted. Linux only.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from pathlib import Path
from typing import Final

from bench.race import percentile
from bench.served import Served, serving
from bench.texts import ROOT
from kbengine.engine import Engine
from kbengine.errors import KBError
from kbengine.folder import read_folder
from kbengine.history import Scope
from kbengine.settings import Settings

_LANG: Final = "nl"
_CHANNELS: Final = ("facebook", "x", "instagram", "whatsapp", "messenger", "email")
# Each may ask 600 times a minute; so many keep that limit out of what is measured.
_TOKENS: Final = 100
_WARM: Final = 50


@dataclass(frozen=True, slots=True)
class Load:
    """What one number of workers did: requests, all of them answered, and milliseconds from sending to the last byte.

    `a_processor` is requests for each second that the workers had a processor, however busy the machine was.
    """

    workers: int
    clients: int
    seconds: float
    n: int
    a_second: float
    a_processor: float
    p50_ms: float | None
    p99_ms: float | None


class Client(threading.Thread):
    """Sends messages on one connection; `times` are the seconds of each, `failed` why it ended before its time."""

    def __init__(
        self,
        connection: HTTPConnection,
        tokens: Sequence[str],
        sent: Sequence[bytes],
        start: threading.Barrier,
        seconds: float,
    ) -> None:
        super().__init__(daemon=True)
        self.times: list[float] = []
        self.failed = ""
        self._connection = connection
        self._tokens, self._sent = cycle(tokens), cycle(sent)
        self._start, self._seconds = start, seconds

    def run(self) -> None:
        """Ask a few times, wait for the others, then ask for as long as was said; what begins in time counts."""
        try:
            for _ in range(_WARM):
                self._ask()
            self._start.wait()
            until = time.perf_counter() + self._seconds
            while time.perf_counter() < until:
                self.times.append(self._ask())
        except (OSError, HTTPException) as error:
            self.failed = str(error) or type(error).__name__
            self._start.abort()
        except threading.BrokenBarrierError:
            return  # another one failed, and says why
        finally:
            self._connection.close()

    def _ask(self) -> float:
        """One message: the seconds until its answer was there; OSError when it was none."""
        headers = {"Authorization": f"Bearer {next(self._tokens)}", "Content-Type": "application/json"}
        began = time.perf_counter()
        self._connection.request("POST", "/api/v1/suggest", next(self._sent), headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise OSError(f"the API answered {answer.status}")
        return time.perf_counter() - began


def bodies(source: Path, seed: int = 0) -> list[bytes]:
    """The questions of a folder's articles as requests, on one channel after another, always in the same order."""
    found = sorted({text for _, asked in read_folder(source).questions for text in asked.asked.get(_LANG, ())})
    random.Random(seed).shuffle(found)
    sent = zip(found, cycle(_CHANNELS), strict=False)
    return [json.dumps({"message": text, "channel": channel}).encode() for text, channel in sent]


def measure(source: Path, workers: Sequence[int], clients: int, seconds: float) -> tuple[Load, ...]:
    """The load for each number of workers, on one demo home; raises KBError, OSError."""
    with tempfile.TemporaryDirectory() as folder:
        home = Settings(home=Path(folder) / "home", source=source)
        with closing(Engine.open(home, demo=True)) as engine:
            engine.build()
            agent = engine.people.by_login("agent")
            tokens = [engine.people.new_token(agent, "bench", {Scope.SUGGEST}) for _ in range(_TOKENS)]
            sent, loads = bodies(source), []
            for count in workers:
                with serving(engine, count) as served:
                    loads.append(_load(served, count, tokens, sent, clients, seconds))
            return tuple(loads)


def _load(
    served: Served, workers: int, tokens: Sequence[str], sent: Sequence[bytes], clients: int, seconds: float
) -> Load:
    start = threading.Barrier(clients + 1)
    asking = [
        Client(connection, tokens[n::clients], sent[n::clients], start, seconds)
        for n, connection in enumerate(_connections(served, clients))
    ]
    for client in asking:
        client.start()
    with suppress(threading.BrokenBarrierError):
        start.wait()
    before, began = served.computed(), time.perf_counter()
    for client in asking:
        client.join()
    took, after = time.perf_counter() - began, served.computed()
    failed = next((client.failed for client in asking if client.failed), "")
    if failed:
        raise OSError(failed)
    times = [one * 1000 for client in asking for one in client.times]
    computed = sum(after[name] - before[name] for name in after if name.startswith("worker"))
    p50, p99 = (round(value, 1) if (value := percentile(times, share)) is not None else None for share in (0.5, 0.99))
    rates = round(len(times) / took, 1), round(len(times) / computed, 1) if computed else 0.0
    return Load(workers, clients, round(took, 2), len(times), *rates, p50, p99)


def _connections(served: Served, clients: int) -> list[HTTPConnection]:
    """A connection for each client, the workers in turn: the system itself may give all of them to one."""
    workers = served.workers()
    for worker in workers:
        worker.connection.close()
    return [served.connected({workers[n % len(workers)].pid})[1] for n in range(clients)]


def table(loads: Sequence[Load]) -> str:
    """The figures for people."""
    heads = ("workers", "clients", "requests", "a second", "a processor", "p50, ms", "p99, ms")
    rows = [(one.workers, one.clients, one.n, one.a_second, one.a_processor, one.p50_ms, one.p99_ms) for one in loads]
    return "\n".join("".join(f"{cell!s:>13}" for cell in row) for row in (heads, *rows))


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; SystemExit when it cannot be understood."""
    parser = argparse.ArgumentParser(prog="python -m bench.http", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--workers", default="1,2", help="How many processes serve, one run for each (1,2).")
    parser.add_argument("--clients", type=int, default=4, help="How many ask at once (4).")
    parser.add_argument("--seconds", type=float, default=5.0, help="How long each run asks (5).")
    parser.add_argument("--source", type=Path, default=ROOT / "kb", help="The folder of texts (kb).")
    parser.add_argument("--json", action="store_true", help="Also print one JSON object as the last line.")
    given = parser.parse_args(arguments)
    numbers = given.workers.split(",")
    if not all(number.isdigit() and 0 < int(number) <= 64 for number in numbers):
        parser.error("--workers are numbers from 1, like 1,2")
    if not 0 < given.clients <= _TOKENS or not 0 < given.seconds <= 60:
        parser.error(f"there are 1 to {_TOKENS} clients, and they ask for 60 seconds at most")
    given.workers = [int(number) for number in numbers]
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0 when every message was answered, 1 otherwise."""
    given = options(arguments)
    try:
        loads = measure(given.source, given.workers, given.clients, given.seconds)
    except (KBError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(loads))
    if given.json:
        print(json.dumps({"loads": [asdict(load) for load in loads]}))
    return 0


if __name__ == "__main__":
    # Ended from outside, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
