"""Whether a message speaks to us, to others, or cannot tell: the zone's rule over what it says and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kbengine.article import Addressed
from kbengine.channels import Channel
from kbengine.language import fold

_MENTION = re.compile(r"(?<![\w@.])@([A-Za-z0-9_][\w.-]*)")


@dataclass(frozen=True, slots=True)
class Heading:
    """To whom a message is: `way` is how we know, `sign` the words that tell.

    `to_us` is False only where something says so: our name behind a #, our name in passing, an @ of somebody else.
    Ways: `direct`, `mention`, `own-post`, `hashtag`, `name`, `other`, or "" where nothing tells.
    """

    to_us: bool
    way: str
    sign: str = ""


def heading_of(message: str, channel: Channel, rule: Addressed) -> Heading:
    """To whom a message is that came in on a channel; never raises."""
    ways = tuple(_ways(message, channel, rule))
    met = next((one for one in ways if one.to_us and one.way in rule.counts), None)
    against = next((one for one in ways if not one.to_us or one.way not in rule.counts), None)
    if met is None and against is not None:
        return Heading(False, against.way, against.sign)
    return met or Heading(True, "")


def _ways(message: str, channel: Channel, rule: Addressed) -> Iterable[Heading]:
    """Every sign of whom it is for, the surest first."""
    if not channel.public:
        yield Heading(True, "direct")
        return
    ours = frozenset(account.casefold() for account in rule.accounts)
    mentioned = [found[1].rstrip(".-") for found in _MENTION.finditer(message)]
    own = next((name for name in mentioned if name.casefold() in ours), "")
    if own:
        yield Heading(True, "mention", f"@{own}")
    if channel.id in rule.own_posts:
        yield Heading(True, "own-post")
    for way, pattern in zip(("hashtag", "name"), _names(rule.accounts, rule.names), strict=True):
        found = pattern.search(_plain(message)) if pattern and not own else None
        if found:
            yield Heading(False, way, found.group())
    if mentioned and not own:
        yield Heading(False, "other", f"@{mentioned[0]}")


@lru_cache(maxsize=8)
def _names(accounts: tuple[str, ...], names: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Our names behind a #, where spaces and signs are left out, and as people write them in a sentence."""
    tags = {re.sub(r"\W", "", _plain(name)) for name in (*accounts, *names)} - {""}
    plain = {_plain(name).strip() for name in names} - {""}
    return _any(tags, "#"), _any(plain, "")


def _plain(text: str) -> str:
    return fold(text.casefold())


def _any(words: Iterable[str], before: str) -> re.Pattern[str] | None:
    shown = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w@#]){before}(?:{shown})(?!\w)") if shown else None
