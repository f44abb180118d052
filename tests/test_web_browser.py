"""The pages in a real browser: the keyboard, the clipboard, pasted texts, and what happens when something fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from served import NEEDS_CHROMIUM, Served, sign_in

pytestmark = NEEDS_CHROMIUM

MESSAGE = "mijn fiets is gestolen"
ARTICLE = "/fiche/fiets-gestolen/nl"
PASTE = """html => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  const options = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def word_item(name: str, level: int, sign: str, text: str) -> str:
    """A list item as Word puts it on the clipboard: a paragraph whose sign is to be ignored."""
    ignored = f"<span style='mso-list:Ignore'>{sign}<span>&nbsp;</span></span>"
    return f"<p class=MsoListParagraph style='mso-list:{name} level{level} lfo1'>{ignored}{text}</p>"


WORD = "".join(
    (
        '<p class=MsoNormal>Beste <b>burger</b>, kijk op <a href="https://www.politie.be/1">onze <i>site</i></a>.</p>',
        word_item("l0", 1, "·", "Een"),
        word_item("l0", 2, "o", "Dieper"),
        word_item("l1", 1, "1.", "Stap"),
        word_item("l1", 1, "2.", "Stap"),
        '<p>Groeten,<br>de zone<script>window.x = 1</script><img src=x onerror="window.x = 1"></p>',
    )
)
WORD_MARKDOWN = """Beste **burger**, kijk op [onze *site*](https://www.politie.be/1).

- Een
   - Dieper

1. Stap
2. Stap

Groeten,
de zone"""
DOCS = """<b style="font-weight:normal" id="docs-internal-guid-1"><p><span style="font-weight:700">Vet</span>
<span style="font-style:italic">schuin</span> {fact:zone_phone} 2*3</p><ul><li><p>een</p></li><li><p>twee</p></li></ul>
<ol><li><p>a</p></li></ol><p>- geen lijst</p></b>"""
DOCS_MARKDOWN = """**Vet** *schuin* {fact:zone_phone} 2\\*3

- een
- twee

1. a

\\- geen lijst"""


@pytest.fixture
def agent(served: Served, browser: Browser) -> Iterator[Page]:
    page = sign_in(served, browser, "agent")
    yield page
    page.context.close()


@pytest.fixture
def editor(served: Served, browser: Browser) -> Iterator[Page]:
    page = sign_in(served, browser, "editor")
    yield page
    page.context.close()


def focused(page: Page) -> str:
    """The id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


def paste(page: Page, text: str) -> None:
    """Paste a text where the focus is, and wait for the desk's answer."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Control+V")
    expect(page.locator("#results h2").first).to_be_visible()


def test_desk_when_used_by_keyboard_needs_no_mouse(agent: Page) -> None:
    """Paste, go down and up, copy, and the field is empty and ready for the next message."""
    paste(agent, MESSAGE)
    sentence = agent.locator("#card-fiets-gestolen [data-personal]")
    expect(sentence).to_be_focused()
    agent.keyboard.press("ArrowDown")
    expect(sentence).not_to_be_focused()
    agent.keyboard.press("ArrowUp")
    expect(sentence).to_be_focused()
    agent.keyboard.press("Escape")
    assert focused(agent) == "card-fiets-gestolen"
    agent.keyboard.press("j")
    agent.keyboard.press("k")
    agent.keyboard.press("Enter")
    expect(agent.locator("#status")).to_have_text("Gekopieerd voor Facebook-reactie.")

    assert (focused(agent), agent.input_value("#message")) == ("message", "")


def test_channel_when_picked_by_digit_is_kept(agent: Page) -> None:
    """A digit picks, but not while somebody types one; the choice outlives the page."""
    agent.keyboard.press("2")
    assert agent.input_value("#message") == "2"
    agent.evaluate("document.activeElement.blur()")
    agent.keyboard.press("2")
    agent.reload()

    assert agent.locator("#ask input[name=channel]:checked").get_attribute("value") == "messenger"


