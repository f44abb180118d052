"""What a text claims that another may say otherwise: how much, how long, when, whether it costs, may, must or is so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from kbengine.language import fold, small_words
from kbengine.neighbours.clauses import Clause, Parts
from kbengine.neighbours.tables import light
from kbengine.neighbours.tables import said as said_in
from kbengine.neighbours.values import Claim, Shape, Value
from kbengine.reply import DriftKind, Said

# What is claimed, where it says so, and whether so much at least or at most.
_Said = tuple[Shape, Value, tuple[int, int], str]

# In days; a month is any month, so that 30 days and a month do not differ.
_DAYS: Final = {
    "second": 1 / 86400,
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "workday": 1.4,
    "week": 7.0,
    "month": 30.4,
    "year": 365.0,
}
_YEARS = re.compile(r"(?:19|20)\d\d")
_NEXT = re.compile(r"[\s*_]*([^\W\d_]{3,})")
# "16 or older": years go without saying.
_OLD = re.compile(
    r"\s(?:is\s)?(?:of|en|or|and|ou|et|oder|und)\s(?:ouder|jonger|older|younger|plus|jeunes?|älter|jünger)\b"
)
# What something costs that is not said.
SOMETHING: Final = -1.0
_SPELT: Final = 24
_ABOUT: Final = 0.018
# The stances that cannot both be so.
_CLASHING: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("may", "may not"),
        ("must", "need not"),
        ("must", "may not"),
        ("is", "is not"),
        ("is", "may not"),
        ("may", "is not"),
    )
)
STANCE: Final = ("stance",)
_STANCES: Final = ("may", "may_not", "must", "need_not")


def claims(text: str, lang: str, place: int, parts: Parts) -> Iterator[Claim]:
    """Everything that the sentence at that place of a text claims, in order; a question claims nothing."""
    for clause in () if parts.asks else parts.clauses:
        for shape, value, mark, bound in _of_clause(text, lang, clause, alone=len(parts.clauses) == 1):
            yield Claim(shape, value, mark, (clause.start, clause.end), clause.words, place, bound)


def _of_clause(text: str, lang: str, clause: Clause, *, alone: bool) -> Iterator[_Said]:
    grouped: dict[Shape, list[tuple[float | str, Said]]] = {}
    for one in clause.counts:
        read = _measured(one, text, lang)
        if read is not None:
            grouped.setdefault(read[0], []).append((read[1], one))
    for shape, found in grouped.items():
        mark = (found[0][1].start, found[-1][1].end)
        yield shape, tuple(value for value, _ in found), mark, _bound(clause, found[0][1], lang)
    if clause.hinted:
        yield from _costs(lang, clause, paid=("amount", "eur") in grouped)
    if clause.conditional:
        return
    yield from _opens(lang, clause, timed=("time",) in grouped)
    if clause.hinted:
        yield from _appointment(lang, clause)
    if clause.hinted and said_in("without", lang).search(clause.folded):
        return
    stance, mark = _stance(clause, lang)
    if clause.words or (stance not in ("is", "is not") and alone):
        yield STANCE, (stance,), mark, ""


def _measured(one: Said, text: str, lang: str) -> tuple[Shape, float | str] | None:
    """The shape and value of what is said; None for what is no measure: a link, a year."""
    key = one.key
    if key[0] in ("number", "amount"):
        if not re.fullmatch(r"\d+(?:\.\d+)?", key[1]):
            return None
        value, unit = float(key[1]), key[2]
        if lang != "fr" and text[one.start : one.end].endswith(" an"):
            return None  # a year in French, a small word elsewhere: "Rufen Sie 101 an"
        if unit in _DAYS:
            return ("duration",), value * _DAYS[unit]
        if unit or _YEARS.fullmatch(key[1]):
            return ((key[0], unit), value) if unit else None
        if _OLD.match(text, one.end):
            return ("duration",), value * _DAYS["year"]
        counted = _NEXT.match(text, one.end)
        word = counted[1].lower() if counted else ""
        return (("count", word), value) if word and fold(word) not in {*light(lang), *small_words(lang)} else None
    if key[0] == "time":
        length = one.kind is DriftKind.NUMBER
        return (("duration",), float(key[1]) / 1440) if length else (("time",), float(key[1]))
    if key[0] in ("weekday", "phone", "email"):
        return (key[0],), key[1]
    if key[0] == "date" and key[2] and key[3]:
        return ("date",), f"{key[2]}-{key[3]}"
    return None


def _bound(clause: Clause, one: Said, lang: str) -> str:
    """Whether so much is the least or the most, as the words just before it say."""
    before = clause.folded[max(0, one.start - clause.start - _SPELT) : max(0, one.start - clause.start)]
    places = {row: [found.end() for found in said_in(row, lang).finditer(before)] for row in ("least", "most")}
    last = {row: max(ends) for row, ends in places.items() if ends}
    return max(last, key=lambda row: last[row]) if last else ""


def _at(clause: Clause, found: re.Match[str]) -> tuple[int, int]:
    return clause.start + found.start(), clause.start + found.end()


def _costs(lang: str, clause: Clause, *, paid: bool) -> Iterator[_Said]:
    """That something is free, or costs something that is not said here."""
    if free := said_in("free", lang).search(clause.folded):
        denied = any(start < clause.start + free.start() for start, _ in clause.denied)
        value = SOMETHING if denied else 0.0
        yield ("amount", "eur"), (value,), _at(clause, free), ""
    elif not paid and not clause.denied and (cost := said_in("paid", lang).search(clause.folded)):
        yield ("amount", "eur"), (SOMETHING,), _at(clause, cost), ""


def _opens(lang: str, clause: Clause, *, timed: bool) -> Iterator[_Said]:
    """That something is there at any moment, or at some hours only."""
    if clause.denied or not (clause.hinted or timed):
        return
    if always := said_in("anytime", lang).search(clause.folded):
        yield ("opening",), ("always",), _at(clause, always), ""
    elif some := said_in("sometimes", lang).search(clause.folded):
        yield ("opening",), ("sometimes",), _at(clause, some), ""
    elif timed and (one := next((one for one in clause.counts if one.key[0] == "time"), None)):
        yield ("opening",), ("sometimes",), (one.start, one.end), ""


def _appointment(lang: str, clause: Clause) -> Iterator[_Said]:
    found = said_in("appointment", lang).search(clause.folded)
    free = said_in("walk_in", lang).search(clause.folded)
    if free or found:
        value = "no" if free or clause.denied else "yes"
        mark = next(_at(clause, place) for place in (free, found) if place)
        yield ("appointment",), (value,), mark, ""


def _stance(clause: Clause, lang: str) -> tuple[str, tuple[int, int]]:
    """Whether a clause says that something is, may be or must be so, or that it is not."""
    denied = len(clause.denied) % 2 == 1
    found = ((row, said_in(row, lang).search(clause.folded)) for row in _STANCES if clause.hinted)
    first = {row: match for row, match in found if match}
    mark = clause.denied[0] if clause.denied else (clause.start, clause.end)
    if not first:
        return ("is not" if denied else "is"), mark
    row = min(first, key=lambda one: first[one].start())
    at = _at(clause, first[row])
    mark = (min(at[0], mark[0]), max(at[1], mark[1])) if clause.denied else at
    if row in ("may", "may_not"):
        return ("may" if (row == "may") != denied else "may not"), mark
    if row == "must" and denied and said_in("forbids", lang).search(clause.folded):
        return "may not", mark
    return ("must" if (row == "must") != denied else "need not"), mark


def clashing(claim: Claim) -> tuple[tuple[Shape, Value | None], ...]:
    """Under which shape, and for a stance also under which values, claims stand that may say otherwise."""
    if claim.shape != STANCE:
        return ((claim.shape, None),)
    mine = claim.value[0]
    others = sorted(other for pair in _CLASHING if mine in pair for other in pair if other != mine)
    return tuple((STANCE, (other,)) for other in others)


@lru_cache(maxsize=65_536)
def differ(shape: Shape, one: Value, other: Value) -> bool:
    """Whether two claims of one shape say otherwise; one that says less of the same does not."""
    if shape == STANCE:
        return frozenset((one[0], other[0])) in _CLASHING
    if SOMETHING in (one[0], other[0]):
        return 0.0 in (one[0], other[0])
    fewer, more = sorted((one, other), key=len)
    near = _ABOUT if shape == ("duration",) else 0.0
    return any(all(not _same(value, there, near) for there in more) for value in fewer)


def _same(one: float | str, other: float | str, near: float) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= near * max(abs(one), abs(other))
