"""Reads a posted form strictly: closed, each name once, lines ended in one way."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import request

from kbengine.article import Kind, Ref
from kbengine.errors import InvalidDocument, NotFound
from kbengine.history import Move, Weight
from web.context import TOKEN
from web.proof import PROOF

BLANK = "blank:"
ALSO = "also:"


def posted(*names: str, optional: Collection[str] = (), prefixes: tuple[str, ...] = ()) -> dict[str, str]:
    """The fields of a form; optional ones are "" when absent, names after `prefixes` are free.

    Raises InvalidDocument.
    """
    fields: dict[str, str] = {}
    for name, values in request.form.lists():
        free = name.startswith(prefixes)
        if name == PROOF:
            continue
        if name != TOKEN and not free and name not in names and name not in optional:
            raise _refused(name)
        if len(values) != 1:
            raise _refused(name)
        fields[name] = values[0].replace("\r\n", "\n")
    for name in names:
        if name not in fields:
            raise _refused(name)
    return dict.fromkeys(optional, "") | fields


def _refused(name: str) -> InvalidDocument:
    shown = name[:40]
    return InvalidDocument("form.field", f"The field {shown} is unknown, missing or sent twice.", field=shown)


def blanks_of(fields: dict[str, str]) -> dict[str, str]:
    """What an agent filled in, by the name of the blank."""
    return {name.removeprefix(BLANK): value for name, value in fields.items() if name.startswith(BLANK)}


def number_of(text: str) -> int:
    """A whole number out of a form or address; raises InvalidDocument."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _refused("number")
    return int(text)


def ref_of(fields: Mapping[str, str]) -> Ref:
    """The text that a form is about, by its `kind`, `slug` and `lang`; raises NotFound."""
    try:
        return Ref(Kind(fields["kind"]), fields["slug"], fields["lang"])
    except ValueError:
        raise NotFound("ref.unknown", "There is no such text.", "Open it from a list.") from None


def weight_of(text: str) -> Weight | None:
    """How much a change changes out of a form, None when it was not asked; raises InvalidDocument."""
    try:
        return Weight(text) if text else None
    except ValueError:
        raise InvalidDocument("weight.unknown", "There is no such weight.", "Choose small, medium or major.") from None


def told(name: str) -> int:
    """How many of something the address says were done; whatever else stands there is none."""
    said = request.args.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def move_of(text: str) -> Move:
    """A move out of a form; raises InvalidDocument."""
    try:
        return Move(text)
    except ValueError:
        raise _refused("move") from None
