"""The search index of an edition."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from kbengine.edition.files import SEARCH, publish_part, read_pointer
from kbengine.edition.rendered import Renderings, name_of
from kbengine.edition.shape import Moment, documents_of
from kbengine.errors import StoreError
from kbengine.search import SearchIndex, write_index
from kbengine.settings import Settings


class Searched:
    """Keeps the search index of one store up to date."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.editions
        self._documents = Renderings(lambda moment, slug: documents_of(moment, moment.answers[slug]))

    def update(self, moment: Moment) -> Iterator[tuple[str, float]]:
        """Let everybody search what is live at that moment; how many seconds that took, if it was not so yet."""
        made, synonyms = self._documents.of(moment).values(), moment.catalog.synonyms
        current, name = read_pointer(self._root).search, name_of(made, synonyms)
        usable = current is not None and _usable(current)
        if current is not None and current.name.startswith(f"{SEARCH}-{name}"):
            if usable:
                return
            # Readers may have the broken one open: the new one needs a name of its own.
            name += "-" + secrets.token_hex(3)
        begin = time.perf_counter()
        documents = [document for some in made for document in some.value]
        before = current if usable else None
        publish_part(self._root, SEARCH, name, lambda directory: write_index(documents, directory, before, synonyms))
        yield SEARCH, time.perf_counter() - begin


def _usable(part: Path) -> bool:
    """Whether a part opens: not lost, not of another version."""
    try:
        SearchIndex.open(part)
    except (StoreError, OSError, ValueError, KeyError):
        return False
    return True
