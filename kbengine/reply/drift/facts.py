"""Items of two texts matched: which came, which went, which became another, which moved to something else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kbengine.reply.drift.items import Item, Key
from kbengine.reply.drift.values import DriftKind

Place = Callable[[int], int]

_NEAR, _BESIDE = 60, 24
_WINDOW = 4
# Beyond so many pairs nothing is weighed, and what may differ is told: the time would be their product.
_MOST_PAIRS = 40_000
_SENTENCE = re.compile(r"[.!?…]\s|\n")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_CONTEXT = 120


@dataclass(frozen=True, slots=True)
class Matched:
    """What was in the vetted text (None: it came) and what is in the outgoing one (None: it went)."""

    kind: DriftKind
    old: Item | None
    new: Item | None


def match(
    old: tuple[str, Sequence[Item]], new: tuple[str, Sequence[Item]], allowed: Iterable[Key], place: Place
) -> Iterator[Matched]:
    """Everything that differs between the items of two texts; `allowed` keys may be there once more."""
    lost = _missing(old[1], new[1], Counter())
    added = _missing(new[1], old[1], Counter(allowed))
    yield from _paired(lost, added, place)
    stayed_old, stayed_new = [i for i in old[1] if i not in lost], [i for i in new[1] if i not in added]
    yield from _moved((old[0], stayed_old), (new[0], stayed_new))


def _missing(here: Sequence[Item], there: Sequence[Item], more: Counter[Key]) -> list[Item]:
    """The items that the other text has not, or not so often; of those alike the ones that stand last."""
    left = Counter(item.key for item in there) + more
    missing = []
    for item in here:
        if left[item.key] > 0:
            left[item.key] -= 1
        else:
            missing.append(item)
    return missing


def _paired(lost: list[Item], added: list[Item], place: Place) -> Iterator[Matched]:
    """What went with what came in its place, nearest first and of one kind first."""
    if len(lost) * len(added) > _MOST_PAIRS:
        yield from (Matched(gone.kind, gone, None) for gone in lost)
        yield from (Matched(come.kind, None, come) for come in added)
        return
    places = [place(gone.start) for gone in lost]
    near = sorted(
        (gone.kind is not come.kind, abs(places[o] - come.start), o, n)
        for o, gone in enumerate(lost)
        for n, come in enumerate(added)
    )
    old_left, new_left = set(range(len(lost))), set(range(len(added)))
    for other_kind, distance, o, n in near:
        if o in old_left and n in new_left and distance <= (_BESIDE if other_kind else _NEAR):
            old_left.remove(o)
            new_left.remove(n)
            yield Matched(lost[o].kind, lost[o], added[n])
    yield from (Matched(lost[o].kind, lost[o], None) for o in sorted(old_left))
    yield from (Matched(added[n].kind, None, added[n]) for n in sorted(new_left))


def _moved(old: tuple[str, Sequence[Item]], new: tuple[str, Sequence[Item]]) -> Iterator[Matched]:
    """What stands where another stood: "14 days to pay, 30 to appeal" turned round; not a sentence that moved whole."""
    before, after = [item.key for item in old[1]], [item.key for item in new[1]]
    if before == after or not before:
        return
    if len(before) * len(after) > _MOST_PAIRS:
        yield Matched(new[1][0].kind, old[1][0], new[1][0])
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) == len(before) == len(after):
        return
    contexts = [(item, _context(old[0], item)) for item in old[1]]
    for item in new[1]:
        here = _context(new[0], item)
        own = max((_alike(here, there) for other, there in contexts if other.key == item.key), default=1.0)
        best, there = max(
            (
                (_alike(here, there), other)
                for other, there in contexts
                if other.key != item.key and other.kind is item.kind
            ),
            key=lambda pair: pair[0],
            default=(0.0, item),
        )
        if best > own:
            yield Matched(there.kind, there, item)


Context = tuple[tuple[str, ...], tuple[str, ...]]


def _context(text: str, item: Item) -> Context:
    """The words before and after an item in its sentence, nearest first."""
    before = _SENTENCE.split(text[max(0, item.start - _CONTEXT) : item.start])[-1]
    after = _SENTENCE.split(text[item.end : item.end + _CONTEXT])[0]
    words = [word.lower() for word in _WORD.findall(before)][::-1], [word.lower() for word in _WORD.findall(after)]
    return tuple(words[0][:_WINDOW]), tuple(words[1][:_WINDOW])


def _alike(one: Context, other: Context) -> float:
    """How much of the words around two items is the same, the nearest counting most; from 0 to 1."""
    total = score = 0.0
    for mine, theirs in zip(one, other, strict=True):
        for distance, word in enumerate(mine):
            weight = 1 / (1 + distance)
            total += weight
            score += weight if word in theirs else 0
    return score / total if total else 0.0
