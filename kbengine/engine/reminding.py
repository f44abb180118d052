"""One mail a day at most to whoever wants it: what waits for them to sign, with links and never a text."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from kbengine.engine.freshness import Freshness, outside_title
from kbengine.engine.library import Library
from kbengine.engine.reviewing import LIVE, Reviewing, Waiting
from kbengine.engine.room import Room
from kbengine.errors import SettingsError
from kbengine.history import State
from kbengine.journal import Reminder
from kbengine.settings import Settings

SECONDS = 20
# So many lines in one mail; what comes after them stands on the page.
MOST = 40
WHY = {
    State.IN_REVIEW: "ter validatie",
    State.ON_HOLD: "opgeschort",
    State.EXPIRED: "vervallen",
    State.REVIEW_DUE: "vervalt binnenkort",
    State.VALIDATED: "iemand zegt dat het niet klopt",
}
OVERTAKEN = "vertaling, de eerste taal zegt nu iets anders"


@dataclass(frozen=True, slots=True)
class Digest:
    """What somebody is mailed today."""

    to: Reminder
    subject: str
    text: str


class Reminding:
    """The daily mail of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._reviewing, self._freshness = Reviewing(room), Freshness(room)

    def digests(self) -> tuple[Digest, ...]:
        """What would be mailed now: to everybody with an address for whom something waits, not mailed yet today."""
        day = self._today()
        wanted = [one for one in self._room.store.reminders.addresses() if one.mailed < day.isoformat()]
        return tuple(digest for one in wanted if (digest := self._digest(one)) is not None)

    def send(self) -> tuple[int, tuple[str, ...]]:
        """Mail them; returns how many went, and the logins of whom the server did not take it for: tried again later.

        Raises SettingsError when there is no mail server or sender.
        """
        settings, reminders, sent, failed = self._room.settings, self._room.store.reminders, 0, []
        check_mail(settings)
        for digest in self.digests():
            # Written down first: two that run at once, or one that is killed, mail nobody twice.
            if not reminders.mailed(digest.to.person, self._today()):
                continue
            try:
                send_mail(settings, digest.to.address, digest.subject, digest.text)
                sent += 1
            except SettingsError:
                reminders.unmailed(digest.to)
                failed.append(digest.to.person.login)
        return sent, tuple(failed)

    def _today(self) -> date:
        catalog, now = self._room.read()
        return now.astimezone(catalog.zone.timezone).date()

    def _digest(self, to: Reminder) -> Digest | None:
        waiting = self._reviewing.waiting(to.person)
        if not waiting:
            return None
        zone, url = self._room.read()[0].zone, self._room.settings.url
        lines = list(self._lines(waiting[:MOST]))
        more = [f"En nog {len(waiting) - MOST} op de pagina.", ""] if len(waiting) > MOST else []
        begin = [f"Dag {to.person.name}", "", "Dit wacht op jou in de webcare-kennisbank:", ""]
        end = [
            f"Alles op één pagina: {url}/te-herzien",
            "",
            f"{zone.name}. Hoogstens één mail per dag; stoppen kan daar.",
        ]
        subject = f"Kennisbank: {len(waiting)} na te kijken"
        return Digest(to, subject, "\n".join([*begin, *lines, *more, *end]) + "\n")

    def _lines(self, waiting: tuple[Waiting, ...]) -> Iterator[str]:
        library = Library.of(self._room)
        for item in waiting:
            since = item.since.astimezone(library.catalog.zone.timezone)
            overtaken = item.behind is not None and item.behind.due and item.state in LIVE and not item.flagged
            why = OVERTAKEN if overtaken else WHY[item.state]
            yield f"- {outside_title(library, item.ref)}: {why}, sinds {since:%d/%m/%Y}"
            yield f"  {self._freshness.link(item.name)}"
            yield ""


def check_mail(settings: Settings) -> None:
    """Refuse settings that mail cannot go with; raises SettingsError."""
    if not settings.smtp_host or not settings.smtp_from:
        hint = "Set KB_SMTP_HOST and KB_SMTP_FROM."
        raise SettingsError("mail.off", "There is no mail server, or no address to send from.", hint)
    if settings.smtp_user and not settings.smtp_starttls:
        hint = "Leave KB_SMTP_STARTTLS at yes, or KB_SMTP_USER empty."
        raise SettingsError("mail.off", "A password is not sent over an open line.", hint)


def send_mail(settings: Settings, to: str, subject: str, text: str) -> None:
    """Send one mail by the server of the settings; raises SettingsError when there is none, or it does not take it."""
    check_mail(settings)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.smtp_from, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="webcare-kb.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        # The answer of a server may repeat an address: only what kind of failure it was is told.
        hint = f"See whether it takes mail from here ({type(error).__name__})."
        raise SettingsError("mail.failed", "The mail server did not take the mail.", hint) from error
