"""What a zone decided for when a message smells of danger: numbers, texts, steps, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NUMBERS = frozenset({"police", "medical", "suicide"})
ARTICLES = frozenset({"police_article", "suicide_article", "steps_article"})
CONTACT = frozenset({"name", "phone"})


@dataclass(frozen=True, slots=True)
class Contact:
    """A function that is told, never a person's name, and its number."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class DangerPlan:
    """The numbers a danger notice shows, the articles that hold its texts and steps, and who is told.

    `steps` names an internal article by kind or act of danger, `alert` who is told by kind, act or class.
    """

    police: str = "101"
    medical: str = "112"
    suicide: str = "1813"
    police_article: str = "noodnummers-101-112"
    suicide_article: str = "zelfmoordgedachten-1813"
    steps_article: str = "intern-noodmelding-via-bericht"
    steps: Mapping[str, str] = field(default_factory=dict)
    alert: Mapping[str, tuple[Contact, ...]] = field(default_factory=dict)

    @property
    def articles(self) -> frozenset[str]:
        """Every article that a notice may need."""
        return frozenset({self.police_article, self.suicide_article, self.steps_article, *self.steps.values()})


def danger_sound(table: object) -> bool:
    """Whether `[danger]` holds only known keys, each with what it should."""
    if not isinstance(table, dict) or not set(table) <= {*NUMBERS, *ARTICLES, "steps", "alert"}:
        return False
    steps, alert = table.get("steps", {}), table.get("alert", {})
    texts = [value for key, value in table.items() if key not in ("steps", "alert")]
    if not isinstance(steps, dict) or not isinstance(alert, dict):
        return False
    return all(map(_is_text, [*texts, *steps.values()])) and all(map(_are_contacts, alert.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_contacts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and set(one) == CONTACT and all(map(_is_text, one.values())) for one in value
    )


def danger_of(table: Mapping[str, Any]) -> DangerPlan:
    """The plan of a sound `[danger]`."""
    alert = {key: tuple(Contact(**one) for one in found) for key, found in table.get("alert", {}).items()}
    return DangerPlan(**{**table, "alert": alert})
