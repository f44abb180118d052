"""How a zone speaks and what it lets go out: `[tone]` and `[reply]` of `zone.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from kbengine.article.parse import LANGUAGES

DriftPolicy = Literal["warn", "second-person"]

FORMS = ("je", "u")
POLICIES: tuple[DriftPolicy, ...] = ("warn", "second-person")
MAX_LINE = 200
TONE_KEYS = frozenset({"form", "greeting", "sign_off", "initials"})
REPLY_KEYS = frozenset({"languages", "drift"})
NOTHING: Mapping[str, str] = MappingProxyType({})

# A greeting may name the citizen and nothing else is filled in.
_LINE = re.compile(r"(?:[^{}\n]|\{citizen:first_name(?:\|[^{}|\n]*)?\})*")
_GREETINGS: Mapping[str, Mapping[str, str]] = {
    "je": {"nl": "Dag {citizen:first_name|},", "fr": "Salut {citizen:first_name|},"},
    "u": {"nl": "Beste {citizen:first_name|},", "fr": "Bonjour {citizen:first_name|},"},
}
_ALWAYS_GREETED = {"en": "Hello {citizen:first_name|},", "de": "Guten Tag {citizen:first_name|},"}


@dataclass(frozen=True, slots=True)
class Tone:
    """What stands round an answer, one line a language, none where a zone says nothing.

    `form` is how a citizen is spoken to; `initials` says whether who answers signs with ^AB.
    """

    form: str = "je"
    greeting: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    sign_off: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    initials: bool = False


@dataclass(frozen=True, slots=True)
class ReplyRules:
    """The languages a reply may be in, () for the zone's first only, and what happens when one was changed."""

    languages: tuple[str, ...] = ()
    drift: DriftPolicy = "warn"


def tone_sound(value: object) -> bool:
    """Whether a table of `zone.toml` is a tone."""
    if not isinstance(value, dict) or not set(value) <= TONE_KEYS or value.get("form", "je") not in FORMS:
        return False
    lines = [value.get(key, {}) for key in ("greeting", "sign_off")]
    return isinstance(value.get("initials", False), bool) and all(_are_lines(some) for some in lines)


def _are_lines(value: object) -> bool:
    if not isinstance(value, dict) or not set(value) <= set(LANGUAGES):
        return False
    return all(isinstance(line, str) and len(line) <= MAX_LINE and _LINE.fullmatch(line) for line in value.values())


def tone_of(table: Mapping[str, Any] | None) -> Tone:
    """The tone of a sound table; a language without a greeting of its own is greeted as its form asks."""
    if table is None:
        return Tone()
    form = table.get("form", "je")
    greeting = {**_ALWAYS_GREETED, **_GREETINGS[form], **table.get("greeting", {})}
    return Tone(form, greeting, dict(table.get("sign_off", {})), table.get("initials", False))


def reply_sound(value: object) -> bool:
    """Whether a table of `zone.toml` says how replies go out."""
    if not isinstance(value, dict) or not set(value) <= REPLY_KEYS or value.get("drift", "warn") not in POLICIES:
        return False
    languages = value.get("languages", [LANGUAGES[0]])
    return isinstance(languages, list) and bool(languages) and all(lang in LANGUAGES for lang in languages)


def reply_of(table: Mapping[str, Any]) -> ReplyRules:
    """The rules of a sound table."""
    return ReplyRules(tuple(table.get("languages", ())), table.get("drift", "warn"))
