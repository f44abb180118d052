"""The journal: an append-only chain of revisions, decisions, roles and switches, with the projections that are read."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from kbengine.article import Kind, Ref, canonical, digest, local_time_text
from kbengine.errors import Conflict
from kbengine.history import Decision, History, Move, Revision, Role, Switch, Weight
from kbengine.journal import tables as t
from kbengine.journal.clock import REAL, Clock, Told, advance, given
from kbengine.journal.connect import writing
from kbengine.journal.histories import is_text, read_every, read_histories
from kbengine.journal.names import NameLine, Names, Naming, called_now, read_names
from kbengine.journal.switches import SWITCH, read_switch, read_switches
from kbengine.period import Terms

GENESIS = "0" * 64
EPOCH = "1970-01-01T00:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the journal: its number, hash and instant."""

    seq: int
    hash: str
    at: datetime


def chain_hash(prev: str, seq: int, at: str, kind: str, body: str) -> str:
    """The hash of one line, over the line before it: SHA-256, 64 hex digits."""
    return hashlib.sha256("\n".join((prev, str(seq), at, kind, body)).encode()).hexdigest()


def body_text(body: Mapping[str, Any]) -> str:
    """A line's body as canonical JSON."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def terms_columns(terms: Terms) -> dict[str, Any]:
    """A revision's terms as the tables hold them."""
    return {
        "valid_from": local_time_text(terms.valid_from) if terms.valid_from else "",
        "valid_until": local_time_text(terms.valid_until) if terms.valid_until else "",
        "review_months": terms.review_months,
    }


