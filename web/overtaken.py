"""Two people at once, for whoever came second: who was first, both texts, and what they typed themselves."""

from __future__ import annotations

from typing import Final

from flask import render_template

from kbengine.article import Ref
from kbengine.engine import RevisionLine
from kbengine.errors import KBError
from kbengine.history import Move
from web.context import engine, person
from web.errors import status_of

# What a decision is refused with when the text, or what was decided on it, is no longer what its page showed.
MEANWHILE: Final = frozenset({"move.state", "revision.changed", "revision.newer"})


def first_one(ref: Ref) -> RevisionLine:
    """The newest revision of a text: who saved it, and when."""
    return engine().editing.lines(ref)[0]


def overtaken(ref: Ref, seen: int, move: Move, reason: str, error: KBError) -> tuple[str, int]:
    """The page for a decision on a text that somebody else was quicker with; the note that was typed stays on it."""
    found = engine().meanwhile(person(), ref, seen)
    page = render_template("overtaken.html", found=found, move=move, reason=reason, error=error)
    return page, status_of(error)
