"""One move on many articles: first what would happen to each of them or why not, then the move itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kbengine.article import Kind, Ref
from kbengine.engine.editing import Editing
from kbengine.engine.library import Library
from kbengine.engine.reviewing import Reviewing, Seen
from kbengine.engine.room import Room, last_published
from kbengine.errors import Conflict, InvalidDocument, KBError, NotFound, Problem, TooLarge, WorkflowError, WrongState
from kbengine.history import Move, Revision, State
from kbengine.journal import Person
from kbengine.validate import MOVE_STATES, MOVES_WITH_REASON, guard, guard_role

MOST = 500
MARK_LENGTH = 16


class Act(StrEnum):
    """What may be done to many articles at once; to vouch for a text one reads it, so that is not among them."""

    SUBMIT = Move.SUBMIT.value
    RENEW = Move.RENEW.value
    HOLD = Move.HOLD.value
    ARCHIVE = Move.ARCHIVE.value
    OWNER = "owner"


# An act that is a move in the journal; a change of owner is a new revision.
MOVE_OF = {act: Move(act.value) for act in Act if act is not Act.OWNER}
UNFINISHED = frozenset({State.DRAFT, State.RETURNED})


class Fate(StrEnum):
    """What becomes of one text: it is done, it cannot be, or there is nothing to do."""

    WILL = "will"
    NOT = "not"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Picked:
    """Exactly one text as it stood when somebody looked; `mark` changes with whatever happens to it after."""

    ref: Ref
    number: int
    mark: str


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One text of a bulk move; `error` says why it cannot be, or why there is nothing to do.

    `sent`: a change of owner is sent to be validated at once; without it, it joins a draft that somebody is writing.
    """

    picked: Picked
    title: str
    owner: str
    state: State
    fate: Fate
    error: KBError | None = None
    problems: tuple[Problem, ...] = ()
    sent: bool = True

    @property
    def ref(self) -> Ref:
        """The text."""
        return self.picked.ref

    @property
    def number(self) -> int:
        """The revision it is about."""
        return self.picked.number


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to do; `owner` is the key of a service, for Act.OWNER only."""

    act: Act
    reason: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class BulkFilter:
    """Which articles: those that are all of this; what is empty narrows nothing.

    `slugs` by name, `owner` a service's key or label, `state` of any of an article's texts or of its newer version.
    """

    slugs: tuple[str, ...] = ()
    theme: str = ""
    owner: str = ""
    tag: str = ""
    state: str = ""

    @property
    def empty(self) -> bool:
        """Whether it would take everything."""
        return self == BulkFilter()


class Bulk:
    """Moves on many articles of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._editing = Editing(room)
        self._reviewing = Reviewing(room)

    def chosen(self, wanted: BulkFilter) -> tuple[str, ...]:
        """The articles that a filter takes, by name; raises NotFound for a name that no article has."""
        library = Library.of(self._room)
        articles: dict[str, list[Ref]] = {}
        for ref in library.histories:
            if ref.kind is Kind.ARTICLE and not library.over(library.histories[ref].revisions[-1]):
                articles.setdefault(ref.slug, []).append(ref)
        for slug in wanted.slugs:
            if slug not in articles:
                raise NotFound("text.unknown", f"There is no {slug}.", "Look in the list of articles.", ref=slug)
        return tuple(slug for slug, refs in sorted(articles.items()) if _fits(library, slug, refs, wanted))

    def plan(self, person: Person, slugs: Iterable[str], wanted: Wanted) -> tuple[BulkLine, ...]:
        """What would happen to each of these articles; nothing is written.

        Raises NotFound (no such article or service) and TooLarge (more than `MOST` texts).
        """
        library = Library.of(self._room)
        if wanted.act is Act.OWNER and wanted.owner not in library.catalog.zone.owners:
            raise NotFound("bulk.owner", f"There is no service {wanted.owner!r}.", "See zone.toml.", owner=wanted.owner)
        lines: list[BulkLine] = []
        for slug in dict.fromkeys(slugs):
            lines += self._lines(library, person, slug, wanted)
            if len(lines) > MOST:
                hint = "Narrow the choice, then do the rest."
                raise TooLarge("bulk.too-many", f"At most {MOST} texts go together.", hint, most=str(MOST))
        return tuple(lines)

    def _lines(self, library: Library, person: Person, slug: str, wanted: Wanted) -> list[BulkLine]:
        lines = [self._line(library, person, ref, wanted) for ref in _texts(library, slug, wanted.act)]
        busy = [line for line in lines if line.fate is not Fate.IDLE]
        return busy or lines[:1]

    def _line(self, library: Library, person: Person, ref: Ref, wanted: Wanted) -> BulkLine:
        history = library.history(ref)
        newest = history.revisions[-1]
        current = 0 if wanted.act in (Act.SUBMIT, Act.OWNER) else last_published(history, library.published(ref))
        number = current or newest.number
        here = library.state(ref, number)
        line = BulkLine(
            picked=Picked(ref, number, _mark(library, ref)),
            title=library.title(ref),
            owner=library.owner(ref),
            state=here,
            fate=Fate.WILL,
            sent=wanted.act is not Act.OWNER or here not in UNFINISHED,
        )
        problems: tuple[Problem, ...] = ()
        try:
            if wanted.act is Act.OWNER:
                problems = self._guard_owner(library, person, newest, here, wanted.owner)
            else:
                move, zone = MOVE_OF[wanted.act], library.catalog.zone
                rules = library.rules(ref, number)
                digest = history.revision(number).digest
                guard(move, history, number, digest, person.actor, library.now, zone.timezone, rules)
                if wanted.act is Act.SUBMIT:
                    problems = self._editing.problems(library, newest)
        except (InvalidDocument, NotFound, WorkflowError) as error:
            return replace(line, fate=_fate(error, wanted.act, here), error=error)
        errors = tuple(problem for problem in problems if problem.level == "error")
        if errors and line.sent:
            message, hint = f"{len(errors)} problems stand in the way.", "Correct them, then submit."
            return replace(
                line, fate=Fate.NOT, error=InvalidDocument("submit.problems", message, hint, errors), problems=errors
            )
        return line

    def _guard_owner(
        self, library: Library, person: Person, newest: Revision, here: State, owner: str
    ) -> tuple[Problem, ...]:
        """Let a change of owner pass, or refuse it; returns the problems that keep it from being sent."""
        guard_role(Move.SAVE, Kind.ARTICLE, person.actor)
        article = library.article(newest)
        if article is None or article.header is None:
            raise NotFound("text.unreadable", f"{newest.ref} cannot be shown as a form.", "Import its file again.")
        if article.header.owner == owner:
            raise Conflict("bulk.owner-same", f"{newest.ref} is of this service already.", "There is nothing to do.")
        if here in (State.IN_REVIEW, State.ARCHIVED, State.SCHEDULED):
            message = f"{newest.ref} is {here.value}."
            hint = "Have that decided first." if here is not State.ARCHIVED else "It is out of use."
            raise WrongState("bulk.owner-state", message, hint, state=here.value)
        return self._editing.preview(
            replace(self._editing.form(newest.ref.slug, newest.ref.lang), owner=owner)
        ).problems

    def act(self, person: Person, picked: Sequence[Picked], wanted: Wanted) -> tuple[BulkLine, ...]:
        """Do it to each of these texts by itself, exactly as they were seen; what cannot be is left, and says why.

        Raises WorkflowError when a reason is needed and there is none, TooLarge.
        """
        if len(picked) > MOST:
            raise TooLarge("bulk.too-many", f"At most {MOST} texts go together.", "Do the rest after.", most=str(MOST))
        if wanted.act in MOVE_OF and MOVE_OF[wanted.act] in MOVES_WITH_REASON and not wanted.reason.strip():
            raise WorkflowError("move.reason", f"To {wanted.act}, say why.", "One sentence is enough.", move=wanted.act)
        return tuple(self._act(person, one, wanted) for one in dict.fromkeys(picked))

    def _act(self, person: Person, picked: Picked, wanted: Wanted) -> BulkLine:
        library = Library.of(self._room)
        line = BulkLine(picked, str(picked.ref), "", State.DRAFT, Fate.NOT)
        try:
            revision = library.history(picked.ref).revision(picked.number)
            here = library.state(picked.ref, picked.number)
            line = replace(line, title=library.title(picked.ref), owner=library.owner(picked.ref), state=here)
            if _mark(library, picked.ref) != picked.mark:
                message, hint = f"{picked.ref} changed since you looked.", "Look at it again, then decide."
                raise Conflict("bulk.changed", message, hint, ref=str(picked.ref))
            self._do(person, revision, wanted, send=here not in UNFINISHED)
        except (InvalidDocument, NotFound, WorkflowError) as error:
            return replace(line, error=error, problems=error.problems if isinstance(error, InvalidDocument) else ())
        after = Library.of(self._room)
        if wanted.act is Act.OWNER:
            number = after.history(picked.ref).revisions[-1].number
            picked, owner = replace(picked, number=number), after.catalog.zone.owners[wanted.owner]
            line = replace(line, picked=picked, owner=owner)
        return replace(line, fate=Fate.WILL, state=after.state(picked.ref, picked.number), sent=True)

    def _do(self, person: Person, revision: Revision, wanted: Wanted, *, send: bool) -> None:
        ref = revision.ref
        if wanted.act is Act.OWNER:
            form = replace(self._editing.form(ref.slug, ref.lang), owner=wanted.owner, base=revision.number)
            number = self._editing.save(person, form)
            if send:
                saved = next(line for line in self._editing.lines(ref) if line.number == number)
                self._editing.move(person, ref, number, saved.digest, Move.SUBMIT, wanted.reason)
        elif wanted.act is Act.RENEW:  # many at once come back on different days
            self._reviewing.sign(person, [Seen(ref, revision.number, revision.digest)], Move.RENEW, wanted.reason)
        else:
            move = MOVE_OF[wanted.act]
            self._editing.move(person, ref, revision.number, revision.digest, move, wanted.reason)


