"""Random stories on a real store: what is live is what a plain model says, and somebody else vouched for it.

Time is told by the journal itself: the stories play in 2040, where the last line is always ahead of the clock.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cast import ANN, BRUSSELS, CAST, VERA, article_text, terms
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import event as sql_event

from kbengine.article import Kind, Ref, digest
from kbengine.edition import Catalog, Current, gather
from kbengine.errors import Conflict, NotAllowed, WorkflowError, WrongState
from kbengine.history import History, Move, Role
from kbengine.journal import Store, create, make_move, open_store
from kbengine.period import NO_TERMS, Terms, months_later
from kbengine.validate import live

BEGIN = datetime(2040, 1, 2, 9, 0, tzinfo=UTC)
BIKE, FRENCH = Ref(Kind.ARTICLE, "fiets", "nl"), Ref(Kind.ARTICLE, "fiets", "fr")
CARD, ASKED, PHONE = Ref(Kind.ARTICLE, "bankkaart", "nl"), Ref(Kind.QUESTIONS, "fiets"), Ref(Kind.FACT, "zone_phone")
REFS = (BIKE, FRENCH, CARD, ASKED, PHONE)
ZONE = 'name = "Proefzone"\nlanguages = ["nl", "fr"]\ntimezone = "Europe/Brussels"\n[owners]\nonthaal = "Onthaal"\n'
STALE = "0" * 64

EDIT, VOUCH = {Role.EDITOR, Role.VALIDATOR}, {Role.VALIDATOR}
MAY = {
    Move.SUBMIT: EDIT,
    Move.RETURN: VOUCH,
    Move.VALIDATE: VOUCH,
    Move.RENEW: VOUCH,
    Move.ARCHIVE: EDIT,
    Move.HOLD: EDIT | {Role.ADMINISTRATOR},
    Move.FLAG: EDIT | {Role.ADMINISTRATOR, Role.AGENT},
}
# What makes a story go on stands here more than once.
MOVES = (Move.SUBMIT, Move.SUBMIT, Move.VALIDATE, Move.VALIDATE, *MAY)
PEOPLE = ("ann", "ann", "eve", "vera", "vera", "vic", "abe", "ada", "rob")
PERIODS = ({}, {}, {"from": 9}, {"from": -3}, {"until": 4}, {"until": 40}, {"from": 2, "until": 20})
PASSED: Counter[str] = Counter()


@dataclass
class Vouched:
    """A revision somebody vouched for: from when, since when, under which terms."""

    number: int
    start: datetime
    since: datetime
    terms: Terms


@dataclass
class Model:
    """One text as a plain list of what was saved and what counts."""

    texts: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    terms: list[Terms] = field(default_factory=list)
    vouched: list[Vouched] = field(default_factory=list)
    ever: set[int] = field(default_factory=set)

    def hands(self, number: int) -> set[str]:
        """Who had a hand in a revision: everybody who saved since the validated one before it."""
        before = max((n for n in self.ever if n < number), default=0)
        return set(self.authors[before:])

    def decide(self, move: Move, number: int, now: datetime) -> None:
        """What a move that was let through changes."""
        if move is Move.VALIDATE:
            self.vouched.append(Vouched(number, now, now, self.terms[number - 1]))
            self.ever.add(number)
        if move in (Move.VALIDATE, Move.RENEW):
            for vouched in self.vouched:
                vouched.since = now if vouched.number == number else vouched.since
        if move in (Move.ARCHIVE, Move.HOLD):
            self.vouched.clear()

    def live(self, now: datetime, under: Terms | None = None) -> Vouched | None:
        """The last revision vouched for that has begun, unless it is over; `under` is a translation's first's terms."""
        begun = [v for v in self.vouched if max(v.start, _begin(under or v.terms)) <= now]
        if not begun or _end(under or begun[-1].terms, begun[-1].since) <= now:
            return None
        return begun[-1]


def _begin(terms: Terms) -> datetime:
    return terms.valid_from.moment.replace(tzinfo=BRUSSELS) if terms.valid_from else BEGIN


def _end(terms: Terms, since: datetime) -> datetime:
    never = BEGIN + timedelta(days=9_999)
    until = terms.valid_until
    last = (until.moment + timedelta(days=1)).replace(tzinfo=BRUSSELS) if until else never
    return min(last, months_later(since, terms.review_months, BRUSSELS) if terms.review_months else never)


@lru_cache(maxsize=1)
def template() -> Path:
    """A store with a validated policy, made once and copied for each story."""
    place = Path(tempfile.mkdtemp(prefix="kb-story-"))
    store, zone = create(place / "store", demo=True), Ref(Kind.ZONE, "zone")
    with store.journal.write(BEGIN) as writer:
        seen = writer.save(zone, ZONE, "", "ann", NO_TERMS, 0).digest
        for actor, move in ((ANN, Move.SUBMIT), (VERA, Move.VALIDATE)):
            make_move(writer, actor, zone, 1, seen, move, "", "nl", BRUSSELS)
    store.close()
    return store.directory


def open_fast(directory: Path) -> Store:
    """The store with the same settings as ever, but for waiting for the disk."""
    store = open_store(directory)
    store.close()
    sql_event.listen(store.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    return store


class Stories(RuleBasedStateMachine):
    """People write, vouch, flag and forget, some of them out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="kb-story-"))
        shutil.copytree(template(), self.place / "store")
        self.store = open_fast(self.place / "store")
        self.current = Current(self.store.journal)
        self.now, self.steps = BEGIN, 0
        self.models = {ref: Model() for ref in REFS}

    def teardown(self) -> None:
        """The whole chain holds at the end of every story."""
        self.store.verify()
        self.store.close()
        shutil.rmtree(self.place)

    @initialize(months=st.sampled_from([1, 6, 12]))
    def somebody_begins(self, months: int) -> None:
        """Every story begins with texts that are live."""
        for ref in REFS:
            self._save(ref, "ann", terms(f"review={months}") if ref in (BIKE, CARD) else NO_TERMS, 0)
            self._decide(ref, "ann", Move.SUBMIT, 1, stale=False)
            self._decide(ref, "vera", Move.VALIDATE, 1, stale=False)
            assert self.models[ref].ever == {1}

    @rule(
        ref=st.sampled_from(REFS),
        who=st.sampled_from(["ann", "eve", "vera", "vic"]),
        days=st.sampled_from(PERIODS),
        months=st.sampled_from([1, 6, 12]),
        behind=st.sampled_from([0, 0, 0, 1]),
    )
    def save(self, ref: Ref, who: str, days: dict[str, int], months: int, behind: int) -> None:
        """Somebody saves, sometimes on top of a text that is not the newest."""
        today = self.now.astimezone(BRUSSELS).date()
        period = [f"{key}={date.isoformat(today + timedelta(days=count))}" for key, count in days.items()]
        self._save(ref, who, terms(*period, f"review={months}") if ref in (BIKE, CARD) else NO_TERMS, behind)

    @rule(
        ref=st.sampled_from(REFS),
        who=st.sampled_from(PEOPLE),
        move=st.sampled_from(MOVES),
        older=st.sampled_from([0, 0, 0, 1, 2]),
        stale=st.sampled_from([False, False, False, False, True]),
    )
    def decide(self, ref: Ref, who: str, move: Move, older: int, stale: bool) -> None:
        """Somebody makes a move, allowed or not, mostly on the newest text, sometimes on one they did not see."""
        number = len(self.models[ref].texts) - older
        if number > 0:
            self._decide(ref, who, move, number, stale=stale)

    @rule(ref=st.sampled_from(REFS), back=st.booleans(), meddles=st.sampled_from([False, False, True]))
    def somebody_vouches(self, ref: Ref, back: bool, meddles: bool) -> None:
        """A newest text goes all the way, or back to its author; a validator who saved over it meanwhile may not."""
        number = len(self.models[ref].texts)
        self._decide(ref, "eve", Move.SUBMIT, number, stale=False)
        if meddles:
            self._save(ref, "vera", self.models[ref].terms[-1], 0)
        self._decide(ref, "vera", Move.RETURN if back else Move.VALIDATE, number, stale=False)

    @rule(
        ref=st.sampled_from(REFS), who=st.sampled_from(PEOPLE), move=st.sampled_from([Move.RENEW, Move.FLAG, Move.HOLD])
    )
    def somebody_looks_again(self, ref: Ref, who: str, move: Move) -> None:
        """The text that was vouched for last still holds, or not."""
        if self.models[ref].vouched:
            self._decide(ref, who, move, self.models[ref].vouched[-1].number, stale=False)

    @rule(forward=st.sampled_from([timedelta(minutes=5), *(timedelta(days=days) for days in (1, 2, 3, 20, 40, 200))]))
    def time_passes(self, forward: timedelta) -> None:
        """The clock goes on; a line that is no text's tells the journal."""
        self.now += forward
        with self.store.journal.write(self.now) as writer:
            writer.set_roles("rob", [Role.READER], by="ada")

    @rule(back=st.timedeltas(timedelta(0), timedelta(days=400)))
    def the_clock_jumps_back(self, back: timedelta) -> None:
        """A clock that is wrong writes at the last line's moment."""
        with self.store.journal.write(self.now - back) as writer:
            writer.set_roles("rob", [Role.READER], by="ada")
            assert writer.now == self.now

    @rule()
    def everybody_goes_home(self) -> None:
        """The store is closed and opened again, by a process that knows nothing yet."""
        self.store.close()
        self.store = open_fast(self.place / "store")
        self.current = Current(self.store.journal)

    def _save(self, ref: Ref, who: str, terms: Terms, behind: int) -> None:
        model = self.models[ref]
        base, text = len(model.texts) - behind, _text(ref, f"Tekst {len(model.texts) + 1}.", terms)
        try:
            with self.store.journal.write(self.now) as writer:
                writer.save(ref, text, "diefstal", who, terms, base)
        except Conflict:
            assert behind
            return
        assert not behind
        model.texts.append(text)
        model.authors.append(who)
        model.terms.append(terms)

    def _decide(self, ref: Ref, who: str, move: Move, number: int, *, stale: bool) -> None:
        model, actor = self.models[ref], CAST[who]
        may = EDIT if ref is ASKED and move in (Move.RETURN, Move.VALIDATE, Move.RENEW) else MAY[move]
        own = move in (Move.VALIDATE, Move.RENEW) and who in model.hands(number)
        seen = STALE if stale else digest(ref, model.texts[number - 1])
        try:
            with self.store.journal.write(self.now) as writer:
                make_move(writer, actor, ref, number, seen, move, "Daarom", "nl", BRUSSELS)
        except WorkflowError as error:
            expected = (
                NotAllowed if not actor.roles & may else Conflict if stale else (WrongState, Conflict, NotAllowed)
            )
            assert isinstance(error, expected)
            assert own or not isinstance(error, NotAllowed) or not actor.roles & may
            return
        assert (bool(actor.roles & may), stale, own) == (True, False, False)
        model.decide(move, number, self.now)
        PASSED[move] += 1

    @invariant()
    def the_promises_hold(self) -> None:
        """After every step the model's texts are live, somebody else vouched for them, and no catalog is old."""
        head, histories = self.store.journal.snapshot()
        catalog, now = self.current.read()
        assert now == self.now
        self._see_what_is_live(catalog, histories)
        for ref in histories.keys() & set(REFS):
            self._see_who_vouched(histories[ref])
        _see_nothing_old(catalog, gather(head, histories, now), now)

    def _see_what_is_live(self, catalog: Catalog, histories: Mapping[Ref, History]) -> None:
        """Every text that may be used is the model's, and no other is."""
        expected = {ref: self.models[ref].live(self.now) for ref in (BIKE, CARD)}
        lead = expected[BIKE]
        expected[FRENCH] = self.models[FRENCH].live(self.now, lead.terms) if lead else None
        texts = {ref: self.models[ref].texts[vouched.number - 1] for ref, vouched in expected.items() if vouched}
        assert texts == {ref: a.published.text for ref, a in catalog.answers.items() if catalog.answer(ref, self.now)}
        phone, asked = (self.models[ref].live(self.now) for ref in (PHONE, ASKED))
        assert [fact.published.number for fact in catalog.facts.values()] == ([phone.number] if phone else [])
        published = live(histories[ASKED], self.now, BRUSSELS)
        assert (published.number if published else None) == (asked.number if asked else None)

    def _see_who_vouched(self, history: History) -> None:
        """A live text has a validation of its very digest by somebody who had no hand in it."""
        published = live(history, self.now, BRUSSELS)
        if published is None:
            return
        vouches = [d for d in history.decisions if d.move is Move.VALIDATE and d.number == published.number]
        before = max((n for n in self.models[history.ref].ever if n < published.number), default=0)
        assert {decision.digest for decision in vouches} == {digest(history.ref, published.text)}
        hands = {revision.author for revision in history.revisions[before : published.number]}
        assert not hands & {decision.actor for decision in vouches}

    @invariant()
    def the_chain_holds(self) -> None:
        """Every tenth step the whole chain verifies."""
        self.steps += 1
        if self.steps % 10 == 0:
            assert self.store.verify() == self.store.journal.head()


