"""The editor's form in a real browser: an article out of a Word paste, what a paste leaves out, the keyboard, and what
survives a crash, a lost network and a second window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM

CLIPBOARD = Path(__file__).parent / "vectors" / "clipboard"
EDIT = "/fiche/nachtlawaai/nl/bewerken"
PASTE = """html => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  const options = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""
# What each program's clipboard holds that an answer cannot: said in words, so that nobody has to look for it.
SAID = {
    "word": ("1 afbeelding, 1 opmerking, 1 voetnoot, 1 doorstreept stuk", "1 titel werd", "1 tabel werd een lijst"),
    "word-web": (),
    "docs": ("1 afbeelding en 1 doorstreept stuk", "1 link ging langs een omweg"),
    "outlook": ("1 afbeelding.", "leidt nu rechtstreeks"),
    "libreoffice": ("1 voetnoot en 1 doorstreept stuk",),
    "page": ("2 afbeeldingen", "2 links die nergens heen leiden", "1 link verloor zijn volgcode"),
}


@pytest.fixture(scope="module")
def editor(served: Served, browser: Browser) -> Iterator[Page]:
    page = sign_in(served, browser, "editor")
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    page.context.close()


def box(page: Page, name: str = "Gewoon") -> Locator:
    """One of the form's boxes."""
    return page.get_by_label(name, exact=True)


def kept(page: Page) -> None:
    """Until what was typed is kept."""
    expect(page.locator("#kept")).to_contain_text("Bijgehouden om")


def forget(page: Page) -> None:
    """Throw away whatever an earlier test left, as a person does."""
    page.goto("/kladjes")
    page.evaluate("sessionStorage.clear()")
    # What the page that was left sends on its way out may come in after this one was made.
    page.wait_for_timeout(1_000)
    page.reload()
    left = page.locator("section.left")
    for rest in range(left.count() - 1, -1, -1):
        left.first.get_by_text("Weggooien").click()
        left.first.get_by_role("button", name="Ja, gooi weg").click()
        expect(left).to_have_count(rest)


def test_article_when_made_from_word_reaches_the_desk(served: Served, browser: Browser, editor: Page) -> None:
    """Nobody types a mark or a brace: pasted, a value by its name, two channels looked at, vouched for, suggested."""
    editor.goto("/nieuw")
    editor.get_by_label("Titel").fill("Geluidsmeter lenen")
    editor.get_by_label("Thema").fill("overlast")
    editor.get_by_label("Eigenaar").select_option(label="Onthaal en aangifte")
    editor.get_by_label("Bronnen").fill("https://www.politie.be/5441")
    box(editor).focus()
    editor.evaluate(PASTE, (CLIPBOARD / "word.html").read_text(encoding="utf-8"))
    box(editor, "Kort").fill("Geluidsmeter lenen? Kom met je kaart. Vragen? Bel ")
    for key in ("Shift+Tab", "End", "Enter"):
        editor.keyboard.press(key)
    editor.keyboard.type("telefoon van het onthaal")
    editor.keyboard.press("Enter")
    expect(box(editor, "Kort")).to_have_value("Geluidsmeter lenen? Kom met je kaart. Vragen? Bel {fact:zone_phone}")
    expect(editor.locator("#under-short")).to_contain_text("Telefoon van het onthaal")
    expect(editor.locator("#under-short")).to_contain_text("/ 280")
    expect(editor.locator("#under-default")).to_contain_text("te lang: daar gaat Kort")
    editor.locator("#preview-x summary").click()
    expect(editor.locator("#preview-x .bubble")).to_contain_text("Vragen? Bel 0")
    expect(editor.locator("#preview-facebook .bubble")).to_contain_text("- Bel Card Stop")
    editor.get_by_role("button", name="Bewaren en ter validatie sturen").click()
    editor.wait_for_url("**/fiche/geluidsmeter-lenen/nl?ok=submit")
    editor.goto("/vragen/geluidsmeter-lenen")
    editor.locator("#text").fill('nl = ["mag ik jullie geluidsmeter lenen", "waar leen ik een geluidsmeter"]\n')
    editor.get_by_role("button", name="Bewaren en ter validatie sturen").click()
    editor.wait_for_url("**/fiche/geluidsmeter-lenen/nl?ok=submit")
    validator = sign_in(served, browser, "validator")
    for _ in ("the text", "its questions"):
        validator.goto("/ter-validatie")
        about = validator.get_by_role("article").filter(has=validator.get_by_role("heading", name="Geluidsmeter lenen"))
        about.first.get_by_role("button", name="Valideren").click()
        validator.wait_for_url("**/ter-validatie?ok=**")
    validator.goto("/")
    validator.fill("#message", "waar kan ik een geluidsmeter lenen")
    validator.keyboard.press("Control+Enter")
    expect(validator.locator("[data-card] h3").first).to_have_text("Geluidsmeter lenen")
    validator.context.close()


@pytest.mark.parametrize("program", sorted(SAID))
def test_text_when_pasted_keeps_what_an_answer_knows(editor: Page, program: str) -> None:
    """Paragraphs, lists, bold, italic and links come along; the rest is left out and said; nothing of it runs."""
    editor.goto(EDIT)
    before = box(editor, "Intern").input_value()
    box(editor, "Intern").fill("")
    editor.evaluate(PASTE, (CLIPBOARD / f"{program}.html").read_text(encoding="utf-8"))
    said = editor.locator("[data-box=Intern] [data-pasted]")

    assert box(editor, "Intern").input_value() == (CLIPBOARD / f"{program}.md").read_text(encoding="utf-8").rstrip()
    assert [piece for piece in SAID[program] if piece not in (said.text_content() or "")] == []
    assert said.is_visible() == bool(SAID[program])
    assert editor.evaluate("window.x") is None
    editor.keyboard.press("Control+z")
    # A browser may take the emptying and what came in its place as one step.
    assert box(editor, "Intern").input_value() in ("", before)


