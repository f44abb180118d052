"""A law changes: every answer of it looked at again in one act."""

from __future__ import annotations

import pytest
from test_impact import BIKE, FINE, NOISE
from web_app import sign_in

from kbengine.article import Kind, Ref
from kbengine.errors import Conflict, NotAllowed, NotFound, WorkflowError
from kbengine.history import Move
from web import create_app

SOURCE = "source:https://www.politie.be"
LAW = "Wordt nagekeken, een bron (politie.be): de wet is veranderd"


def recall(house, move=Move.FLAG, login="editor", reason=LAW, seen=None, asked=SOURCE):
    """One act on every answer of a source."""
    recalls = house.engine.recalls
    seen = recalls.seen(house.engine.impact.of(asked)) if seen is None else seen
    return recalls.act(house.people[login], asked, move, reason, seen)


def live(house):
    return {slug for slug in (BIKE, FINE, NOISE) if house.engine.room.read()[0].live(slug, house.engine.now())}


def test_answers_when_asked_to_be_looked_at_stay_live_with_a_mark(hamlet):
    """Each has its own logged decision with the reason; a renewal or validation of one takes its mark away."""
    assert recall(hamlet) == 3
    assert live(hamlet) == {BIKE, FINE, NOISE}
    assert [flag.reason for flag in hamlet.engine.recalls.open(BIKE)] == [LAW]

    hamlet.move("validator", Move.RENEW, Ref(Kind.ARTICLE, BIKE, "nl"))
    assert (hamlet.engine.recalls.open(BIKE), len(hamlet.engine.recalls.open(FINE))) == ((), 1)


def test_answers_when_held_are_out_until_validated_again(hamlet):
    """Nobody gets one any more, in any language, until somebody vouches for it."""
    assert recall(hamlet, Move.HOLD) == 3
    assert live(hamlet) == set()
    hamlet.move("validator", Move.VALIDATE, Ref(Kind.ARTICLE, FINE, "nl"))
    assert live(hamlet) == {FINE}


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"seen": "0" * 16}, Conflict),
        ({"reason": " "}, WorkflowError),
        ({"login": "agent", "move": Move.HOLD}, NotAllowed),
        ({"move": Move.ARCHIVE}, NotFound),
        ({"asked": "fact:zone_phone"}, NotFound),
    ],
)
def test_act_when_refused_writes_nothing(hamlet, how, error):
    """All of the decisions are written or none: what was not seen, without a reason, not theirs, of another kind."""
    before = hamlet.engine.room.store.journal.snapshot()[0]
    with pytest.raises(error):
        recall(hamlet, **how)
    assert (hamlet.engine.room.store.journal.snapshot()[0], live(hamlet)) == (before, {BIKE, FINE, NOISE})


def test_pages_when_an_answer_is_looked_at_say_so(hamlet):
    """From the summary to one act; then the desk and the article's page show the mark with the reason."""
    pages = create_app(hamlet.engine.settings)
    editor = sign_in(pages, "editor")
    summary = editor.page("/invloed?soort=source&naam=https://www.politie.be")
    seen = summary.split('name="seen" value="')[1].split('"')[0]
    form = {
        "subject": "source",
        "name": "https://www.politie.be",
        "move": "flag",
        "reason": "Nieuwe wet.",
        "seen": seen,
    }
    answer = editor.post("/invloed", form)
    desk = sign_in(pages, "agent").post("/", {"message": "mijn fiets is gestolen", "channel": "facebook"}).text
    article = editor.page(f"/fiche/{BIKE}/nl")
    pages.extensions["kbengine"].close()

    assert "3 geldige fiches" in summary
    assert answer.status_code == 303 and "ok=3" in answer.location
    assert "wordt nagekeken" in desk and "Nieuwe wet." in desk
    assert "Nagevraagd door" in article and "Nieuwe wet." in article
