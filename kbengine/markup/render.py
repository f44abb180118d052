"""Blocks -> safe HTML, or plain text in a channel's own formatting."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import nh3

from kbengine.markup.blocks import Block, Bold, Break, Inline, Italic, Link, ListBlock, Paragraph, Text
from kbengine.markup.characters import safe_target
from kbengine.markup.urls import urls

TAGS = frozenset({"a", "br", "em", "li", "ol", "p", "strong", "ul"})
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
MOST_TYPED = 50  # an address that is longer is not typed over: people go to the site and search
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


@dataclass(frozen=True, slots=True)
class PlainStyle:
    """How plain text shows weight, stress, points and links; empty means not at all."""

    bold: str = ""
    italic: str = ""
    bullet: str = "- "
    full_links: bool = True


def to_html(blocks: Iterable[Block]) -> str:
    """HTML of at most the tags p br strong em a ul ol li; nh3 has the last word."""
    written = "".join(_html_block(block) for block in blocks)
    return nh3.clean(
        written,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


def _html_block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_html(block.content)}</p>"
    items = "".join(f"<li>{_html(i.content)}{''.join(map(_html_block, i.nested))}</li>" for i in block.items)
    if not block.ordered:
        return f"<ul>{items}</ul>"
    return f'<ol start="{block.start}">{items}</ol>' if block.start != 1 else f"<ol>{items}</ol>"


def _html(content: Iterable[Inline]) -> str:
    return "".join(_html_inline(value) for value in content)


def _html_inline(value: Inline) -> str:
    match value:
        case Text(text):
            return html.escape(text)
        case Break():
            return "<br>"
        case Bold(content):
            return f"<strong>{_html(content)}</strong>"
        case Italic(content):
            return f"<em>{_html(content)}</em>"
        case Link(content, target):
            # A target that is still a placeholder leads nowhere.
            return f'<a href="{html.escape(target)}">{_html(content)}</a>' if safe_target(target) else _html(content)


def to_plain(blocks: Iterable[Block], style: PlainStyle = PlainStyle()) -> str:
    """The text as a channel shows it; one blank line between blocks, none between lists in a row."""
    written = ""
    previous: Block | None = None
    for block in blocks:
        if previous is not None:
            written += "\n" if isinstance(block, ListBlock) and isinstance(previous, ListBlock) else "\n\n"
        written += _plain(block.content, style) if isinstance(block, Paragraph) else "\n".join(_lines(block, style))
        previous = block
    return written


def _lines(block: ListBlock, style: PlainStyle) -> Iterator[str]:
    for number, item in enumerate(block.items, block.start):
        marker = f"{number}. " if block.ordered else style.bullet
        yield marker + _plain(item.content, style).replace("\n", "\n  ").replace("\n  \n", "\n\n")
        for nested in item.nested:
            yield from ("  " + line for line in _lines(nested, style))


def _plain(content: Iterable[Inline], style: PlainStyle) -> str:
    """The text of a line; within a word no channel reads a mark as one, so there none is written."""
    if not style.bold and not style.italic:
        return "".join(_plain_inline(value, style) for value in content)
    bare = replace(style, bold="", italic="")
    values = tuple(content)
    plain = ["", *(_plain_inline(value, bare) for value in values), ""]
    return "".join(
        plain[n] if _in_word(plain[n - 1], plain[n], plain[n + 1]) else _plain_inline(value, style)
        for n, value in enumerate(values, 1)
    )


def _in_word(before: str, text: str, after: str) -> bool:
    """Whether a letter or digit stands right against an end of the text that is one too."""
    return any(len(pair) == 2 and pair.isalnum() for pair in (before[-1:] + text[:1], text[-1:] + after[:1]))


def _plain_inline(value: Inline, style: PlainStyle) -> str:
    match value:
        case Text(text):
            return text if style.full_links else _typed(text)
        case Break():
            return "\n"
        case Bold(content):
            return _marked(content, style.bold, style)
        case Italic(content):
            return _marked(content, style.italic, style)
        case Link(content, target):
            return _link(_plain(content, style), target, style)


def _marked(content: tuple[Inline, ...], mark: str, style: PlainStyle) -> str:
    """Marks round each line: WhatsApp's do not reach over a line end, and would become part of an address."""
    inner = _plain(content, style)
    if not mark or _has_link(content):
        return inner
    return "\n".join(mark + line + mark if line.strip() else line for line in inner.split("\n"))


def _has_link(content: Iterable[Inline]) -> bool:
    return any(isinstance(v, Link) or (isinstance(v, Bold | Italic) and _has_link(v.content)) for v in content)


def _link(label: str, target: str, style: PlainStyle) -> str:
    address = target
    scheme = target.partition(":")[0].lower()
    if scheme in ("mailto", "tel"):
        address = target.partition(":")[2].partition("?")[0]
    elif not style.full_links:
        address = _spoken(target)
    if _same(label, address):
        return label if scheme == "tel" else address
    return f"{label.rstrip(': ')}: {address}" if style.full_links else f"{label} ({address})"


def _typed(text: str) -> str:
    """A text whose addresses are written to be said and typed over, where nobody can follow them."""
    done, end = "", 0
    for start, stop in urls(text):
        done += text[end:start] + _spoken(text[start:stop])
        end = stop
    return done + text[end:]


def _spoken(address: str) -> str:
    """An address as it is said: without its beginning, and only the site when nobody would type all of it."""
    short = _short(address)
    return short if len(short) <= MOST_TYPED else short.split("/")[0]


def _short(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address, flags=re.IGNORECASE).removesuffix("/")


def _same(label: str, address: str) -> bool:
    if re.fullmatch(r"[+\d ./()-]+", label):
        return re.sub(r"\D", "", label) == re.sub(r"\D", "", address)
    return not label or _short(label).casefold() == _short(address).casefold()
