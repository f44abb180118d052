"""How long a text is, as each channel counts; always of the composed text (NFC)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kbengine.channels.graphemes import PICTURE, graphemes
from kbengine.channels.sms import GSM_ONE, UCS_ONE, sms
from kbengine.channels.table import Channel
from kbengine.markup import Block, to_plain, urls

URL_WEIGHT = 23
EMOJI_WEIGHT = 2

# U+0000-10FF, U+2000-200D, U+2010-201F and U+2032-2037 weigh 1, all else 2 (twitter-text config/v3.json).
_LIGHT = re.compile("[\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_SHADED = f"(?:{PICTURE}|[\xa9\xae\u2122]\ufe0f)[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    "|[0-9#*]\ufe0f?\u20e3"  # a keycap
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # the flag of a region
    f"|{_SHADED}(?:\u200d{_SHADED})*"
)
# On Mastodon an address has a scheme, and of @name@server only @name counts.
_SCHEME = re.compile("https?://", re.IGNORECASE)
_SERVER = re.compile(r"(?<![\w/@])(@\w+(?:[.-]\w+)*)@[\w-]+(?:\.[\w-]+)+")


def count(text: str, channel: Channel) -> int:
    """The length of a text as the channel counts it."""
    text = unicodedata.normalize("NFC", text)
    match channel.counting:
        case "weighted":
            return _weight(text)
        case "bytes":
            return _bytes(text)
        case "graphemes":
            return graphemes(text)
        case "mastodon":
            return _mastodon(text)
        case "sms":
            return sms(text).units
        case "characters":
            return len(text)


def limit_of(text: str, channel: Channel) -> int | None:
    """What the channel takes of a text like this one, in what it counts; None for no limit.

    One sign outside the small alphabet makes the whole of a text message count in the large one.
    """
    if channel.counting != "sms" or channel.limit != GSM_ONE:
        return channel.limit
    return GSM_ONE if sms(unicodedata.normalize("NFC", text)).alphabet == "gsm-7" else UCS_ONE


def fits(text: str, channel: Channel) -> bool:
    """Whether the channel takes the text, in one piece."""
    limit = limit_of(text, channel)
    if channel.max_bytes is not None and _bytes(unicodedata.normalize("NFC", text)) > channel.max_bytes:
        return False
    return limit is None or count(text, channel) <= limit


def render(blocks: Iterable[Block], channel: Channel) -> str:
    """The blocks in the channel's own formatting."""
    return to_plain(blocks, channel.style)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _weight(text: str) -> int:
    """The weight that X gives a text: 23 an address, 2 an emoji however it is composed, else 1 or 2 a code point."""
    found = urls(text)
    total = URL_WEIGHT * len(found)
    end = 0
    for start, next_end in (*found, (len(text), len(text))):
        between = text[end:start]
        rest, emoji = _EMOJI.subn("", between)
        light = len(_LIGHT.findall(rest))
        total += EMOJI_WEIGHT * emoji + light + 2 * (len(rest) - light)
        end = next_end
    return total


def _mastodon(text: str) -> int:
    addresses = [(start, end) for start, end in urls(text) if _SCHEME.match(text, start)]
    total = URL_WEIGHT * len(addresses)
    at = 0
    for start, end in (*addresses, (len(text), len(text))):
        total += len(_SERVER.sub(r"\1", text[at:start]))
        at = end
    return total
