"""Compounds to their parts: `fietsdiefstal` is also about a `fiets` and about `diefstal`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

LINKS: Final = ("", "s", "en", "e", "n", "er", "es")
_SHORTEST_PART: Final = 4
# Of an abbreviation three letters are enough: gsmdiefstal.
_ABBREVIATION: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{3}")
_SHORTEST_WORD: Final = 8
_MOST_PARTS: Final = 3


def split(word: str, known: Callable[[str], bool], parts: int = _MOST_PARTS) -> tuple[str, ...]:
    """The known words that a word is made of, linking letters left out; () when it is not a compound.

    Of several ways the one with the longest last part wins: in these languages the last part says what it is.
    """
    if len(word) < _SHORTEST_WORD or parts < 2:
        return ()
    first = 3 if _ABBREVIATION.match(word) else _SHORTEST_PART
    for cut in range(first, len(word) - _SHORTEST_PART + 1):
        tail = word[cut:]
        if known(tail) and (head := _head(word[:cut], known, parts - 1)):
            return (*head, tail)
    return ()


def _head(text: str, known: Callable[[str], bool], parts: int) -> tuple[str, ...]:
    for link in LINKS:
        bare = text[: len(text) - len(link)]
        if text.endswith(link) and (len(bare) >= _SHORTEST_PART or _ABBREVIATION.fullmatch(bare)):
            if known(bare):
                return (bare,)
            if inner := split(bare, known, parts):
                return inner
    return ()
