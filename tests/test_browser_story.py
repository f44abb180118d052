"""The whole story in a real browser: a message answered, a text changed and vouched for, held, and ended."""

from __future__ import annotations

import json
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM
WORKERS = 2  # what one process took in, the other must know
MESSAGE = "amai ze hebben mijne velo meegepakt aan de fitness, waar geef ik dat aan"
HOLIDAY = "we zijn twee weken op reis, kunnen jullie een oogje in het zeil houden bij ons thuis"


@pytest.fixture(scope="module")
def cast(served: Served, browser: Browser) -> dict[str, Page]:
    return {login: sign_in(served, browser, login) for login in ("agent", "editor", "validator")}


def ask(page: Page, message: str) -> None:
    """Paste a message at the desk and wait for what it says."""
    page.goto("/")
    page.fill("#message", message)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results h2").first).to_be_visible()


def submit_change(page: Page, slug: str, sentence: str, until: str = "") -> None:
    """Change the ordinary text of an article in its form and send it for validation."""
    page.goto(f"/fiche/{slug}/nl/bewerken")
    box = page.get_by_label("Gewoon", exact=True)
    box.fill(box.input_value() + "\n\n" + sentence)
    if until:
        page.get_by_label("Geldig tot en met").fill(until)
    page.get_by_role("button", name="Bewaren en ter validatie sturen").click()
    page.wait_for_url("**/fiche/**")


def validate(page: Page, title: str) -> None:
    """Vouch for the waiting text of that title."""
    page.goto("/ter-validatie")
    waiting = page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))
    waiting.get_by_role("button", name="Valideren").click()
    page.wait_for_url("**/ter-validatie?ok=**")


def clipboard(served: Served, page: Page) -> str:
    """What the clipboard holds, read from another origin: the product's own pages may not read it."""
    other = page.context.new_page()
    other.goto(served.datasette)
    other.bring_to_front()
    text = str(other.evaluate("navigator.clipboard.readText()"))
    other.close()
    return text


def copied(served: Served, page: Page) -> str:
    """Copy the first answer; what the clipboard then holds."""
    page.locator("[data-card] .copy").first.click()
    expect(page.locator("#status")).to_contain_text("Gekopieerd")
    return clipboard(served, page)


def public_row(served: Served, table: str, slug: str) -> list[dict[str, object]]:
    """What Datasette shows of an article in one of its tables."""
    url = f"{served.datasette}/corpus/{table}.json?_shape=array&fiche={slug}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return list(json.load(answer))


def seconds_until_gone(served: Served, slug: str) -> float:
    """How long Datasette still shows an article."""
    begin = time.monotonic()
    while public_row(served, "antwoorden", slug):
        assert time.monotonic() - begin < 60
        time.sleep(0.2)
    return time.monotonic() - begin


def go_on(page: Page) -> None:
    """After hours of the demo's clock a page is locked; one key opens it."""
    page.get_by_role("button", name="Ja, ik ben").click()
    expect(page.get_by_role("button", name="Ja, ik ben")).to_be_hidden()


def assert_gone(page: Page, slug: str, title: str, message: str, state: str) -> None:
    """Nowhere offered: named with its state at the desk, absent from search, without text on its page."""
    ask(page, message)
    expect(page.locator("#results")).to_contain_text("Geen gevalideerd antwoord")
    expect(page.locator("#results")).to_contain_text(state)
    assert page.locator(f"#card-{slug}").count() == 0
    page.goto("/zoeken")
    page.get_by_role("searchbox").fill(title)
    page.keyboard.press("Enter")
    expect(page.locator("#results, main")).not_to_contain_text(f"/fiche/{slug}/nl")
    page.goto(f"/fiche/{slug}/nl")
    expect(page.locator("main")).to_contain_text("geen geldige tekst")


def test_story_from_message_to_vetted_reply(served: Served, cast: dict[str, Page]) -> None:
    """A message brings a suggestion, and copying it empties the field."""
    agent = cast["agent"]
    ask(agent, MESSAGE)
    expect(agent.locator("[data-card] h3").first).to_have_text("Fiets gestolen")
    text = copied(served, agent)
    assert text.startswith("[VOORBEELD] ")
    assert "loket" in text
    expect(agent.locator("#message")).to_have_value("")


