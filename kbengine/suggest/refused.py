"""Messages that must not find an article: such a message, or one nearly like it, is not offered that article."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np

from kbengine.language import LANGUAGES, detect
from kbengine.suggest.features import Keys, Reader, Reading
from kbengine.suggest.values import Match, Topic

# How alike two texts are that say the same: another order, a misspelling or a small word more leaves a message above
# this, another noun does not. Of 450 questions of the example texts the nearest to what its article refuses has 0.42.
_NEARLY: Final = 0.8


class Refusals:
    """The refused messages of an index; threads may share it."""

    def __init__(
        self,
        reader: Reader,
        written: Mapping[str, Mapping[str, Sequence[Sequence[str]]]],
        known: Mapping[tuple[str, str], Reading] | None = None,
    ) -> None:
        """What is `written` of them; `known` are texts that were read before, by language and text."""
        self._reader = reader
        self._written = written
        self._known = known or {}
        self._read: dict[tuple[str, str], tuple[Reading, ...]] = {}

    @staticmethod
    def written(topics: Sequence[Topic], languages: Sequence[str]) -> dict[str, Any]:
        """What an index keeps of topics that refuse messages: by slug, those and the questions as (language, text).

        A refused message is read in the language that the index, with texts in these `languages`, reads it in.
        """
        return {
            topic.slug: {
                "not": [(_read_in(text, languages), text) for text in topic.not_asked],
                "asked": [(lang, text) for lang, texts in topic.questions.items() for text in texts],
            }
            for topic in topics
            if topic.not_asked
        }

    def changed(self, slugs: Collection[str], written: Mapping[str, Mapping[str, Sequence[Sequence[str]]]]) -> Refusals:
        """These, where what is `written` is all that these topics refuse now."""
        others = {slug: kept for slug, kept in self._written.items() if slug not in slugs}
        return Refusals(self._reader, {**others, **written})

    def kept(self, matches: Sequence[Match], reading: Reading, line: float) -> tuple[Match, ...]:
        """The matches without those above the line whose article refuses the message."""
        return tuple(match for match in matches if match.confidence < line or not self.refuses(match.slug, reading))

    def refuses(self, slug: str, reading: Reading) -> bool:
        """Whether a message is nearly one that the article refuses, and more so than it is one of its questions."""
        nearest = max((_alike(reading, refused) for refused in self._refused(slug)), default=0.0)
        return nearest >= _NEARLY and not any(
            _at_most(reading, asked) >= nearest and _alike(reading, asked) >= nearest
            for asked in self._kept(slug, "asked")
        )

    def _refused(self, slug: str) -> tuple[Reading, ...]:
        return self._kept(slug, "not") if slug in self._written else ()

    def _kept(self, slug: str, which: str) -> tuple[Reading, ...]:
        """A topic's refused messages or its questions, each read once."""
        if (slug, which) not in self._read:
            texts = [(lang, text) for lang, text in self._written[slug][which]]
            found = tuple(self._known[one] for one in texts if one in self._known)
            if len(found) < len(texts):
                found = tuple(self._reader.read_all([(text, lang) for lang, text in texts]))
            self._read[slug, which] = found
        return self._read[slug, which]


def _read_in(text: str, languages: Sequence[str]) -> str:
    main = next(iter(languages), LANGUAGES[0])
    lang = detect(text, default=main)
    return lang if lang in languages else main


def _alike(one: Reading, other: Reading) -> float:
    """How much of their words and grams two texts share, 0 to 1."""
    both = [
        (one.keys[flags], other.keys[others])
        for flags, others in ((one.grams, other.grams), (~one.grams, ~other.grams))
    ]
    return sum(_shared(mine, theirs) for mine, theirs in both) / len(both)


def _at_most(one: Reading, other: Reading) -> float:
    """How alike two texts can be that hold so many of each."""
    grams = [int(np.count_nonzero(text.grams)) for text in (one, other)]
    sizes = (grams, [len(text.keys) - some for text, some in zip((one, other), grams, strict=True)])
    return sum(_share(min(mine, theirs), mine, theirs) for mine, theirs in sizes) / len(sizes)


def _shared(one: Keys, other: Keys) -> float:
    return _share(len(np.intersect1d(one, other, assume_unique=True)), len(one), len(other))


def _share(both: int, one: int, other: int) -> float:
    size = math.sqrt(one * other)
    return both / size if size else 0.0