def test_box_when_worked_by_keyboard_needs_no_marks(editor: Page) -> None:
    """Lists go on by themselves, marks come and go, and every step can be undone."""
    editor.goto(EDIT)
    one = box(editor, "Intern")
    one.fill("")
    editor.keyboard.type("Neem mee:")
    editor.keyboard.press("Enter")
    editor.keyboard.press("Control+Shift+Digit8")
    for word in ("kaart", "foto", ""):
        editor.keyboard.type(word)
        editor.keyboard.press("Enter")
    editor.keyboard.type("Klaar")
    assert one.input_value() == "Neem mee:\n- kaart\n- foto\n\nKlaar"
    editor.keyboard.press("Control+Shift+ArrowLeft")
    editor.keyboard.press("Control+b")
    assert one.input_value().endswith("\n\n**Klaar**")
    editor.keyboard.press("Control+b")
    editor.keyboard.press("Control+k")
    editor.keyboard.type("https://a.be")
    assert one.input_value().endswith("\n\n[Klaar](https://a.be)")
    editor.keyboard.press("Control+a")
    editor.keyboard.press("Delete")
    editor.keyboard.press("Control+z")
    assert one.input_value().endswith("\n\n[Klaar](https://a.be)")


def test_value_when_misspelt_is_named_with_what_was_meant(editor: Page) -> None:
    """One press puts the known one in its place; what is too long is told to who cannot see it."""
    editor.goto(EDIT)
    box(editor, "Kort").fill("Bel {fact:zone_fone}.")
    under = editor.locator("#under-short")
    expect(under).to_contain_text("{fact:zone_fone} is niet bekend. Bedoel je Telefoon van het onthaal?")
    under.get_by_role("button", name="Telefoon van het onthaal").click()
    expect(box(editor, "Kort")).to_have_value("Bel {fact:zone_phone}.")
    expect(under).not_to_contain_text("niet bekend")
    box(editor, "Kort").fill("Bel ons gerust. " * 30)
    expect(under).to_contain_text("te lang")
    expect(editor.locator("#heard")).to_contain_text("Kort is te lang voor X")


def test_text_when_the_browser_crashes_is_offered_on_another_machine(
    served: Served, browser: Browser, editor: Page
) -> None:
    """What was typed stands there, with when; and nothing asks to stay on a page whose text is kept."""
    forget(editor)
    lost = sign_in(served, browser, "editor")
    lost.goto(EDIT)
    box(lost, "Kort").press_sequentially("Half getypt ")
    kept(lost)
    lost.context.close()
    editor.goto(EDIT)
    expect(editor.locator("section.left")).to_contain_text("Je typte hier iets dat nog niet bewaard is")
    editor.get_by_role("link", name="Verder met deze tekst").click()
    expect(box(editor, "Kort")).to_have_value(re.compile("^Half getypt "))
    box(editor, "Kort").press_sequentially("en verder ")
    kept(editor)
    editor.get_by_role("button", name="Bewaren als concept").click()
    editor.wait_for_url("**/fiche/nachtlawaai/nl?ok=save")
    editor.goto(EDIT)
    expect(editor.locator("section.left")).to_have_count(0)


def test_text_when_there_is_no_network_waits_in_the_window(editor: Page) -> None:
    """It says so, and sends it once there is one, without anybody doing anything."""
    forget(editor)
    editor.goto(EDIT)
    editor.context.set_offline(True)
    box(editor, "Kort").press_sequentially("Zonder netwerk ")
    expect(editor.locator("#kept")).to_contain_text("voorlopig alleen in dit venster")
    editor.context.set_offline(False)
    kept(editor)
    assert editor.evaluate("Object.keys(sessionStorage)") == []


def test_text_when_typed_in_two_windows_is_kept_twice(editor: Page) -> None:
    """A second window that went on with the same text does not eat what the first one types."""
    forget(editor)
    editor.goto(EDIT)
    box(editor, "Kort").press_sequentially("Eerst ")
    kept(editor)
    second = editor.context.new_page()
    second.goto(EDIT)
    second.get_by_role("link", name="Verder met deze tekst").click()
    box(second, "Kort").press_sequentially("Tweede ")
    kept(second)
    with editor.expect_response(lambda answer: answer.url.endswith("/bewerken/klad") and answer.ok):
        box(editor, "Kort").press_sequentially("toch ")
    expect(editor.locator("#status")).to_contain_text("ook in een ander venster open")
    second.goto("/kladjes")
    expect(second.get_by_role("link", name="Verder met deze tekst")).to_have_count(2)
    second.close()


@pytest.mark.parametrize("path", [EDIT, "/nieuw", "/kladjes"])
def test_form_when_narrow_stays_within_the_screen(editor: Page, path: str) -> None:
    """At 320 pixels nothing has to be moved sideways."""
    editor.set_viewport_size({"width": 320, "height": 800})
    editor.goto(path)
    wide = editor.evaluate("document.documentElement.scrollWidth")
    editor.set_viewport_size({"width": 1280, "height": 900})

    assert wide == 320
