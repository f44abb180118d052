"""Who may make which move, what is live because of it, and what nobody can bring about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cast import ABE, ADA, ANN, BRUSSELS, CAST, EVE, NOW, QUESTIONS, ROB, STEP, VERA, VIC, Story, story, terms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kbengine.article import Kind
from kbengine.errors import Conflict, NotAllowed, NotFound, WorkflowError, WrongState
from kbengine.history import Actor, Move, Role, State
from kbengine.period import NO_TERMS, end_instant, months_later, start_instant
from kbengine.translation import live_translation
from kbengine.validate import (
    MOVE_STATES,
    allowed_roles,
    live,
    next_change,
    open_flags,
    periods,
    possible_moves,
    publish,
    state,
    validations,
)
from kbengine.vouching import authors

V1 = "save ann, submit ann, validate vera"
V2 = f"{V1}, save eve, submit eve, validate vera"
HELD = f"{V1}, hold eve"
ARCHIVED = f"{V1}, archive eve"
REVIEWED = "save ann review=6, submit ann, validate vera"
ENDING = "save ann until=2026-03-31, submit ann, validate vera"
FUTURE = "save ann from=2026-06-01, submit ann, validate vera"
NEXT = f"{V1}, save eve from=2026-06-01, submit eve, validate vera"
HELD_NEXT = f"{HELD}, save eve from=2026-06-01, submit eve, validate vera"
OVERTAKEN = f"{NEXT}, save ann, submit ann, validate vera"

LIVE = {
    # steps: the number of the live revision after them
    "": None,
    "save ann": None,
    "save ann, submit ann": None,
    "save ann, submit ann, return vera": None,
    "save ann, submit ann, return vera, save ann, submit ann, validate vera": 2,
    "save ann, save ann, save eve": None,
    V1: 1,
    f"{V1}, wait 3650": 1,
    f"{V1}, save eve": 1,
    f"{V1}, save eve, submit eve": 1,
    f"{V1}, save eve, submit eve, return vera": 1,
    V2: 2,
    "save ann, submit ann, save eve, validate vera 1": 1,
    "save ann, submit ann, save eve, submit eve, validate vera 1, validate vera 2": 2,
    f"{V1}, flag abe": 1,
    # a start in the future
    FUTURE: None,
    f"{FUTURE}, at 2026-06-01": 1,
    NEXT: 1,
    f"{NEXT}, at 2026-05-31T23:59": 1,
    f"{NEXT}, at 2026-06-01": 2,
    OVERTAKEN: 3,
    f"{OVERTAKEN}, at 2026-06-02": 3,
    f"{V1}, save eve from=2025-06-01, submit eve, validate vera": 2,
    # an end
    f"{ENDING}, at 2026-03-31T23:59": 1,
    f"{ENDING}, at 2026-04-01": None,
    f"{V1}, save eve until=2026-03-31, submit eve, validate vera, at 2026-04-01": None,
    f"{REVIEWED}, at 2026-07-05T10:59": 1,
    f"{REVIEWED}, at 2026-07-05T12:01": None,
    f"{V1}, save eve review=1, submit eve, validate vera, wait 32": None,
    "save ann until=2026-02-01 review=6, submit ann, validate vera, at 2026-02-02": None,
    f"{ENDING}, save eve from=2026-05-01, submit eve, validate vera, at 2026-04-15": None,
    f"{ENDING}, save eve from=2026-05-01, submit eve, validate vera, at 2026-05-01": 2,
    # looked at again
    f"{REVIEWED}, wait 150, renew vera, wait 100": 1,
    f"{REVIEWED}, wait 150, renew vera, wait 100, renew vera, wait 150": 1,
    f"{REVIEWED}, wait 150, renew vera, wait 190": None,
    f"{REVIEWED}, wait 150, save eve, renew vera 1, wait 100": 1,
    f"{ENDING}, renew vera, at 2026-04-01": None,
    f"{REVIEWED}, wait 200, validate vera": 1,
    f"{REVIEWED}, wait 200, validate vera, wait 200": None,
    f"{REVIEWED}, wait 200, validate vera, wait 100, renew vera, wait 100": 1,
    f"{NEXT}, renew vera 1, at 2026-06-01": 2,
    # hold
    HELD: None,
    f"{HELD}, wait 400": None,
    f"{HELD}, validate vera": 1,
    f"{HELD}, save eve, submit eve": None,
    f"{HELD}, save eve, submit eve, validate vera": 2,
    HELD_NEXT: None,
    f"{HELD_NEXT}, at 2026-06-01": 2,
    f"{V2}, hold ada 2, wait 1, validate vera": 2,
    f"{NEXT}, hold eve 1, at 2026-06-02": None,
    f"{NEXT}, hold eve 2": None,
    f"{NEXT}, hold eve 2, validate vera 2, at 2026-06-01": 2,
    f"{REVIEWED}, hold eve, wait 10, validate vera, wait 180": 1,
    # archive
    ARCHIVED: None,
    f"{ARCHIVED}, save eve": None,
    f"{ARCHIVED}, save eve, submit eve": None,
    f"{ARCHIVED}, save eve, submit eve, validate vera": 2,
    f"{HELD}, archive eve, save eve, submit eve, validate vera": 2,
    "save ann, archive ann": None,
    f"{V1}, save eve, submit eve, archive ann 1": None,
}


@pytest.mark.parametrize(("steps", "expected"), LIVE.items())
def test_live_when_history_is(steps, expected):
    """The latest-validated revision whose start has passed is live, unless it has ended or was stopped."""
    assert expected == story(steps).live_number


STATES = {
    # steps: the state of each revision after them
    "save ann": (State.DRAFT,),
    "save ann, save eve": (State.SUPERSEDED, State.DRAFT),
    "save ann, submit ann": (State.IN_REVIEW,),
    "save ann, submit ann, save ann": (State.IN_REVIEW, State.DRAFT),
    "save ann, submit ann, return vera": (State.RETURNED,),
    "save ann, submit ann, return vera, submit ann": (State.IN_REVIEW,),
    V1: (State.VALIDATED,),
    V2: (State.SUPERSEDED, State.VALIDATED),
    f"{V1}, save eve": (State.VALIDATED, State.DRAFT),
    FUTURE: (State.SCHEDULED,),
    f"{FUTURE}, at 2026-06-01": (State.VALIDATED,),
    NEXT: (State.VALIDATED, State.SCHEDULED),
    f"{NEXT}, at 2026-06-01": (State.SUPERSEDED, State.VALIDATED),
    OVERTAKEN: (State.SUPERSEDED, State.SUPERSEDED, State.VALIDATED),
    f"{ENDING}, at 2026-02-28": (State.VALIDATED,),
    f"{ENDING}, at 2026-03-02": (State.REVIEW_DUE,),
    f"{ENDING}, at 2026-04-01": (State.EXPIRED,),
    f"{REVIEWED}, wait 150": (State.VALIDATED,),
    f"{REVIEWED}, wait 160": (State.REVIEW_DUE,),
    f"{REVIEWED}, wait 160, renew vera": (State.VALIDATED,),
    f"{REVIEWED}, wait 200": (State.EXPIRED,),
    f"{REVIEWED}, wait 200, validate vera": (State.VALIDATED,),
    f"{REVIEWED}, wait 200, save eve, submit eve, validate vera": (State.SUPERSEDED, State.VALIDATED),
    HELD: (State.ON_HOLD,),
    f"{HELD}, save eve": (State.ON_HOLD, State.DRAFT),
    f"{HELD}, wait 400": (State.ON_HOLD,),
    HELD_NEXT: (State.SUPERSEDED, State.SCHEDULED),
    f"{V2}, hold eve": (State.SUPERSEDED, State.ON_HOLD),
    f"{NEXT}, hold eve 1": (State.SUPERSEDED, State.ON_HOLD),
    ARCHIVED: (State.ARCHIVED,),
    f"{HELD}, archive eve": (State.ARCHIVED,),
    "save ann, archive ann": (State.ARCHIVED,),
    f"{V1}, save eve, archive ann 1": (State.ARCHIVED, State.ARCHIVED),
    f"{V1}, save eve, submit eve, archive ann 1": (State.ARCHIVED, State.ARCHIVED),
    f"{ARCHIVED}, save eve": (State.ARCHIVED, State.DRAFT),
    f"{ARCHIVED}, save eve, submit eve": (State.ARCHIVED, State.IN_REVIEW),
    f"{ARCHIVED}, save eve, submit eve, validate vera": (State.SUPERSEDED, State.VALIDATED),
    "save ann, submit ann, save eve, submit eve, validate vera 2": (State.SUPERSEDED, State.VALIDATED),
    "save ann, submit ann, return vera, save eve, submit eve, validate vera 2": (State.SUPERSEDED, State.VALIDATED),
}


@pytest.mark.parametrize(("steps", "expected"), STATES.items())
def test_state_when_history_is(steps, expected):
    """Every revision's state follows from the history and the moment."""
    told = story(steps)
    assert expected == tuple(told.state(number) for number in range(1, len(expected) + 1))


