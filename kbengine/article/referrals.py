"""The register of referrals: subjects of other services, which one handles each, and how people ask about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kbengine.article.fields import SLUG
from kbengine.article.parse import LANGUAGES
from kbengine.article.register import MAX_QUESTION, is_question, read_toml, toml_text
from kbengine.article.synonyms import MAX_SYNONYM
from kbengine.article.tables import table_key, table_line
from kbengine.errors import Problem

MAX_SERVICE = 200
_TEXTS = ("subject", "service")


@dataclass(frozen=True, slots=True)
class Referral:
    """A `subject` that another `service` handles, both in the zone's first language; `asked` are messages about it."""

    name: str
    subject: str
    service: str
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_referrals(text: str, file: str) -> tuple[tuple[Referral, ...], tuple[Problem, ...]]:
    """All referrals of a register, and all its problems; a referral with a problem is left out."""
    tables, problems = read_toml(text, file)
    referrals = []
    for name, table in tables.items():
        found = _problems(name, table, text, file)
        problems += found
        if not found:
            asked = {lang: tuple(table[lang]) for lang in LANGUAGES if table.get(lang)}
            subject, service = (table[key].strip() for key in _TEXTS)
            referrals.append(Referral(name, subject, service, asked))
    return tuple(referrals), tuple(problems)


def _problems(name: str, table: Any, text: str, file: str) -> list[Problem]:
    def problem(code: str, message: str, hint: str, key: str = "") -> Problem:
        line = table_line(text, name, key if isinstance(table, dict) and key in table else "")
        fields, message = {"referral": name, "key": key}, f"Referral {name}: {message}"
        return Problem(code, "error", file, line, message, hint, fields)

    if not isinstance(table, dict):
        return [problem("referrals.table", "this is not a table.", f"Write [{name}] on a line of its own.")]
    found = []
    if not SLUG.fullmatch(name) or len(name) > MAX_SYNONYM:
        hint = f"Use a-z, 0-9 and hyphens, at most {MAX_SYNONYM}."
        found.append(problem("referrals.name", "the name is not usable.", hint))
    for key in _TEXTS:
        said = table.get(key)
        if not isinstance(said, str) or not said.strip() or len(said) > MAX_SERVICE or not said.isprintable():
            message = f"{key} is missing, or no line of at most {MAX_SERVICE} characters."
            found.append(problem("referrals.text", message, f'{key} = "…".', key))
    for key, asked in table.items():
        if key in _TEXTS:
            continue
        if key not in LANGUAGES:
            hint = f"Keys are {', '.join((*_TEXTS, *LANGUAGES))}."
            found.append(problem("referrals.key", f"the key {key} is unknown.", hint, key))
        elif not isinstance(asked, list) or not all(is_question(one) for one in asked):
            message = f"{key} is not a list of texts of at most {MAX_QUESTION} characters."
            found.append(problem("referrals.list", message, f'{key} = ["…", "…"].', key))
    if not found and not any(table.get(lang) for lang in LANGUAGES):
        message, hint = "nobody wrote how people ask about it.", 'Write messages as people send them: nl = ["…", "…"].'
        found.append(problem("referrals.empty", message, hint))
    return found


def write_referral(referral: Referral) -> str:
    """One referral as its table in the register, a message a line."""
    lines = [f"[{table_key(referral.name)}]"]
    lines += [f"{key} = {toml_text(getattr(referral, key))}" for key in _TEXTS]
    for lang, asked in referral.asked.items():
        if asked:
            lines += [f"{lang} = [", *(f"  {toml_text(text)}," for text in asked), "]"]
    return "\n".join(lines) + "\n"
