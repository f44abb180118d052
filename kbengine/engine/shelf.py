"""The edition's parts as one process has them open; a swapped pointer opens the new ones, in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from typing import Generic, TypeVar

from kbengine.edition import Parts, pointer_mark, read_pointer
from kbengine.errors import StoreError
from kbengine.search import SearchIndex
from kbengine.settings import Settings
from kbengine.suggest import SuggestionIndex, wanted_encoder

# So long a new part is waited for; who asks while it takes longer to open gets the old one.
PATIENCE_SECONDS = 0.3

Part = TypeVar("Part")


class _Slot(Generic[Part]):
    """One part: the one that is open, and perhaps the next one that is being opened."""

    def __init__(
        self, root: Path, named: Callable[[Parts], Path | None], open_: Callable[[Path, Part | None], Part]
    ) -> None:
        self._root = root
        self._named = named
        self._open = open_
        self._lock = Lock()
        self._mark: tuple[int, int] | None = None
        self._opening: Thread | None = None
        self._began = 0.0
        self.path: Path | None = None
        self.part: Part | None = None

    def get(self) -> Part | None:
        """The part that the pointer names, or the one before when that takes long to open; None before the first."""
        if self._mark is None:
            self._follow()
        elif self._mark != pointer_mark(self._root):
            self._opener().join(max(0.0, self._began + PATIENCE_SECONDS - time.monotonic()))
        return self.part

    def _opener(self) -> Thread:
        """The thread that opens what the pointer names."""
        with self._lock:
            if self._opening is None or not self._opening.is_alive():
                self._began = time.monotonic()
                self._opening = Thread(target=self._follow, daemon=True)
                self._opening.start()
            return self._opening

    def _follow(self) -> None:
        # The mark is read first: a pointer swapped in between is then followed twice, never missed.
        mark, path = pointer_mark(self._root), self._named(read_pointer(self._root))
        if self.part is None or path != self.path:
            self.part, self.path = self._opened(path), path
        self._mark = mark

    def _opened(self, path: Path | None) -> Part | None:
        """A part, or None when it is lost or damaged: the pages say so, and the builder makes it anew."""
        try:
            return self._open(path, self.part) if path else None
        except (StoreError, OSError, ValueError, KeyError):
            return None


class Shelf:
    """The edition's parts; threads may share it."""

    def __init__(self, settings: Settings) -> None:
        def suggestions(part: Path, opened: SuggestionIndex | None) -> SuggestionIndex:
            encoder = wanted_encoder(settings.encoder, settings.encoder_download).encoder
            return SuggestionIndex.open(part, encoder, opened)

        self._suggest = _Slot(settings.editions, lambda parts: parts.suggest, suggestions)
        self._search = _Slot(settings.editions, lambda parts: parts.search, lambda part, _: SearchIndex.open(part))

    def suggest(self) -> SuggestionIndex | None:
        """The suggestion index that the pointer names, None before the first was built."""
        return self._suggest.get()

    def search(self) -> SearchIndex | None:
        """The search index that the pointer names, None before the first was built."""
        return self._search.get()

    @property
    def edition(self) -> str:
        """The name of the open suggestions."""
        return self._suggest.path.name if self._suggest.path else ""
