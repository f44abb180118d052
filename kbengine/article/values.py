"""The frozen values of the knowledge base's texts: articles, their variants, facts, question files."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


class Kind(enum.StrEnum):
    """What kind of text a revision holds."""

    ARTICLE = "article"
    QUESTIONS = "questions"
    FACT = "fact"
    ZONE = "zone"
    DANGER = "danger"
    SYNONYMS = "synonyms"
    CURATIONS = "curations"
    KINDS = "kinds"
    REFERRALS = "referrals"


class Audience(enum.StrEnum):
    """For whom an article may be used."""

    PUBLIC = "public"
    PRIVATE = "private"
    INTERNAL = "internal"


class VariantName(enum.StrEnum):
    """Which shape of the answer a text is."""

    DEFAULT = "default"
    SHORT = "short"
    PRIVATE = "private"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Names one text of the knowledge base; `lang` is empty for texts that hold every language at once."""

    kind: Kind
    slug: str
    lang: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}/{self.slug}" + (f".{self.lang}" if self.lang else "")


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A date or a local date and time as a file writes it; `has_time` tells which."""

    moment: datetime
    has_time: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """One text of an answer; `line` is where it begins in its file."""

    name: VariantName
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """What the first language's file says about an answer, for all its languages.

    One that is a building block says for which kinds of message in `block_for`; it answers no question of its own.
    """

    audience: Audience
    owner: str
    sources: tuple[str, ...]
    review_months: int
    valid_from: LocalTime | None = None
    valid_until: LocalTime | None = None
    channels: tuple[str, ...] = ()
    urgency: str = "info"
    locked: tuple[str, ...] = ()
    certainty: str = "verified"
    canonical_url: str = ""
    tags: tuple[str, ...] = ()
    partner: str = ""
    tone: str = "neutral"
    crisis: bool = False
    purpose: str = "answer"
    aim: str = ""
    block_for: tuple[str, ...] = ()

    @property
    def block(self) -> bool:
        """Whether it is a building block: offered by the kind of message, never by what a message is about."""
        return bool(self.block_for)


@dataclass(frozen=True, slots=True)
class Article:
    """The answer to one question in one language; `header` is None in a translation's file."""

    slug: str
    lang: str
    theme: str
    title: str
    variants: tuple[Variant, ...]
    header: Header | None

    def variant(self, name: VariantName) -> Variant | None:
        """The variant of that name, or None."""
        return next((v for v in self.variants if v.name is name), None)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value stored once and used in many answers; `values` maps a language to it, "" to the value for all.

    `was` holds what it was before, as people wrote it: no text may say that any more.
    """

    name: str
    kind: str
    values: Mapping[str, str]
    label: str
    owner: str
    source: str
    valid_from: LocalTime | None = None
    valid_until: LocalTime | None = None
    was: tuple[str, ...] = ()

    def value(self, lang: str, first: str) -> str:
        """The value in a language, else in the one for all, else in the zone's first language."""
        for key in (lang, "", first):
            if key in self.values:
                return self.values[key]
        return next(iter(self.values.values()))


@dataclass(frozen=True, slots=True)
class Questions:
    """How people ask for an answer, per language, and messages that must not find it."""

    slug: str
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_asked: tuple[str, ...] = ()
