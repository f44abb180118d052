"""Proof that nothing in the journal was changed, removed or reordered since a head known elsewhere."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from kbengine.article import Kind, Ref, digest
from kbengine.errors import ChainBroken
from kbengine.journal import tables as t
from kbengine.journal.record import GENESIS, Head, chain_hash, read_head

BODY_OF = {
    "revision": ("number", "digest", "theme", "author"),
    "decision": ("number", "digest", "move", "actor", "reason"),
}
TERMS = ("valid_from", "valid_until", "review_months")


def verify(engine: Engine, known: str = "") -> Head:
    """Check every line, every projection and, when given, that the head `known` is part of the chain.

    Raises ChainBroken naming the first line that does not fit. Returns the head.
    """
    with engine.begin() as connection:
        revisions = {row.seq: row for row in connection.execute(select(t.revisions))}
        decisions = {row.seq: row for row in connection.execute(select(t.decisions))}
        prev, seq, seen = GENESIS, 0, {GENESIS}
        roles: dict[str, list[str]] = {}
        for row in connection.execute(select(t.entries).order_by(t.entries.c.seq)):
            seq += 1
            _check_line(row, seq, prev)
            prev = row.hash
            seen.add(prev)
            body = json.loads(row.body)
            if row.kind == "role":
                roles[body["person"]] = body["roles"]
            else:
                _check_projection(row, body, (revisions if row.kind == "revision" else decisions).pop(row.seq, None))
        _check_rest(connection, {**revisions, **decisions}, roles)
        head = read_head(connection)
    if (head.seq, head.hash) != (seq, prev):
        raise _broken(head.seq, "the head names another last line")
    if known and known not in seen:
        raise _broken(head.seq, f"no line has the known head {known}")
    return head


def _check_line(row: Row[Any], seq: int, prev: str) -> None:
    if row.seq != seq:
        raise _broken(seq, "the line is missing")
    if row.prev != prev:
        raise _broken(seq, "the line does not follow the one before it")
    if row.hash != chain_hash(prev, row.seq, row.at, row.kind, row.body):
        raise _broken(seq, "the line was changed")


def _check_projection(row: Row[Any], body: dict[str, Any], kept: Row[Any] | None) -> None:
    if kept is None:
        raise _broken(row.seq, "its text or decision is missing")
    same = [getattr(kept, key) == body[key] for key in BODY_OF[row.kind]]
    same += [getattr(kept, key) == value for key, value in body["ref"].items()]
    same.append(kept.at == row.at)
    if row.kind == "revision":
        same += [getattr(kept, key) == body["terms"][key] for key in TERMS]
        ref = Ref(Kind(kept.kind), kept.slug, kept.lang)
        same.append(digest(ref, kept.text) == kept.digest)
    if not all(same):
        raise _broken(row.seq, "its text or decision was changed")


def _check_rest(connection: Connection, unclaimed: dict[int, Row[Any]], roles: dict[str, list[str]]) -> None:
    if unclaimed:
        raise _broken(min(unclaimed), "a text or decision has no line")
    held = {(row.person, row.role) for row in connection.execute(select(t.roles))}
    if held != {(person, role) for person, names in roles.items() for role in names}:
        raise _broken(0, "somebody's roles are not what the journal says")


def _broken(seq: int, what: str) -> ChainBroken:
    hint = "Keep this store as it is, and restore the last backup beside it."
    return ChainBroken("journal.broken", f"The journal does not verify at line {seq}: {what}.", hint, seq=str(seq))
