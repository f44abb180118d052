"""The desk in a real browser: what kind of message it is, what it gives away, and the blocks, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from homes import copy_home
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, serve, sign_in

pytestmark = NEEDS_CHROMIUM
THANKS = "jullie zijn helden, petje af"
TELLING = "Mijn rekening is BE68 5390 0754 7034, mijn fiets is gestolen"


@pytest.fixture(scope="module")
def vouched(demo_master: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo in which every example text is vouched for."""
    home = copy_home(demo_master, tmp_path_factory.mktemp("vouched") / "home")
    with serve(home) as running:
        yield running


@pytest.fixture(scope="module")
def agent(vouched: Served, browser: Browser) -> Page:
    """An agent who complains about nothing."""
    page = sign_in(vouched, browser, "agent")
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None)
    return page


def ask(page: Page, message: str, channel: str = "facebook") -> None:
    """Type a message at the desk, by keyboard, and wait for what it says."""
    page.goto("/")
    page.check(f"#channel-{channel}", force=True)
    page.fill("#message", message)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results .spoken")).to_be_visible()


def test_block_when_it_is_reached_by_one_key_is_copied(agent: Page) -> None:
    """`b` opens the blocks and goes to the first, which Enter copies; the kind is told with the words that decided."""
    ask(agent, THANKS)
    expect(agent.locator("details.kind")).to_contain_text("Compliment")
    expect(agent.locator("details.kind")).to_contain_text("petje")
    expect(agent.get_by_role("status").filter(has_text="Compliment. Bouwstenen")).to_have_count(1)
    agent.keyboard.press("Escape")
    agent.keyboard.press("b")
    expect(agent.locator("#card-bouwsteen-compliment")).to_be_focused()
    agent.keyboard.press("Enter")
    expect(agent.locator("#message")).to_have_value("")
    agent.keyboard.press("Control+v")
    expect(agent.locator("#message")).to_have_value(re.compile("Wat fijn om te lezen"))


def test_question_when_asked_keeps_its_blocks_closed_and_out_of_the_way(agent: Page) -> None:
    """A question shows its answers; the steps from card to card pass the closed group by."""
    ask(agent, "mijn fiets is gestolen")
    expect(agent.locator("details.kind")).not_to_have_attribute("open", "")
    expect(agent.locator("#blocks")).not_to_have_attribute("open", "")
    first = agent.locator("#results [data-card]").first
    expect(first).to_have_id("card-fiets-gestolen")
    agent.evaluate("document.querySelector('#card-fiets-gestolen').focus()")
    for _ in range(8):
        agent.keyboard.press("j")
        assert not agent.evaluate("Boolean(document.activeElement.closest('#blocks'))")


def test_personal_data_when_public_warns_and_hands_the_block(agent: Page) -> None:
    """In public the warning names what everybody reads and leads to the block; in a direct message it is silent."""
    ask(agent, TELLING)
    warning = agent.locator(".kind-personal")
    expect(warning).to_contain_text("Iedereen kan dit lezen: rekeningnummer.")
    warning.get_by_role("link").click()
    block = agent.locator("#card-bouwsteen-naar-privebericht")
    expect(block).to_be_focused()
    expect(block).to_contain_text("We helpen je graag verder in een privébericht")
    agent.set_viewport_size({"width": 320, "height": 700})
    assert agent.evaluate("document.documentElement.scrollWidth") <= 320
    agent.set_viewport_size({"width": 1280, "height": 900})
    ask(agent, TELLING, "messenger")
    expect(warning).to_have_count(0)
    expect(block).to_have_count(0)


def test_hashtag_when_it_only_names_us_says_so_first(agent: Page) -> None:
    """A message that is not to us says what was agreed, and its kind keeps quiet."""
    ask(agent, "#pzwilgenrijk pure geldklopperij", "x")
    expect(agent.locator(".kind-elsewhere")).to_contain_text("Lijkt niet aan ons gericht")
    expect(agent.locator(".kind-elsewhere")).to_contain_text("antwoord niet")
    expect(agent.locator("details.kind")).not_to_have_attribute("open", "")


def test_register_when_changed_by_form_waits_for_who_vouches(vouched: Served, browser: Browser) -> None:
    """An editor reads what was agreed, changes the text, and finds it waiting; a wrong one says on which line."""
    editor = sign_in(vouched, browser, "editor")
    editor.goto("/soorten")
    expect(editor.get_by_role("heading", name="Klacht over onze dienst")).to_be_visible()
    editor.get_by_role("link", name="Tekst wijzigen").click()
    box = editor.get_by_label("Tekst", exact=True)
    text = box.input_value()
    box.fill(text + '[[kind]]\nkind = "gossip"\n')
    editor.get_by_role("button", name="Bewaren als concept").click()
    expect(editor.get_by_role("alert")).to_contain_text("gossip")
    box.fill(text + '\n[[example]]\ntext = "petje af"\nexpect = "compliment"\n')
    editor.get_by_role("button", name="Bewaren en ter validatie sturen").click()
    expect(editor.locator("main")).to_contain_text("ter validatie")
    editor.set_viewport_size({"width": 320, "height": 700})
    assert editor.evaluate("document.documentElement.scrollWidth") <= 320