def test_state_when_no_such_revision():
    """Asking after a revision that is not there says which."""
    with pytest.raises(NotFound, match=r"fiets-gestolen\.nl has no revision 2"):
        story(V1).state(2)


# A story that ends in each state, about its first revision, and the moves that exist from there.
MEETINGS = {
    State.DRAFT: ("save ann", "submit archive"),
    State.IN_REVIEW: ("save ann, submit ann", "return validate archive"),
    State.RETURNED: ("save ann, submit ann, return vera", "submit archive"),
    State.SCHEDULED: (FUTURE, "archive hold flag"),
    State.VALIDATED: (V1, "renew archive hold flag"),
    State.REVIEW_DUE: (f"{REVIEWED}, wait 160", "renew archive hold flag"),
    State.SUPERSEDED: (V2, "archive"),
    State.EXPIRED: (f"{REVIEWED}, wait 200", "validate archive"),
    State.ON_HOLD: (HELD, "validate archive flag"),
    State.ARCHIVED: (ARCHIVED, ""),
}
ROLES = {
    Move.SAVE: "editor, validator",
    Move.SUBMIT: "editor, validator",
    Move.RETURN: "validator",
    Move.VALIDATE: "validator",
    Move.RENEW: "validator",
    Move.SIGN: "validator",
    Move.ARCHIVE: "editor, validator",
    Move.HOLD: "administrator, editor, validator",
    Move.FLAG: "administrator, agent, editor, validator",
}
DECISIONS = tuple(MOVE_STATES)
SHOWN = {State.VALIDATED, State.REVIEW_DUE}


