"""Words that say no: which came, which went, and which moved to something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbengine.language import fold
from kbengine.reply.drift.align import Aligned, Block, Word
from kbengine.reply.drift.tables import FRENCH_NEGATION, NEGATION, OWN_NEGATION, SMALL, UNMARKED_NEGATION

# Courtesy that denies nothing.
_COURTESY = re.compile(
    r"\b(?:(?:aarzel|twijfel) (?:zeker )?niet|geen (?:probleem|dank|zorgen)|niet te danken|n'hesitez (?:surtout )?pas"
    r"|pas de (?:probleme|souci|quoi)|no (?:problem|worries)|(?:do not|don't) (?:hesitate|worry)|zogern sie nicht"
    r"|kein problem|keine (?:sorge|ursache))\b"
)
_FRENCH_REACH = 4
_NEAR = 2


def negations(words: Sequence[Word], lang: str) -> frozenset[int]:
    """Which words, by their place, say no."""
    folded = [fold(word.text) for word in words]
    polite = _polite(folded)
    return frozenset(
        place for place, word in enumerate(folded) if place not in polite and _denies(folded, place, word, lang)
    )


def _denies(words: Sequence[str], place: int, word: str, lang: str) -> bool:
    if word.endswith("n't") or (lang == "en" and word in UNMARKED_NEGATION):
        return True
    if word in FRENCH_NEGATION and lang == "fr":
        around = (*words[max(0, place - _FRENCH_REACH) : place], *words[place + 1 : place + 2])
        return any(before == "ne" or before.startswith("n'") for before in around)
    if word == "no" and words[place + 1 : place + 2] and words[place + 1][0].isdigit():
        return False
    tables = (lang,) if word in OWN_NEGATION else tuple(NEGATION)
    return any(word in NEGATION[table] for table in tables)


def _polite(words: Sequence[str]) -> frozenset[int]:
    text, places = " ".join(words), []
    starts = {0} | {match.end() for match in re.finditer(" ", text)}
    numbers = {start: number for number, start in enumerate(sorted(starts))}
    for match in _COURTESY.finditer(text):
        places += [numbers[start] for start in numbers if match.start() <= start < match.end()]
    return frozenset(places)


def moved_negations(aligned: Aligned, old: frozenset[int], new: frozenset[int]) -> tuple[list[int], list[int]]:
    """The places of negations that were lost, and of those that were added.

    One that went with its sentence, or that was said in another way beside the same words, is neither.
    """
    lost: list[int] = []
    added: list[int] = []
    for block in aligned.blocks:
        gone, come = _changed(block, old, new)
        kept = min(len(gone), len(come))
        lost += gone[kept:]
        added += come[kept:]
    for place in tuple(added):
        same = next((other for other in lost if _together(aligned, other, place)), None)
        if same is not None:
            lost.remove(same)
            added.remove(place)
    return lost, added


def _changed(block: Block, old: frozenset[int], new: frozenset[int]) -> tuple[list[int], list[int]]:
    if block.same:
        # One that is courtesy in one text only stands in the same words of both.
        pairs = list(zip(range(block.old_from, block.old_to), range(block.new_from, block.new_to), strict=True))
        return [o for o, n in pairs if o in old and n not in new], [n for o, n in pairs if n in new and o not in old]
    return sorted(old & set(range(block.old_from, block.old_to))), sorted(
        new & set(range(block.new_from, block.new_to))
    )


def _together(aligned: Aligned, old: int, new: int) -> bool:
    """Whether two negations stand beside the same words."""
    return bool(set(_beside(aligned.old, old)) & set(_beside(aligned.new, new)))


def _beside(words: Sequence[Word], place: int) -> Iterator[str]:
    for at in range(max(0, place - _NEAR), min(len(words), place + _NEAR + 1)):
        word = words[at].text
        if at != place and word not in SMALL and (abs(at - place) == 1 or len(word) > 4):
            yield fold(word)
