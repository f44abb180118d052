"""Every channel, one row each: what it refuses, how it counts, what it shows, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from kbengine.errors import NotFound
from kbengine.markup import PlainStyle

Counting = Literal["weighted", "characters", "bytes", "graphemes", "mastodon", "sms"]

PLAIN = PlainStyle()
MARKED = PlainStyle(bold="*", italic="_")
NO_LINKS = PlainStyle(full_links=False)


@dataclass(frozen=True, slots=True)
class Window:
    """How many hours after a citizen's last message they may be answered freely; `by_person` when a person does."""

    hours: int
    by_person: int
    source: str
    source_date: str


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to answer a citizen; `limit` and `advised` are in what `counting` counts, None for no limit.

    `source` says so, as of `source_date`: a year or a day. `max_bytes` is a second limit, in UTF-8, for a channel that
    has one. The limit of a text message is that of one message in the small alphabet; `limit_of` knows the other.
    `visible` is about how much of a post a telephone shows before somebody asks for more.
    """

    id: str
    label: str
    public: bool
    limit: int | None
    counting: Counting
    style: PlainStyle
    advised: int | None
    source: str
    source_date: str
    max_bytes: int | None = None
    visible: int | None = None
    window: Window | None = None

    @property
    def links_clickable(self) -> bool:
        """Whether an address in the text can be followed."""
        return self.style.full_links


_SIZES = "https://lettercounter.org/blog/social-media-character-limits-comparison"
_MESSAGES = "https://bugalou.com/en/help/channels/channel-specific-message-formatting"
_X = "twitter-text config/v3.json; https://docs.x.com/fundamentals/counting-characters"
_WHATSAPP = "https://docs.360dialog.com/partner/messaging/text-messages"
_EMAIL = "https://cleartexteditor.com/blog/character-limits-by-platform.html"
_BLUESKY = "https://github.com/bluesky-social/atproto: lexicons/app/bsky/feed/post.json"
_MASTODON = "https://mastodon.social/api/v2/instance; each server may have its own"
_HOPLR = "no limit was found: a cautious one; https://blog.hoplr.com/nl/wallonie-en-brussel/"
_NEXTDOOR = "no limit was found"
_SMS = "3GPP TS 23.038; https://pipeone.me/help-center-english/character-limits-per-message"

_META = Window(
    24,
    7 * 24,
    "https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages",
    "2026-05",
)
_WHATSAPP_WINDOW = Window(24, 24, _WHATSAPP, "2026")

# What a zone has when it chooses none; the others are there to be chosen.
_USUAL = (
    Channel("facebook", "Facebook-reactie", True, 8_000, "characters", PLAIN, None, _SIZES, "2026"),
    Channel("messenger", "Messenger", False, 2_000, "characters", PLAIN, None, _MESSAGES, "2026", window=_META),
    Channel("instagram", "Instagram-reactie", True, 2_200, "characters", NO_LINKS, 300, _SIZES, "2026"),
    Channel(
        "instagram_dm", "Instagram-privébericht", False, 1_000, "bytes", PLAIN, None, _MESSAGES, "2026", window=_META
    ),
    Channel("x", "X", True, 280, "weighted", PLAIN, None, _X, "2026"),
    Channel("x_dm", "X-privébericht", False, 10_000, "characters", PLAIN, None, _SIZES, "2026"),
    Channel(
        "whatsapp", "WhatsApp", False, 4_096, "characters", MARKED, 1_600, _WHATSAPP, "2026", window=_WHATSAPP_WINDOW
    ),
    Channel("email", "E-mail", False, None, "characters", PLAIN, None, _EMAIL, "2026"),
)
_OTHERS = (
    Channel("facebook_post", "Facebook-bericht", True, 63_206, "characters", PLAIN, None, _SIZES, "2026", visible=150),
    Channel(
        "instagram_post", "Instagram-bijschrift", True, 2_200, "characters", NO_LINKS, None, _SIZES, "2026", visible=125
    ),
    Channel("bluesky", "Bluesky", True, 300, "graphemes", PLAIN, None, _BLUESKY, "2026", max_bytes=3_000),
    Channel("mastodon", "Mastodon", True, 500, "mastodon", PLAIN, None, _MASTODON, "2026"),
    Channel("threads", "Threads", True, 500, "characters", PLAIN, None, _SIZES, "2026"),
    Channel("linkedin", "LinkedIn-reactie", True, 1_250, "characters", PLAIN, None, _SIZES, "2026"),
    Channel("linkedin_post", "LinkedIn-bericht", True, 3_000, "characters", PLAIN, None, _SIZES, "2026", visible=210),
    Channel("linkedin_dm", "LinkedIn-privébericht", False, 1_900, "characters", PLAIN, None, _SIZES, "2026"),
    Channel("youtube", "YouTube-reactie", True, 10_000, "characters", MARKED, None, _SIZES, "2026"),
    Channel("tiktok", "TikTok-reactie", True, 150, "characters", NO_LINKS, None, _SIZES, "2026"),
    Channel("tiktok_post", "TikTok-bijschrift", True, 4_000, "characters", NO_LINKS, None, _SIZES, "2026"),
    Channel("hoplr", "Hoplr", True, 1_000, "characters", PLAIN, None, _HOPLR, "2026"),
    Channel("nextdoor", "Nextdoor", True, None, "characters", PLAIN, None, _NEXTDOOR, "2026"),
    Channel("sms", "Sms", False, 160, "sms", PLAIN, None, _SMS, "2026"),
)
CHANNELS: Mapping[str, Channel] = MappingProxyType({channel.id: channel for channel in (*_USUAL, *_OTHERS)})
USUAL = tuple(channel.id for channel in _USUAL)


def channel(id: str) -> Channel:
    """The channel of that id; raises NotFound."""
    try:
        return CHANNELS[id]
    except KeyError:
        known = ", ".join(CHANNELS)
        raise NotFound("channel.unknown", f"There is no channel {id!r}.", f"Known: {known}.", channel=id) from None
