"""Two people at once in a real browser: what was typed is still there, and the pages fit a narrow screen."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM
FORM = "/vragen/fiets-gestolen"


def test_list_when_the_session_ended_is_saved_after_signing_in_again(served: Served, browser: Browser) -> None:
    """The page holds the text; once its writer has signed in elsewhere in the browser, two presses save it."""
    page = sign_in(served, browser, "editor")
    page.goto(FORM)
    typed = page.locator("#text").input_value().replace("]", '"velo foetsie",\n]', 1)
    page.fill("#text", typed)
    page.context.clear_cookies()
    page.get_by_role("button", name="Bewaren als concept").click()
    expect(page.get_by_role("heading", name="Je tekst staat hier nog")).to_be_visible()
    expect(page.get_by_label("Tekst")).to_have_value(typed.rstrip("\n") + "\n")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    other = page.context.new_page()
    other.goto(served.kb("people", "link", "editor"))
    other.wait_for_url(served.url + "/")
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_text("Je bent weer aangemeld.")).to_be_visible()
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url("**/fiche/fiets-gestolen/nl?ok=save")


def test_list_when_somebody_was_first_stands_beside_the_other_and_fits(served: Served, browser: Browser) -> None:
    """Who was first and both texts, on a wide screen beside each other, on a narrow one below each other."""
    editor, validator = (sign_in(served, browser, login) for login in ("editor", "validator"))
    for page in (editor, validator):
        page.goto(FORM)
    for page, words in ((validator, "hun velo"), (editor, "mijne velo")):
        box = page.locator("#text")
        box.fill(box.input_value().replace("]", f'"{words}",\n]', 1))
        page.get_by_role("button", name="Bewaren als concept").click()
    expect(editor.get_by_role("alert")).to_contain_text("Validator (voorbeeld) bewaarde op")
    expect(editor.locator("#text")).to_have_value(re.compile("mijne velo"))
    expect(editor.locator("pre.typed")).to_contain_text("hun velo")
    editor.set_viewport_size({"width": 320, "height": 700})
    assert editor.evaluate("document.documentElement.scrollWidth") <= 320
