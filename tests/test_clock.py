"""The clock against the count of the machine: what a jump holds, what it ends, and who says what time it is."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import ADA, ANN, ARTICLE, BRUSSELS, VERA
from click.testing import CliRunner
from conftest import House
from flask import Flask
from sqlalchemy import insert, select, update
from web_app import Visitor, engine_of

from kbengine.article import local_time
from kbengine.cli import main
from kbengine.edition import Current
from kbengine.errors import Conflict, NotAllowed
from kbengine.history import Move, Published
from kbengine.journal import Clock, Store, confirm_clock, create, open_store
from kbengine.journal import tables as t
from kbengine.journal.clock import MACHINE, Doubt, Reading
from kbengine.journal.connect import writing
from kbengine.period import Terms
from kbengine.validate import live

pytest_plugins = ["web_fixtures"]

NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)  # 12:00 in Brussels
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@dataclass
class Watch:
    """A machine whose clock and count a test sets."""

    clock: datetime = NOON
    counted: float = 1_000.0
    started: str = "monday"
    machine: str = "one"

    def read(self) -> Reading:
        """What the machine says."""
        return Reading(self.machine, self.started, self.counted, self.clock)

    def passes(self, time: timedelta) -> None:
        """Time passes, and the machine knows: awake or asleep."""
        self.clock += time
        self.counted += time.total_seconds()

    def jumps(self, by: timedelta) -> None:
        """Somebody or something sets the clock."""
        self.clock += by

    def restarts(self, after: timedelta, name: str = "tuesday") -> None:
        """The machine was off for so long, by its clock."""
        self.started, self.counted = name, 5.0
        self.clock += after


@pytest.fixture
def watch() -> Watch:
    """A clock that is right."""
    return Watch()


@pytest.fixture
def store(watch: Watch, tmp_path: Path) -> Iterator[Store]:
    """A real store that goes by that clock."""
    made = create(tmp_path / "store", demo=False, clock=Clock(watch.read))
    yield made
    made.close()


def vouched(store: Store, begin: str = "", end: str = "") -> None:
    """The next revision of a text with this period of local times, vouched for."""
    with store.journal.write() as writer:
        number = len(writer.history(ARTICLE).revisions)
        terms = Terms(local_time(begin) if begin else None, local_time(end) if end else None)
        saved = writer.save(ARTICLE, f"Text {number + 1}.\n", "diefstal", ANN.person, terms, number)
        for move, actor in ((Move.SUBMIT, ANN), (Move.VALIDATE, VERA)):
            writer.decide(ARTICLE, saved.number, saved.digest, move, actor.person)


def shown(store: Store) -> Published | None:
    """What is live now."""
    now = store.journal.now()
    return live(store.journal.history(ARTICLE), now, BRUSSELS)


def number(store: Store) -> int:
    """The revision that is live now, 0 for none."""
    found = shown(store)
    return found.number if found else 0


def doubt(store: Store) -> Doubt | None:
    """Why the clock is in doubt."""
    return store.journal.stand()[1].doubt


def confirm(store: Store, moment: datetime, actor=ADA) -> None:
    """Somebody says what time it is."""
    with store.journal.write() as writer:
        confirm_clock(writer, store.journal.clock, actor, moment, "De klok stond fout.")


def test_clock_when_it_jumps_ahead_begins_nothing_until_confirmed(store: Store, watch: Watch) -> None:
    """An embargo holds against a clock that ran away; a person says what time it is, and the journal who."""
    vouched(store)
    vouched(store, begin="2026-03-02 15:00")
    watch.jumps(4 * HOUR)
    held = number(store), doubt(store)
    watch.passes(24 * HOUR)
    held_on = number(store)
    confirm(store, watch.clock + MINUTE)

    assert (held, held_on) == ((1, Doubt.AHEAD), 1)
    assert (number(store), doubt(store)) == (2, None)
    assert [(turned.by, turned.on, turned.reason) for turned in store.journal.switched("clock")] == [
        (ADA.person, False, "De klok stond fout.")
    ]
    assert store.verify().seq == store.journal.head().seq


def test_clock_when_it_jumps_ahead_still_ends(store: Store, watch: Watch) -> None:
    """What ends is gone at once by the later time, and does not come back when the clock does."""
    vouched(store, end="2026-03-02 15:00")
    assert number(store) == 1
    watch.jumps(4 * HOUR)
    assert number(store) == 0
    watch.jumps(-4 * HOUR)
    assert (number(store), doubt(store)) == (0, Doubt.AHEAD)
    confirm(store, watch.clock)
    assert number(store) == 1


def test_clock_in_doubt_writes_the_time_as_counted(store: Store, watch: Watch) -> None:
    """The journal is not dragged along, or the right time would never come back; what is vouched for now counts."""
    watch.jumps(400 * 24 * HOUR)
    watch.passes(10 * MINUTE)
    vouched(store)
    written = store.journal.head().at
    watch.jumps(-400 * 24 * HOUR)
    confirm(store, watch.clock)

    assert written == NOON + 10 * MINUTE
    assert number(store) == 1
    assert store.journal.now() == watch.clock


def test_clock_in_doubt_is_in_doubt_for_every_process_and_after_a_restart(store: Store, watch: Watch) -> None:
    """What one process saw, the next knows; a restart of the machine does not forget it."""
    vouched(store)
    vouched(store, begin="2026-03-02 15:00")
    watch.jumps(4 * HOUR)
    doubt(store)
    watch.restarts(after=HOUR)
    again = open_store(store.directory, Clock(watch.read))
    found = number(again), doubt(again)
    again.close()

    assert found == (1, Doubt.AHEAD)


@pytest.mark.parametrize("step", [3 * SECOND, -3 * SECOND, 4 * MINUTE, -4 * MINUTE])
def test_clock_when_it_is_put_right_by_little_is_believed(store: Store, watch: Watch, step: timedelta) -> None:
    """A step of a time server is no jump, and going on after a sleep of days is none either."""
    vouched(store, begin="2026-03-02 12:30")
    watch.passes(MINUTE)
    watch.jumps(step)
    first = doubt(store)
    watch.passes(3 * 24 * HOUR)

    assert (first, doubt(store), number(store)) == (None, None, 1)


@pytest.mark.parametrize("back", [2 * MINUTE, 3 * HOUR, 90 * 24 * HOUR])
def test_clock_when_it_goes_back_revives_nothing_and_begins_nothing(
    store: Store, watch: Watch, back: timedelta
) -> None:
    """What ended stays ended, without a line in the journal since; what was live is; the rest waits for its hour."""
    vouched(store, end="2026-03-02 13:00")
    watch.passes(HOUR + SECOND)
    gone = number(store)
    watch.jumps(-back)
    here = number(store)
    vouched(store, begin="2026-03-02 13:01")
    watch.passes(MINUTE)

    assert (gone, here, number(store)) == (0, 0, 0)
    assert doubt(store) == (Doubt.BACK if back > 5 * MINUTE else None)


def test_clock_far_ahead_after_a_start_is_asked_about(store: Store, watch: Watch) -> None:
    """A month off is long enough to ask; a weekend is not."""
    vouched(store)
    vouched(store, begin="2026-03-04")
    watch.restarts(after=3 * 24 * HOUR)
    weekend = number(store), doubt(store)
    vouched(store, begin="2026-03-20")
    watch.restarts(after=31 * 24 * HOUR, name="later")

    assert weekend == (2, None)
    assert (number(store), doubt(store)) == (2, Doubt.AFTER_START)


def test_clock_of_another_machine_is_its_own(store: Store, watch: Watch) -> None:
    """One machine's jump does not stop the other; a new one is held against what is known."""
    other = replace(watch, machine="two")
    vouched(store)
    vouched(store, begin="2026-03-02 12:30")
    watch.jumps(4 * HOUR)
    beside = open_store(store.directory, Clock(other.read))
    other.passes(HOUR)
    found = (number(store), doubt(store)), (number(beside), doubt(beside))
    beside.close()

    assert found == ((1, Doubt.AHEAD), (2, None))


