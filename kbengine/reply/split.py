"""A text that is too long for its channel, in numbered parts that each fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kbengine.channels import Channel, fits

_MOST = (9, 99)  # a thread is rarely of ten parts, and its number takes more room

# White space inside an amount or a telephone number is no place to cut: € 58, 02 123 45 67, +32 (0)2 123.
_SPACE = re.compile(r"(?<!\s)(?:[^\S\n]*+\n\s*+|(?<![\d€+])\s++|\s++(?!\(?[\d€%]))")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]*_]*$")
_SHORTENED = re.compile(
    r"(?:^|[\s(])(?:[a-z]|art|bijv|blz|bv|bzw|ca|dhr|dr|evt|excl|incl|ing|mevr|mme|mr|mrs|mw|nr|resp|st|str|tel|tél)\.$",
    re.IGNORECASE,
)
_LOOKED_BACK = 40
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*\d+\.$")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place where a text may be cut: the text before ends at `end`, the text after begins at `start`."""

    end: int
    start: int
    sentence: bool


def split(text: str, channel: Channel, prefix: str = "") -> tuple[str, ...]:
    """The text in parts `(1/2) …` that the channel takes, each with the prefix; one, without a number, when it fits.

    Cut between sentences, between words where a sentence is too long, never inside an address or a number; () when
    the text cannot be cut so.
    """
    if fits(prefix + text, channel):
        return (prefix + text,)
    cuts = tuple(_cuts(text))
    for most in _MOST:
        bodies = _bodies(text, cuts, channel, f"{prefix}({most}/{most}) ", most)
        if bodies:
            return tuple(f"{prefix}({number}/{len(bodies)}) {body}" for number, body in enumerate(bodies, 1))
    return ()


def _cuts(text: str) -> Iterator[_Cut]:
    """Every place to cut, the end of the text too."""
    length = len(text.rstrip())
    line = 0
    for space in _SPACE.finditer(text, len(text) - len(text.lstrip()), length):
        end, start = space.span()
        new_line = "\n" in space.group()
        yield _Cut(end, start, new_line or _ends_sentence(text[max(line, end - _LOOKED_BACK) : end], text[start]))
        line = start if new_line else line
    yield _Cut(length, length, True)


def _ends_sentence(line: str, following: str) -> bool:
    if not _SENTENCE_END.search(line) or following.islower():
        return False
    return not (_SHORTENED.search(line) or _LIST_NUMBER.search(line))


def _bodies(text: str, cuts: tuple[_Cut, ...], channel: Channel, label: str, most: int) -> tuple[str, ...]:
    """The parts without their numbers, each as full as it can be; () when one does not fit or there are too many."""
    bodies: list[str] = []
    start, at = len(text) - len(text.lstrip()), 0
    while at < len(cuts):
        chosen = _furthest(text, start, cuts, at, channel, label)
        if chosen is None or len(bodies) == most:
            return ()
        bodies.append(text[start : cuts[chosen].end])
        start, at = cuts[chosen].start, chosen + 1
    return tuple(bodies)


def _furthest(text: str, start: int, cuts: tuple[_Cut, ...], first: int, channel: Channel, label: str) -> int | None:
    """The last end of a sentence that fits, else the last end of a word, else None."""
    sentence, word = None, None
    for number in range(first, len(cuts)):
        if not fits(label + text[start : cuts[number].end], channel):
            break
        word = number
        sentence = number if cuts[number].sentence else sentence
    return word if sentence is None else sentence
