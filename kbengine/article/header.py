"""The header of an article file: YAML read strictly, every scalar as text, every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from kbengine.errors import Problem

MAX_HEADER_BYTES = 16_000
MAX_KEYS = 64
MAX_ITEMS = 100
MAX_TOKENS = 3_000
MAX_BRACKETS = 200  # PyYAML's scanner takes quadratic time over nested brackets
FENCE = "---"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
# YAML ends a line at these and editors do not: as an invisible sign they are refused on the line where they stand.
HIDDEN_BREAKS = dict.fromkeys((0x85, 0x2028, 0x2029, 0xFEFF), "\u200b")
# What stands in nearly every header, and in YAML means itself; YAML takes fifty times as long to say so.
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ0-9"
_PLAIN_ITEM = rf"(?:[{_LETTER}](?:[{_LETTER} /._()=%+~'-]|:(?=[/0-9]))*(?<! )|\"[{_LETTER} /._()=%+~'?:&{{}}-]*\")"
PLAIN_LINE = re.compile(
    rf"(?P<key>[a-z][a-z_]*): (?:\[(?P<items>{_PLAIN_ITEM}(?:, {_PLAIN_ITEM}){{0,9}})\]|(?P<value>{_PLAIN_ITEM}))"
)
FORBIDDEN_TOKENS: Mapping[type, tuple[str, str]] = {
    yaml.TagToken: ("header.tag", "a YAML tag (!)"),
    yaml.AnchorToken: ("header.anchor", "a YAML anchor (&)"),
    yaml.AliasToken: ("header.anchor", "a YAML alias (*)"),
    yaml.DirectiveToken: ("header.directive", "a YAML directive (%)"),
    yaml.DocumentStartToken: ("header.document", "a second document"),
    yaml.DocumentEndToken: ("header.document", "a document end (...)"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a header: its value (a text or a list of texts) and the line it stands on."""

    value: str | tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Split:
    """A file cut in header and body; lines count from 1 in the file."""

    header: str
    body: str
    body_line: int
    problems: tuple[Problem, ...]


def split(text: str, file: str) -> Split:
    """Cut a canonical file text at its fences; without two fences there is no header and no body."""
    lines = text.split("\n")
    if lines[0] != FENCE:
        hint = "Begin the file with a line of three hyphens, then title and the other keys, then --- again."
        return _unreadable(file, 1, "header.missing", "The file does not begin with a header.", hint)
    closing = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if closing is None:
        hint = "Put a line of three hyphens after the last key."
        return _unreadable(file, len(lines) - 1, "header.unclosed", "The header is never closed.", hint)
    header = "\n".join(lines[1:closing])
    if len(header.encode("utf-8", "replace")) > MAX_HEADER_BYTES or _brackets(header) > MAX_BRACKETS:
        hint = f"Keep the header under {MAX_HEADER_BYTES} bytes and {MAX_BRACKETS} brackets."
        return _unreadable(file, 1, "header.too-large", "The header is too large.", hint)
    return Split(header, "\n".join(lines[closing + 1 :]), closing + 2, ())


def _brackets(header: str) -> int:
    return header.count("[") + header.count("{")


def _unreadable(file: str, line: int, code: str, message: str, hint: str) -> Split:
    return Split("", "", line, (Problem(code, "error", file, line, message, hint),))


