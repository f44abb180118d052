"""The people, the clock and the stories that the tests share.

A story is told in steps, parted by commas, and every step passes the guard unless the story is forged:

    story("save ann from=2026-06-01, submit ann, validate vera, wait 30, hold eve 1")

A step is a move, a person of the cast and, when it is not about the newest revision, its number; a save may set
the terms `from`, `until` and `review`. `wait 30` lets days pass and `at 2026-06-01` goes to the start of a local
day. Every step takes an hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kbengine.article import Kind, Ref, digest, local_time
from kbengine.history import Actor, Decision, History, Move, Published, Revision, Role, State
from kbengine.period import NO_TERMS, Terms, start_instant
from kbengine.validate import guard, live, state

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)  # a Monday morning in winter
STEP = timedelta(hours=1)

ANN = Actor("ann", frozenset({Role.EDITOR}))  # writes most texts
EVE = Actor("eve", frozenset({Role.EDITOR}))  # the second editor
VERA = Actor("vera", frozenset({Role.VALIDATOR}))  # vouches for them
VIC = Actor("vic", frozenset({Role.EDITOR, Role.VALIDATOR}))  # writes and vouches
ABE = Actor("abe", frozenset({Role.AGENT}))  # answers citizens
ADA = Actor("ada", frozenset({Role.ADMINISTRATOR}))  # runs the house
ROB = Actor("rob", frozenset({Role.READER}))  # only reads
CAST = {actor.person: actor for actor in (ANN, EVE, VERA, VIC, ABE, ADA, ROB)}

ARTICLE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
QUESTIONS = Ref(Kind.QUESTIONS, "fiets-gestolen")


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one text, and the moment at which we look."""

    history: History = field(default_factory=lambda: History(ARTICLE))
    now: datetime = NOW

    @property
    def live(self) -> Published | None:
        """What is live at the moment of looking."""
        return live(self.history, self.now, BRUSSELS)

    @property
    def live_number(self) -> int | None:
        """The number of the live revision, or None."""
        return self.live.number if self.live else None

    def state(self, number: int = 0) -> State:
        """The state of a revision, the newest by default."""
        return state(self.history, number or len(self.history.revisions), self.now, BRUSSELS)

    def saved(self, person: str, terms: Terms = NO_TERMS, text: str = "") -> Story:
        """The story with one more revision."""
        number = len(self.history.revisions) + 1
        text = text or f"Text {number}.\n"
        revision = Revision(
            self.history.ref, number, digest(self.history.ref, text), text, "diefstal", person, self.now, terms
        )
        return replace(self, history=replace(self.history, revisions=(*self.history.revisions, revision)))

    def decided(self, move: Move, person: str, number: int = 0) -> Story:
        """The story with one more decision, guarded by nothing."""
        revision = self.history.revision(number or len(self.history.revisions))
        seq = len(self.history.decisions) + 1
        decision = Decision(seq, self.history.ref, revision.number, revision.digest, move, person, self.now)
        return replace(self, history=replace(self.history, decisions=(*self.history.decisions, decision)))

    def guard(self, move: Move, actor: Actor, number: int = 0, seen: str = "") -> None:
        """Try a move on a revision, the newest by default; raises what the guard raises."""
        number = number or len(self.history.revisions)
        seen = seen or self.history.revision(number).digest
        guard(move, self.history, number, seen, actor, self.now, BRUSSELS)

    def until(self, instant: datetime) -> Story:
        """The story as it was known at an earlier instant."""
        revisions = tuple(revision for revision in self.history.revisions if revision.at <= instant)
        decisions = tuple(decision for decision in self.history.decisions if decision.at <= instant)
        return Story(replace(self.history, revisions=revisions, decisions=decisions), instant)


def story(steps: str, *, ref: Ref = ARTICLE) -> Story:
    """Tell a story in which everybody keeps to the rules."""
    return _tell(steps, ref, guarded=True)


def forged(steps: str, *, ref: Ref = ARTICLE) -> Story:
    """Tell a story that no guard has seen."""
    return _tell(steps, ref, guarded=False)


def _tell(steps: str, ref: Ref, *, guarded: bool) -> Story:
    told = Story(History(ref))
    for step in filter(None, (part.strip() for part in steps.split(","))):
        verb, who, *rest = step.split()
        if verb == "wait":
            told = replace(told, now=told.now + timedelta(days=float(who)))
        elif verb == "at":
            told = replace(told, now=start_instant(local_time(who), BRUSSELS))
        else:
            told = _act(told, Move(verb), CAST[who], rest, guarded=guarded)
            told = replace(told, now=told.now + STEP)
    return told


def _act(told: Story, move: Move, actor: Actor, rest: list[str], *, guarded: bool) -> Story:
    if move is Move.SAVE:
        return told.saved(actor.person, terms(*rest))
    number = int(rest[0]) if rest else 0
    if guarded:
        told.guard(move, actor, number)
    return told.decided(move, actor.person, number)


def terms(*words: str) -> Terms:
    """`from=2026-06-01`, `until=2026-06-30` and `review=6` as terms."""
    said = dict(word.split("=") for word in words)
    return Terms(
        valid_from=local_time(said["from"]) if "from" in said else None,
        valid_until=local_time(said["until"]) if "until" in said else None,
        review_months=int(said.get("review", 0)),
    )


HEADER = {
    "title": "Fiets gestolen",
    "audience": "public",
    "owner": "onthaal",
    "sources": "[https://www.politie.be/5441/fiets]",
    "review_months": "6",
}


def article_text(*lines: str, body: str = "Doe aangifte.", **keys: str) -> str:
    """An article file that reads well, with keys changed or added (None takes one out) and raw lines after them.

    The header begins on line 2; the five keys of HEADER come first, so the first raw line is line 7.
    """
    values = {key: value for key, value in {**HEADER, **keys}.items() if value is not None}
    header = [f"{key}: {value}" for key, value in values.items()]
    return "\n".join(["---", *header, *lines, "---", body]) + "\n"
