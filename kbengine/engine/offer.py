"""What is offered for a ranked message: decided at reading, by the catalog and the curations of this moment."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from kbengine.article import Audience
from kbengine.edition import Catalog
from kbengine.engine.curation import Steered
from kbengine.engine.values import HeldBack, NotLive, Steering
from kbengine.history import Answer
from kbengine.suggest import BELOW_LINE, NOTHING_SIMILAR, Match, Ranking

Found = tuple[Match, Answer]

LIGHT = "light"  # the tone that has no place in a crisis
CRISIS_SHARE = 0.2  # of the line
# Nothing is offered, and the message resembles what another service handles more than any answer.
REFERRED = "referred"


@dataclass(frozen=True, slots=True)
class Offer:
    """The answers that may go out, best first, those of a crisis and pinned ones before all.

    `abstained` says why none is shown; `crisis` are the articles that stand first because crisis mode is on.
    """

    answers: tuple[Found, ...]
    pinned: Mapping[str, Steering]
    internal: tuple[Found, ...]
    held_back: tuple[HeldBack, ...]
    not_live: tuple[NotLive, ...]
    abstained: str
    crisis: frozenset[str] = frozenset()


def offer_of(
    ranking: Ranking, steered: Sequence[Steered], catalog: Catalog, lang: str, now: datetime, *, crisis: bool = False
) -> Offer:
    """The offer for a ranking; the index only ranked, and a curation reaches no answer that is not live.

    In a crisis its answers come first when they match at all, and those of a light tone are held back.
    """
    light = (ref.slug for ref, answer in catalog.answers.items() if answer.header.tone == LIGHT)
    held: dict[str, Steering | None] = dict.fromkeys(light) if crisis else {}
    held |= {one.curation.hold_back: one.steering for one in steered if one.curation.hold_back}
    found = [(match, catalog.in_language(match.slug, lang, now)) for match in ranking.matches]
    live = [(match, answer) for match, answer in found if answer is not None]
    may_go_out = [(match, answer) for match, answer in live if answer.header.audience is not Audience.INTERNAL]
    pins = _pins(steered, ranking, catalog, lang, now, held)
    free = [(match, answer) for match, answer in may_go_out if match.slug not in held]
    first = [one for one in free if crisis and one[1].header.crisis and one[0].confidence >= _least(ranking)]
    ahead = frozenset(match.slug for match, _ in first)
    rest = [one for one in free if one[0].slug not in ahead and one[0].slug not in pins]
    sure = [(match, answer) for match, answer in live if match.confidence >= ranking.line]
    over = tuple(takewhile(lambda one: one[0].slug in held, (one for one in may_go_out if one in sure)))
    known = [one for one in found if one[0].slug not in held]
    abstained = "" if pins or first else _reason(ranking, known, rest, held_back=bool(over))
    return Offer(
        answers=(*first, *(one for slug, (one, _) in pins.items() if slug not in ahead), *rest),
        pinned={slug: steering for slug, (_, steering) in pins.items()},
        internal=tuple(one for one in sure if one not in may_go_out and one[0].slug not in held),
        held_back=tuple(
            HeldBack(match.slug, answer.article.lang, answer.article.title, held[match.slug]) for match, answer in over
        ),
        not_live=_not_live(known, catalog, lang, ranking.line, now) if abstained else (),
        abstained=abstained,
        crisis=ahead,
    )


def _least(ranking: Ranking) -> float:
    """How sure a crisis answer must be to stand first: less than what is offered on other days, but a likeness."""
    return ranking.line * CRISIS_SHARE


def _pins(
    steered: Sequence[Steered],
    ranking: Ranking,
    catalog: Catalog,
    lang: str,
    now: datetime,
    held: Container[str],
) -> dict[str, tuple[Found, Steering]]:
    """The pinned answers that are live, in the order of the register; what is also held back stays back."""
    ranked = {match.slug: match for match in ranking.matches}
    pins: dict[str, tuple[Found, Steering]] = {}
    for one in steered:
        slug = one.curation.pin
        answer = catalog.in_language(slug, lang, now) if slug and slug not in held and slug not in pins else None
        if answer is not None and answer.header.audience is not Audience.INTERNAL:
            pins[slug] = ((ranked.get(slug) or Match(slug, True, 0.0, 0.0, ()), answer), one.steering)
    return pins


def _reason(
    ranking: Ranking, found: Sequence[tuple[Match, Answer | None]], open_: Sequence[Found], *, held_back: bool
) -> str:
    """Why nothing is offered, empty when something is."""
    if ranking.reason in (BELOW_LINE, NOTHING_SIMILAR) and ranking.referral:
        return REFERRED
    if ranking.reason and ranking.reason != "not-live":
        return ranking.reason
    if not found or found[0][0].confidence < ranking.line:
        return "held-back" if held_back else ranking.reason or "nothing-similar"
    if found[0][1] is None:
        return "not-live"
    return "" if open_ and open_[0][0].confidence >= ranking.line else "internal-only"


def _not_live(
    found: Sequence[tuple[Match, Answer | None]], catalog: Catalog, lang: str, line: float, now: datetime
) -> tuple[NotLive, ...]:
    """The answers that would have been offered, were they live: named with their state, never shown."""
    named = []
    for match, answer in found:
        dormant = catalog.dormant.get(match.slug)
        if answer is None and dormant is not None and match.confidence >= line:
            shown = lang if lang in dormant.titles else next(iter(dormant.titles))
            into = catalog.in_language(dormant.into, lang, now) if dormant.into else None
            leads = (into.published.ref, into.article.title) if into else (None, "")
            named.append(NotLive(match.slug, shown, dormant.titles[shown], dormant.state, dormant.owner, *leads))
    return tuple(named)
