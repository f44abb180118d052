"""The channels as data: limits, how each one counts, what it can show; each with its source and year."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from kbengine.errors import NotFound
from kbengine.markup import Block, PlainStyle, to_plain, urls

Counting = Literal["weighted", "characters", "bytes"]

PLAIN = PlainStyle()
WHATSAPP = PlainStyle(bold="*", italic="_")
NO_LINKS = PlainStyle(full_links=False)

X_URL_WEIGHT = 23
X_EMOJI_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to answer a citizen; `limit` and `advised` are in what `counting` counts, None for no limit."""

    id: str
    label: str
    public: bool
    limit: int | None
    counting: Counting
    style: PlainStyle
    advised: int | None
    source: str
    source_year: int

    @property
    def links_clickable(self) -> bool:
        """Whether an address in the text can be followed."""
        return self.style.full_links


_SIZES = "https://lettercounter.org/blog/social-media-character-limits-comparison"
_MESSAGES = "https://bugalou.com/en/help/channels/channel-specific-message-formatting"
_X = "twitter-text config/v3.json; https://docs.x.com/fundamentals/counting-characters"
_WHATSAPP = "https://docs.360dialog.com/partner/messaging/text-messages"
_EMAIL = "https://cleartexteditor.com/blog/character-limits-by-platform.html"

_ALL = (
    Channel("facebook", "Facebook-reactie", True, 8_000, "characters", PLAIN, None, _SIZES, 2026),
    Channel("messenger", "Messenger", False, 2_000, "characters", PLAIN, None, _MESSAGES, 2026),
    Channel("instagram", "Instagram-reactie", True, 2_200, "characters", NO_LINKS, 300, _SIZES, 2026),
    Channel("instagram_dm", "Instagram-privébericht", False, 1_000, "bytes", PLAIN, None, _MESSAGES, 2026),
    Channel("x", "X", True, 280, "weighted", PLAIN, None, _X, 2026),
    Channel("x_dm", "X-privébericht", False, 10_000, "characters", PLAIN, None, _SIZES, 2026),
    Channel("whatsapp", "WhatsApp", False, 4_096, "characters", WHATSAPP, 1_600, _WHATSAPP, 2026),
    Channel("email", "E-mail", False, None, "characters", PLAIN, None, _EMAIL, 2026),
)
CHANNELS: Mapping[str, Channel] = MappingProxyType({channel.id: channel for channel in _ALL})

# U+0000-10FF, U+2000-200D, U+2010-201F and U+2032-2037 weigh 1, all else 2 (twitter-text config/v3.json).
_LIGHT = re.compile("[\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_PICTURE = (
    "[\u203c\u2049\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_SHADED = f"(?:{_PICTURE}|[\xa9\xae\u2122]\ufe0f)[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    "|[0-9#*]\ufe0f?\u20e3"  # a keycap
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # the flag of a region
    f"|{_SHADED}(?:\u200d{_SHADED})*"
)


def channel(id: str) -> Channel:
    """The channel of that id; raises NotFound."""
    try:
        return CHANNELS[id]
    except KeyError:
        known = ", ".join(CHANNELS)
        raise NotFound("channel.unknown", f"There is no channel {id!r}.", f"Known: {known}.", channel=id) from None


def count(text: str, channel: Channel) -> int:
    """The length of a text as the channel counts it: weights, code points or UTF-8 bytes, after NFC."""
    text = unicodedata.normalize("NFC", text)
    if channel.counting == "bytes":
        return len(text.encode("utf-8", "surrogatepass"))
    return _weight(text) if channel.counting == "weighted" else len(text)


def _weight(text: str) -> int:
    """The weight that X gives a text: 23 an address, 2 an emoji however it is composed, else 1 or 2 a code point."""
    found = urls(text)
    total = X_URL_WEIGHT * len(found)
    end = 0
    for start, next_end in (*found, (len(text), len(text))):
        between = text[end:start]
        rest, emoji = _EMOJI.subn("", between)
        light = len(_LIGHT.findall(rest))
        total += X_EMOJI_WEIGHT * emoji + light + 2 * (len(rest) - light)
        end = next_end
    return total


def render(blocks: Iterable[Block], channel: Channel) -> str:
    """The blocks in the channel's own formatting."""
    return to_plain(blocks, channel.style)
