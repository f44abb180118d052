"""The catalog as of now, kept up with the journal: what decides, at the moment of reading, what may be shown."""

from __future__ import annotations

from datetime import datetime

from kbengine.edition.catalog import (
    CURATIONS_REF,
    DANGER_REF,
    SYNONYMS_REF,
    ZONE_REF,
    Catalog,
    gather,
    overlay,
    related,
)
from kbengine.journal import Journal

# What changes with these is the whole catalog.
WHOLE = frozenset({ZONE_REF, DANGER_REF, SYNONYMS_REF, CURATIONS_REF})


class Current:
    """One process's view of one journal; every call answers with what is live at that very moment."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._catalog: Catalog | None = None

    def read(self) -> tuple[Catalog, datetime]:
        """The catalog and the moment it was read at."""
        head, now = self._journal.moment()
        catalog = self._catalog
        if catalog is None or self._must_gather(catalog, now):
            catalog = gather(*self._journal.snapshot(), now)
        elif catalog.head.seq != head.seq:
            catalog = self._caught_up(catalog, now)
        self._catalog = catalog
        return catalog, now

    def _must_gather(self, catalog: Catalog, now: datetime) -> bool:
        return catalog.next_change is not None and catalog.next_change <= now

    def _caught_up(self, catalog: Catalog, now: datetime) -> Catalog:
        # The head is read first: a decision that comes between is then taken twice, never missed.
        head = self._journal.head()
        changed = self._journal.changed_since(catalog.head.seq)
        if changed & WHOLE:
            return gather(*self._journal.snapshot(), now)
        return overlay(catalog, head, self._journal.histories(related(changed)), now)
