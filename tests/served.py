"""The product served for real, on free ports of this machine, with a browser to look at it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kbengine.cli import main

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KB = [sys.executable, "-m", "kbengine.cli"]
_END_WITH_US = (
    "import ctypes, os, signal, sys; ctypes.CDLL(None).prctl(1, signal.SIGTERM); os.execv(sys.argv[1], sys.argv[1:])"
)
# Before a command: the kernel ends it when the process that tests is gone, however that one went.
LEASH = [sys.executable, "-I", "-S", "-c", _END_WITH_US] if sys.platform.startswith("linux") else []
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Debian's chromium is not installed"),
]
expect.set_options(timeout=15_000)  # a busy machine is not a broken page


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A running demo: where it is, and its commands."""

    home: Path
    url: str
    datasette: str
    process: subprocess.Popen[str]

    def kb(self, *arguments: str) -> str:
        """Run a command on this demo's store, in this process: a new one would only load everything again."""
        done = CliRunner().invoke(main, arguments, env=self.environment, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    @property
    def environment(self) -> dict[str, str]:
        """What points a command at this demo."""
        return {"KB_HOME": str(self.home), "KB_PORT": self.url.rpartition(":")[2]}


def wait_for(url: str, seconds: float = 90) -> None:
    """Until a page answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextmanager
def serve(home: Path, *, demo: bool = True, workers: int = 1) -> Iterator[Served]:
    """`kb serve` of a demo or of a real store until the end of the block, then ended as Ctrl-C would."""
    port, beside = free_port(), free_port()
    arguments = [*LEASH, *KB, "serve", *(["--demo"] if demo else []), "--workers", str(workers)]
    arguments += ["--port", str(port), "--datasette-port", str(beside)]
    log = (home.parent / "served.log").open("w")
    environment = os.environ | {"KB_HOME": str(home)}
    process = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log, text=True, start_new_session=True)
    served = Served(home, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{beside}", process)
    try:
        wait_for(served.url + "/gezond")
        wait_for(served.datasette + "/corpus.json")
        yield served
    finally:
        end(process)
        log.close()


def end(process: subprocess.Popen[Any], sign: signal.Signals = signal.SIGINT) -> int:
    """End a process that leads a group of its own; when it does not listen, with all of them. The exit code."""
    process.send_signal(sign)
    try:
        return process.wait(60)  # a busy machine takes its time to end too
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def sign_in(served: Served, browser: Browser, login: str, width: int = 1280) -> Page:
    """A browser of this person's own, signed in by a one-time link."""
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=served.url)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(served.kb("people", "link", login))
    page.wait_for_url(served.url + "/")
    return page
