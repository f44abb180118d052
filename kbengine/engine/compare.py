"""Two texts compared word by word, for people who must see what changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kbengine.article import header_texts
from kbengine.engine.values import Passage
from kbengine.reply import placeholders

FENCE = "---"
WORDS = re.compile(r"(\S+)(\s*)|(\A\s+)")
# Pairs of equal words that are weighed at most; beyond it a stretch counts as written anew.
MOST_PAIRS = 1_000_000
# A shorter line than this is at home in two places: it is not said to have moved.
LEAST_MOVED = 25

# So many characters stay on each side of a change when what stayed is left out, and so many are worth leaving out.
KEPT = 160
LEAST_SKIPPED = 120

Opcode = tuple[str, int, int, int, int]


def compare(old: str, new: str) -> tuple[Passage, ...]:
    """The new text as passages that stayed, came, went or moved, in reading order; joined they give both texts.

    Lines are compared first, and words only where lines differ: a register has thousands of words. A line that went
    in one place and came in another is `left` there and `moved` here, not written anew.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    opcodes = _opcodes(before, after)
    moved = _moved(opcodes, before, after)
    passages: list[Passage] = []
    for op, old_from, old_to, new_from, new_to in opcodes:
        gone, come = before[old_from:old_to], after[new_from:new_to]
        for passage in (Passage("same", "".join(come)),) if op == "equal" else _changed(gone, come, moved):
            if passages and passages[-1].op == passage.op:
                passages[-1] = Passage(passage.op, passages[-1].text + passage.text)
            elif passage.text:
                passages.append(passage)
    return tuple(passages)


def brief(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """A comparison without the middle of what stayed: of a long stretch only what stands beside a change is kept."""
    shown: list[Passage] = []
    for place, passage in enumerate(passages):
        head = KEPT if place else 0
        tail = KEPT if place < len(passages) - 1 else 0
        if passage.op != "same" or len(passage.text) <= head + tail + LEAST_SKIPPED:
            shown.append(passage)
            continue
        begin, end = passage.text[:head], passage.text[len(passage.text) - tail :]
        # Whole lines where there are any, else whole words.
        begin = begin[: max(begin.rfind("\n"), begin.rfind(" ") if "\n" not in begin else -1) + 1]
        cut = end.find("\n") if "\n" in end else end.find(" ")
        end = end[cut + 1 :]
        middle = passage.text[len(begin) : len(passage.text) - len(end)]
        parts = (Passage("same", begin), Passage("skipped", middle), Passage("same", end))
        shown += [part for part in parts if part.text]
    return tuple(shown)


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """How one list becomes the other; what begins and ends the same is passed over first, so that it costs nothing."""
    least = min(len(before), len(after))
    head = next((n for n in range(least) if before[n] != after[n]), least)
    tail = next((n for n in range(least - head) if before[-1 - n] != after[-1 - n]), least - head)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    found: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    for op, *spans in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        found.append((op, spans[0] + head, spans[1] + head, spans[2] + head, spans[3] + head))
    if tail:
        found.append(("equal", len(before) - tail, len(before), len(after) - tail, len(after)))
    return found


def _moved(opcodes: Sequence[Opcode], before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The lines that went in one place and came, once, in another."""
    spans = [opcode for opcode in opcodes if opcode[0] != "equal"]
    gone = Counter(line for _, start, end, _, _ in spans for line in before[start:end])
    come = Counter(line for _, _, _, start, end in spans for line in after[start:end])
    return frozenset(
        line for line, count in gone.items() if count == come[line] == 1 and len(line.strip()) >= LEAST_MOVED
    )


def _changed(gone: Sequence[str], come: Sequence[str], moved: Collection[str]) -> Iterator[Passage]:
    """A stretch that differs, word by word, with the lines that moved where they were and where they are."""
    (old, left), (new, here) = _without(gone, moved), _without(come, moved)
    was = now = 0
    for passage in _by_words(old, new):
        text = passage.text
        while text:
            yield from _due("left", left, was)
            yield from _due("moved", here, now)
            room = len(text)
            if passage.op != "added":
                room = min([room, *(place - was for place, _ in left[:1])])
            if passage.op != "removed":
                room = min([room, *(place - now for place, _ in here[:1])])
            yield Passage(passage.op, text[:room])
            text = text[room:]
            was, now = was + room * (passage.op != "added"), now + room * (passage.op != "removed")
    yield from _due("left", left, was)
    yield from _due("moved", here, now)


def _without(lines: Sequence[str], moved: Collection[str]) -> tuple[str, list[tuple[int, str]]]:
    """Lines without those that moved, and each of these with the place it had."""
    text, out = "", []
    for line in lines:
        if line in moved:
            out.append((len(text), line))
        else:
            text += line
    return text, out


def _due(op: str, lines: list[tuple[int, str]], place: int) -> Iterator[Passage]:
    while lines and lines[0][0] <= place:
        yield Passage(op, lines.pop(0)[1])


def _by_words(old: str, new: str) -> Iterator[Passage]:
    before, after = _words(old), _words(new)
    found, wanted = Counter(word for word, _ in before), Counter(word for word, _ in after)
    if sum(count * wanted[word] for word, count in found.items()) > MOST_PAIRS:
        yield from (Passage("removed", old), Passage("added", new))
        return
    for op, *at in _opcodes([word for word, _ in before], [word for word, _ in after]):
        gone, come = before[at[0] : at[1]], after[at[2] : at[3]]
        yield from _kept(gone, come) if op == "equal" else _replaced(gone, come)


def _words(text: str) -> list[tuple[str, str]]:
    """Each word with the space behind it; what begins with space begins with no word."""
    return [(word, space or lead) for word, space, lead in WORDS.findall(text)]


def _kept(gone: Sequence[tuple[str, str]], come: Sequence[tuple[str, str]]) -> Iterator[Passage]:
    """The same words, with the space between them as it was or as it became."""
    for (word, before), (_, after) in zip(gone, come, strict=True):
        if before == after:
            yield Passage("same", word + after)
        else:
            yield from (Passage("same", word), Passage("removed", before), Passage("added", after))


def _replaced(gone: Sequence[tuple[str, str]], come: Sequence[tuple[str, str]]) -> Iterator[Passage]:
    """Words that gave way to others; the space behind both is nobody's."""
    old, new = ("".join(map("".join, words)) for words in (gone, come))
    space = gone[-1][1] if gone and come and gone[-1][1] == come[-1][1] else ""
    yield Passage("removed", old.removesuffix(space))
    yield Passage("added", new.removesuffix(space))
    yield Passage("same", space)


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
