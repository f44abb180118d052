"""Two changes of one text brought together, line by line, where they do not touch."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise

# From line, to line, what stands there instead.
Edit = tuple[int, int, tuple[str, ...]]


def merged(base: str, one: str, other: str) -> str | None:
    """The base with both changes made; None when they changed the same lines, or lines that touch, in two ways."""
    lines = base.splitlines(keepends=True)
    edits = sorted({*_edits(lines, one), *_edits(lines, other)})
    for (_, stop, _), (start, _, _) in pairwise(edits):
        if start <= stop:
            return None
    for start, stop, instead in reversed(edits):
        lines[start:stop] = instead
    return "".join(lines)


def _edits(lines: list[str], text: str) -> list[Edit]:
    new = text.splitlines(keepends=True)
    found = SequenceMatcher(None, lines, new, autojunk=False).get_opcodes()
    return [(a, b, tuple(new[c:d])) for op, a, b, c, d in found if op != "equal"]
