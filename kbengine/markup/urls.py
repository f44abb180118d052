"""Where a text holds web addresses, with or without https://."""

from __future__ import annotations

from functools import cache

from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS


@cache
def _finder() -> LinkifyIt:
    finder = LinkifyIt(options={"fuzzy_email": False})
    finder.tlds([name.lower() for name in TLDS])
    for schema in ("ftp:", "mailto:", "//"):
        finder.add(schema, None)
    return finder


def urls(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each web address; a bare domain counts when its ending exists."""
    return tuple((found.index, found.last_index) for found in _finder().match(text) or ())
