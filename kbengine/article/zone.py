"""The zone's policy, `zone.toml`, read strictly into one frozen value."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kbengine.article.addressed import Addressed, addressed_of, addressed_sound
from kbengine.article.checked import CheckPolicy, checks_problems, policy_of
from kbengine.article.cover import CoverPlan, cover_fault, plan_of
from kbengine.article.danger_plan import DangerPlan, danger_of, danger_sound
from kbengine.article.parse import LANGUAGES
from kbengine.article.register import line_of, read_toml
from kbengine.article.tone import ReplyRules, Tone, reply_of, reply_sound, tone_of, tone_sound
from kbengine.article.vouching import (
    VouchingRules,
    holds_translations,
    signatures_sound,
    translations_sound,
    vouching_of,
    vouching_sound,
)
from kbengine.errors import Problem

KEYS = frozenset(
    {
        "name",
        "addressed",
        "example",
        "languages",
        "timezone",
        "owners",
        "danger",
        "channels",
        "checks",
        "suggest",
        "example_people",
        "reply",
        "tone",
        "vouching",
        "signatures",
        "translations",
    }
)
# The share of questions about a missing article that must meet silence. Those are the hardest there are, because every
# neighbour of the missing article is there: of messages about something else a fifth more fall silent, and a line that
# silenced four in five of them would keep a quarter of the right answers back too.
SILENT = 0.6
LEAST_SILENT, MOST_SILENT = 0.4, 0.98


@dataclass(frozen=True, slots=True)
class ExamplePerson:
    """Somebody who exists in a demo store only."""

    login: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    """What the zone decides; the first of `languages` is its first language."""

    name: str
    example: bool
    languages: tuple[str, ...]
    timezone: zoneinfo.ZoneInfo
    owners: Mapping[str, str]
    danger: DangerPlan = field(default_factory=DangerPlan)
    channels: tuple[str, ...] = ()
    cover: CoverPlan = field(default_factory=CoverPlan)
    example_people: tuple[ExamplePerson, ...] = ()
    silent: float = SILENT
    tone: Tone = field(default_factory=Tone)
    reply: ReplyRules = field(default_factory=ReplyRules)
    addressed: Addressed = field(default_factory=Addressed)
    vouching: VouchingRules = field(default_factory=VouchingRules)
    checks: CheckPolicy = field(default_factory=CheckPolicy)
    hold_translations: bool = False

    @property
    def first_lang(self) -> str:
        """The language whose files hold the headers."""
        return self.languages[0]

    @property
    def reply_languages(self) -> tuple[str, ...]:
        """The languages an answer may go out in; danger answers may in any."""
        return self.reply.languages or (self.first_lang,)


NO_ZONE = Zone("", False, ("nl",), zoneinfo.ZoneInfo("Europe/Brussels"), {})


def read_zone(text: str, file: str) -> tuple[Zone | None, tuple[Problem, ...]]:
    """The zone's policy, or None and every problem of its file."""
    table, problems = read_toml(text, file)
    if problems:
        return None, tuple(problems)

    def problem(key: str, message: str, hint: str) -> None:
        place = rf"\[+{re.escape(key)}\b|\"?{re.escape(key)}\"?\s*="
        line = line_of(text, place) if key in table else 1
        problems.append(Problem("zone." + key, "error", file, line, message, hint, {"key": key}))

    for key in sorted(set(table) - KEYS):
        problem(key, f"The key {key} is unknown.", f"Keys: {', '.join(sorted(KEYS))}.")
    if not isinstance(table.get("name"), str) or not table["name"].strip():
        problem("name", "name is missing.", 'Add name = "…".')
    if not isinstance(table.get("example", False), bool):
        problem("example", "example is not true or false.", "example = true")
    languages = table.get("languages", ["nl"])
    if not isinstance(languages, list) or not languages or any(lang not in LANGUAGES for lang in languages):
        problem("languages", "languages is not a list of known languages.", f"Known: {', '.join(LANGUAGES)}.")
    if _timezone(table.get("timezone", "Europe/Brussels")) is None:
        problem("timezone", "timezone is unknown.", 'For example "Europe/Brussels".')
    owners = table.get("owners", {})
    if not isinstance(owners, dict) or not owners or not all(isinstance(label, str) for label in owners.values()):
        problem("owners", "owners is missing or not a table of labels.", 'Add [owners] and onthaal = "Onthaal".')
    if not danger_sound(table.get("danger", {})):
        hint = "Texts; under [danger.steps] an article per kind or act; under [danger.alert] name and phone."
        problem("danger", "danger holds an unknown key, or a value of another shape.", hint)
    fault = _cover_fault(table)
    if fault:
        problem("channels", fault, 'Under [channels]: order = ["facebook", "email"]; a table for each channel.')
    suggest = table.get("suggest", {})
    if not isinstance(suggest, dict) or not set(suggest) <= {"silent"} or not _is_share(suggest.get("silent", SILENT)):
        hint = f"Under [suggest]: silent = {SILENT}, from {LEAST_SILENT} to {MOST_SILENT}."
        problem("suggest", "suggest holds an unknown key, or silent is no share that can be used.", hint)
    if not addressed_sound(table.get("addressed", {})):
        hint = 'Under [addressed]: accounts = ["…"], names, counts of direct, mention and own-post, own_posts.'
        problem("addressed", "addressed holds an unknown key, or a value that is no list of texts.", hint)
    if not tone_sound(table.get("tone", {})):
        hint = 'Under [tone]: form = "je" or "u", initials = true, and a line per language under greeting and sign_off.'
        problem("tone", "tone holds an unknown key, or a value that cannot be used.", hint)
    if not reply_sound(table.get("reply", {})):
        hint = 'Under [reply]: languages = ["nl"], drift = "warn" or "second-person".'
        problem("reply", "reply holds an unknown key, or a value that cannot be used.", hint)
    if not vouching_sound(table.get("vouching", {}), owners if isinstance(owners, dict) else ()):
        hint = 'Under [vouching.onthaal], a service of [owners]: validators = ["vera"], deputies = ["vic"].'
        problem("vouching", "vouching holds an unknown service or key, or a value that is no list of logins.", hint)
    if not signatures_sound(table.get("signatures", [])):
        hint = "Under [[signatures]]: number = 2, and audience, urgency or tone."
        problem("signatures", "signatures holds an unknown key or value.", hint)
    if not translations_sound(table.get("translations", {})):
        hint = 'Under [translations]: major = "mark" or "hold".'
        problem("translations", "translations holds an unknown key or value.", hint)
    problems += checks_problems(table.get("checks", {}), text, file)
    people = table.get("example_people", {})
    if not isinstance(people, dict) or not all(_is_person(person) for person in people.values()):
        problem("example_people", "A person needs name and roles.", 'name = "…", roles = ["agent"].')
    return (None if problems else _zone(table)), tuple(problems)