def test_clock_when_confirmed_wrongly_is_refused(store: Store, watch: Watch) -> None:
    """By who may not, at a time that the machine does not show, and when nothing is in doubt."""
    with pytest.raises(Conflict) as idle:
        confirm(store, watch.clock)
    watch.jumps(4 * HOUR)
    with pytest.raises(NotAllowed):
        confirm(store, watch.clock, ANN)
    with pytest.raises(Conflict) as other:
        confirm(store, NOON)

    assert (idle.value.code, other.value.code) == ("clock.sure", "clock.other")
    assert doubt(store) is Doubt.AHEAD


def test_clock_when_put_back_ends_what_was_opened_ahead_of_it(store: Store, watch: Watch) -> None:
    """A session opened in a wrong year would last until then."""
    watch.jumps(24 * 365 * HOUR)
    secret = store.accounts.visit()
    watch.jumps(-24 * 365 * HOUR)
    confirm(store, watch.clock)
    assert store.accounts.session(secret) is None


def test_purge_while_in_doubt_lets_go_of_nothing_early(store: Store, watch: Watch) -> None:
    """A year that is not true would take away for good what was kept; once it is confirmed, its term is over."""
    row = {"at": t.instant_text(NOON), "expires": t.instant_text(NOON + 90 * 24 * HOUR), "lang": "nl", "text": "Waar?"}
    with writing(store.engine) as connection:
        connection.execute(insert(t.gaps).values(row))

    def left() -> int:
        store.purge()
        with store.engine.begin() as connection:
            return len(connection.execute(select(t.gaps)).all())

    watch.jumps(24 * 365 * HOUR)
    held = left()
    confirm(store, watch.clock)

    assert (held, left()) == (1, 0)


