"""The share of words that differ between two texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

# Beyond so many pairs of words their order is no longer looked at: the time would be the square of the length.
_MOST_PAIRS = 1_000_000


def percent_of(vetted: Sequence[str], outgoing: Sequence[str]) -> int:
    """The words of both texts that the other one lacks at that place, from 0 to 100; 0 only when none differs."""
    total = len(vetted) + len(outgoing)
    if len(vetted) * len(outgoing) > _MOST_PAIRS:
        common = (Counter(vetted) & Counter(outgoing)).total()
    else:
        matcher = SequenceMatcher(None, vetted, outgoing, autojunk=False)
        common = sum(block.size for block in matcher.get_matching_blocks())
    differing = total - 2 * common
    return max(1, round(100 * differing / total)) if differing else 0
