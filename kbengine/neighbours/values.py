"""What is laid beside each other, and what is found between two of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from kbengine.reply import Said


@dataclass(frozen=True, slots=True)
class Told:
    """One text of an article: `key` names it among others, `texts` are its variants with their values in place.

    `asked` are the ways in which people ask for it, in its language; `counted` is what each variant says in numbers,
    () when that was not read yet.
    """

    key: str
    slug: str
    lang: str
    title: str
    texts: tuple[str, ...]
    asked: tuple[str, ...] = ()
    counted: tuple[tuple[Said, ...], ...] = ()


class Sort(StrEnum):
    """What two neighbours are to each other."""

    ALIKE = "alike"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, at [start, end) of one variant of a text, and what in it matters most, at [mark_start, mark_end)."""

    text: int
    start: int
    end: int
    mark_start: int
    mark_end: int
    words: str


@dataclass(frozen=True, slots=True)
class Near:
    """What was found between two texts: which passages of each, and of what (`amount`, `duration`, `denied` …).

    `alike` from 0 to 1: how much the passages, or for Sort.ALIKE the texts, are about the same.
    """

    sort: Sort
    one: Told
    other: Told
    what: str
    alike: float
    here: tuple[Passage, ...]
    there: tuple[Passage, ...]

    @property
    def digest(self) -> str:
        """The same as long as the passages are, whichever of the two texts comes first."""
        sides = sorted((told.slug, *(_plain(passage) for passage in passages)) for told, passages in self._sides)
        written = "\0".join(("", self.sort, self.one.lang, *("\1".join(side) for side in sides)))
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def _sides(self) -> tuple[tuple[Told, tuple[Passage, ...]], ...]:
        return (self.one, self.here), (self.other, self.there)

    @property
    def turned(self) -> Near:
        """The same, seen from the other text."""
        return Near(self.sort, self.other, self.one, self.what, self.alike, self.there, self.here)


def _plain(passage: Passage) -> str:
    return " ".join(passage.words.split())