@dataclass(slots=True)
class Writer:
    """One transaction of writes, under the lock on the head; `told` is its one instant."""

    connection: Connection
    told: Told
    _head: Head = field(init=False)

    def __post_init__(self) -> None:
        self._head = read_head(self.connection, lock=True)
        self.told = self.told.after(self._head.at)

    @property
    def now(self) -> datetime:
        """The moment that what is written is measured against."""
        return self.told.now

    def history(self, ref: Ref) -> History:
        """The history of one text as of this transaction."""
        return read_histories(self.connection, [ref], self.told.held)[ref]

    @property
    def names(self) -> Names:
        """What every article is called as of this transaction."""
        return read_names(self.connection)

    def save(self, ref: Ref, text: str, theme: str, author: str, terms: Terms, base: int) -> Revision:
        """Add a revision on top of `base` (0: the first); raises Conflict when another one came between."""
        text, names = canonical(text), self.names
        ref, kept = names.ref_now(ref), names.ref_kept(ref)
        number = self._next_number(kept, base)
        body: dict[str, Any] = {"ref": _ref_body(kept), "number": number, "digest": digest(kept, text)}
        body |= {"theme": theme, "author": author, "terms": terms_columns(terms)}
        seq = self._append("revision", body)
        row = {"seq": seq, "number": number, "digest": body["digest"], "text": text, "theme": theme}
        row |= {"author": author, "at": t.instant_text(self.told.written)} | body["ref"] | terms_columns(terms)
        self.connection.execute(insert(t.revisions).values(row))
        return Revision(ref, number, body["digest"], text, theme, author, self.told.written, terms)

    def _next_number(self, ref: Ref, base: int) -> int:
        query = select(func.max(t.revisions.c.number)).where(*is_text(t.revisions, ref))
        latest = self.connection.execute(query).scalar()
        if (latest or 0) != base:
            hint = "Compare the two texts, then save yours on top of the newest."
            message = f"{ref} was changed by somebody else: revision {latest or 0} is newer than {base}."
            raise Conflict("revision.newer", message, hint, newer=str(latest or 0), base=str(base))
        return base + 1

    def decide(
        self,
        ref: Ref,
        number: int,
        seen: str,
        move: Move,
        actor: str,
        reason: str = "",
        early: int = 0,
        via: str = "",
        weight: Weight | None = None,
    ) -> Decision:
        """Add a decision; the caller has let the guard pass on this transaction's history."""
        kept, about = self._keep_reason(reason), _ref_body(self.names.ref_kept(ref))
        body = {"ref": about, "number": number, "digest": seen, "move": move, "actor": actor, "reason": kept}
        # What was always so is not written, so that the lines of before keep their hash.
        asides = {"early": early, "via": via, "weight": weight or ""}
        seq = self._append("decision", body | {key: value for key, value in asides.items() if value})
        row = {"seq": seq, "number": number, "digest": seen, "move": move.value, "actor": actor, "early": early}
        row |= {"at": t.instant_text(self.told.written), "reason": kept, "weight": asides["weight"]} | about
        self.connection.execute(insert(t.decisions).values(row))
        return Decision(seq, ref, number, seen, move, actor, self.told.written, reason, early, weight)

    def set_roles(self, person: str, granted: Iterable[Role], by: str) -> None:
        """Say which roles a person has from now on."""
        names = sorted(role.value for role in granted)
        self._append("role", {"person": person, "roles": names, "by": by})
        self.connection.execute(delete(t.roles).where(t.roles.c.person == person))
        if names:
            self.connection.execute(insert(t.roles), [{"person": person, "role": name} for name in names])

    def switch(self, name: str, *, on: bool, by: str, reason: str, until: datetime | None = None) -> Switch:
        """Turn a zone-wide switch, on `until` then; the guard has passed on `read_switch` of this transaction."""
        kept = self._keep_reason(reason)
        ends = {"until": t.instant_text(until)} if until else {}
        seq = self._append("switch", {"name": name, "on": on, "by": by, "reason": kept} | ends)
        self.connection.execute(delete(t.store).where(t.store.c.key == SWITCH + name))
        self.connection.execute(insert(t.store).values(key=SWITCH + name, value=str(seq)))
        return Switch(name, on, by, self.told.written, reason, until)

    def name(self, what: Naming, slug: str, name: str, by: str, reason: str = "") -> NameLine:
        """Say what the article with that slug in the record is called, or went up in; the guard has passed."""
        kept = self._keep_reason(reason)
        seq = self._append("name", {"what": what, "slug": slug, "name": name, "by": by, "reason": kept})
        row = {"seq": seq, "what": what.value, "slug": slug, "name": name, "actor": by, "reason": kept}
        self.connection.execute(insert(t.names).values(**row, at=t.instant_text(self.told.written)))
        return NameLine(seq, what, slug, name, by, self.told.written, reason)

    def _keep_reason(self, reason: str) -> str:
        if not reason:
            return ""
        key = secrets.token_hex(8)
        self.connection.execute(insert(t.reasons).values(id=key, text=reason))
        return key

    def _append(self, kind: str, body: Mapping[str, Any]) -> int:
        prev, seq, at, text = self._head.hash, self._head.seq + 1, t.instant_text(self.told.written), body_text(body)
        line = chain_hash(prev, seq, at, kind, text)
        self.connection.execute(insert(t.entries).values(seq=seq, at=at, kind=kind, body=text, prev=prev, hash=line))
        self.connection.execute(update(t.head).where(t.head.c.id == 1).values(seq=seq, hash=line, at=at))
        self._head = Head(seq, line, self.told.written)
        return seq


def _ref_body(ref: Ref) -> dict[str, str]:
    return {"kind": ref.kind.value, "slug": ref.slug, "lang": ref.lang}


def read_head(connection: Connection, *, lock: bool = False) -> Head:
    """The journal's last line; with `lock`, nobody else can add one before this transaction ends."""
    query = select(t.head).where(t.head.c.id == 1)
    row = connection.execute(query.with_for_update() if lock else query).one()
    return Head(row.seq, row.hash, t.instant_value(row.at))


