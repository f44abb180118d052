"""The keys a header may hold: what each one reads, refuses and means when it is absent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kbengine.article.header import CONTROL, Entry
from kbengine.article.values import Audience, Header, LocalTime
from kbengine.errors import Problem

MAX_TITLE = 120
MAX_VALUE = 2_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
LOCAL_TIME = re.compile(r"(19|2\d)\d\d-\d\d-\d\d([ T]\d\d:\d\d)?", re.ASCII)
URGENCIES = ("emergency", "act-now", "today", "info")
CERTAINTIES = ("verified", "recalled")
TONES = ("neutral", "light", "sensitive")
PURPOSES = ("answer", "ask-back", "correct", "follow-up")
AIMS = ("prevention", "detection", "aftermath")
# What a message can be, beside what it is about.
QUESTION, REPORT = "question", "report"
COMPLIMENT, THANKS, NOT_OURS = "compliment", "thanks", "not-ours"
MESSAGE_KINDS = (
    QUESTION,
    REPORT,
    "service-complaint",
    COMPLIMENT,
    "criticism",
    "abuse",
    THANKS,
    "tip",
    "press",
    NOT_OURS,
)
# What a building block may be for: a kind of message, what the desk noticed besides, or any message.
NOT_ADDRESSED, PERSONAL_DATA, ALWAYS = "not-addressed", "personal-data", "always"
BLOCK_FOR = (*MESSAGE_KINDS, NOT_ADDRESSED, PERSONAL_DATA, ALWAYS)


class _Refused(Exception):
    """A value that a key cannot take; the text says what it may be."""


def local_time(text: str) -> LocalTime:
    """Read `2026-11-30` or `2026-11-30 18:00`, from 1900 to 2999; raises ValueError for anything else."""
    found = LOCAL_TIME.fullmatch(text)
    if not found:
        raise ValueError(text)
    return LocalTime(datetime.fromisoformat(text), has_time=found[2] is not None)


def comes_before(first: LocalTime, last: LocalTime) -> bool:
    """Whether a period from the one until the other holds any moment; a last day counts whole."""
    return first.moment < (last.moment if last.has_time else last.moment + timedelta(days=1))


def _text(value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        raise _Refused("one text, not a list")
    if CONTROL.search(value):
        raise _Refused("a text without line breaks or invisible signs")
    if len(value) > MAX_VALUE:
        raise _Refused(f"at most {MAX_VALUE} characters")
    return value.strip()


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    items = value if isinstance(value, tuple) else (value,)
    return tuple(_text(item) for item in items if item)


def _addresses(value: str | tuple[str, ...]) -> tuple[str, ...]:
    items = _texts(value)
    if not items:
        raise _Refused("at least one source")
    return items


def _address(value: str | tuple[str, ...]) -> str:
    text = _text(value)
    if text and not WEB_ADDRESS.fullmatch(text):
        raise _Refused("a web address that begins with https://")
    return text


def _months(value: str | tuple[str, ...]) -> int:
    text = _text(value)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 60:
        raise _Refused("a whole number of months from 1 to 60")
    return int(text)


def _moment(value: str | tuple[str, ...]) -> LocalTime:
    try:
        return local_time(_text(value))
    except ValueError:
        raise _Refused("a day that exists, 2026-11-30, or a day and time, 2026-11-30 18:00") from None


def _truth(value: str | tuple[str, ...]) -> bool:
    text = _text(value)
    if text not in ("true", "false"):
        raise _Refused("true or false")
    return text == "true"


def _slug(value: str | tuple[str, ...]) -> str:
    text = _text(value)
    if not SLUG.fullmatch(text):
        raise _Refused("small letters, digits and single hyphens")
    return text


def _one_of(*allowed: str) -> Callable[[str | tuple[str, ...]], str]:
    def read(value: str | tuple[str, ...]) -> str:
        text = _text(value)
        if text not in allowed:
            raise _Refused("one of " + ", ".join(allowed))
        return text

    return read


def _some_of(*allowed: str) -> Callable[[str | tuple[str, ...]], tuple[str, ...]]:
    def read(value: str | tuple[str, ...]) -> tuple[str, ...]:
        items = _texts(value)
        if not items or not set(items) <= set(allowed):
            raise _Refused("one or more of " + ", ".join(allowed))
        return items

    return read


def _audience(value: str | tuple[str, ...]) -> Audience:
    return Audience(_one_of(*Audience)(value))


def _title(value: str | tuple[str, ...]) -> str:
    text = _text(value)
    if not text or len(text) > MAX_TITLE:
        raise _Refused(f"1 to {MAX_TITLE} characters")
    return text


@dataclass(frozen=True, slots=True)
class Field:
    """How one key is read, and whether the first language's file must have it."""

    read: Callable[[str | tuple[str, ...]], Any]
    required: bool = False


