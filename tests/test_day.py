"""Day answers: an agent alone writes, a named person vouches by a link that works once, and it ends by itself."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cast import ABE, ANN, ROB
from conftest import House
from sqlalchemy import select

from kbengine.article import Kind, Ref, is_day
from kbengine.engine import DayForm, DayLine, DayLink, Draft, Engine
from kbengine.errors import InvalidDocument, KBError, NotAllowed, SignInError, WorkflowError, WrongState
from kbengine.history import Actor, Move, Role, State
from kbengine.journal import tables as t
from kbengine.validate import allowed_roles, guard_role

TITLE, SAID = "Stroompanne in de Bloemenwijk", "De stroom is weg in de Bloemenwijk, de netbeheerder herstelt."
TYPED = DayForm(TITLE, SAID, "telefoon van de dispatching", "23:59", "validator")


def written(hamlet: House, login: str = "agent", **changed: str | int) -> DayLink:
    """A day answer that was sent to somebody."""
    return hamlet.engine.day.write(hamlet.people[login], replace(TYPED, **changed))


def ref_of(link: DayLink) -> Ref:
    """The text of a link."""
    return Ref(Kind.ARTICLE, link.slug, "nl")


def line(engine: Engine, link: DayLink) -> DayLine | None:
    """How a day answer stands, None when it is over."""
    return next((found for found in engine.day.lines() if found.ref.slug == link.slug), None)


def refusal(hamlet: House, secret: str, move: Move = Move.VALIDATE) -> str:
    """The code with which a link is refused."""
    with pytest.raises(KBError) as refused:
        hamlet.engine.day.decide(secret, move, "Zo.")
    return refused.value.code


def test_answer_when_vouched_for_is_live_in_every_process_at_once(hamlet: House) -> None:
    """The moment the decision is written, another process that has the store open gives the answer out."""
    other = Engine.open(hamlet.engine.settings)
    link = written(hamlet)
    assert (line(other, link).state, line(other, link).live) == (State.IN_REVIEW, 0)

    assert hamlet.engine.day.decide(link.secret, Move.VALIDATE, "") is Move.VALIDATE

    assert line(other, link).live == 1
    assert SAID in other.composing.hand_out(Draft(((link.slug, 1),), "nl", "facebook")).text
    other.close()


def test_answer_when_built_is_suggested_by_its_words(hamlet: House) -> None:
    """The edition's quick part has it: whoever asks about it is offered it."""
    link = written(hamlet)
    hamlet.engine.day.decide(link.secret, Move.VALIDATE, "")
    hamlet.engine.build()

    found = hamlet.engine.desk.advise("is er een stroompanne in de bloemenwijk?", "facebook").suggestions
    assert link.slug in [suggestion.slug for suggestion in found]


def test_answer_when_its_end_passes_is_gone_by_itself(hamlet: House) -> None:
    """It ends at the next time the clock says so: no suggestion, no copy, no line, nothing that waits for anybody."""
    link = written(hamlet)
    hamlet.engine.day.decide(link.secret, Move.VALIDATE, "")
    until = line(hamlet.engine, link).until
    now = hamlet.engine.now()
    assert until is not None
    assert 0 < (until - now).total_seconds() <= 24 * 3600
    assert until.astimezone(hamlet.engine.tz).strftime("%H:%M") == "23:59"
    hamlet.wait(seconds=(until - now).total_seconds() + 1)

    assert line(hamlet.engine, link) is None
    assert hamlet.engine.editing.lines(ref_of(link))[0].state is State.EXPIRED
    with pytest.raises(KBError):
        hamlet.reply(link.slug)
    assert ref_of(link) not in [item.ref for item in hamlet.engine.editing.queue(hamlet.people["validator"])]


def test_link_when_used_works_no_second_time(hamlet: House) -> None:
    """Once decided, it decides nothing any more, also when the text was held in between."""
    link = written(hamlet)
    hamlet.engine.day.decide(link.secret, Move.VALIDATE, "")

    assert refusal(hamlet, link.secret, Move.RETURN) == "day.link-used"
    hamlet.move("editor", Move.HOLD, ref_of(link))
    assert refusal(hamlet, link.secret) == "day.link-used"


def test_link_when_four_hours_passed_is_no_longer_good(hamlet: House) -> None:
    """It has a term; the agent makes another one."""
    link = written(hamlet, until=(datetime.now(UTC).astimezone(hamlet.engine.tz)).strftime("%H:%M"))
    hamlet.wait(hours=4)

    assert refusal(hamlet, link.secret) == "day.link-over"
    again = hamlet.engine.day.link(hamlet.people["agent"], link.slug, "validator")
    assert hamlet.engine.day.read(again.secret).voucher == hamlet.people["validator"].name


@pytest.mark.parametrize("part", range(5))
def test_link_when_any_part_is_changed_is_refused(hamlet: House, part: int) -> None:
    """It holds for this text, this revision, this person, until this moment; another text's mark does not fit."""
    one, other = written(hamlet), written(hamlet, title="Waterpanne", text="Het water is weg.")
    parts = one.secret.split(".")
    parts[part] = other.secret.split(".")[part] if part in (0, 4) else parts[part] + "0"

    assert refusal(hamlet, ".".join(parts)) == "day.link-bad"


@pytest.mark.parametrize("secret", ["", "x", "....", "dag-20261121-abcdef.1.x.9.é", "fiets-gestolen.1.x.99999999999.0"])
def test_link_when_made_up_is_refused(hamlet: House, secret: str) -> None:
    """Whatever is typed in its place opens nothing."""
    assert refusal(hamlet, secret) == "day.link-bad"


