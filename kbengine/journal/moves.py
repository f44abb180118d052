"""A person's move on a text, or hand on a switch: guard and decision in one transaction, so nothing comes between."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from kbengine.article import Kind, Ref
from kbengine.errors import WorkflowError
from kbengine.history import Actor, Decision, History, Move, Switch, Weight
from kbengine.journal.examples import refuse_example
from kbengine.journal.names import Naming
from kbengine.journal.record import Writer
from kbengine.journal.switches import read_switch
from kbengine.journal.team import read_colleagues, zone_of
from kbengine.translation import expected_weight, weighs
from kbengine.validate import MOVES_WITH_REASON, chosen, guard, with_terms
from kbengine.vouching import TEAM_OF_ONE, Rules, completes, exception_end, guard_switch, rules_of

MAX_REASON = 2_000


def first_ref(ref: Ref, first_lang: str) -> Ref:
    """The text whose header and end an article's translation shares; any other text is its own."""
    return Ref(ref.kind, ref.slug, first_lang) if ref.kind is Kind.ARTICLE else ref


def history_in_force(
    read: Callable[[Ref], History], ref: Ref, first_lang: str, writer: Writer, tz: ZoneInfo
) -> History:
    """A text's history under the terms that count for it: a translation has its first language's."""
    history, first = read(ref), first_ref(ref, first_lang)
    if first == ref:
        return history
    leading = read(first)
    published = chosen(leading, writer.now, tz)
    revision = leading.revision(published.number) if published else leading.latest
    return with_terms(history, revision.terms) if revision else history


def rules_in_force(writer: Writer, history: History, number: int, first_lang: str) -> Rules:
    """What the zone decided for a revision, by the policy, people and exception as this transaction sees them."""
    first = first_ref(history.ref, first_lang)
    leading = history if first == history.ref else writer.history(first)
    exception = read_switch(writer.connection, TEAM_OF_ONE)
    alone = exception is not None and exception.stands(writer.now)
    zone = zone_of(writer.history(Ref(Kind.ZONE, "zone")), writer.now)
    return rules_of(zone, leading, history, number, read_colleagues(writer.connection, writer.now), alone=alone)


def make_move(
    writer: Writer,
    actor: Actor,
    ref: Ref,
    number: int,
    seen: str,
    move: Move,
    reason: str,
    first_lang: str,
    tz: ZoneInfo,
    early: int = 0,
    via: str = "",
    weight: Weight | None = None,
) -> Decision:
    """Guard a move and write it down; raises what the guard raises, WorkflowError without a reason it needs.

    A validation that needs another signature is written down as Move.SIGN; `via` says how the person was known,
    when it was not by signing in. `weight` is kept with a change that is sent and whose weight is asked, no other.
    """
    reason = said(reason, move.value, needed=move in MOVES_WITH_REASON)
    history = history_in_force(writer.history, ref, first_lang, writer, tz)
    history.revision(number)
    rules = rules_in_force(writer, history, number, first_lang)
    guard(move, history, number, seen, actor, writer.now, tz, rules)
    if move in (Move.VALIDATE, Move.RENEW):
        refuse_example(writer.connection, history.revision(number))
    if move is Move.VALIDATE and not completes(history, number, actor, rules):
        move = Move.SIGN
    if move is Move.VALIDATE and ref == first_ref(ref, first_lang) and writer.names.merged(ref.slug) is not None:
        writer.name(Naming.APART, writer.names.kept(ref.slug), "", actor.person)
    weighed = (weight or expected_weight(history)) if move is Move.SUBMIT and weighs(history, first_lang) else None
    return writer.decide(ref, number, seen, move, actor.person, reason, early, via, weighed)


def turn(writer: Writer, actor: Actor, name: str, reason: str, *, on: bool, hours: int = 0) -> Switch:
    """Turn a zone-wide switch and write it down; the exception for a team of one ends by itself after `hours`.

    Raises NotAllowed, Conflict, WorkflowError without a reason or with too many hours.
    """
    reason = said(reason, "switch", needed=True)
    guard_switch(name, read_switch(writer.connection, name), actor, writer.now, on=on)
    until = None
    if on and name == TEAM_OF_ONE:
        zone = zone_of(writer.history(Ref(Kind.ZONE, "zone")), writer.now)
        until = exception_end(zone.vouching, writer.now, hours)
    return writer.switch(name, on=on, by=actor.person, reason=reason, until=until)


def said(reason: str, move: str, *, needed: bool) -> str:
    """A reason as it is kept; raises WorkflowError."""
    reason = reason.strip()
    if needed and not reason:
        raise WorkflowError("move.reason", f"To {move}, say why.", "One sentence is enough.", move=move)
    if len(reason) > MAX_REASON:
        raise WorkflowError("move.reason-long", f"A reason has at most {MAX_REASON} characters.", "Shorten it.")
    return reason
