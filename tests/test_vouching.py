"""Whom a zone named to vouch, who stands in, how many sign, and the exception for a team of one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cast import ADA, ANN, ARTICLE, BRUSSELS, CAST, NOW, STEP, VERA, VIC, article_text, story
from homes import new_store

from kbengine.article import Kind, Ref, read_article, read_zone
from kbengine.errors import KBError, NotAllowed, WorkflowError, WrongState
from kbengine.history import Actor, Move, Role, State
from kbengine.journal import Absence, make_move, turn
from kbengine.period import Terms
from kbengine.validate import guard, live, state
from kbengine.vouching import TEAM_OF_ONE, Colleague, Rules, signers, who_could

ZONE = """\
name = "Zone"
[owners]
onthaal = "Onthaal"
verkeer = "Verkeer"
"""
NAMED = '[vouching.onthaal]\nvalidators = ["vera"]\ndeputies = ["vic"]\n'
TWO = '[[signatures]]\nnumber = 2\nurgency = "emergency"\n'
ZONE_REF = Ref(Kind.ZONE, "zone")
VAL = Actor("val", frozenset({Role.VALIDATOR}))


def colleague(actor, *, away=False):
    return Colleague(actor.person, actor.person, actor.person.title(), actor.roles, away)


TEAM = tuple(colleague(actor) for actor in (*CAST.values(), VAL))
VERA_AWAY = tuple(colleague(actor, away=actor is VERA) for actor in (*CAST.values(), VAL))


def rules(colleagues=TEAM, **more):
    named = {"validators": frozenset({"vera"}), "deputies": frozenset({"val"})}
    return Rules(colleagues, **named | more)


def refusal(told, move, actor, decided):
    try:
        guard(move, told.history, 1, told.history.revision(1).digest, actor, told.now, BRUSSELS, decided)
    except KBError as error:
        return error.code
    return ""


# --- the policy ---

UNSOUND = {
    "[vouching.nergens]\nvalidators = []": "zone.vouching",
    "[vouching.onthaal]\nvalidator = []": "zone.vouching",
    '[vouching.onthaal]\nvalidators = "vera"': "zone.vouching",
    '[vouching]\nteam_of_one = "nee"': "zone.vouching",
    "[[signatures]]\nnumber = 3": "zone.signatures",
    '[[signatures]]\nnumber = 2\nurgency = "soms"': "zone.signatures",
    '[[signatures]]\nurgency = "info"': "zone.signatures",
    "[signatures]\nnumber = 2": "zone.signatures",
}


@pytest.mark.parametrize(("lines", "code"), UNSOUND.items())
def test_zone_when_rules_of_vouching_are_unsound(lines, code):
    """A service, key, login or number that cannot be used is a problem on its line, never a guess."""
    zone, problems = read_zone(ZONE + lines, "zone.toml")

    assert zone is None
    assert [(problem.code, problem.line) for problem in problems] == [(code, 5)]


HEADERS = {"emergency sensitive": 2, "emergency neutral": 2, "info sensitive": 1, "today light": 1}


@pytest.mark.parametrize(("said", "number"), HEADERS.items())
def test_number_when_a_rule_holds(said, number):
    """A text needs as many signatures as the strictest rule that holds for it asks."""
    urgency, tone = said.split()
    one = '[[signatures]]\nnumber = 1\ntone = "sensitive"\n'
    zone, _ = read_zone(ZONE + TWO + one, "zone.toml")
    text = article_text(f"urgency: {urgency}", f"tone: {tone}")
    article = read_article(text, ARTICLE, "diefstal", "x", "nl").article

    assert number == zone.vouching.number(article.header)


# --- who may, of a text by ann that waits ---

WAITING = story("save ann, submit ann")
BY_VERA = story("save vera, submit ann")
WHO = [
    # story, rules, validator: refusal
    (WAITING, rules(), VERA, ""),
    (WAITING, rules(), VAL, "move.not-named"),
    (WAITING, rules(), VIC, "move.not-named"),
    (WAITING, rules(VERA_AWAY), VAL, ""),
    (WAITING, rules(VERA_AWAY), VIC, "move.not-named"),
    (WAITING, rules(VERA_AWAY), VERA, ""),
    (WAITING, rules(TEAM[:0]), VAL, ""),  # nobody of those named has an account
    (BY_VERA, rules(), VERA, "move.own-text"),
    (BY_VERA, rules(), VAL, ""),
    (BY_VERA, rules(alone=True), VERA, ""),
    (WAITING, rules(alone=True), VIC, "move.not-named"),
    (WAITING, Rules(TEAM), VIC, ""),
    (WAITING, rules(), ANN, "move.role"),
]


@pytest.mark.parametrize("move", [Move.VALIDATE, Move.RETURN])
@pytest.mark.parametrize(("told", "decided", "actor", "code"), WHO)
def test_guard_when_the_zone_named_who_vouches(told, decided, actor, code, move):
    """Only who was named; a deputy for whoever is away, gone or wrote it; anybody when nobody was named."""
    expected = "" if move is Move.RETURN and code == "move.own-text" else code

    assert expected == refusal(told, move, actor, decided)


def test_guard_when_refused_names_people_who_could():
    """No right and a wrong state are two refusals, and both name who could and from where."""
    with pytest.raises(NotAllowed, match=r"others.* This can: Vera\.") as named:
        guard(Move.VALIDATE, WAITING.history, 1, WAITING.history.revision(1).digest, VIC, NOW, BRUSSELS, rules())
    with pytest.raises(NotAllowed, match=r"This can: Vera\. Possible from: expired, in review, on hold\."):
        guard(Move.VALIDATE, WAITING.history, 1, WAITING.history.revision(1).digest, ADA, NOW, BRUSSELS, rules())
    told = story("save ann, submit ann, validate vera")
    with pytest.raises(WrongState, match=r"Possible from: in review\. This can: Vera\.") as state_refused:
        guard(Move.RETURN, told.history, 1, told.history.revision(1).digest, VERA, told.now, BRUSSELS, rules())

    assert (named.value.code, named.value.fields["who"]) == ("move.not-named", "Vera")
    assert (state_refused.value.code, state_refused.value.fields["from"]) == ("move.state", "in review")


def test_guard_when_nobody_is_left_says_so():
    """A refusal does not name who could not either."""
    alone = (colleague(VIC),)
    told = story("save vic, submit vic")

    assert who_could(Move.VALIDATE, told.history, 1, VIC.roles, Rules(alone)) == ()
    with pytest.raises(NotAllowed, match="This can: nobody"):
        guard(Move.VALIDATE, told.history, 1, told.history.revision(1).digest, VIC, told.now, BRUSSELS, Rules(alone))


# --- signatures ---

SIGNED = {
    "save ann, submit ann, sign vera": ("vera",),
    "save ann, submit ann, sign vera, sign val": ("vera", "val"),
    "save ann, submit ann, sign vera, return vera": (),
    "save ann, submit ann, sign vera, return vera, submit ann": (),
    "save ann, submit ann, sign vera, save vera": (),
    "save ann, submit ann, sign vera, save eve": ("vera",),
    "save ann, submit ann, sign vera, save eve, submit eve": ("vera",),
    "save ann, submit ann, sign vera, validate val": (),
}


@pytest.mark.parametrize(("steps", "people"), SIGNED.items())
def test_signers_when_history_is(steps, people, monkeypatch):
    """A signature counts until the text is sent back or again, and never that of somebody who wrote at it."""
    monkeypatch.setitem(CAST, "val", VAL)
    told = tell(steps)

    assert people == signers(told.history, 1)
    assert (told.live_number == 1) is ("validate" in steps)


def tell(steps):
    """A story whose first signatures no guard makes: they are written by `make_move` only."""
    told = story("save ann")
    for step in steps.split(", ")[1:]:
        verb, who = step.split()
        told = told.saved(who) if verb == "save" else told.decided(Move(verb), who, 0 if verb == "submit" else 1)
    return told


# --- in a store ---


@pytest.fixture
def store(tmp_path):
    """A store in which the cast has accounts, and a policy that names people."""
    made = new_store(tmp_path / "store", demo=True)
    yield made
    made.close()


class Desk:
    """The hands of a few people in one store, an hour after each other."""

    def __init__(self, store, policy):
        self.store, self.now = store, NOW
        people = [*CAST.values(), VAL]
        added = [store.accounts.add(one.person, one.person.title(), one.roles, at=NOW) for one in people]
        self.people = {person.login: person for person in added}
        self.save("ann", ZONE + policy, ZONE_REF, "")
        self.move("ann", Move.SUBMIT, ref=ZONE_REF)
        self.move("vera", Move.VALIDATE, ref=ZONE_REF)

    def save(self, who, text, ref=ARTICLE, theme="diefstal", terms=Terms()):  # noqa: B008 - frozen
        self.now += STEP
        with self.store.journal.write(self.now) as writer:
            base = len(writer.history(ref).revisions)
            writer.save(ref, text, theme, self.people[who].id, terms, base)

    def move(self, who, move, number=0, ref=ARTICLE, reason="Daarom"):
        self.now += STEP
        with self.store.journal.write(self.now) as writer:
            revision = writer.history(ref).revisions[number - 1]
            actor = self.people[who].actor
            made = make_move(writer, actor, ref, revision.number, revision.digest, move, reason, "nl", BRUSSELS)
        return made.move

    def refused(self, who, move, number=0):
        with pytest.raises(KBError) as error:
            self.move(who, move, number)
        return error.value.code

    def live(self):
        return live(self.store.journal.history(ARTICLE), self.now, BRUSSELS)

    def switch(self, who, *, on, hours=0):
        with self.store.journal.write(self.now) as writer:
            return turn(writer, self.people[who].actor, TEAM_OF_ONE, "Ik ben alleen", on=on, hours=hours)


def test_validate_when_somebody_was_named_in_a_store(store):
    """Policy, accounts and absences are read in the transaction that writes: the deputy acts while vera is away."""
    desk = Desk(store, NAMED)
    desk.save("ann", article_text())
    desk.move("ann", Move.SUBMIT)

    assert desk.refused("vic", Move.VALIDATE) == "move.not-named"
    vera = desk.people["vera"].id
    store.team.set_absence(Absence(vera, desk.now, desk.now + timedelta(hours=10)))
    assert Move.VALIDATE is desk.move("vic", Move.VALIDATE)
    desk.now += timedelta(hours=10)
    assert desk.refused("vic", Move.RENEW) == "move.not-named"
    assert Move.RENEW is desk.move("vera", Move.RENEW)


def test_validate_when_the_owner_is_changed_still_asks_who_vouched(store):
    """A text is not taken away from its service by naming another one in its header."""
    desk = Desk(store, NAMED)
    for who, text in (("ann", article_text()), ("ann", article_text(owner="verkeer"))):
        desk.save(who, text)
        desk.move(who, Move.SUBMIT)
        assert desk.refused("val", Move.VALIDATE) == "move.not-named"
        desk.move("vera", Move.VALIDATE)

    desk.save("ann", article_text(owner="verkeer", body="Nog iets."))
    desk.move("ann", Move.SUBMIT)
    assert Move.VALIDATE is desk.move("val", Move.VALIDATE)


def test_validate_when_two_must_sign(store):
    """An emergency text is live after the second signature, by two people who wrote none of it."""
    desk = Desk(store, TWO)
    desk.save("vic", article_text("urgency: emergency"))
    desk.move("vic", Move.SUBMIT)

    assert Move.SIGN is desk.move("vera", Move.VALIDATE)
    assert desk.live() is None
    assert State.IN_REVIEW is state(store.journal.history(ARTICLE), 1, desk.now, BRUSSELS)
    assert desk.refused("vera", Move.VALIDATE) == "move.signed"
    assert desk.refused("vic", Move.VALIDATE) == "move.own-text"
    assert Move.VALIDATE is desk.move("val", Move.VALIDATE)
    assert desk.live().number == 1
    store.verify()


def test_validate_when_urgency_is_lowered_needs_what_the_live_text_needed(store):
    """Nobody takes a text from under two signatures with one."""
    desk = Desk(store, TWO)
    for text in (article_text("urgency: emergency"), article_text()):
        desk.save("ann", text)
        desk.move("ann", Move.SUBMIT)
        assert Move.SIGN is desk.move("vera", Move.VALIDATE)
        assert Move.VALIDATE is desk.move("val", Move.VALIDATE)

    desk.save("ann", article_text(body="Nog iets."))
    desk.move("ann", Move.SUBMIT)
    assert Move.VALIDATE is desk.move("vera", Move.VALIDATE)


def test_team_of_one_when_on_lets_an_author_validate_and_marks_it(store):
    """An author may vouch while it is on; what they vouched for is marked until somebody else looked at it."""
    desk = Desk(store, TWO)
    desk.save("vic", article_text("urgency: emergency"))
    desk.move("vic", Move.SUBMIT)
    switch = desk.switch("ada", on=True, hours=72)

    assert desk.now + timedelta(hours=72) == switch.until
    assert Move.VALIDATE is desk.move("vic", Move.VALIDATE)
    assert desk.live().alone
    desk.switch("ada", on=False)
    assert desk.refused("vic", Move.RENEW) == "move.own-text"
    desk.move("vera", Move.RENEW)
    assert not desk.live().alone
    store.verify()


def test_team_of_one_when_its_hours_are_over_ends_by_itself(store):
    """At its last second it is on, at the next it is off, and can be switched on again."""
    desk = Desk(store, "")
    desk.save("vic", article_text())
    desk.move("vic", Move.SUBMIT)
    until = desk.switch("ada", on=True, hours=2).until
    switch = store.journal.switch(TEAM_OF_ONE)

    assert switch.stands(until - timedelta(microseconds=1))
    assert not switch.stands(until)
    desk.now = until - STEP
    assert desk.refused("vic", Move.VALIDATE) == "move.own-text"
    desk.switch("ada", on=True, hours=1)


@pytest.mark.parametrize(
    ("policy", "who", "hours", "code"),
    [
        ("", "vera", 2, "switch.role"),
        ("", "ada", 73, "switch.hours"),
        ("", "ada", 0, "switch.hours"),
        ("[vouching]\nteam_of_one = false\n", "ada", 2, "switch.forbidden"),
    ],
)
def test_team_of_one_when_it_may_not_be_switched_on(store, policy, who, hours, code):
    """Only by an administrator, for 72 hours at most, and never where the zone's policy forbids it."""
    desk = Desk(store, policy)

    with pytest.raises(WorkflowError) as refused:
        desk.switch(who, on=True, hours=hours)
    assert code == refused.value.code


def test_team_of_one_when_policy_forbids_it_later_is_off_at_once(store):
    """The policy is read with each move, so what was switched on before does not count any more."""
    desk = Desk(store, "")
    desk.save("vic", article_text())
    desk.move("vic", Move.SUBMIT)
    desk.switch("ada", on=True, hours=72)
    desk.save("ann", ZONE + "[vouching]\nteam_of_one = false\n", ZONE_REF, "")
    desk.move("ann", Move.SUBMIT, ref=ZONE_REF)
    desk.move("vera", Move.VALIDATE, ref=ZONE_REF)

    assert desk.refused("vic", Move.VALIDATE) == "move.own-text"
