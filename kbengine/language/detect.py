"""Which of the product's languages a text is in: told by its small words, its letters, and then its dictionary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Final

from kbengine.language.lemmas import is_word
from kbengine.language.tokens import fold, tokens
from kbengine.language.words import LANGUAGES as LANGUAGES
from kbengine.language.words import small_words, street

# The language of a message shows in its first words; more only costs time.
_READ = 2_000
_LEAD = 0.6
# A lead that no dictionary is asked to confirm.
_CLEAR = 1.5
_LETTER = 0.25
_STREET = 0.5
_KNOWN = 0.5
_LETTERS: Final[Mapping[str, re.Pattern[str]]] = {
    "nl": re.compile(r"ij|[aou]e[klnr]\b|aa|uu|oe[dkt]|sch[aeiou]|\bge\w+d\b|tjes?\b|heid\b"),
    "fr": re.compile(r"[éèêçàùâîôœ]|eau|\b[cdjlnmst]'|eux\b|qu[eio]|tion\b|oi[rst]\b"),
    "en": re.compile(r"th|wh|ght|ing\b|ck\b|ould\b|ew\b|\w'[stm]\b|\b\w+ly\b"),
    "de": re.compile(r"[äöüß]|sch[^aeiou\W]|ung\b|keit\b|eich|\bzu\b|cht\b|tz|ei[nts]"),
}

Scores = tuple[float, ...]


def detect(text: str, default: str = "nl") -> str:
    """The language a text is in; `default` when it is too short or too mixed to say so."""
    words = tokens(text[:_READ])
    scores = _summed(map(_at_sight, words))
    first, second = sorted(scores, reverse=True)[:2]
    if first - second < _CLEAR:
        scores = _summed((scores, *map(_looked_up, words)))
    of = dict(zip(LANGUAGES, scores, strict=True))
    best = max(LANGUAGES, key=lambda lang: (of[lang], lang == default))
    return best if of[best] - of.get(default, 0.0) >= _LEAD else default


def _summed(several: Iterable[Scores]) -> Scores:
    return tuple(map(sum, zip(*several, strict=True))) or (0.0,) * len(LANGUAGES)


@lru_cache(maxsize=16_384)
def _at_sight(word: str) -> Scores:
    """What a word says for each language by itself; a small word of several says less about each."""
    small = _small().get(word, {})
    return tuple(
        small.get(lang, 0.0)
        + (_STREET if lang == "nl" and not small and fold(word) in street("nl") else 0.0)
        + _LETTER * len(_LETTERS[lang].findall(word))
        for lang in LANGUAGES
    )


@lru_cache(maxsize=16_384)
def _looked_up(word: str) -> Scores:
    """What the dictionaries say of a word that is no small one: most when only one has it."""
    known = [not _small().get(word) and len(word) > 2 and is_word(word, lang) for lang in LANGUAGES]
    return tuple(_KNOWN / sum(known) ** 2 if has else 0.0 for has in known)


@cache
def _small() -> Mapping[str, Mapping[str, float]]:
    """word -> language -> weight; a word of several languages tells less about each."""
    known = {lang: small_words(lang, "stop", "keep", "hints") for lang in LANGUAGES}
    shared = Counter(word for words in known.values() for word in words)
    return {word: {lang: 1.0 / times**2 for lang in LANGUAGES if word in known[lang]} for word, times in shared.items()}
