"""An article gets another name, or goes up in another article: guard and line in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Column, select, update

from kbengine.article import LANGUAGES, SLUG, Kind, Ref, is_day, join_questions
from kbengine.errors import Conflict, InvalidDocument, NotFound, WorkflowError, WrongState
from kbengine.history import Actor, History, Move, Revision, State
from kbengine.journal import tables as t
from kbengine.journal.moves import history_in_force, make_move, said
from kbengine.journal.names import NAMED, NameLine, Naming
from kbengine.journal.phrases import question_ground
from kbengine.journal.record import Writer
from kbengine.period import NO_TERMS
from kbengine.validate import guard_role, live, state

MAX_NAME = 80
# What names an article beside the record: it gets the new name too.
BESIDE = tuple(
    column
    for table in t.metadata.sorted_tables
    for column in table.columns
    if column.name in ("slug", "one", "other") and table not in (t.revisions, t.decisions, t.names)
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the line, and the list of questions that it sent to be accepted, if there were new ones."""

    line: NameLine
    questions: Revision | None


def guard_rename(writer: Writer, actor: Actor, old: str, new: str, *, take: bool = False) -> str:
    """Let an article be called otherwise, or refuse it; returns its slug in the record. Raises as `rename` does."""
    guard_role(Move.SAVE, Kind.ARTICLE, actor)
    _guard_name(new)
    names, kept = writer.names, _known(writer, old)
    _guard_whole(writer, old)
    if new == old:
        raise Conflict("name.same", f"{old} is called that already.", "There is nothing to do.", name=new)
    other = names.kept(new)
    if other != kept and (_exists(writer, other) or names.merged(new) is not None):
        now = names.now(new)
        if now == new:
            raise Conflict("name.taken", f"There is an article {new} already.", "Choose another name.", name=new)
        if not take:
            hint = "Choose another name, or say that this one may be taken."
            raise Conflict("name.former", f"{new} was the name of {now} and leads there.", hint, name=new, now=now)
    return kept


def rename(writer: Writer, actor: Actor, old: str, new: str, reason: str = "", *, take: bool = False) -> NameLine:
    """Call an article otherwise from now on; its texts, decisions and what is kept beside them stay as they are.

    `old` is its name of now. With `take`, a name that another article had before may be taken: it then leads here.
    Raises NotAllowed, NotFound, InvalidDocument (no name), WrongState (a day answer, or it went up in another) and
    Conflict (it is called otherwise meanwhile, or the name is or was another's).
    """
    kept = guard_rename(writer, actor, old, new, take=take)
    line = writer.name(Naming.RENAME, kept, new, actor.person, said(reason, "rename", needed=False))
    for column in BESIDE:
        _move(writer, column, old, new)
    return line


