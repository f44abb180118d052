"""The things in a text that must come over unchanged, each with a key under which two spellings are the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kbengine.markup import urls
from kbengine.privacy import addresses
from kbengine.reply.drift.dates import read_dates
from kbengine.reply.drift.numerals import Numeral, numerals
from kbengine.reply.drift.phones import read_phones
from kbengine.reply.drift.plain import TURNS, Plain, sentences_apart
from kbengine.reply.drift.quantities import read_quantities
from kbengine.reply.drift.tables import CURRENCY, MONTHS, NO_STREETS, UNITS
from kbengine.reply.drift.values import DriftKind

Key = tuple[str, ...]

_EMAIL = re.compile(r"[\w.+-]{1,64}+(?:@| ?[(\[](?:at|@)[)\]] ?)[\w-]{1,63}+(?>(?:\.[\w-]{1,63}+){1,4})", re.IGNORECASE)
# What an address has; nearly no text does.
_AT = re.compile(r"@|[(\[](?:at|@)[)\]]", re.IGNORECASE)
_SCHEMED = re.compile(r"\b(?:https?://|ftp://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]}'*_]", re.IGNORECASE)
_STREET = re.compile(
    r"(?<![\w-])(?>(?:[A-Z][\w'.-]{1,30}+ ){0,2})(?:[A-Z][\w'-]{0,40}(?:straat|laan|steenweg|plein|dreef|kaai|straße"
    r"|strasse|platz|allee|gasse)|(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]haussée|[Pp]lace) "
    r"(?>(?:(?:des?|du|la|les?|l'|d') ?){0,3})[A-Z][\w'-]{1,30}+)(?!\w)"
)
_TOWN = re.compile(r"(?<![\w.,-])[1-9]\d{3} [A-Z][\w'-]{1,30}+(?>(?: [A-Z][\w'-]{1,30}+){0,2})")
_HOUSE = re.compile(r"\D*?\d+ ?[a-zA-Z]?(?!\w)(?:[/-]\w{1,3}(?!\w))?(?:,? ?(?:bus|bte|box|boîte) ?\w{1,4})?")
_HOUSE_FIRST = re.compile(r"\d")
# "2000 Euro" and "2026 Januar" are no towns.
_COUNTED = frozenset((*UNITS, *CURRENCY, *MONTHS, *NO_STREETS))
_MARKER = re.compile(r"^ *(\d{1,2})[.)] +(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Item:
    """One of those things, at text[start:end] of the text as it is read."""

    kind: DriftKind
    key: Key
    start: int
    end: int


@dataclass(slots=True)
class Page:
    """A text of which what was read is covered, so that nothing is read twice."""

    plain: Plain
    items: list[Item] = field(default_factory=list)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.plain.text

    def take(self, kind: DriftKind, key: Key, start: int, end: int) -> None:
        """Keep an item and cover it."""
        self.items.append(Item(kind, key, start, end))
        self.cover(start, end)

    def cover(self, start: int, end: int) -> None:
        """Let nobody read there any more; a sign that is no letter, digit or space stands there."""
        self.text = self.text[:start] + "\x00" * (end - start) + self.text[end:]


def items(plain: Plain, lang: str, covered: tuple[tuple[int, int], ...] = ()) -> tuple[Item, ...]:
    """Every item of a text in order; `covered` are stretches that are not looked at."""
    page = Page(plain)
    for start, end in covered:
        page.cover(start, end)
    _addresses_of_the_web(page)
    _addresses(page)
    read_dates(page.text, lang, page.take)
    read_phones(page.text, page.take)
    _markers(page)
    found: list[Numeral] = list(numerals(page.text, lang))
    read_quantities(page.text, found, page.take)
    turned = bool(TURNS & set(plain.text))
    kept = (Item(item.kind, (*item.key, "turned"), item.start, item.end) if turned else item for item in page.items)
    return tuple(sorted(kept, key=lambda item: (item.start, item.end)))


def _addresses_of_the_web(page: Page) -> None:
    """E-mail addresses and links; look-alikes and unseen signs count, for they lead elsewhere."""
    for match in _EMAIL.finditer(page.text) if _AT.search(page.text) else ():
        page.take(DriftKind.EMAIL, ("email", page.plain.raw(*match.span()).casefold()), *match.span())
    found = dict(urls(page.text))
    schemed = {match.start(): match.end() for match in _SCHEMED.finditer(page.text)}
    for start, end in (schemed | found).items():
        if "\x00" not in page.text[start:end]:
            page.take(DriftKind.LINK, ("link", _target(page.plain.raw(start, end))), start, end)


def _target(address: str) -> str:
    """An address without https:// and the slash at its end; of the host the case does not matter."""
    bare = re.sub("^https://", "", address, flags=re.IGNORECASE)
    host, slash, path = bare.partition("/") if "://" not in bare else (bare, "", "")
    return host.lower() + (slash + path).rstrip("/")


def _addresses(page: Page) -> None:
    """Streets with or without a house number, and a postcode with its town."""
    for piece in addresses(sentences_apart(page.text)):
        text = page.text[piece.start : piece.end]
        if not NO_STREETS & set(text.casefold().split()):
            house = None if _HOUSE_FIRST.match(text) else _HOUSE.match(text)
            _take_address(page, piece.start, piece.start + house.end() if house else piece.end)
    for pattern in (_STREET, _TOWN):
        for match in pattern.finditer(page.text):
            if not _COUNTED & set(re.findall(r"\w+", match.group().casefold())):
                _take_address(page, *match.span())


def _take_address(page: Page, start: int, end: int) -> None:
    words = re.findall(r"\w+", page.text[start:end].casefold())
    page.take(DriftKind.ADDRESS, ("address", *sorted(words)), start, end)


def _markers(page: Page) -> None:
    """The numbers of a list that count on are covered: whether points have a number or a dash says nothing."""
    before = 0
    for match in _MARKER.finditer(page.text):
        here = int(match[1])
        if here in (1, before + 1):
            page.cover(match.start(1), match.end(1))
            before = here
