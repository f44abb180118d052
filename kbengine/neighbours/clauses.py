"""A text in sentences and clauses: which words each has, what it counts, and whether it says yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kbengine.language import fold, spans
from kbengine.neighbours.tables import SAYING, begins, cases_in, light, rows_in
from kbengine.neighbours.tables import said as said_in
from kbengine.neighbours.values import Sentence
from kbengine.reply import Said, denials

_SENTENCE = re.compile(r"(?<=[.!?…])[\s*_]+|\n")
_BREAK = re.compile(r"[;:()–—]|,(?!\d)|(?<=\s)-\s")
_AND = re.compile(r"\s(?:en|et|and|und)\s")
_LINK = re.compile(r"\]\([^)]*\)|[*_\[\]]")
_CODE = re.compile(r"(?<![\w'’])(?:[A-Z]\d{0,3}|[A-Z]{1,2}\+?\d{1,3}|[IVX]{1,4})(?![\w'’+-])")
_NAME = re.compile(r"(?<=[^\W\d_][ ,'’])[A-Z][^\W\d_]{2,}|(?<=\d )[A-Z][^\W\d_]{2,}")
_NUMBERED = re.compile(r"\s*(?:[-*]|\d{1,2}[.)])\s+")
_MARKS = str.maketrans("*_[]", "    ")
_SHOUTED = 0.5
# Rows of words that say how something is, not what.
_HOW = ("may", "may_not", "must", "need_not", "free", "paid", "anytime", "sometimes", "least", "most")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence, at [start, end) of its text.

    `words` are those that may be a subject, as `language.spans` gives them; `counts` what it says in numbers; `denied`
    where it says no; `hinted` when it may say that something is free, open,
    allowed or the like. `folded` is the clause in small letters without accents, links and marks left out.
    """

    start: int
    end: int
    folded: str
    words: tuple[str, ...]
    counts: tuple[Said, ...]
    denied: tuple[tuple[int, int], ...]
    conditional: bool
    hinted: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """A sentence with its clauses, while its text is read; `asks` when it is a question."""

    sentence: Sentence
    clauses: tuple[Clause, ...]
    asks: bool


def parts_of(text: str, lang: str, counted: Sequence[Said]) -> Iterator[Parts]:
    """The sentences of a text in order; a point of a list goes on from the line above the list.

    `counted` is what the text says in numbers.
    """
    lead = above = -1
    for place, (start, end) in enumerate(_stretches(text)):
        point = _NUMBERED.match(text, start, end)
        yield _sentence(text, lang, point.end() if point else start, end, counted, above if point else lead)
        if not point:
            above = place
        lead = -1 if text.startswith("\n\n", end) else place


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end, after in [*(match.span() for match in _SENTENCE.finditer(text)), (len(text), len(text))]:
        if text[start:end].strip(" \t-*_#"):
            yield start + len(text[start:end]) - len(text[start:end].lstrip()), end
        start = after


def _sentence(text: str, lang: str, start: int, end: int, counted: Sequence[Said], lead: int) -> Parts:
    here = [one for one in counted if start <= one.start < end]
    written = text[start:end]
    saying_no = [(start + one, start + other) for one, other in denials(written, lang)]
    folded = _folded(written)
    rows = rows_in(folded.translate(_MARKS), lang)
    parts = _parts(text, start, end, here, folded, said_in("joints", lang) if "joints" in rows else None)
    every = tuple(_clause(text, lang, *part, here, saying_no, rows) for part in parts)
    clauses = tuple(clause for clause in every if clause.words or clause.counts or clause.denied)
    sentence = Sentence(
        start,
        end,
        tuple(word for clause in clauses for word in clause.words),
        frozenset(cases_in(folded, lang)) if "case" in rows else frozenset(),
        names_in(written, lang),
        any(clause.conditional for clause in clauses),
        any(one.key[0] == "time" for clause in clauses for one in clause.counts),
        frozenset(one.key[1] for clause in clauses for one in clause.counts if one.key[0] == "weekday"),
        lead,
    )
    return Parts(sentence, clauses, written.rstrip(" *_)").endswith("?"))


def names_in(text: str, lang: str) -> frozenset[str]:
    """The names and codes of a text, but for the word it begins with; a German noun is written as a name is."""
    codes = {match.group() for match in _CODE.finditer(text) if match.start() and match.group() != "I"}
    if lang == "de" or sum(map(str.isupper, text)) > _SHOUTED * len(text):
        return frozenset(codes)
    return frozenset(codes | {fold(match.group().lower()) for match in _NAME.finditer(text)})


def _folded(text: str) -> str:
    """Small letters without accents, each in its place as far as that goes."""
    return fold(text.lower().replace("’", "'"))


def _parts(
    text: str, start: int, end: int, counted: Sequence[Said], low: str, joints: re.Pattern[str] | None
) -> Iterator[tuple[int, int]]:
    """Where a sentence falls apart: at its commas and joints, and at an "and" between two things that are counted."""
    even = len(low) == end - start
    inside = [(one.start, one.end) for one in counted]
    cuts = {match.end() for match in _BREAK.finditer(text, start, end)}
    if even:
        cuts |= {start + match.start() for match in joints.finditer(low)} if joints else set()
        for match in _AND.finditer(low) if len(inside) > 1 else ():
            place = start + match.start()
            before = any(stop <= place and not any(stop <= cut <= place for cut in cuts) for _, stop in inside)
            after = any(begin >= place and not any(place <= cut <= begin for cut in cuts) for begin, _ in inside)
            cuts |= {place} if before and after and _told_apart(text, place, inside) else set()
    edges = [start, *sorted(cut for cut in cuts if start < cut < end and not _within(cut, inside)), end]
    yield from ((one, other) for one, other in pairwise(edges) if text[one:other].strip())


def _told_apart(text: str, place: int, inside: Sequence[tuple[int, int]]) -> bool:
    """Whether more than an "and" stands between the two things that are counted: "8 and 12 o'clock" is one."""
    last = max(stop for _, stop in inside if stop <= place)
    following = min(begin for begin, _ in inside if begin >= place)
    return len(text[last:following].split()) > 1


def _within(place: int, stretches: Sequence[tuple[int, int]]) -> bool:
    return any(start < place < end for start, end in stretches)


def _clause(
    text: str,
    lang: str,
    start: int,
    end: int,
    counted: Sequence[Said],
    saying_no: Sequence[tuple[int, int]],
    rows: frozenset[str],
) -> Clause:
    bare = _LINK.sub(lambda found: " " * len(found.group()), text[start:end])
    counts = tuple(one for one in counted if start <= one.start < end)
    folded = _folded(bare)
    denied = tuple(one for one in saying_no if start <= one[0] < end)
    hinted = any(said_in(row, lang).search(folded) for row in rows & SAYING)
    conditional = bool(begins("conditions", lang).match(folded))
    covered = [(one.start - start, min(one.end, end) - start) for one in counts]
    covered += [(one - start, other - start) for one, other in denied]
    covered += [match.span() for row in _HOW if row in rows for match in said_in(row, lang).finditer(folded)]
    return Clause(start, end, folded, _subjects(bare, lang, covered), counts, denied, conditional, hinted)


def _subjects(bare: str, lang: str, covered: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The words of a clause that may be what it is about; those that say how stand in `covered`."""
    for one, other in covered:
        bare = bare[:one] + " " * (other - one) + bare[other:]
    return tuple(word for word, _, _ in spans(bare) if not word[0].isdigit() and fold(word) not in light(lang))