@pytest.mark.parametrize("here", State)
def test_state_when_meeting_is_told(here):
    """The guard table below stands on a story for every state there is."""
    assert here == story(MEETINGS[here][0]).state(1)


@pytest.mark.parametrize("here", State)
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("role", Role)
def test_guard_when_role_meets_move_in_state(role, move, here):
    """First the role is asked, then the newest text, then the state; who and what fits passes."""
    steps, possible = MEETINGS[here]
    expected = "" if move.value in possible.split() else "move.state"
    if move is Move.SUBMIT and here is State.SUPERSEDED:
        expected = "revision.newer"
    if role.value not in ROLES[move]:
        expected = "move.role"
    assert expected == refusal(story(steps), move, Actor("zoë", frozenset({role})), 1)


@pytest.mark.parametrize("here", State)
@pytest.mark.parametrize("move", sorted(set(DECISIONS) - {Move.SUBMIT}))
def test_guard_when_state_is_wrong_names_it(move, here):
    """A refusal names the state and those from which the move is possible."""
    steps, possible = MEETINGS[here]
    if move.value in possible.split():
        return
    with pytest.raises(WrongState, match=f"Revision 1 .* is {here.value}: it cannot {move.value}") as refused:
        story(steps).guard(move, VERA, 1)
    assert ", ".join(sorted(MOVE_STATES[move])) == refused.value.fields["from"]
    assert refused.value.fields["from"] in refused.value.hint


def refusal(told, move, actor, number=0, seen=""):
    """The code of the refusal, or "" when the move passes."""
    try:
        told.guard(move, actor, number, seen)
    except WorkflowError as error:
        return error.code
    return ""


@pytest.mark.parametrize(("move", "roles"), ROLES.items())
def test_guard_when_refused_by_role_names_who_could(move, roles):
    """A reader may make no move at all, and is told who may."""
    with pytest.raises(NotAllowed, match=f"You may not {move.value} this text. This can: {roles}.") as refused:
        story(V1).guard(move, ROB)
    assert {"move": move.value, "who": roles} == {k: refused.value.fields[k] for k in ("move", "who")}


