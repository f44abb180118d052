"""The door for a validator with ten minutes: one text at a time, with what changed since they last signed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kbengine.article import Article, Kind, Ref
from kbengine.engine.compare import compare, header_changes, readable
from kbengine.engine.comparing import Comparison, leading_change
from kbengine.engine.library import Library
from kbengine.engine.reading import views
from kbengine.engine.room import Room
from kbengine.engine.values import Event, Passage, VariantView
from kbengine.history import Actor, Behind, Decision, History, Move, Revision, State, Weight
from kbengine.journal import Person, make_move
from kbengine.period import days_early, months_later, start_instant
from kbengine.translation import said_weight
from kbengine.validate import REVIEW_DUE_BEFORE, chosen, open_flags, possible_moves, stopped_at
from kbengine.vouching import signers

SIGNING = (Move.VALIDATE, Move.RENEW)
# In this order they are laid before somebody: first what is not there without them, last what only ends some day.
ORDER = (State.IN_REVIEW, State.ON_HOLD, State.EXPIRED, State.VALIDATED, State.REVIEW_DUE)
LIVE = frozenset({State.VALIDATED, State.REVIEW_DUE})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One text that waits for somebody who may sign it, and since when it does (UTC); `flagged` by a colleague.

    `behind`: a translation of which the first language changed since somebody vouched for it.
    """

    ref: Ref
    number: int
    state: State
    since: datetime
    flagged: bool
    moves: tuple[Move, ...]
    behind: Behind | None = None

    @property
    def name(self) -> str:
        """What names it in an address; another revision of the same text has another name."""
        return f"{self.ref}@{self.number}"


@dataclass(frozen=True, slots=True)
class Seen:
    """Exactly the text that somebody saw."""

    ref: Ref
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Review:
    """One text to sign or not; `base` is the revision it is compared with (0: there is none to compare with).

    `signed_at`: when this person signed `base`, None when they never signed this text. `hold` is what would be
    taken out at once; `signed` names who signed already of the `signatures` it needs. `place` of `total`, and `next`
    is the name of the one after it, "" when there is none. `weight`: how much its editor says that it changes;
    `leading`: what changed in the first language since somebody vouched for this translation.
    """

    waiting: Waiting
    digest: str
    title: str
    owner: str
    theme: str
    author: str
    saved_at: datetime
    base: int
    signed_at: datetime | None
    end: datetime | None
    header_changes: tuple[tuple[str, str, str], ...]
    difference: tuple[Passage, ...]
    variants: tuple[VariantView, ...]
    sources: tuple[str, ...]
    flags: tuple[Event, ...]
    reason: str
    hold: Seen | None
    signed: tuple[str, ...]
    signatures: int
    place: int
    total: int
    next: str
    weight: Weight | None = None
    leading: Comparison | None = None

    @property
    def changed(self) -> bool:
        """Whether any word differs from the text it is compared with."""
        return any(passage.op != "same" for passage in self.difference)


class Reviewing:
    """Signing one text after the other in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def waiting(self, person: Person) -> tuple[Waiting, ...]:
        """Everything that waits for a signature this person may give, the longest waiting first within its state."""
        library = Library.of(self._room)
        return _sorted(item for ref in library.histories for item in _waiting(library, ref, person.actor))

    def review(self, person: Person, name: str = "") -> Review | None:
        """The text of that name, else the first that waits; None when nothing does."""
        library = Library.of(self._room)
        found = _sorted(item for ref in library.histories for item in _waiting(library, ref, person.actor))
        names = [item.name for item in found]
        return _review(library, found, names.index(name) if name in names else 0, person.actor) if found else None

    def sign(self, person: Person, seen: Iterable[Seen], move: Move, reason: str = "") -> tuple[Decision, ...]:
        """Make one move on these texts, all or none, at one moment.

        Raises what each move raises: NotFound, NotAllowed, WrongState, Conflict, WorkflowError.
        """
        return self._make(person, [(one, move) for one in seen], reason)

    def confirm(self, person: Person, seen: Iterable[Seen]) -> tuple[Decision, ...]:
        """Say of these texts that they still hold: renew what is live, validate what has ended; see `sign`."""
        library = Library.of(self._room)
        live = {one: library.state(one.ref, one.number) in LIVE for one in seen}
        return self._make(person, [(one, Move.RENEW if live[one] else Move.VALIDATE) for one in live])

    def _make(self, person: Person, moves: Sequence[tuple[Seen, Move]], reason: str = "") -> tuple[Decision, ...]:
        library = Library.of(self._room)
        zone, days = library.catalog.zone, _Days(library)
        early = [days.early(one) if move in SIGNING else 0 for one, move in moves]
        with self._room.store.journal.write() as writer:
            return tuple(
                make_move(
                    *(writer, person.actor, one.ref, one.number, one.digest, move, reason),
                    *(zone.first_lang, zone.timezone, before),
                )
                for (one, move), before in zip(moves, early, strict=True)
            )


class _Days:
    """On which local days how many answers are looked at again; what is signed now is laid on the emptiest ones."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._tz = library.catalog.zone.timezone
        ends = {ref: answer.published.review_at for ref, answer in library.catalog.answers.items()}
        self._day = {ref: end.astimezone(self._tz).date() for ref, end in ends.items() if end}
        self._taken = Counter(self._day.values())

    def early(self, one: Seen) -> int:
        """How many days before its term is over this text comes back; 0 for one that has no term, or begins later."""
        terms, now = self._library.history(one.ref).revision(one.number).terms, self._library.now
        self._taken[self._day.get(one.ref, date.max)] -= 1
        if not terms.review_months or (terms.valid_from and start_instant(terms.valid_from, self._tz) > now):
            return 0
        early = days_early(now, terms.review_months, self._tz, self._taken)
        last = months_later(now, terms.review_months, self._tz).astimezone(self._tz).date()
        self._taken[last - timedelta(days=early)] += 1
        return early


