"""The small grammar of a cue, and a matcher that tries many cues on one sentence in linear time.

A phrase is words in order: `word`, `word*` (begins with), `*word` (ends with), `a|b_c` (one of; `_` keeps
words together), `<group>` (a word of the group), `..` (up to three words between), `...` (up to six), `&`
(both sides in one sentence, in any order).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import Final, Generic, TypeVar

from kbengine.language import fold, tokens

T = TypeVar("T")

GAPS: Final = {"..": 3, "...": 6}
_LONGEST_AFFIX = 16
_LONGEST_WORD = 40
_SHORTEST_AFFIX = 2
_MOST_VARIANTS = 24
# After these a French word is elided onto the next; in `don't` and `m'n` the apostrophe is inside one word.
_ELIDED = frozenset(
    ["c", "d", "j", "l", "m", "n", "s", "t", "qu", "lorsqu", "puisqu", "jusqu", "quelqu", "presqu", "aujourd"]
)
_NOT_ELIDED = frozenset(["k", "n", "r", "s", "t"])


class PatternError(ValueError):
    """A phrase outside the grammar; the message says which part."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The words that may stand at one place: whole, by their beginning, by their end."""

    whole: frozenset[str]
    starts: frozenset[str]
    ends: frozenset[str]

    def __or__(self, other: Choice) -> Choice:
        return Choice(self.whole | other.whole, self.starts | other.starts, self.ends | other.ends)

    @property
    def breadth(self) -> int:
        """How common it is likely to be: many short words are met often."""
        return len(self.whole) + 3 * len(self.starts | self.ends)


@dataclass(frozen=True, slots=True)
class Step:
    """A place in a phrase, and how many words may stand before it."""

    choice: Choice
    gap: int


