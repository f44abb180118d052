"""What is filled in where a text has a placeholder: by its label, with today's value, or the nearest that is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from kbengine.reply import CITIZEN_FIELDS, placeholder_problems, placeholders

_LIKE = 0.6
_LIKE_LABEL = 0.5
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Place:
    """One placeholder of a text, once however often it stands there; `count` says how often.

    `kind` is "fact", "blank", "citizen", or "" for one that nothing is filled in for; then `nearest` is what was
    probably meant, as it would be written, "" when nothing comes near. `label` and `value` are of the fact.
    """

    written: str
    kind: str = ""
    name: str = ""
    label: str = ""
    value: str = ""
    fallback: str = ""
    nearest: str = ""
    count: int = 1


def places_in(text: str, facts: Mapping[str, tuple[str, str]]) -> tuple[Place, ...]:
    """The placeholders of a text in order; `facts` are the known names with their label and value."""
    wrong = {problem.fields["placeholder"] for problem in placeholder_problems(text, facts, "", 1)}
    made: dict[str, Place] = {}
    for place in placeholders(text):
        written = text[place.start : place.end]
        label, value = facts.get(place.name, ("", "")) if place.kind == "fact" else ("", "")
        if written not in wrong:
            made[written] = Place(written, place.kind, place.name, label, value, place.fallback or "")
    made |= {piece: Place(piece, nearest=nearest(piece, facts)) for piece in wrong if len(piece) > 1}
    ordered = sorted(made.values(), key=lambda place: text.index(place.written))
    return tuple(replace(place, count=text.count(place.written)) for place in ordered)


def nearest(piece: str, facts: Mapping[str, tuple[str, str]]) -> str:
    """What was probably meant by something in braces that is not known, as it would be written; "" for no idea."""
    kind, _, rest = piece.strip("{} ").partition(":")
    name = (rest or kind).partition("|")[0].strip().casefold()
    joined = "_".join(_WORD.findall(name))
    if kind.strip() == "citizen":
        like = get_close_matches(joined, CITIZEN_FIELDS, 1, _LIKE)
        return f"{{citizen:{like[0]}|}}" if like else ""
    if kind.strip() == "blank" and joined:
        return f"{{blank:{joined[:40]}}}" if joined.isascii() and joined[0].isalpha() else ""
    by_label = {label.casefold(): known for known, (label, _) in facts.items()}
    if joined in facts or name in by_label:
        return f"{{fact:{joined if joined in facts else by_label[name]}}}"
    if like := get_close_matches(joined, facts, 1, _LIKE):
        return f"{{fact:{like[0]}}}"
    like = get_close_matches(name, by_label, 1, _LIKE_LABEL)
    return f"{{fact:{by_label[like[0]]}}}" if like else ""