def _fits(library: Library, slug: str, refs: Sequence[Ref], wanted: BulkFilter) -> bool:
    lead = library.lead(slug)
    header = lead.header if lead else None
    owner = header.owner if header else ""
    return (
        (not wanted.slugs or slug in wanted.slugs)
        and wanted.theme in ("", library.histories[refs[0]].revisions[-1].theme)
        and wanted.owner in ("", owner, library.catalog.zone.owners.get(owner, owner))
        and (not wanted.tag or (header is not None and wanted.tag in header.tags))
        and (not wanted.state or wanted.state in {here for ref in refs for here in _states(library, ref)})
    )


def _states(library: Library, ref: Ref) -> Iterator[State]:
    """Where a text stands, and where its newer version does."""
    history = library.history(ref)
    newest = history.revisions[-1].number
    yield library.state(ref, last_published(history, library.published(ref)) or newest)
    yield library.state(ref, newest)


def _texts(library: Library, slug: str, act: Act) -> list[Ref]:
    """The texts of an article that an act is about; raises NotFound.

    A translation shares the header and the end of its first language: to hold that one holds all.
    """
    zone = library.catalog.zone
    refs = [Ref(Kind.ARTICLE, slug, lang) for lang in zone.languages]
    found = [ref for ref in refs if ref in library.histories]
    if not found:
        raise NotFound("text.unknown", f"There is no {slug}.", "Look in the list of articles.", ref=slug)
    if act in (Act.HOLD, Act.OWNER):
        return found[:1]
    asked = Ref(Kind.QUESTIONS, slug)
    return [*found, asked] if act is Act.SUBMIT and asked in library.histories else found


def _fate(error: KBError, act: Act, here: State) -> Fate:
    """Of a text that is past an act, or not there yet, nothing is wanted; anything else keeps it from being done."""
    if error.code == "bulk.owner-same" or (act is Act.OWNER and here is State.ARCHIVED):
        return Fate.IDLE
    return Fate.NOT if act is Act.OWNER or here in MOVE_STATES[MOVE_OF[act]] else Fate.IDLE


def _mark(library: Library, ref: Ref) -> str:
    """Hex digits that change with every revision of a text and every decision about it."""
    history = library.histories[ref]
    last = history.decisions[-1].seq if history.decisions else 0
    told = f"{history.revisions[-1].number} {history.revisions[-1].digest} {last}"
    return hashlib.sha256(told.encode()).hexdigest()[:MARK_LENGTH]
