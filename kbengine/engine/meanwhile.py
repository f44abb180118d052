"""What happened to a text between the moment somebody looked at it and the moment they decided or saved."""

from __future__ import annotations

from dataclasses import dataclass

from kbengine.article import Ref
from kbengine.engine.compare import compare, readable
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.engine.values import Event, Passage, RevisionLine
from kbengine.history import Move
from kbengine.journal import Person
from kbengine.validate import possible_moves


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Where a text stands now, for somebody who saw revision `seen` of it.

    `last` is what was done to it last, a save included; `seen_text` and `newest_text` are its bodies as people read
    them, `moves` what this person may do with the newest revision.
    """

    ref: Ref
    title: str
    seen: int
    seen_text: str
    newest: RevisionLine
    newest_text: str
    difference: tuple[Passage, ...]
    last: Event
    moves: tuple[Move, ...]


def meanwhile(room: Room, person: Person, ref: Ref, seen: int) -> Meanwhile:
    """What became of a text since somebody saw a revision of it; raises NotFound."""
    library = Library.of(room)
    history, newest = library.history(ref), library.lines(ref)[0]
    facts = library.catalog.fact_values(ref.lang, library.now)
    before, after = (readable(history.revision(number).text, facts) for number in (seen, newest.number))
    saved = Event(newest.at, Move.SAVE, newest.number, newest.author, "")
    decided = [library.event(decision) for decision in history.decisions[-1:]]
    tz = library.catalog.zone.timezone
    return Meanwhile(
        ref=ref,
        title=library.title(ref),
        seen=seen,
        seen_text=before.body,
        newest=newest,
        newest_text=after.body,
        difference=compare(before.body, after.body),
        # A decision is about a text that was there: of the two at one instant it is the later.
        last=max((saved, *decided), key=lambda event: event.at),
        moves=possible_moves(history, newest.number, person.actor, library.now, tz),
    )
