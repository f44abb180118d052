"""The texts of one language as each other's neighbours: which answer the same, and which say otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kbengine.neighbours.alike import Shaped, alike, passage_of, shaped
from kbengine.neighbours.claims import SOMETHING, STANCE, Claim, Shape, Value, clashing, differ
from kbengine.neighbours.matching import About, Read, Side, likeness, read
from kbengine.neighbours.values import Near, Sort, Told
from kbengine.neighbours.weighed import Lexicon, Weights, lexicon_of, weights_of

# From how much likeness on two claims are about the same, by what they claim; chosen on the first set of
# bench/neighbours.toml, and so that nothing is said of kb/ that is not so.
_LINE: Final = 0.46
_LINES: Final = {"stance": 0.66, "phone": 0.75, "email": 0.75, "weekday": 0.7, "count": 0.6, "appointment": 0.6}
_PLAIN: Final = 0.75
_COSTS: Final = 0.6
# A claim that has one like it about as near says nothing otherwise.
_MARGIN: Final = 0.12
# Which share of what a claim is about must stand in another before the two are weighed.
_WORTH: Final = 0.2
# A term that stands in more than this share of the texts leads to none of them.
_COMMON: Final = 0.25
_FEW: Final = 12
# How near two texts must be by the other terms before they are weighed as a whole.
_NEARLY: Final = 0.15

Kind = tuple[Shape, Value | None]
Places = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Field:
    """Texts of one language, read; of an article there may be several: the live one, and one that waits."""

    lexicon: Lexicon
    weights: Weights
    shapes: Mapping[str, Shaped]
    claims: Mapping[Kind, tuple[Sequence[Side], Places]]
    words: Mapping[str, Sequence[tuple[str, float]]]

    @classmethod
    def of(cls, lang: str, texts: Iterable[Told]) -> Field:
        """The texts of a language, read and indexed by what they are about."""
        held = tuple(texts)
        lexicon = lexicon_of(lang, held)
        weights = weights_of(held, lexicon)
        shapes = {told.key: shaped(read(told, lexicon), lexicon, weights) for told in held}
        words: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for key, shape in shapes.items():
            for term, heavy in shape.words.items():
                words[term].append((key, heavy))
        return cls(lexicon, weights, shapes, _indexed(one.read for one in shapes.values()), words)

    def neighbours(self, told: Told) -> tuple[Near, ...]:
        """What is found between one text and those of other articles; contradictions first, the surest first."""
        here = self.shapes.get(told.key)
        if here is None or here.read.told != told:
            here = shaped(read(told, self.lexicon), self.lexicon, self.weights)
        return self._found(here, self.shapes.keys())

    def all(self) -> tuple[Near, ...]:
        """What is found between all of them, each pair once."""
        left = set(self.shapes)
        found: list[Near] = []
        for key in sorted(self.shapes):
            left.discard(key)
            found += self._found(self.shapes[key], left)
        return tuple(found)

    def _found(self, here: Shaped, among: Container[str]) -> tuple[Near, ...]:
        found = [*self._contradictions(here.read, among), *self._alike(here, among)]
        return tuple(sorted(found, key=_order))

    def _alike(self, here: Shaped, among: Container[str]) -> Iterator[Near]:
        most = max(_FEW, _COMMON * len(self.shapes))
        shared: dict[str, float] = defaultdict(float)
        for term, heavy in here.words.items():
            held = self.words.get(term, ())
            if len(held) <= most:
                for key, weight in held:
                    shared[key] += heavy * weight
        for key in sorted(shared):
            other = self.shapes[key]
            if shared[key] < _NEARLY or key not in among or other.read.told.slug == here.read.told.slug:
                continue
            if near := alike(here, other, self.weights):
                yield near

    def _contradictions(self, here: Read, among: Container[str]) -> Iterator[Near]:
        found = [(score, about, side) for about in here.claims for score, side in self._otherwise(here, about, among)]
        said = set()
        for score, about, (there, against) in sorted(found, key=lambda one: -one[0]):
            subject = (there.told.key, about.claim.shape, about.claim.value, against.claim.value)
            if subject not in said and not self._agreed(here, about, there, against, score - _MARGIN):
                said.add(subject)
                yield _near(here, about, there, against, score)

    def _otherwise(self, here: Read, about: About, among: Container[str]) -> Iterator[tuple[float, Side]]:
        """The claims of other articles that are about what this one is, and say otherwise."""
        claim, whole = about.claim, self.weights.total(about.near)
        for kind in clashing(claim):
            sides, places = self.claims.get(kind, ((), {}))
            shared: dict[int, float] = defaultdict(float)
            for term in about.near:
                heavy = self.weights.of(term)
                for place in places.get(term, ()):
                    shared[place] += heavy
            for place, heavy in shared.items():
                there, against = sides[place]
                if heavy < _WORTH * whole or not differ(claim.shape, claim.value, against.claim.value):
                    continue
                if there.told.slug == here.told.slug or there.told.key not in among:
                    continue
                score = likeness((here, about), (there, against), self.weights)
                if score >= _line(claim, against.claim):
                    yield score, (there, against)

    def _agreed(self, here: Read, about: About, there: Read, against: About, line: float) -> bool:
        """Whether either text has a claim that the other makes too, about as near: then both know of both cases."""
        pairs = [(about, theirs) for theirs in there.claims] + [(mine, against) for mine in here.claims]
        return any(
            mine.claim.shape == theirs.claim.shape == about.claim.shape
            and SOMETHING not in (mine.claim.value[0], theirs.claim.value[0])
            and not differ(about.claim.shape, mine.claim.value, theirs.claim.value)
            and likeness((here, mine), (there, theirs), self.weights) >= line
            for mine, theirs in pairs
        )


def _indexed(reads: Iterable[Read]) -> dict[Kind, tuple[list[Side], dict[str, list[int]]]]:
    found: dict[Kind, tuple[list[Side], dict[str, list[int]]]] = {}
    for one in reads:
        for about in one.claims:
            claim = about.claim
            kind = (claim.shape, claim.value if claim.shape == STANCE else None)
            sides, places = found.setdefault(kind, ([], defaultdict(list)))
            for term in about.near:
                places[term].append(len(sides))
            sides.append((one, about))
    return found


def _line(one: Claim, other: Claim) -> float:
    """From how much likeness on two claims are about the same."""
    values = {*one.value, *other.value}
    if one.shape == STANCE and values & {"is", "is not"}:
        return _PLAIN
    return _COSTS if SOMETHING in values else _LINES.get(one.shape[0], _LINE)


def _near(here: Read, about: About, there: Read, against: About, score: float) -> Near:
    one = passage_of(here.told, about.text, about.claim.sentence, about.claim.mark)
    other = passage_of(there.told, against.text, against.claim.sentence, against.claim.mark)
    return Near(Sort.CONTRADICTION, here.told, there.told, about.claim.what, round(score, 3), (one,), (other,))


def _order(near: Near) -> tuple[bool, float, str, str]:
    return near.sort is Sort.ALIKE, -near.alike, near.other.key, near.what
