"""Misspelt terms to the known term that was meant: the one that sounds the same, or is one slip of the hand away."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile
from typing import Final

SHORTEST: Final = 5
_LONGEST: Final = 48
# What Dutch ears do not tell apart, or fingers not; in this order.
_ALIKE: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"sch", "sk"),
        (r"ph", "f"),
        (r"ch|gh", "g"),
        (r"ti(?=[eo])", "si"),
        (r"c(?=[eiy])", "s"),
        (r"[cq]", "k"),
        (r"x", "ks"),
        (r"th|d", "t"),
        (r"z", "s"),
        (r"v", "f"),
        (r"ij|y", "ei"),
        (r"ie", "i"),
        (r"au", "ou"),
        (r"(.)\1+", r"\1"),
    )
)


class Spelling:
    """The terms that may be meant; threads may share it."""

    def __init__(self, by_sound: Mapping[str, str], near: _Near) -> None:
        self._by_sound = by_sound
        self._near = near

    @classmethod
    def of(cls, terms: Iterable[str]) -> Spelling:
        """Of these terms those of five letters and more that hold no digit."""
        fit = sorted({term for term in terms if _fit(term)})
        by_sound: dict[str, str] = {}
        for term in fit:
            sound = _sound(term)
            # Of two terms that sound the same neither is the one.
            by_sound[sound] = "" if sound in by_sound else term
        return cls(by_sound, _Near(fit))

    def nearest(self, term: str) -> str | None:
        """The known term that is meant by one that is not known.

        None when it is known, is too short, or when no term, or more than one, is as near.
        """
        if not _fit(term) or term in self._near:
            return None
        if (alike := self._by_sound.get(_sound(term))) is not None:
            return alike or None
        found = self._near.one_slip(term)
        return found.pop() if len(found) == 1 else None


class _Near:
    """Terms sorted by their beginnings and by their ends: one slip leaves one half of a term as it was."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = frozenset(terms)
        self._forth = sorted(terms)
        self._back = sorted(term[::-1] for term in terms)

    def __contains__(self, term: str) -> bool:
        return term in self._terms

    def one_slip(self, term: str) -> set[str]:
        """The terms that differ by one letter too many, too few or wrong, or by two that changed places."""
        half = len(term) // 2
        begun = _begun(self._forth, term[:half])
        ended = (back[::-1] for back in _begun(self._back, term[half:][::-1]))
        found = {known for known in chain(begun, ended) if _one_letter_apart(known, term)}
        return found | (self._terms & (_shortened(term) | _swapped(term)))


def _begun(ordered: Sequence[str], start: str) -> Iterator[str]:
    rest = (ordered[at] for at in range(bisect_left(ordered, start), len(ordered)))
    return takewhile(lambda term: term.startswith(start), rest)


def _one_letter_apart(known: str, term: str) -> bool:
    """Whether one letter is other, or one more in what is known."""
    if len(known) == len(term):
        return sum(one != other for one, other in zip(known, term, strict=True)) == 1
    return len(known) == len(term) + 1 and term in _shortened(known)


def _shortened(term: str) -> set[str]:
    return {term[:at] + term[at + 1 :] for at in range(len(term))}


def _swapped(term: str) -> set[str]:
    return {term[:at] + term[at + 1] + term[at] + term[at + 2 :] for at in range(len(term) - 1)}


def _fit(term: str) -> bool:
    return SHORTEST <= len(term) <= _LONGEST and term.isalpha()


def _sound(term: str) -> str:
    for pattern, sound in _ALIKE:
        term = pattern.sub(sound, term)
    return term
