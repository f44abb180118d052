"""What the door of the registers hands out and takes in: frozen values, complete at birth."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kbengine.article import Curation, Ref, Referral, SynonymGroup
from kbengine.errors import Problem
from kbengine.history import State


class Standing(enum.StrEnum):
    """Where one entry of a register stands: it counts, counts so once it is vouched for, or counts until then."""

    LIVE = "live"
    COMING = "coming"
    GOING = "going"


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Where a register stands: its newest revision (0: there is none), and who vouched for the live one."""

    ref: Ref
    number: int
    digest: str
    state: State | None
    live_number: int
    validated_by: str
    validated_at: datetime | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SynonymLine:
    """One group in the list of synonyms."""

    group: SynonymGroup
    standing: Standing


@dataclass(frozen=True, slots=True)
class CurationLine:
    """One curation in its list, with the title of its answer, and the first instant it does not cover (UTC)."""

    curation: Curation
    standing: Standing
    title: str
    end: datetime
    over: bool


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """One subject of another service in its list."""

    referral: Referral
    standing: Standing


@dataclass(frozen=True, slots=True)
class KindLine:
    """What was agreed for one kind of message ("" where nothing was), its blocks as (slug, title), its examples."""

    kind: str
    act: str
    text: str
    hand_over_to: str
    blocks: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynonymForm:
    """The form of one group, as typed: per language one word or phrase a line.

    `before` is the name it had, "" for a new one; `base` the revision it was opened on.
    """

    before: str
    name: str
    words: Mapping[str, str]
    base: int


@dataclass(frozen=True, slots=True)
class ReferralForm:
    """The form of one subject of another service, as typed: per language one message a line. See SynonymForm."""

    before: str
    name: str
    subject: str
    service: str
    asked: Mapping[str, str]
    base: int


@dataclass(frozen=True, slots=True)
class CurationForm:
    """The form of one curation, as typed: one text a line; `steer` is `pin` or `hold_back`. See SynonymForm."""

    before: str
    name: str
    words: str
    steer: str
    slug: str
    reason: str
    until: str
    base: int
