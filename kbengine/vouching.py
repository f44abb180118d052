"""Who may vouch for a text: whom the zone named for its service, who stands in for them, and how many must sign.

Pure, as `validate` above it, which asks it. What a zone decided and who works there comes in as `Rules`; without any,
every validator may, and one signature is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from kbengine.article import Header, Kind, Vouchers, VouchingRules, Zone, read_article, read_facts
from kbengine.errors import Conflict, NotAllowed, WorkflowError
from kbengine.history import Actor, Decision, History, Move, Revision, Role, Switch

# The exception that lets an author vouch for their own text: how long at most, and who may turn it.
TEAM_OF_ONE = "team-of-one"
MOST_HOURS = 72
TEAM_OF_ONE_ROLES = frozenset({Role.ADMINISTRATOR})
# Who may turn any other zone-wide switch: it needs somebody who answers for what goes out, or who runs the house.
SWITCH_ROLES = frozenset({Role.VALIDATOR, Role.ADMINISTRATOR})

SIGNING = frozenset({Move.VALIDATE, Move.RENEW})
VOUCHING = SIGNING | {Move.RETURN}
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with an open account, as the rules see them; `away` says that they are absent at this moment."""

    person: str
    login: str
    name: str
    roles: frozenset[Role]
    away: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one text at one moment; `validators` are ids, None when the zone named nobody.

    `alone` says that the exception for a team of one is on.
    """

    colleagues: tuple[Colleague, ...] = ()
    validators: frozenset[str] | None = None
    deputies: frozenset[str] = frozenset()
    signatures: int = 1
    alone: bool = False

    def vouchers(self, authors: Collection[str]) -> frozenset[str] | None:
        """Who may vouch, None for every validator: a deputy stands in for who is away, gone, or wrote the text."""
        if self.validators is None:
            return None
        able = {one.person for one in self.colleagues if Role.VALIDATOR in one.roles and not one.away}
        standing = self.validators & able - frozenset(authors)
        return self.validators if standing == self.validators else self.validators | self.deputies


EVERY_VALIDATOR = Rules()


def rules_of(
    zone: Zone, leading: History, history: History, number: int, colleagues: Iterable[Colleague], *, alone: bool
) -> Rules:
    """What a zone decided for one revision, with the people who work there now.

    `leading` is the history whose header counts: that of an article's first language, else the text's own. A text
    that was vouched for before is still of the service that vouched, and needs the signatures it needed: so nobody
    takes it away from them by changing its header. How people ask is vouched for by any second editor.
    """
    known, decided = tuple(colleagues), zone.vouching
    switched = alone and decided.team_of_one
    if history.ref.kind not in (Kind.ARTICLE, Kind.FACT):
        return Rules(known, alone=switched)
    itself = history.revision(number) if leading.ref == history.ref else leading.latest
    vouched = [d.number for d in leading.decisions if d.move is Move.VALIDATE]
    texts = [leading.revision(vouched[-1])] if vouched else []
    texts += [itself] if itself is not None else []
    headers = [header for text in texts if (header := _header(text, zone.first_lang)) is not None]
    owners = [header.owner for header in headers] or [owner for text in texts if (owner := _fact_owner(text))]
    signatures = max((decided.number(header) for header in headers), default=1)
    named = decided.owners.get(owners[0], Vouchers()) if owners else Vouchers()
    # Who has no account any more stays named, so that nobody but a deputy takes their place.
    ids = {one.login: one.person for one in known}
    validators, deputies = (
        frozenset(ids.get(login.strip().casefold(), login) for login in logins)
        for logins in (named.validators, named.deputies)
    )
    return Rules(known, validators or None, deputies, signatures, switched)


@lru_cache(maxsize=2_000)
def _header(revision: Revision, first_lang: str) -> Header | None:
    if revision.ref.kind is not Kind.ARTICLE:
        return None
    article = read_article(revision.text, revision.ref, revision.theme, str(revision.ref), first_lang).article
    return article.header if article else None


def _fact_owner(revision: Revision) -> str:
    facts = read_facts(revision.text, str(revision.ref))[0] if revision.ref.kind is Kind.FACT else ()
    return facts[0].owner if facts else ""


def authors(history: History, number: int) -> frozenset[str]:
    """Everybody who saved a revision since the validated one before this number, later drafts included."""
    before = max((d.number for d in history.decisions if d.move is Move.VALIDATE and d.number < number), default=0)
    return frozenset(revision.author for revision in history.revisions if revision.number > before)


def by_author(history: History, decision: Decision) -> bool:
    """Whether somebody vouched for a text they had a hand in by then, which only the exception lets them."""
    if all(revision.author != decision.actor for revision in history.revisions):
        return False
    known = replace(history, revisions=tuple(one for one in history.revisions if one.at <= decision.at))
    return decision.actor in authors(known, decision.number)


def signers(history: History, number: int) -> tuple[str, ...]:
    """Whose signatures a revision has while it waits for more: given since it was sent, by who wrote none of it."""
    signed: list[str] = []
    for decision in history.decisions:
        if _undoes(decision, number):
            signed.clear()
        elif decision.move is Move.SIGN and decision.number == number and decision.actor not in signed:
            signed.append(decision.actor)
    own = authors(history, number)
    return tuple(person for person in signed if person not in own)


def _undoes(decision: Decision, number: int) -> bool:
    """Whether a decision lets the signatures given so far count no more."""
    if decision.move in (Move.ARCHIVE, Move.HOLD):
        return True
    return decision.number == number and decision.move in (Move.SUBMIT, Move.RETURN, Move.VALIDATE)


def completes(history: History, number: int, actor: Actor, rules: Rules) -> bool:
    """Whether this person's signature is the last one needed; an author's is, under the exception."""
    signed = {*signers(history, number), actor.person}
    return len(signed) >= rules.signatures or actor.person in authors(history, number)


def guard_vouching(move: Move, history: History, number: int, actor: Actor, rules: Rules, who: str) -> None:
    """Refuse to let somebody vouch whose own text it is, whom the zone did not name, or who signed already.

    Raises NotAllowed; `who` names those who could.
    """
    own = authors(history, number)
    if move in SIGNING and actor.person in own and not rules.alone:
        message = "You had a hand in this text, so somebody else must vouch for it."
        raise NotAllowed("move.own-text", message, f"This can: {who}.", move=move.value, who=who)
    vouchers = rules.vouchers(own) if move in VOUCHING else None
    if vouchers is not None and actor.person not in vouchers:
        message = "The zone named others to vouch for the texts of this service."
        raise NotAllowed("move.not-named", message, f"This can: {who}.", move=move.value, who=who)
    signed = signers(history, number)
    if move is Move.VALIDATE and actor.person in signed and len(signed) < rules.signatures:
        message = "You signed this text already; it needs somebody else's signature too."
        raise NotAllowed("move.signed", message, f"This can: {who}.", move=move.value, who=who)


def who_could(move: Move, history: History, number: int, roles: Collection[Role], rules: Rules) -> tuple[str, ...]:
    """The names of the people who could make a move, were the text in the right state; those who are away left out."""
    written = authors(history, number)
    vouchers = rules.vouchers(written) if move in VOUCHING else None
    signed = signers(history, number) if move is Move.VALIDATE else ()
    own = () if rules.alone or move not in SIGNING else written
    return tuple(
        one.name
        for one in sorted(rules.colleagues, key=lambda one: one.name.casefold())
        if one.roles & frozenset(roles)
        and not one.away
        and (vouchers is None or one.person in vouchers)
        and one.person not in signed
        and one.person not in own
    )


def named(move: Move, history: History, number: int, roles: Collection[Role], rules: Rules) -> str:
    """Who could make a move: people by name when the rules know any, else roles."""
    if not rules.colleagues:
        return ", ".join(sorted(roles))
    return ", ".join(who_could(move, history, number, roles, rules)) or NOBODY


def guard_switch(name: str, last: Switch | None, actor: Actor, now: datetime, *, on: bool) -> None:
    """Let somebody turn a switch that was turned `last`; raises NotAllowed, and Conflict when it stands so already."""
    allowed = TEAM_OF_ONE_ROLES if name == TEAM_OF_ONE else SWITCH_ROLES
    if not actor.roles & allowed:
        who = ", ".join(sorted(allowed))
        raise NotAllowed("switch.role", "You may not turn this switch.", f"This can: {who}.", roles=who)
    if (last is not None and last.stands(now)) is on:
        raise Conflict("switch.same", f"It is {'on' if on else 'off'} already.", "See since when, and why.")


def exception_end(rules: VouchingRules, now: datetime, hours: int) -> datetime:
    """When the exception for a team of one would end by itself; raises NotAllowed, WorkflowError (too long)."""
    if not rules.team_of_one:
        message = "The zone's policy forbids the exception for a team of one."
        raise NotAllowed("switch.forbidden", message, "Ask a second person to validate.")
    if not 1 <= hours <= MOST_HOURS:
        message, hint = f"The exception lasts 1 to {MOST_HOURS} hours.", "Switch it on again when it has ended."
        raise WorkflowError("switch.hours", message, hint, most=str(MOST_HOURS))
    return now + timedelta(hours=hours)
