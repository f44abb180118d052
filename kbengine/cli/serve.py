"""Serving: pages in several processes, the builder, and Datasette beside them, all ended together."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess  # the processes are this product's own, started with fixed arguments
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from types import FrameType

import click

from kbengine.cli.common import opened, settings_of
from kbengine.corpus import command as datasette_command
from kbengine.edition import Builder
from kbengine.engine import Engine
from kbengine.errors import KBError, SettingsError, WrongStore
from kbengine.journal import exists, throw_away
from kbengine.language import make_tables
from kbengine.settings import PROJECT, Settings

METADATA = PROJECT / "deploy" / "datasette" / "metadata.json"
GRACE_SECONDS = 10.0
PORT_SECONDS = 8.0
POLL_SECONDS = 0.2
RESTART_SECONDS = 1.0
READING_NICE = 10
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, see prctl(2)


@dataclass(slots=True)
class Child:
    """A process of ours; one that may be restarted is, when it ends by itself."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    restarted: bool
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        """Start it in its own process group, so that Ctrl-C reaches only us; it ends when we do."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.arguments, env=self.environment, process_group=0, preexec_fn=_end_with_parent()
        )


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux, ask the kernel to end the child when this process is gone, however it goes."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(DIE_WITH_PARENT, signal.SIGTERM) and None


@click.command()
@click.option("--demo", is_flag=True, help="Make and fill a demo store where there is none; print sign-in links.")
@click.option("--fresh", is_flag=True, help="Throw the demo store away first.")
@click.option("--port", type=int, help="Port of the pages (or KB_PORT).")
@click.option("--datasette-port", type=int, help="Port of the public answers, 0 for none (or KB_DATASETTE_PORT).")
@click.option("--workers", type=int, help="Processes that serve pages (or KB_WORKERS).")
@settings_of
def serve(
    settings: Settings,
    demo: bool,
    fresh: bool,
    port: int | None,
    datasette_port: int | None,
    workers: int | None,
) -> None:
    """Serve the pages, keep the edition up to date, and show the public answers in Datasette; Ctrl-C ends all.

    Example: kb serve --demo
    """
    given = {"port": port, "datasette_port": datasette_port, "workers": workers}
    settings = settings.changed(**{name: value for name, value in given.items() if value is not None})
    if demo and not settings.loopback:
        raise SettingsError("serve.demo", "A demo is served on this machine only.", "Leave KB_HOST at 127.0.0.1.")
    for taken in (settings.port, settings.datasette_port):
        _check_free(settings.host, taken)
    if fresh:
        _throw_away(settings)
    if demo or exists(settings.store, settings.database):
        make_tables(settings.tables)
    engine = Engine.open(settings, demo=demo)
    engine.build()
    _announce(engine)
    engine.close()
    sys.stdout.flush()
    raise SystemExit(_supervise(_children(settings)))


def _check_free(host: str, port: int) -> None:
    """Say that a port is taken; raises SettingsError. Port 0 is no port.

    Pages whose supervisor was killed need a moment to end, so a taken port is looked at again for a while.
    """
    deadline = time.monotonic() + PORT_SECONDS
    while port and (error := _bind_error(host, port)) is not None:
        if time.monotonic() > deadline:
            hint = "End what uses it, or choose another: --port, --datasette-port (or KB_PORT, KB_DATASETTE_PORT)."
            raise SettingsError("serve.port", f"Port {port} cannot be used: {error.strerror}.", hint) from error
        time.sleep(POLL_SECONDS)


def _bind_error(host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def _throw_away(settings: Settings) -> None:
    """Delete a demo store with everything derived from it; a real one is never touched."""
    try:
        throw_away(settings.store, settings.database)
    except WrongStore as error:
        raise SettingsError("serve.fresh", "This is a real store.", "Only a demo can be made fresh.") from error
    for folder in (settings.editions, settings.neighbours):
        shutil.rmtree(folder, ignore_errors=True)
    for derived in (settings.corpus, settings.vectors):
        derived.unlink(missing_ok=True)


def _announce(engine: Engine) -> None:
    click.echo(f"Pages:             {engine.settings.url}/")
    if engine.settings.datasette_url:
        click.echo(f"Public answers:    {engine.settings.datasette_url}/")
    if engine.demo:
        click.echo("Sign in (a link works once; a new one: kb people link LOGIN):")
        for person in (one for one in engine.people.all() if one.active):
            click.echo(f"  {person.name:24} {engine.settings.url}/in/{engine.people.new_link(person)}")
    click.echo("Ctrl-C ends all.")


def _children(settings: Settings) -> list[Child]:
    environment = os.environ | {
        "KB_HOME": str(settings.home),
        "KB_DATABASE": settings.database,
        "KB_HOST": settings.host,
        "KB_PORT": str(settings.port),
        "KB_DATASETTE_PORT": str(settings.datasette_port),
        "PYTHONUNBUFFERED": "1",
    }
    pages = [sys.executable, "-m", "gunicorn", "web:create_app(follow=True)", "--bind", settings.address(settings.port)]
    pages += ["--workers", str(settings.workers), "--threads", "4", "--worker-tmp-dir", str(settings.home)]
    pages += ["--timeout", "30", "--graceful-timeout", "5", "--keep-alive", "5", "--log-level", "warning"]
    pages += ["--limit-request-line", "4094", "--no-control-socket"]
    builder = [sys.executable, "-m", "kbengine.cli", "build", "--watch"]
    children = [Child("pages", pages, environment, False), Child("builder", builder, environment, True)]
    if settings.datasette_port:
        arguments = datasette_command(settings.corpus, METADATA, settings.host, settings.datasette_port)
        children.append(Child("datasette", arguments, environment, True))
    return children


def _supervise(children: list[Child]) -> int:
    """Start all, restart what may be, end all together; returns the exit code."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    for child in children:
        child.start()
    failed = ""
    while not stopping and not failed:
        time.sleep(POLL_SECONDS)
        failed = _look_after(children)
    _end(children)
    if failed:
        click.echo(f"{failed} ended by itself; see the lines above.", err=True)
    return 1 if failed else 0


def _look_after(children: list[Child]) -> str:
    """Restart what ended and may be; the name of what ended and may not be, or nothing."""
    for child in children:
        if child.process is None or child.process.poll() is None:
            continue
        if not child.restarted:
            return child.name
        if time.monotonic() - child.started > RESTART_SECONDS:
            child.start()
    return ""


def _end(children: list[Child]) -> None:
    """Ask everybody to end, and after a while insist."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _read_ahead(settings: Settings) -> None:
    """Read for neighbours what is new, when nothing else wants the processor."""
    os.nice(READING_NICE)
    # What cannot be read or written now is worked out by who looks.
    with suppress(KBError, OSError), opened(settings) as engine:
        engine.neighbours.prepare()


def _beside(settings: Settings) -> None:
    """Reads ahead in a process of its own: suggestions neither wait for it nor end with it."""
    process = get_context("spawn").Process(target=_read_ahead, args=(settings,), daemon=True)
    process.start()
    process.join()


@click.command()
@click.option("--watch", is_flag=True, help="Go on, and build whenever something was decided, starts or ends.")
@settings_of
def build(settings: Settings, watch: bool) -> None:
    """Bring everything derived up to date: suggestions, search, the public answers.

    Example: kb build
    """
    stopped: list[int] = []
    with opened(settings) as engine:
        if watch:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda number, _frame: stopped.append(number))
            Builder(engine.room.store, settings).watch(lambda: bool(stopped), lambda: _beside(settings))
            return
        engine.build()
        engine.neighbours.prepare()
    click.echo("Everything is up to date.")
