"""Learning in a real browser: an agent teaches by keyboard, a second person accepts, the next message finds it."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM
DIALECT = "amai dieje zotte kadee heeft mijne ijzeren ezel gepoetst"
MESSAGE = f"{DIALECT}, groeten Karel, 0470 12 34 56"
STOLEN = "mijn fiets is gestolen"


@pytest.fixture(scope="module")
def cast(served: Served, browser: Browser) -> dict[str, Page]:
    """An agent and an editor who complain about nothing."""
    pages = {login: sign_in(served, browser, login) for login in ("agent", "editor")}
    for page in pages.values():
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.on("console", lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None)
    return pages


def ask(page: Page, message: str) -> None:
    """Type a message at the desk and wait for what it says."""
    page.goto("/")
    page.fill("#message", message)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results h2").first).to_be_visible()


def fits(page: Page) -> None:
    """Nothing scrolls sideways at 320 pixels."""
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_story_from_a_taught_phrase_to_its_suggestion(cast: dict[str, Page]) -> None:
    """By keyboard alone an agent says where a message belongs; once an editor accepts, it is found."""
    agent, editor = cast["agent"], cast["editor"]
    ask(agent, MESSAGE)
    expect(agent.locator("#card-fiets-gestolen")).to_have_count(0)
    agent.keyboard.press("Escape")
    agent.keyboard.press("l")
    box = agent.get_by_label("Zo vragen mensen het")
    expect(box).to_be_focused()
    expect(box).to_have_value(f"{DIALECT}, groeten [naam], [telefoon]")
    fits(agent)
    box.fill(DIALECT)
    agent.keyboard.press("Tab")
    agent.keyboard.type("Fiets gestolen")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#status")).to_contain_text("Een redacteur kijkt de formulering na.")
    expect(agent.locator("#lesson")).to_have_count(0)
    expect(agent.locator("#message")).to_have_value(MESSAGE)
    editor.goto("/")
    editor.get_by_role("link", name="Leren").click()
    fits(editor)
    editor.get_by_role("link", name=DIALECT).click()
    fits(editor)
    editor.get_by_role("button", name="Aanvaarden").click()
    expect(editor.get_by_role("status").first).to_contain_text("aanvaard")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not agent.locator("#card-fiets-gestolen").count():
        ask(agent, MESSAGE)
    expect(agent.locator("[data-card] h3").first).to_have_text("Fiets gestolen")


def test_lesson_when_escaped_or_refused_keeps_nothing(cast: dict[str, Page]) -> None:
    """Esc puts it away and gives the card back; a refusal says why, beside what was typed."""
    agent = cast["agent"]
    ask(agent, STOLEN)
    agent.keyboard.press("Escape")
    agent.keyboard.press("l")
    box = agent.get_by_label("Zo vragen mensen het")
    box.fill("bel mij op 0470 12 34 56")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#lesson [role=alert]")).to_contain_text("persoonsgegevens in: 0470 12 34 56")
    expect(box).to_be_focused()
    agent.keyboard.press("Escape")
    expect(agent.locator("#lesson")).to_have_count(0)
    expect(agent.locator("#card-fiets-gestolen")).to_be_focused()


def test_answer_when_dismissed_gives_way_to_the_next(cast: dict[str, Page]) -> None:
    """One key counts it, once, and goes on to the next answer."""
    agent, editor = cast["agent"], cast["editor"]
    ask(agent, STOLEN)
    agent.keyboard.press("Escape")
    agent.keyboard.press("p")
    expect(agent.locator("#status")).to_contain_text("Genoteerd: past niet.")
    expect(agent.locator("#card-fiets-gestolen")).not_to_have_attribute("open", "")
    expect(agent.locator("[data-card]:not(#blocks [data-card])").nth(1)).to_be_focused()
    expect(agent.locator("#card-fiets-gestolen [data-dismiss]")).to_be_disabled()
    editor.goto("/leren")
    expect(editor.get_by_role("listitem").filter(has_text="keer")).to_contain_text("Fiets gestolen Nederlands · 1 keer")
