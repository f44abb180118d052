"""The lock and the fresh proof in a real browser: what was typed stays, by keyboard, also on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in
from web_app import engine_of
from werkzeug.serving import make_server

from kbengine.history import Role
from kbengine.journal import create, passwords
from kbengine.settings import Settings
from web import create_app

pytestmark = NEEDS_CHROMIUM

MESSAGE = "mijn fiets is gestolen aan het station, wat nu?"
PASSWORD = "drie natte paraplu's"
SEEN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def agent(served: Served, browser: Browser) -> Iterator[Page]:
    """An agent on a phone's width."""
    page = sign_in(served, browser, "agent", width=320)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    yield page
    page.context.close()


def test_lock_when_an_agent_was_away_keeps_what_they_typed(served: Served, agent: Page) -> None:
    """The desk's text waits under the lock, Escape does not lift it, one key does, and it is asked after all."""
    agent.fill("#message", MESSAGE)
    served.kb("clock", "31m")
    agent.keyboard.press("Control+Enter")
    lock = agent.locator("#lock")
    expect(lock).to_be_visible()
    expect(lock.get_by_role("heading", name="Vergrendeld", exact=True)).to_be_visible()
    for _ in range(3):
        agent.keyboard.press("Escape")
    expect(lock).to_be_visible()
    assert agent.evaluate("document.documentElement.scrollWidth") <= 320
    lock.get_by_role("button", name="Ja, ik ben").focus()
    agent.keyboard.press("Enter")
    expect(lock).to_be_hidden()
    expect(agent.locator("#card-fiets-gestolen")).to_be_visible()

    assert agent.input_value("#message") == MESSAGE


def test_lock_when_set_in_one_window_holds_in_the_other(served: Served, agent: Page) -> None:
    """Whoever leaves locks every window at once, and opens them all."""
    other = agent.context.new_page()
    other.goto("/")
    other.fill("#message", MESSAGE)
    agent.get_by_role("button", name="Vergrendelen").click()
    expect(agent.locator("#lock")).to_be_visible()
    other.evaluate(SEEN_AGAIN)
    expect(other.locator("#lock")).to_be_visible()
    agent.keyboard.press("Enter")
    expect(agent.locator("#lock")).to_be_hidden()
    other.evaluate(SEEN_AGAIN)
    expect(other.locator("#lock")).to_be_hidden()

    assert other.input_value("#message") == MESSAGE


def test_session_when_over_leaves_the_page_as_it_was(served: Served, agent: Page) -> None:
    """After a shift one signs in again in another window, comes back, and goes on with the same text."""
    agent.fill("#message", MESSAGE)
    served.kb("clock", "13h")
    agent.keyboard.press("Control+Enter")
    lock = agent.locator("#lock")
    expect(lock.get_by_role("heading", name="Je sessie is voorbij", exact=True)).to_be_visible()
    other = agent.context.new_page()
    other.goto(served.kb("people", "link", "agent"))
    other.wait_for_url(served.url + "/")
    lock.get_by_role("button", name="Verder").click()
    expect(lock).to_be_hidden()
    expect(agent.locator("#card-fiets-gestolen")).to_be_visible()

    assert agent.input_value("#message") == MESSAGE


def test_validating_when_the_last_proof_is_old_goes_on_after_one_key(served: Served, browser: Browser) -> None:
    """A quarter of an hour later the decision waits on a page of its own, is confirmed by one key, and is made."""
    page = sign_in(served, browser, "validator", width=320)
    page.goto("/ter-validatie")
    before = int(page.locator("h1 .count").inner_text())
    served.kb("clock", "16m")
    page.get_by_role("button", name="Valideren").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Toon dat jij het bent")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.get_by_role("button", name="Ja, ik ben")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("gevalideerd")

    assert int(page.locator("h1 .count").inner_text()) == before - 1
    page.context.close()


@pytest.fixture
def newcomer(tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A browser at the link of somebody new in a real store, served by this very process."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    store = create(tmp_path / "home" / "store", demo=False)
    link = store.accounts.new_link(store.accounts.add("eve", "Eve Claes", frozenset({Role.EDITOR})))
    store.close()
    app = create_app(Settings(home=tmp_path / "home"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_context(
        viewport={"width": 320, "height": 900}, base_url=f"http://127.0.0.1:{server.port}"
    ).new_page()
    page.goto(f"/in/{link}")
    yield page
    page.context.close()
    server.shutdown()
    server.server_close()
    engine_of(app).close()


# A browser that leaves a page before its style sheet came leaves the file to this process to clear away.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.FileIO name=.*static:pytest.PytestUnraisableExceptionWarning"
)
def test_password_when_asked_is_typed_at_once(newcomer: Page) -> None:
    """The field has the focus, over the page and on the page of its own; a wrong password says so and opens nothing."""
    newcomer.fill("#new", PASSWORD)
    newcomer.fill("#again", PASSWORD)
    newcomer.keyboard.press("Enter")
    newcomer.wait_for_url("**/")
    newcomer.goto("/mijn-account")
    newcomer.fill("#label", "rapport op maandag")
    newcomer.get_by_role("button", name="Vergrendelen").click()
    for typed in ("een ander woord", PASSWORD):
        expect(newcomer.locator("#lock-proof")).to_be_focused()
        newcomer.keyboard.type(typed)
        newcomer.keyboard.press("Enter")
        if typed != PASSWORD:
            expect(newcomer.locator("#lock [role=alert]")).to_contain_text("klopt niet")
    expect(newcomer.locator("#lock")).to_be_hidden()
    assert newcomer.input_value("#label") == "rapport op maandag"

    newcomer.get_by_role("button", name="Vergrendelen").click()
    expect(newcomer.locator("#lock")).to_be_visible()
    newcomer.reload()
    expect(newcomer.locator("#proof")).to_be_focused()
    newcomer.keyboard.type(PASSWORD)
    newcomer.keyboard.press("Enter")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Mijn account")
