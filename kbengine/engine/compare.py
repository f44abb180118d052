"""Two texts compared word by word, for people who must see what changed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from kbengine.engine.values import Passage

WORDS = re.compile(r"\s+|[^\s]+")


def compare(old: str, new: str) -> tuple[Passage, ...]:
    """The new text as passages that stayed, came or went, in reading order; joined they give both texts."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    passages: list[Passage] = []
    for op, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            passages.append(Passage("same", "".join(after[new_from:new_to])))
            continue
        if old_to > old_from:
            passages.append(Passage("removed", "".join(before[old_from:old_to])))
        if new_to > new_from:
            passages.append(Passage("added", "".join(after[new_from:new_to])))
    return tuple(passages)


def without_same_header(old: str, new: str) -> tuple[str, str]:
    """Both texts without the header lines they share: a validator reads what changed, then the text."""
    old_lines, new_lines = old.split("\n"), new.split("\n")
    shared = set(_header(old_lines)) & set(_header(new_lines))
    return _trimmed(old_lines, shared), _trimmed(new_lines, shared)


def _header(lines: list[str]) -> list[str]:
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        return []
    return lines[: lines.index("---", 1) + 1]


def _trimmed(lines: list[str], shared: set[str]) -> str:
    header = _header(lines)
    kept = [line for line in header if line not in shared]
    return "\n".join([*kept, *([""] if kept else []), *lines[len(header) :]]).strip("\n")