def test_keys_when_switched_off_do_nothing(agent: Page) -> None:
    """Who speaks to the computer is not hindered by single letters."""
    agent.evaluate("document.activeElement.blur()")
    agent.keyboard.press("?")
    agent.get_by_label("Sneltoetsen van één letter gebruiken").uncheck()
    agent.get_by_role("button", name="Sluiten").click()
    agent.evaluate("document.activeElement.blur()")
    agent.keyboard.press("2")

    assert agent.locator("#ask input[name=channel]:checked").get_attribute("value") == "facebook"


def test_name_when_typed_shows_in_the_reply(agent: Page) -> None:
    """The reply follows what an agent fills in, and keeps the place where they type."""
    agent.locator("label[for=channel-messenger]").click()
    agent.locator("#message").focus()
    paste(agent, MESSAGE)
    name = agent.locator("[data-card] input[name=first_name]").first
    name.press_sequentially("Jan")

    expect(agent.locator("[data-card] .bubble").first).to_contain_text("Jan")
    expect(name).to_be_focused()


def test_copy_when_the_browser_refuses_shows_the_text(agent: Page) -> None:
    """Without a clipboard the text stands there, selected."""
    agent.evaluate(
        "navigator.clipboard.write = () => Promise.reject(new Error('no')); document.execCommand = () => false"
    )
    agent.fill("#message", MESSAGE)
    agent.keyboard.press("Control+Enter")
    agent.locator("[data-card] .copy").first.click()

    expect(agent.locator("#status")).to_contain_text("Ctrl+C")
    assert agent.get_by_label("Tekst om zelf te kopiëren").input_value().startswith("[VOORBEELD] ")


def test_desk_when_offline_says_so(agent: Page) -> None:
    """A lost connection is said, and the message stays."""
    agent.context.set_offline(True)
    agent.fill("#message", MESSAGE)
    agent.keyboard.press("Control+Enter")

    expect(agent.locator("#status")).to_contain_text("Geen verbinding")
    assert agent.input_value("#message") == MESSAGE


@pytest.mark.parametrize(("html", "markdown"), [(WORD, WORD_MARKDOWN), (DOCS, DOCS_MARKDOWN)], ids=["Word", "Docs"])
def test_text_when_pasted_keeps_its_marks(editor: Page, html: str, markdown: str) -> None:
    """Paragraphs, bold, lists and links come along as Markdown; nothing of it runs."""
    editor.goto(f"{ARTICLE}/bewerken")
    box = editor.get_by_label("Gewoon", exact=True)
    box.fill("")
    editor.evaluate(PASTE, html)

    assert box.input_value() == markdown
    assert editor.evaluate("window.x") is None


def test_value_when_inserted_stands_at_the_cursor(editor: Page) -> None:
    """A fact is chosen by its Dutch name; an editor never types a brace."""
    editor.goto(f"{ARTICLE}/bewerken")
    box = editor.get_by_label("Gewoon", exact=True)
    box.fill("Bel ")
    editor.locator("[data-insert]").first.click()
    editor.get_by_label("Zoek een vaste waarde").fill("noodnummer politie")
    editor.locator("[data-put]:visible").first.click()

    assert box.input_value() == "Bel {fact:emergency_police}"


def test_page_when_left_with_unsaved_text_asks(editor: Page) -> None:
    """What could not be kept yet is not lost by a wrong click."""
    asked: list[str] = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    editor.route("**/bewerken/klad", lambda route: route.abort())
    editor.goto(f"{ARTICLE}/bewerken")
    editor.get_by_label("Kort", exact=True).press_sequentially("x")
    editor.get_by_role("link", name="Zoeken").click()
    editor.wait_for_url("**/zoeken")

    assert asked == ["beforeunload"]


def test_pages_when_scripts_are_off_still_answer(served: Served, browser: Browser) -> None:
    """Message, answer and text to copy by plain forms."""
    context = browser.new_context(java_script_enabled=False, base_url=served.url)
    page = context.new_page()
    page.goto(served.kb("people", "link", "agent"))
    page.get_by_role("button", name="Aanmelden als").click()
    page.fill("#message", MESSAGE)
    page.get_by_role("button", name="Zoek antwoord").click()
    page.locator(".copy").first.click()

    assert page.locator("#text").input_value().startswith("[VOORBEELD] ")
    context.close()
