"""What the desk notices of a message beside what it is about: frozen values, complete at birth."""

from __future__ import annotations

from dataclasses import dataclass

from kbengine.engine.drafts import ReplyPage


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the zone agreed to do: `act` is answer, ask-back, hand-over, hide or leave; `hand_over_to` a service."""

    act: str
    text: str
    hand_over_to: str


@dataclass(frozen=True, slots=True)
class KindNotice:
    """What kind a message is, by which of its own words (none: a question by default), and what was agreed for it."""

    kind: str
    words: tuple[str, ...]
    agreed: Agreed | None


@dataclass(frozen=True, slots=True)
class OtherAddressee:
    """A message that does not seem to be for us: `way` is hashtag, name, other, direct, mention or own-post."""

    way: str
    sign: str
    agreed: Agreed | None


@dataclass(frozen=True, slots=True)
class Referred:
    """The subject of another service that a message resembles more than any answer, and by which of its words."""

    subject: str
    service: str
    words: tuple[str, ...]
    agreed: Agreed | None


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The kinds of personal data in a public message; not `certain` when each may be chance.

    `block` is the building block that asks to go on in private, "" when none may go out.
    """

    kinds: tuple[str, ...]
    certain: bool
    block: str


@dataclass(frozen=True, slots=True)
class Block:
    """A building block offered for the kind of a message, as it would go out."""

    slug: str
    lang: str
    title: str
    number: int
    block_for: tuple[str, ...]
    page: ReplyPage
