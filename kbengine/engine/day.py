"""Day answers: an agent alone writes one, a named person vouches for it by a link, and it ends by itself that day."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from kbengine.article import (
    DAY_THEME,
    Article,
    Kind,
    LocalTime,
    Ref,
    VariantName,
    Zone,
    day_slug,
    is_day,
    is_recent,
    local_time_text,
    read_article,
    write_entries,
)
from kbengine.checks import check_articles
from kbengine.engine.library import Library
from kbengine.engine.reading import views
from kbengine.engine.room import Room
from kbengine.engine.values import VariantView
from kbengine.errors import InvalidDocument, NotAllowed, NotFound, Problem, SignInError, WorkflowError, WrongState
from kbengine.folder import article_terms
from kbengine.history import History, Move, Revision, Role, State
from kbengine.journal import Person, make_move
from kbengine.period import end_instant
from kbengine.validate import guard_role
from kbengine.vouching import Colleague, authors

LINK_TERM = timedelta(hours=4)
# How a decision by such a link is told in the chain from one of somebody who signed in.
VIA = "day-link"
REVIEW_MONTHS = "1"
MAX_SOURCE = 300


@dataclass(frozen=True, slots=True)
class DayForm:
    """A day answer as it is typed; `until` is a local time, `voucher` a login, `slug` "" for a new one."""

    title: str
    text: str
    source: str
    until: str
    voucher: str
    slug: str = ""
    base: int = 0


@dataclass(frozen=True, slots=True)
class DayLink:
    """A link that lets one person decide on one text, once; the secret is in no table."""

    secret: str
    slug: str
    voucher: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day answer that is not over; `until` is its end (UTC), `note` why it was sent back."""

    ref: Ref
    number: int
    title: str
    text: str
    source: str
    state: State
    live: int
    until: datetime | None
    author: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class DayRead:
    """What the person behind a link reads."""

    title: str
    variants: tuple[VariantView, ...]
    source: str
    author: str
    author_id: str
    voucher: str
    until: datetime | None
    expires: datetime


