"""Passages that must survive word for word, and personal data that may not be said in public."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbengine.privacy import Found, Kind, find
from kbengine.reply.drift.plain import sentences_apart
from kbengine.reply.drift.tables import NO_STREETS

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_MARKS = re.compile(r"[*_]{1,3}|\[([^\]]*)\]\([^)]*\)")
_FEWEST_WORDS = 2
_REACH = 16
_LABEL = re.compile(r"^(?:\[[A-Z]+\] )?\(\d{1,2}/\d{1,2}\) ", re.MULTILINE)
_GREETING = re.compile(
    r"\s*(?:\[[A-Z]+\] )?(?:\(\d+/\d+\) )?(?:beste|dag|hallo|hoi|hey|hi|hello|dear|goe[di]\w*|geachte|bonjour|bonsoir"
    r"|salut|ch[eè]re?s?|guten|liebe[r]?|sehr|good|mevrouw|meneer|madame|monsieur|@)[^\n]{0,80}",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:mevrouw|mevr\.?|mvr\.?|me[iy]neer|mijnheer|heer|dhr\.?|madame|mme\.?|monsieur|mrs?\.?|ms\.?|herrn?|frau)\s*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\D")


def locked_stretches(vetted: str, locked: Sequence[str]) -> Iterator[str]:
    """What each locked passage is in the vetted text, its values filled in.

    Of a passage that was cut over two parts only the piece that stands at the end or the beginning of this one.
    """
    for passage in locked:
        pattern = _pattern(passage)
        whole = [match.group() for match in re.finditer(pattern, vetted)] if pattern else []
        yield from whole or _pieces(vetted, passage)


def _bare(passage: str) -> str:
    return _MARKS.sub(lambda found: found[1] or "", passage)


def _pattern(passage: str) -> str:
    """The words of a passage in order, whatever marks the channel puts between them."""
    parts = [[re.escape(word) for word in re.findall(r"\w+", part)] for part in _PLACEHOLDER.split(_bare(passage))]
    written = [r"[\W_]+".join(words) for words in parts]
    if not any(written):
        return ""
    joined = written[0] + "".join(rf"[^\n]{{0,200}}?{words}" for words in written[1:])
    first, last = re.search(r"^[^\w{]*", passage), re.search(r"[^\w}]*$", passage)
    edges = [
        re.escape(edge.group()) if edge and not set("*_[]()") & set(edge.group()) else "" for edge in (first, last)
    ]
    return rf"(?<!\w){joined}(?!\w)(?:{edges[1]})?"


def _pieces(vetted: str, passage: str) -> Iterator[str]:
    """The end of this part that begins the passage, or its beginning that ends it; at least two words."""
    text = _LABEL.sub("", vetted, count=1)
    words, spans = re.findall(r"\w+", _bare(passage)), [match.span() for match in re.finditer(r"\w+", text)]
    shown = [text[start:end] for start, end in spans]
    if len(shown) >= _FEWEST_WORDS and _within(shown, words):
        yield text[spans[0][0] : spans[-1][1]]
        return
    for size in range(min(len(words), len(shown)) - 1, _FEWEST_WORDS - 1, -1):
        if shown[-size:] == words[:size]:
            yield text[spans[-size][0] : spans[-1][1]]
            break
    for size in range(min(len(words), len(shown)) - 1, _FEWEST_WORDS - 1, -1):
        if shown[:size] == words[-size:]:
            yield text[spans[0][0] : spans[size - 1][1]]
            break


def _within(some: Sequence[str], words: Sequence[str]) -> bool:
    return any(list(words[at : at + len(some)]) == list(some) for at in range(len(words) - len(some) + 1))


def times_said(passage: str, text: str) -> int:
    """How often a passage stands in a text word for word; how much white space is between them does not matter."""
    said = re.escape(" ".join(passage.split()))
    return len(re.findall(rf"(?<!\w){said}(?!\w)", " ".join(text.split())))


def personal(text: str, known: Sequence[str]) -> Iterator[Found]:
    """Personal data of a text that none of the known texts has; a greeting and a signature may name somebody."""
    text = sentences_apart(text)
    said = {_key(piece, other) for other in map(sentences_apart, known) for piece in find(other)}
    greeting = _GREETING.match(text)
    last_line = len(text.rstrip()) - len(text.rstrip().rsplit("\n", 1)[-1])
    for piece in find(text):
        if piece.kind is Kind.ADDRESS and NO_STREETS & set(text[piece.start : piece.end].casefold().split()):
            continue
        named = piece.kind in (Kind.NAME, Kind.HANDLE)
        greeted = greeting is not None and piece.start < greeting.end()
        signed = piece.start >= last_line > 0 and not _TITLE.search(text[: piece.start][-_REACH:])
        if (named and greeted) or (piece.kind is Kind.NAME and (signed or not piece.certain)):
            continue
        if _key(piece, text) in said:
            continue
        yield piece


def _key(piece: Found, text: str) -> tuple[Kind, str]:
    shown = text[piece.start : piece.end]
    if piece.kind is Kind.PHONE:
        return piece.kind, _DIGITS.sub("", shown)
    return piece.kind, " ".join(shown.casefold().split())


@dataclass(frozen=True, slots=True)
class Put:
    """What the product put round a reply: where it still stands as it was, and the lines that somebody touched."""

    spans: tuple[tuple[int, int], ...]
    touched: str


def put_round(outgoing: str, vetted: str, around: str) -> Put:
    """Where the lines of `around` stand in the outgoing text, beside those that the vetted text has itself."""
    spans: list[tuple[int, int]] = []
    touched = []
    for line in filter(None, map(str.strip, around.splitlines())):
        here = [match.span() for match in re.finditer(re.escape(line), outgoing)]
        chosen = here[0] if here and 2 * here[0][0] < len(outgoing) - here[-1][1] else here[-1] if here else (0, 0)
        if len(here) > vetted.count(line) and all(chosen[1] <= start or end <= chosen[0] for start, end in spans):
            spans.append(chosen)
        else:
            touched.append(line)
    return Put(tuple(spans), "\n".join(touched))


def label_of(text: str) -> tuple[int, int]:
    """Where the number of a part stands: (1/2); (0, 0) when there is none."""
    found = _LABEL.search(text)
    return found.span() if found else (0, 0)
