"""An answer in the shape of a channel: which variant, with which values, and whether it may be copied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kbengine.article import Article, Audience, Header, Variant, VariantName
from kbengine.channels import Channel, count, fits, limit_of, render
from kbengine.errors import WrongState
from kbengine.markup import blocks
from kbengine.reply.fill import NONE, fill
from kbengine.reply.placeholders import placeholders
from kbengine.reply.split import split


@dataclass(frozen=True, slots=True)
class Reply:
    """The text for one channel and all that decides whether it may go out; `count` is in the channel's own measure.

    `parts` is the text as the channel takes it: whole, or numbered when it does not fit, or () when it cannot be cut.
    """

    text: str
    parts: tuple[str, ...]
    variant: VariantName
    open_blanks: tuple[str, ...]
    facts_used: tuple[str, ...]
    missing_facts: tuple[str, ...]
    count: int
    limit: int | None
    fits: bool
    advised_exceeded: bool
    copyable: bool
    names_citizen: bool


def choose_variant(
    article: Article,
    channel: Channel,
    header: Header | None = None,
    facts: Mapping[str, str] = NONE,
    blanks: Mapping[str, str] = NONE,
    citizen: Mapping[str, str] = NONE,
    prefix: str = "",
) -> Variant | None:
    """The variant that would go out, or None; `header` is the first language's when the article is a translation."""
    header = header or article.header
    if header is None:
        return None
    try:
        reply = compose(article, header, channel, facts, blanks, citizen, prefix)
    except WrongState:
        return None
    return article.variant(reply.variant)


def compose(
    article: Article,
    header: Header,
    channel: Channel,
    facts: Mapping[str, str],
    blanks: Mapping[str, str],
    citizen: Mapping[str, str],
    prefix: str = "",
) -> Reply:
    """The reply of the first variant that fits filled in, else of the last that may go out, in parts.

    `facts` are the values of this language at this moment. Raises WrongState when nothing of the article may go
    on the channel, TooLarge when its text is past what is read.
    """
    variants = _allowed(article, header, channel)
    found = _first_fitting(tuple(_reply(variant, channel, facts, blanks, citizen, prefix) for variant in variants))
    return found if found.fits else replace(found, parts=split(found.text.removeprefix(prefix), channel, prefix))


def _first_fitting(replies: tuple[Reply, ...]) -> Reply:
    """The first within what the channel advises, else within its limit, else the last, which is the shortest."""
    within = [reply for reply in replies if reply.fits]
    return next((reply for reply in within if not reply.advised_exceeded), within[0] if within else replies[-1])


def _allowed(article: Article, header: Header, channel: Channel) -> tuple[Variant, ...]:
    """What may go out on the channel, the best first, never empty: raises WrongState."""
    where = {"slug": article.slug, "lang": article.lang, "channel": channel.id}
    if header.audience is Audience.INTERNAL:
        hint = "Use it to find the answer, not as one."
        raise WrongState("reply.internal", f"{article.slug} is internal and goes on no channel.", hint, **where)
    spoken = VariantName.DEFAULT if channel.public or not article.variant(VariantName.PRIVATE) else VariantName.PRIVATE
    texts = [article.variant(name) for name in (spoken, VariantName.SHORT)]
    # A short text stands in for one that is too long; alone it is for public channels only.
    found = tuple(text for text in texts if text is not None and (channel.public or texts[0] is not None))
    hidden = channel.public and not found and article.variant(VariantName.PRIVATE) is not None
    if channel.public and (header.audience is Audience.PRIVATE or hidden):
        message = f"{article.slug} is for a private message, and {channel.label} is public."
        raise WrongState("reply.private-on-public", message, "Ask the citizen for a private message.", **where)
    if header.channels and channel.id not in header.channels:
        hint = f"It is meant for {', '.join(header.channels)}."
        raise WrongState("reply.channel", f"{article.slug} is not meant for {channel.label}.", hint, **where)
    if not found:
        message = f"{article.slug} has no text for {channel.label}."
        raise WrongState("reply.no-variant", message, "Write one, or choose another channel.", **where)
    return found


def _reply(
    variant: Variant,
    channel: Channel,
    facts: Mapping[str, str],
    blanks: Mapping[str, str],
    citizen: Mapping[str, str],
    prefix: str,
) -> Reply:
    filled = fill(blocks(variant.text), facts, blanks, citizen)
    # A name that was not given can leave one space at the start of a line; two are a list in a list.
    body = re.sub(r"^ (?=\S)", "", render(filled.blocks, channel), flags=re.MULTILINE)
    text = prefix + body
    size = count(text, channel)
    whole = fits(text, channel)
    complete = not filled.open_blanks and not filled.missing_facts and bool(body.strip())
    return Reply(
        text=text,
        parts=(text,) if whole else (),
        variant=variant.name,
        open_blanks=filled.open_blanks,
        facts_used=filled.facts_used,
        missing_facts=filled.missing_facts,
        count=size,
        limit=limit_of(text, channel),
        fits=whole,
        advised_exceeded=channel.advised is not None and size > channel.advised,
        copyable=complete and whole,
        names_citizen=any(place.kind == "citizen" for place in placeholders(variant.text)),
    )
