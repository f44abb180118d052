"""The catalog as of now, kept up with the journal: what decides, at the moment of reading, what may be shown."""

from __future__ import annotations

from datetime import datetime

from kbengine.edition.catalog import Catalog
from kbengine.edition.gathering import gather, overlay, related
from kbengine.journal import Journal

# Above so many texts at once, all are read.
MOST = 1_000


class Current:
    """One process's view of one journal; every call answers with what is live at that very moment."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._catalog: Catalog | None = None
        self._held: datetime | None = None

    def read(self) -> tuple[Catalog, datetime]:
        """The catalog and the moment it was read at."""
        head, told = self._journal.stand()
        now, catalog = told.now, self._catalog
        # What waited for somebody to say what time it is began before: no change of its own tells of it.
        if catalog is None or told.held != self._held:
            catalog = self._whole(now)
        elif catalog.head.seq != head.seq or (catalog.next_change is not None and catalog.next_change <= now):
            catalog = self._caught_up(catalog, now)
        self._catalog, self._held = catalog, told.held
        return catalog, now

    def _caught_up(self, catalog: Catalog, now: datetime) -> Catalog:
        """The catalog with the texts that were decided on since, or that begin or end."""
        # The head is read first: a decision that comes between is then taken twice, never missed.
        head = self._journal.head()
        if self._journal.names() != catalog.names:
            return self._whole(now)
        changed = self._journal.changed_since(catalog.head.seq) | {
            ref for ref, at in catalog.changes.items() if at <= now
        }
        taken = None
        if len(changed) <= MOST:
            texts = self._journal.histories(related(changed, catalog.names))
            taken = overlay(catalog, head, texts, now)
        return taken or self._whole(now)

    def _whole(self, now: datetime) -> Catalog:
        """The catalog of everything; a name that comes after the texts were read is seen with the next line."""
        head, histories = self._journal.snapshot()
        return gather(head, histories, now, self._journal.names())
