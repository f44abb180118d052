"""The projections of the record, read as histories, every text under its name of now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from kbengine.article import Kind, Ref, local_time
from kbengine.history import Decision, History, Move, Revision, Weight
from kbengine.journal import tables as t
from kbengine.journal.names import Names, read_names
from kbengine.period import Terms


class NamedHistories(dict[Ref, History]):
    """Histories by their name of now; who asks for a name of before gets the same one."""

    def __init__(self, found: dict[Ref, History], names: Names) -> None:
        super().__init__(found)
        self._names = names

    def __missing__(self, ref: Ref) -> History:
        """By a name of before; raises KeyError."""
        now = self._names.ref_now(ref)
        if now == ref or now not in self:
            raise KeyError(ref)
        return self[now]

    def get(self, ref: Ref, default: Any = None) -> Any:
        """The history of that name, now or before."""
        try:
            return self[ref]
        except KeyError:
            return default


def is_text(table: Any, ref: Ref) -> tuple[Any, ...]:
    """What the rows of a text of the record have in common; `ref` as the record knows it."""
    return (table.c.kind == ref.kind.value, table.c.slug == ref.slug, table.c.lang == ref.lang)


def read_histories(connection: Connection, refs: Iterable[Ref], held: datetime | None = None) -> dict[Ref, History]:
    """The histories of these texts, by the name they were asked for; one that never existed has no revisions.

    A former name leads to the same text, whose history has its name of now. `held`: see History.
    """
    names = read_names(connection)
    return {
        ref: _histories(
            connection,
            select(t.revisions).where(*is_text(t.revisions, names.ref_kept(ref))),
            _decision_query().where(*is_text(t.decisions, names.ref_kept(ref))),
            held,
            names,
        ).get(names.ref_now(ref), History(ref))
        for ref in refs
    }


def read_every(connection: Connection, held: datetime | None = None) -> dict[Ref, History]:
    """Every history, by its name of now. `held`: see History."""
    names = read_names(connection)
    return NamedHistories(_histories(connection, select(t.revisions), _decision_query(), held, names), names)


def _decision_query() -> Select[Any]:
    joined = t.decisions.outerjoin(t.reasons, t.decisions.c.reason == t.reasons.c.id)
    return select(t.decisions, t.reasons.c.text.label("reason_text")).select_from(joined)


def _histories(
    connection: Connection, revisions: Select[Any], decisions: Select[Any], held: datetime | None, names: Names
) -> dict[Ref, History]:
    texts: defaultdict[Ref, list[Revision]] = defaultdict(list)
    moves: defaultdict[Ref, list[Decision]] = defaultdict(list)
    for row in connection.execute(revisions.order_by(t.revisions.c.seq)):
        ref, at = _ref(row, names), t.instant_value(row.at)
        texts[ref].append(Revision(ref, row.number, row.digest, row.text, row.theme, row.author, at, _terms(row)))
    for row in connection.execute(decisions.order_by(t.decisions.c.seq)):
        ref, at = _ref(row, names), t.instant_value(row.at)
        about = (row.seq, ref, row.number, row.digest, Move(row.move), row.actor, at, row.reason_text or "", row.early)
        moves[ref].append(Decision(*about, Weight(row.weight) if row.weight else None))
    return {ref: History(ref, tuple(texts[ref]), tuple(moves[ref]), held) for ref in sorted(texts)}


def _ref(row: Row[Any], names: Names) -> Ref:
    return names.ref_shown(Ref(Kind(row.kind), row.slug, row.lang))


def _terms(row: Row[Any]) -> Terms:
    begin, end = (local_time(text) if text else None for text in (row.valid_from, row.valid_until))
    return Terms(begin, end, row.review_months)
