"""Values into a text, once and flat: after Markdown was read, so that a value is never more than text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from kbengine.markup import (
    Block,
    Bold,
    Break,
    Inline,
    Italic,
    Link,
    ListBlock,
    Paragraph,
    Text,
    clean,
    safe_target,
)
from kbengine.reply.placeholders import PLACEHOLDER, BlankKind, blank_kind

MAX_VALUE = 200
NONE: Mapping[str, str] = MappingProxyType({})

_LINE_ENDS = re.compile(r"\s*[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]\s*")
_SPACED = re.compile(" ?" + PLACEHOLDER.pattern)


_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}


def in_words(blanks: Mapping[str, str], lang: str) -> dict[str, str]:
    """What an agent filled in; a date, `2026-11-21`, as that language writes it: 21 november 2026."""
    return {name: _day(value, lang) if blank_kind(name) is BlankKind.DATE else value for name, value in blanks.items()}


def _day(value: str, lang: str) -> str:
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        return value
    number = {"de": f"{day.day}.", "fr": "1er" if day.day == 1 else str(day.day)}.get(lang, str(day.day))
    return f"{number} {_MONTHS.get(lang, _MONTHS['nl']).split()[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Filled:
    """Blocks with their values in place; an open blank or missing fact stands there as `[name]`."""

    blocks: tuple[Block, ...]
    open_blanks: tuple[str, ...]
    facts_used: tuple[str, ...]
    missing_facts: tuple[str, ...]


def fill(
    blocks: Iterable[Block],
    facts: Mapping[str, str],
    blanks: Mapping[str, str] = NONE,
    citizen: Mapping[str, str] = NONE,
) -> Filled:
    """The blocks with every placeholder filled in; blanks and citizen's values are cut at 200 characters."""
    filler = _Filler({"fact": facts, "blank": blanks, "citizen": citizen})
    done = tuple(_block(block, filler) for block in blocks)
    return Filled(done, tuple(filler.open_blanks), tuple(filler.facts_used), tuple(filler.missing_facts))


def one_line(value: str) -> str:
    """A value as one line of plain text."""
    return clean(_LINE_ENDS.sub(" ", value)).strip()


@dataclass(slots=True)
class _Filler:
    """Looks values up, by kind and name, and remembers, in order, what was used and what was not there."""

    values: Mapping[str, Mapping[str, str]]
    open_blanks: dict[str, None] = field(default_factory=dict)
    facts_used: dict[str, None] = field(default_factory=dict)
    missing_facts: dict[str, None] = field(default_factory=dict)

    def look_up(self, found: re.Match[str]) -> str | None:
        """The value of a placeholder, else its fallback, else None."""
        kind, name = found["kind"], found["name"]
        # Cleaned here, because a text names few of the values that there are.
        value = one_line(self.values.get(kind, NONE).get(name, ""))
        if kind != "fact":
            value = value[:MAX_VALUE].strip()
        if value and kind == "fact":
            self.facts_used[name] = None
        if value or found["fallback"] is not None:
            return value or found["fallback"]
        (self.missing_facts if kind == "fact" else self.open_blanks)[name] = None
        return None

    def text(self, text: str) -> str:
        """The text filled in; a placeholder that comes to nothing takes the space before it along."""

        def put(found: re.Match[str]) -> str:
            value = self.look_up(found)
            shown = f"[{found['name'].replace('_', ' ')}]" if value is None else value
            return found.group()[: found.group().index("{")] + shown if shown else ""

        return _SPACED.sub(put, text)

    def link(self, content: tuple[Inline, ...], target: str) -> tuple[Inline, ...]:
        """The link with facts in its target; when that gives no safe address only its text is left."""
        names = [found["name"] for found in PLACEHOLDER.finditer(target)]
        filled = PLACEHOLDER.sub(lambda found: self.look_up(found) or "", target)
        if safe_target(filled):
            return (Link(content, filled),)
        self.missing_facts |= dict.fromkeys(names)
        return content


def _block(block: Block, filler: _Filler) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(_inlines(block.content, filler))
    return _list(block, filler)


def _list(block: ListBlock, filler: _Filler) -> ListBlock:
    items = tuple(
        replace(
            item,
            content=_inlines(item.content, filler),
            nested=tuple(_list(nested, filler) for nested in item.nested),
        )
        for item in block.items
    )
    return replace(block, items=items)


def _inlines(content: Iterable[Inline], filler: _Filler) -> tuple[Inline, ...]:
    return tuple(done for value in content for done in _inline(value, filler))


def _inline(value: Inline, filler: _Filler) -> tuple[Inline, ...]:
    match value:
        case Text(text):
            return (Text(filler.text(text)),)
        case Break():
            return (value,)
        case Bold(content):
            return (Bold(_inlines(content, filler)),)
        case Italic(content):
            return (Italic(_inlines(content, filler)),)
        case Link(content, target):
            return filler.link(_inlines(content, filler), target)
