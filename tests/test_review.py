"""One text per screen: who gets what laid before them, what changed since they signed, and what each key does."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from web_app import FETCH, Visitor, code_of, engine_of

from kbengine.engine import Seen
from kbengine.errors import Conflict, NotAllowed
from kbengine.history import Move, Role, State

pytest_plugins = ["web_fixtures"]


def names(house, login):
    """What waits for somebody, by name."""
    return [item.name for item in house.engine.reviewing.waiting(house.people[login])]


def shown(house, login, name=""):
    """What somebody sees."""
    return house.engine.reviewing.review(house.people[login], name)


def words(review, op):
    """The words that came or went."""
    return " ".join(passage.text.strip() for passage in review.difference if passage.op == op)


def seen(house, ref):
    """The newest revision of a text, as somebody saw it."""
    newest = house.engine.editing.lines(ref)[0]
    return Seen(ref, newest.number, newest.digest)


def test_text_when_changed_again_shows_what_changed_since_my_own_signature(hamlet):
    """Another's signature in between is no reason to skip what it let through."""
    hamlet.engine.people.add("vic", "Vic", frozenset({Role.VALIDATOR}))
    hamlet.people["vic"] = hamlet.engine.people.by_login("vic")
    ref = hamlet.publish("brug", default="De brug is open.")
    hamlet.save("brug", default="De brug is dicht.")
    hamlet.move("editor", Move.SUBMIT, ref)
    hamlet.move("vic", Move.VALIDATE, ref)
    hamlet.save("brug", default="De brug is dicht tot maandag.")
    hamlet.move("editor", Move.SUBMIT, ref)
    mine, other = shown(hamlet, "validator"), shown(hamlet, "vic")

    assert (mine.base, words(mine, "removed"), words(mine, "added")) == (1, "open.", "dicht tot maandag.")
    assert (other.base, words(other, "removed"), words(other, "added")) == (2, "dicht.", "dicht tot maandag.")


def test_text_when_new_to_somebody_is_compared_with_what_is_live(hamlet):
    """Who never signed it sees what it changes for a citizen; a first text is shown whole."""
    ref = hamlet.publish("brug", default="Open.")
    hamlet.save("brug", default="Dicht.")
    hamlet.move("editor", Move.SUBMIT, ref)
    hamlet.engine.people.add("vic", "Vic", frozenset({Role.VALIDATOR}))
    hamlet.people["vic"] = hamlet.engine.people.by_login("vic")
    known = shown(hamlet, "vic")
    hamlet.move("vic", Move.VALIDATE, ref)
    new = hamlet.save("weg", default="Nieuw.")
    hamlet.move("editor", Move.SUBMIT, new)

    assert (known.base, known.signed_at, words(known, "removed")) == (1, None, "Open.")
    assert (shown(hamlet, "vic").base, shown(hamlet, "vic").variants[0].plain) == (0, "Nieuw.")


def test_list_when_somebody_cannot_sign_leaves_it_out(hamlet):
    """Nobody is shown their own text, and an editor only how people ask."""
    ref = hamlet.save("brug", login="validator", default="Open.")
    hamlet.move("validator", Move.SUBMIT, ref)
    hamlet.engine.editing.save_questions(hamlet.people["validator"], "nachtlawaai", 'nl = ["lawaai"]\n', 1)
    asked = hamlet.engine.editing.lines
    questions = next(r for r in hamlet.engine.room.store.journal.snapshot()[1] if str(r) == "questions/nachtlawaai")
    hamlet.move("validator", Move.SUBMIT, questions)

    assert (names(hamlet, "validator"), names(hamlet, "agent")) == ([], [])
    assert names(hamlet, "editor") == [f"questions/nachtlawaai@{asked(questions)[0].number}"]


def test_list_when_ordered_begins_with_what_waits_longest_and_says_since_when(hamlet):
    """What was sent comes before what only ends some day; each says since when it waits."""
    first = hamlet.save("brug", default="Open.")
    hamlet.move("editor", Move.SUBMIT, first)
    sent = hamlet.engine.now()
    hamlet.wait(days=2)
    hamlet.save("brug", default="Open!")
    second = hamlet.save("weg", default="Vrij.")
    hamlet.move("editor", Move.SUBMIT, second)
    hamlet.move("agent", Move.FLAG, hamlet.publish("dijk", default="Hoog."))
    found = hamlet.engine.reviewing.waiting(hamlet.people["validator"])

    assert [item.name for item in found] == ["article/brug.nl@1", "article/weg.nl@1", "article/dijk.nl@1"]
    assert abs((found[0].since - sent).total_seconds()) < 60
    assert (found[2].state, found[2].flagged) == (State.VALIDATED, True)


def test_text_when_its_review_nears_asks_whether_it_still_holds(hamlet):
    """Within thirty days of its end it is laid before who signed it, who says so in one move."""
    ref = hamlet.publish("brug", default="Open.", review_months="2")
    hamlet.wait(days=20)
    before = names(hamlet, "validator")
    hamlet.wait(days=20)
    one = shown(hamlet, "validator")
    hamlet.engine.reviewing.sign(hamlet.people["validator"], [seen(hamlet, ref)], Move.RENEW)

    assert before == []
    assert (one.waiting.name, one.changed, one.base) == ("article/brug.nl@1", False, 1)
    assert names(hamlet, "validator") == []