class DayAnswers:
    """The day answers of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def vouchers(self, person: Person) -> tuple[tuple[str, str], ...]:
        """Who somebody may ask: (login, name) of every other validator who is not away, by name."""
        library = Library.of(self._room)
        zone, known = library.catalog.zone, self._room.store.team.colleagues(library.now)
        able = [one for one in known if one.person != person.id and not one.away and _owner(zone, one)]
        return tuple((one.login, one.name) for one in sorted(able, key=lambda one: one.name.casefold()))

    def write(self, person: Person, form: DayForm) -> DayLink:
        """Save and send a text that ends at the next such time of day, and make the link for who was named.

        Raises NotAllowed, InvalidDocument (with every problem), Conflict, WorkflowError (no such time or voucher).
        """
        guard_role(Move.SAVE, Kind.ARTICLE, person.actor, day=True)
        library = Library.of(self._room)
        voucher = self._voucher(person, library, form.voucher)
        zone, tz = library.catalog.zone, library.catalog.zone.timezone
        local = library.now.astimezone(tz)
        ref = Ref(Kind.ARTICLE, form.slug or day_slug(local, secrets.token_hex(3)), zone.first_lang)
        if not is_recent(ref, local):
            raise NotFound("text.unknown", f"There is no day answer {ref}.", "Write a new one.", ref=str(ref))
        until = _end(local, form.until)
        text = _text(form, _owner(zone, voucher), until, zone.first_lang)
        article = _checked(library, ref, text)
        with self._room.store.journal.write() as writer:
            saved = writer.save(ref, text, DAY_THEME, person.id, article_terms(article), form.base)
            make_move(writer, person.actor, ref, saved.number, saved.digest, Move.SUBMIT, "", zone.first_lang, tz)
            return self._link(saved, voucher, writer.now)

    def link(self, person: Person, slug: str, login: str) -> DayLink:
        """Another link for the newest text of a day answer, for whoever is named now; raises as `write`, WrongState."""
        guard_role(Move.SUBMIT, Kind.ARTICLE, person.actor, day=True)
        library = Library.of(self._room)
        history = library.history(Ref(Kind.ARTICLE, slug, library.catalog.zone.first_lang))
        newest = history.revisions[-1]
        _unused(history, newest.number)
        return self._link(newest, self._voucher(person, library, login, history), library.now)

    def _voucher(self, person: Person, library: Library, login: str, history: History | None = None) -> Colleague:
        """Who was named; never one of the text's own authors."""
        own = {person.id} | (authors(history, history.revisions[-1].number) if history else set())
        for one in self._room.store.team.colleagues(library.now):
            if one.login == login and one.person not in own and not one.away and _owner(library.catalog.zone, one):
                return one
        raise WorkflowError("day.voucher", "This person cannot vouch for your text.", "Choose somebody of the list.")

    def _link(self, revision: Revision, voucher: Colleague, now: datetime) -> DayLink:
        expires = (now + LINK_TERM).replace(microsecond=0)
        said = f"{revision.ref.slug}.{revision.number}.{voucher.person}.{int(expires.timestamp())}"
        return DayLink(f"{said}.{self._mark(said, revision.digest)}", revision.ref.slug, voucher.name, expires)

    def _mark(self, said: str, digest: str) -> str:
        """What only this store can write under a link: it holds for exactly this text."""
        key = self._room.store.secret_key()
        return hmac.new(key, f"day answer\n{said}\n{digest}".encode(), hashlib.sha256).hexdigest()

    def read(self, secret: str) -> DayRead:
        """What a link is about; raises SignInError (no such link, or too late), WrongState (used, or replaced)."""
        library = Library.of(self._room)
        revision, person, expires = self._opened(library, secret)
        article = library.article(revision)
        if article is None or article.header is None:
            raise NotFound("text.unreadable", f"{revision.ref} cannot be read.", "Ask the agent.")
        until = revision.terms.valid_until
        return DayRead(
            title=article.title,
            variants=views(article, library.catalog.fact_values(article.lang, library.now)),
            source=", ".join(article.header.sources),
            author=library.names.get(revision.author, ""),
            author_id=revision.author,
            voucher=person.name,
            until=end_instant(until, library.catalog.zone.timezone) if until else None,
            expires=expires,
        )

    def _opened(self, library: Library, secret: str) -> tuple[Revision, Person, datetime]:
        said, _, mark = secret.rpartition(".")
        slug, number, voucher, until = parts if len(parts := said.split(".")) == 4 else ("", "", "", "")
        ref = Ref(Kind.ARTICLE, slug, library.catalog.zone.first_lang)
        history = library.histories.get(ref) if is_day(ref) else None
        revision = next((r for r in history.revisions if str(r.number) == number), None) if history else None
        good = self._mark(said, revision.digest) if revision else ""
        same = hmac.compare_digest(good.encode(), mark.encode("utf-8", "replace"))
        if history is None or revision is None or not same:
            raise SignInError("day.link-bad", "This link is not good.", "Ask for a new one.")
        person = next((one for one in self._room.store.accounts.all() if one.id == voucher), None)
        expires = datetime.fromtimestamp(int(until), UTC)
        if expires <= library.now or person is None or not person.active:
            raise SignInError("day.link-over", "This link is no longer good.", "Ask for a new one.")
        _unused(history, revision.number)
        return revision, person, expires

    def decide(self, secret: str, move: Move, reason: str) -> Move:
        """Validate or return the text of a link, once; returns what was written. Raises as `read`, and the guard's."""
        library = Library.of(self._room)
        revision, person, _ = self._opened(library, secret)
        zone, ref = library.catalog.zone, revision.ref
        if move not in (Move.VALIDATE, Move.RETURN):
            raise WorkflowError("day.move", "By this link a text is validated or returned.", "Use one of the keys.")
        with self._room.store.journal.write() as writer:
            history = writer.history(ref)
            _unused(history, revision.number)
            if person.id in authors(history, revision.number):
                raise NotAllowed("move.own-text", "You had a hand in this text.", "Ask a second person.")
            made = make_move(
                *(writer, person.actor, ref, revision.number, revision.digest, move, reason),
                *(zone.first_lang, zone.timezone),
                via=VIA,
            )
        return made.move

    def lines(self) -> tuple[DayLine, ...]:
        """Every day answer that is not over, those that are live first, then the newest first."""
        library = Library.of(self._room)
        local = library.now.astimezone(library.catalog.zone.timezone)
        refs = [ref for ref in self._room.store.journal.refs(Kind.ARTICLE) if is_recent(ref, local)]
        lines = [_line(library, ref) for ref in refs]
        kept = [line for line in lines if line is not None]
        return tuple(sorted(kept, key=lambda line: (not line.live, -line.at.timestamp())))


