"""What the door for learning hands out: frozen values, complete at birth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kbengine.errors import WorkflowError
from kbengine.journal import Phrase
from kbengine.suggest import Effect


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message as an agent may keep it, before anything is kept.

    `passages` are its text with what may be a name marked; `near` and `others` are the live articles (slug, title).
    """

    text: str
    lang: str
    slug: str
    passages: tuple[tuple[str, bool], ...]
    near: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A phrase that waits; `teacher` is a name, empty for an erased one, and `may_accept` is about who asks."""

    phrase: Phrase
    title: str
    teacher: str
    may_accept: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What accepting a phrase would change; `refused` says why its article takes none now.

    `asked` are the questions that it comes beside, `finds` what it finds as things are: (slug, title, confidence), and
    `effects` what happens to the own questions of other articles; `titles` are those of the articles in them, by slug.
    """

    waiting: Waiting
    asked: tuple[str, ...]
    finds: tuple[tuple[str, str, float], ...]
    effects: tuple[Effect, ...]
    titles: Mapping[str, str]
    refused: WorkflowError | None

    @property
    def worse(self) -> tuple[Effect, ...]:
        """The questions that would no longer find what they should, or would be offered something wrong."""
        return tuple(effect for effect in self.effects if effect.harmful)

    @property
    def better(self) -> tuple[Effect, ...]:
        """The questions that would find what they should and do not now, or are no longer offered something wrong."""
        pairs = ((effect, effect.before.standing, effect.after.standing) for effect in self.effects)
        return tuple(effect for effect, before, after in pairs if after > before and (after == 3 or before == 0))


@dataclass(frozen=True, slots=True)
class Dismissals:
    """An answer that agents waved away of late."""

    slug: str
    lang: str
    title: str
    count: int
    last: datetime
