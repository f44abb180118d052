"""The channels as data: limits, how each one counts, what it can show; each with its source and year."""

from kbengine.channels.count import count, fits, limit_of, render
from kbengine.channels.sms import Sms, sms
from kbengine.channels.table import CHANNELS, USUAL, Channel, Counting, channel

__all__ = [
    "CHANNELS",
    "USUAL",
    "Channel",
    "Counting",
    "Sms",
    "channel",
    "count",
    "fits",
    "limit_of",
    "render",
    "sms",
]
