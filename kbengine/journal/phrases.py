"""What people chose to keep of messages, for 90 days: phrases to learn, questions without an answer, dismissals.

A phrase waits here until somebody with no hand in it accepts it: only then it enters the record, in a new revision of
its article's question file. Nothing here changes what is suggested.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, Table, delete, func, insert, select, update

from kbengine.article import Kind, Ref, add_question
from kbengine.errors import Conflict, NotAllowed, NotFound, WrongState
from kbengine.history import Actor, History, Move, Revision, State
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.moves import make_move
from kbengine.journal.record import Writer
from kbengine.period import NO_TERMS
from kbengine.validate import guard_role, live, state

TERM = timedelta(days=90)
PENDING = frozenset({State.DRAFT, State.IN_REVIEW, State.RETURNED, State.SCHEDULED})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way of asking that waits to be accepted; `hands` are the ids of all who wrote at it, who wrote last last."""

    id: int
    at: datetime
    expires: datetime
    slug: str
    lang: str
    text: str
    teacher: str
    hands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that no article answers."""

    id: int
    at: datetime
    expires: datetime
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    """How often an answer was waved away of late, and when last."""

    slug: str
    lang: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Phrases:
    """The kept phrases, gaps and dismissals of one store; what is past its term is as good as gone."""

    engine: Engine

    def teach(self, now: datetime, slug: str, lang: str, text: str, teacher: str) -> None:
        """Keep a phrase that should find an article."""
        with writing(self.engine) as connection:
            _teach(connection, now, slug, lang, text, teacher)

    def waiting(self, now: datetime) -> tuple[Phrase, ...]:
        """The phrases that wait, oldest first."""
        with self.engine.begin() as connection:
            return tuple(_phrase(row) for row in connection.execute(_current(t.phrases, now)))

    def phrase(self, id: int, now: datetime) -> Phrase:
        """One phrase that waits; raises NotFound."""
        with self.engine.begin() as connection:
            return _phrase(_one(connection, t.phrases, id, now))

    def edit(self, now: datetime, id: int, seen: str, text: str, editor: str) -> None:
        """Change a phrase, and have a hand in it; raises NotFound, Conflict when it is not what was seen."""
        with writing(self.engine) as connection:
            phrase = _phrase(_seen(connection, t.phrases, id, seen, now))
            hands = (*(hand for hand in phrase.hands if hand != editor), editor)
            changed = update(t.phrases).where(t.phrases.c.id == id)
            connection.execute(changed.values(text=text, hands=" ".join(hands)))

    def decline(self, now: datetime, id: int, seen: str) -> None:
        """Let a phrase go; raises NotFound, Conflict."""
        self._drop(t.phrases, now, id, seen)

    def keep_gap(self, now: datetime, lang: str, text: str) -> None:
        """Keep a question that no article answers."""
        with writing(self.engine) as connection:
            connection.execute(insert(t.gaps).values(**_term(now), lang=lang, text=text))

    def gaps(self, now: datetime) -> tuple[Gap, ...]:
        """The questions without an answer, oldest first."""
        with self.engine.begin() as connection:
            return tuple(_gap(row) for row in connection.execute(_current(t.gaps, now)))

    def file_gap(self, now: datetime, id: int, seen: str, slug: str, teacher: str) -> None:
        """Make a gap a phrase of an article, by whoever says that it is one; raises NotFound, Conflict."""
        with writing(self.engine) as connection:
            row = _seen(connection, t.gaps, id, seen, now)
            connection.execute(delete(t.gaps).where(t.gaps.c.id == id))
            _teach(connection, now, slug, row.lang, row.text, teacher)

    def drop_gap(self, now: datetime, id: int, seen: str) -> None:
        """Let a gap go; raises NotFound, Conflict."""
        self._drop(t.gaps, now, id, seen)

    def dismiss(self, now: datetime, slug: str, lang: str, channel: str) -> None:
        """Count that an answer did not fit; neither the message nor the person is kept."""
        with writing(self.engine) as connection:
            row = {"slug": slug, "lang": lang, "channel": channel}
            connection.execute(insert(t.dismissals).values(**_term(now), **row))

    def dismissed(self, now: datetime) -> tuple[Dismissed, ...]:
        """The answers that were waved away, most often first."""
        kept = t.dismissals.c
        count = func.count().label("times")
        query = select(kept.slug, kept.lang, count, func.max(kept.at).label("last"))
        query = query.where(kept.expires > t.instant_text(now)).group_by(kept.slug, kept.lang)
        with self.engine.begin() as connection:
            rows = connection.execute(query.order_by(count.desc(), kept.slug, kept.lang))
            return tuple(Dismissed(row.slug, row.lang, row.times, t.instant_value(row.last)) for row in rows)

    def _drop(self, table: Table, now: datetime, id: int, seen: str) -> None:
        with writing(self.engine) as connection:
            _seen(connection, table, id, seen, now)
            connection.execute(delete(table).where(table.c.id == id))


def accept_phrase(writer: Writer, actor: Actor, id: int, seen: str, first_lang: str, tz: ZoneInfo) -> Revision:
    """Write a phrase into its question file and vouch for it, in the caller's one transaction.

    The revision is the live text and the phrase, by whoever wrote last at the phrase; the actor submits and validates
    it. Raises NotFound, NotAllowed (role, or a hand in it), Conflict (the phrase is another one, or is asked already,
    or a newer revision waits), WrongState (the file is out of use) and InvalidDocument.
    """
    guard_role(Move.VALIDATE, Kind.QUESTIONS, actor)
    phrase = _phrase(_seen(writer.connection, t.phrases, id, seen, writer.now))
    if actor.person in phrase.hands:
        message = "You had a hand in this phrase, so somebody else must accept it."
        raise NotAllowed("move.own-text", message, "Ask a second person.", move=Move.VALIDATE.value)
    ref = Ref(Kind.QUESTIONS, phrase.slug)
    before = question_ground(writer.history(ref), writer.now, tz)
    text = add_question(before.text if before else "", phrase.slug, phrase.lang, phrase.text)
    base, theme = (before.number, before.theme) if before else (0, "")
    revision = writer.save(ref, text, theme, phrase.hands[-1], NO_TERMS, base)
    for move in (Move.SUBMIT, Move.VALIDATE):
        make_move(writer, actor, ref, revision.number, revision.digest, move, "", first_lang, tz)
    writer.connection.execute(delete(t.phrases).where(t.phrases.c.id == id))
    return revision


def question_ground(history: History, now: datetime, tz: ZoneInfo) -> Revision | None:
    """The live revision that a phrase comes on top of, None for a new file; raises Conflict, WrongState."""
    newest = history.latest
    if newest is None:
        return None
    published = live(history, now, tz)
    if published is not None and published.number == newest.number:
        return newest
    if state(history, newest.number, now, tz) in PENDING:
        message = f"Revision {newest.number} of {history.ref} waits to be vouched for."
        hint = "Have that one validated first; the phrase waits."
        raise Conflict("phrase.pending", message, hint, number=str(newest.number))
    raise WrongState("phrase.not-live", f"{history.ref} is out of use.", "Validate its list of questions again first.")


def _term(now: datetime) -> dict[str, str]:
    return {"at": t.instant_text(now), "expires": t.instant_text(now + TERM)}


def _teach(connection: Connection, now: datetime, slug: str, lang: str, text: str, teacher: str) -> None:
    row = {"slug": slug, "lang": lang, "text": text, "teacher": teacher, "hands": teacher}
    connection.execute(insert(t.phrases).values(**_term(now), **row))


def _current(table: Table, now: datetime) -> Any:
    return select(table).where(table.c.expires > t.instant_text(now)).order_by(table.c.at, table.c.id)


def _one(connection: Connection, table: Table, id: int, now: datetime) -> Row[Any]:
    row = connection.execute(_current(table, now).where(table.c.id == id)).first()
    if row is None:
        hint = "Somebody else decided on it, or its 90 days are over."
        raise NotFound("phrase.gone", "This is no longer kept.", hint)
    return row


def _seen(connection: Connection, table: Table, id: int, seen: str, now: datetime) -> Row[Any]:
    row = _one(connection, table, id, now)
    if row.text != seen:
        raise Conflict("phrase.changed", "It is not the text you saw.", "Read it again, then decide.")
    return row


def _phrase(row: Row[Any]) -> Phrase:
    at, expires = t.instant_value(row.at), t.instant_value(row.expires)
    return Phrase(row.id, at, expires, row.slug, row.lang, row.text, row.teacher, tuple(row.hands.split()))


def _gap(row: Row[Any]) -> Gap:
    return Gap(row.id, t.instant_value(row.at), t.instant_value(row.expires), row.lang, row.text)
