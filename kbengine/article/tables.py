"""A register of tables as a text that people keep: where a table stands, and the same text with one table changed."""

from __future__ import annotations

import re

from kbengine.article.register import line_of, read_toml, toml_text
from kbengine.errors import InvalidDocument

HEAD = re.compile(r"\s*\[\s*(\"?)([^\[\]\"]*)\1\s*\]\s*(#.*)?")
ASIDE = re.compile(r"\s*(#.*)?")
BARE = re.compile(r"[A-Za-z0-9_-]+")


def table_line(text: str, name: str, key: str = "") -> int:
    """The line of a table in a TOML text, or of one of its keys; 1 when it is not found."""
    quoted = rf"\"?{re.escape(name)}\"?"
    first = line_of(text, rf"\[\s*{quoted}\s*\]|{quoted}\s*=")
    if not key:
        return first
    rest = "\n".join(text.split("\n")[first:])
    return first + line_of(rest, rf"\"?{re.escape(key)}\"?\s*=")


def table_key(name: str) -> str:
    """A name as TOML takes it for a key or a table, whatever somebody typed."""
    return name if BARE.fullmatch(name) else toml_text(name)


def with_table(text: str, name: str, table: str) -> str:
    """The text with the table of that name replaced by another, taken out when that is "", else added at the end.

    Everything else stays as it is written, comments too. Raises InvalidDocument when the text is not written as one
    table after another, so that a person must change it by hand, or has the new name already.
    """
    before, unreadable = read_toml(text, "")
    new, broken = read_toml(table, "")
    if unreadable or broken or len(new) > 1:
        raise _by_hand()
    if taken := new.keys() & (before.keys() - {name}):
        shown = ", ".join(taken)
        raise InvalidDocument("register.exists", f"There is a {shown} already.", "Choose another name.", name=shown)
    lines = text.rstrip("\n").split("\n")
    heads = [place for place, line in enumerate(lines) if HEAD.fullmatch(line)]
    named = [place for place in heads if lines[place].split("#")[0].strip(' []"\t') == name]
    start = named[0] if named else len(lines)
    end = next((place for place in heads if place > start), len(lines))
    while end > start and ASIDE.fullmatch(lines[end - 1]):
        end -= 1
    added = table.rstrip("\n").split("\n") if table else []
    gap = [""] if added and not named and text.strip() else []
    changed = "\n".join([*lines[:start], *gap, *added, *lines[end:]]).strip("\n") + "\n"
    after, problems = read_toml(changed, "")
    if problems or after != {key: value for key, value in before.items() if key != name} | new:
        raise _by_hand()
    return changed


def _by_hand() -> InvalidDocument:
    message = "This register is not written as one table after another, so no form can change it."
    return InvalidDocument("register.by-hand", message, "Export it, change the file, and import it.")