OWN = [
    # steps, move, actor, number, may
    ("save vic, submit vic", Move.VALIDATE, VIC, 1, False),
    ("save vic, submit vic", Move.VALIDATE, VERA, 1, True),
    ("save vic, submit ann", Move.VALIDATE, VIC, 1, False),
    ("save ann, submit vic", Move.VALIDATE, VIC, 1, True),
    ("save vic, save ann, submit ann", Move.VALIDATE, VIC, 2, False),
    ("save ann, submit ann, save vic", Move.VALIDATE, VIC, 1, False),
    ("save ann, submit ann, save vic, save ann", Move.VALIDATE, VIC, 1, False),
    (f"{V1}, save vic, submit vic", Move.VALIDATE, VIC, 2, False),
    (f"{V1}, save vic, save ann, submit ann", Move.VALIDATE, VIC, 3, False),
    ("save vic, submit vic, validate vera, save ann, submit ann", Move.VALIDATE, VIC, 2, True),
    ("save vic, submit vic, validate vera, hold eve", Move.VALIDATE, VIC, 1, False),
    (f"{HELD}, save vic", Move.VALIDATE, VIC, 1, False),
    (HELD, Move.VALIDATE, VIC, 1, True),
    ("save vic review=6, submit vic, validate vera, wait 200", Move.VALIDATE, VIC, 1, False),
    ("save vic, submit vic, validate vera", Move.RENEW, VIC, 1, False),
    ("save vic, submit vic, validate vera", Move.RENEW, VERA, 1, True),
    (f"{V1}, save vic", Move.RENEW, VIC, 1, False),
    (V1, Move.RENEW, VIC, 1, True),
    ("save vic, submit vic, validate vera, save ann, submit ann, validate vera", Move.RENEW, VIC, 2, True),
    ("save vic, submit vic", Move.RETURN, VIC, 1, True),
    ("save vic, submit vic, validate vera", Move.HOLD, VIC, 1, True),
]


@pytest.mark.parametrize(("steps", "move", "actor", "number", "may"), OWN)
def test_guard_when_person_had_a_hand_in_the_text(steps, move, actor, number, may):
    """Nobody validates or renews what they wrote since the last validation, in a newer draft included."""
    assert ("" if may else "move.own-text") == refusal(story(steps), move, actor, number)


def test_guard_when_author_has_every_role_still_refuses():
    """No role, nor all of them together, lifts four eyes."""
    everything = Actor("ann", frozenset(Role))
    with pytest.raises(NotAllowed, match=r"You had a hand in this text.* This can: validator\."):
        story("save ann, submit ann").guard(Move.VALIDATE, everything)


QUESTION_FILES = [
    ("save ann, submit ann", Move.VALIDATE, EVE, ""),
    ("save ann, submit ann", Move.VALIDATE, VERA, ""),
    ("save ann, submit ann", Move.VALIDATE, ANN, "move.own-text"),
    ("save ann, submit ann", Move.VALIDATE, ABE, "move.role"),
    ("save ann, submit ann", Move.VALIDATE, ADA, "move.role"),
    ("save ann, submit ann", Move.RETURN, EVE, ""),
    ("save ann, submit ann, validate eve", Move.RENEW, EVE, ""),
    ("save ann, submit ann, validate eve", Move.RENEW, ANN, "move.own-text"),
]


@pytest.mark.parametrize(("steps", "move", "actor", "code"), QUESTION_FILES)
def test_guard_when_text_is_a_question_file(steps, move, actor, code):
    """Any second editor accepts how people ask; the writer does not."""
    assert code == refusal(story(steps, ref=QUESTIONS), move, actor)


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.QUESTIONS}))
def test_allowed_roles_when_not_a_question_file(kind):
    """Every other kind of text needs a validator."""
    assert frozenset({Role.VALIDATOR}) == allowed_roles(Move.VALIDATE, kind)


@pytest.mark.parametrize("move", DECISIONS)
def test_guard_when_text_is_not_the_one_seen(move):
    """A decision on another digest than the revision's is refused, whatever the move."""
    told = story(f"{V1}, save eve, submit eve")
    seen = told.history.revision(1).digest
    with pytest.raises(Conflict, match=r"Revision 2 of .* is not the text you saw\. Read it again"):
        told.guard(move, Actor("zoë", frozenset(Role)), 2, seen)


def test_guard_when_three_people_try_the_same_text():
    """The author and the agent may not, the validator with an old text is late (N30)."""
    told = story(f"{V1}, save ann, submit ann")
    old = told.history.revision(1).digest
    tried = [refusal(told, Move.VALIDATE, actor, 2, seen) for actor, seen in ((ANN, ""), (ABE, ""), (VERA, old))]
    assert tried == ["move.role", "move.role", "revision.changed"]


@pytest.mark.parametrize("steps", ["save ann, save eve", "save ann, submit ann, return vera, save eve"])
def test_guard_when_submitting_an_overtaken_draft(steps):
    """Somebody saved a newer text: that one goes to the validator."""
    with pytest.raises(Conflict, match=r"has a newer revision, 2\. Submit that one\.") as refused:
        story(steps).guard(Move.SUBMIT, ANN, 1)
    assert refused.value.fields == {"newer": "2"}


