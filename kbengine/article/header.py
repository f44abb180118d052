"""The header of an article file: YAML read strictly, every scalar as text, every problem with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from kbengine.errors import Problem

MAX_HEADER_BYTES = 16_000
MAX_KEYS = 64
MAX_ITEMS = 100
FENCE = "---"
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
        return _unreadable(file, len(lines), "header.unclosed", "The header is never closed.", hint)
    header = "\n".join(lines[1:closing])
    if len(header.encode()) > MAX_HEADER_BYTES:
        hint = f"Keep the header under {MAX_HEADER_BYTES} bytes."
        return _unreadable(file, 1, "header.too-large", "The header is too large.", hint)
    return Split(header, "\n".join(lines[closing + 1 :]), closing + 2, ())


def _unreadable(file: str, line: int, code: str, message: str, hint: str) -> Split:
    return Split("", "", line, (Problem(code, "error", file, line, message, hint),))


def read_header(header: str, file: str) -> tuple[dict[str, Entry], tuple[Problem, ...]]:
    """The entries of a header and everything that is wrong with it; line 1 of the header is line 2 of the file."""
    try:
        problems = list(_forbidden(header, file))
        node = None if problems else yaml.compose(header, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return {}, (_syntax_problem(error, file),)
    if problems:
        return {}, tuple(problems)
    if node is None:
        return {}, ()
    if not isinstance(node, yaml.MappingNode):
        hint = "Write one `key: value` a line."
        return {}, (Problem("header.syntax", "error", file, 2, "The header is not a list of keys.", hint),)
    return _entries(node, file)


def _forbidden(header: str, file: str) -> Iterator[Problem]:
    """What YAML allows and a header does not: tags, anchors, directives, documents, comments."""
    scalars: list[tuple[int, int]] = []
    for token in yaml.scan(header, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.ScalarToken):
            scalars.append((token.start_mark.index, token.end_mark.index))
        if type(token) in FORBIDDEN_TOKENS:
            code, what = FORBIDDEN_TOKENS[type(token)]
            line = token.start_mark.line + 2
            hint = "Put the value between double quotes if the sign belongs to it, else take it out."
            yield Problem(code, "error", file, line, f"The header holds {what}.", hint)
    for index, sign in enumerate(header):
        if sign == "#" and not any(start <= index < end for start, end in scalars):
            if header.rfind("#", header.rfind("\n", 0, index) + 1, index) >= 0:
                continue  # a later # of the same comment
            line = header.count("\n", 0, index) + 2
            hint = "Take the comment out, or put the value between double quotes."
            yield Problem("header.comment", "error", file, line, "The header holds a comment (#).", hint)


def _syntax_problem(error: Exception, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
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
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
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
