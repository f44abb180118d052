"""Where a text holds web addresses, with or without https://, as X finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from linkify_it.tlds import TLDS

LONGEST = 4_096

_ACCENTED = "\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
_LATIN = f"{_ACCENTED}\u02bb\u0300-\u036f\u1e00-\u1eff"
_PART = rf"(?![_-])[a-z0-9_{_LATIN}-]++(?<![_-])\."
# With http:// before it a name may be written in any alphabet, even with signs that no register accepts.
_NO_NAME = r"!'#%&()*+,\\./:;<=>?@\[\]^{|}~$\s\x85\u180e\ufffe\uffff\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ANY_PART = rf"(?![_-])[^{_NO_NAME}]++(?<![_-])\."
_START = re.compile(
    r"(?<![a-z0-9@\uff20$#\uff03\ufeff\ufffe\uffff])"
    rf"(?:(?P<scheme>https?://)(?P<any>(?:{_ANY_PART})+)|(?<![{_LATIN}_./-])(?P<name>(?:{_PART})+))",
    re.IGNORECASE,
)
_ASCII_ENDING = re.compile(r"(xn--[0-9a-z-]+|[a-z]+)(?![0-9a-z@+-])", re.IGNORECASE)
_PORT = re.compile(r":[0-9]+")
_IN_PATH = rf"[a-z0-9\u0400-\u04ff!*';:=+,.$/%#\[\]\u2013_~@|&{_LATIN}-]"
_PAIR = rf"\((?:{_IN_PATH}++\)|{_IN_PATH}*+\({_IN_PATH}++\){_IN_PATH}*+\))"
_PATH = re.compile(rf"/(?>(?:{_IN_PATH}|{_PAIR})*)", re.IGNORECASE)
_NOT_LAST = "!*';:,.$%[]\u2013~@|&"
_QUERY = re.compile(r"\?[a-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[a-z0-9_&=#/-]", re.IGNORECASE)


def urls(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each web address; a bare domain counts when its ending exists."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while (match := _START.search(text, at)) is not None:
        group = "any" if match["scheme"] else "name"
        domain_end = _domain_end(text, match.start(group), match.end())
        if domain_end is None:
            at = match.end()
            continue
        at = _end(text, domain_end)
        # Without http:// an address begins after the last underscore: those are not in a name that can be bought.
        start = match.start() if match["scheme"] else text.rfind("_", match.start(), domain_end) + 1 or match.start()
        if at - start <= LONGEST:
            yield start, at


def _domain_end(text: str, start: int, end: int) -> int | None:
    """Where the domain stops that has the most parts and an ending that exists; text[start:end] ends in a point."""
    while (point := text.rfind(".", start, end)) >= 0:
        before = max(text.rfind(".", start, point) + 1, start)
        ending = _ending(text, point + 1)
        if ending is not None and "_" not in text[before:point]:
            return ending
        end = point
    return None


def _ending(text: str, start: int) -> int | None:
    """Where the ending stops that begins there, when there is such an ending."""
    ascii_ending = _ASCII_ENDING.match(text, start)
    if ascii_ending is not None:
        name = ascii_ending.group(1).lower()
        return ascii_ending.end() if name.startswith("xn--") or name in _endings() else None
    names = _foreign().get(text[start : start + 1], ())
    return next((start + len(name) for name in names if text.startswith(name, start)), None)


def _end(text: str, at: int) -> int:
    """Where the address stops of which the domain stops there: port, path and query belong to it."""
    if port := _PORT.match(text, at):
        at = port.end()
    if path := _PATH.match(text, at):
        at += len(path.group().rstrip(_NOT_LAST))
    query = _QUERY.match(text, at)
    return query.end() if query else at


@cache
def _endings() -> frozenset[str]:
    return frozenset(name.lower() for name in TLDS)


@cache
def _foreign() -> Mapping[str, tuple[str, ...]]:
    """The endings in other alphabets by their first letter, the longest first."""
    names = sorted((name.lower().encode().decode("idna") for name in TLDS if name.upper().startswith("XN--")), key=len)
    return {name[0]: tuple(other for other in reversed(names) if other[0] == name[0]) for name in names}