def read_header(header: str, file: str) -> tuple[dict[str, Entry], tuple[Problem, ...]]:
    """The entries of a header and everything that is wrong with it; line 1 of the header is line 2 of the file."""
    if (plain := _plain(header)) is not None:
        return plain, ()
    header = header.translate(HIDDEN_BREAKS)
    try:
        problems = list(_forbidden(header, file))
        # A comment does not stand in the way of the rest: its problems are found in the same reading.
        stop = any(problem.code != "header.comment" for problem in problems)
        node = None if stop else yaml.compose(header, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return {}, (_syntax_problem(error, file),)
    if node is None:
        return {}, tuple(problems)
    if not isinstance(node, yaml.MappingNode):
        hint = "Write one `key: value` a line."
        return {}, (Problem("header.syntax", "error", file, 2, "The header is not a list of keys.", hint),)
    entries, entry_problems = _entries(node, file)
    return entries, (*problems, *entry_problems)


def _plain(header: str) -> dict[str, Entry] | None:
    """The entries of a header without anything that YAML reads in a way of its own; None when YAML must read it."""
    entries: dict[str, Entry] = {}
    for line, text in enumerate(header.split("\n"), 2):
        found = PLAIN_LINE.fullmatch(text)
        if found is None or found["key"] in entries or len(entries) == MAX_KEYS:
            return None
        items, value = found["items"], found["value"]
        entries[found["key"]] = Entry(
            tuple(item.strip('"') for item in items.split(", ")) if items else value.strip('"'), line
        )
    return entries


def header_texts(text: str) -> dict[str, str]:
    """The header of a stored text as people read it: key -> value, a list joined by commas; {} without one."""
    entries, _ = read_header(split(text, "").header, "")
    return {
        key: entry.value if isinstance(entry.value, str) else ", ".join(entry.value) for key, entry in entries.items()
    }


def _forbidden(header: str, file: str) -> Iterator[Problem]:
    """What YAML allows and a header does not: tags, anchors, directives, documents, hidden line ends, comments."""
    outside = header
    for count, token in enumerate(yaml.scan(header, Loader=yaml.BaseLoader)):
        line = token.start_mark.line + 2
        if count > MAX_TOKENS:
            hint = "Shorten its lists."
            yield Problem("header.too-large", "error", file, line, "The header holds too many values.", hint)
            return
        if isinstance(token, yaml.ScalarToken):
            outside = _blank(outside, token)
        if type(token) in FORBIDDEN_TOKENS:
            code, what = FORBIDDEN_TOKENS[type(token)]
            hint = "Put the value between double quotes if the sign belongs to it, else take it out."
            yield Problem(code, "error", file, line, f"The header holds {what}.", hint)
    for line, text in enumerate(outside.split("\n"), 2):
        if "#" in text:
            hint = "Take the comment out, or put the value between double quotes."
            yield Problem("header.comment", "error", file, line, "The header holds a comment (#).", hint)


def _blank(header: str, token: yaml.ScalarToken) -> str:
    """The header with one value blanked out, so that a # left over is a comment; lines keep their numbers."""
    start, end = token.start_mark.index, token.end_mark.index
    if token.style in ("|", ">"):  # the comment behind the sign of a block is no part of its value
        start = header.find("\n", start, end)
    return header[:start] + re.sub(r"[^\n]", " ", header[start:end]) + header[end:]


def _syntax_problem(error: Exception, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context", None) or ""
    if "quoted" in context or "flow" in context:  # a lost quote or bracket is noticed far below where it opens
        mark = getattr(error, "context_mark", None)
    line = mark.line + 2 if mark is not None else 2
    what = getattr(error, "problem", None) or "it is nested too deeply or holds an impossible sign"
    hint = "Write one `key: value` a line; put a value with `: ` or a special sign between double quotes."
    return Problem("header.syntax", "error", file, line, f"The header cannot be read: {what}.", hint)


def _entries(node: yaml.MappingNode, file: str) -> tuple[dict[str, Entry], tuple[Problem, ...]]:
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    if len(node.value) > MAX_KEYS:
        hint = f"Keep at most {MAX_KEYS} keys."
        return {}, (Problem("header.too-large", "error", file, 2, "The header has too many keys.", hint),)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 2
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
        key = "" if CONTROL.search(key) else key
        value = _value(value_node)
        if not key or value is None:
            hint = f"Write a text, or a flat list of at most {MAX_ITEMS} texts."
            message = f"The value of {key or 'a key'} is not a text or a list of texts."
            problems.append(Problem("header.not-text", "error", file, line, message, hint, {"key": key}))
        elif key in entries:
            message = f"The key {key} stands on line {entries[key].line} and again on line {line}."
            fields = {"key": key, "first": str(entries[key].line)}
            problems.append(
                Problem("header.duplicate-key", "error", file, line, message, "Keep one of the two.", fields)
            )
        else:
            entries[key] = Entry(value, line)
    return entries, tuple(problems)


def _value(node: yaml.Node) -> str | tuple[str, ...] | None:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if not isinstance(node, yaml.SequenceNode) or len(node.value) > MAX_ITEMS:
        return None
    if not all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return None
    return tuple(str(item.value) for item in node.value)