def merge_mark(writer: Writer, source: str, target: str) -> str:
    """Hex digits that change with whatever happens to either article or its questions."""
    told = [
        f"{history.ref} {history.revisions[-1].number} {history.decisions[-1].seq if history.decisions else 0}"
        for slug in (source, target)
        for history in map(writer.history, _refs(slug))
        if history.revisions
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def guard_merge(
    writer: Writer, actor: Actor, source: str, target: str, first_lang: str, tz: ZoneInfo, seen: str = ""
) -> tuple[str, str]:
    """Let an article go up in another, or refuse it; returns their slugs in the record. Raises as `merge` does."""
    guard_role(Move.ARCHIVE, Kind.ARTICLE, actor)
    kept, into = _known(writer, source), _known(writer, target)
    if kept == into:
        raise Conflict("name.same", f"{source} cannot go up in itself.", "Choose another article.", name=source)
    for slug in (source, target):
        _guard_whole(writer, slug)
    if seen and merge_mark(writer, source, target) != seen:
        raise Conflict("merge.changed", f"{source} or {target} changed since you looked.", "Look at both again.")
    if live(writer.history(Ref(Kind.ARTICLE, target, first_lang)), writer.now, tz) is None:
        message = f"{target} has no live text: nobody would be answered."
        raise WrongState("merge.not-live", message, "Have it validated first.", name=target)
    joined(writer, source, target, tz)
    return kept, into


def merge(
    writer: Writer, actor: Actor, source: str, target: str, reason: str, first_lang: str, tz: ZoneInfo, seen: str = ""
) -> Merged:
    """Let an article go up in another: it goes out of use, its name leads there, its questions are proposed there.

    The proposal waits for a second person, as any list of questions. `seen` is the `merge_mark` that was looked at,
    empty to not look. Raises NotAllowed, NotFound, WrongState (a day answer, one that went up in another, a target
    that is not live) and Conflict (another name, a change meanwhile, or questions that wait to be accepted).
    """
    kept, into = guard_merge(writer, actor, source, target, first_lang, tz, seen)
    questions, proposed = None, joined(writer, source, target, tz)
    if proposed is not None:
        ref, (before, text) = Ref(Kind.QUESTIONS, target), proposed
        base, theme = (before.number, before.theme) if before else (0, "")
        questions = writer.save(ref, text, theme, actor.person, NO_TERMS, base)
        make_move(writer, actor, ref, questions.number, questions.digest, Move.SUBMIT, "", first_lang, tz)
    reason = said(reason, "merge", needed=False)
    for lang in LANGUAGES:
        history = history_in_force(writer.history, Ref(Kind.ARTICLE, source, lang), first_lang, writer, tz)
        _archive(writer, actor, history, f"Opgegaan in {target}. {reason}".rstrip(), first_lang, tz)
    line = writer.name(Naming.MERGE, kept, into, actor.person, reason)
    _move(writer, t.phrases.c.slug, source, target)
    return Merged(line, questions)


def joined(writer: Writer, source: str, target: str, tz: ZoneInfo) -> tuple[Revision | None, str] | None:
    """The live list of questions of an article, and as it would be with those of another; None when it has them all.

    Raises Conflict when a newer list of it waits to be decided on.
    """
    asked = live(writer.history(Ref(Kind.QUESTIONS, source)), writer.now, tz)
    if asked is None:
        return None
    try:
        before = question_ground(writer.history(Ref(Kind.QUESTIONS, target)), writer.now, tz)
    except WorkflowError as error:
        hint = "Have the list of questions of that article decided on first."
        message = f"The questions of {target} wait to be decided on."
        raise Conflict("merge.questions", message, hint, name=target) from error
    text = join_questions(before.text if before else "", asked.text, target)
    return None if before is not None and text == before.text else (before, text)


def lead_to(writer: Writer, actor: Actor, what: Naming, name: str, target: str) -> NameLine | None:
    """Let a name that no article of this store has lead to one, as a folder says; None when it does already.

    Raises NotAllowed, NotFound, InvalidDocument, and Conflict when the name is another's.
    """
    guard_role(Move.SAVE, Kind.ARTICLE, actor)
    _guard_name(name)
    names = writer.names
    kept = _known(writer, names.now(target))
    if names.leads(name) == names.shown(kept):
        return None
    if _exists(writer, names.kept(name)) or names.merged(name) is not None:
        raise Conflict("name.taken", f"There is an article {name} already.", "Choose another name.", name=name)
    about = (name, kept) if what is Naming.MERGE else (kept, name)
    return writer.name(what, *about, actor.person)


def _refs(slug: str) -> tuple[Ref, ...]:
    return (*(Ref(Kind.ARTICLE, slug, lang) for lang in LANGUAGES), Ref(Kind.QUESTIONS, slug))


def _guard_name(name: str) -> None:
    if not SLUG.fullmatch(name) or len(name) > MAX_NAME:
        hint = "Use small letters, digits and hyphens, like fiets-gestolen."
        raise InvalidDocument("slug.bad", "The short name cannot be used.", hint, slug=name)
    if is_day(Ref(Kind.ARTICLE, name, "")):
        raise WrongState("name.day", f"{name} names a day answer.", "Choose another name.", name=name)


def _known(writer: Writer, name: str) -> str:
    """The slug in the record of the article that is called so now; raises NotFound, Conflict."""
    names = writer.names
    if not _exists(writer, names.kept(name)):
        raise NotFound("text.unknown", f"There is no {name}.", "Look in the list of articles.", ref=name)
    now = names.now(name)
    if now != name:
        raise Conflict("name.moved", f"{name} is called {now} now.", "Look at that one.", name=name, now=now)
    return names.kept(name)


def _exists(writer: Writer, slug: str) -> bool:
    kinds = t.revisions.c.kind.in_([kind.value for kind in NAMED])
    query = select(t.revisions.c.seq).where(kinds, t.revisions.c.slug == slug).limit(1)
    return writer.connection.execute(query).first() is not None


def _guard_whole(writer: Writer, name: str) -> None:
    """Let pass what is an article of its own, and no day answer; raises WrongState."""
    if is_day(Ref(Kind.ARTICLE, name, "")):
        raise WrongState("name.day", f"{name} is a day answer.", "It ends by itself.", name=name)
    into = writer.names.into(name)
    if into:
        raise WrongState("name.merged", f"{name} went up in {into}.", "Look at that one.", name=name, now=into)


def _move(writer: Writer, column: Column[str], old: str, new: str) -> None:
    """Let the rows of a plain table that name an article in a column follow it to another name."""
    rows = [column == old]
    if "kind" in column.table.columns:
        rows.append(column.table.c.kind.in_([kind.value for kind in NAMED]))
    writer.connection.execute(update(t.metadata.tables[column.table.name]).where(*rows).values({column.name: new}))


def _archive(writer: Writer, actor: Actor, history: History, reason: str, first_lang: str, tz: ZoneInfo) -> None:
    """Take a text out of use, unless it is; one that never was is none."""
    if not history.revisions:
        return
    validated = [d.number for d in history.decisions if d.move is Move.VALIDATE]
    revision = history.revision(validated[-1]) if validated else history.revisions[-1]
    if state(history, revision.number, writer.now, tz) is not State.ARCHIVED:
        make_move(*(writer, actor, history.ref, revision.number, revision.digest, Move.ARCHIVE, reason, first_lang, tz))