Phrase = tuple[tuple[Step, ...], ...]


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text as cues know them: folded, and cut where French elides."""
    return tuple(part for word in tokens(text) for part in word_parts(word))


def word_parts(word: str) -> tuple[str, ...]:
    """One token as cues know it: `l'eau` is two words, `don't` and `m'n` are one without apostrophe."""
    bare = fold(word)
    head, mark, tail = bare.partition("'")
    if mark and head in _ELIDED and tail not in _NOT_ELIDED:
        return (head, tail.replace("'", ""))
    return (bare.replace("'", ""),)


def parse_choice(text: str, groups: Mapping[str, Choice]) -> Choice:
    """The words that `a|b*|<group>` stands for."""
    found = Choice(frozenset(), frozenset(), frozenset())
    for piece in text.split("|"):
        found = found | _piece(piece, groups)
    return found


def _piece(piece: str, groups: Mapping[str, Choice]) -> Choice:
    none: frozenset[str] = frozenset()
    if piece.startswith("<") and piece.endswith(">"):
        if piece[1:-1] not in groups:
            raise PatternError(f"there is no word group {piece}")
        return groups[piece[1:-1]]
    words = plain_words(piece.strip("*"))
    if len(words) != 1:
        raise PatternError(f"{piece!r} is not one word")
    only = frozenset(words)
    if "*" not in piece:
        return Choice(only, none, none)
    if not _SHORTEST_AFFIX <= len(words[0]) <= _LONGEST_AFFIX:
        raise PatternError(f"{piece!r} needs {_SHORTEST_AFFIX} to {_LONGEST_AFFIX} letters beside its *")
    starts, ends = piece.endswith("*"), piece.startswith("*")
    return Choice(none, only if starts else none, only if ends else none)


def parse(text: str, groups: Mapping[str, Choice]) -> tuple[Phrase, ...]:
    """The phrases that a text in this grammar stands for; PatternError names what is not in it."""
    variants = _spelled_out(text)
    if len(variants) > _MOST_VARIANTS:
        raise PatternError(f"more than {_MOST_VARIANTS} ways to read it")
    return tuple(tuple(_part(part, groups) for part in variant.split("&")) for variant in variants)


def check_joined(text: str, small: frozenset[str]) -> None:
    """PatternError where a choice ends in a small word that the next word seems to belong to.

    `car|the road|bus` reads as `car|the`, then `road|bus`; meant was `car|the_road|bus`.
    """
    pieces = text.split()
    for piece, following in pairwise(pieces):
        *others, last = piece.split("|")
        if following in GAPS or following == "&" or last not in small or not others or small.intersection(others):
            continue
        first = following.partition("|")[0]
        raise PatternError(f"'{last} {first}' in '{piece} {following}' looks like one choice: write {last}_{first}")


def _spelled_out(text: str) -> tuple[str, ...]:
    """`a|b_c d` is `a d` and `b c d`: each choice of more than one word becomes a phrase of its own."""
    ways: list[list[str]] = []
    for piece in text.split():
        single = "|".join(option for option in piece.split("|") if "_" not in option)
        longer = [option.replace("_", " ") for option in piece.split("|") if "_" in option]
        ways.append([single, *longer] if single else longer)
    return tuple(" ".join(way) for way in islice(product(*ways), _MOST_VARIANTS + 1))


def _part(text: str, groups: Mapping[str, Choice]) -> tuple[Step, ...]:
    steps: list[Step] = []
    gap = 0
    for piece in text.split():
        if piece in GAPS:
            gap = GAPS[piece]
            continue
        if "|" in piece or "<" in piece or "*" in piece:
            steps.append(Step(parse_choice(piece, groups), gap))
        else:
            words = plain_words(piece)
            if not words:
                raise PatternError(f"{piece!r} holds no word")
            for at, word in enumerate(words):
                steps.append(Step(Choice(frozenset({word}), frozenset(), frozenset()), 0 if at else gap))
        gap = 0
    if not steps or gap or steps[0].gap:
        raise PatternError("a phrase begins and ends with a word, on both sides of &")
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class _Run:
    """One side of an `&`: the numbers of its choices with the gap before each."""

    steps: tuple[tuple[int, int], ...]
    needs: frozenset[int]


class Matcher(Generic[T]):
    """Many phrases with what each stands for; `match` yields those that stand in a sentence.

    A run is only tried when the rarest of its words is there: time grows with the sentence, not the file.
    """

    __slots__ = ("_affixes", "_by_first_run", "_by_key", "_runs", "_whole", "choices")

    def __init__(self, phrases: Iterable[tuple[Phrase, T]]) -> None:
        ids: dict[Choice, int] = {}
        runs: dict[tuple[Step, ...], int] = {}
        by_first: dict[int, list[tuple[tuple[int, ...], T]]] = defaultdict(list)
        for phrase, means in phrases:
            numbers = tuple(runs.setdefault(part, len(runs)) for part in phrase)
            by_first[numbers[0]].append((numbers, means))
            for step in (step for part in phrase for step in part):
                ids.setdefault(step.choice, len(ids))
        self._runs = tuple(_run(part, ids) for part in runs)
        self._by_first_run = {number: tuple(entries) for number, entries in by_first.items()}
        self._by_key = _keys(runs, ids)
        self._whole = _index((word, number) for choice, number in ids.items() for word in choice.whole)
        self._affixes = (
            _index((word, number) for choice, number in ids.items() for word in choice.starts),
            _index((word, number) for choice, number in ids.items() for word in choice.ends),
        )
        # Messages repeat the same few thousand words.
        self.choices = lru_cache(maxsize=8_192)(self._choices)

    def _choices(self, word: str) -> tuple[int, ...]:
        """The choices that a word satisfies; `choices` remembers them."""
        found = set(self._whole.get(word, ()))
        starts, ends = self._affixes
        for size in range(_SHORTEST_AFFIX, min(len(word), _LONGEST_AFFIX) + 1):
            found.update(starts.get(word[:size], ()), ends.get(word[-size:], ()))
        return tuple(sorted(found))

    def match(self, words: Sequence[str]) -> Iterator[tuple[T, tuple[int, ...]]]:
        """What the phrases found in a sentence stand for, each with the places of its words."""
        standing: dict[int, list[int]] = {}
        for place, word in enumerate(words):
            for number in self.choices(word[:_LONGEST_WORD]):
                standing.setdefault(number, []).append(place)
        found: dict[int, tuple[int, ...]] = {}
        for key in standing.keys() & self._by_key.keys():
            for number in self._by_key[key]:
                run = self._runs[number]
                if run.needs <= standing.keys() and (places := _places(run.steps, standing)):
                    found[number] = places
        for number in sorted(found):
            for numbers, means in self._by_first_run.get(number, ()):
                if all(other in found for other in numbers):
                    yield means, tuple(sorted({place for other in numbers for place in found[other]}))


def _run(part: tuple[Step, ...], ids: Mapping[Choice, int]) -> _Run:
    steps = tuple((ids[step.choice], step.gap) for step in part)
    return _Run(steps, frozenset(number for number, _ in steps))


def _keys(runs: Iterable[tuple[Step, ...]], ids: Mapping[Choice, int]) -> dict[int, tuple[int, ...]]:
    """For each choice, the runs in which it is the rarest word."""
    keys: dict[int, list[int]] = defaultdict(list)
    for number, part in enumerate(runs):
        rarest = min((step.choice for step in part), key=lambda choice: choice.breadth)
        keys[ids[rarest]].append(number)
    return {key: tuple(numbers) for key, numbers in keys.items()}


def _index(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    index: dict[str, list[int]] = defaultdict(list)
    for word, number in pairs:
        index[word].append(number)
    return {word: tuple(numbers) for word, numbers in index.items()}


def _places(steps: tuple[tuple[int, int], ...], standing: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    """Where a run stands: all its beginnings go forward together, so that nothing is tried twice."""
    if len(steps) == 1:
        return (standing[steps[0][0]][0],)
    paths: dict[int, tuple[int, ...]] = {place: (place,) for place in standing[steps[0][0]]}
    for number, gap in steps[1:]:
        onward: dict[int, tuple[int, ...]] = {}
        for place in standing[number]:
            for at in range(place - 1, place - gap - 2, -1):
                if at in paths:
                    onward[place] = (*paths[at], place)
                    break
        if not onward:
            return ()
        paths = onward
    return next(iter(paths.values()), ())