@dataclass(frozen=True, slots=True)
class Journal:
    """Reading and writing the record; every write is one transaction under the lock on its head."""

    engine: Engine
    clock: Clock = REAL

    def head(self) -> Head:
        """The last line."""
        with self.engine.begin() as connection:
            return read_head(connection)

    def now(self) -> datetime:
        """The moment decisions are measured against: max(system clock, last line), plus a demo store's advance."""
        return self.moment()[1]

    def moment(self) -> tuple[Head, datetime]:
        """The last line and the moment, read together."""
        head, told = self.stand()
        return head, told.now

    def stand(self) -> tuple[Head, Told]:
        """The last line and what time it is, read together; what is seen of a clock that jumped is kept."""
        with self.engine.begin() as connection:
            last = read_head(connection)
            told, seen = self.clock.look(connection, last.at)
        return (last, told) if not seen else self.keep_clock()

    def keep_clock(self) -> tuple[Head, Told]:
        """The same; how the machine's clock stands is kept."""
        with writing(self.engine) as connection:
            last = read_head(connection, lock=True)
            return last, self.clock.keep(connection, last.at)

    def histories(self, refs: Iterable[Ref]) -> dict[Ref, History]:
        """The histories of these texts, read in one transaction."""
        with self.engine.begin() as connection:
            return read_histories(connection, refs, self._held(connection))

    def _held(self, connection: Connection) -> datetime | None:
        return self.clock.look(connection, read_head(connection).at)[0].held

    @contextmanager
    def write(self, now: datetime | None = None) -> Iterator[Writer]:
        """One transaction; `now` is for seeding and tests, else it is the clock."""
        with writing(self.engine) as connection:
            last = read_head(connection, lock=True)
            yield Writer(connection, given(now) if now else self.clock.keep(connection, last.at))

    def history(self, ref: Ref) -> History:
        """The history of one text, empty when it never existed."""
        with self.engine.begin() as connection:
            return read_histories(connection, [ref], self._held(connection))[ref]

    def snapshot(self) -> tuple[Head, dict[Ref, History]]:
        """Every history, and the head it belongs to, read in one transaction."""
        with self.engine.begin() as connection:
            texts = read_every(connection, self._held(connection))
            return read_head(connection), texts

    def switch(self, name: str) -> Switch | None:
        """A zone-wide switch as it was turned last, None when it never was."""
        with self.engine.begin() as connection:
            return read_switch(connection, name)

    def switched(self, name: str) -> tuple[Switch, ...]:
        """Every time that a switch was turned, newest first."""
        lines = select(t.entries).where(t.entries.c.kind == "switch").order_by(t.entries.c.seq.desc())
        with self.engine.begin() as connection:
            return tuple(switch for switch in read_switches(connection, lines) if switch.name == name)

    def refs(self, kind: Kind) -> frozenset[Ref]:
        """The texts of one kind that have a revision."""
        query = select(t.revisions.c.slug, t.revisions.c.lang).where(t.revisions.c.kind == kind.value).distinct()
        with self.engine.begin() as connection:
            found = [Ref(kind, row.slug, row.lang) for row in connection.execute(query)]
            return called_now(read_names(connection), found)

    def names(self) -> Names:
        """What every article is called, and what its former names lead to."""
        with self.engine.begin() as connection:
            return read_names(connection)

    def changed_since(self, seq: int) -> frozenset[Ref]:
        """The texts with a revision or decision after that line."""
        with self.engine.begin() as connection:
            found = set()
            for table in (t.revisions, t.decisions):
                query = select(table.c.kind, table.c.slug, table.c.lang).where(table.c.seq > seq).distinct()
                found |= {Ref(Kind(row.kind), row.slug, row.lang) for row in connection.execute(query)}
            return called_now(read_names(connection), found)

    def advance_clock(self, by: timedelta) -> datetime:
        """Move a demo store's clock forward; the caller has made sure that it is one."""
        with writing(self.engine) as connection:
            advance(connection, by)
        return self.now()
