"""The danger notice in a real browser: first, dialled, by keyboard, narrow, and noted as false alarm."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM
KNIFE = "Help, er staat nu iemand met een mes aan onze deur!"
THREAT = "zeg aan de burgemeester dat ik weet waar hij woont en dat hij maandag dood is"


@pytest.fixture(scope="module")
def agent(served: Served, browser: Browser) -> Page:
    """An agent's browser that complains about nothing."""
    page = sign_in(served, browser, "agent")
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None)
    return page


def ask(page: Page, message: str) -> None:
    """Type a message at the desk and wait for the notice."""
    page.goto("/")
    page.fill("#message", message)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#danger h2")).to_be_visible()


def test_notice_stands_first_dials_and_fits_a_narrow_screen(agent: Page) -> None:
    """Words, numbers that dial, who is told and the steps stand above the message; nothing scrolls sideways."""
    ask(agent, KNIFE)
    notice = agent.locator("#danger .danger")

    expect(notice.locator(".chip.alarm").filter(has_text="mes")).to_be_visible()
    expect(notice.locator("a[href='tel:101']")).to_be_visible()
    expect(notice.locator("a[href='tel:030000014']")).to_contain_text("Shiftleider")
    expect(notice.locator(".danger-steps li").first).to_be_visible()
    expect(notice.locator(".copy")).to_be_focused()
    top = agent.evaluate("['#danger', '#ask'].map((id) => document.querySelector(id).getBoundingClientRect().top)")
    assert top[0] < top[1]
    agent.set_viewport_size({"width": 320, "height": 700})
    assert agent.evaluate("document.documentElement.scrollWidth") <= 320
    assert agent.evaluate("[...document.querySelectorAll('.danger a[href^=tel]')].every((a) => a.offsetHeight >= 44)")
    agent.set_viewport_size({"width": 1280, "height": 900})


def test_notice_when_the_act_is_not_to_reply_has_nothing_to_copy(agent: Page) -> None:
    """Enter copies nothing; the notice says not to answer, and the focus is on it."""
    ask(agent, THREAT)

    expect(agent.locator("#danger .danger")).to_be_focused()
    expect(agent.locator("#danger .copy")).to_have_count(0)
    expect(agent.locator("#danger .danger-act")).to_contain_text("Antwoord niet")
    agent.keyboard.press("Enter")
    expect(agent.locator("#message")).to_have_value(THREAT)


def test_false_alarm_when_noted_by_keyboard_is_shown_first(agent: Page) -> None:
    """One key shows what would be kept; Ctrl+Enter keeps it; the message stays on the desk."""
    ask(agent, KNIFE)
    agent.keyboard.press("v")
    box = agent.get_by_label("Dit wordt bewaard")
    expect(box).to_be_focused()
    expect(box).to_have_value(KNIFE)
    agent.keyboard.press("Control+Enter")

    expect(agent.locator("#status")).to_contain_text("Bewaard als vals alarm")
    expect(agent.locator("#lesson")).to_have_count(0)
    expect(agent.locator("#message")).to_have_value(KNIFE)
