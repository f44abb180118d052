"""What the door for neighbours gives: texts beside each other, what was found, who said that both may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kbengine.article import Ref
from kbengine.history import State
from kbengine.journal import Stands
from kbengine.neighbours import Near, Told

MOST_SHOWN = 3
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Known:
    """One text of an article that is laid beside others: where it stands, and what its variants are called."""

    ref: Ref
    number: int
    title: str
    owner: str
    state: State
    variants: tuple[str, ...]
    told: Told

    @property
    def name(self) -> str:
        """What names it on a terminal."""
        return f"{self.ref.slug}.{self.ref.lang}, revision {self.number}, {self.state.value}: {self.title}"

    def value(self) -> dict[str, Any]:
        """It as JSON, without its text."""
        return {"slug": self.ref.slug, "lang": self.ref.lang, "number": self.number, "title": self.title} | {
            "state": self.state.value,
            "owner": self.owner,
        }


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: "" when nothing is said of it, "passage" in one that is, "mark" where it differs."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found between two texts; `stands` says that both may, by whom (a name) and why."""

    near: Near
    stands: Stands | None
    by: str = ""

    def lines(self) -> list[str]:
        """It on a terminal: what it is, and the passages of either text."""
        told = [f"{self.near.sort.value}: {self.near.what}, likeness {self.near.alike:.2f}"]
        for sign, passages in (("-", self.near.here), ("+", self.near.there)):
            told += [f"  {sign} {short(passage.words)}" for passage in passages[:MOST_SHOWN]]
        return told

    def value(self, one: Known, other: Known) -> dict[str, Any]:
        """It as JSON."""
        near = self.near
        return {
            "sort": near.sort.value,
            "what": near.what,
            "likeness": near.alike,
            "one": one.value() | {"passages": [passage.words for passage in near.here]},
            "other": other.value() | {"passages": [passage.words for passage in near.there]},
            "digest": near.digest,
            "stands": self.stands.reason if self.stands else "",
        }


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another article beside this one: what was found, and both texts in pieces, by variant."""

    known: Known
    findings: tuple[Finding, ...]
    mine: tuple[tuple[str, tuple[Piece, ...]], ...]
    theirs: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """Another article that now answers questions of this one, surely enough to be offered."""

    known: Known
    questions: tuple[str, ...]
    asked: int


@dataclass(frozen=True, slots=True)
class NeighboursPage:
    """One text and its neighbours: those to look at, those of which somebody said that they stand."""

    known: Known
    open: tuple[Neighbour, ...]
    standing: tuple[Neighbour, ...]
    taken: tuple[Taken, ...]

    @property
    def left(self) -> int:
        """How many things were found that nobody looked at; an article that answers its questions is one."""
        return sum(finding.stands is None for one in self.open for finding in one.findings) + len(self.taken)

    def value(self) -> dict[str, Any]:
        """It as JSON."""
        besides = (*self.open, *self.standing)
        taken = [{"by": one.known.value(), "questions": list(one.questions), "asked": one.asked} for one in self.taken]
        found = [finding.value(self.known, one.known) for one in besides for finding in one.findings]
        return {"text": self.known.value(), "found": found, "taken": taken}


def short(text: str) -> str:
    """A text on one line of a terminal."""
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
