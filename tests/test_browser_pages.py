"""The pages in a real browser: narrow screens, no script refused, danger first, blanks, problems while typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM
PAGES = (
    "/",
    "/zoeken",
    "/fiches",
    "/nieuw",
    "/ter-validatie",
    "/fiche/fiets-gestolen/nl",
    "/fiche/fiets-gestolen/nl/bewerken",
    "/fiche/fiets-gestolen/nl/versie/1",
    "/vragen/fiets-gestolen",
    "/synoniemen",
    "/synoniemen/groep",
    "/sturing",
    "/vaste-waarden",
    "/vaste-waarden/waarde?naam=zone_hours",
    "/invloed?soort=fact&naam=zone_phone",
    "/sturing/regel?fiche=fiets-gestolen",
)


@pytest.fixture(scope="module")
def agent(served: Served, browser: Browser) -> Page:
    return sign_in(served, browser, "agent")


@pytest.fixture(scope="module")
def validator(served: Served, browser: Browser) -> Page:
    return sign_in(served, browser, "validator")


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_when_the_screen_is_narrow(validator: Page, path: str) -> None:
    """No page scrolls sideways at 320 pixels."""
    validator.set_viewport_size({"width": 320, "height": 700})
    validator.goto(path)
    assert validator.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_page_runs_without_complaint_under_its_own_policy(validator: Page, path: str) -> None:
    """No page logs an error, and nothing on it was refused by its content policy."""
    complaints: list[str] = []
    validator.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    validator.on("pageerror", lambda error: complaints.append(str(error)))
    validator.goto(path)
    validator.wait_for_load_state("networkidle")
    assert complaints == []


def test_language_of_the_message_is_put_right_by_keyboard(agent: Page) -> None:
    """`t` goes to the language that was heard; what is chosen there counts for this message, not for the next."""
    agent.goto("/")
    agent.fill("#message", "mijn fiets is gestolen")
    agent.keyboard.press("Control+Enter")
    heard = agent.locator("select[name=spoken]")
    expect(heard.locator("option").first).to_have_text("Nederlands (herkend)")
    expect(agent.locator("[data-card] [data-personal]").first).to_be_focused()
    agent.keyboard.press("Escape")
    agent.keyboard.press("t")
    expect(heard).to_be_focused()
    with agent.expect_response(lambda answer: answer.request.method == "POST") as sent:
        heard.select_option("fr")
    assert "spoken=fr" in (sent.value.request.post_data or "")
    expect(agent.locator("option[value=fr][selected]")).to_have_count(1)
    expect(heard).to_be_focused()
    agent.focus("#message")
    agent.keyboard.type("!")
    expect(heard).to_have_value("")


def test_message_field_hands_nothing_to_the_browser(agent: Page) -> None:
    """Spell check services, autocompletion and translation are off where a citizen's words stand."""
    agent.goto("/")
    field = agent.locator("#message")
    expect(field).to_have_attribute("spellcheck", "false")
    expect(field).to_have_attribute("autocomplete", "off")
    expect(field).to_have_attribute("translate", "no")


def test_danger_has_the_focus_and_its_reply_is_the_one_copied(served: Served, agent: Page) -> None:
    """With danger, Enter copies what must go out first, not the answer under it."""
    agent.goto("/")
    agent.fill("#message", "help er breekt nu iemand in bij de buren. En hoe betaal ik mijn boete?")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#danger .copy")).to_be_focused()
    agent.keyboard.press("Enter")
    expect(agent.locator("#status")).to_contain_text("Gekopieerd")
    lines = served.kb("journal", "verify")
    assert "in order" in lines


def test_open_blank_blocks_copying_until_it_is_filled(agent: Page) -> None:
    """The copy key is off while a blank is open, and on once it is filled in."""
    agent.goto("/")
    agent.get_by_text("Messenger").click()
    agent.fill("#message", "wie is de wijkinspecteur van onze straat")
    agent.keyboard.press("Control+Enter")
    card = agent.locator("#card-wijkinspecteur-vinden")
    expect(card.locator(".copy")).to_be_disabled()
    for blank in card.locator("[data-blank][required]").all():
        blank.fill("Dorpstraat")
    expect(card.locator(".copy")).to_be_enabled()
    expect(card.locator(".bubble")).to_contain_text("Dorpstraat")


def test_editor_shows_a_problem_while_typing(validator: Page) -> None:
    """An unknown value is named beside the box before anything is saved."""
    validator.set_viewport_size({"width": 1280, "height": 900})
    validator.goto("/fiche/fiets-gestolen/nl/bewerken")
    validator.locator("#box-default").press_sequentially(" {fact:bestaat_niet}")
    expect(validator.locator("#problems")).to_contain_text("bestaat_niet")
    validator.once("dialog", lambda dialog: dialog.accept())
    validator.goto("/fiches")
