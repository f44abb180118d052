"""What a zone makes of the machine's checks: `[checks]` of `zone.toml`.

Each code that weighs something may be `off`, `warning` or `error`. A code whose rule keeps a promise has a least word:
it can be made stricter, never laxer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from kbengine.article.parse import LANGUAGES
from kbengine.article.register import line_of
from kbengine.article.values import Audience, Header
from kbengine.errors import Level, Problem

Word = Literal["off", "warning", "error"]
WORDS: Final[tuple[Word, ...]] = get_args(Word)

# The codes a zone may switch, and how each is given when it says nothing.
SWITCHABLE: Final[Mapping[str, Level]] = MappingProxyType(
    {
        "audience.short": "warning",
        "curation.not-live": "warning",
        "fact.by-hand": "warning",
        "fact.contradicted": "warning",
        "fact.no-language": "warning",
        "fact.old-value": "error",
        "fact.split": "warning",
        "language.missing": "warning",
        "limit.split": "warning",
        "link.image": "warning",
        "link.insecure": "warning",
        "link.internal-host": "error",
        "link.malformed": "error",
        "link.says-here": "warning",
        "link.shortener": "warning",
        "link.tracking": "warning",
        "markup.bold-heading": "warning",
        "neighbours.alike": "warning",
        "neighbours.contradiction": "warning",
        "placeholder.no-fallback": "warning",
        "placeholder.not-started": "warning",
        "questions.both": "error",
        "questions.duplicate": "error",
        "questions.elsewhere": "warning",
        "questions.few": "warning",
        "questions.missing": "warning",
        "questions.not-kept": "error",
        "questions.same": "warning",
        "ranking.refused": "warning",
        "ranking.silenced": "warning",
        "ranking.taken": "warning",
        "recalled.unsaid": "warning",
        "synonyms.twice": "warning",
        "text.hard-to-read": "warning",
        "text.long-sentence": "warning",
        "text.mixed-address": "warning",
        "text.no-short": "warning",
        "text.repeats-internal": "warning",
    }
)
# What must be told whatever a zone says, and the least word for it; why stands in PROMISES.
PROMISED: Final[Mapping[str, tuple[str, Word]]] = MappingProxyType(
    {
        "channel.unknown": ("channel", "error"),
        "curation.over": ("period", "warning"),
        "emergency.ends": ("period", "warning"),
        "example.value": ("vouching", "error"),
        "fact.too-long": ("channel", "error"),
        "kinds.block": ("structure", "warning"),
        "kinds.no-act": ("structure", "warning"),
        "language.no-first": ("vouching", "error"),
        "limit.too-long": ("channel", "error"),
        "link.credentials": ("privacy", "error"),
        "locked.absent": ("vouching", "error"),
        "owner.unknown": ("vouching", "error"),
        "placeholder.ended": ("period", "warning"),
        "recalled.check": ("vouching", "warning"),
        "state.expired": ("period", "warning"),
        "text.personal-data": ("privacy", "warning"),
    }
)
PROMISES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "period": "nothing is used outside its period",
        "privacy": "no personal data goes out",
        "vouching": "only what somebody vouched for goes out",
        "channel": "a channel takes no more than it takes",
        "danger": "danger is recognised first",
        "structure": "a text that cannot be read cannot be checked or sent",
    }
)
# Families of codes that all keep one promise.
_STRUCTURE: Final = (
    *("article", "body", "checks", "curation", "decisions", "fact", "file", "header", "kinds", "labelled", "markup"),
    *("name", "questions", "referrals", "reply", "slug", "synonyms", "toml", "zone"),
)
_FAMILIES: Final[Mapping[str, str]] = MappingProxyType({"danger": "danger", **dict.fromkeys(_STRUCTURE, "structure")})
# The least ease (as kbengine.language.reading_ease has it) that is let pass, and the longest sentence in words. Plain
# is from 60 on; German words are longer for the same. Of the 337 example texts that are long enough, one German one
# comes within five of this and the middle ones are at 84 to 88; of their 5,378 sentences four are longer than 30.
READING: Final[Mapping[str, float]] = MappingProxyType({"nl": 60.0, "fr": 60.0, "en": 60.0, "de": 55.0})
LONGEST_SENTENCE: Final = 30
# How much like a code something is that was meant to be it: one of a family is only taken for a slip when it is nearer.
_ALIKE, _MISTYPED = 0.5, 0.85
_SETTINGS: Final = frozenset({"reading", "longest_sentence", "wanted"})
_WANTED: Final = frozenset({"languages", "audience", "tags"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Languages in which an article must exist; of an audience, or with one of these tags, when those are given."""

    languages: tuple[str, ...]
    audience: str = ""
    tags: tuple[str, ...] = ()

    def holds(self, header: Header) -> bool:
        """Whether an article falls under this wish."""
        return self.audience in ("", header.audience) and (not self.tags or not set(self.tags).isdisjoint(header.tags))


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """`words` holds what a zone said of a code; `reading` the least ease of each language."""

    words: Mapping[str, Word] = field(default_factory=dict)
    reading: Mapping[str, float] = field(default_factory=lambda: READING)
    longest_sentence: int = LONGEST_SENTENCE
    wanted: tuple[Wanted, ...] = ()

    def word(self, code: str, level: Level) -> Word:
        """What is done with a problem of that code and level."""
        return self.words.get(code, level)


