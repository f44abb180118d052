"""What time it is: this machine's clock, held against one that nobody can set.

Linux counts the time since it started, sleep included, whatever becomes of the clock. When the clock runs ahead of that
count, went back by much, or stands far from what was last known after a restart, it is in doubt: ends are honoured at
once by the latest time it can be, nothing that was not live begins, and what is written carries the time as counted,
until a person says what time it is. A small step back is waited out. What was seen is kept in the store, for each
machine apart, so that no process and no restart forgets it. A machine that starts is also held against the clock of the
database, where that has one: several machines share it, and a wrong time of one would be written down for all.
"""

from __future__ import annotations

import enum
import hashlib
import json
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select

from kbengine.journal import tables as t

ADVANCE = "clock"  # the key of a demo store's advance, in seconds
MACHINE = "clock."  # before a machine's name: the key under which its clock is kept
SETTLE = timedelta(seconds=1)  # two readings differ by less, however busy the machine is
RENEW = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 2, tzinfo=UTC)  # the last line of a journal without lines is before it
STARTED, NAMED = Path("/proc/sys/kernel/random/boot_id"), Path("/etc/machine-id")
_COUNTS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Doubt(enum.StrEnum):
    """Why a clock is not believed."""

    AHEAD = "ahead"
    BACK = "back"
    AFTER_START = "after-start"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Reading:
    """A machine's clock (UTC) and the seconds it counted since a start that has this name, read together."""

    machine: str
    started: str
    counted: float
    clock: datetime


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a clock may run ahead of the count, and after a restart ahead of what was last known."""

    ahead: timedelta = timedelta(minutes=5)
    apart: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """How a machine's clock was last seen: at that count it was `at`, and nothing is earlier than `floor`.

    In doubt, what begins later than `held` does not, and `counted_at` is the time as counted from then.
    """

    started: str
    counted: float
    at: datetime
    floor: datetime
    doubt: Doubt | None = None
    held: datetime | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What time it is (UTC): `now` for what ends, `written` for what is written down, `clock` as the machine says.

    `held` is the last moment at which something could begin, None while the clock is not in doubt.
    """

    now: datetime
    written: datetime
    clock: datetime
    held: datetime | None
    doubt: Doubt | None

    def after(self, last: datetime) -> Told:
        """The same, but no earlier than the last line of the journal."""
        return replace(self, now=max(self.now, last), written=max(self.written, last))


def read_machine() -> Reading:
    """This machine, now."""
    return Reading(*_names(), time.clock_gettime(_COUNTS), datetime.now(UTC))


@cache
def _names() -> tuple[str, str]:
    """The machine's, as twelve hex digits, since who reads a backup need not know it; and its start's."""
    named, started = (path.read_text(encoding="ascii").strip() if path.is_file() else "" for path in (NAMED, STARTED))
    return hashlib.sha256(f"{named} {socket.gethostname()}".encode("utf-8", "replace")).hexdigest()[:12], started


def goes_on(kept: Kept, reading: Reading) -> bool:
    """Whether a machine counts on since it was seen: it did not start meanwhile."""
    return kept.started == reading.started and kept.counted <= reading.counted


def tell(
    kept: Kept | None, known: datetime, reading: Reading, bounds: Bounds, beside: datetime | None = None
) -> tuple[Told, Kept, bool]:
    """What time it is, how the clock is to be kept from now on, and whether that may not be forgotten.

    `known`: the last moment known otherwise, and `beside` what another clock shows; these count when the machine
    started since it was seen.
    """
    kept = kept or Kept("", 0.0, known, known)
    same = goes_on(kept, reading)
    passed = timedelta(seconds=reading.counted - kept.counted) if same else timedelta(0)
    line = kept.at + passed
    top = max(line, kept.floor) if same else max(line, kept.floor, known)
    if kept.doubt is not None:
        return _in_doubt(kept, passed, max(top, reading.clock), reading, renew=not same or reading.clock > top + SETTLE)
    if reading.clock - top > (bounds.ahead if same else bounds.apart):
        doubted = Doubt.AHEAD if same else Doubt.AFTER_START
        return _doubting(Kept(reading.started, reading.counted, reading.clock, top, doubted, top, top), reading)
    if top - reading.clock > bounds.ahead:
        return _doubting(Kept(reading.started, reading.counted, top, top, Doubt.BACK, top, top), reading)
    if not same and beside is not None and abs(reading.clock - beside) > bounds.ahead:
        # One of the two is wrong: what ends goes by the later one, what begins by the earlier.
        sure, late = max(top, min(reading.clock, beside)), max(top, reading.clock, beside)
        return _doubting(Kept(reading.started, reading.counted, late, sure, Doubt.APART, sure, sure), reading)
    now = max(reading.clock, top)
    fresh = Kept(reading.started, reading.counted, reading.clock, now)
    stepped = not same or reading.clock < line - SETTLE
    return Told(now, now, reading.clock, None, None), fresh, stepped


