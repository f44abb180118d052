"""Words that danger makes fingers miss: one that no dictionary has is read as the cue's word it was meant for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from kbengine.language import Spelling, fold, is_word

# Shorter words are one slip away from too many others.
_SHORTEST: Final = 6


class Slips:
    """The words of one language's cues; `meant` gives the one that a misspelt word stands for."""

    __slots__ = ("_known", "_lang", "_spelling", "meant")

    def __init__(self, words: Iterable[str], lang: str) -> None:
        self._lang = lang
        self._known = frozenset(words)
        self._spelling = Spelling.of(word for word in self._known if len(word) >= _SHORTEST)
        self.meant = lru_cache(maxsize=8_192)(self._meant)

    def _meant(self, own: str) -> str:
        """The folded word that a word as written stands for: itself, unless it is nobody's."""
        bare = fold(own)
        if len(bare) < _SHORTEST or bare in self._known or is_word(own, self._lang) or is_word(bare, self._lang):
            return bare
        return self._spelling.nearest(bare) or bare
