"""The example zone's policy made into a zone's own: its name and languages, without what only the example has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbengine.article import toml_text

# What says who the example zone is, whom it alerts, and who its people are: a zone writes its own, or goes without.
LEFT_OUT = re.compile(r"\[(?:addressed|danger\.alert|example_people)\b")
_CHANNEL = re.compile(r"\[channels\.(?!notice\b)")
_WATCHED = re.compile(r"(?:hours|weekend_checks)\s*=.*\n")


def own_zone(text: str, name: str, languages: Sequence[str]) -> str:
    """The text of `zone.toml` for a zone of that name; nobody watches a channel until the zone says when."""
    listed = ", ".join(map(toml_text, languages))
    head = f"name = {toml_text(name)}\nlanguages = [{listed}]\n"
    return head + "".join(_kept(text))


def _kept(text: str) -> Iterator[str]:
    for table in _tables(text):
        header = re.search(r"^\[.*", table, re.MULTILINE)
        if header is None:
            yield re.sub(r"^(?:name|example|languages)\s*=.*\n", "", table, flags=re.MULTILINE)
        elif _CHANNEL.match(header[0]):
            yield re.sub(rf"^{_WATCHED.pattern}", "", table, flags=re.MULTILINE)
        elif not LEFT_OUT.match(header[0]):
            yield table


def _tables(text: str) -> Iterator[str]:
    """A TOML text cut before every table, the comments above a table with it; the first piece has no header."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for number, line in enumerate(lines):
        if line.startswith("["):
            start = number
            while start > starts[-1] and lines[start - 1].startswith("#"):
                start -= 1
            starts.append(start)
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield "".join(lines[start:stop])
