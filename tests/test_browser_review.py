"""Ten minutes of a validator, by keyboard alone, on a narrow screen."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def press(page: Page, key: str) -> None:
    """A key, once the page's scripts are there to hear it."""
    page.wait_for_load_state("networkidle")
    page.keyboard.press(key)


def test_validator_when_only_typing_reads_notes_skips_and_signs(served: Served, browser: Browser) -> None:
    """n leaves a text for later, x opens a note that Escape closes again, v signs and brings the next."""
    page = sign_in(served, browser, "validator", width=320)
    page.goto("/te-valideren")
    title = page.locator("#review-title")
    first = title.inner_text()
    assert fits(page)
    press(page, "n")
    expect(title).not_to_have_text(first)
    second = title.inner_text()
    press(page, "x")
    note = page.locator("#note-wrong")
    expect(note).to_be_focused()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    press(page, "x")
    page.keyboard.type("De bron zegt iets anders.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".done")).to_contain_text("eruggestuurd")
    expect(page.get_by_text(second, exact=True)).to_have_count(0)
    while page.locator("[data-sign]").count():
        count = page.locator("h1 .count").inner_text()
        press(page, "v")
        expect(page.locator("h1")).not_to_contain_text(count)
    expect(page.locator(".empty")).to_contain_text("Alles is nagekeken.")


def test_owner_when_going_down_the_list_confirms_a_line_by_one_key(served: Served, browser: Browser) -> None:
    """j goes to the next line, v says that it still holds; the page says so and stays where it was."""
    page = sign_in(served, browser, "validator", width=320)
    page.goto("/te-herzien?dagen=365")
    lines = page.locator("[data-line]")
    expect(lines.first).to_be_focused()
    assert fits(page)
    press(page, "j")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(lines.nth(1).locator("[type=checkbox]")).to_be_checked()
    page.keyboard.press("v")
    expect(page.locator(".done")).to_contain_text("1 tekst bevestigd: klopt nog.")
