"""Words that say no: which came, which went, and which moved to something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_REACH, _NEAR = 4, 2


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
    blocks = [_changed(block, old, new) for block in aligned.blocks]
    lost, added = [place for gone, _ in blocks for place in gone], [place for _, come in blocks for place in come]
    for place in tuple(added):
        same = next((other for other in lost if _together(aligned, other, place)), None)
        if same is not None:
            lost.remove(same)
            added.remove(place)
    for gone, come in blocks:
        rewritten = list(zip([o for o in gone if o in lost], [n for n in come if n in added], strict=False))
        lost = [place for place in lost if place not in {o for o, _ in rewritten}]
        added = [place for place in added if place not in {n for _, n in rewritten}]
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
    """Whether two negations deny the same: beside the same word, unless the words they deny changed places."""
    before, after = _side(aligned.old, old, -1), _side(aligned.old, old, 1)
    then_before, then_after = _side(aligned.new, new, -1), _side(aligned.new, new, 1)
    if set(after) & set(then_after):
        return True
    stayed = {fold(word.text) for word in aligned.new} & set(after[:1])
    known = {fold(word.text) for word in aligned.old} & set(then_after[:1])
    return bool(set(before) & set(then_before)) and not (stayed and known)


def _side(words: Sequence[Word], place: int, step: int) -> list[str]:
    """The nearest words on one side that do not stand beside everything."""
    near = words[place + 1 : place + 1 + _REACH] if step > 0 else words[max(0, place - _REACH) : place][::-1]
    return [said for word in near if (said := fold(word.text)) not in SMALL][:_NEAR]
