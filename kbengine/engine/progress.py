"""How far a zone is in taking over the starter set, service by service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kbengine.article import Fact, Kind, Ref, Vouchers, read_facts
from kbengine.engine.library import Library
from kbengine.folder import GROUND
from kbengine.history import Role, State
from kbengine.journal import is_example


@dataclass(frozen=True, slots=True)
class OwnerProgress:
    """How far one service is: its articles in the first language by where they stand, its values to fill in.

    `validators` are the names of who may vouch for it now.
    """

    key: str
    label: str
    live: int
    waiting: int
    drafts: int
    examples: int
    validators: tuple[str, ...]

    @property
    def total(self) -> int:
        """All articles of the service."""
        return self.live + self.waiting + self.drafts


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a zone is; `ground` is what every answer leans on, `examples` the values nobody filled in yet."""

    owners: tuple[OwnerProgress, ...]
    ground: tuple[tuple[Ref, State], ...]
    examples: tuple[Fact, ...]

    @property
    def live(self) -> int:
        """Articles that are live."""
        return sum(owner.live for owner in self.owners)

    @property
    def total(self) -> int:
        """All articles."""
        return sum(owner.total for owner in self.owners)


def progress_of(library: Library, starter: str) -> Progress:
    """How far each service is, in the order of the zone's policy; `starter` is the id of the starter set's author."""
    zone = library.catalog.zone
    counts = {key: [0, 0, 0, 0] for key in zone.owners}
    for ref in library.histories:
        if ref.kind is Kind.ARTICLE and ref.lang == zone.first_lang:
            lead = library.lead(ref.slug)
            key = lead.header.owner if lead and lead.header else ""
            counts.setdefault(key, [0, 0, 0, 0])[_column(library, ref)] += 1
    examples = tuple(_examples(library, starter))
    for fact in examples:
        counts.setdefault(fact.owner, [0, 0, 0, 0])[3] += 1
    owners = [_owner(library, key, *found) for key, found in counts.items()]
    ground = [ref for ref in library.histories if ref.kind in GROUND]
    return Progress(tuple(owners), tuple((ref, newest_state(library, ref)) for ref in ground), examples)


def _owner(library: Library, key: str, live: int, waiting: int, drafts: int, examples: int) -> OwnerProgress:
    label, who = library.catalog.zone.owners.get(key, key), _validators(library, key)
    return OwnerProgress(key, label, live, waiting, drafts, examples, who)


def newest_state(library: Library, ref: Ref) -> State:
    """Where the newest revision of a text stands."""
    return library.state(ref, library.history(ref).revisions[-1].number)


def _column(library: Library, ref: Ref) -> int:
    """Where an article counts: 0 live, 1 in review, 2 anything else."""
    here = newest_state(library, ref)
    if library.published(ref) is not None or here is State.SCHEDULED:
        return 0
    return 1 if here is State.IN_REVIEW else 2


def _examples(library: Library, starter: str) -> Iterator[Fact]:
    for ref in sorted(library.histories.of_kind(Kind.FACT)):
        newest = library.history(ref).revisions[-1]
        if is_example(newest, starter):
            yield from read_facts(newest.text, str(ref))[0]


def _validators(library: Library, owner: str) -> tuple[str, ...]:
    """Who may vouch for a service's texts: whom the zone named for it, else every validator."""
    named = library.catalog.zone.vouching.owners.get(owner, Vouchers())
    logins = {login.strip().casefold() for login in (*named.validators, *named.deputies)}
    able = [one for one in library.rulebook.colleagues if Role.VALIDATOR in one.roles]
    return tuple(sorted(one.name for one in able if not named.validators or one.login in logins))
