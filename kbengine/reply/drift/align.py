"""Two texts laid beside each other, word by word: how many words differ, and where a place of one is in the other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_STOP = re.compile(r"[.!?;:\n\u2026]")
WORD = re.compile(r"\w+(?:'\w+)*")
# Beyond so many pairs of words a stretch counts as written anew: the time would be the square of the length.
_MOST_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True)
class Word:
    """One word in small letters, at text[start:end]; `opens` when a sentence or line begins with it."""

    text: str
    start: int
    end: int
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Words old_from up to old_to of the one text that are, or became, new_from up to new_to of the other."""

    same: bool
    old_from: int
    old_to: int
    new_from: int
    new_to: int


@dataclass(frozen=True, slots=True)
class Aligned:
    """The words of both texts and the blocks in which they are the same or not."""

    old: tuple[Word, ...]
    new: tuple[Word, ...]
    blocks: tuple[Block, ...]

    @property
    def percent(self) -> int:
        """The share of words that differ, from 0 to 100; 0 only when none does."""
        total = len(self.old) + len(self.new)
        differing = total - 2 * sum(block.old_to - block.old_from for block in self.blocks if block.same)
        return max(1, round(100 * differing / total)) if differing else 0

    def place(self, at: int) -> int:
        """Where a place of the old text is, or would be, in the new one."""
        number = max(0, bisect_right([word.start for word in self.old], at) - 1)
        for block in self.blocks:
            if block.old_from <= number < block.old_to:
                into = min(number - block.old_from, block.new_to - block.new_from - block.same)
                return self._start(block.new_from + into)
        return self._start(0)

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the old text is in the new one: from its first word to the end of its last."""
        last = max((word.start for word in self.old if word.start < end), default=start)
        begin, stop = self.place(start), self.place(last)
        ends = (word.end for word in self.new if word.start == stop)
        lost = all(not block.same for block in self.blocks if self._meets(block, start, end))
        return (begin, begin) if lost and stop <= begin else (begin, max(begin, next(ends, stop)))

    def _meets(self, block: Block, start: int, end: int) -> bool:
        return any(start <= word.start < end for word in self.old[block.old_from : block.old_to])

    def _start(self, number: int) -> int:
        if number < len(self.new):
            return self.new[number].start
        return self.new[-1].end if self.new else 0


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, a contraction whole."""
    found, end = [], 0
    for match in WORD.finditer(text):
        found.append(Word(match.group().lower(), *match.span(), bool(_STOP.search(text, end, match.start()))))
        end = match.end()
    return tuple(found)


def align(old: str, new: str) -> Aligned:
    """The two texts laid beside each other."""
    before, after = words_of(old), words_of(new)
    first, second = [word.text for word in before], [word.text for word in after]
    return Aligned(before, after, tuple(_blocks(first, second)))


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    shortest = min(len(old), len(new))
    head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    tail = next((n for n in range(shortest - head) if old[-1 - n] != new[-1 - n]), shortest - head)
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    blocks = [Block(True, 0, head, 0, head)]
    if len(middle_old) * len(middle_new) > _MOST_PAIRS:
        blocks.append(Block(False, head, len(old) - tail, head, len(new) - tail))
    else:
        matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        blocks += [Block(op == "equal", *(head + at for at in places)) for op, *places in matcher.get_opcodes()]
    blocks.append(Block(True, len(old) - tail, len(old), len(new) - tail, len(new)))
    return [block for block in blocks if block.old_from < block.old_to or block.new_from < block.new_to]
