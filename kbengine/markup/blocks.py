"""The frozen values an answer's text is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Characters as they stand: NFC, no line break, nothing in them is markup any more."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph or list item."""


@dataclass(frozen=True, slots=True)
class Bold:
    """Text with weight."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Italic:
    """Text with stress."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere; `target` is safe, or begins with a fact still to be filled in."""

    content: tuple[Inline, ...]
    target: str


Inline = Text | Break | Bold | Italic | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Inline text between blank lines."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """One point of a list, with the lists under it."""

    content: tuple[Inline, ...]
    nested: tuple[ListBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ListBlock:
    """Points under each other; when `ordered` they are numbered from `start` without gaps."""

    ordered: bool
    start: int
    items: tuple[ListItem, ...]


Block = Paragraph | ListBlock