def _sorted(items: Iterable[Waiting]) -> tuple[Waiting, ...]:
    return tuple(sorted(items, key=lambda item: (ORDER.index(item.state), item.since, item.ref, item.number)))


def _waiting(library: Library, ref: Ref, actor: Actor) -> Iterator[Waiting]:
    history = library.history(ref)
    tz, flagged = library.catalog.zone.timezone, bool(open_flags(history.decisions))
    published = library.published(ref)
    alone = published is not None and published.alone
    states = {revision.number: library.state(ref, revision.number) for revision in history.revisions}
    behind = library.behind(ref)
    newest = max((number for number, here in states.items() if here is State.IN_REVIEW), default=0)
    for number, here in states.items():
        # Who signs the newest text that was sent has signed what stood in those before it.
        if here not in ORDER or (here is State.IN_REVIEW and number != newest) or (here in LIVE and newest):
            continue
        overtaken = behind is not None and behind.due and here in LIVE
        if here is State.VALIDATED and not flagged and not alone and not overtaken:
            continue
        moves = possible_moves(history, number, actor, library.now, tz, library.rules(ref, number))
        if any(move in moves for move in SIGNING):
            yield Waiting(ref, number, here, waits_since(library, history, number, here), flagged, moves, behind)


def waits_since(library: Library, history: History, number: int, here: State) -> datetime:
    """Since when a revision waits for somebody: sent, held, ended, flagged, or within thirty days of its end."""
    revision = history.revision(number)
    if here is State.IN_REVIEW:
        sent = [d.at for d in history.decisions if d.number == number and d.move is Move.SUBMIT]
        return sent[-1] if sent else revision.at
    stop, flags = stopped_at(history), open_flags(history.decisions)
    if here is State.ON_HOLD and stop is not None:
        return stop.at
    if here in LIVE and flags:
        return flags[0].at
    behind = library.behind(history.ref)
    if here in LIVE and behind is not None and behind.due:
        return behind.since
    published = chosen(history, library.now, library.catalog.zone.timezone)
    end = published.end if published else None
    if end is None:
        return revision.at
    return end if here is State.EXPIRED else end - REVIEW_DUE_BEFORE


def _signature(history: History, actor: Actor) -> Decision | None:
    """The last time that somebody signed this text."""
    mine = [d for d in history.decisions if d.actor == actor.person and d.move in (*SIGNING, Move.SIGN)]
    return mine[-1] if mine else None


def _review(library: Library, found: tuple[Waiting, ...], place: int, actor: Actor) -> Review:
    item = found[place]
    ref, history, published = item.ref, library.history(item.ref), library.published(item.ref)
    revision, mine = history.revision(item.number), _signature(history, actor)
    base = mine.number if mine else published.number if published else 0
    facts = library.catalog.fact_values(ref.lang, library.now)
    before = readable(history.revision(base).text if base else "", facts)
    after = readable(revision.text, facts)
    article = library.article(revision) if ref.kind is Kind.ARTICLE else None
    said = [d.reason for d in history.decisions if d.number == item.number and d.reason]
    flags = tuple(library.event(flag) for flag in open_flags(history.decisions))
    rest = (*found[place + 1 :], *found[:place])
    return Review(
        waiting=item,
        digest=revision.digest,
        title=library.title(ref),
        owner=library.owner(ref),
        theme=revision.theme,
        author=library.names.get(revision.author, ""),
        saved_at=revision.at,
        base=base,
        signed_at=mine.at if mine else None,
        end=published.end if published else None,
        header_changes=header_changes(before, after),
        difference=compare(before.body, after.body),
        variants=views(article, facts) if article else (),
        sources=_sources(library, article, revision),
        flags=flags,
        reason=said[-1] if said and said[-1] not in {flag.reason for flag in flags} else "",
        hold=_hold(library, history, item, actor),
        signed=tuple(library.names.get(one, "") for one in signers(history, item.number)),
        signatures=library.rules(ref, item.number).signatures,
        place=place + 1,
        total=len(found),
        next=rest[0].name if rest else "",
        weight=said_weight(history, item.number),
        leading=leading_change(library, ref) if item.behind else None,
    )


def _sources(library: Library, article: Article | None, revision: Revision) -> tuple[str, ...]:
    """A translation leans on the sources of its first language."""
    lead = library.lead(revision.ref.slug) if article else None
    header = (article.header if article else None) or (lead.header if lead else None)
    return header.sources if header else ()


def _hold(library: Library, history: History, item: Waiting, actor: Actor) -> Seen | None:
    """What this person could take out at once: the text itself when it is live, else the live one before it."""
    published = library.published(item.ref)
    number = item.number if Move.HOLD in item.moves else published.number if published else 0
    if not number:
        return None
    tz, rules = library.catalog.zone.timezone, library.rules(item.ref, number)
    moves = possible_moves(history, number, actor, library.now, tz, rules)
    return Seen(item.ref, number, history.revision(number).digest) if Move.HOLD in moves else None
