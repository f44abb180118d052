"""Markdown -> frozen blocks -> safe HTML or plain text; the only user of Markdown, nh3 and linkify-it."""

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
from kbengine.markup.characters import HIDDEN, clean, safe_target
from kbengine.markup.check import check
from kbengine.markup.parse import MAX_BRACKETS, MAX_BYTES, MAX_DEPTH, blocks
from kbengine.markup.render import PlainStyle, to_html, to_plain
from kbengine.markup.urls import urls

__all__ = [
    "HIDDEN",
    "MAX_BRACKETS",
    "MAX_BYTES",
    "MAX_DEPTH",
    "Block",
    "Bold",
    "Break",
    "Inline",
    "Italic",
    "Link",
    "ListBlock",
    "ListItem",
    "Paragraph",
    "PlainStyle",
    "Text",
    "blocks",
    "check",
    "clean",
    "safe_target",
    "to_html",
    "to_plain",
    "urls",
]
