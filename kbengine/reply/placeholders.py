"""The places in a text that are filled in when it goes out: `{kind:name}` or `{kind:name|fallback}`."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kbengine.errors import Problem

KINDS = ("fact", "blank", "citizen")
CITIZEN_FIELDS = ("first_name", "name")

PLACEHOLDER = re.compile(
    r"\{(?P<kind>fact|blank|citizen):(?P<name>[a-z][a-z0-9_]{0,39})(?:\|(?P<fallback>[^{}|\n]{0,200}))?\}"
)
_BRACED = re.compile(r"\{[^{}]*\}|[{}]")
_OTHER_KIND = re.compile(r"\{(?P<kind>[A-Za-z_]+):[a-z][a-z0-9_]{0,39}(?:\|[^{}|]{0,200})?\}")


class BlankKind(StrEnum):
    """What an agent fills in; the last word of a blank's name that says so, decides."""

    TEXT = "text"
    DATE = "date"
    STREET = "street"
    NUMBER = "number"


_SAID_BY = {
    BlankKind.DATE: ("datum", "dag", "date", "jour", "day", "tag"),
    BlankKind.STREET: ("straat", "adres", "rue", "adresse", "street", "address", "strasse"),
    BlankKind.NUMBER: ("nummer", "aantal", "bedrag", "numero", "nombre", "montant", "number", "amount", "anzahl"),
}


def blank_kind(name: str) -> BlankKind:
    """The kind of a blank by its name: `datum_afspraak` is a date, `naam` a text."""
    for word in reversed(name.split("_")):
        for kind, words in _SAID_BY.items():
            if word in words:
                return kind
    return BlankKind.TEXT


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One place to fill in; `fallback` is None when none was written; it stands at text[start:end]."""

    kind: str
    name: str
    fallback: str | None
    start: int
    end: int


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """The well-formed placeholders of a text, in order."""
    return tuple(
        Placeholder(found["kind"], found["name"], found["fallback"], found.start(), found.end())
        for found in PLACEHOLDER.finditer(text)
    )


def facts_in(*texts: str) -> tuple[str, ...]:
    """The names of the values that texts show, each once, in order."""
    places = (place for text in texts for place in placeholders(text))
    return tuple(dict.fromkeys(place.name for place in places if place.kind == "fact"))


def placeholder_problems(text: str, facts: Container[str], file: str, first_line: int) -> tuple[Problem, ...]:
    """Every brace that will not be filled in; `facts` are the known names, `first_line` is where the text begins."""
    return tuple(
        Problem("reply." + code, "error", file, line, message, hint, {"placeholder": piece})
        for line, written in enumerate(text.split("\n"), first_line)
        for code, piece, message, hint in _line_problems(written, facts)
    )


def _line_problems(line: str, facts: Container[str]) -> Iterator[tuple[str, str, str, str]]:
    broken = False
    for found in _BRACED.finditer(line):
        piece = found.group()
        good, other = PLACEHOLDER.fullmatch(piece), _OTHER_KIND.fullmatch(piece)
        if good and good["kind"] == "fact" and good["name"] not in facts:
            yield "fact-unknown", piece, f"There is no fact {good['name']!r}.", "Add it to the facts, or correct it."
        elif good and good["kind"] == "citizen" and good["name"] not in CITIZEN_FIELDS:
            hint = f"Known: {', '.join(CITIZEN_FIELDS)}."
            yield "citizen-unknown", piece, f"Nothing is known of a citizen as {good['name']!r}.", hint
        elif other and not good:
            hint = f"Known: {', '.join(KINDS)}."
            yield "placeholder-kind", piece, f"There is no placeholder of kind {other['kind']!r}.", hint
        elif not good and not broken:
            broken = True
            hint = "Write {fact:name}, {blank:name} or {citizen:first_name|fallback} on one line, without { } inside."
            yield "placeholder-broken", piece, "A brace that belongs to no placeholder.", hint
