"""What articles are called: renames, names that lead to them too, and what went up in what, as the journal says.

In the record a text keeps for ever the slug it was first saved under, because its digest and every decision about it
name that one. Above the journal only the name of now is known: the journal translates, on its way in and out.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from kbengine.article import Kind, Ref
from kbengine.journal import tables as t

NAMED = frozenset({Kind.ARTICLE, Kind.QUESTIONS})


class Naming(enum.StrEnum):
    """What a line about a name says of an article."""

    RENAME = "rename"  # it is called so from now on
    ALIAS = "alias"  # this name leads to it too
    MERGE = "merge"  # it went up in another article
    APART = "apart"  # it is an article of its own again


@dataclass(frozen=True, slots=True)
class NameLine:
    """One line about a name; `slug` is the article's in the record, as is `name` in a merge; `at` is UTC."""

    seq: int
    what: Naming
    slug: str
    name: str
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What every article is called, as of one line of the journal; an article that no line is about has its slug."""

    lines: tuple[NameLine, ...] = ()
    _called: dict[str, str] = field(init=False, compare=False, repr=False)
    _owned: dict[str, str] = field(init=False, compare=False, repr=False)
    _went: dict[str, NameLine] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        called: dict[str, str] = {}
        owned: dict[str, str] = {}
        went: dict[str, NameLine] = {}
        for line in self.lines:
            if line.what is Naming.MERGE:
                went[line.slug] = line
            elif line.what is Naming.APART:
                went.pop(line.slug, None)
            else:
                # The name it had leads to it from now on, unless another article has it since.
                owned.setdefault(called.get(line.slug, line.slug), line.slug)
                owned[line.name] = line.slug
                if line.what is Naming.RENAME:
                    called[line.slug] = line.name
        for name, value in (("_called", called), ("_owned", owned), ("_went", went)):
            object.__setattr__(self, name, value)

    def kept(self, name: str) -> str:
        """The slug in the record of the article that has or had this name."""
        return self._owned.get(name, name)

    def shown(self, slug: str) -> str:
        """What the article with that slug in the record is called now."""
        return self._called.get(slug, slug)

    def now(self, name: str) -> str:
        """What the article that has or had this name is called now."""
        return self.shown(self.kept(name))

    def into(self, name: str) -> str:
        """What the article in which it went up is called now; "" for one that did not."""
        line, slug = self.merged(name), ""
        seen = set()
        while line is not None and line.slug not in seen:
            seen.add(line.slug)
            slug, line = line.name, self._went.get(line.name)
        return self.shown(slug) if slug else ""

    def merged(self, name: str) -> NameLine | None:
        """The line by which an article went up in another, None for one that did not."""
        return self._went.get(self.kept(name))

    def leads(self, name: str) -> str:
        """Where who asks for a name is sent: what it is called now, or what it went up in."""
        return self.into(name) or self.now(name)

    def former(self, name: str) -> tuple[str, ...]:
        """The other names that lead to an article, by name."""
        slug = self.kept(name)
        return tuple(sorted(old for old, owner in self._owned.items() if owner == slug and old != self.shown(slug)))

    def sources(self, name: str) -> tuple[NameLine, ...]:
        """The lines by which others went up in an article, and others in those, oldest first."""
        found = [line for line in self._went.values() if self.into(self.shown(line.slug)) == self.now(name)]
        return tuple(sorted(found, key=lambda line: line.seq))

    def about(self, name: str) -> tuple[NameLine, ...]:
        """Every line about an article, oldest first."""
        slug = self.kept(name)
        return tuple(line for line in self.lines if line.slug == slug)

    def moved(self) -> dict[str, str]:
        """Every name that leads elsewhere, and where."""
        merged = {self.shown(slug): self.into(self.shown(slug)) for slug in self._went}
        old = {name: self.leads(name) for name in self._owned if self.now(name) != name}
        return {**old, **merged}

    def ref_kept(self, ref: Ref) -> Ref:
        """The text as the record knows it."""
        return Ref(ref.kind, self.kept(ref.slug), ref.lang) if ref.kind in NAMED else ref

    def ref_shown(self, ref: Ref) -> Ref:
        """A text of the record, by its name of now."""
        return Ref(ref.kind, self.shown(ref.slug), ref.lang) if ref.kind in NAMED else ref

    def ref_now(self, ref: Ref) -> Ref:
        """A text by its name of now."""
        return self.ref_shown(self.ref_kept(ref))


NO_NAMES = Names()


def read_names(connection: Connection) -> Names:
    """Every name as of this transaction."""
    joined = t.names.outerjoin(t.reasons, t.names.c.reason == t.reasons.c.id)
    query = select(t.names, t.reasons.c.text.label("reason_text")).select_from(joined).order_by(t.names.c.seq)
    lines = tuple(
        NameLine(
            *(row.seq, Naming(row.what), row.slug, row.name, row.actor, t.instant_value(row.at)), row.reason_text or ""
        )
        for row in connection.execute(query)
    )
    return Names(lines) if lines else NO_NAMES


def called_now(names: Names, refs: Iterable[Ref]) -> frozenset[Ref]:
    """Texts of the record, by their names of now."""
    return frozenset(map(names.ref_shown, refs))
