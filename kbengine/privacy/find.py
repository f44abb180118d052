"""Every piece of personal data of a text, none twice, without what is nobody's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from kbengine.privacy.codes import find_ibans, find_plates
from kbengine.privacy.numbers import find_numbers, known_keys
from kbengine.privacy.people import find_names, find_reachable
from kbengine.privacy.places import find_addresses
from kbengine.privacy.values import WORDS, Found, Kind

_TOLD = frozenset({Kind.EMAIL, Kind.PROFILE, Kind.HANDLE, Kind.ADDRESS, Kind.IBAN})
_DIGIT = re.compile("[0-9]")
_PLACEHOLDER = re.compile("|".join(re.escape(word) for word in WORDS.values()))


def find(text: str, known: Collection[str] = ()) -> tuple[Found, ...]:
    """The personal data in a text, in order, no two overlapping.

    `known` are values that are nobody's, such as a service's telephone number or address, in any spelling. Emergency
    numbers, free and premium numbers are nobody's anyway.
    """
    told, keys = _nobodys(tuple(known))
    taken = bytearray(len(text))
    found = []
    for piece in _every(text, keys):
        if any(taken[piece.start : piece.end]) or _is_told(text, piece, told):
            continue
        taken[piece.start : piece.end] = b"\x01" * (piece.end - piece.start)
        found.append(piece)
    return tuple(sorted(found))


# The values of a zone are the same for every message; there are hundreds of them.
@lru_cache(maxsize=4)
def _nobodys(known: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """Values that are nobody's as they are looked up: in one text, and by their digits."""
    return "\n".join(_plain(value) for value in known), known_keys(known)


def _every(text: str, nobodys: frozenset[str]) -> Iterator[Found]:
    """All that the finders see; who comes first keeps the place."""
    yield from find_reachable(text)
    if _DIGIT.search(text):
        yield from find_ibans(text)
        yield from find_plates(text)
        yield from find_addresses(text)
        yield from find_numbers(text, nobodys)
    yield from find_names(text)


def addresses(text: str) -> tuple[Found, ...]:
    """The addresses with a house number in a text, those that `find` gives."""
    if not _DIGIT.search(text) or next(find_addresses(text), None) is None:
        return ()
    return tuple(piece for piece in find(text) if piece.kind is Kind.ADDRESS)


def _plain(value: str) -> str:
    return " ".join(value.casefold().split())


def _is_told(text: str, piece: Found, told: str) -> bool:
    """Whether what was found stands as a whole in a value that is nobody's."""
    if piece.kind not in _TOLD:
        return False
    shown = re.escape(_plain(text[piece.start : piece.end]))
    return re.search(rf"(?<![\w.@-]){shown}(?![\w@-])", told) is not None


def strip(text: str, known: Collection[str] = ()) -> str:
    """The text with a neutral word in brackets for each piece of personal data: `[telefoon]`, `[adres]` …"""
    pieces, place = [], 0
    for piece in find(text, known):
        pieces += [text[place : piece.start], WORDS[piece.kind]]
        place = piece.end
    return "".join((*pieces, text[place:]))


def bare(text: str) -> str:
    """A stripped text on one line without the words in brackets, which say nothing about its subject."""
    return " ".join(_PLACEHOLDER.sub(" ", text).split())
