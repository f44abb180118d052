"""Translations: what of them is live, and what became of their first language since somebody vouched for them.

Pure, as `validate` that it asks. How much a change changes is said when it is sent: by the last Move.SUBMIT of the
revision that was validated. A change of before that was asked is taken for a medium one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kbengine.article import Kind
from kbengine.history import Behind, Decision, History, Move, Published, Weight
from kbengine.period import Terms, start_instant
from kbengine.validate import live, with_terms

HEAVIEST = (Weight.MAJOR, Weight.MEDIUM, Weight.SMALL)
VOUCHED = frozenset({Move.VALIDATE, Move.RENEW})


def weighs(history: History, first_lang: str) -> bool:
    """Whether a revision that is sent is a change whose weight is asked: somebody vouched for its text before."""
    ref = history.ref
    validated = any(decision.move is Move.VALIDATE for decision in history.decisions)
    return ref.kind is Kind.ARTICLE and ref.lang == first_lang and validated


def said_weight(history: History, number: int) -> Weight | None:
    """How much a revision changes, as was said when it was sent last; None when nobody said."""
    said = [d.weight for d in history.decisions if d.number == number and d.weight is not None]
    return said[-1] if said else None


def expected_weight(history: History) -> Weight:
    """What the next change is taken for until its editor says: what was said of the one before that never came out."""
    validated = max((d.number for d in history.decisions if d.move is Move.VALIDATE), default=0)
    said = [d.weight for d in history.decisions if d.number > validated and d.weight is not None]
    return said[-1] if said else Weight.MEDIUM


def behind(leading: History, history: History, tz: ZoneInfo) -> Behind | None:
    """What became of the first language since somebody last vouched for a translation; None when nothing did."""
    vouched = [decision.seq for decision in history.decisions if decision.move in VOUCHED]
    if leading.ref == history.ref or not vouched:
        return None
    later = [change for change in _changes(leading) if change[1].seq > vouched[-1]]
    if not later:
        return None
    weights = [said_weight(leading, decision.number) or Weight.MEDIUM for _, decision in later]
    heaviest = next(weight for weight in HEAVIEST if weight in weights)
    first = next(decision for (_, decision), weight in zip(later, weights, strict=True) if weight is heaviest)
    return Behind(later[0][0], later[-1][1].number, heaviest, _begins(leading, first, tz))


def _changes(leading: History) -> Iterator[tuple[int, Decision]]:
    """Each validation of another revision than the one validated before it, with the number of that one."""
    before = 0
    for decision in leading.decisions:
        if decision.move is Move.VALIDATE and decision.number != before:
            if before:
                yield before, decision
            before = decision.number


def _begins(leading: History, decision: Decision, tz: ZoneInfo) -> datetime:
    """When what was validated counts: at once, or when its period begins."""
    begins = leading.revision(decision.number).terms.valid_from
    return max(decision.at, start_instant(begins, tz)) if begins else decision.at


def live_translation(
    history: History,
    first: Published | None,
    terms: Terms,
    now: datetime,
    tz: ZoneInfo,
    holding: Behind | None = None,
) -> Published | None:
    """A translation is live only under a live text of the first language, whose header and end it shares.

    In a zone that holds what its first language overtook, `holding` says by how much that did: after a major change
    the translation is not live until somebody vouched for it again.
    """
    if first is None or (holding is not None and holding.due and holding.since <= now):
        return None
    published = live(with_terms(history, terms), now, tz)
    if published is None or first.end is None:
        return published
    return replace(published, end=min(first.end, published.end or first.end))
