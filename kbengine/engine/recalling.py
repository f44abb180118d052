"""When a law or a source changes: every answer of it looked at again, in one act, with the reason."""

from __future__ import annotations

import hashlib
from typing import Final

from kbengine.article import Kind, Ref
from kbengine.engine.impact import Impact, Impacts
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.engine.values import Event
from kbengine.errors import Conflict, NotFound
from kbengine.history import Move
from kbengine.journal import Person, make_move
from kbengine.validate import open_flags

# Kept live with a mark, or taken out until somebody vouches for it again.
ACTS: Final = (Move.FLAG, Move.HOLD)
WHOLE: Final = ("tag", "source")


class Recalls:
    """Having answers looked at again in one store; a validation or renewal of an answer ends it for that one."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._flags: tuple[int, dict[str, tuple[Event, ...]]] = (-1, {})

    def seen(self, found: Impact) -> str:
        """What somebody saw who acts on it: changes when another text becomes live, or one no longer is."""
        lines = "\n".join(sorted(f"{one.ref} {one.state}" for one in found.touched if one.live))
        return hashlib.sha256(lines.encode()).hexdigest()[:16]

    def act(self, person: Person, asked: str, move: Move, reason: str, seen: str) -> int:
        """Flag every live answer with a tag or from a source, or hold them all; returns how many.

        It is a decision on each article in the zone's first language, which its translations follow; all of them are
        written, or none. Raises NotFound, NotAllowed, WorkflowError without a reason, and Conflict when what is live
        is no longer what was `seen`.
        """
        found = Impacts(self._room).of(asked)
        if found.subject not in WHOLE or move not in ACTS:
            message = f"{asked!r} is not looked at as a whole."
            raise NotFound("impact.subject", message, "Name a tag or a source.", asked=asked)
        if self.seen(found) != seen:
            raise Conflict("impact.changed", "What is live changed meanwhile.", "Look at it again, then decide.")
        library = Library.of(self._room)
        zone = library.catalog.zone
        refs = [one.ref for one in found.touched if one.live and one.ref.lang == zone.first_lang]
        with self._room.store.journal.write() as writer:
            for ref in sorted(refs):
                live = library.published(ref)
                if live is not None:
                    about = (writer, person.actor, ref, live.number, live.digest)
                    make_move(*about, move, reason, zone.first_lang, zone.timezone)
        return len(refs)

    def open(self, slug: str) -> tuple[Event, ...]:
        """Why an answer is being looked at, oldest first: what nobody answered yet."""
        catalog = self._room.read()[0]
        seq = catalog.head.seq
        if self._flags[0] != seq:
            self._flags = (seq, {})
        held = self._flags[1]
        if slug not in held:
            history = self._room.store.journal.history(Ref(Kind.ARTICLE, slug, catalog.zone.first_lang))
            flags = open_flags(history.decisions)
            names = self._room.store.accounts.names() if flags else {}
            held[slug] = tuple(
                Event(flag.at, flag.move, flag.number, names.get(flag.actor, ""), flag.reason) for flag in flags
            )
        return held[slug]
