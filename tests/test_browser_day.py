"""A day answer in a real browser: written by keyboard at the desk, vouched for on a phone without signing in."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM
TITLE = "Stroompanne in de Bloemenwijk"
SAID = "De stroom is weg in de Bloemenwijk. De netbeheerder herstelt; we weten nog niet tot wanneer."
PHONE = {"width": 320, "height": 640}


def fits(page: Page) -> None:
    """Nothing scrolls sideways at 320 pixels."""
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def written(agent: Page) -> str:
    """Write a day answer by keyboard alone, from the desk; returns the link."""
    agent.goto("/")
    agent.keyboard.press("Escape")
    agent.evaluate("document.activeElement.blur()")
    agent.keyboard.press("d")
    box = agent.get_by_label("Waarover gaat het?")
    expect(box).to_be_focused()
    agent.keyboard.type(TITLE)
    agent.keyboard.press("Tab")
    agent.keyboard.type(SAID)
    agent.keyboard.press("Tab")
    agent.keyboard.type("telefoon van de dispatching")
    expect(agent.get_by_label("Wie leest het na?")).to_have_value("validator")
    agent.get_by_role("button", name="Maak de link", exact=True).first.press("Enter")
    expect(agent.get_by_role("button", name="Kopieer de link")).to_be_focused()
    agent.keyboard.press("Enter")
    expect(agent.locator("#status")).to_contain_text("Gekopieerd.")
    return agent.get_by_label("De link").input_value().strip()


def on_a_phone(browser: Browser) -> Page:
    """A phone that nobody signed in on."""
    page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None)
    return page


def test_story_from_a_lone_agent_to_every_desk(served: Served, browser: Browser) -> None:
    """Written at the desk, read and tapped on a phone, and there for the colleagues; the link works once."""
    agent = sign_in(served, browser, "agent")
    link = written(agent)
    phone = on_a_phone(browser)
    phone.goto(link)
    expect(phone.get_by_role("heading", name="Klopt dit antwoord?")).to_be_visible()
    expect(phone.get_by_text(SAID)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    key = phone.get_by_role("button", name="Klopt", exact=True)
    assert (key.bounding_box() or {})["height"] >= 60
    key.tap()
    expect(phone.get_by_text("Dit antwoord staat nu bij alle collega’s")).to_be_visible()

    agent.goto("/")
    expect(agent.locator(".day-now").get_by_role("link", name=TITLE)).to_be_visible()
    deadline = time.monotonic() + 60
    while not agent.locator("[id^=card-dag-]").count():
        assert time.monotonic() < deadline
        agent.goto("/")
        agent.fill("#message", "is er een stroompanne in de bloemenwijk?")
        agent.keyboard.press("Control+Enter")
        expect(agent.locator("#results h2").first).to_be_visible()
    phone.goto(link)
    expect(phone.get_by_role("heading", name="Over deze tekst is al beslist")).to_be_visible()
    agent.goto("/dagantwoord")
    fits(agent)


def test_text_when_it_does_not_hold_goes_back_by_phone(served: Served, browser: Browser) -> None:
    """With a note, typed in a box as wide as the phone."""
    agent = sign_in(served, browser, "agent")
    link = written(agent)
    phone = on_a_phone(browser)
    phone.goto(link)
    phone.locator("summary").tap()
    phone.get_by_label("Wat klopt er niet?").fill("Het is de Rozenwijk.")
    phone.get_by_role("button", name="Stuur terug").tap()
    expect(phone.get_by_text("De tekst gaat terug met je notitie.")).to_be_visible()

    agent.goto("/dagantwoord")
    expect(agent.get_by_text("Het is de Rozenwijk.")).to_be_visible()
