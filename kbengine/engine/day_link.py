"""The link of a day answer, signed over one text, person and moment: mailed to them, or shown and then proven."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from kbengine.article import Kind, Ref, is_day
from kbengine.engine.library import Library
from kbengine.engine.reminding import send_mail
from kbengine.engine.room import Room
from kbengine.errors import SettingsError, SignInError, WrongState
from kbengine.history import History, Move, Revision
from kbengine.journal import Person, Reminder
from kbengine.vouching import Colleague

LINK_TERM = timedelta(hours=4)
MAILED = "m"  # behind the moment in a link that nobody saw but whoever reads that person's mail


@dataclass(frozen=True, slots=True)
class DayLink:
    """A link that lets one person decide on one text, once; the secret is in no table.

    `mailed`: it went to that person by mail, and `secret` is "". Otherwise whoever opens it must prove to be them.
    """

    secret: str
    slug: str
    voucher: str
    expires: datetime
    mailed: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link is about: a text, for whom, until when (UTC); `mailed` as in DayLink."""

    revision: Revision
    person: Person
    expires: datetime
    mailed: bool


class DayLinks:
    """The links of one store's day answers."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def send(self, library: Library, revision: Revision, title: str, voucher: Colleague) -> DayLink:
        """A link, mailed when a mail server takes it and the person gave an address; else it is to be shown."""
        address = next((one.address for one in self._addresses() if one.person.id == voucher.person), "")
        made = self._made(revision, voucher, library.now, mailed=bool(address))
        if not address:
            return made
        author, expires = library.names.get(revision.author, ""), made.expires.astimezone(library.catalog.zone.timezone)
        lines = (
            f"Dag {voucher.name}",
            f"{author or 'Een collega'} vraagt of dit antwoord klopt: {title}",
            f"{self._room.settings.url}/dag/{made.secret}",
            f"De link werkt één keer, tot {expires:%H:%M}, voor deze tekst alleen. "
            "Wie hem opent, beslist in jouw naam: stuur hem niet door.",
            library.catalog.zone.name,
        )
        try:
            send_mail(self._room.settings, address, "Klopt dit antwoord?", "\n\n".join(lines) + "\n")
        except SettingsError:
            # Somebody waits for an answer now: the link is shown, and the person proves who they are.
            return self._made(revision, voucher, library.now, mailed=False)
        return replace(made, secret="")

    def _addresses(self) -> tuple[Reminder, ...]:
        return self._room.store.reminders.addresses() if self._room.settings.smtp_host else ()

    def _made(self, revision: Revision, voucher: Colleague, now: datetime, *, mailed: bool) -> DayLink:
        expires = (now + LINK_TERM).replace(microsecond=0)
        until = f"{int(expires.timestamp())}{MAILED if mailed else ''}"
        said = f"{revision.ref.slug}.{revision.number}.{voucher.person}.{until}"
        secret = f"{said}.{self._mark(said, revision.digest)}"
        return DayLink(secret, revision.ref.slug, voucher.name, expires, mailed)

    def _mark(self, said: str, digest: str) -> str:
        """What only this store can write under a link: it holds for exactly this text."""
        key = self._room.store.secret_key()
        return hmac.new(key, f"day answer\n{said}\n{digest}".encode(), hashlib.sha256).hexdigest()

    def open(self, library: Library, secret: str) -> Opened:
        """What a link is about; raises SignInError (no such link, or too late), WrongState (used, or replaced)."""
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
        expires = datetime.fromtimestamp(int(until.removesuffix(MAILED)), UTC)
        if expires <= library.now or person is None or not person.active:
            raise SignInError("day.link-over", "This link is no longer good.", "Ask for a new one.")
        unused(history, revision.number)
        return Opened(revision, person, expires, until.endswith(MAILED))


def unused(history: History, number: int) -> None:
    """Nobody decided on this text since it was sent, and it is the newest; raises WrongState."""
    last = history.decisions[-1] if history.decisions else None
    if last is None or (last.move, last.number) != (Move.SUBMIT, number) or history.revisions[-1].number != number:
        raise WrongState("day.link-used", "This text was decided on already, or replaced.", "Ask for a new link.")
