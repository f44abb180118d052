"""The TOML texts beside the articles: facts and question files; problems name table and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from kbengine.article.fields import comes_before, local_time
from kbengine.article.parse import LANGUAGES
from kbengine.article.values import Fact, LocalTime, Questions
from kbengine.article.write import local_time_text
from kbengine.errors import Problem

FACT_KINDS = ("phone", "amount", "url", "hours", "text")
FACT_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
FACT_KEYS = frozenset({"kind", "value", "label", "owner", "source", "from", "until", "was"})
MAX_QUESTION = 600
MAX_OLD = 20
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f]")  # TOML takes these in escapes only
TOML_PLACE = re.compile(r"\(at line (\d+)")


def read_toml(text: str, file: str) -> tuple[dict[str, Any], list[Problem]]:
    """A TOML text as a dict, or the one problem that stops it being read."""
    try:
        return tomllib.loads(text), []
    except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
        found = TOML_PLACE.search(str(error))
        at_end = text.rstrip().count("\n") + 1 if "end of document" in str(error) else 1
        line = int(found.group(1)) if found else at_end
        message = f"The file cannot be read: {error}."
        return {}, [Problem("toml.syntax", "error", file, line, message, "Correct the line; see docs/editors.md.")]


def line_of(text: str, pattern: str) -> int:
    """The first line of a text that the pattern matches at its start, 1 when there is none."""
    found = re.search(rf"^[ \t]*(?:{pattern})", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def read_facts(text: str, file: str) -> tuple[tuple[Fact, ...], tuple[Problem, ...]]:
    """All facts of a register, and all its problems; a fact with a problem is left out."""
    tables, problems = read_toml(text, file)
    facts = []
    for name, table in tables.items():
        quoted = rf"\"?{re.escape(name)}\"?"
        line = line_of(text, rf"\[\s*{quoted}\s*\]|{quoted}\s*=")
        found = _fact_problems(name, table, file, line)
        problems += found
        if not found:
            facts.append(_fact(name, table))
    return tuple(facts), tuple(problems)


def _fact_problems(name: str, table: object, file: str, line: int) -> list[Problem]:
    def problem(code: str, message: str, hint: str) -> Problem:
        return Problem(code, "error", file, line, f"Fact {name}: {message}", hint, {"fact": name})

    if not isinstance(table, dict):
        return [problem("fact.table", "this is not a table.", f"Write [{name}] on a line of its own.")]
    found = []
    if not FACT_NAME.fullmatch(name):
        found.append(problem("fact.name", "the name is not usable.", "Use a-z, 0-9 and _, at most 40."))
    for key in sorted(set(table) - FACT_KEYS):
        hint = f"Keys: {', '.join(sorted(FACT_KEYS))}."
        found.append(problem("fact.unknown-key", f"the key {key} is unknown.", hint))
    for key in ("label", "owner", "source"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            found.append(problem("fact.missing", f"{key} is missing.", f'Add {key} = "…".'))
    if table.get("kind") not in FACT_KINDS:
        found.append(problem("fact.kind", "kind is missing or unknown.", f"One of {', '.join(FACT_KINDS)}."))
    if not _values(table.get("value")):
        found.append(problem("fact.value", "value is missing or not text.", 'value = "…" or { nl = "…", fr = "…" }.'))
    if "was" in table and not _are_old(table["was"]):
        hint = f'was = ["…", "…"], at most {MAX_OLD}.'
        found.append(problem("fact.was", "was is not a list of the values it had before.", hint))
    for key in ("from", "until"):
        if key in table and _moment(table[key]) is None:
            found.append(problem("fact.period", f"{key} is not a day that exists.", f'{key} = "2026-11-30".'))
    first, last = (_moment(table.get(key)) for key in ("from", "until"))
    if first and last and not comes_before(first, last):
        found.append(problem("fact.period", "until comes before from.", "Turn the two around or correct one."))
    return found


def _values(value: object) -> dict[str, str]:
    if isinstance(value, str):
        return {"": value} if value.strip() else {}
    if not isinstance(value, dict):
        return {}
    sound = all(key in LANGUAGES and isinstance(text, str) and text.strip() for key, text in value.items())
    return dict(value) if sound else {}


def _are_old(value: object) -> bool:
    if not isinstance(value, list) or len(value) > MAX_OLD:
        return False
    return all(isinstance(text, str) and any(map(str.isalnum, text)) for text in value)


def _moment(value: object) -> LocalTime | None:
    try:
        return local_time(str(value))
    except ValueError:
        return None


def _fact(name: str, table: Mapping[str, Any]) -> Fact:
    return Fact(
        name=name,
        kind=table["kind"],
        values=_values(table["value"]),
        label=table["label"],
        owner=table["owner"],
        source=table["source"],
        valid_from=_moment(table["from"]) if "from" in table else None,
        valid_until=_moment(table["until"]) if "until" in table else None,
        was=tuple(table.get("was", ())),
    )


def toml_text(value: str) -> str:
    """A TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + UNWRITABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", escaped) + '"'


def write_fact(fact: Fact) -> str:
    """One fact as its own small register; what a fact's revision holds."""
    values = fact.values
    inline = "{ " + ", ".join(f"{lang} = {toml_text(text)}" for lang, text in values.items()) + " }"
    lines = [f"[{fact.name}]", f"kind = {toml_text(fact.kind)}"]
    lines.append(f"value = {toml_text(values['']) if '' in values else inline}")
    lines += [f"{key} = {toml_text(getattr(fact, key))}" for key in ("label", "owner", "source")]
    if fact.valid_from:
        lines.append(f"from = {toml_text(local_time_text(fact.valid_from))}")
    if fact.valid_until:
        lines.append(f"until = {toml_text(local_time_text(fact.valid_until))}")
    if fact.was:
        lines.append(f"was = [{', '.join(map(toml_text, fact.was))}]")
    return "\n".join(lines) + "\n"


def read_questions(text: str, slug: str, file: str) -> tuple[Questions | None, tuple[Problem, ...]]:
    """A question file: lists per language and `not`; None when it cannot be used."""
    table, problems = read_toml(text, file)
    for key, value in table.items():
        line = line_of(text, rf"\"?{re.escape(key)}\"?\s*=")
        if key not in (*LANGUAGES, "not"):
            hint = f"Keys are {', '.join(LANGUAGES)} and not."
            problems.append(Problem("questions.unknown-key", "error", file, line, f"The key {key} is unknown.", hint))
        elif not isinstance(value, list) or not all(is_question(item) for item in value):
            message = f"{key} is not a list of texts of at most {MAX_QUESTION} characters."
            problems.append(Problem("questions.list", "error", file, line, message, f'{key} = ["…", "…"].'))
    if problems:
        return None, tuple(problems)
    asked = {lang: tuple(table[lang]) for lang in LANGUAGES if table.get(lang)}
    return Questions(slug, asked, tuple(table.get("not", ()))), ()


def is_question(item: object) -> bool:
    """Whether this can be a message that somebody writes: a text, not too long."""
    return isinstance(item, str) and bool(item.strip()) and len(item) <= MAX_QUESTION
