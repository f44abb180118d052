"""Composing in a real browser: the own sentence, blanks that stay, the changed text, parts, and copying by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from homes import copy_home
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, serve, sign_in

pytestmark = NEEDS_CHROMIUM

MESSAGE = "mijn fiets is gestolen"
OFFICER = "wie is mijn wijkinspecteur"
SELECT = """([from, to]) => {
  const text = document.querySelector("[data-card][open] .bubble").firstChild;
  getSelection().setBaseAndExtent(text, from, text, to);
}"""


@pytest.fixture(scope="module")
def running(demo_master: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo whose policy is vouched for as it stands in kb/."""
    home = copy_home(demo_master, tmp_path_factory.mktemp("reply") / "home")
    with serve(home) as served:
        yield served


@pytest.fixture
def agent(running: Served, browser: Browser) -> Iterator[Page]:
    page = sign_in(running, browser, "agent")
    yield page
    page.context.close()


def ask(page: Page, message: str, channel: str = "facebook") -> None:
    """Ask the desk, and wait until the own sentence has the focus."""
    page.locator(f"label[for=channel-{channel}]").click()
    page.fill("#message", message)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Control+Enter")
    expect(page.locator("[data-card][open] [data-personal]").first).to_be_focused()


def clipboard(served: Served, page: Page) -> str:
    """What the clipboard holds, read from another origin: the product's own pages may not read it."""
    other = page.context.new_page()
    other.goto(served.datasette)
    other.bring_to_front()
    text = str(other.evaluate("navigator.clipboard.readText()"))
    other.close()
    page.bring_to_front()
    return text


def test_sentence_when_typed_goes_along_with_one_key(running: Served, agent: Page) -> None:
    """Paste, type a sentence, Enter: all of it is on the clipboard, and one key takes it back."""
    ask(agent, MESSAGE)
    agent.keyboard.type("Vervelend dat je fiets weg is.")
    expect(agent.locator("[data-card][open] .bubble")).to_contain_text("Vervelend")
    expect(agent.locator("[data-card][open] .copy")).to_be_enabled()
    agent.keyboard.press("Enter")
    expect(agent.locator("#status")).to_have_text("Gekopieerd voor Facebook-reactie.")

    assert clipboard(running, agent).startswith(
        "[VOORBEELD] Dag,\n\nVervelend dat je fiets weg is.\n\nGeef de diefstal"
    )
    expect(agent.locator("#taken")).to_be_visible()
    agent.evaluate("document.activeElement.blur()")
    agent.keyboard.press("n")
    expect(agent.locator("#status")).to_have_text("Genoteerd: niet gebruikt.")
    expect(agent.locator("#taken")).to_be_hidden()


def test_blanks_when_filled_in_stay_with_the_message(agent: Page) -> None:
    """An open place keeps the key shut and takes the focus; what was filled in outlives a change of channel."""
    ask(agent, OFFICER, "messenger")
    card = agent.locator("[data-card][open]").first
    agent.keyboard.press("Enter")
    expect(card.get_by_label("Straat")).to_be_focused()
    expect(agent.locator("#status")).to_contain_text("Vul eerst in: Straat")
    card.get_by_label("Straat").fill("Kerkstraat")
    card.get_by_label("Voornaam").fill("Noor")
    agent.locator("label[for=channel-whatsapp]").click()
    card = agent.locator("[data-card][open]").first

    expect(card.get_by_label("Straat")).to_have_value("Kerkstraat")
    expect(card.locator(".bubble")).to_contain_text("Dag Noor, voor de Kerkstraat in [gemeente]")


def test_text_when_changed_by_hand_needs_a_second_press(running: Served, agent: Page) -> None:
    """F2 opens the text; a changed number is shown, and the key copies only when it is pressed again."""
    ask(agent, MESSAGE)
    agent.keyboard.press("F2")
    box = agent.locator("[data-text]")
    expect(box).to_be_focused()
    box.fill(box.input_value().replace("101", "102"))
    expect(agent.locator(".differences ins")).to_have_text("102")
    key = agent.locator("[data-card][open] .copy")
    key.click()
    expect(agent.locator(".asked")).to_contain_text("wijkt af")
    expect(key).to_be_focused()
    expect(key).to_contain_text("Kopieer toch voor Facebook-reactie, openbaar")
    agent.keyboard.press("Enter")
    expect(agent.locator("#status")).to_contain_text("Gekopieerd")

    assert "Bel 102." in clipboard(running, agent)


