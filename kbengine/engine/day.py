"""Day answers: an agent alone writes one, a named person vouches for it by a link, and it ends by itself that day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kbengine.article import (
    DAY_THEME,
    Article,
    Kind,
    LocalTime,
    Ref,
    VariantName,
    Zone,
    day_slug,
    is_recent,
    local_time_text,
    read_article,
    write_entries,
)
from kbengine.checks import check_articles
from kbengine.engine.day_link import DayLink, DayLinks, Opened, unused
from kbengine.engine.library import Library
from kbengine.engine.reading import views
from kbengine.engine.room import Room
from kbengine.engine.values import VariantView
from kbengine.errors import InvalidDocument, NotAllowed, NotFound, Problem, SignInError, WorkflowError
from kbengine.folder import article_terms
from kbengine.history import History, Move, Role, State
from kbengine.journal import Person, make_move
from kbengine.period import end_instant
from kbengine.validate import guard_role
from kbengine.vouching import Colleague, authors

# How a decision by such a link is told in the chain from one of somebody who signed in.
VIA, VIA_PROVEN = "day-link", "day-link-proven"
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
    """What the person behind a link reads.

    `asks`: the link was shown to somebody else, so that they must prove who they are before they decide.
    """

    title: str
    variants: tuple[VariantView, ...]
    source: str
    author: str
    author_id: str
    voucher: str
    voucher_login: str
    until: datetime | None
    expires: datetime
    asks: bool


class DayAnswers:
    """The day answers of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._links = DayLinks(room)

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
        return self._links.send(library, saved, article.title, voucher)

    def link(self, person: Person, slug: str, login: str) -> DayLink:
        """Another link for the newest text of a day answer, for whoever is named now; raises as `write`, WrongState."""
        guard_role(Move.SUBMIT, Kind.ARTICLE, person.actor, day=True)
        library = Library.of(self._room)
        history = library.history(Ref(Kind.ARTICLE, slug, library.catalog.zone.first_lang))
        newest = history.revisions[-1]
        unused(history, newest.number)
        return self._links.send(
            library, newest, library.title(newest.ref), self._voucher(person, library, login, history)
        )

    def _voucher(self, person: Person, library: Library, login: str, history: History | None = None) -> Colleague:
        """Who was named; never one of the text's own authors."""
        own = {person.id} | (authors(history, history.revisions[-1].number) if history else set())
        for one in self._room.store.team.colleagues(library.now):
            if one.login == login and one.person not in own and not one.away and _owner(library.catalog.zone, one):
                return one
        raise WorkflowError("day.voucher", "This person cannot vouch for your text.", "Choose somebody of the list.")

    def read(self, secret: str) -> DayRead:
        """What a link is about; raises SignInError (no such link, or too late), WrongState (used, or replaced)."""
        library = Library.of(self._room)
        opened = self._links.open(library, secret)
        revision = opened.revision
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
            voucher=opened.person.name,
            voucher_login=opened.person.login,
            until=end_instant(until, library.catalog.zone.timezone) if until else None,
            expires=opened.expires,
            asks=self._asks(opened),
        )

    def _asks(self, opened: Opened) -> bool:
        """A demo has no passwords: there a link shows who somebody is, as everywhere."""
        return not opened.mailed and not self._room.store.demo

    def decide(self, secret: str, move: Move, reason: str, proven: Person | None = None) -> Move:
        """Validate or return the text of a link, once; returns what was written. Raises as `read`, and the guard's.

        `proven` is who just showed who they are: it must be the person of a link that asks for it, else SignInError.
        """
        library = Library.of(self._room)
        opened = self._links.open(library, secret)
        revision, person, asks = opened.revision, opened.person, self._asks(opened)
        zone, ref = library.catalog.zone, revision.ref
        if asks and (proven is None or proven.id != person.id):
            raise SignInError("day.proof", "This link was shown to somebody else.", "Show that you are who it is for.")
        if move not in (Move.VALIDATE, Move.RETURN):
            raise WorkflowError("day.move", "By this link a text is validated or returned.", "Use one of the keys.")
        with self._room.store.journal.write() as writer:
            history = writer.history(ref)
            unused(history, revision.number)
            if person.id in authors(history, revision.number):
                raise NotAllowed("move.own-text", "You had a hand in this text.", "Ask a second person.")
            made = make_move(
                *(writer, person.actor, ref, revision.number, revision.digest, move, reason),
                *(zone.first_lang, zone.timezone),
                via=VIA_PROVEN if asks else VIA,
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
