"""The channels of one zone: those it chose, with the limits it says of its own."""

from __future__ import annotations

from dataclasses import replace

from kbengine.article import Zone
from kbengine.channels.table import CHANNELS, USUAL, Channel, channel


def channel_in(zone: Zone, id: str) -> Channel:
    """The channel of that id with the zone's own limits; raises NotFound."""
    found, said = channel(id), zone.cover.covers.get(id)
    if said is None or (said.limit, said.advised) == (None, None):
        return found
    return replace(
        found,
        limit=found.limit if said.limit is None else said.limit,
        advised=found.advised if said.advised is None else said.advised,
        source=said.source,
        source_date=said.date,
    )


def channels_in(zone: Zone) -> tuple[Channel, ...]:
    """The channels a zone uses, in its order; the usual ones when it chose none."""
    chosen = tuple(name for name in zone.channels if name in CHANNELS)
    return tuple(channel_in(zone, name) for name in chosen or USUAL)
