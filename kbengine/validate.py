"""The validation workflow: who may make which move on which text, and what is live because of it.

Pure: every function takes the history and the moment; nothing here reads a clock, a file or a table.

Live is the latest-validated revision whose start has passed. When it has ended nothing is live: an older text
never revives. While the clock is in doubt no period begins. Archive and hold act at once, and only a validation made
after them lifts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kbengine.article import Kind, is_day
from kbengine.errors import Conflict, NotAllowed, WrongState
from kbengine.history import Actor, Decision, History, Move, Published, Role, State
from kbengine.period import Terms, days_earlier, end_instant, months_later, start_instant
from kbengine.vouching import EVERY_VALIDATOR, Rules, by_author, guard_vouching, named

REVIEW_DUE_BEFORE = timedelta(days=30)
LIVE_STATES = frozenset({State.VALIDATED, State.REVIEW_DUE})

# The one table of who may make which move; interface, docs and tests read it.
MOVE_ROLES: Mapping[Move, frozenset[Role]] = {
    Move.SAVE: frozenset({Role.EDITOR, Role.VALIDATOR}),
    Move.SUBMIT: frozenset({Role.EDITOR, Role.VALIDATOR}),
    Move.RETURN: frozenset({Role.VALIDATOR}),
    Move.VALIDATE: frozenset({Role.VALIDATOR}),
    Move.RENEW: frozenset({Role.VALIDATOR}),
    Move.SIGN: frozenset({Role.VALIDATOR}),  # a validation that still needs another one
    Move.ARCHIVE: frozenset({Role.EDITOR, Role.VALIDATOR}),
    Move.HOLD: frozenset({Role.EDITOR, Role.VALIDATOR, Role.ADMINISTRATOR}),
    Move.FLAG: frozenset({Role.AGENT, Role.EDITOR, Role.VALIDATOR, Role.ADMINISTRATOR}),
}
# How people ask needs no service to vouch for it: any second editor may accept or return a question file.
QUESTION_ROLES = frozenset({Role.EDITOR, Role.VALIDATOR})
QUESTION_MOVES = frozenset({Move.RETURN, Move.VALIDATE, Move.RENEW})

# A text for one day may be written and sent by an agent alone too; who vouches for it stays the same.
DAY_MOVES = frozenset({Move.SAVE, Move.SUBMIT})

MOVE_STATES: Mapping[Move, frozenset[State]] = {
    Move.SUBMIT: frozenset({State.DRAFT, State.RETURNED}),
    Move.RETURN: frozenset({State.IN_REVIEW}),
    Move.VALIDATE: frozenset({State.IN_REVIEW, State.ON_HOLD, State.EXPIRED}),
    Move.RENEW: LIVE_STATES,
    Move.ARCHIVE: frozenset(State) - {State.ARCHIVED},
    Move.HOLD: LIVE_STATES | {State.SCHEDULED},
    Move.FLAG: LIVE_STATES | {State.SCHEDULED, State.ON_HOLD},
}
MOVES_WITH_REASON = frozenset({Move.RETURN, Move.HOLD, Move.ARCHIVE, Move.FLAG})


def stopped_at(history: History) -> Decision | None:
    """The latest archive or hold, or None."""
    stops = [d for d in history.decisions if d.move in (Move.ARCHIVE, Move.HOLD)]
    return stops[-1] if stops else None


def validations(history: History) -> list[Decision]:
    """The validations that count, oldest first: those made after the latest archive or hold."""
    stop = stopped_at(history)
    after = stop.seq if stop else 0
    return [d for d in history.decisions if d.move is Move.VALIDATE and d.seq > after]


def publish(history: History, decision: Decision, tz: ZoneInfo) -> Published:
    """The period of the revision a validation names, its later renewals included."""
    revision = history.revision(decision.number)
    terms = revision.terms
    start = decision.at if terms.valid_from is None else start_instant(terms.valid_from, tz)
    last = [d for d in history.decisions if d.number == decision.number and d.move in (Move.VALIDATE, Move.RENEW)][-1]
    review_at = _review_at(last, terms, tz)
    until = end_instant(terms.valid_until, tz) if terms.valid_until else None
    ends = [end for end in (review_at, until) if end is not None]
    return Published(
        ref=history.ref,
        number=revision.number,
        digest=revision.digest,
        text=revision.text,
        theme=revision.theme,
        validated_at=decision.at,
        start=max(start, decision.at),
        end=min(ends, default=None),
        review_at=review_at,
        alone=by_author(history, last),
        held=terms.valid_from is not None and history.held is not None and start > history.held,
    )


def _review_at(vouched: Decision, terms: Terms, tz: ZoneInfo) -> datetime | None:
    """When a text must be looked at again after somebody vouched for it."""
    if not terms.review_months:
        return None
    return days_earlier(months_later(vouched.at, terms.review_months, tz), vouched.early, tz)


def chosen(history: History, now: datetime, tz: ZoneInfo) -> Published | None:
    """The latest-validated revision whose start has passed, ended or not."""
    for decision in reversed(validations(history)):
        published = publish(history, decision, tz)
        if published.start <= now and not published.held:
            # A decision on another text than the one that is there vouches for nothing, and revives nothing.
            return published if published.digest == decision.digest else None
    return None


def live(history: History, now: datetime, tz: ZoneInfo) -> Published | None:
    """What may be offered at that moment, or None."""
    published = chosen(history, now, tz)
    return published if published is not None and published.covers(now) else None


def with_terms(history: History, terms: Terms) -> History:
    """The history of a translation under the terms of its first language."""
    return replace(history, revisions=tuple(replace(revision, terms=terms) for revision in history.revisions))


def next_change(history: History, now: datetime, tz: ZoneInfo) -> datetime | None:
    """The next start or end after that moment, or None: when the builder must look again without a decision."""
    instants: list[datetime] = []
    for decision in validations(history):
        published = publish(history, decision, tz)
        instants += [instant for instant in (published.start, published.end) if instant and instant > now]
    return min(instants, default=None)


def state(history: History, number: int, now: datetime, tz: ZoneInfo) -> State:
    """Where one revision stands at that moment; raises NotFound."""
    revision = history.revision(number)
    if any(d.move is Move.VALIDATE and d.number == number for d in history.decisions):
        return _validated_state(history, number, now, tz)
    if any(d.move is Move.VALIDATE and d.number > number for d in history.decisions):
        return State.SUPERSEDED  # going back to an old text is a new revision
    stop = stopped_at(history)
    moves = [d for d in history.decisions if d.number == number and d.move in (Move.SUBMIT, Move.RETURN)]
    if stop and stop.move is Move.ARCHIVE and revision.at <= stop.at and (not moves or moves[-1].seq < stop.seq):
        return State.ARCHIVED
    if moves:
        return State.IN_REVIEW if moves[-1].move is Move.SUBMIT else State.RETURNED
    return State.DRAFT if revision is history.latest else State.SUPERSEDED


def _validated_state(history: History, number: int, now: datetime, tz: ZoneInfo) -> State:
    last = [d for d in history.decisions if d.move is Move.VALIDATE][-1]
    counting = {d.number: d for d in validations(history)}
    stop = stopped_at(history)
    if number not in counting:
        if last.number != number or stop is None:
            return State.SUPERSEDED
        return State.ARCHIVED if stop.move is Move.ARCHIVE else State.ON_HOLD
    published = publish(history, counting[number], tz)
    current = chosen(replace(history, held=None), max(now, published.start), tz)
    if current is None or current.number != number:
        return State.SUPERSEDED
    if published.start > now or published.held:
        return State.SCHEDULED
    if not published.covers(now):
        return State.EXPIRED
    due = published.end is not None and published.end - now <= REVIEW_DUE_BEFORE and not is_day(history.ref)
    return State.REVIEW_DUE if due else State.VALIDATED


def allowed_roles(move: Move, kind: Kind, *, day: bool = False) -> frozenset[Role]:
    """Who may make a move on that kind of text; `day` says that it is a day answer."""
    if day and move in DAY_MOVES:
        return MOVE_ROLES[move] | {Role.AGENT}
    return QUESTION_ROLES if kind is Kind.QUESTIONS and move in QUESTION_MOVES else MOVE_ROLES[move]


def guard(
    move: Move,
    history: History,
    number: int,
    digest: str,
    actor: Actor,
    now: datetime,
    tz: ZoneInfo,
    rules: Rules = EVERY_VALIDATOR,
) -> None:
    """Let a move pass, or refuse it.

    Raises NotFound (no such revision), NotAllowed (role, a hand in the text, or others were named for it), Conflict
    (the text is not the one that was seen) or WrongState (the move does not exist from here).
    """
    day = is_day(history.ref)
    who = named(move, history, number, allowed_roles(move, history.ref.kind, day=day), rules)
    guard_role(move, history.ref.kind, actor, who, day=day)
    revision = history.revision(number)
    if revision.digest != digest:
        hint = "Read it again, then decide."
        raise Conflict("revision.changed", f"Revision {number} of {history.ref} is not the text you saw.", hint)
    if move is Move.SUBMIT and history.latest is not None and history.latest.number != number:
        newer = str(history.latest.number)
        raise Conflict(
            "revision.newer", f"{history.ref} has a newer revision, {newer}.", "Submit that one.", newer=newer
        )
    here = state(history, number, now, tz)
    if here not in MOVE_STATES.get(move, ()):
        raise _wrong_state(move, history, number, here, who)
    _guard_period(move, history, number, now, tz)
    guard_vouching(move, history, number, actor, rules, who)


def _guard_period(move: Move, history: History, number: int, now: datetime, tz: ZoneInfo) -> None:
    until = history.revision(number).terms.valid_until
    if move in (Move.SUBMIT, Move.VALIDATE) and until is not None and end_instant(until, tz) <= now:
        message = f"The period of revision {number} of {history.ref} is over."
        raise WrongState("move.period-over", message, "Save it with a later valid_until.", move=move.value)
    if move is Move.VALIDATE and _never_live(history.revision(number).terms, now, tz):
        message = f"Revision {number} of {history.ref} starts after its review date."
        hint = "Validate it later, or save it with more review_months."
        raise WrongState("move.review-before-start", message, hint, move=move.value)


def _never_live(terms: Terms, now: datetime, tz: ZoneInfo) -> bool:
    """Whether a text validated now would end before it starts, and at its start take the one before it away."""
    if terms.valid_from is None or not terms.review_months:
        return False
    return months_later(now, terms.review_months, tz) <= start_instant(terms.valid_from, tz)


def guard_role(move: Move, kind: Kind, actor: Actor, who: str = "", *, day: bool = False) -> None:
    """Refuse a move that none of somebody's roles may make, naming who could and from where; raises NotAllowed."""
    roles = allowed_roles(move, kind, day=day)
    if actor.roles & roles:
        return
    who = who or ", ".join(sorted(roles))
    message, possible = f"You may not {move.value} this text.", _possible_from(move)
    fields = {"move": move.value, "who": who, "from": possible}
    raise NotAllowed("move.role", message, f"This can: {who}. Possible from: {possible}.", **fields)


