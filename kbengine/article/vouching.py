"""Who vouches for what, and how often: `[vouching]`, `[[signatures]]` and `[translations]` of `zone.toml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from kbengine.article.fields import TONES, URGENCIES
from kbengine.article.values import Audience, Header

MOST_SIGNATURES = 2
NAMES = frozenset({"validators", "deputies"})
TEAM_OF_ONE = "team_of_one"
# What becomes of translations that a major change of the first language overtook.
MARK, HOLD = "mark", "hold"
CONDITIONS: Mapping[str, Collection[str]] = MappingProxyType(
    {"audience": frozenset(audience.value for audience in Audience), "urgency": URGENCIES, "tone": TONES}
)


@dataclass(frozen=True, slots=True)
class Vouchers:
    """The logins of who vouches for a service's texts, and of who stands in for them."""

    validators: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureRule:
    """So many signatures for a text of which all of these hold; an empty one asks nothing."""

    number: int
    audience: str = ""
    urgency: str = ""
    tone: str = ""

    def holds(self, header: Header) -> bool:
        """Whether an article falls under this rule."""
        asked = ((self.audience, header.audience), (self.urgency, header.urgency), (self.tone, header.tone))
        return all(wanted in ("", found) for wanted, found in asked)


@dataclass(frozen=True, slots=True)
class VouchingRules:
    """What a zone decided; a service that is not named has every validator, a text without a rule one signature.

    `team_of_one` says whether the exception for a team of one may be switched on at all.
    """

    owners: Mapping[str, Vouchers] = field(default_factory=dict)
    signatures: tuple[SignatureRule, ...] = ()
    team_of_one: bool = True

    def number(self, header: Header | None) -> int:
        """How many people must sign an article."""
        found = [rule.number for rule in self.signatures if header is not None and rule.holds(header)]
        return max(found, default=1)


def vouching_sound(value: object, owners: Collection[str]) -> bool:
    """Whether a table of `zone.toml` says who vouches: a table of logins for each service."""
    if not isinstance(value, dict) or not isinstance(value.get(TEAM_OF_ONE, True), bool):
        return False
    named = {key: people for key, people in value.items() if key != TEAM_OF_ONE}
    return all(key in owners and _are_names(people) for key, people in named.items())


def _are_names(people: object) -> bool:
    if not isinstance(people, dict) or not set(people) <= NAMES:
        return False
    lists: Sequence[object] = list(people.values())
    return all(isinstance(some, list) and all(isinstance(one, str) and one.strip() for one in some) for some in lists)


def signatures_sound(value: object) -> bool:
    """Whether a list of tables of `zone.toml` says how many signatures which texts need."""
    return isinstance(value, list) and all(_is_rule(rule) for rule in value)


def _is_rule(rule: object) -> bool:
    if not isinstance(rule, dict) or not set(rule) <= {"number", *CONDITIONS}:
        return False
    number = rule.get("number")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST_SIGNATURES:
        return False
    return all(rule[key] in known for key, known in CONDITIONS.items() if key in rule)


def translations_sound(value: object) -> bool:
    """Whether a table of `zone.toml` says what becomes of translations after a major change."""
    return isinstance(value, dict) and set(value) <= {"major"} and value.get("major", MARK) in (MARK, HOLD)


def holds_translations(table: Mapping[str, Any]) -> bool:
    """Whether a sound table says that they are held; else they are marked."""
    return bool(table.get("major", MARK) == HOLD)


def vouching_of(table: Mapping[str, Any], signatures: Sequence[Mapping[str, Any]]) -> VouchingRules:
    """The rules of sound tables."""
    owners = {
        key: Vouchers(*(tuple(people.get(name, ())) for name in ("validators", "deputies")))
        for key, people in table.items()
        if key != TEAM_OF_ONE
    }
    return VouchingRules(owners, tuple(SignatureRule(**rule) for rule in signatures), table.get(TEAM_OF_ONE, True))