def _see_nothing_old(kept: Catalog, fresh: Catalog, now: datetime) -> None:
    """What is kept up step by step is what gathering everything anew gives."""
    for name in ("head", "zone", "danger", "facts", "dormant"):
        assert getattr(kept, name) == getattr(fresh, name), name
    assert {ref: answer for ref, answer in kept.answers.items() if answer.published.covers(now)} == fresh.answers
    assert fresh.next_change is None or kept.next_change <= fresh.next_change


def _text(ref: Ref, said: str, terms: Terms) -> str:
    if ref is FRENCH:
        return f"---\ntitle: Vélo volé\n---\n{said}\n"
    if ref is ASKED:
        return f'nl = ["{said} Mijn fiets is weg"]\n'
    if ref is PHONE:
        rest = 'label = "Onthaal"\nowner = "onthaal"\nsource = "https://zone.example"\n'
        return f'[zone_phone]\nkind = "phone"\nvalue = "{said}"\n{rest}'
    keys = {"valid_from": terms.valid_from, "valid_until": terms.valid_until}
    days = {key: value.moment.date().isoformat() for key, value in keys.items() if value}
    return article_text(body=said, **{"review_months": str(terms.review_months), **days})


def test_story_when_told_at_random() -> None:
    """No story of fifty steps brings about what the promises rule out, and every kind of move happens."""
    PASSED.clear()
    often = settings(
        max_examples=50,
        stateful_step_count=50,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(Stories, settings=often)
    finally:
        shutil.rmtree(template().parent)
        template.cache_clear()
    assert set(PASSED) == set(MAY)


def test_current_when_a_translation_ends_before_its_first_language() -> None:
    """A translation that nobody looked at again leaves the catalog, and wakes the builder, when it ends."""
    story = Stories()
    for ref, period in ((BIKE, terms("review=6")), (FRENCH, NO_TERMS)):
        story._save(ref, "ann", period, 0)
        story._decide(ref, "ann", Move.SUBMIT, 1, stale=False)
        story._decide(ref, "vera", Move.VALIDATE, 1, stale=False)
    story.now += timedelta(days=100)
    story._decide(BIKE, "vera", Move.RENEW, 1, stale=False)
    catalog, _ = Current(story.store.journal).read()
    story.teardown()
    assert catalog.next_change == min(answer.published.end for answer in catalog.answers.values())
