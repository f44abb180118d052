"""The rules of vouching as a page shows them: read once a request, and only when a page asks."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from kbengine.article import Zone
from kbengine.history import History
from kbengine.journal import Store
from kbengine.vouching import TEAM_OF_ONE, Colleague, Rules, rules_of


class Rulebook:
    """Who vouches in one store at one moment; the guard asks again, in the transaction that writes."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    @cached_property
    def colleagues(self) -> tuple[Colleague, ...]:
        """Everybody with an open account."""
        return self._store.team.colleagues(self._now)

    @cached_property
    def alone(self) -> bool:
        """Whether the exception for a team of one is on."""
        switch = self._store.journal.switch(TEAM_OF_ONE)
        return switch is not None and switch.stands(self._now)

    def rules(self, zone: Zone, leading: History, history: History, number: int) -> Rules:
        """What holds for one revision."""
        return rules_of(zone, leading, history, number, self.colleagues, alone=self.alone)
