"""Beside what a message is about: what kind it is and what was agreed for it, to whom it is, what it gives away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from kbengine.article import ALWAYS, NOT_ADDRESSED, NOT_OURS, PERSONAL_DATA, QUESTION, REPORT, Audience
from kbengine.channels import Channel
from kbengine.edition import Catalog
from kbengine.engine.composing import Asked, Composing
from kbengine.engine.noticed import Agreed, Block, KindNotice, OtherAddressee, PersonalData, Referred
from kbengine.errors import InvalidDocument, KBError
from kbengine.history import Answer
from kbengine.privacy import Kind, find
from kbengine.suggest import Ranking, referral_topic
from kbengine.triage import Heading, KindCues, KindOf, heading_of, kind_of, read_kinds

# More of them would be a list to read; the others are found by searching.
OFFERED: Final = 4
# What nobody should read about somebody in public; a name or an account stands beside every comment anyway.
TELLING: Final = (
    Kind.NATIONAL_NUMBER,
    Kind.BSN,
    Kind.IBAN,
    Kind.PLATE,
    Kind.PHONE,
    Kind.EMAIL,
    Kind.ADDRESS,
)


@lru_cache(maxsize=4)
def kinds_of(text: str) -> KindCues | None:
    """The compiled kinds of a register's text, None when there is none that can be read."""
    try:
        return read_kinds(text, strict=False) if text else None
    except InvalidDocument:
        return None


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look told, beside danger; `personal` holds (kind, whether that is certain) in public only."""

    cues: KindCues | None
    kind: KindOf
    heading: Heading
    personal: tuple[tuple[Kind, bool], ...]


def look(message: str, lang: str, channel: Channel, catalog: Catalog) -> Look:
    """A first look at a message in a language, as it came in on a channel; never raises."""
    cues = kinds_of(catalog.kinds)
    kind = kind_of(message, cues, lang) if cues else KindOf(QUESTION, ())
    heading = heading_of(message, channel, catalog.zone.addressed)
    return Look(cues, kind, heading, _personal(message, catalog) if channel.public else ())


def _personal(message: str, catalog: Catalog) -> tuple[tuple[Kind, bool], ...]:
    """The kinds of personal data in a message, each once, the most telling first; certain when one of them is."""
    found = find(message, nobodys(catalog))
    certain = {piece.kind: False for piece in found} | {piece.kind: True for piece in found if piece.certain}
    return tuple((kind, certain[kind]) for kind in TELLING if kind in certain)


def nobodys(catalog: Catalog) -> list[str]:
    """The values in a message that are nobody's: those of the zone and the services it names."""
    numbers = catalog.zone.danger
    values = [value for kept in catalog.facts.values() for value in kept.fact.values.values()]
    return [*values, numbers.police, numbers.medical, numbers.suicide]


class Kinds:
    """What the desk shows of a first look, with the building blocks for it."""

    def __init__(self, composing: Composing) -> None:
        self._composing = composing
        self._known: tuple[Catalog | None, tuple[str, ...]] = (None, ())

    def notice(self, seen: Look, catalog: Catalog) -> KindNotice:
        """The kind of a message and what was agreed for it."""
        return KindNotice(seen.kind.kind, seen.kind.words, _agreed(seen, seen.kind.kind, catalog))

    def elsewhere(self, seen: Look, catalog: Catalog) -> OtherAddressee | None:
        """Why a message seems to be for somebody else, and what was agreed then; None when it is for us."""
        if seen.heading.to_us:
            return None
        return OtherAddressee(seen.heading.way, seen.heading.sign, _agreed(seen, NOT_ADDRESSED, catalog))

    def referred(self, seen: Look, ranking: Ranking, catalog: Catalog) -> Referred | None:
        """The subject of another service that a message is rather about; None where it is not, or no longer there."""
        match = ranking.referral
        if match is None:
            return None
        found = next((one for one in catalog.referrals if referral_topic(one).slug == match.slug), None)
        if found is None:
            return None
        words = tuple(word for word, _ in match.words)
        return Referred(found.subject, found.service, words, _agreed(seen, NOT_OURS, catalog))

    def personal(self, seen: Look, blocks: tuple[Block, ...]) -> PersonalData | None:
        """Which personal data everybody can read in a message, and the block that asks to go on in private."""
        if not seen.personal:
            return None
        block = next((block.slug for block in blocks if PERSONAL_DATA in block.block_for), "")
        kinds = tuple(kind.value for kind, _ in seen.personal)
        return PersonalData(kinds, any(certain for _, certain in seen.personal), block)

    def blocks(self, seen: Look, asked: Asked, *, referred: bool) -> tuple[Block, ...]:
        """The live building blocks for a message that may go out on its channel, those agreed on first.

        What is asked or told, and `referred` to another service, gets those for what is not ours.
        """
        kind = NOT_OURS if referred and seen.kind.kind in (QUESTION, REPORT) else seen.kind.kind
        first = seen.cues.acts[kind].blocks if seen.cues and kind in seen.cues.acts else ()
        wanted = [PERSONAL_DATA] * bool(seen.personal) + [kind, ALWAYS]
        wanted += [NOT_ADDRESSED] * (not seen.heading.to_us)
        found = {slug: answer.header.block_for for slug, answer in self._live(asked)}
        fitting = [slug for slug, kinds in found.items() if not set(wanted).isdisjoint(kinds)]
        ranked = sorted(fitting, key=lambda slug: (_place(found[slug], wanted, slug in first), slug))
        chosen = [*(slug for slug in first if slug in found), *(slug for slug in ranked if slug not in first)]
        if seen.personal:
            chosen.sort(key=lambda slug: PERSONAL_DATA not in found[slug])
        offered = (block for slug in chosen if (block := self._block(asked, slug)) is not None)
        return tuple(islice(offered, OFFERED))

    def _live(self, asked: Asked) -> Iterator[tuple[str, Answer]]:
        catalog, known = asked.catalog, self._known
        if known[0] is not catalog:
            slugs = {ref.slug for ref, answer in catalog.answers.items() if answer.header.block}
            self._known = known = catalog, tuple(sorted(slugs))
        for slug in known[1]:
            answer = catalog.in_language(slug, asked.answering.lang, asked.now)
            if answer is not None and answer.header.audience is not Audience.INTERNAL:
                yield slug, answer

    def _block(self, asked: Asked, slug: str) -> Block | None:
        """A block as it would go out, None when it is not for this channel."""
        answer = asked.catalog.in_language(slug, asked.answering.lang, asked.now)
        if answer is None:
            return None
        article, number = answer.article, answer.published.number
        try:
            page = self._composing.begin(asked, ((slug, number),), article.lang)
        except KBError:
            return None
        return Block(slug, article.lang, article.title, number, answer.header.block_for, page)


def _place(kinds: tuple[str, ...], wanted: list[str], named: bool) -> int:
    return -1 if named else min(wanted.index(kind) for kind in kinds if kind in wanted)


def _agreed(seen: Look, what: str, catalog: Catalog) -> Agreed | None:
    act = seen.cues.acts.get(what) if seen.cues else None
    if act is None:
        return None
    owner = catalog.zone.owners.get(act.hand_over_to, act.hand_over_to)
    return Agreed(act.act, act.says(catalog.zone.first_lang), owner)
