"""Markdown -> blocks: lines are grouped here, Python-Markdown reads what stands inside them."""

from __future__ import annotations

import re
import threading
import xml.etree.ElementTree as etree
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import markdown
from markdown.inlinepatterns import LINK_RE, InlineProcessor, LinkInlineProcessor
from markdown.treeprocessors import InlineProcessor as TreeInlineProcessor
from markdown.util import Registry

from kbengine.errors import TooLarge
from kbengine.markup.blocks import (
    Block,
    Bold,
    Break,
    Inline,
    Italic,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Text,
)
from kbengine.markup.characters import PLACEHOLDER_LIKE, clean, possible_target

MAX_BYTES = 20_000
MAX_BRACKETS = 200
MAX_DEPTH = 20

_MARKER = re.compile(r" *(?:[-*]|(?P<number>0|[1-9]\d{0,8})\.) +(?P<text>\S.*)")
# Without one of these a paragraph is only text; the last two are Python-Markdown's own marks.
_SIGNS = re.compile(r"[\\\[*_\x02\x03]")
# Python-Markdown's own priorities; at 60 stands its reading of both * and _.
_ESCAPE, _LINK, _EMPHASIS = 180, 160, 60


@dataclass(slots=True)
class Unit:
    """A paragraph or one list item as lines of text; `line` counts from 0, `number` is None for a bullet."""

    line: int
    item: bool = False
    depth: int = 0
    number: int | None = None
    indent: int = 0
    lines: list[str] = field(default_factory=list)


@lru_cache(maxsize=1024)
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of an answer's Markdown; raises TooLarge over 20 kB, 200 of `[` or `<` a block, 20 levels."""
    return tuple(_group([(unit, inline("\n".join(unit.lines))) for unit in read(text)]))


def read(text: str) -> list[Unit]:
    """The paragraphs and list items; raises TooLarge for what Python-Markdown takes too long over (#798, #1619)."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        hint = "Shorten the text or split it over two articles."
        raise TooLarge("markup.too-large", f"The text is {size} bytes, over {MAX_BYTES}.", hint, size=str(size))
    cleaned = clean(text)
    found = _units(cleaned)
    # A list item may reach over empty lines, so that it holds more than one block.
    for block in (*re.split(r"\n\s*\n", cleaned), *("".join(unit.lines) for unit in found)):
        brackets = block.count("[") + block.count("<")
        if brackets > MAX_BRACKETS:
            message = f"A block holds {brackets} of [ or <, over {MAX_BRACKETS}."
            raise TooLarge("markup.brackets", message, "Remove them or start a new paragraph.", count=str(brackets))
    return found


def _units(text: str) -> list[Unit]:
    """The paragraphs and list items of a text; a list may begin right under a line of text."""
    found: list[Unit] = []
    gap = True
    for number, line in enumerate(text.split("\n")):
        if not line.strip():
            gap = True
            continue
        last = found[-1] if found else None
        indent = len(line) - len(line.lstrip(" "))
        started = _started(line, indent, last, gap)
        if started is not None:
            started.line = number
            found.append(started)
        elif last is not None and (not gap or (last.item and indent >= 2)):
            last.lines += ["", line.strip()] if gap else [line.strip()]
        else:
            found.append(Unit(number, indent=indent, lines=[line.strip()]))
        gap = False
    return found


def _started(line: str, indent: int, last: Unit | None, gap: bool) -> Unit | None:
    marker = _MARKER.fullmatch(line)
    if marker is None:
        return None
    number = int(marker["number"]) if marker["number"] else None
    inside_text = last is not None and not last.item and not gap
    # As in CommonMark: a line of a paragraph that happens to begin with "101." is no list.
    if inside_text and number not in (None, 1):
        return None
    depth = 1 if indent >= 2 and last is not None and last.item else 0
    return Unit(0, True, depth, number, indent, [marker["text"].strip()])


def _group(rows: Sequence[tuple[Unit, tuple[Inline, ...]]]) -> Iterator[Block]:
    run: list[tuple[Unit, tuple[Inline, ...]]] = []
    for unit, content in rows:
        if unit.item:
            run.append((unit, content))
            continue
        yield from _lists(run)
        run = []
        yield Paragraph(content)
    yield from _lists(run)


def _lists(rows: Sequence[tuple[Unit, tuple[Inline, ...]]]) -> tuple[ListBlock, ...]:
    """Lists of neighbouring items: a number that does not follow on begins a new one, so that it stays."""
    if not rows:
        return ()
    top = [index for index, (unit, _) in enumerate(rows) if unit.depth == rows[0][0].depth]
    found: list[ListBlock] = []
    for index, end in zip(top, [*top[1:], len(rows)], strict=True):
        unit, content = rows[index]
        item = ListItem(content, _lists(rows[index + 1 : end]))
        last = found[-1] if found else None
        expected = last.start + len(last.items) if last is not None and last.ordered else None
        if last is not None and unit.number == expected:
            found[-1] = ListBlock(last.ordered, last.start, (*last.items, item))
        else:
            found.append(ListBlock(unit.number is not None, unit.number or 0, (item,)))
    return tuple(found)


class _Literal(InlineProcessor):
    """Keeps what looks like a placeholder out of the hands of every other pattern."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        return m.group(0), m.start(0), m.end(0)


