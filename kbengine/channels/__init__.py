"""The channels as data: limits, how each one counts, what it shows, with source and date; and a zone's hours."""

from kbengine.channels.chosen import channel_in, channels_in
from kbengine.channels.count import count, fits, limit_of, render
from kbengine.channels.hours import Look, belgian_holidays, easter, is_open, next_look
from kbengine.channels.notice import checks_text, hours_text, notice_text
from kbengine.channels.sms import Sms, sms
from kbengine.channels.table import CHANNELS, USUAL, Channel, Counting, Window, channel

__all__ = [
    "CHANNELS",
    "USUAL",
    "Channel",
    "Counting",
    "Look",
    "Sms",
    "Window",
    "belgian_holidays",
    "channel",
    "channel_in",
    "channels_in",
    "checks_text",
    "count",
    "easter",
    "fits",
    "hours_text",
    "is_open",
    "limit_of",
    "next_look",
    "notice_text",
    "render",
    "sms",
]
