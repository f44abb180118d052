"""The pages in a real browser: keyboard, narrow screens, pasting from Word, blanks, danger first, no script refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from served import CHROMIUM, Served, chromium, serve, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Debian's chromium is not installed"),
]
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
)
ITEM = (
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>"
    "<span style='mso-list:Ignore'>{sign}<span>&nbsp;</span></span>{text}</p>"
)
FROM_WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head><body>'
    "<!--StartFragment--><p class=MsoNormal>Doe <b>meteen</b> aangifte<o:p></o:p></p>"
    + ITEM.format(sign="1.", text="Bel ons")
    + ITEM.format(sign="2.", text='Kijk op\n<a href="https://mybike.belgium.be/">mybike</a>')
    + "<script>document.title='kwaad'</script><!--EndFragment--></body></html>"
)
PASTE = """([selector, html]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "plat");
  document.querySelector(selector).dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("pages") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


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


def test_desk_works_by_keyboard_alone(agent: Page) -> None:
    """Paste, ask, and copy the first answer without touching the mouse."""
    agent.goto("/")
    expect(agent.locator("#message")).to_be_focused()
    agent.keyboard.type("ze hebben mijn velo gestolen aan de school")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("[data-card]").first).to_be_focused()
    agent.keyboard.press("Enter")
    expect(agent.locator("#status")).to_contain_text("Gekopieerd")
    expect(agent.locator("#message")).to_be_focused()
    expect(agent.locator("#message")).to_have_value("")


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
    agent.fill("#message", "wie is de wijkagent van onze straat en hoe krijg ik die te pakken")
    agent.keyboard.press("Control+Enter")
    card = agent.locator("#card-wijkinspecteur-vinden")
    expect(card.locator(".copy")).to_be_disabled()
    for blank in card.locator("[data-blank][required]").all():
        blank.fill("Dorpstraat")
    expect(card.locator(".copy")).to_be_enabled()
    expect(card.locator(".bubble")).to_contain_text("Dorpstraat")


def test_paste_from_word_keeps_lists_and_links(validator: Page) -> None:
    """Bold, a numbered list and a link survive as Markdown; script and style do not."""
    validator.goto("/nieuw")
    validator.locator("#box-default").focus()
    validator.evaluate(PASTE, ["#box-default", FROM_WORD])
    text = validator.locator("#box-default").input_value()
    assert text == "Doe **meteen** aangifte\n\n1. Bel ons\n2. Kijk op [mybike](https://mybike.belgium.be/)"
    assert validator.title() != "kwaad"


def test_editor_shows_a_problem_while_typing(validator: Page) -> None:
    """An unknown value is named beside the box before anything is saved."""
    validator.set_viewport_size({"width": 1280, "height": 900})
    validator.goto("/fiche/fiets-gestolen/nl/bewerken")
    validator.locator("#box-default").press_sequentially(" {fact:bestaat_niet}")
    expect(validator.locator("#problems")).to_contain_text("bestaat_niet")
    validator.once("dialog", lambda dialog: dialog.accept())
    validator.goto("/fiches")
