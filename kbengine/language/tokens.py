"""Text to words: where each one stands, and the forms under which two spellings of a word are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_MARKS = "\u0300-\u036f"
_LETTER = rf"[^\W_{_MARKS}][{_MARKS}]*"
_APOSTROPHES = "'’‘ʼ`´"
# A leading apostrophe belongs to a word only where Dutch drops a vowel; elsewhere it opens a quotation.
_CLITIC = "t|k|s|n|m|r|ne|nen|em|et|ns|ie|er|ter"
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)+(?![^\W_])"
    rf"|(?<![^\W_])[{_APOSTROPHES}](?:{_CLITIC})(?![^\W_]|[{_MARKS}{_APOSTROPHES}])"
    rf"|(?:{_LETTER})+(?:[{_APOSTROPHES}](?:{_LETTER})+)*",
    re.IGNORECASE,
)
_TO_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))
_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ĳ": "ij"})
_RUN = re.compile(r"([^\W\d_])\1{2,}")


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Every word of a text, normalised as `tokens` does, with its start and end in the text as given."""
    for match in _WORD.finditer(text):
        yield _normal(match.group()), match.start(), match.end()


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in order: NFC, casefolded, accents kept, `'t` and `d'accord` and `101` whole."""
    return tuple(word for word, _, _ in spans(text))


@lru_cache(maxsize=32_768)
def fold(word: str) -> str:
    """A word without accents, and with a letter held for emphasis (three times or more) written once."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return _RUN.sub(r"\1", bare.translate(_LIGATURES))


@lru_cache(maxsize=32_768)
def _normal(word: str) -> str:
    composed = unicodedata.normalize("NFC", word).casefold()
    return unicodedata.normalize("NFC", composed).translate(_TO_APOSTROPHE)
