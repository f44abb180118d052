"""Words that say no: which came, which went, and which moved to something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbengine.language import fold
from kbengine.reply.drift.align import WORD, Aligned, Word
from kbengine.reply.drift.tables import FRENCH_NEGATION, NEGATION, OWN_NEGATION, SMALL, UNMARKED_NEGATION

# Courtesy that denies nothing.
_COURTESY = re.compile(
    r"\b(?:(?:aarzel|twijfel) (?:zeker )?niet|geen (?:probleem|dank|zorgen)|niet te danken|n'hesitez (?:surtout )?pas"
    r"|pas de (?:probleme|souci|quoi)|no (?:problem|worries)|(?:do not|don't) (?:hesitate|worry)|zogern sie nicht"
    r"|kein problem|keine (?:sorge|ursache))\b"
)
_ANY = frozenset.union(FRENCH_NEGATION, UNMARKED_NEGATION, *NEGATION.values())
_FRENCH_REACH = 4
_REACH, _NEAR = 4, 2
# Beyond so many pairs they are only counted: nobody writes so many, and the time would be their product.
_MOST_PAIRS = 2_500


def negations(words: Sequence[Word], lang: str) -> frozenset[int]:
    """Which words, by their place, say no."""
    folded = [fold(word.text) for word in words]
    polite = _polite(folded)
    return frozenset(
        place for place, word in enumerate(folded) if place not in polite and _denies(folded, place, word, lang)
    )


def may_deny(text: str) -> bool:
    """Whether any word of a text, as `words_of` would read it, says no somewhere; most sentences have none."""
    return any((bare := fold(word.lower())) in _ANY or bare.endswith("n't") for word in WORD.findall(text))


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
    # Words are laid beside each other by what is the same most of all: a "not" may lie beside that of another sentence.
    lost, added = sorted(old), sorted(new)
    several = len(lost) * len(added) <= _MOST_PAIRS
    for alike in (_said_alike, _deny_alike, _together) if several else ():
        for place in tuple(added):
            same = next((other for other in lost if alike(aligned, other, place)), None)
            if same is not None:
                lost.remove(same)
                added.remove(place)
    for block in aligned.blocks:
        gone = [place for place in lost if block.old_from <= place < block.old_to]
        come = [place for place in added if block.new_from <= place < block.new_to]
        rewritten = list(zip(gone, come, strict=False))
        lost = [place for place in lost if place not in {o for o, _ in rewritten}]
        added = [place for place in added if place not in {n for _, n in rewritten}]
    return lost, added


def _said_alike(aligned: Aligned, old: int, new: int) -> bool:
    """Whether two negations have the same word on either side."""
    sides = ((_side(words, place, step) for words, place in _both(aligned, old, new)) for step in (-1, 1))
    return all(one[:1] == other[:1] for one, other in sides)


def _deny_alike(aligned: Aligned, old: int, new: int) -> bool:
    """Whether two negations stand before the same words."""
    one, other = (_side(words, place, 1) for words, place in _both(aligned, old, new))
    return bool(set(one) & set(other))


def _together(aligned: Aligned, old: int, new: int) -> bool:
    """Whether two negations stand after the same words, and what they denied did not merely change places."""
    before, then_before = (_side(words, place, -1) for words, place in _both(aligned, old, new))
    after, then_after = (_side(words, place, 1)[:1] for words, place in _both(aligned, old, new))
    stayed = {fold(word.text) for word in aligned.new} & set(after)
    known = {fold(word.text) for word in aligned.old} & set(then_after)
    return bool(set(before) & set(then_before)) and not (stayed and known)


def _both(aligned: Aligned, old: int, new: int) -> tuple[tuple[Sequence[Word], int], tuple[Sequence[Word], int]]:
    return (aligned.old, old), (aligned.new, new)


def _side(words: Sequence[Word], place: int, step: int) -> list[str]:
    """The nearest words on one side, in the same sentence, that do not stand beside everything."""
    near = []
    for _ in range(_REACH):
        stops = words[place].opens if step < 0 else words[place + 1 : place + 2] and words[place + 1].opens
        place += step
        if stops or not 0 <= place < len(words):
            break
        near.append(fold(words[place].text))
    return [word for word in near if word not in SMALL][:_NEAR]