def test_vetted_text_when_wanted_back_comes_by_the_same_key(agent: Page) -> None:
    """What was changed is gone, and the own sentence has the focus again."""
    ask(agent, MESSAGE)
    agent.keyboard.press("F2")
    agent.locator("[data-text]").fill("Iets anders.")
    expect(agent.locator("[data-card][open] .copy")).to_be_enabled()
    agent.keyboard.press("F2")

    expect(agent.locator("[data-card][open] [data-personal]")).to_be_focused()
    expect(agent.locator("[data-card][open] .bubble")).to_contain_text("Geef de diefstal van je fiets aan")


def test_selection_when_copied_passes_the_gate(running: Served, agent: Page) -> None:
    """A piece that leaves a link out is refused once, with the reason; the whole text goes at once."""
    ask(agent, MESSAGE)
    agent.evaluate("navigator.clipboard.writeText('niets')")
    agent.evaluate(SELECT, [18, 60])
    agent.keyboard.press("Control+C")
    expect(agent.locator("#status")).to_contain_text("wijkt af van de gevalideerde")
    assert clipboard(running, agent) == "niets"
    agent.evaluate(SELECT, [18, 60])
    agent.keyboard.press("Control+C")
    expect(agent.locator("#status")).to_contain_text("Selectie gekopieerd")

    assert clipboard(running, agent).startswith("[VOORBEELD] ")


def test_selection_when_a_place_is_open_is_not_copied(running: Served, agent: Page) -> None:
    """What is not ready is not put on the clipboard, whichever way it is copied."""
    ask(agent, OFFICER, "messenger")
    agent.evaluate("navigator.clipboard.writeText('niets')")
    agent.evaluate("getSelection().selectAllChildren(document.querySelector('[data-card][open] .bubble'))")
    agent.keyboard.press("Control+C")
    expect(agent.locator("#status")).to_contain_text("Vul eerst in")

    assert clipboard(running, agent) == "niets"


def test_aid_when_copied_by_hand_is_refused(running: Served, agent: Page) -> None:
    """A translation that is only for reading stays on the page; beside it the Dutch answer is ready."""
    agent.locator("select[name=lang]").select_option("en")
    ask(agent, MESSAGE)
    agent.evaluate("navigator.clipboard.writeText('niets')")
    expect(agent.locator(".aid").first).to_contain_text("Leeshulp, niet versturen")
    agent.evaluate("getSelection().selectAllChildren(document.querySelector('[data-no-copy]'))")
    agent.evaluate("document.execCommand('copy')")
    expect(agent.locator("#status")).to_contain_text("leeshulp")

    assert clipboard(running, agent) == "niets"


def test_parts_when_copied_lead_to_the_next(agent: Page) -> None:
    """Each part has its own key; after one the next has the focus, and after the last the message is done."""
    ask(agent, MESSAGE, "x")
    agent.keyboard.press("F2")
    box = agent.locator("[data-text]")
    box.fill(box.input_value() + " Dit is een zin erbij." * 6)
    keys = agent.locator("[data-card][open] .copy")
    expect(keys).to_have_count(2)
    keys.first.click()
    expect(agent.locator("#status")).to_contain_text("Deel 1 van 2 gekopieerd voor X.")
    expect(keys.nth(1)).to_be_focused()
    agent.keyboard.press("Enter")

    expect(agent.locator("#status")).to_contain_text("Deel 2 van 2")
    expect(agent.locator("#message")).to_have_value("")


def test_reply_when_narrow_fits_the_screen(running: Served, browser: Browser) -> None:
    """At 320 pixels nothing stands outside the screen, and the key is in sight under a long answer."""
    page = sign_in(running, browser, "agent", width=320)
    ask(page, MESSAGE)
    page.locator("[data-card][open] .bubble").scroll_into_view_if_needed()

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    expect(page.locator("[data-card][open] .copy")).to_be_in_viewport()
    page.context.close()


def test_reply_when_scripts_are_off_is_composed_and_copied(running: Served, browser: Browser) -> None:
    """Name, changed text and a second press, by plain forms."""
    context = browser.new_context(java_script_enabled=False, base_url=running.url)
    page = context.new_page()
    page.goto(running.kb("people", "link", "agent"))
    page.get_by_role("button", name="Aanmelden als").click()
    page.fill("#message", MESSAGE)
    page.get_by_role("button", name="Zoek antwoord").click()
    page.get_by_label("Voornaam").first.fill("Noor")
    page.get_by_role("button", name="Tekst aanpassen").first.click()
    box = page.get_by_label("Pas de tekst aan")
    box.fill(box.input_value().replace("101", "102"))
    page.locator(".copy").click()
    page.get_by_role("button", name="Kopieer toch").click()

    assert page.locator("#text").input_value().startswith("[VOORBEELD] Dag Noor,")
    page.get_by_role("button", name="Niet gebruikt").click()
    expect(page.locator("h1")).to_have_text("Niet gebruikt")
    context.close()