def test_guard_when_validating_older_than_the_validated_one():
    """Going back to an old text is a new revision, also for one that still stood in review."""
    told = story("save ann, submit ann, save eve, submit eve, validate vera 2")
    with pytest.raises(WrongState, match=r"Revision 1 of .* is superseded: it cannot validate"):
        told.guard(Move.VALIDATE, VERA, 1)


@pytest.mark.parametrize(
    ("steps", "move"),
    [
        ("save ann until=2025-12-31", Move.SUBMIT),
        ("save ann until=2026-01-31, submit ann, wait 60", Move.VALIDATE),
        (f"{ENDING}, at 2026-04-01", Move.VALIDATE),
        (f"{ENDING}, hold eve, at 2026-04-01", Move.VALIDATE),
    ],
)
def test_guard_when_the_period_is_over(steps, move):
    """A text whose last day is past is not vouched for again as it stands."""
    with pytest.raises(WrongState, match=r"The period of revision 1 .* is over\. Save it with a later valid_until"):
        story(steps).guard(move, VERA)


def test_guard_when_asked_for_a_save_refuses():
    """A save makes a revision and is no decision, whatever a form says."""
    with pytest.raises(WrongState, match=r"it cannot save\. Possible from: no state"):
        story(V1).guard(Move.SAVE, ANN)


def test_guard_when_no_such_revision():
    """A decision on a revision that is not there is not found."""
    with pytest.raises(NotFound, match="no revision 7"):
        story(V1).guard(Move.HOLD, VERA, 7, "x")


POSSIBLE = [
    ("save ann", ANN, {Move.SUBMIT, Move.ARCHIVE}),
    ("save ann", VERA, {Move.SUBMIT, Move.ARCHIVE}),
    ("save ann, submit ann", ANN, {Move.ARCHIVE}),
    ("save ann, submit ann", VERA, {Move.RETURN, Move.VALIDATE, Move.ARCHIVE}),
    ("save ann, submit ann, save vic", VIC, {Move.RETURN, Move.ARCHIVE}),
    (V1, ANN, {Move.ARCHIVE, Move.HOLD, Move.FLAG}),
    (V1, VERA, {Move.RENEW, Move.ARCHIVE, Move.HOLD, Move.FLAG}),
    (V1, ABE, {Move.FLAG}),
    (V1, ADA, {Move.HOLD, Move.FLAG}),
    (V1, ROB, set()),
    (HELD, VERA, {Move.VALIDATE, Move.ARCHIVE, Move.FLAG}),
    (ARCHIVED, VERA, set()),
]


@pytest.mark.parametrize(("steps", "actor", "expected"), POSSIBLE)
def test_possible_moves_when_person_looks(steps, actor, expected):
    """A page offers the moves that would pass, in the order of the table."""
    told = story(steps)
    found = possible_moves(told.history, 1, actor, told.now, BRUSSELS)
    assert [move for move in MOVE_STATES if move in expected] == list(found)


@pytest.mark.parametrize(
    ("steps", "number", "expected"),
    [
        ("save ann", 1, {"ann"}),
        ("save ann, save eve, save ann", 2, {"ann", "eve"}),
        (f"{V1}, save eve", 1, {"ann", "eve"}),
        (f"{V1}, save eve", 2, {"eve"}),
        (f"{V2}, save vic", 3, {"vic"}),
        (f"{V2}, save vic", 2, {"eve", "vic"}),
        (f"{REVIEWED}, wait 200, validate vera, save eve", 1, {"ann", "eve"}),
        (f"{HELD}, save eve", 2, {"eve"}),
        (f"{V1}, save eve, submit eve, return vera, save ann", 3, {"eve", "ann"}),
    ],
)
def test_authors_when_texts_were_saved(steps, number, expected):
    """Everybody who saved since the validated revision before it, later drafts included."""
    assert expected == authors(story(steps).history, number)


FLAGS = {
    V1: 0,
    f"{V1}, flag abe": 1,
    f"{V1}, flag abe, flag eve": 2,
    f"{V1}, flag abe, save eve, submit eve": 1,
    f"{V1}, flag abe, save eve, submit eve, return vera": 1,
    f"{V1}, flag abe, save eve, submit eve, validate vera": 0,
    f"{V1}, flag abe, renew vera": 0,
    f"{V1}, flag abe, hold eve": 0,
    f"{V1}, flag abe, hold eve, flag abe": 1,
    f"{V1}, flag abe, archive eve": 0,
    f"{V1}, flag abe, renew vera, flag eve": 1,
}


