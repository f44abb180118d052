"""What waits for a person to decide on it, as the queue shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kbengine.article import Ref
from kbengine.engine.values import Event, Passage
from kbengine.errors import Problem
from kbengine.history import Move, State, Weight


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One text that waits since a moment: what changed against the live one, its problems, what this person may do.

    `signed` names who signed already of the `signatures` it needs, `who` the people who could sign now;
    `own` that this person had a hand in it, `alone` that its own author vouched for it, by exception; `weight` how much
    its editor says that it changes.
    """

    ref: Ref
    title: str
    theme: str
    owner: str
    number: int
    digest: str
    state: State
    author: str
    at: datetime
    since: datetime
    reason: str
    header_changes: tuple[tuple[str, str, str], ...]
    difference: tuple[Passage, ...]
    live_number: int
    sources: tuple[str, ...]
    problems: tuple[Problem, ...]
    moves: tuple[Move, ...]
    flags: tuple[Event, ...]
    signed: tuple[str, ...] = ()
    signatures: int = 1
    who: tuple[str, ...] = ()
    own: bool = False
    alone: bool = False
    weight: Weight | None = None

    @property
    def mine(self) -> bool:
        """Whether this person may decide on it."""
        vouching = (Move.VALIDATE, Move.RENEW) if self.own else (Move.VALIDATE, Move.RENEW, Move.RETURN)
        return any(move in self.moves for move in vouching)
