"""The hours of the zone's channels: who watches which, whether somebody does now, and what to tell a citizen."""

from __future__ import annotations

from datetime import datetime

from kbengine.channels import Look, channels_in, is_open, next_look, notice_text
from kbengine.engine.room import Room


class Hours:
    """The hours of one store's zone, as its validated policy says them."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def notice(self, channel_id: str, lang: str, now: datetime) -> str:
        """The vetted notice for a citizen: when the channel is read, and that emergencies go by telephone.

        Empty when the policy says no hours for the channel, or no notice in that language.
        """
        return notice_text(self._room.read()[0].zone.cover, channel_id, lang)

    def open_now(self, channel_id: str, now: datetime) -> bool:
        """Whether somebody watches the channel at that moment; one without hours is never said to be shut."""
        zone = self._room.read()[0].zone
        return is_open(zone.cover, channel_id, now, zone.timezone)

    def next_look(self, channel_id: str, now: datetime) -> Look | None:
        """When somebody reads the channel next after that moment: its hours begin, or a check; None without hours."""
        zone = self._room.read()[0].zone
        return next_look(zone.cover, channel_id, now, zone.timezone)

    def shut(self, now: datetime) -> dict[str, Look | None]:
        """The zone's channels that nobody watches at that moment, each with when somebody reads it next."""
        names = (channel.id for channel in channels_in(self._room.read()[0].zone))
        return {name: self.next_look(name, now) for name in names if not self.open_now(name, now)}

    def team(self, channel_id: str) -> str:
        """Which team keeps the channel, empty when the policy does not say."""
        zone = self._room.read()[0].zone
        cover = zone.cover.covers.get(channel_id)
        return zone.owners.get(cover.team, "") if cover else ""
