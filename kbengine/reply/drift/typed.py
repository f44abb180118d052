"""What a text says that a register may hold: numbers, dates, addresses, however they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kbengine.reply.drift.align import words_of
from kbengine.reply.drift.items import items
from kbengine.reply.drift.negation import may_deny, negations
from kbengine.reply.drift.plain import plain
from kbengine.reply.drift.values import DriftKind
from kbengine.reply.placeholders import PLACEHOLDER

_HTTP = re.compile(r"^(?:http://)?(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a text says, at text[start:end]; `key` is the same for every way of writing it."""

    kind: DriftKind
    key: tuple[str, ...]
    start: int
    end: int

    @property
    def shape(self) -> tuple[str, ...]:
        """What is counted or named, without how much: two with one shape can contradict each other."""
        if self.key[0] in ("number", "amount") and self.key[-1]:
            return (self.key[0], self.key[-1])
        return (self.kind.value, self.key[0])

    @property
    def distinctive(self) -> bool:
        """Whether it means one thing wherever it stands: a number to call, an address, an amount, a whole date."""
        if self.key[0] == "date":
            return all(self.key[1:])
        own = (DriftKind.PHONE, DriftKind.AMOUNT, DriftKind.LINK, DriftKind.EMAIL, DriftKind.ADDRESS)
        return self.kind in own


@lru_cache(maxsize=20_000)
def said(text: str, lang: str) -> tuple[Said, ...]:
    """Everything of that kind that is typed in a text, in order; placeholders say nothing."""
    bare = PLACEHOLDER.sub(lambda found: "\u00a4" * len(found.group()), text)
    read = plain(bare)
    return tuple(Said(item.kind, _key(item.key), *read.span(item.start, item.end)) for item in items(read, lang))


def denials(text: str, lang: str) -> tuple[tuple[int, int], ...]:
    """Where a text says no, in order: its negations, courtesy that denies nothing left out."""
    if not may_deny(text):
        return ()
    words = words_of(text)
    return tuple((words[place].start, words[place].end) for place in sorted(negations(words, lang)))


def _key(key: tuple[str, ...]) -> tuple[str, ...]:
    return ("link", _HTTP.sub("", key[1]).rstrip("/")) if key[0] == "link" else key
