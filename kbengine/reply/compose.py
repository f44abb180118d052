"""Answers in the shape of a channel: which variants, with which values, and whether the reply may be copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kbengine.article import Article, Audience, Header, Variant, VariantName
from kbengine.channels import Channel, count, fits, limit_of, render
from kbengine.errors import WrongState
from kbengine.markup import blocks
from kbengine.reply.fill import NONE, Filled, fill, in_words, one_line
from kbengine.reply.placeholders import placeholders
from kbengine.reply.split import split

MAX_PERSONAL = 400

# A name that was not given can leave one space at the start of a line; two are a list in a list.
_LONE_SPACE = re.compile(r"^ (?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands round the answers, a line each, "" for nothing; the greeting and the sign-off may name the citizen.

    `personal` is the agent's own sentence, `notice` what the product adds at the end, `initials` are signed with ^.
    """

    greeting: str = ""
    personal: str = ""
    notice: str = ""
    sign_off: str = ""
    initials: str = ""

    def lighter(self) -> Iterator[Frame]:
        """The same with less courtesy: what gives way before an answer is cut in parts."""
        if self.sign_off:
            yield replace(self, sign_off="")
        if self.greeting:
            yield replace(self, sign_off="", greeting="")


BARE = Frame()


@dataclass(frozen=True, slots=True)
class Reply:
    """The text for one channel and all that decides whether it may go out; `count` is in the channel's own measure.

    `parts` is the text as the channel takes it: whole, or numbered when it does not fit, or () when it cannot be cut.
    `blanks` are all that its text asks for, `around` is what stands round the answers, `personal` the agent's sentence
    as it stands there; `copyable` is one that may be copied in one piece.
    """

    text: str
    parts: tuple[str, ...]
    variant: VariantName
    blanks: tuple[str, ...]
    open_blanks: tuple[str, ...]
    facts_used: tuple[str, ...]
    facts_by_answer: tuple[tuple[str, ...], ...]
    missing_facts: tuple[str, ...]
    count: int
    limit: int | None
    fits: bool
    advised_exceeded: bool
    complete: bool
    names_citizen: bool
    around: str
    personal: str

    @property
    def copyable(self) -> bool:
        """Whether it may be copied in one piece."""
        return self.complete and self.fits

    @property
    def ready(self) -> bool:
        """Whether it may be copied, in as many parts as it takes."""
        return self.complete and bool(self.parts)


@dataclass(frozen=True, slots=True)
class _Values:
    """What is filled in, and where."""

    channel: Channel
    facts: Mapping[str, str]
    blanks: Mapping[str, str]
    citizen: Mapping[str, str]
    prefix: str


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
    """The reply of one answer alone, with nothing round it; raises as `compose_all` does."""
    return compose_all(((article, header),), channel, facts, blanks, citizen, prefix)


def compose_all(
    answers: Sequence[tuple[Article, Header]],
    channel: Channel,
    facts: Mapping[str, str],
    blanks: Mapping[str, str],
    citizen: Mapping[str, str],
    prefix: str = "",
    frame: Frame = BARE,
) -> Reply:
    """One reply of these answers, in their order, filled in and framed, in parts when even the shortest is too long.

    `facts` are the values of this language at this moment; the first answer's language writes the dates. What is too
    long falls back to the short variants, then does without courtesy. Raises WrongState when nothing of an article
    may go on the channel, TooLarge when a text is past what is read.
    """
    allowed = [_allowed(article, header, channel) for article, header in answers]
    values = _Values(channel, facts, in_words(blanks, answers[0][0].lang), citizen, prefix)
    sizes = dict.fromkeys((tuple(texts[0] for texts in allowed), tuple(texts[-1] for texts in allowed)))
    found = _first_fitting(tuple(_reply(texts, frame, values) for texts in sizes))
    if found.fits:
        return found
    shortest = list(sizes)[-1]
    lighter = (_reply(shortest, less, values) for less in frame.lighter())
    fitting = next((reply for reply in lighter if reply.fits), None)
    return fitting or replace(found, parts=split(found.text.removeprefix(prefix), channel, prefix))


def as_edited(reply: Reply, text: str, channel: Channel, prefix: str = "") -> Reply:
    """The reply with a text that an agent changed; it is complete only when what it was made of is."""
    body = text.removeprefix(prefix).strip()
    edited = _measured(replace(reply, complete=reply.complete and bool(body)), prefix + body, channel)
    return edited if edited.fits else replace(edited, parts=split(body, channel, prefix))


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


def _reply(variants: Sequence[Variant], frame: Frame, values: _Values) -> Reply:
    texts = [variant.text for variant in variants]
    bodies = [_filled(text, values) for text in texts]
    said = [_said(filled, values.channel) for filled in bodies]
    # A text that greets by itself is not greeted twice.
    courtesy = ("" if _greets(texts[0]) else frame.greeting, frame.sign_off)
    greeting, sign_off = (_said(_filled(line, values), values.channel).strip() for line in courtesy)
    personal = one_line(frame.personal)[:MAX_PERSONAL].strip()
    signed = " ".join(filter(None, (sign_off, f"^{frame.initials}" if frame.initials else "")))
    text = values.prefix + "\n\n".join(filter(None, (greeting, personal, *said, frame.notice)))
    # Initials alone stand behind the last line; with a sign-off they end it.
    text += ("\n\n" if sign_off else " ") + signed if signed else ""
    open_blanks = _each(name for filled in bodies for name in filled.open_blanks)
    missing = _each(name for filled in bodies for name in filled.missing_facts)
    places = [place for line in (*texts, *courtesy) for place in placeholders(line)]
    reply = Reply(
        text="",
        parts=(),
        variant=variants[0].name,
        blanks=_each(place.name for place in places if place.kind == "blank"),
        open_blanks=open_blanks,
        facts_used=_each(name for filled in bodies for name in filled.facts_used),
        facts_by_answer=tuple(filled.facts_used for filled in bodies),
        missing_facts=missing,
        count=0,
        limit=None,
        fits=False,
        advised_exceeded=False,
        complete=not open_blanks and not missing and all(body.strip() for body in said),
        names_citizen=any(place.kind == "citizen" for place in places),
        around="\n".join(filter(None, (greeting, personal, frame.notice, signed))),
        personal=personal,
    )
    return _measured(reply, text, values.channel)


def _measured(reply: Reply, text: str, channel: Channel) -> Reply:
    """The reply with a text, as the channel counts it; in one part when it fits, else in none."""
    size, whole = count(text, channel), fits(text, channel)
    return replace(
        reply,
        text=text,
        parts=(text,) if whole else (),
        count=size,
        limit=limit_of(text, channel),
        fits=whole,
        advised_exceeded=channel.advised is not None and size > channel.advised,
    )


def _filled(text: str, values: _Values) -> Filled:
    return fill(blocks(text), values.facts, values.blanks, values.citizen)


def _said(filled: Filled, channel: Channel) -> str:
    return _LONE_SPACE.sub("", render(filled.blocks, channel))


def _greets(text: str) -> bool:
    """Whether a text names the citizen in its first line."""
    first = text.strip().split("\n")[0]
    return any(place.kind == "citizen" for place in placeholders(first))


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