def _in_doubt(
    kept: Kept, passed: timedelta, now: datetime, reading: Reading, *, renew: bool
) -> tuple[Told, Kept, bool]:
    written = (kept.counted_at or kept.floor) + passed
    told = Told(now, written, reading.clock, kept.held, kept.doubt)
    if not renew:
        return told, kept, False
    return told, replace(kept, started=reading.started, counted=reading.counted, at=now, counted_at=written), True


def _doubting(kept: Kept, reading: Reading) -> tuple[Told, Kept, bool]:
    return Told(max(kept.at, kept.floor), kept.floor, reading.clock, kept.held, kept.doubt), kept, True


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of this machine over one store; with nothing given it is the real one."""

    read: Callable[[], Reading] = read_machine
    bounds: Bounds = field(default_factory=Bounds)

    def look(self, connection: Connection, last: datetime) -> tuple[Told, bool]:
        """What time it is, no earlier than the journal's last line, and whether what is seen must be kept."""
        told, _kept, must, _before = self._look(connection, last)
        return told.after(last), must

    def keep(self, connection: Connection, last: datetime) -> Told:
        """What time it is; what was seen is kept, in a transaction that writes."""
        told, kept, must, before = self._look(connection, last)
        if must or before is None or (told.doubt is None and kept.at - before.at >= RENEW):
            _keep(connection, self.read().machine, kept)
        return told.after(last)

    def settle(self, connection: Connection, last: datetime) -> Told:
        """The clock is right as it stands: somebody who may say so did."""
        reading = self.read()
        _keep(connection, reading.machine, Kept(reading.started, reading.counted, reading.clock, reading.clock))
        return self.look(connection, last)[0]

    def _look(self, connection: Connection, last: datetime) -> tuple[Told, Kept, bool, Kept | None]:
        rows = _rows(connection)
        reading = self.read()  # after what others kept, so that it is never before it
        ahead = timedelta(seconds=int(rows.pop(ADVANCE, "0")))
        clocks = {name: _kept(text) for name, text in rows.items()}
        mine = clocks.get(MACHINE + reading.machine)
        # A machine that was never seen goes by the clocks of the others, those that are not in doubt themselves.
        others = [one.at for one in clocks.values() if one.doubt is None] if mine is None else []
        journal = [last - ahead] if last > EPOCH else []
        known = max([*others, *journal], default=reading.clock)
        beside = None if mine is not None and goes_on(mine, reading) else _beside(connection)
        told, kept, must = tell(mine, known, reading, self.bounds, beside)
        held = told.held + ahead if told.held else None
        shown = Told(told.now + ahead, told.written + ahead, told.clock + ahead, held, told.doubt)
        return shown, kept, (must and mine is not None) or (told.doubt is not None and must), mine


REAL = Clock()


def _rows(connection: Connection) -> dict[str, str]:
    keys = t.store.c.key == ADVANCE, t.store.c.key.startswith(MACHINE, autoescape=True)
    query = select(t.store.c.key, t.store.c.value).where(keys[0] | keys[1])
    return {row.key: row.value for row in connection.execute(query)}


def _beside(connection: Connection) -> datetime | None:
    """What the clock of the database shows, None for a file, which has none."""
    if connection.dialect.name == "sqlite":
        return None
    shown: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return shown.astimezone(UTC)


def _keep(connection: Connection, machine: str, kept: Kept) -> None:
    text = json.dumps(
        {
            key: t.instant_text(value) if isinstance(value, datetime) else value
            for key, value in asdict(kept).items()
            if value is not None
        }
    )
    connection.execute(delete(t.store).where(t.store.c.key == MACHINE + machine))
    connection.execute(insert(t.store).values(key=MACHINE + machine, value=text))


def _kept(text: str) -> Kept:
    read = json.loads(text)
    at, floor = (t.instant_value(read[key]) for key in ("at", "floor"))
    held, counted_at = (t.instant_value(read[key]) if key in read else None for key in ("held", "counted_at"))
    doubt = Doubt(read["doubt"]) if "doubt" in read else None
    return Kept(read["started"], read["counted"], at, floor, doubt, held, counted_at)


def given(moment: datetime) -> Told:
    """A moment that somebody gives, which is believed: for seeding and tests."""
    return Told(moment, moment, moment, None, None)


def advance(connection: Connection, by: timedelta) -> None:
    """Move a demo store's clock forward."""
    seconds = int(_rows(connection).get(ADVANCE, "0")) + int(by.total_seconds())
    connection.execute(delete(t.store).where(t.store.c.key == ADVANCE))
    connection.execute(insert(t.store).values(key=ADVANCE, value=str(seconds)))


def forget_later(connection: Connection, now: datetime) -> None:
    """Forget what was opened by a clock that was ahead of the truth: it would last for too long."""
    at = t.instant_text(now)
    connection.execute(delete(t.sessions).where(t.sessions.c.created > at))
    connection.execute(delete(t.tokens).where(t.tokens.c.created > at))
    connection.execute(delete(t.attempts).where(t.attempts.c.at > at))
