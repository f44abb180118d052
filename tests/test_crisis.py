"""Crisis mode: turned by a person with a reason, seen by every process, and what it does to what is offered."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from cast import article_text
from click.testing import CliRunner
from conftest import House, article
from playwright.sync_api import Browser, expect
from served import NEEDS_CHROMIUM, Served
from served import sign_in as browse
from sqlalchemy import text
from web_app import STOLEN, Visitor, code_of

from kbengine.cli import main
from kbengine.engine import Engine
from kbengine.errors import ChainBroken, Conflict, NotAllowed, WorkflowError, WrongState
from kbengine.journal.connect import writing
from kbengine.period import NO_TERMS

pytest_plugins = ["web_fixtures"]

FIRE = "er is een grote brand in het industriepark, moet ik mijn ramen sluiten"
WHY = "Brand in het industriepark"


def vouched(house: House, slug: str, *questions: str, **keys: str) -> None:
    """An article with these keys in its header, vouched for, and how people ask it."""
    words = article_text(title=slug.replace("-", " "), certainty="verified", body="Sluit ramen en deuren.", **keys)
    with house.engine.room.store.journal.write() as writer:
        writer.save(article(slug), words, "nood", house.people["editor"].id, NO_TERMS, 0)
    house.vouch(article(slug))
    house.ask(slug, *questions)


def burning(house: House) -> None:
    """A crisis answer about a fire, and one about fires in general that people ask for in nearly the same words."""
    ask = "brand in het industriepark wat nu", "moet ik ramen en deuren sluiten", "grote brand", "er is een brand"
    vouched(house, "brand-industriepark", *ask, crisis="true")
    vouched(house, "barbecue-vuur", "mag ik een vuur maken", FIRE, tone="light")


def offered(house: House, message: str) -> list[str]:
    """The answers offered, in their order."""
    return [found.slug for found in house.engine.desk.advise(message, "facebook").suggestions]


def on(house: House, login: str = "validator") -> None:
    """Crisis mode on."""
    house.engine.crisis.turn(house.people[login], WHY, on=True)


def test_crisis_when_on_puts_its_answers_first_and_holds_light_ones(hamlet: House) -> None:
    """What matches at all comes before what matches best; what is light is named with the reason, never shown."""
    burning(hamlet)
    before = offered(hamlet, FIRE)
    on(hamlet)
    advice = hamlet.engine.desk.advise(FIRE, "facebook")

    assert before[:2] == ["barbecue-vuur", "brand-industriepark"]
    assert next((found.slug, found.crisis) for found in advice.suggestions) == ("brand-industriepark", True)
    assert "barbecue-vuur" not in [found.slug for found in advice.suggestions]
    assert [(held.slug, held.steering) for held in advice.held_back] == [("barbecue-vuur", None)]
    assert offered(hamlet, STOLEN)[0] == "fiets-gestolen"


def test_crisis_when_on_hands_no_light_answer_out(hamlet: House) -> None:
    """An answer that was on the screen before is refused when it is copied after; off, it goes out again."""
    vouched(hamlet, "barbecue-vuur", "mag ik een vuur maken", tone="light")
    on(hamlet)
    with pytest.raises(WrongState) as refused:
        hamlet.hand_out("barbecue-vuur")
    hamlet.engine.crisis.turn(hamlet.people["administrator"], "Voorbij", on=False)

    assert refused.value.code == "reply.crisis"
    assert "Sluit ramen" in hamlet.hand_out("barbecue-vuur")


def test_crisis_answer_when_made_in_the_form_is_one(hamlet: House) -> None:
    """An editor says so in the form, and takes it back there."""
    hamlet.publish("brand-industriepark", default="Sluit ramen en deuren.", crisis="true")
    assert [slug for slug, _ in hamlet.engine.crisis.page().first] == ["brand-industriepark"]
    assert hamlet.form("brand-industriepark").crisis == "true"
    hamlet.vouch(hamlet.save("brand-industriepark", crisis="false"))
    assert hamlet.engine.crisis.page().first == ()


def test_crisis_when_turned_is_guarded(hamlet: House) -> None:
    """By a validator or administrator, with a reason, and not twice; what was refused changes nothing."""
    crisis, people = hamlet.engine.crisis, hamlet.people
    for login in ("agent", "editor"):
        with pytest.raises(NotAllowed):
            crisis.turn(people[login], WHY, on=True)
    with pytest.raises(WorkflowError):
        crisis.turn(people["validator"], "  ", on=True)
    with pytest.raises(Conflict):
        crisis.turn(people["validator"], WHY, on=False)
    assert crisis.now() is None
    on(hamlet, "administrator")
    with pytest.raises(Conflict):
        on(hamlet)

    assert [(turned.switch.on, turned.switch.reason, turned.person) for turned in crisis.page().turns] == [
        (True, WHY, hamlet.people["administrator"].name)
    ]


def test_crisis_when_on_lasts_until_somebody_ends_it(hamlet: House) -> None:
    """Another process sees it at once, and no amount of time ends it."""
    other = Engine.open(hamlet.engine.settings)
    assert other.crisis.now() is None
    on(hamlet)
    seen = other.crisis.now()
    hamlet.wait(days=400)

    assert seen is not None
    assert seen.reason == WHY
    assert other.crisis.now() == seen == hamlet.engine.crisis.now()
    other.crisis.turn(hamlet.people["validator"], "Voorbij", on=False)
    assert hamlet.engine.crisis.now() is None
    other.close()


def test_crisis_when_tampered_with_is_found(hamlet: House) -> None:
    """A switch is a line of the chain: one that stands otherwise than its last line says does not verify."""
    store = hamlet.engine.room.store
    on(hamlet)
    head = store.verify()
    with writing(store.engine) as connection:
        connection.execute(text("DELETE FROM store WHERE key = 'switch.crisis'"))

    assert head.seq > 0
    with pytest.raises(ChainBroken, match="switch"):
        store.verify()


def test_crisis_on_the_command_line_is_the_same_switch(hamlet: House) -> None:
    """`kb crisis on`, `show` and `off`, with a person's token."""

    def kb(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--home", str(hamlet.engine.settings.home), "crisis", *words])
        return done.exit_code, done.output

    token = hamlet.engine.people.new_token(hamlet.people["validator"])
    assert kb("on", "--reason", WHY)[0] == 2
    assert kb("on", "--reason", WHY, "--token", token) == (0, "Crisis mode is on.\n")
    assert hamlet.engine.crisis.now() is not None
    assert re.search(rf"on +{hamlet.people['validator'].name}.* {WHY}", kb("show")[1])
    assert kb("off", "--reason", "Geblust", "--token", token) == (0, "Crisis mode is off.\n")
    assert hamlet.engine.crisis.now() is None


def test_crisis_when_on_stands_on_every_page(visit: Callable[[str], Visitor]) -> None:
    """Everybody who is signed in reads why; who is not reads nothing; only two roles have the button."""
    agent, validator, nobody = visit("agent"), visit("validator"), visit("")
    assert WHY not in agent.page("/")
    assert code_of(agent.post("/crisis", {"turn": "on", "reason": WHY}, {"X-Requested-With": "fetch"})) != ""
    assert validator.post("/crisis", {"turn": "on", "reason": ""}).status_code == 422
    assert validator.post("/crisis", {"turn": "on", "reason": WHY}).status_code == 303

    for path in ("/", "/fiches", "/zoeken", "/crisis", "/fiche/fiets-gestolen/nl"):
        assert WHY in agent.page(path)
    assert WHY not in nobody.page("/aanmelden")
    assert 'name="turn"' not in agent.page("/crisis")
    assert "De crisismodus staat nu aan." in validator.page("/crisis")


@pytest.mark.browser
@NEEDS_CHROMIUM[1]
def test_crisis_banner_when_switched_on_reaches_an_open_desk(served: Served, browser: Browser) -> None:
    """An agent who has the desk open reads it with the next message, without loading the page; on a phone it fits."""
    agent, validator = browse(served, browser, "agent", 320), browse(served, browser, "validator")
    banner = agent.locator("#crisis")
    expect(banner).to_have_text("")
    validator.goto("/crisis")
    validator.get_by_label("Wat is er aan de hand?").fill(WHY)
    validator.get_by_role("button", name="Crisismodus aanzetten").click()
    expect(validator.locator("#crisis")).to_contain_text(WHY)
    agent.get_by_label("Plak hier het bericht").fill(STOLEN)
    agent.keyboard.press("Control+Enter")

    expect(banner).to_contain_text(WHY)
    assert agent.evaluate("document.documentElement.scrollWidth") <= 320
    validator.get_by_label("Waarom mag ze uit?").fill("Geblust")
    validator.keyboard.press("Enter")
    expect(validator.locator("#crisis")).to_have_text("")
    agent.goto("/fiches")
    expect(agent.locator("#crisis")).to_have_text("")
    for page in (agent, validator):
        page.context.close()
