"""Two questions in one message: each sentence is asked for itself, and what answers it is offered beside the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kbengine.language import tokens
from kbengine.suggest.index import SuggestionIndex
from kbengine.suggest.values import Match, Ranking

# Where one question ends and the next begins: at the end of a sentence, at a word that adds something, or before a
# question word.
_ADDING: Final = (
    r"en ook|daarnaast|trouwens|bovendien|nog een vraag(?:je)?|nog iets|andere vraag"
    r"|et aussi|par ailleurs|autre question|also|another question|one more thing|außerdem|noch eine frage"
)
_ASKING: Final = (
    "hoe|waar|wanneer|wie|wat|mag|mogen|kan|kunnen|moet|moeten|comment|où|quand|qui|est-ce|puis-je"
    "|how|where|when|who|what|can|may|do|wo|wann|wer|darf|kann|muss"
)
_BETWEEN: Final = re.compile(
    rf"(?<=[.!?…])\s+|[;\n]+|[,\s]+(?:{_ADDING})[,:\s]+|[,\s]+(?:en|et|and|und)\s+(?=(?:{_ASKING})\b)", re.IGNORECASE
)
_FEWEST_WORDS: Final = 3
_MOST_PARTS: Final = 6
# A sentence alone says little: it must rather be right than wrong, also where a message is offered more.
_SURE: Final = 0.5


def parts(message: str) -> tuple[str, ...]:
    """The sentences of a message that may be questions of their own, the first six; () when there is only one."""
    found = tuple(part.strip() for part in _BETWEEN.split(message) if part and len(tokens(part)) >= _FEWEST_WORDS)
    return found[:_MOST_PARTS] if len(found) > 1 else ()


def rank_each(index: SuggestionIndex, message: str, lang: str | None = None, limit: int = 5) -> Ranking:
    """The topics that resemble a message, as the index ranks them, what answers another part of it second.

    A match that answers one part says which in `part`. Only parts that are each sure of another topic count as two
    questions: who tells a story around one question has asked one.
    """
    whole = index.rank(message, lang, limit)
    if not whole.matches:
        return whole
    answered = dict(_answered(index, message, whole.lang))
    if len(answered) < 2:
        return whole
    first = whole.matches[0].slug if whole.matches[0].slug in answered else next(iter(answered))
    beside = [slug for slug in answered if slug != first]
    held = {match.slug: match for match in whole.matches}
    bound = max(held[first].confidence if first in held else 0.0, answered[first].confidence)
    chosen = [_placed(answered[slug], held.get(slug), bound) for slug in (first, *beside)]
    rest = [match for match in whole.matches if match.slug not in answered]
    ceiling = chosen[-1].confidence
    others = [replace(match, confidence=min(match.confidence, ceiling)) for match in rest]
    return Ranking((*chosen, *others)[: max(limit, 1)], whole.lang, whole.line, "")


def _answered(index: SuggestionIndex, message: str, lang: str) -> Iterator[tuple[str, Match]]:
    """The topics that a part of the message is sure of, each with the first such part."""
    seen: set[str] = set()
    for part in parts(message):
        ranking = index.rank(part, lang, 1)
        if ranking.reason or ranking.matches[0].confidence < _SURE:
            continue
        if ranking.matches[0].slug not in seen:
            seen.add(ranking.matches[0].slug)
            yield ranking.matches[0].slug, replace(ranking.matches[0], part=part)


def _placed(match: Match, held: Match | None, bound: float) -> Match:
    """A part's match, at most as sure as the one it stands behind."""
    score = held.score if held else match.score
    return replace(match, score=score, confidence=min(match.confidence, bound))
