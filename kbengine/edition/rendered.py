"""What becomes of each article, kept from round to round: made anew only where what it is made of changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kbengine.article import Zone
from kbengine.edition.catalog import Dormant
from kbengine.edition.shape import Moment
from kbengine.history import Answer
from kbengine.language import ANALYZER_VERSION
from kbengine.reply import facts_in

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Rendered(Generic[Value]):
    """What became of an article, and a digest that changes with it."""

    value: Value
    digest: str

    @classmethod
    def of(cls, value: Value) -> Rendered[Value]:
        """A value that is nothing but frozen values and texts."""
        return cls(value, hashlib.blake2b(repr(value).encode("utf-8"), digest_size=12).hexdigest())


@dataclass(frozen=True, slots=True)
class _MadeOf:
    """An article's live answers and, when there are none, how it is known; the values that its texts name."""

    answers: tuple[Answer, ...]
    dormant: Dormant | None
    facts: frozenset[str]


class Renderings(Generic[Value]):
    """One kind of thing that every article becomes."""

    def __init__(self, make: Callable[[Moment, str], Value]) -> None:
        self._make = make
        self._zone: Zone | None = None
        self._facts: Mapping[str, Mapping[str, str]] = {}
        self._made_of: dict[str, _MadeOf] = {}
        self._made: dict[str, Rendered[Value]] = {}

    def stale(self, moment: Moment) -> list[str]:
        """The articles of which something changed since they were made."""
        if moment.catalog.zone != self._zone:
            return list(moment.answers)
        moved = {
            name
            for lang, values in moment.facts.items()
            for name, _ in values.items() ^ self._facts.get(lang, {}).items()
        }
        return [slug for slug in moment.answers if self._changed(moment, slug, moved)]

    def _changed(self, moment: Moment, slug: str, moved: Collection[str]) -> bool:
        made = self._made_of.get(slug)
        if made is None or not made.facts.isdisjoint(moved):
            return True
        return (made.answers, made.dormant) != (moment.answers[slug], moment.catalog.dormant.get(slug))

    def renew(self, moment: Moment, stale: Iterable[str]) -> dict[str, Rendered[Value]]:
        """Every article's, by slug; those that are stale are made anew."""
        self._zone, self._facts = moment.catalog.zone, moment.facts
        for slug in self._made.keys() - moment.answers.keys():
            del self._made[slug], self._made_of[slug]
        for slug in stale:
            answers = moment.answers[slug]
            texts = (variant.text for answer in answers for variant in answer.article.variants)
            names = frozenset(facts_in(*texts))
            self._made_of[slug] = _MadeOf(answers, moment.catalog.dormant.get(slug), names)
            self._made[slug] = Rendered.of(self._make(moment, slug))
        return {slug: self._made[slug] for slug in moment.answers}

    def of(self, moment: Moment) -> dict[str, Rendered[Value]]:
        """Every article's at that moment, by slug."""
        return self.renew(moment, self.stale(moment))


def name_of(rendered: Iterable[Rendered[Any]], *settings: object) -> str:
    """Twenty hex digits that change with any of these, with the settings, or with the way words are read."""
    digest = hashlib.sha256(repr((ANALYZER_VERSION, *settings)).encode("utf-8"))
    for one in rendered:
        digest.update(one.digest.encode("ascii"))
    return digest.hexdigest()[:20]
