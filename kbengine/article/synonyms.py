"""The register of synonyms: groups of words that mean the same to whoever asks, in one language and across them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kbengine.article.fields import SLUG
from kbengine.article.parse import LANGUAGES
from kbengine.article.register import read_toml, toml_text
from kbengine.article.tables import table_key, table_line
from kbengine.errors import Problem

MAX_SYNONYM = 80


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Words and short phrases, by language, that mean the same; `name` is what the group is called."""

    name: str
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# A register of ten thousand words takes half a second to read, and one page looks at it as it is and as it was.
@lru_cache(maxsize=4)
def read_synonyms(text: str, file: str) -> tuple[tuple[SynonymGroup, ...], tuple[Problem, ...]]:
    """All groups of a register, and all its problems; a group with an error is left out."""
    tables, problems = read_toml(text, file)
    groups = []
    for name, table in tables.items():
        found = _problems(name, table, text, file)
        problems += found
        if not found:
            groups.append(SynonymGroup(name, {lang: tuple(table[lang]) for lang in LANGUAGES if table.get(lang)}))
    return tuple(groups), (*problems, *_twice(groups, text, file))


def _problems(name: str, table: Any, text: str, file: str) -> list[Problem]:
    def problem(code: str, message: str, hint: str, key: str = "") -> Problem:
        fields, message = {"group": name, "key": key}, f"Synonyms {name}: {message}"
        return Problem(code, "error", file, table_line(text, name, key), message, hint, fields)

    if not isinstance(table, dict):
        return [problem("synonyms.table", "this is not a table.", f"Write [{name}] on a line of its own.")]
    found = []
    if not SLUG.fullmatch(name) or len(name) > MAX_SYNONYM:
        hint = f"Use a-z, 0-9 and hyphens, at most {MAX_SYNONYM}."
        found.append(problem("synonyms.name", "the name is not usable.", hint))
    for key, words in table.items():
        if key not in LANGUAGES:
            hint = f"Keys are {', '.join(LANGUAGES)}."
            found.append(problem("synonyms.language", f"the language {key} is unknown.", hint, key))
        elif not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            found.append(problem("synonyms.list", f"{key} is not a list of texts.", f'{key} = ["…", "…"].', key))
        elif any(len(word) > MAX_SYNONYM for word in words):
            message = f"{key} holds a text of more than {MAX_SYNONYM} characters."
            found.append(problem("synonyms.too-long", message, "A synonym is a word or a short phrase.", key))
    if not found and not any(table.values()):
        found.append(problem("synonyms.empty", "there is no word in it.", "Write its words, or delete the group."))
    return found


def _twice(groups: Iterable[SynonymGroup], text: str, file: str) -> Iterable[Problem]:
    """A word of two groups means what either means: seldom what was meant."""
    seen: dict[tuple[str, str], str] = {}
    for group in groups:
        for lang, words in group.words.items():
            for word in words:
                other = seen.setdefault((lang, " ".join(word.casefold().split())), group.name)
                if other != group.name:
                    line = table_line(text, group.name, lang)
                    message = f"Synonyms {group.name}: {word!r} ({lang}) also stands in {other}."
                    fields = {"group": group.name, "other": other, "word": word}
                    hint = "Keep it in one, unless it means both."
                    yield Problem("synonyms.twice", "warning", file, line, message, hint, fields)


def write_synonyms(group: SynonymGroup) -> str:
    """One group as its table in the register."""
    lines = [
        f"{lang} = [{', '.join(toml_text(word) for word in words)}]" for lang, words in group.words.items() if words
    ]
    return "\n".join([f"[{table_key(group.name)}]", *lines]) + "\n"