def promise(code: str) -> tuple[str, Word] | None:
    """The promise that a code keeps and the least word for it; None when a zone may switch it off, or there is none."""
    if code in SWITCHABLE or code in PROMISED or _nearest(code, _MISTYPED):
        return PROMISED.get(code)
    family, sign, _ = re.split("([.-]|$)", code, maxsplit=1)
    return (_FAMILIES[family], "error") if sign and family in _FAMILIES else None


def _nearest(code: str, alike: float) -> str:
    """The code that looks most like what somebody wrote, "" when none is so much alike."""
    return next(iter(get_close_matches(code, (*SWITCHABLE, *PROMISED), 1, alike)), "")


def checks_problems(table: object, text: str, file: str) -> Iterator[Problem]:
    """What keeps `[checks]` from being used, each with its line."""
    if not isinstance(table, dict):
        yield _problem(text, file, "checks", "checks is not a table.", "Under [checks]: a code and its word.")
        return
    for code, word in _codes(table):
        yield from _code_problems(code, word, text, file)
    for key, sound, hint in (
        ("reading", _is_reading, "[checks.reading] holds a language and its least ease from 0 to 100: nl = 60."),
        ("longest_sentence", _is_length, "longest_sentence is a whole number of words from 10 to 100."),
        ("wanted", _are_wishes, 'Under [[checks.wanted]]: languages = ["fr"], and audience or tags.'),
    ):
        if key in table and not sound(table[key]):
            yield _problem(text, file, key, f"checks.{key} cannot be used.", hint)


def _code_problems(code: str, word: object, text: str, file: str) -> Iterator[Problem]:
    kept, fields = promise(code), {"check": code, "word": str(word)[:40]}
    line = _line(text, code)
    if code not in SWITCHABLE and kept is None:
        near = _nearest(code, _ALIKE)
        hint = f"Did you mean {near}?" if near else "The codes stand in docs/editors.md."
        fields |= {"near": near or "–"}
        yield Problem("checks.unknown", "error", file, line, f"No check has the code {code}.", hint, fields)
    elif word not in WORDS:
        meant = get_close_matches(str(word), WORDS, 1, 0.5)
        hint = "Write off, warning or error." + (f" Did you mean {meant[0]}?" if meant else "")
        message = f"{code} is {str(word)[:40]!r}, and that is no word for a check."
        yield Problem("checks.word", "error", file, line, message, hint, fields)
    elif kept is not None and WORDS.index(word) < WORDS.index(kept[1]):
        message = f"{code} cannot be {word}: {PROMISES[kept[0]]}."
        hint = f"Take the line out, or write {' or '.join(WORDS[WORDS.index(kept[1]) :])}."
        fields |= {"why": kept[0]}
        yield Problem("checks.promised", "error", file, line, message, hint, fields)


def policy_of(table: Mapping[str, Any]) -> CheckPolicy:
    """The policy of a table without problems."""
    wanted = (
        Wanted(tuple(wish["languages"]), wish.get("audience", ""), tuple(wish.get("tags", ())))
        for wish in table.get("wanted", ())
    )
    return CheckPolicy(
        words=dict(_codes(table)),
        reading={**READING, **{lang: float(ease) for lang, ease in table.get("reading", {}).items()}},
        longest_sentence=table.get("longest_sentence", LONGEST_SENTENCE),
        wanted=tuple(wanted),
    )


def _codes(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Each code with its word; TOML reads one without quotation marks as a table in a table."""
    for key, value in table.items():
        if not before and key in _SETTINGS:
            continue
        if isinstance(value, dict) and value:
            yield from _codes(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _problem(text: str, file: str, key: str, message: str, hint: str) -> Problem:
    return Problem("zone.checks", "error", file, _line(text, key), message, hint, {"key": "checks", "part": key})


def _line(text: str, key: str) -> int:
    """The line of a key under `[checks]`, however it is quoted or cut into tables."""
    begin = line_of(text, r"\[+\s*\"?checks\b|\"?checks\b") - 1
    under = "\n".join(text.split("\n")[begin:])
    name = r"[\s\"']*\.[\s\"']*".join(part.replace("-", r"\-") for part in key.split("."))
    last = key.rpartition(".")[2].replace("-", r"\-")
    for pattern in (
        rf"[\"']?{name}[\"']?\s*=",
        rf"\[+\s*checks\.{name}\s*\]",
        rf"[\"']?{last}[\"']?\s*=",
        r".*" + name,
    ):
        if (at := line_of("\n" + under, pattern)) > 1:
            return begin + at - 1
    return begin + 1


def _is_reading(value: object) -> bool:
    if not isinstance(value, dict) or not set(value) <= set(LANGUAGES):
        return False
    return all(not isinstance(e, bool) and isinstance(e, int | float) and 0 <= e <= 100 for e in value.values())


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 10 <= value <= 100


def _are_wishes(value: object) -> bool:
    return isinstance(value, list) and all(_is_wish(wish) for wish in value)


def _is_wish(wish: object) -> bool:
    if not isinstance(wish, dict) or not set(wish) <= _WANTED or not wish.get("languages"):
        return False
    lists = [wish["languages"], wish.get("tags", [])]
    if not all(isinstance(some, list) and all(isinstance(one, str) for one in some) for some in lists):
        return False
    return set(wish["languages"]) <= set(LANGUAGES) and wish.get("audience", "") in ("", *map(str, Audience))
