"""Which of the product's languages a text is in, told by its small words and its letters."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from kbengine.language.tokens import tokens

LANGUAGES: Final = ("nl", "fr", "en", "de")
# The language of a message shows in its first words; more only costs time.
_READ = 2_000
_LEAD = 0.6
_LETTERS: Final[Mapping[str, re.Pattern[str]]] = {
    "nl": re.compile(r"ij|[aou]e[klnr]\b|aa|uu|oe[dkt]|sch[aeiou]|\bge\w+d\b|tjes?\b|heid\b"),
    "fr": re.compile(r"[éèêçàùâîôœ]|eau|\b[cdjlnmst]'|eux\b|qu[eio]|tion\b|oi[rst]\b"),
    "en": re.compile(r"th|wh|ght|ing\b|ck\b|ould\b|ew\b|\w'[stm]\b|\b\w+ly\b"),
    "de": re.compile(r"[äöüß]|sch[^aeiou\W]|ung\b|keit\b|eich|\bzu\b|cht\b|tz|ei[nts]"),
}


@cache
def small_words(lang: str, *kinds: str) -> frozenset[str]:
    """A language's small words of some kinds (`stop`, `keep`, `hints`); KeyError for a language not known."""
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))[lang]
    return frozenset(word for kind in kinds for word in table[kind].split())


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """word -> language -> weight; a word of several languages tells less about each."""
    known = {lang: small_words(lang, "stop", "keep", "hints") for lang in LANGUAGES}
    shared = Counter(word for words in known.values() for word in words)
    return {word: {lang: 1.0 / times**2 for lang in LANGUAGES if word in known[lang]} for word, times in shared.items()}


def detect(text: str, default: str = "nl") -> str:
    """The language a text is in; `default` when it is too short or too mixed to say so."""
    part = text[:_READ]
    words = tokens(part)
    scores = dict.fromkeys(LANGUAGES, 0.0)
    for word in words:
        for lang, weight in _weights().get(word, {}).items():
            scores[lang] += weight
    joined = " ".join(words)
    for lang in LANGUAGES:
        scores[lang] += 0.25 * len(_LETTERS[lang].findall(joined))
    best = max(LANGUAGES, key=lambda lang: (scores[lang], lang == default))
    return best if scores[best] - scores.get(default, 0.0) >= _LEAD else default
