"""The values a text's life is told in: roles, moves, states, revisions, decisions, and what is published of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from kbengine.article import Article, Header, Questions, Ref
from kbengine.errors import NotFound
from kbengine.period import NO_TERMS, Terms


class Role(enum.StrEnum):
    """What a person may do; one person may have several."""

    READER = "reader"
    AGENT = "agent"
    EDITOR = "editor"
    VALIDATOR = "validator"
    ADMINISTRATOR = "administrator"


class Scope(enum.StrEnum):
    """What a token is good for, never more than its person may do: everything, or one thing a program asks."""

    ALL = "all"
    SUGGEST = "suggest"
    READ = "read"


class Move(enum.StrEnum):
    """What a person does with a text."""

    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    VALIDATE = "validate"
    RENEW = "renew"
    SIGN = "sign"
    ARCHIVE = "archive"
    HOLD = "hold"
    FLAG = "flag"


class State(enum.StrEnum):
    """Where a revision stands, computed from its history and the moment."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    RETURNED = "returned"
    SCHEDULED = "scheduled"
    VALIDATED = "validated"
    REVIEW_DUE = "review due"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    ON_HOLD = "on hold"
    ARCHIVED = "archived"


class Weight(enum.StrEnum):
    """How much a change of an article's first language changes, as its editor says when sending it."""

    SMALL = "small"
    MEDIUM = "medium"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Revision:
    """A text at one moment; `author` and `at` say who saved it and when (UTC)."""

    ref: Ref
    number: int
    digest: str
    text: str
    theme: str
    author: str
    at: datetime
    terms: Terms = NO_TERMS


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's move on one revision; `seq` is its place in the journal.

    `early`: so many days before its term is over the text it vouches for is looked at again, to spread the work.
    `weight`: with Move.SUBMIT of a change of an article's first language, how much it changes.
    """

    seq: int
    ref: Ref
    number: int
    digest: str
    move: Move
    actor: str
    at: datetime
    reason: str = ""
    early: int = 0
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    """A zone-wide switch as somebody turned it: how it stands since then (UTC), why, and when it ends by itself."""

    name: str
    on: bool
    by: str
    at: datetime
    reason: str
    until: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it is on at that moment."""
        return self.on and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened to one text, oldest first.

    `held`: while the clock is in doubt, the last moment at which a period could begin (UTC); a later one does not.
    """

    ref: Ref
    revisions: tuple[Revision, ...] = ()
    decisions: tuple[Decision, ...] = ()
    held: datetime | None = None

    def revision(self, number: int) -> Revision:
        """The revision of that number; raises NotFound."""
        for revision in self.revisions:
            if revision.number == number:
                return revision
        raise NotFound("revision.unknown", f"{self.ref} has no revision {number}.", "See its history.")

    @property
    def latest(self) -> Revision | None:
        """The newest revision, live or not."""
        return self.revisions[-1] if self.revisions else None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, with the roles they have at this moment."""

    person: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Published:
    """A revision that is live, and for how long; instants are UTC, `end` is the first one it does not cover.

    `alone` says that its own author vouched for it last, under the exception for a team of one; `held` that it
    waits for somebody to say what time it is.
    """

    ref: Ref
    number: int
    digest: str
    text: str
    theme: str
    validated_at: datetime
    start: datetime
    end: datetime | None
    review_at: datetime | None
    alone: bool = False
    held: bool = False

    def covers(self, now: datetime) -> bool:
        """Whether the period holds at that moment."""
        return not self.held and self.start <= now and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class Behind:
    """What became of an article's first language since somebody last vouched for a translation.

    From revision `old`, which counted then, to `new`; `weight` is that of the heaviest change, and `since` is the
    first instant (UTC) at which a change of that weight counts.
    """

    old: int
    new: int
    weight: Weight
    since: datetime

    @property
    def due(self) -> bool:
        """Whether the translation must be looked at again."""
        return self.weight is Weight.MAJOR


@dataclass(frozen=True, slots=True)
class Answer:
    """A live article in one language, read, with the header of its first language and its questions.

    `behind`: a translation of which the first language changed since somebody vouched for it.
    """

    published: Published
    article: Article
    header: Header
    questions: Questions | None = None
    behind: Behind | None = None
