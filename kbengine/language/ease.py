"""How easily a text reads: the published formulas of reading ease, one a language, higher is easier.

They all are Flesch's (R. Flesch, "A new readability yardstick", Journal of Applied Psychology 32, 1948), with constants
found for each language: Dutch by W. H. Douma ("De leesbaarheid van landbouwbladen", Wageningen, 1960), French by
L. Kandel and A. Moles ("Application de l'indice de Flesch à la langue française", 1958), German by T. Amstad ("Wie
verständlich sind unsere Zeitungen?", Zürich, 1978). As Flesch counts, a sentence also ends at a colon or semicolon.

From 60 on a text is called plain; that is what level B1 comes down to in practice, though no formula measures a level.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kbengine.language.syllables import syllables


@dataclass(frozen=True, slots=True)
class _Formula:
    """base - long * (words a sentence) - heavy * (syllables a word)."""

    base: float
    long: float
    heavy: float


_FORMULAS: Final[Mapping[str, _Formula]] = MappingProxyType(
    {
        "nl": _Formula(206.84, 0.93, 77.0),
        "fr": _Formula(207.0, 1.015, 73.6),
        "en": _Formula(206.835, 1.015, 84.6),
        "de": _Formula(180.0, 1.0, 58.5),
    }
)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_STOP = re.compile(r"[:;](?=\s)")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as a reader counts them: `e-mail`, `l'accueil` and `14.30` are one each."""
    return tuple(_WORD.findall(text))


def reading_ease(sentences: Sequence[str], lang: str) -> float:
    """How easily these sentences read together: about 100 very easy, 60 plain, 30 and less for specialists.

    100 for no words at all; KeyError for a language not known.
    """
    formula = _FORMULAS[lang]
    counted = [words_of(part) for sentence in sentences for part in _STOP.split(sentence)]
    lengths = [len(words) for words in counted if words]
    if not lengths:
        return 100.0
    spoken = sum(syllables(word, lang) for words in counted for word in words)
    return formula.base - formula.long * sum(lengths) / len(lengths) - formula.heavy * spoken / sum(lengths)