def test_link_when_the_text_was_replaced_decides_nothing(hamlet: House) -> None:
    """It is tied to the text that was sent: a newer one needs a link of its own."""
    link = written(hamlet)
    newer = written(hamlet, slug=link.slug, base=1, text="Het duurt tot morgen.")

    assert refusal(hamlet, link.secret) == "day.link-used"
    assert hamlet.engine.day.decide(newer.secret, Move.VALIDATE, "") is Move.VALIDATE


def test_link_when_its_person_has_no_account_any_more_is_refused(hamlet: House) -> None:
    """Whoever left vouches for nothing."""
    link = written(hamlet)
    hamlet.engine.people.set_active("validator", False)

    assert refusal(hamlet, link.secret) == "day.link-over"


def test_link_when_its_person_is_no_validator_any_more_is_refused(hamlet: House) -> None:
    """The roles of the moment of deciding count."""
    link = written(hamlet)
    hamlet.engine.people.set_roles("validator", frozenset({Role.EDITOR}), "ada")

    assert refusal(hamlet, link.secret) == "move.role"


def test_answer_when_it_does_not_hold_comes_back_with_the_note(hamlet: House) -> None:
    """The agent reads why, writes it again on top, and asks again."""
    link = written(hamlet)
    hamlet.engine.day.decide(link.secret, Move.RETURN, "Het is de Rozenwijk.")
    back = line(hamlet.engine, link)

    assert (back.state, back.note, back.number) == (State.RETURNED, "Het is de Rozenwijk.", 1)
    again = written(hamlet, slug=link.slug, base=1, text="De stroom is weg in de Rozenwijk.")
    assert hamlet.engine.day.decide(again.secret, Move.VALIDATE, "") is Move.VALIDATE


def test_voucher_when_named_is_never_the_author(hamlet: House) -> None:
    """Nobody is asked about a text they wrote, or any who is no validator."""
    assert [login for login, _ in hamlet.engine.day.vouchers(hamlet.people["agent"])] == ["validator"]
    assert hamlet.engine.day.vouchers(hamlet.people["validator"]) == ()
    for login, voucher in (("validator", "validator"), ("agent", "editor"), ("agent", "nobody")):
        with pytest.raises(WorkflowError, match="cannot vouch"):
            written(hamlet, login, voucher=voucher)


def test_decision_when_made_by_a_link_says_so_in_the_chain(hamlet: House) -> None:
    """It is logged as any decision, with the way it was proven, and the chain holds."""
    link = written(hamlet)
    hamlet.engine.day.decide(link.secret, Move.VALIDATE, "Met een eenmalige link.")
    store = hamlet.engine.room.store
    with store.engine.begin() as connection:
        body = json.loads(
            connection.execute(select(t.entries.c.body).order_by(t.entries.c.seq.desc())).scalars().first()
        )

    assert (body["move"], body["via"], body["actor"]) == ("validate", "day-link", hamlet.people["validator"].id)
    assert store.verify().seq == store.journal.head().seq


def test_agent_when_writing_may_write_day_answers_only(hamlet: House) -> None:
    """One table says it: an agent saves and sends a day answer, and no other text."""
    agents = [move for move in Move if ABE.roles & allowed_roles(move, Kind.ARTICLE, day=True)]
    assert agents == [Move.SAVE, Move.SUBMIT, Move.FLAG]
    assert [move for move in Move if ABE.roles & allowed_roles(move, Kind.ARTICLE)] == [Move.FLAG]
    for actor in (ROB, Actor("ada", frozenset({Role.ADMINISTRATOR}))):
        with pytest.raises(NotAllowed):
            guard_role(Move.SAVE, Kind.ARTICLE, actor, day=True)
    guard_role(Move.SAVE, Kind.ARTICLE, ANN, day=True)
    with pytest.raises(NotAllowed):
        hamlet.save("nachtlawaai", login="agent", default="Iets anders.")
    with pytest.raises(KBError):
        written(hamlet, slug="nachtlawaai", base=1)


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"text": ""}, InvalidDocument),
        ({"source": ""}, InvalidDocument),
        ({"text": "Bel {fact:onbekend}."}, InvalidDocument),
        ({"until": "straks"}, WorkflowError),
    ],
)
def test_answer_when_it_cannot_be_sent_leaves_nothing(
    hamlet: House, changed: dict[str, str], kind: type[KBError]
) -> None:
    """What is wrong is said, and no half text stays behind."""
    with pytest.raises(kind):
        written(hamlet, **changed)
    assert hamlet.engine.day.lines() == ()


def test_link_when_asked_again_is_only_for_what_still_waits(hamlet: House) -> None:
    """Nothing is asked about a text that was decided on."""
    link = written(hamlet)
    hamlet.engine.day.decide(link.secret, Move.VALIDATE, "")

    with pytest.raises(WrongState):
        hamlet.engine.day.link(hamlet.people["agent"], link.slug, "validator")
    with pytest.raises(SignInError):
        hamlet.engine.day.read(re.sub("^dag", "dog", link.secret))


@pytest.mark.parametrize("slug", ["dag", "dag-van-de-politie", "dag-20261121-abcdefg", "fiets-gestolen"])
def test_name_when_of_another_article_is_no_day_answer(slug: str) -> None:
    """Only names that this product gives make a day answer."""
    assert not is_day(Ref(Kind.ARTICLE, slug, "nl"))
