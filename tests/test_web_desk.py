"""The desk: what is offered, what is copied, and what is said when nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from web_app import ANSWER, DANGER, FETCH, STOLEN, Visitor, code_of, engine_of

from kbengine.article import Kind, Ref
from kbengine.history import Move

pytest_plugins = ["web_fixtures"]


def advise(visitor: Visitor, message: str, channel: str = "facebook", **more: str) -> str:
    """The desk after a message."""
    answer = visitor.post("/", {"message": message, "channel": channel, **more})
    assert answer.status_code == 200
    return answer.text


def decide(app: Flask, login: str, move: Move, slug: str, reason: str = "Proef.") -> None:
    """A move on the live text of an article."""
    engine = engine_of(app)
    ref = Ref(Kind.ARTICLE, slug, "nl")
    line = engine.reading.article(slug, "nl").latest
    engine.editing.move(engine.people.by_login(login), ref, line.number, line.digest, move, reason)


def test_suggestion_when_offered_says_why_and_how_sure(crew: dict[str, Visitor]) -> None:
    """Title, words, owner, date and confidence in words stand with it; no percentage does."""
    page = advise(crew["agent"], STOLEN)
    card = page[page.index('id="card-fiets-gestolen"') :]

    for said in ("Fiets gestolen", "past heel goed", ">gestolen<", "Onthaal en aangifte"):
        assert said in card
    assert re.search(r"gevalideerd \d+ [a-z]+ 20\d\d", card)
    assert "%" not in card


def test_suggestion_when_first_is_open_and_the_others_are_not(crew: dict[str, Visitor]) -> None:
    """Only the best answer takes room."""
    page = advise(crew["agent"], STOLEN)

    assert page.count("data-card") > 1
    assert page.count('tabindex="-1" open>') == 1


@pytest.mark.parametrize(
    ("channel", "label"), [("facebook", "Facebook-reactie"), ("whatsapp", "WhatsApp"), ("x", "X"), ("email", "E-mail")]
)
def test_copy_key_when_shown_names_its_channel(crew: dict[str, Visitor], channel: str, label: str) -> None:
    """Nobody copies a private text for a public channel by mistake."""
    public = "openbaar" if channel in ("facebook", "x") else "privé"

    assert f'Kopieer voor {label}, <span class="copy-how">{public}<' in advise(crew["agent"], STOLEN, channel)


def test_reply_when_the_channel_counts_shows_the_count(crew: dict[str, Visitor]) -> None:
    """An agent sees how much room is left."""
    assert "/ 280" in advise(crew["agent"], STOLEN, "x")


def test_language_when_the_zone_does_not_reply_in_it_is_a_reading_aid(crew: dict[str, Visitor]) -> None:
    """The Dutch answer goes out; the translation stands beside it, without a key, and is refused when asked for."""
    page = advise(crew["agent"], STOLEN, lang="en")
    aid = page[page.index('class="aid"') :]
    refused = crew["agent"].post("/kopieer", {**ANSWER, "lang": "en"}, headers=FETCH)

    assert '<option value="en" selected>' in page
    assert "Deze zone antwoordt in het Nederlands." in page
    assert 'name="lang" value="en"' not in page
    assert "Leeshulp, niet versturen" in aid
    assert aid.index("data-no-copy") < aid.index("</blockquote>")
    assert (refused.status_code, code_of(refused)) == (409, "reply.language")


def test_message_when_answered_stays_in_its_field_only(crew: dict[str, Visitor]) -> None:
    """Without a script the page shows the message again, escaped, where it can be corrected."""
    page = advise(crew["agent"], "<b>fiets</b> gestolen")

    assert "&lt;b&gt;fiets&lt;/b&gt; gestolen</textarea>" in page
    assert "<b>fiets" not in page


def test_danger_when_smelled_stands_before_everything(crew: dict[str, Visitor]) -> None:
    """The notice is first, with the numbers, the words that did it and the text to send."""
    page = advise(crew["agent"], DANGER)
    notice = page[page.index('id="danger"') : page.index('id="ask"')]

    for said in ('href="tel:101"', 'href="tel:112"', ">mes<", "Leven in gevaar", "Kopieer voor", 'name="urgent"'):
        assert said in notice


def test_danger_when_its_article_is_held_still_shows_the_numbers(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The numbers do not depend on any text."""
    decide(app, "editor", Move.HOLD, "noodnummers-101-112")
    page = advise(visit("agent"), DANGER)

    assert 'href="tel:101"' in page
    assert "Geen gevalideerde tekst hiervoor" in page
    assert 'name="urgent"' not in page


