"""The exceptions of the engine, one tree.

KBError
├── SettingsError       a setting is missing, unknown or impossible
├── InvalidDocument     a text cannot be read; carries every problem found
├── NotFound            nothing by that name
├── TooLarge            refused before work was done on it
├── TooOften            refused because of how often it was tried
├── WorkflowError
│   ├── WrongState      this move does not exist in this state
│   ├── NotAllowed      this move exists, but not for this person
│   └── Conflict        somebody else was first
├── SignInError         a link, token or session is not (or no longer) good
└── StoreError
    ├── StoreMissing    no store where one was expected
    ├── NotStorable     what was given has signs or a length that the store has no place for
    ├── WrongStore      a demo act on a real store, or the other way round
    └── ChainBroken     the journal does not verify
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing the machine's checks found, and what to do about it.

    `code` is stable and is what interfaces translate by; `line` counts from 1, 0 means the whole file.
    """

    code: str
    level: Level
    file: str
    line: int
    message: str
    hint: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level} {self.code}: {self.message} {self.hint}".rstrip()


class KBError(Exception):
    """Root of every error the engine raises on purpose: what was tried, why it fails, what to do next."""

    def __init__(self, code: str, message: str, hint: str = "", **fields: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.fields = fields

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class SettingsError(KBError):
    """A setting is missing, unknown or impossible."""


class InvalidDocument(KBError):
    """A text cannot be read; `problems` holds everything found in it."""

    def __init__(
        self, code: str, message: str, hint: str = "", problems: Sequence[Problem] = (), **fields: str
    ) -> None:
        super().__init__(code, message, hint, **fields)
        self.problems = tuple(problems)


class NotFound(KBError):
    """Nothing by that name."""


class TooLarge(KBError):
    """Refused by size before any work was done on it."""


class TooOften(KBError):
    """Refused because of how often it was tried; later it is looked at again."""


class WorkflowError(KBError):
    """A move that cannot be made."""


class WrongState(WorkflowError):
    """The move does not exist in the state the text is in."""


class NotAllowed(WorkflowError):
    """The move exists, but not for this person."""


class Conflict(WorkflowError):
    """Somebody else was first; nothing was written."""


class SignInError(KBError):
    """A link, token or session is not, or no longer, good."""


class StoreError(KBError):
    """The record cannot be read or written."""


class StoreMissing(StoreError):
    """There is no store where one was expected."""


class NotStorable(StoreError):
    """What was given has signs or a length that the store has no place for: whoever gave it can mend it."""


class WrongStore(StoreError):
    """An act of a demo store asked of a real one, or the other way round."""


class ChainBroken(StoreError):
    """The journal does not verify: a line was changed, removed or reordered."""
