"""The variants of a text read for what they say, each once; nearly all the answers that there are stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kbengine.neighbours.claims import claims
from kbengine.neighbours.clauses import parts_of
from kbengine.neighbours.values import Sentence, Spoken, Told
from kbengine.reply import Said, said


def spoken(text: str, lang: str, counted: Sequence[Said] | None = None) -> Spoken:
    """What a text says; `counted` is what it says in numbers, when that was read before."""
    every = tuple(parts_of(text, lang, said(text, lang) if counted is None else counted))
    found = (claim for place, parts in enumerate(every) for claim in claims(text, lang, place, parts))
    return Spoken(tuple(parts.sentence for parts in every), tuple(found))


def whole(told: Told) -> Told:
    """A text with what it says."""
    if len(told.spoken) == len(told.texts):
        return told
    return replace(told, spoken=tuple(spoken(text, told.lang) for text in told.texts))


def sentences_of(told: Told) -> Iterator[tuple[int, Sentence]]:
    """The sentences of a text that was read, in order, each with the place of its variant."""
    for place, one in enumerate(told.spoken):
        for sentence in one.sentences:
            yield place, sentence