class _SafeLink(LinkInlineProcessor):
    """A link with a target that may be used and nothing more; any other stays as it was typed."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | str | None, int | None, int | None]:
        element, start, end = super().handleMatch(m, data)
        if not isinstance(element, etree.Element) or element.get("title") is not None:
            return None, None, None
        return (element, start, end) if possible_target(element.get("href", "")) else (None, None, None)


def _parser() -> markdown.Markdown:
    """Python-Markdown with four inline patterns; raw HTML, images, code, references, automatic links are not there."""
    parser = markdown.Markdown()
    known = parser.inlinePatterns
    parser.inlinePatterns = Registry()
    parser.inlinePatterns.register(_Literal(PLACEHOLDER_LIKE.pattern, parser), "placeholder", _ESCAPE + 1)
    parser.inlinePatterns.register(known["escape"], "escape", _ESCAPE)
    parser.inlinePatterns.register(_SafeLink(LINK_RE, parser), "link", _LINK)
    parser.inlinePatterns.register(known["em_strong"], "em_strong", _EMPHASIS)
    # A new one, because it keeps the patterns it was made with.
    parser.treeprocessors.register(TreeInlineProcessor(parser), "inline", 20)
    return parser


class _Own(threading.local):
    """A thread's own parser, because one remembers what it is reading."""

    def __init__(self) -> None:
        self.parser = _parser()


_OWN = _Own()


def inline(text: str) -> tuple[Inline, ...]:
    """The inline values of one paragraph; raises TooLarge when emphasis is nested deeper than 20 levels."""
    if not _SIGNS.search(text):
        return tuple(_text(text))
    parser = _OWN.parser.reset()
    root = etree.Element("div")
    etree.SubElement(root, "p").text = text
    try:
        for name in ("inline", "unescape"):
            parser.treeprocessors[name].run(root)
    except RecursionError:
        raise _too_deep() from None
    return tuple(_values(root[0], 0))


def _too_deep() -> TooLarge:
    return TooLarge("markup.too-deep", f"Emphasis is nested over {MAX_DEPTH} levels deep.", "Remove stray * and _.")


def _values(element: etree.Element, depth: int) -> Iterable[Inline]:
    if depth > MAX_DEPTH:
        raise _too_deep()
    yield from _text(element.text)
    for child in element:
        content = tuple(_values(child, depth + 1))
        if child.tag == "a":
            yield Link(content, child.get("href", ""))
        else:
            yield Bold(content) if child.tag == "strong" else Italic(content)
        yield from _text(child.tail)


def _text(text: str | None) -> Iterator[Inline]:
    for number, line in enumerate((text or "").split("\n")):
        if number:
            yield Break()
        if line:
            yield Text(line)
