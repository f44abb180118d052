"""The register of curations: for some words an answer is pinned or held back, until a day, for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kbengine.article.fields import SLUG, local_time
from kbengine.article.register import read_toml, toml_text
from kbengine.article.synonyms import MAX_SYNONYM
from kbengine.article.tables import table_key, table_line
from kbengine.article.values import LocalTime
from kbengine.errors import Problem

MAX_REASON = 300
CURATION_KEYS = frozenset({"words", "pin", "hold_back", "reason", "until"})


@dataclass(frozen=True, slots=True)
class Curation:
    """An answer that stands first (`pin`) or is not offered (`hold_back`) for a message with all the words of one text.

    One of the two names the answer, the other is "". It counts up to and including the day `until`.
    """

    name: str
    words: tuple[str, ...]
    pin: str
    hold_back: str
    reason: str
    until: LocalTime

    @property
    def slug(self) -> str:
        """The answer it is about."""
        return self.pin or self.hold_back


def read_curations(text: str, file: str) -> tuple[tuple[Curation, ...], tuple[Problem, ...]]:
    """All curations of a register, and all its problems; a curation with a problem is left out."""
    tables, problems = read_toml(text, file)
    curations = []
    for name, table in tables.items():
        found = _problems(name, table, text, file)
        problems += found
        if not found:
            pin, hold_back = table.get("pin", ""), table.get("hold_back", "")
            until = local_time(str(table["until"]))
            curations.append(Curation(name, tuple(table["words"]), pin, hold_back, table["reason"].strip(), until))
    return tuple(curations), tuple(problems)


def _problems(name: str, table: Any, text: str, file: str) -> list[Problem]:
    def problem(code: str, message: str, hint: str, key: str = "") -> Problem:
        line = table_line(text, name, key if isinstance(table, dict) and key in table else "")
        fields = {"curation": name, "key": key}
        return Problem(code, "error", file, line, f"Curation {name}: {message}", hint, fields)

    if not isinstance(table, dict):
        return [problem("curation.table", "this is not a table.", f"Write [{name}] on a line of its own.")]
    found = []
    if not SLUG.fullmatch(name) or len(name) > MAX_SYNONYM:
        hint = f"Use a-z, 0-9 and hyphens, at most {MAX_SYNONYM}."
        found.append(problem("curation.name", "the name is not usable.", hint))
    for key in sorted(set(table) - CURATION_KEYS):
        hint = f"Keys: {', '.join(sorted(CURATION_KEYS))}."
        found.append(problem("curation.unknown-key", f"the key {key} is unknown.", hint, key))
    if not _are_texts(table.get("words")):
        message = f"words is not a list of texts of at most {MAX_SYNONYM} characters."
        found.append(problem("curation.words", message, 'words = ["…", "…"].', "words"))
    targets = [key for key in ("pin", "hold_back") if key in table]
    if len(targets) != 1 or not SLUG.fullmatch(str(table[targets[0]])):
        hint = 'Write pin = "<slug>", or hold_back = "<slug>".'
        found.append(problem("curation.target", "it names no answer, or two.", hint, *targets[:1]))
    reason = table.get("reason")
    if not isinstance(reason, str) or not reason.strip() or len(reason) > MAX_REASON:
        hint = f'reason = "…", at most {MAX_REASON} characters.'
        found.append(problem("curation.reason", "reason is missing or too long.", hint, "reason"))
    if not _is_day(table.get("until")):
        found.append(problem("curation.until", "until is no day that exists.", 'until = "2026-11-30".', "until"))
    return found


def _are_texts(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, str) and any(map(str.isalnum, item)) and len(item) <= MAX_SYNONYM for item in value)
    )


def _is_day(value: object) -> bool:
    try:
        return not local_time(str(value)).has_time
    except ValueError:
        return False


def write_curation(name: str, words: Sequence[str], entries: Mapping[str, str]) -> str:
    """One curation as its table in the register, from texts as they were typed; `entries` are its other keys."""
    lines = [f"{table_key(key)} = {toml_text(value)}" for key, value in entries.items()]
    return "\n".join([f"[{table_key(name)}]", f"words = [{', '.join(map(toml_text, words))}]", *lines]) + "\n"