def _line(library: Library, ref: Ref) -> DayLine | None:
    history, published = library.history(ref), library.published(ref)
    newest = history.revisions[-1]
    article = library.article(newest)
    if library.over(newest) or article is None or article.header is None:
        return None
    until, default = newest.terms.valid_until, article.variant(VariantName.DEFAULT)
    last = history.decisions[-1] if history.decisions else None
    return DayLine(
        ref=ref,
        number=newest.number,
        title=article.title,
        text=default.text if default else "",
        source=", ".join(article.header.sources),
        state=library.state(ref, newest.number),
        live=published.number if published else 0,
        until=end_instant(until, library.catalog.zone.timezone) if until else None,
        author=library.names.get(newest.author, ""),
        at=newest.at,
        note=last.reason if last is not None and last.move in (Move.RETURN, Move.HOLD) else "",
    )


def _owner(zone: Zone, one: Colleague) -> str:
    """The first service whose texts this person may vouch for, "" when there is none."""
    if Role.VALIDATOR not in one.roles:
        return ""
    for owner in zone.owners:
        named = zone.vouching.owners.get(owner)
        logins = [login.strip().casefold() for login in named.validators] if named else []
        if not logins or one.login in logins:
            return owner
    return ""


def _end(local: datetime, said: str) -> LocalTime:
    """The next time that a clock on the wall says this; raises WorkflowError."""
    try:
        clock = time.fromisoformat(said.strip())
    except ValueError:
        message = f"{said[:10]!r} is no time of day."
        raise WorkflowError("day.time", message, "Write it as 23:59.", time=said[:10]) from None
    end = datetime.combine(local.date(), clock.replace(second=0, microsecond=0, tzinfo=None))
    naive = local.replace(tzinfo=None)
    return LocalTime(end if end > naive else end + timedelta(days=1), has_time=True)


def _text(form: DayForm, owner: str, until: LocalTime, lang: str) -> str:
    entries: dict[str, str | tuple[str, ...]] = {"title": form.title.strip(), "audience": "public", "owner": owner}
    entries |= {"sources": (" ".join(form.source.split())[:MAX_SOURCE],), "review_months": REVIEW_MONTHS}
    entries["valid_until"] = local_time_text(until)
    return write_entries(entries, {VariantName.DEFAULT: form.text.strip("\n")}, lang)


def _checked(library: Library, ref: Ref, text: str) -> Article:
    """The article of a text without errors; raises InvalidDocument with all of them."""
    name = f"{ref.slug}.{ref.lang}.md"
    parsed = read_article(text, ref, DAY_THEME, name, library.catalog.zone.first_lang)
    found: tuple[Problem, ...] = parsed.problems
    if parsed.article is not None:
        found += check_articles(library.scope(parsed.article, name))
    errors = [problem for problem in found if problem.level == "error"]
    if parsed.article is None or errors:
        raise InvalidDocument("submit.problems", "This text cannot be sent yet.", "Correct it, then send it.", errors)
    return parsed.article


def _unused(history: History, number: int) -> None:
    """Nobody decided on this text since it was sent, and it is the newest; raises WrongState."""
    last = history.decisions[-1] if history.decisions else None
    if last is None or (last.move, last.number) != (Move.SUBMIT, number) or history.revisions[-1].number != number:
        raise WrongState("day.link-used", "This text was decided on already, or replaced.", "Ask for a new link.")
