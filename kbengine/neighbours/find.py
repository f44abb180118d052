"""The texts of one language as each other's neighbours: which answer the same, and which say otherwise."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from kbengine.neighbours.alike import Shaped, alike, passage_of, shaped
from kbengine.neighbours.claims import SOMETHING, STANCE, clashing, differ
from kbengine.neighbours.matching import About, Read, Side, likeness, read
from kbengine.neighbours.spoken import whole
from kbengine.neighbours.values import Claim, Near, Shape, Sort, Told, Value
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
# Where a term stands: the ranks of texts, or the places of claims, ascending.
Places = Mapping[str, Sequence[int]]
# Sums of weights that are as much as the least that counts, but for rounding.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one kind in the order of their texts: of which text each is, and where each term stands."""

    sides: list[Side] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, rank: int, side: Side) -> None:
        """One claim more, of a text of that rank or a later one than the last."""
        for term in side[1].near:
            self.places[term].append(len(self.sides))
        self.sides.append(side)
        self.ranks.append(rank)

    def sharing(self, terms: Sequence[tuple[float, str]], floor: float, after: int) -> Iterator[Side]:
        """The claims of texts after that rank which share so much of some terms; these come heaviest first."""
        first, left = bisect_right(self.ranks, after), sum(heavy for heavy, _ in terms)
        shared: dict[int, float] = {}
        enough = floor - _ROUNDING
        for heavy, term in terms:
            if left >= enough:
                held = self.places.get(term, ())
                for place in held[bisect_left(held, first) :]:
                    shared[place] = shared.get(place, 0.0) + heavy
            else:
                # What has none of the heavier ones comes no further.
                for place, so_far in shared.items():
                    if so_far < enough and term in self.sides[place][1].near:
                        shared[place] = so_far + heavy
            left -= heavy
        return (self.sides[place] for place in sorted(shared) if shared[place] >= enough)


@dataclass(frozen=True, slots=True)
class Field:
    """Texts of one language in the order of their keys, read; of an article there may be several: the live one, and
    one that waits."""

    lexicon: Lexicon
    weights: Weights
    shapes: Mapping[str, Shaped]
    order: Sequence[Shaped]
    claims: Mapping[Kind, Claims]
    words: Mapping[str, Sequence[tuple[int, float]]]

    @classmethod
    def of(cls, lang: str, texts: Iterable[Told]) -> Field:
        """The texts of a language, read and indexed by what they are about."""
        held = sorted(map(whole, texts), key=lambda told: told.key)
        lexicon = lexicon_of(lang, held)
        weights = weights_of(held, lexicon)
        order = [shaped(read(told, lexicon), lexicon, weights) for told in held]
        words: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for rank, shape in enumerate(order):
            for term, heavy in shape.words.items():
                words[term].append((rank, heavy))
        shapes = {shape.read.told.key: shape for shape in order}
        return cls(lexicon, weights, shapes, order, _indexed(one.read for one in order), words)

    def neighbours(self, told: Told) -> tuple[Near, ...]:
        """What is found between one text and those of other articles; contradictions first, the surest first."""
        told, here = whole(told), self.shapes.get(told.key)
        if here is None or here.read.told != told:
            here = shaped(read(told, self.lexicon), self.lexicon, self.weights)
        return self._found(here)

    def all(self) -> tuple[Near, ...]:
        """What is found between all of them, each pair once."""
        return tuple(near for rank, shape in enumerate(self.order) for near in self._found(shape, rank))

    def again(self, kept: Iterable[Near], changed: Set[str]) -> tuple[Near, ...]:
        """As `all`, where what is found between texts that did not change is known; words weigh there as they did."""
        found, done = [*kept], set[str]()
        for key in sorted(changed):
            done.add(key)
            nears = self.neighbours(self.shapes[key].read.told)
            found += (
                near if near.one.key < near.other.key else near.turned for near in nears if near.other.key not in done
            )
        return tuple(sorted(found, key=lambda near: (near.one.key, *_order(near))))

    def _found(self, here: Shaped, after: int = -1) -> tuple[Near, ...]:
        """What is found between a text and those after that rank."""
        found = [*self._contradictions(here.read, after), *self._alike(here, after)]
        return tuple(sorted(found, key=_order))

    def _alike(self, here: Shaped, after: int) -> Iterator[Near]:
        most = max(_FEW, _COMMON * len(self.order))
        shared: dict[int, float] = defaultdict(float)
        for term, heavy in here.words.items():
            held = self.words.get(term, ())
            if len(held) <= most:
                for rank, weight in held[bisect_left(held, (after + 1,)) :]:
                    shared[rank] += heavy * weight
        for rank in sorted(shared):
            other = self.order[rank]
            if shared[rank] < _NEARLY or other.read.told.slug == here.read.told.slug:
                continue
            if near := alike(here, other, self.weights):
                yield near

    def _contradictions(self, here: Read, after: int) -> Iterator[Near]:
        found = [(score, about, side) for about in here.claims for score, side in self._otherwise(here, about, after)]
        said = set()
        for score, about, (there, against) in sorted(found, key=lambda one: -one[0]):
            subject = (there.told.key, about.claim.shape, about.claim.value, against.claim.value)
            if subject not in said and not self._agreed(here, about, there, against, score - _MARGIN):
                said.add(subject)
                yield _near(here, about, there, against, score)

    def _otherwise(self, here: Read, about: About, after: int) -> Iterator[tuple[float, Side]]:
        """The claims of other articles that are about what this one is, and say otherwise."""
        claim = about.claim
        terms = sorted(((self.weights.of(term), term) for term in about.near), reverse=True)
        floor = _WORTH * sum(heavy for heavy, _ in terms)
        for kind in clashing(claim):
            claims = self.claims.get(kind)
            for there, against in claims.sharing(terms, floor, after) if claims else ():
                if there.told.slug == here.told.slug:
                    continue
                # Stances are looked up by what cannot both be so.
                if claim.shape != STANCE and not differ(claim.shape, claim.value, against.claim.value):
                    continue
                score = likeness((here, about), (there, against), self.weights)
                if score and score >= _line(claim, against.claim):
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


def _indexed(reads: Iterable[Read]) -> Mapping[Kind, Claims]:
    found: defaultdict[Kind, Claims] = defaultdict(Claims)
    for rank, one in enumerate(reads):
        for about in one.claims:
            claim = about.claim
            found[claim.shape, claim.value if claim.shape == STANCE else None].add(rank, (one, about))
    return found


def _line(one: Claim, other: Claim) -> float:
    """From how much likeness on two claims are about the same."""
    values = {*one.value, *other.value}
    if one.shape == STANCE and values & {"is", "is not"}:
        return _PLAIN
    return _COSTS if SOMETHING in values else _LINES.get(one.shape[0], _LINE)


def _near(here: Read, about: About, there: Read, against: About, score: float) -> Near:
    one = passage_of(here.told, about.text, about.sentence, about.claim.mark)
    other = passage_of(there.told, against.text, against.sentence, against.claim.mark)
    return Near(Sort.CONTRADICTION, here.told, there.told, about.claim.what, round(score, 3), (one,), (other,))


def _order(near: Near) -> tuple[bool, float, str, str]:
    return near.sort is Sort.ALIKE, -near.alike, near.other.key, near.what


def beside(found: Iterable[Near], key: str) -> tuple[Near, ...]:
    """What of all that is found is about one text, seen from that one, in the order of `Field.neighbours`."""
    seen = (near if near.one.key == key else near.turned for near in found if key in (near.one.key, near.other.key))
    return tuple(sorted(seen, key=_order))
