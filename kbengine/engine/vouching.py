"""The door to who vouches: whom the zone named, who is away, and the exception for a team of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kbengine.article import SignatureRule, local_time
from kbengine.engine.crisis import Turned
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.errors import NotAllowed, WorkflowError
from kbengine.history import Role, Switch
from kbengine.journal import Absence, Person, turn
from kbengine.period import end_instant, start_instant
from kbengine.vouching import TEAM_OF_ONE, Colleague


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom the zone named; `name` is their login when nobody with an open account has it.

    `able` says whether they may validate at all: an open account with the role.
    """

    name: str
    able: bool
    away: bool


@dataclass(frozen=True, slots=True)
class Service:
    """Who vouches for a service's texts; without `validators` every validator does."""

    label: str
    validators: tuple[Named, ...]
    deputies: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is or will be away; `begin` and `end` are UTC, `end` the first instant they are back."""

    login: str
    name: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class VouchingPage:
    """Everything about who vouches; `exception` is None while it is off, `allowed` what the zone's policy says."""

    services: tuple[Service, ...]
    signatures: tuple[SignatureRule, ...]
    away: tuple[Away, ...]
    people: tuple[tuple[str, str], ...]
    exception: Switch | None
    allowed: bool
    turns: tuple[Turned, ...]


class Vouching:
    """Who vouches in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def exception(self) -> Switch | None:
        """The exception for a team of one since somebody switched it on, None while it is off."""
        return self._room.exception()

    def turn(self, person: Person, reason: str, *, on: bool, hours: int = 0) -> Switch:
        """Turn the exception, on for so many hours; raises NotAllowed, Conflict, WorkflowError."""
        with self._room.store.journal.write() as writer:
            return turn(writer, person.actor, TEAM_OF_ONE, reason, on=on, hours=hours)

    def page(self) -> VouchingPage:
        """Everything about it."""
        library = Library.of(self._room)
        zone, colleagues = library.catalog.zone, {one.login: one for one in library.rulebook.colleagues}
        by_id = {one.person: one for one in library.rulebook.colleagues}
        services = tuple(
            Service(
                label,
                *(
                    tuple(_named(login, colleagues) for login in getattr(zone.vouching.owners.get(key), names, ()))
                    for names in ("validators", "deputies")
                ),
            )
            for key, label in zone.owners.items()
        )
        switched = self._room.store.journal.switched(TEAM_OF_ONE)
        return VouchingPage(
            services,
            zone.vouching.signatures,
            tuple(
                Away(by_id[one.person].login, by_id[one.person].name, one.begin, one.end)
                for one in self._room.store.team.absences(library.now)
                if one.person in by_id
            ),
            tuple(sorted(((one.login, one.name) for one in colleagues.values()), key=lambda one: one[1].casefold())),
            self.exception(),
            zone.vouching.team_of_one,
            tuple(Turned(switch, library.names.get(switch.by, "")) for switch in switched),
        )

    def set_absence(self, by: Person, login: str, first: str, last: str) -> None:
        """Say that somebody is away from one local day to another, that day included, instead of what was said before.

        Raises NotAllowed (somebody else's, by no administrator), NotFound, WorkflowError (days that cannot be).
        """
        person, (catalog, now) = self._about(by, login), self._room.read()
        try:
            begin, end = local_time(first.strip()), local_time(last.strip())
        except ValueError:
            raise WorkflowError("absence.day", "That is no day.", "Write it as 2026-11-30.") from None
        tz = catalog.zone.timezone
        absence = Absence(person, start_instant(begin, tz), end_instant(end, tz))
        if absence.end <= absence.begin or absence.end <= now:
            raise WorkflowError("absence.over", "That absence is over before it begins.", "Look at both days.")
        self._room.store.team.set_absence(absence)

    def end_absence(self, by: Person, login: str) -> None:
        """Somebody is back, or does not go; raises NotAllowed, NotFound."""
        self._room.store.team.end_absence(self._about(by, login))

    def _about(self, by: Person, login: str) -> str:
        person = self._room.store.accounts.by_login(login)
        if person.id != by.id and Role.ADMINISTRATOR not in by.roles:
            who = Role.ADMINISTRATOR.value
            raise NotAllowed("absence.other", "This absence is somebody else's.", f"This can: {who}.", who=who)
        return person.id


def _named(login: str, colleagues: dict[str, Colleague]) -> Named:
    found = colleagues.get(login.strip().casefold())
    return Named(
        found.name if found else login, bool(found and Role.VALIDATOR in found.roles), bool(found and found.away)
    )