def _cover_fault(table: Mapping[str, Any]) -> str:
    owners, languages, danger = (table.get(key) for key in ("owners", "languages", "danger"))
    plan = danger_of(danger) if danger and danger_sound(danger) else DangerPlan()
    return cover_fault(
        table.get("channels", {}),
        owners if isinstance(owners, dict) else (),
        languages if isinstance(languages, list) else ("nl",),
        (plan.police, plan.medical),
    )


def _is_person(person: object) -> bool:
    if not isinstance(person, dict) or set(person) != {"name", "roles"} or not isinstance(person["roles"], list):
        return False
    return _all_text([person["name"], *person["roles"]])


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and LEAST_SILENT <= value <= MOST_SILENT


def _all_text(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _timezone(name: object) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(str(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone(table: Mapping[str, Any]) -> Zone:
    people = table.get("example_people", {})
    return Zone(
        name=table["name"],
        example=table.get("example") is True,
        languages=tuple(table.get("languages", ["nl"])),
        timezone=zoneinfo.ZoneInfo(table.get("timezone", "Europe/Brussels")),
        owners=dict(table["owners"]),
        danger=danger_of(table.get("danger", {})),
        channels=tuple(table.get("channels", {}).get("order", ())),
        cover=plan_of(table.get("channels", {})),
        example_people=tuple(ExamplePerson(key, p["name"], tuple(p["roles"])) for key, p in people.items()),
        silent=float(table.get("suggest", {}).get("silent", SILENT)),
        tone=tone_of(table.get("tone")),
        reply=reply_of(table.get("reply", {})),
        addressed=addressed_of(table.get("addressed", {})),
        vouching=vouching_of(table.get("vouching", {}), table.get("signatures", [])),
        checks=policy_of(table.get("checks", {})),
        hold_translations=holds_translations(table.get("translations", {})),
    )
