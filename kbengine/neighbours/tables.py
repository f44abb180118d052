"""The words by which sentences are known to say otherwise, as patterns over folded text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from kbengine.language import LANGUAGES

_TABLE: Final[Mapping[str, Any]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
_NEVER: Final = re.compile(r"(?!)")


def _pattern(phrases: str, *, opening: bool = False) -> re.Pattern[str]:
    """A pattern that finds any of the phrases, the longest first; with `opening` only where the text begins."""
    listed = sorted((phrase.strip() for phrase in phrases.split(",") if phrase.strip()), key=len, reverse=True)
    if not listed:
        return _NEVER
    written = "|".join(r"\s+".join(map(_word, phrase.split())) for phrase in listed)
    return re.compile(rf"^\W*(?:{written})(?!\w)" if opening else rf"(?<!\w)(?:{written})(?!\w)")


def _word(word: str) -> str:
    return re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "")


@cache
def said(row: str, lang: str) -> re.Pattern[str]:
    """What finds the phrases of a row, as `may` or `free`, in folded text."""
    return _pattern(_TABLE[row].get(lang, ""))


@cache
def hints(lang: str) -> re.Pattern[str]:
    """What finds any phrase by which something is said to be so, or not; where it finds nothing no row does."""
    rows = (row for row in _TABLE if row not in ("light", "joints", "conditions", "case"))
    return re.compile("|".join(said(row, lang).pattern for row in rows if _TABLE[row][lang]))


@cache
def begins(row: str, lang: str) -> re.Pattern[str]:
    """What tells that folded text begins with a phrase of a row."""
    return _pattern(_TABLE[row].get(lang, ""), opening=True)


@cache
def light(lang: str) -> frozenset[str]:
    """Words that tell little about what a sentence is about, folded."""
    return frozenset(word.strip() for word in _TABLE["light"][lang].split(","))


# Cases of which one text may not be silent where the other names one: a first fine is not said otherwise by a second.
ONE_SIDED: Final = frozenset(name for name, case in _TABLE["case"].items() if case["sides"] == "one")


@cache
def _cases(lang: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (name, "" if name in ONE_SIDED else member, _pattern(phrases))
        for name, case in _TABLE["case"].items()
        for member, phrases in case.items()
        if member != "sides" and (member not in LANGUAGES or member == lang)
    )


@cache
def _any_case(lang: str) -> re.Pattern[str]:
    return re.compile("|".join(pattern.pattern for _, _, pattern in _cases(lang)))


def cases_in(folded: str, lang: str) -> Iterator[tuple[str, str]]:
    """Every case that a text names, as (what is told apart, which of them); "day and night" is no night."""
    folded = said("anytime", lang).sub(" ", folded)
    if not _any_case(lang).search(folded):
        return iter(())
    return ((name, member) for name, member, pattern in _cases(lang) if pattern.search(folded))
