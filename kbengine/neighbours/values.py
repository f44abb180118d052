"""What is laid beside each other, and what is found between two of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

Case = tuple[str, str]
Shape = tuple[str, ...]
Value = tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, at [start, end) of its text; `lead` is the place of the one that it goes on from, -1 of none.

    `words` are those that may be a subject, as `language.spans` gives them; `cases` the cases of its subject that it
    names, `names` what in it has a name or a code of its own; `conditional` when it counts in some case only. `timed`
    when it has hours, `days` the days of the week in it.
    """

    start: int
    end: int
    words: tuple[str, ...]
    cases: frozenset[Case]
    names: frozenset[str]
    conditional: bool
    timed: bool
    days: frozenset[str]
    lead: int = -1


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a text claims; two of one `shape` about the same subject contradict each other by their values.

    The mark is where it says so; `words` and `span` are those of its clause, `place` is that of its sentence; `bound`
    is "least" or "most" where it says so much at least, or at most.
    """

    shape: Shape
    value: Value
    mark: tuple[int, int]
    span: tuple[int, int]
    words: tuple[str, ...]
    place: int
    bound: str = ""

    @property
    def what(self) -> str:
        """What it is about, in a word: amount, duration, time, stance …"""
        return self.shape[-1] if self.shape[0] == "number" else self.shape[0]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One variant of a text as it is compared: its sentences in order, and what they claim."""

    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One text of an article: `key` names it among others, `texts` are its variants with their values in place.

    `asked` are the ways in which people ask for it, in its language; `spoken` is what each variant says, () when that
    was not read yet.
    """

    key: str
    slug: str
    lang: str
    title: str
    texts: tuple[str, ...]
    asked: tuple[str, ...] = ()
    spoken: tuple[Spoken, ...] = ()


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
