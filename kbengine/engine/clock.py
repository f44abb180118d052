"""The door to the clock: whether it is believed, what waits because it is not, and who said what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kbengine.article import Ref
from kbengine.engine.crisis import Turned
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.errors import WorkflowError
from kbengine.history import Switch
from kbengine.journal import CLOCK, Person, Told, confirm_clock
from kbengine.validate import chosen, publish, validations


@dataclass(frozen=True, slots=True)
class Touched:
    """A text that the clock makes begin or end; `at` is when (UTC), by what the text says."""

    ref: Ref
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClockPage:
    """How the clock stands, what waits to begin and what ended while it is in doubt; confirmations, newest first."""

    told: Told
    waits: tuple[Touched, ...]
    ended: tuple[Touched, ...]
    turns: tuple[Turned, ...]


class Clocks:
    """The clock of one store, as this machine has it."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def told(self) -> Told:
        """What time it is, and whether that is in doubt."""
        return self._room.store.journal.stand()[1]

    def page(self) -> ClockPage:
        """Everything about it."""
        library, told = Library.of(self._room), self.told()
        switched = self._room.store.journal.switched(CLOCK)
        turns = tuple(Turned(switch, library.names.get(switch.by, "")) for switch in switched)
        if told.held is None:
            return ClockPage(told, (), (), turns)
        waits, ended = sorted(_waiting(library), key=_when), sorted(_ended(library, told), key=_when)
        return ClockPage(told, tuple(waits), tuple(ended), turns)

    def confirm(self, person: Person, local: str, reason: str) -> Switch:
        """Believe the clock, which shows the day and time on the person's own watch: 2026-11-21T16:05.

        Raises NotAllowed, Conflict (nothing is in doubt; the clock shows another time), WorkflowError.
        """
        journal, both = self._room.store.journal, self._read(local.strip())
        with journal.write() as writer:
            # In the hour that is shown twice, the reading nearer to the machine's own is meant.
            near = min(both, key=lambda one: abs(one - writer.told.clock))
            return confirm_clock(writer, journal.clock, person.actor, near, reason)

    def _read(self, local: str) -> list[datetime]:
        """Both readings of a local day and time (UTC); raises WorkflowError."""
        tz = self._room.read()[0].zone.timezone
        try:
            moment = datetime.strptime(local.replace(" ", "T")[: len("2026-11-21T16:05")], "%Y-%m-%dT%H:%M")
            return [moment.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1)]
        except (ValueError, OverflowError):
            hint = "Write it as 2026-11-21T16:05."
            raise WorkflowError("clock.time", "That is no day and time.", hint) from None


def _when(touched: Touched) -> datetime:
    return touched.at


def _waiting(library: Library) -> Iterator[Touched]:
    tz = library.catalog.zone.timezone
    for ref in library.histories:
        history = library.history(ref)
        for one in (publish(history, decision, tz) for decision in validations(history)):
            if one.held and one.start <= library.now:
                yield Touched(ref, library.title(ref), one.start)


def _ended(library: Library, told: Told) -> Iterator[Touched]:
    for ref in library.histories:
        found = chosen(library.history(ref), library.now, library.catalog.zone.timezone)
        if found is not None and found.end is not None and told.written < found.end <= library.now:
            yield Touched(ref, library.title(ref), found.end)
