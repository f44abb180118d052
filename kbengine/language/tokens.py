"""Text to words: where each one stands, and the forms under which two spellings of a word are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_MARKS = "\u0300-\u036f"
_LETTERS = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
_APOSTROPHES = "'’‘ʼ`´"
# A leading apostrophe belongs to a word only where Dutch drops a vowel; elsewhere it opens a quotation.
_CLITIC = "t|k|s|n|m|r|ne|nen|em|et|ns|ie|er|ter"
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)+(?![^\W_])"
    rf"|(?<![^\W_])[{_APOSTROPHES}](?:{_CLITIC})(?![^\W_]|[{_MARKS}{_APOSTROPHES}])"
    rf"|{_LETTERS}(?:[{_APOSTROPHES}]{_LETTERS})*",
    re.IGNORECASE,
)
_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ĳ": "ij"})
_RUN = re.compile(r"([^\W\d_])\1{2,}")


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Every word of a text, normalised as `tokens` does, with its start and end in the text as given."""
    normal = _in_place(text)
    for match in _WORD.finditer(text if normal is None else normal):
        yield match.group() if normal is not None else _normal(match.group()), match.start(), match.end()


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in order: NFC, casefolded, accents kept, `'t` and `d'accord` and `101` whole."""
    normal = _in_place(text)
    return tuple(_WORD.findall(normal)) if normal is not None else tuple(word for word, _, _ in spans(text))


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """A word without accents, and with a letter held for emphasis (three times or more) written once."""
    if not word.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        word = bare.translate(_LIGATURES)
    return _RUN.sub(r"\1", word)


def _in_place(text: str) -> str | None:
    """A text normalised as its words are, where that moves no letter; None where it does, as with `ß`."""
    if text.isascii():
        return text.lower().replace("`", "'")
    normal = _straight(text.casefold())
    kept = len(normal) == len(text) and all(unicodedata.is_normalized("NFC", form) for form in (text, normal))
    return normal if kept else None


@lru_cache(maxsize=16_384)
def _normal(word: str) -> str:
    composed = unicodedata.normalize("NFC", word).casefold()
    return _straight(unicodedata.normalize("NFC", composed))


def _straight(text: str) -> str:
    for mark in _APOSTROPHES[1:]:
        text = text.replace(mark, "'")
    return text