@pytest.mark.parametrize(("steps", "expected"), FLAGS.items())
def test_open_flags_when_answered_close(steps, expected):
    """A flag stays open until somebody validates, renews, holds or archives."""
    assert expected == len(open_flags(story(steps).history.decisions))


def day(instant):
    """An instant as the local month and day, or None."""
    return f"{instant.astimezone(BRUSSELS):%m-%d}" if instant else None


PERIODS = {
    "save ann, submit ann": [],
    V1: [(1, "01-05", None)],
    f"{V1}, wait 10, save eve, submit eve, validate vera": [(1, "01-05", "01-15"), (2, "01-15", None)],
    FUTURE: [],
    f"{FUTURE}, at 2026-06-02": [(1, "06-01", None)],
    NEXT: [(1, "01-05", None)],
    f"{NEXT}, at 2026-06-02": [(1, "01-05", "06-01"), (2, "06-01", None)],
    f"{NEXT}, hold eve 2, at 2026-06-02": [(1, "01-05", "01-05")],
    f"{OVERTAKEN}, at 2026-06-02": [(1, "01-05", "01-05"), (3, "01-05", None)],
    f"{ENDING}, at 2026-04-02": [(1, "01-05", "04-01")],
    f"{V1}, wait 5, hold eve, wait 5, validate vera": [(1, "01-05", "01-10"), (1, "01-15", None)],
    f"{V1}, wait 5, archive eve": [(1, "01-05", "01-10")],
    f"{REVIEWED}, wait 200, validate vera": [(1, "01-05", "07-05"), (1, "07-24", None)],
    f"{REVIEWED}, wait 100, renew vera, wait 190": [(1, "01-05", "10-15")],
    f"{REVIEWED}, save eve from=2026-09-01, submit eve, validate vera, wait 100, renew vera 1, at 2026-08-01": [
        (1, "01-05", None)
    ],
}


@pytest.mark.parametrize(("steps", "expected"), PERIODS.items())
def test_periods_when_history_is_long(steps, expected):
    """Each published revision with when it began and when it stopped, if it did."""
    told = story(steps)
    spans = periods(told.history, told.now, BRUSSELS)
    assert expected == [(published.number, day(published.start), day(stop)) for published, stop in spans]


TRANSLATIONS = [
    # the first language, the terms it gives, the translation, live number and end at a moment
    (V1, NO_TERMS, V1, 1, None),
    ("save ann", NO_TERMS, V1, None, None),
    (HELD, NO_TERMS, V1, None, None),
    (V1, NO_TERMS, HELD, None, None),
    (V1, NO_TERMS, "save ann, submit ann", None, None),
    (ENDING, terms("until=2026-03-31"), V1, 1, "2026-04-01"),
    (REVIEWED, terms("review=6"), V1, 1, "2026-07-05"),
    (f"{REVIEWED}, wait 1, renew vera", terms("review=6"), V1, 1, "2026-07-05"),
    (V1, terms("from=2026-06-01"), V1, None, None),
    (REVIEWED, terms("review=6"), f"wait 30, {V1}", 1, "2026-07-05"),
    (V1, terms("review=6"), "wait 3, save ann review=1, submit ann, validate vera", 1, "2026-07-08"),
]


@pytest.mark.parametrize(("first", "given_terms", "translated", "number", "end"), TRANSLATIONS)
def test_live_translation_when_first_language_is(first, given_terms, translated, number, end):
    """A translation is live under a live first language, with that one's terms and not beyond its end."""
    leading, following = story(first), story(translated)
    now = max(leading.now, following.now)
    published = live_translation(following.history, live(leading.history, now, BRUSSELS), given_terms, now, BRUSSELS)
    assert number == (published.number if published else None)
    assert end == (f"{published.end.astimezone(BRUSSELS):%Y-%m-%d}" if published and published.end else None)


def test_live_when_decision_names_another_digest():
    """A text that was swapped after its validation is not live, and neither is an older one."""
    told = story(V2)
    swapped = replace(told.history.revisions[1], digest="0" * 64, text="Iets anders.\n")
    history = replace(told.history, revisions=(told.history.revisions[0], swapped))
    assert live(history, told.now, BRUSSELS) is None
    assert state(history, 2, told.now, BRUSSELS) not in SHOWN


