"""Capitalised words that the knowledge base does not know: perhaps names, for a person to look at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from typing import Final

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_](?:[\w'’-]{0,60}+)")
_ENDS_SENTENCE: Final = ".!?…\n"
_REACH: Final = 16
# What may stand between the end of a sentence and the first word of the next.
_OPENERS: Final = " \t\u00a0\"'“”„«»‘’([{-–—•*>#"


def unknown_capitals(text: str, known: Set[str]) -> tuple[tuple[int, int], ...]:
    """Where words with a capital stand that begin no sentence and are not in `known` (casefolded words).

    The word before such a one is marked too when it begins the sentence with a capital: two of them are a name.
    """
    found: list[tuple[int, int]] = []
    first: tuple[int, int] | None = None
    for match in _WORD.finditer(text):
        word, span = match.group(), match.span()
        unknown = word[0].isupper() and not _known(word, known)
        if _begins_sentence(text, span[0]):
            first = span if unknown else None
            continue
        if unknown:
            found += [first] if first and not text[first[1] : span[0]].strip() else []
            found.append(span)
        first = None
    return tuple(found)


def _known(word: str, known: Set[str]) -> bool:
    """Whether the word is known, or each of its parts between hyphens and apostrophes, a genitive s left out."""
    parts = [part for part in re.split("['’-]", word.casefold()) if len(part) > 1]
    return word.casefold() in known or (bool(parts) and all(part in known for part in parts))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - _REACH) : start].rstrip(_OPENERS)
    return not before or before[-1] in _ENDS_SENTENCE or unicodedata.category(before[-1]) == "So"
