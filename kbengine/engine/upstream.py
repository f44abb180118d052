"""The door to what changed in the starter set since a zone took it: beside the zone's own text, taken as a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kbengine.article import Kind, Ref, canonical
from kbengine.engine.compare import compare
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.engine.values import Passage
from kbengine.errors import Conflict, NotFound
from kbengine.folder import Folder, Item, merged, starter_folder, taken
from kbengine.history import History, Move, Revision
from kbengine.journal import OWN, STARTER, Person, Writer
from kbengine.validate import guard_role

# Of what stayed the same, so many characters are shown on either side of a change.
AROUND = 120


class Change(StrEnum):
    """What became of a text since the zone took it."""

    NEW = "new"  # the starter set has a text that the store has not
    CHANGED = "changed"  # the starter set changed it, the zone did not
    BOTH = "both"  # both changed it, in other places
    CONFLICT = "conflict"  # both changed the same lines
    GONE = "gone"  # the starter set has it no longer


@dataclass(frozen=True, slots=True)
class StarterChange:
    """One text that differs: as it was taken, as the starter set has it now, as the zone has it now ("" for not)."""

    ref: Ref
    change: Change
    base: str
    theirs: str
    own: str


@dataclass(frozen=True, slots=True)
class StarterView:
    """One text that differs, as a page shows it: what the starter set changed, and what the zone did."""

    ref: Ref
    title: str
    change: Change
    theirs: tuple[Passage, ...]
    own: tuple[Passage, ...]


class Upstream:
    """The starter set beside one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def changes(self, folder: Folder) -> tuple[StarterChange, ...]:
        """Every text of the starter set that is not as this store took it, by name; raises NotFound."""
        starter, library = self._starter(), Library.of(self._room)
        items = {item.ref: item for item in taken(folder.items, library.catalog.zone.languages)}
        found = [_change(library.histories.get(ref, History(ref)), item, starter) for ref, item in items.items()]
        here = {library.catalog.names.ref_now(ref) for ref in items}
        gone = [_gone(history, starter) for ref, history in library.histories.items() if ref not in here]
        return tuple(sorted((one for one in (*found, *gone) if one), key=lambda one: one.ref))

    def views(self) -> tuple[StarterView, ...]:
        """What differs from the starter set of this installation; raises NotFound."""
        library, changes = Library.of(self._room), self.changes(self.folder())
        return tuple(
            StarterView(
                one.ref,
                library.title(one.ref) if one.ref in library.histories else one.ref.slug,
                one.change,
                _passages(one.base, one.theirs),
                _passages(one.base, one.own) if one.own and one.own != one.base else (),
            )
            for one in changes
        )

    def folder(self) -> Folder:
        """The starter set of this installation; raises NotFound, InvalidDocument."""
        return starter_folder(self._room.settings.source)

    def take(self, person: Person, folder: Folder, name: str, *, over: bool = False) -> tuple[Ref, ...]:
        """Take a text over as a draft: an article in all its languages with its questions, a fact, a register.

        What only the starter set changed is its text again; what both changed is brought together, and is then this
        person's. With `over` the starter set's text comes on top of the zone's own where they cannot be. All or none.
        Raises NotAllowed, NotFound, Conflict.
        """
        guard_role(Move.SAVE, Kind.ARTICLE, person.actor)
        starter = self._starter()
        wanted = [one for one in self.changes(folder) if _named(one.ref, name) and one.change is not Change.GONE]
        if not wanted:
            raise NotFound("starter.same", f"Nothing changed for {name}.", "See `kb starter diff`.", name=name)
        stuck = [one for one in wanted if one.change is Change.CONFLICT]
        if stuck and not over:
            hint = "Take it with --over, then put your own words back: they stay in its history."
            raise Conflict("starter.conflict", f"You and the starter set changed {stuck[0].ref}.", hint, name=name)
        items = {item.ref: item for item in folder.items}
        with self._room.store.journal.write() as writer:
            for one in wanted:
                _take(writer, one, items[one.ref], starter, person.id)
        return tuple(one.ref for one in wanted)

    def _starter(self) -> str:
        """The id of the starter set's author; raises NotFound in a store that did not begin with it."""
        for person in self._room.store.accounts.all():
            if person.login == STARTER:
                return person.id
        raise NotFound("starter.none", "This store did not begin with the starter set.", "Begin one with `kb init`.")


def _change(history: History, item: Item, starter: str) -> StarterChange | None:
    own = history.latest
    if own is None:
        return StarterChange(item.ref, Change.NEW, "", item.text, "")
    base = _base(history, starter)
    if canonical(item.text) in {revision.text for revision in history.revisions} or _is_own(item.ref):
        return None
    before = base.text if base else ""
    if base is not None and own.digest == base.digest:
        change = Change.CHANGED
    else:
        change = Change.CONFLICT if merged(before, own.text, item.text) is None else Change.BOTH
    return StarterChange(item.ref, change, before, item.text, own.text)


def _gone(history: History, starter: str) -> StarterChange | None:
    """A text that the starter set once gave, and has no longer."""
    base, own = _base(history, starter), history.latest
    if base is None or own is None:
        return None
    return StarterChange(history.ref, Change.GONE, base.text, "", own.text)


def _base(history: History, starter: str) -> Revision | None:
    """The text as it was taken last."""
    return next((one for one in reversed(history.revisions) if one.author == starter), None)


def _is_own(ref: Ref) -> bool:
    """Whether it is a value that every zone has its own of: what the example zone says there is no news."""
    return ref.kind is Kind.FACT and ref.slug.startswith(OWN)


def _named(ref: Ref, name: str) -> bool:
    if ref.kind in (Kind.ARTICLE, Kind.QUESTIONS):
        return name in (ref.slug, f"{ref.slug}.{ref.lang}", f"{ref.kind}/{ref.slug}")
    return name in (str(ref), f"{ref.kind}/{ref.slug}", *([ref.slug] if ref.kind is not Kind.FACT else []))


def _take(writer: Writer, one: StarterChange, item: Item, starter: str, person: str) -> None:
    """The starter set's text as its own revision, so that the next look begins there; on top of it what both say."""
    both = merged(one.base, one.own, item.text) if one.change is Change.BOTH else None
    number = len(writer.history(one.ref).revisions)
    writer.save(one.ref, item.text, item.theme, starter, item.terms, number)
    if both is not None:
        writer.save(one.ref, both, item.theme, person, item.terms, number + 1)


def starter_steps(change: StarterChange) -> Iterator[tuple[str, str, str]]:
    """The two steps from the text as it was taken, with what each is called: the starter set's, and the zone's own."""
    if change.change is not Change.GONE:
        yield "starter set", change.base, change.theirs
    if change.own != change.base:
        yield "own text", change.base, change.own


def _passages(old: str, new: str) -> tuple[Passage, ...]:
    """Two texts compared, without most of what stayed."""
    return tuple(_shortened(passage) for passage in compare(old, new))


def _shortened(passage: Passage) -> Passage:
    if passage.op != "same" or len(passage.text) <= 2 * AROUND:
        return passage
    return Passage("same", f"{passage.text[:AROUND]} … {passage.text[-AROUND:]}")
