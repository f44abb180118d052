"""Zone-wide switches: how each was turned, as the journal's lines say."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Select, select

from kbengine.history import Switch
from kbengine.journal import tables as t

SWITCH = "switch."  # before a switch's name: the key under which the number of its last line is kept


def read_switch(connection: Connection, name: str) -> Switch | None:
    """A switch as it was turned last, None when it never was."""
    last = connection.execute(select(t.store.c.value).where(t.store.c.key == SWITCH + name)).scalar()
    return read_switches(connection, select(t.entries).where(t.entries.c.seq == int(last)))[0] if last else None


def read_switches(connection: Connection, lines: Select[Any]) -> list[Switch]:
    """The switches as these lines of the journal turned them."""
    found = []
    for row in connection.execute(lines):
        body = json.loads(row.body)
        reason = connection.execute(select(t.reasons.c.text).where(t.reasons.c.id == body["reason"])).scalar()
        until = t.instant_value(body["until"]) if "until" in body else None
        found.append(Switch(body["name"], body["on"], body["by"], t.instant_value(row.at), reason or "", until))
    return found
