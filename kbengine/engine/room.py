"""What every door of the engine stands in: one open store, its catalog of the moment, its edition's parts."""

from __future__ import annotations

import fcntl
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Thread

from kbengine.edition import Builder, Catalog, Current, only_builder
from kbengine.engine.kept import Kept
from kbengine.engine.shelf import Shelf
from kbengine.errors import KBError, StoreError
from kbengine.folder import seed_demo
from kbengine.history import History, Published, Switch
from kbengine.journal import Bounds, Clock, Store, create, exists, missing, open_store, put_in_place
from kbengine.language import use_tables
from kbengine.settings import Settings
from kbengine.vouching import TEAM_OF_ONE

# How often a process that serves pages looks for what is new, so that no message waits for it.
FOLLOW_SECONDS = 0.2

CRISIS = "crisis"


class Room:
    """One open store with everything the doors share."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.shelf = Shelf(settings)
        self.kept = Kept()
        self._current = Current(store.journal)
        self._switches: dict[str, tuple[int, Switch | None]] = {}

    def crisis(self) -> Switch | None:
        """Crisis mode since somebody switched it on, None while it is off."""
        return self._switch(CRISIS)

    def exception(self) -> Switch | None:
        """The exception for a team of one since somebody switched it on, None while it is off or forbidden."""
        return self._switch(TEAM_OF_ONE) if self.read()[0].zone.vouching.team_of_one else None

    def _switch(self, name: str) -> Switch | None:
        """A switch that is on at this moment; read again when the journal has a new line."""
        catalog, now = self.read()
        kept = self._switches.get(name)
        if kept is None or kept[0] != catalog.head.seq:
            kept = self._switches[name] = catalog.head.seq, self.store.journal.switch(name)
        last = kept[1]
        return last if last is not None and last.stands(now) else None

    def read(self) -> tuple[Catalog, datetime]:
        """What is live at this very moment, and the moment."""
        return self._current.read()

    def follow(self) -> None:
        """Keep what is live and the edition's parts up to date in the background, as long as the process lives."""
        Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while True:
            time.sleep(FOLLOW_SECONDS)
            # What cannot be read now is said to whoever asks for it.
            with suppress(KBError, OSError):
                self.read()
                self.shelf.suggest()
                self.shelf.search()

    def build(self) -> None:
        """Bring the edition up to date here and now, unless somebody else is building."""
        with only_builder(self.settings, wait=False) as alone:
            if alone:
                Builder(self.store, self.settings).build()

    @property
    def prefix(self) -> str:
        """What stands before every copied text of a demo store."""
        return "[VOORBEELD] " if self.store.demo else ""


def open_room(settings: Settings, *, demo: bool = False) -> Room:
    """Open a store; with `demo`, make and fill a demo store where there is none. Raises StoreMissing."""
    if not exists(settings.store, settings.database):
        if not demo:
            raise missing(settings.store, settings.database)
        _seed(settings)
    use_tables(settings.tables)
    bounds = Bounds(timedelta(minutes=settings.clock_minutes), timedelta(days=settings.clock_days))
    return Room(open_store(settings.store, Clock(bounds=bounds), settings.database), settings)


def _seed(settings: Settings) -> None:
    """Fill a demo store beside its place, then move it there: nobody ever opens a half-filled one."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if exists(settings.store, settings.database):
            return
        if not settings.database and settings.store.exists() and any(settings.store.iterdir()):
            message = f"{settings.store} holds files, and is no finished store."
            raise StoreError("store.exists", message, "Look at them, then move the folder away.")
        beside = settings.home / "store.new"
        shutil.rmtree(beside, ignore_errors=True)
        store = create(beside, demo=True)
        try:
            seed_demo(store, settings.source, datetime.now(UTC))
        finally:
            store.close()
        put_in_place(beside, settings.store, settings.database)


def last_published(history: History, published: Published | None) -> int:
    """The number of the live revision, else of the last one ever validated, else 0."""
    if published is not None:
        return published.number
    validated = [decision.number for decision in history.decisions if decision.move.value == "validate"]
    return validated[-1] if validated else 0