FIELDS: Mapping[str, Field] = {
    "title": Field(_title, required=True),
    "audience": Field(_audience, required=True),
    "owner": Field(_slug, required=True),
    "sources": Field(_addresses, required=True),
    "review_months": Field(_months, required=True),
    "valid_from": Field(_moment),
    "valid_until": Field(_moment),
    "channels": Field(_texts),
    "urgency": Field(_one_of(*URGENCIES)),
    "locked": Field(_texts),
    "certainty": Field(_one_of(*CERTAINTIES)),
    "canonical_url": Field(_address),
    "tags": Field(_texts),
    "partner": Field(_text),
    "tone": Field(_one_of(*TONES)),
    "crisis": Field(_truth),
    "purpose": Field(_one_of(*PURPOSES)),
    "aim": Field(_one_of(*AIMS)),
    "block_for": Field(_some_of(*BLOCK_FOR)),
}
NEVER_FROM_A_FILE = frozenset(
    {
        "status",
        "state",
        "validated",
        "validated_by",
        "validated_at",
        "validator",
        "approved",
        "approved_by",
        "digest",
    }
)


def read_fields(
    entries: Mapping[str, Entry], file: str, *, translation: bool
) -> tuple[str, Header | None, tuple[Problem, ...]]:
    """Title and header of a file; a translation holds `title` only and has no header of its own."""
    allowed = {"title": FIELDS["title"]} if translation else FIELDS
    problems = [_unknown(key, entry.line, file, translation) for key, entry in entries.items() if key not in allowed]
    values: dict[str, Any] = {}
    for key, field in allowed.items():
        if key not in entries:
            if field.required:
                problems.append(_missing(key, file))
            continue
        try:
            values[key] = field.read(entries[key].value)
        except _Refused as refused:
            problems.append(_refused(key, entries[key], str(refused), file))
    title = values.pop("title", "")
    if problems or translation:
        return title, None, tuple(problems)
    header = Header(**values)
    return title, header, tuple(_period(header, entries, file))


def _unknown(key: str, line: int, file: str, translation: bool) -> Problem:
    if key in NEVER_FROM_A_FILE:
        message = f"The key {key} is never read from a file: a person decides, in the product."
        return Problem("header.state-in-file", "error", file, line, message, "Take the key out.", {"key": key})
    if translation and key in FIELDS:
        message = f"The key {key} stands in the first language's file."
        hint = "Keep only `title` in the header of a translation."
        return Problem("header.in-translation", "error", file, line, message, hint, {"key": key})
    hint = "Keys are: " + ", ".join(FIELDS) + "."
    return Problem("header.unknown-key", "error", file, line, f"The key {key} is unknown.", hint, {"key": key})


def _missing(key: str, file: str) -> Problem:
    message = f"The key {key} is missing."
    return Problem("header.missing-key", "error", file, 1, message, f"Add a line `{key}: …`.", {"key": key})


def _refused(key: str, entry: Entry, expected: str, file: str) -> Problem:
    message = f"The value of {key} cannot be used."
    fields = {"key": key, "expected": expected}
    return Problem("header.value", "error", file, entry.line, message, f"It must be {expected}.", fields)


def _period(header: Header, entries: Mapping[str, Entry], file: str) -> list[Problem]:
    first, last = header.valid_from, header.valid_until
    if first is None or last is None or comes_before(first, last):
        return []
    message = "valid_until comes before valid_from."
    line = entries["valid_until"].line
    return [Problem("header.period", "error", file, line, message, "Turn the two around or correct one.")]
