"""Two texts compared word by word, for people who must see what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from kbengine.article import header_texts
from kbengine.engine.values import Passage
from kbengine.reply import placeholders

FENCE = "---"
WORDS = re.compile(r"\s+|[^\s]+")
# Pairs of words that are compared at most; beyond it a stretch counts as written anew.
MOST_PAIRS = 25_000_000


def compare(old: str, new: str) -> tuple[Passage, ...]:
    """The new text as passages that stayed, came or went, in reading order; joined they give both texts.

    Lines are compared first, and words only where lines differ: a register has thousands of words.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    passages: list[Passage] = []
    for op, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[old_from:old_to]), "".join(after[new_from:new_to])
        found = (Passage("same", come),) if op == "equal" else _by_words(gone, come)
        for passage in found:
            if passages and passages[-1].op == passage.op == "same":
                passages[-1] = Passage("same", passages[-1].text + passage.text)
            else:
                passages.append(passage)
    return tuple(passages)


def _by_words(old: str, new: str) -> Iterator[Passage]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if not before or not after or len(before) * len(after) > MOST_PAIRS:
        yield from (passage for passage in (Passage("removed", old), Passage("added", new)) if passage.text)
        return
    for op, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            yield Passage("same", "".join(after[new_from:new_to]))
            continue
        if old_to > old_from:
            yield Passage("removed", "".join(before[old_from:old_to]))
        if new_to > new_from:
            yield Passage("added", "".join(after[new_from:new_to]))


@dataclass(frozen=True, slots=True)
class Readable:
    """A stored text as people compare it: the keys of its header apart, its body with the values in place."""

    header: Mapping[str, str]
    body: str


def readable(text: str, facts: Mapping[str, str]) -> Readable:
    """A text as people compare it; what is no article is all body."""
    lines = text.split("\n")
    end = lines.index(FENCE, 1) if lines[0] == FENCE and FENCE in lines[1:] else -1
    header = header_texts(text) if end > 0 else {}
    body = "\n".join(lines[end + 1 :]).strip("\n")
    return Readable({key: _filled(value, facts) for key, value in header.items()}, _filled(body, facts))


def _filled(body: str, facts: Mapping[str, str]) -> str:
    """The body with its values between ‹ and ›, so that a reader sees which are filled in."""
    for place in reversed(placeholders(body)):
        if place.kind == "fact" and place.name in facts:
            body = f"{body[: place.start]}\u2039{facts[place.name]}\u203a{body[place.end :]}"
    return body


def header_changes(old: Readable, new: Readable) -> tuple[tuple[str, str, str], ...]:
    """The keys whose value differs: (key, old, new), in the order of the new text."""
    keys = dict.fromkeys((*new.header, *old.header))
    pairs = ((key, old.header.get(key, ""), new.header.get(key, "")) for key in keys)
    return tuple(change for change in pairs if change[1] != change[2])
