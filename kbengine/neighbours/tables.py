"""The words by which sentences are known to say otherwise, as patterns over folded text."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from kbengine.language import LANGUAGES

_TABLE: Final[Mapping[str, Any]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
_NEVER: Final = re.compile(r"(?!)")
_WORD: Final = re.compile(r"\w+")
_FIRST: Final = re.compile(r"(?P<word>\w+)(?P<end>\*?)")


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


def rows_in(folded: str, lang: str) -> frozenset[str]:
    """The rows of which folded text may have a phrase, `case` for any of those: it has a word that begins one.

    Nearly all sentences have few such words, and looking for every phrase in each takes most of the time of reading.
    """
    found: set[str] = set()
    for word in _WORD.findall(folded):
        found |= _rows_of(word, lang)
    return frozenset(found)


@lru_cache(maxsize=65_536)
def _rows_of(word: str, lang: str) -> frozenset[str]:
    whole, begun = _openings(lang)
    rows = {row for size in range(1, len(word) + 1) for row in begun.get(word[:size], ())}
    return frozenset(rows | whole.get(word, frozenset()))


@cache
def _openings(lang: str) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """The rows by the words that their phrases begin with: by whole words, and by how a word begins."""
    whole: defaultdict[str, set[str]] = defaultdict(set)
    begun: defaultdict[str, set[str]] = defaultdict(set)
    for row, phrases in _rows(lang):
        for phrase in filter(None, map(str.strip, phrases.split(","))):
            word = _FIRST.search(phrase)
            if word is not None:
                (begun if word["end"] else whole)[word["word"]].add(row)
    return _frozen(whole), _frozen(begun)


def _frozen(rows: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(some) for word, some in rows.items()}


def _rows(lang: str) -> Iterator[tuple[str, str]]:
    """The phrases of every row that is looked for in text."""
    yield from ((row, _TABLE[row].get(lang, "")) for row in _TABLE if row not in ("light", "conditions", "case"))
    for case in _TABLE["case"].values():
        yield from (("case", phrases) for member, phrases in case.items() if _is_read(member, lang))


# Rows of phrases that say that something is so, or not.
SAYING: Final = frozenset(_TABLE) - {"light", "joints", "conditions", "case"}


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
        if _is_read(member, lang)
    )


def _is_read(member: str, lang: str) -> bool:
    """Whether a row of a case is of phrases that are looked for in that language."""
    return member != "sides" and (member not in LANGUAGES or member == lang)


def cases_in(folded: str, lang: str) -> Iterator[tuple[str, str]]:
    """Every case that a text names, as (what is told apart, which of them); "day and night" is no night."""
    if "case" not in rows_in(folded, lang):
        return iter(())
    folded = said("anytime", lang).sub(" ", folded)
    return ((name, member) for name, member, pattern in _cases(lang) if pattern.search(folded))
