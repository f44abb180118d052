"""A zone's first day in a real browser: an answer is read, signed by keyboard, and found at the desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, serve

from kbengine.cli.main import main
from kbengine.settings import PROJECT

pytestmark = NEEDS_CHROMIUM
KEPT = ("noodnummers-101-112", "bankkaart-blokkeren-card-stop")
GIVEN = ("--name", "Rietland", "--languages", "nl", "--phone", "03 555 12 12", "--login", "ann", "--no-input")


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A zone that began with two answers, served; Vera validates and answers."""
    root = tmp_path_factory.mktemp("zone")
    shutil.copytree(PROJECT / "kb", root / "kb", ignore=shutil.ignore_patterns("decisions"))
    for path in (*(root / "kb").glob("articles/*/*.md"), *(root / "kb").glob("questions/*.toml")):
        if path.name.split(".")[0] not in KEPT:
            path.unlink()
    done = CliRunner().invoke(main, ["init", str(root / "home"), *GIVEN], env={"KB_SOURCE": str(root / "kb")})
    assert done.exit_code == 0, done.output
    with serve(root / "home", demo=False) as served:
        served.kb("people", "add", "vera", "Vera", "--role", "validator", "--role", "agent")
        yield served


def _come_in(zone: Served, browser: Browser) -> Page:
    """Vera on a narrow screen, who opened her link and chose a password."""
    vera = browser.new_context(viewport={"width": 320, "height": 900}, base_url=zone.url).new_page()
    vera.goto(zone.kb("people", "link", "vera"))
    for field in ("#new", "#again"):
        vera.fill(field, "rietland fietst langs de vaart")
    vera.get_by_role("button", name="Bewaren en aanmelden").click()
    vera.wait_for_url(zone.url + "/")
    return vera


def test_story_from_the_starter_set_to_the_desk(zone: Served, browser: Browser) -> None:
    """By keyboard alone a validator leaves one text for later and signs the next; then the desk offers it."""
    vera = _come_in(zone, browser)
    vera.on("pageerror", lambda error: pytest.fail(str(error)))
    vera.on("console", lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None)
    vera.goto("/start")
    title = vera.locator("#start-title")
    expect(title).to_have_text("Noodnummers 101 en 112")
    assert vera.evaluate("document.documentElement.scrollWidth") <= 320
    vera.keyboard.press("n")
    expect(title).to_have_text("Bankkaart blokkeren met Card Stop")
    vera.wait_for_load_state("load")
    vera.keyboard.press("v")
    expect(vera.locator(".done")).to_contain_text("1 van 2 fiches")
    expect(title).to_have_text("Noodnummers 101 en 112")
    vera.goto("/start/stand")
    assert vera.evaluate("document.documentElement.scrollWidth") <= 320
    vera.goto("/")
    vera.fill("#message", "mijn bankkaart is gestolen")
    vera.keyboard.press("Control+Enter")
    expect(vera.locator("#card-bankkaart-blokkeren-card-stop")).to_be_visible()
    assert "Vera" in zone.kb("journal", "show", "bankkaart-blokkeren-card-stop")