def test_catalog_when_the_clock_is_confirmed_begins_what_waited(store: Store, watch: Watch) -> None:
    """Also where a process kept what it read."""
    vouched(store)
    vouched(store, begin="2026-03-02 15:00")
    current, other = Current(store.journal), Current(store.journal)
    current.read()
    watch.jumps(4 * HOUR)
    held = current.read()[0].head
    other.read()
    confirm(store, watch.clock)
    catalog, now = current.read()

    assert catalog.head.seq > held.seq
    assert catalog == other.read()[0]
    assert number(store) == 2
    assert catalog.next_change is None or catalog.next_change > now


@pytest.mark.parametrize("seed", range(20))
def test_clock_whatever_it_does_discloses_nothing_early_and_revives_nothing(
    store: Store, watch: Watch, seed: int
) -> None:
    """Jumps, sleeps and restarts of a machine that nobody confirms, against the true time, to the second."""
    dice, true, gone = random.Random(seed), NOON, False
    vouched(store, begin="2026-03-02 14:00", end="2026-03-02 20:00")
    begin, end = NOON + 2 * HOUR, NOON + 8 * HOUR
    for _ in range(60):
        act = dice.random()
        if act < 0.7:
            step = timedelta(seconds=dice.randrange(1, 900))
            watch.passes(step)
            true += step
        elif act < 0.9:
            watch.jumps(timedelta(seconds=dice.randrange(-40_000, 40_000)))
        found = shown(store) is not None
        assert not (found and true < begin)
        assert not (found and true >= end)
        assert not (found and gone)
        gone = gone or (store.journal.now() >= end and not found)


def jumped(store: Store, by: timedelta) -> None:
    """The real clock of this machine, so much further than it was when it was seen last."""
    with writing(store.engine) as connection:
        same = t.store.c.key.startswith(MACHINE, autoescape=True)
        row = connection.execute(select(t.store).where(same)).one()
        kept = json.loads(row.value)
        earlier = {name: t.instant_text(t.instant_value(kept[name]) - by) for name in ("at", "floor")}
        connection.execute(update(t.store).where(same).values(value=json.dumps(kept | earlier)))


def watch_time(minutes: int = 0) -> str:
    """What somebody's own watch shows, as they type it."""
    return (datetime.now(UTC).astimezone(BRUSSELS) + minutes * MINUTE).strftime("%Y-%m-%dT%H:%M")


def test_page_of_the_clock_when_it_jumped_tells_everybody_and_asks_who_may(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """A banner for all; a validator types what their watch shows; another time is refused and stays typed."""
    agent, validator, store = visit("agent"), visit("validator"), engine_of(app).room.store
    assert "sprong vooruit" not in agent.page("/fiches")
    jumped(store, 3 * HOUR)
    told, page = agent.page("/fiches"), agent.page("/klok")
    refused = validator.post("/klok", {"time": watch_time(-180), "reason": "Zomeruur?"})
    odd = [
        validator.post("/klok", {"time": typed}).status_code
        for typed in ("straks", "0001-01-01T00:00", "2026-02-30T10:00")
    ]

    assert "sprong vooruit" in told
    assert 'name="time"' not in page
    assert agent.post("/klok", {"time": watch_time()}).status_code == 403
    assert refused.status_code == 409
    assert "Zomeruur?" in refused.text
    assert odd == [422] * 3
    assert validator.post("/klok", {"time": watch_time(), "reason": "De server stond uit."}).status_code == 303
    assert "De server stond uit." in agent.page("/klok")
    assert "sprong vooruit" not in agent.page("/fiches")


def test_commands_of_the_clock_when_it_jumped_show_and_confirm_it(hamlet: House) -> None:
    """What waits is named and the command fails; with a token and the right time it begins."""
    engine, tomorrow = hamlet.engine, (datetime.now(UTC) + timedelta(days=1)).astimezone(BRUSSELS)
    hamlet.publish("nieuw-loket", default="Het loket is open.", valid_from=tomorrow.strftime("%Y-%m-%d"))
    run = CliRunner(env={"KB_HOME": str(engine.settings.home)}).invoke
    token = engine.people.new_token(hamlet.people["validator"])
    assert run(main, ["clock", "show"]).exit_code == 0
    hamlet.wait(days=2)
    begun = engine.reading.article("nieuw-loket", "nl").state
    jumped(engine.room.store, 3 * HOUR)
    shown = run(main, ["clock", "show"])
    late = run(main, ["clock", "confirm", "--time", watch_time(-60), "--token", token])
    ahead = watch_time(2 * 24 * 60)
    done = run(main, ["clock", "confirm", "--time", ahead, "--token", token])

    assert begun == "validated"
    assert (shown.exit_code, "in doubt (ahead)" in shown.output) == (1, True)
    assert (late.exit_code, "shows" in late.output) == (1, True)
    assert (done.exit_code, doubt(engine.room.store)) == (0, None)
    assert "confirmed by Vera" in run(main, ["clock", "show"]).output