def test_live_when_published_names_its_period():
    """The published value holds the revision and the instants it was decided by."""
    published = story("save ann from=2026-01-01 until=2026-03-31 review=6, submit ann, validate vera").live
    assert published is not None
    assert NOW + 2 * STEP == published.validated_at == published.start
    assert datetime(2026, 3, 31, 22, tzinfo=UTC) == published.end
    assert datetime(2026, 7, 5, 10, tzinfo=UTC) - timedelta(hours=1) == published.review_at


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("save ann", None),
        (V1, None),
        (FUTURE, "2026-06-01 00:00"),
        (ENDING, "2026-04-01 00:00"),
        (f"{ENDING}, at 2026-04-01", None),
        (f"{ENDING}, hold eve", None),
        (f"{ENDING}, save eve from=2026-02-01, submit eve, validate vera", "2026-02-01 00:00"),
        (REVIEWED, "2026-07-05 11:00"),
        (f"{REVIEWED}, wait 100, renew vera", "2026-10-15 13:00"),
    ],
)
def test_next_change_when_nobody_decides(steps, expected):
    """The builder looks again at the next start or end."""
    told = story(steps)
    instant = next_change(told.history, told.now, BRUSSELS)
    assert expected == (f"{instant.astimezone(BRUSSELS):%Y-%m-%d %H:%M}" if instant else None)


DAYS = st.dates(datetime(2025, 12, 1).date(), datetime(2027, 1, 31).date())
TERMS = st.builds(
    lambda first, last, review: terms(
        *([f"from={first}"] if first else []), *([f"until={last}"] if last else []), f"review={review}"
    ),
    st.none() | DAYS,
    st.none() | DAYS,
    st.sampled_from([0, 1, 6]),
)
PEOPLE = st.sampled_from([ANN, EVE, VERA, VIC])


@st.composite
def histories(draw):
    """A story of random moves by random people, of which those that the guard lets pass happened."""
    told = Story()
    for _ in range(draw(st.integers(1, 14))):
        actor, move = draw(PEOPLE), draw(st.sampled_from([*Move, Move.SAVE, Move.SUBMIT, Move.VALIDATE]))
        told = replace(told, now=told.now + timedelta(hours=draw(st.sampled_from([1, 30, 1000]))))
        if move is Move.SAVE or not told.history.revisions:
            told = told.saved(actor.person, draw(TERMS))
            continue
        number = draw(st.integers(1, len(told.history.revisions)))
        if not refusal(told, move, actor, number):
            told = told.decided(move, actor.person, number)
    return told


MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(histories(), st.floats(0, 1), st.integers(0, 400))
def test_live_between_now_and_next_change_is_constant(told, share, days):
    """Until the next change nothing begins or ends, so the builder may sleep."""
    now = told.now + timedelta(days=days)
    change = next_change(told.history, now, BRUSSELS) or now + timedelta(days=5_000)
    before = [now + (change - now) * share, change - timedelta(microseconds=1)]
    published = live(told.history, now, BRUSSELS)
    assert [published, published] == [live(told.history, instant, BRUSSELS) for instant in before]


@MANY
@given(histories(), st.integers(0, 400))
def test_periods_when_replayed_agree_with_live(told, days):
    """The history that is shown is what was live at each of those moments, by what was known then."""
    now = told.now + timedelta(days=days)
    spans = periods(told.history, now, BRUSSELS)
    edges = {decision.at for decision in told.history.decisions} | {now}
    edges |= {instant for published, stop in spans for instant in (published.start, stop) if instant}
    for instant in sorted(edges):
        for moment in (instant - timedelta(microseconds=1), instant):
            shown = [p.number for p, stop in spans if p.start <= moment and (stop is None or moment < stop)]
            assert ([] if (number := told.until(moment).live_number) is None else [number]) == shown


@MANY
@given(histories(), st.integers(0, 800))
def test_state_when_live_agrees_with_live(told, days):
    """One revision at most is validated or review due, and it is the live one."""
    now = told.now + timedelta(days=days)
    numbers = [revision.number for revision in told.history.revisions]
    states = {number: state(told.history, number, now, BRUSSELS) for number in numbers}
    published = live(told.history, now, BRUSSELS)
    shown = [number for number, found in states.items() if found in SHOWN]
    assert ([published.number] if published else []) == shown


@MANY
@given(histories())
def test_scheduled_when_its_start_comes_is_live_or_over(told):
    """What is called scheduled is what live() chooses at its start."""
    for revision in told.history.revisions:
        if told.state(revision.number) is State.SCHEDULED:
            decision = [d for d in validations(told.history) if d.number == revision.number][-1]
            start = publish(told.history, decision, BRUSSELS).start
            assert state(told.history, revision.number, start, BRUSSELS) in SHOWN | {State.EXPIRED}