def test_story_from_edit_to_new_text_within_a_second(served: Served, cast: dict[str, Page]) -> None:
    """A changed text is offered once a second person vouched for it, and not before."""
    sentence = "Neem een foto van het slot mee."
    submit_change(cast["editor"], "fiets-gestolen", sentence)
    ask(cast["agent"], MESSAGE)
    assert sentence not in copied(served, cast["agent"])
    cast["editor"].goto("/ter-validatie")
    assert cast["editor"].get_by_role("button", name="Valideren").count() == 0
    cast["validator"].goto("/ter-validatie")
    expect(cast["validator"].locator("ins").filter(has_text="Neem een foto").first).to_be_visible()
    validate(cast["validator"], "Fiets gestolen")
    begin = time.monotonic()
    ask(cast["agent"], MESSAGE)
    assert sentence in copied(served, cast["agent"])
    assert time.monotonic() - begin < 10


def test_story_hold_takes_an_answer_out_everywhere(served: Served, cast: dict[str, Page]) -> None:
    """A held answer is gone from desk, search, page, open copy keys and Datasette, and stays in history."""
    agent, validator = cast["agent"], cast["validator"]
    ask(agent, MESSAGE)
    validator.goto("/fiche/fiets-gestolen/nl")
    move = validator.locator("details.move").filter(has_text="Opschorten")
    move.locator("summary").click()
    move.get_by_role("textbox").fill("Het adres klopt niet meer.")
    move.get_by_role("button").click()
    validator.wait_for_url("**ok=hold**")
    before = clipboard(served, agent)
    agent.locator("[data-card] .copy").first.click()
    expect(agent.locator("#status")).to_contain_text("geen gevalideerde tekst")
    assert clipboard(served, agent) == before
    assert_gone(agent, "fiets-gestolen", "Fiets gestolen", MESSAGE, "opgeschort")
    assert seconds_until_gone(served, "fiets-gestolen") < 60
    assert public_row(served, "geschiedenis", "fiets-gestolen")


def test_story_end_of_period_takes_an_answer_out_at_once(served: Served, cast: dict[str, Page]) -> None:
    """When its period ends an answer is gone without any job, also from a page that was open, and stays in history."""
    soon = datetime.now(UTC).astimezone(ZoneInfo("Europe/Brussels")) + timedelta(hours=1)
    submit_change(cast["editor"], "vakantietoezicht", "Tot straks.", f"{soon:%Y-%m-%d %H:%M}")
    validate(cast["validator"], "Vakantietoezicht aanvragen")
    agent = cast["agent"]
    ask(agent, HOLIDAY)
    expect(agent.locator("[data-card] h3").first).to_have_text("Vakantietoezicht aanvragen")
    served.kb("clock", "2h")
    agent.locator("[data-card] .copy").first.click()
    go_on(agent)
    for page in (cast["editor"], cast["validator"]):
        page.goto("/fiches")
        go_on(page)
    expect(agent.locator("#status")).to_contain_text("geen gevalideerde tekst")
    assert_gone(agent, "vakantietoezicht", "Vakantietoezicht", HOLIDAY, "vervallen")
    assert seconds_until_gone(served, "vakantietoezicht") < 60
    assert public_row(served, "geschiedenis", "vakantietoezicht")
    expect(agent.locator("main")).to_contain_text("vervallen")


def test_danger_comes_first_when_no_article_is_live(served: Served, cast: dict[str, Page]) -> None:
    """The numbers stand above everything although the article that should say them is on hold."""
    validator = cast["validator"]
    validator.goto("/fiche/noodnummers-101-112/nl")
    move = validator.locator("details.move").filter(has_text="Opschorten")
    move.locator("summary").click()
    move.get_by_role("textbox").fill("Proef.")
    move.get_by_role("button").click()
    validator.wait_for_url("**ok=hold**")
    ask(cast["agent"], "help er staat nu een man met een mes in mijn keuken")
    notice = cast["agent"].locator("#danger")
    expect(notice).to_contain_text("101")
    expect(notice).to_contain_text("112")
