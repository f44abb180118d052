"""Words as people spell them: the dictionary's word behind one that no dictionary has.

Only a word that is in no dictionary is read as another, and only as one that is: a plain word stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, combinations
from typing import Final

from kbengine.language.lemmas import is_word

_SHORTEST: Final = 4
_CONSONANT: Final = "[bcdfghjklmnpqrstvwxz]"
_MOST_ACCENTS: Final = 2

# Tried in this order, each on the whole word; the first that makes a word of the dictionary wins.
_RULES: Final = {
    "nl": (
        # 'k and 't grown together with the next word or the last: kzie, tfietspad, krijgk.
        (r"^(?:k|t(?![jrw]))(?=[^aeiouy]..)", ""),
        (r"k$", ""),
        # No final -n: gestole, betaale, meebringn, kommn.
        (r"e$", "en"),
        (rf"([aeou])\1({_CONSONANT})en?$", r"\1\2en"),
        (rf"([aeo])\1({_CONSONANT})n$", r"\1\2en"),
        (rf"({_CONSONANT})\1?n$", r"\1en"),
        # -ke, -eke, -ske for -je: boekske, boomeke, potteke, huizeke, brieveke.
        (r"(?<=...)(?:ske|eke|ke)s?$", ""),
        (rf"({_CONSONANT})\1ekes?$", r"\1"),
        (r"zekes?$", "s"),
        (r"vekes?$", "f"),
        (r"e?ke(s?)$", r"je\1"),
        # What sounds alike at the end and at the beginning of a word.
        (r"dt$", "d"),
        (r"dt$", "t"),
        (r"t$", "d"),
        (r"d$", "t"),
        (r"nk$", "ng"),
        (r"z$", "s"),
        (r"v$", "f"),
        (r"gt$", "cht"),
        (r"cht$", "gt"),
        (r"^s", "z"),
        (r"^z", "s"),
        (r"^f", "v"),
        (r"^v", "f"),
        (r"^(?=[aeiou])", "h"),
    ),
    "fr": ((r"(?:er|ez|e)$", "é"), (r"[st]$", "")),
    "en": (),
    "de": ((r"s$", "ß"), (r"ss", "ß"), (r"ae", "ä"), (r"oe", "ö"), (r"ue", "ü")),
}
# The vowels of the west and of the coast: stroat, thuus, schrieven. As they are first, with all the rules above last.
_WESTERN: Final = {"nl": (("oa", "aa"), ("uu", "ui"), ("ie", "ij"))}
_COMPILED: Final = {lang: [(re.compile(rule), new) for rule, new in rules] for lang, rules in _RULES.items()}
# The accents that a hurried hand leaves out: one letter of the first lot and, beside it, é.
_ACCENTS: Final = {
    "fr": {"e": "éèê", "a": "àâ", "c": "ç", "i": "îï", "o": "ô", "u": "ùû"},
    "de": {"a": "ä", "o": "ö", "u": "ü"},
}


@lru_cache(maxsize=65_536)
def as_spelt(word: str, lang: str) -> str:
    """The dictionary's word that this one stands for; the word itself when it is there, or nothing is like it."""
    if len(word) < _SHORTEST or not word.isalpha() or is_word(word, lang):
        return word
    return next((form for form in _every_form(word, lang) if is_word(form, lang)), word)


def _every_form(word: str, lang: str) -> Iterator[str]:
    western = [word.replace(vowel, plain) for vowel, plain in _WESTERN.get(lang, ()) if vowel in word]
    for forms in (western, _forms(word, lang), *(_forms(form, lang) for form in western)):
        yield from forms


def _forms(word: str, lang: str) -> Iterator[str]:
    yield from _accented(word, lang)
    yield from (rule.sub(new, word) for rule, new in _COMPILED[lang] if rule.search(word))
    yield from _doubled(word)


def _accented(word: str, lang: str) -> Iterator[str]:
    """The word with an accent on one letter or two, in a language that has them."""
    letters = [(at, new) for at, letter in enumerate(word) for new in _ACCENTS.get(lang, {}).get(letter, "")]
    some: Iterable[tuple[tuple[int, str], ...]] = chain.from_iterable(
        combinations(letters, count) for count in range(1, _MOST_ACCENTS + 1)
    )
    for changes in some:
        form = list(word)
        for at, new in changes:
            form[at] = new
        yield "".join(form)


def _doubled(word: str) -> Iterator[str]:
    """The word with a double letter written once, then with a single consonant inside it written twice."""
    for at in range(len(word) - 1):
        if word[at] == word[at + 1]:
            yield word[:at] + word[at + 1 :]
    for at in range(1, len(word) - 1):
        if word[at] not in "aeiouy":
            yield word[: at + 1] + word[at:]
