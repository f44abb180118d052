"""The rules about channels: those a zone names exist, and every answer fits each of them, filled in as it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kbengine.article import Article, Audience, Header, VariantName, Zone
from kbengine.channels import CHANNELS, Channel, channels_in
from kbengine.checks.scope import Scope, Text
from kbengine.errors import KBError, Problem
from kbengine.folder import ZONE_FILE
from kbengine.reply import BARE, BlankKind, Frame, Reply, blank_kind, compose_all, placeholders

# As long as what somebody really fills in: a September Wednesday, a long street with its number, a long name.
LONGEST: Mapping[BlankKind, str] = MappingProxyType(
    {
        BlankKind.DATE: "2026-09-30",
        BlankKind.STREET: "n" * 36,
        BlankKind.NUMBER: "0" * 12,
        BlankKind.TEXT: "n" * 30,
    }
)
LONGEST_NAME = {"first_name": "n" * 14, "name": "n" * 30}
SIGNED = Frame(initials="NN")


def limits(scope: Scope) -> Iterator[Problem]:
    """An answer that a channel of the zone takes only in parts, or cannot take at all."""
    channels = channels_in(scope.zone)
    for text in scope.articles:
        if text.header is not None:
            facts = scope.fact_values(text.article.lang)
            yield from _too_long(text, text.header, channels, facts, SIGNED if scope.zone.tone.initials else BARE)


def _too_long(
    text: Text, header: Header, channels: tuple[Channel, ...], facts: Mapping[str, str], frame: Frame
) -> Iterator[Problem]:
    blanks, citizen = longest_values(text.article)
    for channel in channels:
        try:
            reply = compose_all(((text.article, header),), channel, facts, blanks, citizen, frame=frame)
        except KBError:
            continue  # the markup rule says why, or the header keeps it off this channel
        if not reply.fits:
            yield _problem(text, header, channel, reply)


def longest_values(article: Article) -> tuple[dict[str, str], dict[str, str]]:
    """What an agent may fill in at most: blanks, and names of the citizen; a longer fallback is left to stand."""
    blanks: dict[str, str] = {}
    citizen: dict[str, str] = {}
    for place in (place for variant in article.variants for place in placeholders(variant.text)):
        value = LONGEST_NAME.get(place.name, "") if place.kind == "citizen" else LONGEST[blank_kind(place.name)]
        if place.kind != "fact" and len(place.fallback or "") < len(value):
            (blanks if place.kind == "blank" else citizen)[place.name] = value
    return blanks, citizen


def _problem(text: Text, header: Header, channel: Channel, reply: Reply) -> Problem:
    line = _line(text.article, reply.variant)
    fields = {"channel": channel.id, "count": str(reply.count), "limit": str(reply.limit), "lang": text.article.lang}
    size = f"{reply.count} of {reply.limit}"
    if reply.parts and header.audience is Audience.PUBLIC and text.article.variant(VariantName.SHORT) is None:
        message = f"There is no short variant, and this one is too long for {channel.label}, filled in: {size}."
        fields |= {"parts": str(len(reply.parts))}
        return Problem("text.no-short", "warning", text.file, line, message, "Write a short variant.", fields)
    if reply.parts:
        message = f"Too long for {channel.label}, filled in: {size}; it goes out in {len(reply.parts)} parts."
        hint, fields = "Write or shorten the short variant.", fields | {"parts": str(len(reply.parts))}
        return Problem("limit.split", "warning", text.file, line, message, hint, fields)
    message = f"Too long for {channel.label}, filled in: {size}; it cannot be sent, not even in parts."
    hint = "Write or shorten the short variant; a word or address that is longer than the channel takes cannot be cut."
    return Problem("limit.too-long", "error", text.file, line, message, hint, fields)


def _line(article: Article, name: VariantName) -> int:
    variant = article.variant(name)
    return variant.line if variant else 0


def channels_known(scope: Scope) -> Iterator[Problem]:
    """Channels of the zone's policy that nobody knows."""
    yield from unknown_channels(scope.zone, ZONE_FILE)


def unknown_channels(zone: Zone, file: str) -> Iterator[Problem]:
    """The channels that a zone orders or covers, and that do not exist."""
    for name in dict.fromkeys((*zone.channels, *zone.cover.covers)):
        if name not in CHANNELS:
            hint = "Known: " + ", ".join(CHANNELS) + "."
            yield Problem("channel.unknown", "error", file, 0, f"The channel {name} is unknown.", hint)
