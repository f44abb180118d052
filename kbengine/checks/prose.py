"""A text as people read it: its sentences, filled in, each with its line, and the places of its links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kbengine.article import Variant, VariantName
from kbengine.checks.scope import Scope, Text
from kbengine.markup import urls
from kbengine.reply import placeholders

# What goes out; the internal part is for colleagues.
OUTGOING = (VariantName.DEFAULT, VariantName.SHORT, VariantName.PRIVATE)
# A name as long as people's names are, so that a sentence counts its words.
_SOMEBODY = "Robin"
_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<target>(?:[^()\s]|\{[^{}]*\})*)\)")
# What is quoted, a title in italics, and the words of a link are somebody else's.
QUOTED = re.compile(
    r"“[^”]*”|„[^”“]*[”“]|«[^»]*»|\"[^\"]*\"|‘[^’]*’|(?<!\w)'[^'\n]*'(?!\w)|\[[^\]]*\]\([^)]*\)"
    r"|(?<![*_\w])([*_])(?![*_\s])[^*_\n]+\1(?![*_\w])"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MEANT = re.compile(
    r"(?<![\w/])(?:(?:h?t?tt?ps?|hhtps?|htps?|file|smb):[/\\]*[^\s<>()\"”]+|https?//[^\s<>()\"”]+|www(?:[,;]\s?|\.\.+)\w[^\s<>()]*"
    r"|\\\\[\w.-]+\\[^\s<>()\"”]*)",
    re.IGNORECASE,
)
# A number to call, as opposed to an amount or a date: at least eight digits, or 0800 and its like.
_CALL = re.compile(r"(?<![\w.,])(?:\+|00)?\d(?:[ ./-]?\d){7,13}(?![\w,])")
_MARKS = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}")
_ITEM = re.compile(r"[ \t]*(?:[-*]|\d{1,9}\.)[ \t]+")
_END = re.compile(r"[.!?…][)\]\"'”’»*_]*\s+")
_BEGINS = re.compile(r"[(\[\"'“‘„«*_]*(?:[^\W\d_a-zà-öø-ÿ]|[\d{])")
_SHORTENED = re.compile(
    r"(?:^|[\s(])(?:bv|bijv|o\.a|m\.a\.w|nr|nrs|tel|art|ca|max|min|incl|excl|resp|t\.a\.v|dr|mr|mevr|st|p\.ex|ex|env"
    r"|n°|M|Mme|e\.g|i\.e|etc|no|z\.B|d\.h|usw|ggf|bzw|Nr|Str|Tel|Abs|u\.a)\.$|(?<![\d,.])\d{1,2}\.$"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: as it is written, as it is read, and the line it begins on in its file.

    `text` has its values in it; addresses, numbers to call and the marks of Markdown are left out.
    """

    written: str
    text: str
    line: int
    variant: VariantName


@dataclass(frozen=True, slots=True)
class Address:
    """A web address that stands in a text, and the words that lead to it ("" when it stands there itself)."""

    target: str
    words: str
    line: int


def outgoing(text: Text) -> Iterator[Variant]:
    """The parts of an article that may go out; none of an internal one."""
    if not text.internal:
        yield from (variant for variant in text.article.variants if variant.name in OUTGOING)


def sentences(scope: Scope, text: Text, variant: Variant) -> tuple[Sentence, ...]:
    """The sentences of one part of an article, with the values of its language."""
    shown = []
    for written, line in written_sentences(variant.text):
        read = " ".join(_bare(_filled(scope, text.article.lang, written)).split())
        if any(map(str.isalnum, read)):
            shown.append(Sentence(written, read, variant.line + line, variant.name))
    return tuple(shown)


@lru_cache(maxsize=4_096)
def written_sentences(text: str) -> tuple[tuple[str, int], ...]:
    """The sentences of a text as they are written, each with its line, counted from 0; an item of a list is one."""
    found = []
    for unit, first in _units(text):
        start = 0
        ends = [match.end() for match in _END.finditer(unit) if _ends(unit, match)]
        for end in (*ends, len(unit)):
            part = unit[start:end]
            lead = len(part) - len(part.lstrip())
            if part.strip():
                found.append((part.strip(), first + unit.count("\n", 0, start + lead)))
            start = end
    return tuple(found)


def _ends(unit: str, match: re.Match[str]) -> bool:
    stopped = unit[: match.start() + 1]
    return bool(_BEGINS.match(unit, match.end())) and not (stopped.endswith(".") and _SHORTENED.search(stopped[-12:]))


def _units(text: str) -> Iterator[tuple[str, int]]:
    """Paragraphs and items of a list, without their signs, each with its first line; a line may end one by its stop."""
    held: list[str] = []
    first = 0
    for number, line in enumerate(text.split("\n")):
        item = _ITEM.match(line)
        if held and (item or not line.strip() or held[-1].rstrip().endswith((".", "!", "?", ":", ";"))):
            yield "\n".join(held), first
            held = []
        if line.strip():
            first = first if held else number
            held.append(line[item.end() :] if item else line)
    if held:
        yield "\n".join(held), first


def _filled(scope: Scope, lang: str, written: str) -> str:
    pieces, at = [], 0
    for place in placeholders(written):
        pieces += [written[at : place.start], _value(scope, lang, place.kind, place.name, place.fallback)]
        at = place.end
    return "".join((*pieces, written[at:]))


def _value(scope: Scope, lang: str, kind: str, name: str, fallback: str | None) -> str:
    fact = scope.facts.get(name) if kind == "fact" else None
    if fact is not None:
        return "" if fact.kind in ("phone", "url") else fact.value(lang, scope.zone.first_lang)
    return fallback if fallback is not None else _SOMEBODY if kind == "citizen" else name.replace("_", " ")


@lru_cache(maxsize=16_384)
def _bare(text: str) -> str:
    """A text without the addresses of its links, numbers to call and marks."""
    text = _LINK.sub(lambda found: found["text"], text)
    for start, end in reversed(urls(text)):
        text = text[:start] + text[end:]
    return _MARKS.sub("", _CALL.sub(" ", _MAIL.sub(" ", text)))


def addresses(text: str) -> Iterator[Address]:
    """The web addresses that a text has typed, in its links and beside them; lines count from 0."""
    for found in _LINK.finditer(text):
        yield Address(found["target"], found["text"].strip(), text.count("\n", 0, found.start()))
    rest = _LINK.sub(lambda found: " " * len(found.group()), text)
    # Also what is meant as an address and is none, or leads into the house.
    meant = (found.span() for found in _MEANT.finditer(rest))
    places = [(start, start + len(rest[start:end].rstrip(".,;:!?"))) for start, end in meant]
    places += [(start, end) for start, end in urls(rest) if not any(one <= start < other for one, other in places)]
    for start, end in sorted(places):
        yield Address(rest[start:end], "", rest.count("\n", 0, start))


def typed(text: str) -> str:
    """A text of the same length in which every placeholder is blank but for what stands in for it."""
    for place in reversed(placeholders(text)):
        blank = (place.fallback or "").ljust(place.end - place.start)
        text = text[: place.start] + blank + text[place.end :]
    return text