def _possible_from(move: Move) -> str:
    return ", ".join(sorted(MOVE_STATES.get(move, ()))) or "no state: it is no decision"


def _wrong_state(move: Move, history: History, number: int, here: State, who: str) -> WrongState:
    fields = {"move": move.value, "state": here.value, "from": _possible_from(move), "who": who}
    message = f"Revision {number} of {history.ref} is {here.value}: it cannot {move.value}."
    return WrongState("move.state", message, f"Possible from: {fields['from']}. This can: {who}.", **fields)


def possible_moves(
    history: History, number: int, actor: Actor, now: datetime, tz: ZoneInfo, rules: Rules = EVERY_VALIDATOR
) -> tuple[Move, ...]:
    """The moves this person could make on this revision now, in the order of the table."""
    return tuple(move for move in MOVE_STATES if _passes(move, history, number, actor, now, tz, rules))


def _passes(move: Move, history: History, number: int, actor: Actor, now: datetime, tz: ZoneInfo, rules: Rules) -> bool:
    try:
        guard(move, history, number, history.revision(number).digest, actor, now, tz, rules)
    except (NotAllowed, Conflict, WrongState):
        return False
    return True


def open_flags(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The flags nobody has answered yet: a validation, renewal, archive or hold after one answers it."""
    flags: list[Decision] = []
    for decision in decisions:
        if decision.move is Move.FLAG:
            flags.append(decision)
        elif decision.move in (Move.VALIDATE, Move.RENEW, Move.ARCHIVE, Move.HOLD):
            flags.clear()
    return tuple(flags)


def periods(history: History, now: datetime, tz: ZoneInfo) -> Sequence[tuple[Published, datetime | None]]:
    """What was live when, oldest first: each published revision and when it stopped (None: it has not)."""
    spans: list[tuple[Published, datetime | None]] = []
    for index, decision in enumerate(history.decisions):
        if decision.move is not Move.VALIDATE:
            continue
        later = history.decisions[index + 1 :]
        again = (n for n, d in enumerate(later) if d.move is Move.VALIDATE and d.number == decision.number)
        renewals = later[: next(again, len(later))]
        known = replace(history, decisions=(*history.decisions[: index + 1], *renewals))
        published = publish(known, decision, tz)
        stops = [d.at for d in later if d.move in (Move.HOLD, Move.ARCHIVE)]
        others = [publish(history, d, tz) for d in later if d.move is Move.VALIDATE]
        stops += [other.start for other in others if not other.held]
        stops += [published.end] if published.end else []
        stop = min((instant for instant in stops if instant <= now), default=None)
        if published.start <= now and not published.held and (stop is None or stop > published.start):
            spans.append((published, stop))
    return spans