def test_text_when_overtaken_or_own_is_not_signed(hamlet):
    """All or none: the text that changed since, or that the person wrote at, stops the whole."""
    good, own = hamlet.save("brug", default="Open."), hamlet.save("weg", login="validator", default="Vrij.")
    for login, ref in (("editor", good), ("validator", own)):
        hamlet.move(login, Move.SUBMIT, ref)
    both = [seen(hamlet, good), seen(hamlet, own)]

    with pytest.raises(NotAllowed, match="hand in this text"):
        hamlet.engine.reviewing.sign(hamlet.people["validator"], both, Move.VALIDATE)
    with pytest.raises(Conflict, match="not the text you saw"):
        hamlet.engine.reviewing.sign(hamlet.people["validator"], [Seen(good, 1, "0" * 64)], Move.VALIDATE)
    assert hamlet.engine.reading.article("brug", "nl").live_number == 0


def test_texts_when_signed_together_come_back_on_different_days(hamlet):
    """Eight texts in one move end on eight days, none later than its term; the record verifies."""
    refs = [hamlet.save(f"brug-{n}", default="Open.", review_months="6") for n in range(8)]
    for ref in refs:
        hamlet.move("editor", Move.SUBMIT, ref)
    made = hamlet.engine.reviewing.confirm(hamlet.people["validator"], [seen(hamlet, ref) for ref in refs])
    ends = [hamlet.engine.reading.article(ref.slug, "nl").end.date() for ref in refs]

    assert len(set(ends)) == len(refs)
    assert [(max(ends) - end).days for end in ends] == [decision.early for decision in made]
    assert hamlet.engine.room.store.verify().seq == made[-1].seq


# --- the page ---


def send(app: Flask, visit: Callable[[str], Visitor], *slugs: str) -> None:
    """New texts of the editor, sent to be validated."""
    engine = engine_of(app)
    for slug in slugs:
        form = engine.editing.form(slug, "nl")
        typed = {name: str(getattr(form, name)) for name in form.__slots__}
        visit("editor").post("/bewerken", typed | {"default": "Kom langs.", "then": "submit"})


def form_in(page: str, made: str) -> dict[str, str]:
    """The fields of the form on a page that makes a move."""
    forms = [dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)) for form in page.split("<form")]
    found = next(form for form in forms if form.get("move") == made)
    return {name: value for name, value in found.items() if name != "csrf_token"}


def test_key_when_pressed_signs_and_goes_on_to_the_next(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """A decision leads to the next text; the last one to the word that all is done."""
    send(app, visit, "fiets-gestolen", "vakantietoezicht")
    validator = visit("validator")
    page = validator.page("/te-valideren?tekst=article/vakantietoezicht.nl@2")
    answer = validator.post("/te-valideren", form_in(page, "validate"))
    after = validator.page(answer.headers["Location"])

    assert "Jij staat in voor de inhoud en de bron." in page
    assert 'rel="noopener noreferrer" target="_blank"' in page
    assert engine_of(app).reading.article("vakantietoezicht", "nl").live_number == 2
    assert "vakantietoezicht" not in form_in(after, "validate")["text"]


def test_link_when_opened_leads_to_exactly_that_text_or_says_it_waits_no_more(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """A link in a mail names one revision; once that is decided on, nobody signs another by mistake."""
    send(app, visit, "fiets-gestolen", "vakantietoezicht")
    validator, link = visit("validator"), "/te-valideren?tekst=article/vakantietoezicht.nl@2"
    page = validator.page(link)
    validator.post("/te-valideren", form_in(page, "validate"))

    assert form_in(page, "validate")["slug"] == "vakantietoezicht"
    assert "wacht niet meer op jou" in validator.page(link)


def test_note_when_missing_keeps_the_text_and_one_that_is_given_returns_it(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """Klopt niet needs a sentence; with it the editor gets the text back."""
    send(app, visit, "fiets-gestolen")
    validator = visit("validator")
    form = form_in(validator.page("/te-valideren?tekst=article/fiets-gestolen.nl@2"), "return")
    refused = validator.post("/te-valideren", form | {"reason": " "})
    validator.post("/te-valideren", form | {"reason": "Het uur is anders."})

    assert refused.status_code == 422
    assert form_in(refused.text, "return")["slug"] == "fiets-gestolen"
    assert engine_of(app).reading.article("fiets-gestolen", "nl").latest.state is State.RETURNED


def test_hold_when_pressed_takes_the_live_text_out_and_not_the_new_one(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """What citizens get now stops at once; the new text goes on waiting."""
    send(app, visit, "fiets-gestolen")
    validator = visit("validator")
    form = form_in(validator.page("/te-valideren?tekst=article/fiets-gestolen.nl@2"), "hold")
    validator.post("/te-valideren", form | {"reason": "De wet veranderde."})
    article = engine_of(app).reading.article("fiets-gestolen", "nl")

    assert (form["number"], article.live_number, article.latest.state) == ("1", 0, State.IN_REVIEW)


def test_decision_when_forged_is_refused(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The engine decides, whatever form is sent: an editor validates nothing here either."""
    send(app, visit, "fiets-gestolen")
    form = form_in(visit("validator").page("/te-valideren?tekst=article/fiets-gestolen.nl@2"), "validate")
    answer = visit("editor").post("/te-valideren", form, headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (403, "move.role")
    assert engine_of(app).reading.article("fiets-gestolen", "nl").live_number == 1
