"""Proof that nothing in the journal was changed, removed or reordered since a head known elsewhere."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from kbengine.article import Kind, Ref, canonical, digest
from kbengine.errors import ChainBroken
from kbengine.history import Role
from kbengine.journal import tables as t
from kbengine.journal.record import EPOCH, GENESIS, Head, chain_hash
from kbengine.journal.switches import SWITCH

BODY_OF = {
    "revision": ("number", "digest", "theme", "author"),
    "decision": ("number", "digest", "move", "actor", "reason"),
    "name": ("what", "slug", "name", "reason"),
}
TERMS = ("valid_from", "valid_until", "review_months")


def verify(engine: Engine, known: str = "") -> Head:
    """Check every line, every projection and, when given, that the head `known` is part of the chain.

    Raises ChainBroken naming the first line that does not fit. Returns the head.
    """
    with engine.begin() as connection:
        revisions = {row.seq: row for row in connection.execute(select(t.revisions))}
        decisions = {row.seq: row for row in connection.execute(select(t.decisions))}
        names = {row.seq: row for row in connection.execute(select(t.names))}
        last, seen = Head(0, GENESIS, t.instant_value(EPOCH)), {GENESIS}
        roles: dict[str, list[Role]] = {}
        switches: dict[str, str] = {}
        for row in connection.execute(select(t.entries).order_by(t.entries.c.seq)):
            seq = last.seq + 1
            try:
                _check_line(row, seq, last.hash)
                last = Head(seq, row.hash, t.instant_value(row.at))
                body = json.loads(row.body)
                if row.kind == "role":
                    roles[str(body["person"])] = [Role(name) for name in body["roles"]]
                elif row.kind == "switch":
                    switches[SWITCH + str(body["name"])] = str(seq)
                else:
                    kept = {"revision": revisions, "name": names}.get(row.kind, decisions)
                    _check_projection(row, body, kept.pop(row.seq, None))
            except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
                raise _broken(seq, "the line or what belongs to it cannot be read") from error
            seen.add(last.hash)
        _check_rest(connection, {**revisions, **decisions, **names}, roles, switches)
        head = connection.execute(select(t.head).where(t.head.c.id == 1)).first()
    if head is None or (head.seq, head.hash, head.at) != (last.seq, last.hash, t.instant_text(last.at)):
        raise _broken(last.seq, "the head names another last line")
    if known and known not in seen:
        raise _broken(last.seq, f"no line has the known head {known}")
    return last


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
    about = {"actor": body["by"]} if row.kind == "name" else body["ref"]
    same += [kept.at == row.at, *(getattr(kept, key) == value for key, value in about.items())]
    if row.kind == "decision":
        same += [kept.early == body.get("early", 0), kept.weight == body.get("weight", "")]
    if row.kind == "revision":
        same += [getattr(kept, key) == body["terms"][key] for key in TERMS]
        ref = Ref(Kind(kept.kind), kept.slug, kept.lang)
        same += [digest(ref, kept.text) == kept.digest, canonical(kept.text) == kept.text]
    if not all(same):
        raise _broken(row.seq, "its text or decision was changed")


def _check_rest(
    connection: Connection, unclaimed: dict[int, Row[Any]], roles: dict[str, list[Role]], switches: dict[str, str]
) -> None:
    if unclaimed:
        raise _broken(min(unclaimed), "a text or decision has no line")
    held = {(row.person, row.role) for row in connection.execute(select(t.roles))}
    if held != {(person, role.value) for person, granted in roles.items() for role in granted}:
        raise _broken(0, "somebody's roles are not what the journal says")
    kept = select(t.store.c.key, t.store.c.value).where(t.store.c.key.startswith(SWITCH))
    if {row.key: row.value for row in connection.execute(kept)} != switches:
        raise _broken(0, "a switch does not stand as the journal says")


def _broken(seq: int, what: str) -> ChainBroken:
    hint = "Keep this store as it is, and restore the last backup beside it."
    return ChainBroken("journal.broken", f"The journal does not verify at line {seq}: {what}.", hint, seq=str(seq))
