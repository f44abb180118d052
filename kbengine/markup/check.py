"""What an answer's text may not hold, each with its line and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kbengine.errors import Level, Problem, TooLarge
from kbengine.markup.blocks import Bold, Inline, Italic, Link, Text
from kbengine.markup.characters import HIDDEN, PLACEHOLDER_LIKE, clean
from kbengine.markup.parse import Unit, inline, read

_LITERAL = re.compile(PLACEHOLDER_LIKE.pattern + r"|\\[^\w\s]")

_RULES: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    ("image", re.compile(r"!\["), "An image.", "Leave it out, or put a space between ! and [ for a link."),
    (
        "heading",
        re.compile(r" {0,3}(#{1,6}(\s|$)|={2,}\s*$)"),
        "A heading.",
        "Only the variants have headings; write a sentence.",
    ),
    (
        "html",
        re.compile(r"<[A-Za-z/!?]|&(#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w{1,30});"),
        "HTML would be shown as it stands.",
        "Write the text itself.",
    ),
    ("code", re.compile(r"`[^`]+`|```| {0,3}~~~"), "Code.", "Use quotation marks or bold."),
    (
        "table",
        re.compile(r"\s*(\|\s*:?-{2,}|:?-{2,}:?\s*\|)[-:| ]*$"),
        "A table.",
        "Write it as a list; no channel shows tables.",
    ),
    ("quote", re.compile(r" {0,3}>"), "A block quote.", "Leave out the > and use quotation marks."),
    (
        "rule",
        re.compile(r" {0,3}([-*_])( *\1){2,}\s*$"),
        "A horizontal rule.",
        "Leave an empty line instead.",
    ),
    (
        "reference",
        re.compile(r" {0,3}\[[^\]]+\]:\s*\S|\][ ]?\["),
        "A link by reference.",
        "Write [text](https://address) in the sentence.",
    ),
)
# Those of a line's beginning; the others are looked for everywhere in it.
_AT_START = frozenset({"heading", "table", "quote", "rule"})
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?P<text>[^*_]{1,60}?)\1:?\s*")


def check(text: str, file: str, first_line: int) -> tuple[Problem, ...]:
    """Every problem of one variant's text, in the order of its lines; `first_line` is where it begins in its file."""
    try:
        units = read(text)
        found = [*_hidden(text), *_lines(text), *_indented(units), *_links(units)]
    except TooLarge as error:
        return (Problem(error.code, "error", file, first_line, error.message, error.hint, error.fields),)
    return tuple(
        Problem("markup." + code, level, file, first_line + line, message, hint, fields)
        for line, code, level, message, hint, fields in sorted(found, key=lambda row: row[0])
    )


_Row = tuple[int, str, Level, str, str, dict[str, str]]


def _hidden(text: str) -> Iterator[_Row]:
    hint = "Delete it and type the words around it again."
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text)):
        points = sorted({f"U+{ord(found):04X}" for found in HIDDEN.findall(line)})
        if points:
            listed = ", ".join(points)
            yield (
                number,
                "hidden",
                "error",
                f"Characters that cannot be seen: {listed}.",
                hint,
                {"characters": listed},
            )


def _lines(text: str) -> Iterator[_Row]:
    for number, line in enumerate(clean(text).split("\n")):
        masked = _LITERAL.sub(lambda found: "x" * len(found.group()), line)
        for code, pattern, message, hint in _RULES:
            if pattern.match(masked) if code in _AT_START else pattern.search(masked):
                yield number, code, "error", message, hint, {}
        bold = _BOLD_LINE.fullmatch(line)
        if bold and bold["text"].strip()[-1:] not in tuple(".!?"):
            message, hint = (
                "A bold line that looks like a heading.",
                "End it as a sentence, or put it in one.",
            )
            yield number, "bold-heading", "warning", message, hint, {"text": bold["text"]}


def _indented(units: Iterable[Unit]) -> Iterator[_Row]:
    for unit in units:
        if not unit.item and unit.indent >= 4:
            hint = "Begin the line without spaces."
            yield unit.line, "code", "error", "Four spaces or a tab at the start would be code.", hint, {}


def _links(units: Iterable[Unit]) -> Iterator[_Row]:
    """Links that the reader refused: what it left as it was typed."""
    hint = "Write [text](https://address): https, http, mailto or tel, without spaces, quotation marks or < >."
    for unit in units:
        source = "\n".join(unit.lines)
        if "](" not in _LITERAL.sub("", source):
            continue
        for left in _texts(inline(source)):
            for found in re.finditer(r"\]\(([^)\s]*)", left):
                yield (
                    _line_of(unit, found.group()),
                    "link",
                    "error",
                    "A link that cannot be used.",
                    hint,
                    {"target": found.group(1)},
                )


def _line_of(unit: Unit, snippet: str) -> int:
    return unit.line + next((n for n, line in enumerate(unit.lines) if snippet in line), 0)


def _texts(content: Iterable[Inline]) -> Iterator[str]:
    for value in content:
        if isinstance(value, Text):
            yield value.text
        elif isinstance(value, Bold | Italic | Link):
            yield from _texts(value.content)