VOUCHING = {Move.VALIDATE, Move.RENEW}
EVERYBODY = st.sampled_from([*CAST.values(), Actor("ann", frozenset(Role)), Actor("eve", frozenset(Role))])


class Webcare(RuleBasedStateMachine):
    """Random people, some of them hostile, at one text; what the guard lets pass happens, and the clock goes on."""

    def __init__(self):
        super().__init__()
        self.told = Story()
        self.highest = 0

    @initialize(actor=PEOPLE, said=TERMS)
    def begin(self, actor, said):
        """There is a first text."""
        self.save(actor, said)

    @rule(hours=st.sampled_from([1, 24, 700, 2_000]))
    def wait(self, hours):
        """Time passes."""
        self.told = replace(self.told, now=self.told.now + timedelta(hours=hours))

    @rule(actor=PEOPLE, said=TERMS)
    def save(self, actor, said):
        """Somebody saves a text."""
        self.told = replace(self.told.saved(actor.person, said), now=self.told.now + STEP)

    @rule(data=st.data(), actor=EVERYBODY, move=st.sampled_from(Move))
    def try_move(self, data, actor, move):
        """Somebody tries a move on any revision."""
        self.attempt(move, actor, data.draw(st.integers(1, len(self.told.history.revisions))))

    @rule(submits=EVERYBODY, validates=EVERYBODY)
    def bring_to_validation(self, submits, validates):
        """The newest text goes the usual way, by whoever tries."""
        self.attempt(Move.SUBMIT, submits)
        self.attempt(Move.VALIDATE, validates)

    @rule(actor=EVERYBODY, move=st.sampled_from(Move), seen=st.sampled_from(["0" * 64, "stale"]))
    def try_stale(self, actor, move, seen):
        """A decision on a text that was not the one seen never passes."""
        if seen == "stale":
            seen = self.told.saved("eve", text="Een andere tekst.\n").history.revisions[-1].digest
        assert refusal(self.told, move, actor, 0, seen) in {"move.role", "revision.changed"}

    def attempt(self, move, actor, number=0):
        """Make the move when the guard lets it."""
        if not refusal(self.told, move, actor, number):
            self.told = replace(self.told.decided(move, actor.person, number), now=self.told.now + STEP)

    @invariant()
    def live_text_was_validated_as_it_stands(self):
        """A live text has a validation that names its number and digest."""
        published = self.told.live
        made = {(d.number, d.digest) for d in self.told.history.decisions if d.move is Move.VALIDATE}
        assert published is None or (published.number, published.digest) in made

    @invariant()
    def nobody_vouched_for_own_text(self):
        """Who validated or renewed saved nothing since the validation before."""
        history, validated = self.told.history, [0]
        for decision in history.decisions:
            if decision.move in VOUCHING:
                since = max(number for number in validated if number < decision.number)
                saved = [r for r in history.revisions if r.number > since and r.at <= decision.at]
                assert decision.actor not in {revision.author for revision in saved}
            if decision.move is Move.VALIDATE:
                validated.append(decision.number)

    @invariant()
    def nothing_is_live_after_a_stop(self):
        """After a hold or archive nothing is live until somebody validates."""
        moves = [d.move for d in self.told.history.decisions if d.move in {Move.VALIDATE, Move.HOLD, Move.ARCHIVE}]
        assert self.told.live is None or moves[-1] is Move.VALIDATE

    @invariant()
    def live_text_is_in_its_period(self):
        """Not before its start, not after its last day, not after its review date."""
        published = self.told.live
        if published is None:
            return
        said, now = self.told.history.revision(published.number).terms, self.told.now
        vouched = [d.at for d in self.told.history.decisions if d.number == published.number and d.move in VOUCHING]
        assert said.valid_from is None or start_instant(said.valid_from, BRUSSELS) <= now
        assert said.valid_until is None or now < end_instant(said.valid_until, BRUSSELS)
        assert not said.review_months or now < months_later(max(vouched), said.review_months, BRUSSELS)

    @invariant()
    def older_text_never_returns(self):
        """The number of the live text only ever grows."""
        number = self.told.live_number or self.highest
        assert number >= self.highest
        self.highest = number


TestWebcare = Webcare.TestCase
TestWebcare.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_validate_is_refused_when_the_text_would_end_before_it_starts():
    """A text whose review date comes before its start would never be live, and would blank the one before it."""
    with pytest.raises(WrongState, match="starts after its review date"):
        story("save ann from=2026-06-01 review=2, submit ann, validate vera")