def test_danger_text_when_copied_is_the_short_one(crew: dict[str, Visitor]) -> None:
    """What is handed out is what the notice shows."""
    shown = advise(crew["agent"], DANGER)
    asked = {**ANSWER, "slug": "noodnummers-101-112", "urgent": "1"}
    text = crew["agent"].post("/kopieer", asked, headers=FETCH).get_json()["text"]

    assert text in shown


def test_desk_when_nothing_fits_says_so(crew: dict[str, Visitor]) -> None:
    """No text is invented: the reason stands there, and nothing can be copied but building blocks."""
    page = advise(crew["agent"], "Hoeveel manen heeft Jupiter?")

    assert "Geen gevalideerd antwoord" in page
    assert all(slug.startswith("bouwsteen-") for slug in re.findall(r'name="slug" value="([^"]+)"', page))


def test_desk_when_the_answer_is_on_hold_names_it_without_its_text(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Title, state and owner are shown; what it says is not."""
    live = engine_of(app).reading.article("fiets-gestolen", "nl").variants[0].plain
    decide(app, "validator", Move.HOLD, "fiets-gestolen")
    engine_of(app).build()
    page = advise(visit("agent"), STOLEN)

    for said in ("Geen gevalideerd antwoord", "Fiets gestolen", "opgeschort", "Onthaal en aangifte"):
        assert said in page
    assert live[:30] not in page


def test_copy_when_asked_gives_the_text_and_notes_it(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The engine's own words go out, and it is known that they did."""
    before = len(engine_of(app).room.store.usage.copies("fiets-gestolen"))
    answer = visit("agent").post("/kopieer", ANSWER, headers=FETCH)

    assert answer.get_json()["text"].startswith("[VOORBEELD] ")
    assert len(engine_of(app).room.store.usage.copies("fiets-gestolen")) == before + 1


def test_copy_when_the_text_was_held_meanwhile_is_refused(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """An open page does not keep a text alive."""
    agent = visit("agent")
    decide(app, "validator", Move.HOLD, "fiets-gestolen")
    answer = agent.post("/kopieer", ANSWER, headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (404, "answer.not-live")


def test_copy_when_another_revision_is_live_is_refused(crew: dict[str, Visitor]) -> None:
    """What was read is what goes out, or nothing."""
    answer = crew["agent"].post("/kopieer", {**ANSWER, "number": "7"}, headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (409, "answer.changed")


def test_reply_when_a_name_is_filled_in_greets(crew: dict[str, Visitor]) -> None:
    """The first name goes into the text, as text."""
    filled = {**ANSWER, "channel": "messenger", "first_name": "<i>An</i>"}
    page = crew["agent"].post("/antwoord", filled).text

    assert "Dag &lt;i&gt;An&lt;/i&gt;," in page


@pytest.fixture
def blank(app: Flask) -> dict[str, str]:
    """A live answer that asks for a street."""
    engine = engine_of(app)
    editor = engine.people.by_login("editor")
    form = engine.editing.form("nachtlawaai", "nl")
    fields = {name: getattr(form, name) for name in form.__slots__}
    fields |= {"default": "We sturen een ploeg naar {blank:straat}.", "short": "", "private": ""}
    engine.editing.save(editor, type(form)(**fields))
    decide(app, "editor", Move.SUBMIT, "nachtlawaai", "")
    decide(app, "validator", Move.VALIDATE, "nachtlawaai", "")
    number = str(engine.reading.article("nachtlawaai", "nl").live_number)
    return {**ANSWER, "slug": "nachtlawaai", "number": number}


def test_blank_when_open_keeps_the_copy_key_shut(visit: Callable[[str], Visitor], blank: dict[str, str]) -> None:
    """An agent is told what to fill in, and the engine refuses as well."""
    agent = visit("agent")
    page = agent.post("/antwoord", blank).text
    answer = agent.post("/kopieer", blank, headers=FETCH)

    assert '<mark class="open-blank">[straat]</mark>' in page
    assert 'name="blank:straat"' in page
    assert 'name="part" value="1" disabled>Kopieer' in page
    assert (answer.status_code, code_of(answer)) == (409, "reply.not-ready")


def test_blank_when_filled_in_opens_the_copy_key(visit: Callable[[str], Visitor], blank: dict[str, str]) -> None:
    """With its blanks filled in the answer can go."""
    agent = visit("agent")
    filled = {**blank, "blank:straat": "de Kerkstraat"}

    assert 'name="part" value="1">Kopieer' in agent.post("/antwoord", filled).text
    assert "naar de Kerkstraat." in agent.post("/kopieer", filled, headers=FETCH).get_json()["text"]


def test_search_when_asked_marks_the_words(crew: dict[str, Visitor]) -> None:
    """What was found shows where."""
    page = crew["agent"].post("/zoeken", {"text": "fiets"}).text

    assert "<mark>fiets</mark>" in page
    assert "/fiche/fiets-gestolen/nl" in page


@pytest.mark.parametrize("text", ["*", "status:draft OR *:*", "fiets AND (", "\x02<b>x</b>\x03", "~" * 400])
def test_search_when_it_looks_like_a_command_is_only_words(crew: dict[str, Visitor], text: str) -> None:
    """Nothing typed is a query language, and nothing comes back as HTML."""
    answer = crew["agent"].post("/zoeken", {"text": text})

    assert answer.status_code == 200
    assert "<b>x" not in answer.text


def test_language_when_recognised_is_shown_and_can_be_put_right(crew: dict[str, Visitor]) -> None:
    """The page says which language it took the message for; what an agent says instead counts, and only that."""
    heard = advise(crew["agent"], STOLEN)
    put_right = advise(crew["agent"], STOLEN, spoken="fr")

    assert '<option value="">Nederlands (herkend)</option>' in heard
    assert 'value="fr" selected' not in heard
    assert '<option value="fr" selected>Frans</option>' in put_right
    assert '<option value="">taal van het bericht</option>' in put_right


def test_text_when_in_another_language_than_the_message_says_so(crew: dict[str, Visitor]) -> None:
    """A question in a language that the zone does not reply in is offered the Dutch text, with the words for it."""
    asked = "mes voisins font du tapage nocturne, nachtlawaai"
    page = advise(crew["agent"], asked, spoken="de")
    wished = advise(crew["agent"], "mijn buren maken nachtlawaai", lang="de")

    for said in (page, wished):
        assert "Deze zone antwoordt in het Nederlands." in said
        card = said.partition('id="card-nachtlawaai"')[2].partition('id="card-')[0]
        assert card
        assert "Leeshulp" not in card
    assert "Deze zone antwoordt" not in advise(crew["agent"], "mijn buren maken nachtlawaai")


def test_language_when_unknown_is_refused(crew: dict[str, Visitor]) -> None:
    """A form is not a way in for languages that nobody knows."""
    asked = {"message": STOLEN, "channel": "facebook", "spoken": "xx"}

    assert code_of(crew["agent"].post("/", asked, headers=FETCH)) == "language.unknown"
