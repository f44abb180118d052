"""The daily mail: to whom, how often, what is in it, over a real SMTP conversation on this machine."""

from __future__ import annotations

import email
import re
import socketserver
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from threading import Thread

import pytest
from click.testing import CliRunner

from kbengine.cli import main
from kbengine.engine import DayForm, Engine
from kbengine.errors import InvalidDocument, SettingsError
from kbengine.history import Move
from kbengine.settings import Settings

VERA = "vera@zone.example"


@dataclass
class Mailbox:
    """What a mail server took, and which commands it heard; `refusing` takes nothing."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    refusing: bool = False


class Conversation(socketserver.StreamRequestHandler):
    """One client's SMTP conversation, as RFC 5321 has it, without encryption."""

    def handle(self) -> None:
        """Answer every command until the client leaves."""
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        self.say("220 here")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            box.heard.append(line)
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                box.taken.append(email.message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n"))))
            elif verb == "QUIT":
                return self.say("221 bye")
            self.say("550 no" if box.refusing and verb == "RCPT" else "250 fine")
        return None

    def say(self, line: str) -> None:
        """One line to the client."""
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server on a free port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        server.box = Mailbox(server.server_address[1])
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.box
        server.shutdown()


@pytest.fixture
def mailing(hamlet, box) -> Engine:
    """A house with that server in its settings, and a validator who wants mail."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_starttls": "no", "smtp_from": "kb@zone.example"}
    opened = Engine.open(hamlet.engine.settings.changed(**mail))
    opened.room.store.reminders.set_address(hamlet.people["validator"], VERA)
    yield opened
    opened.close()


def wait_for_vera(hamlet, slug, **typed):
    """A text that the validator may sign."""
    hamlet.move("editor", Move.SUBMIT, hamlet.save(slug, **typed))


def text_of(message):
    return message.get_payload(decode=True).decode()


def test_mail_when_something_waits_goes_once_a_day_with_links_only(hamlet, mailing, box):
    """One mail with every text's link and none of its words; the next one is tomorrow's."""
    wait_for_vera(hamlet, "brug", title="De kapelbrug", default="Zwaluwstraat is dicht.")
    first, again = mailing.reminding.send(), mailing.reminding.send()
    hamlet.wait(days=1)
    tomorrow = mailing.reminding.send()

    assert (first, again, tomorrow) == ((1, ()), (0, ()), (1, ()))
    assert [message["To"] for message in box.taken] == [VERA, VERA]
    assert "De kapelbrug: ter validatie" in text_of(box.taken[0])
    assert f"{mailing.settings.url}/te-valideren?tekst=article/brug.nl@1" in text_of(box.taken[0])
    assert "Zwaluwstraat" not in text_of(box.taken[0])


def test_mail_when_a_text_is_internal_says_not_even_its_title(hamlet, mailing, box):
    """A mail leaves the house."""
    wait_for_vera(hamlet, "geheim", title="Wie de dispatching belt", audience="internal", default="Bel Zwaluw.")
    mailing.reminding.send()

    assert "interne tekst (Onthaal): ter validatie" in text_of(box.taken[0])
    assert "dispatching" not in str(box.taken[0]) and "Zwaluw" not in text_of(box.taken[0])


def test_mail_when_nothing_waits_or_nobody_asked_is_not_sent(hamlet, mailing, box):
    """No address, a closed account, nothing to sign: no mail, and no conversation with any server."""
    mailing.reminding.send()
    wait_for_vera(hamlet, "brug", default="Open.")
    mailing.people.set_active("validator", False)

    assert mailing.reminding.send() == (0, ())
    assert box.heard == []


def test_mail_when_the_server_refuses_is_tried_again(hamlet, mailing, box):
    """What did not go is not counted as today's."""
    wait_for_vera(hamlet, "brug", default="Open.")
    box.refusing = True
    refused = mailing.reminding.send()
    box.refusing = False

    assert refused == (0, ("validator",))
    assert mailing.reminding.send() == (1, ())


def test_mail_when_the_line_cannot_be_encrypted_does_not_go(hamlet, mailing, box):
    """Encrypted or not at all; and no password over an open line."""
    wait_for_vera(hamlet, "brug", default="Open.")
    mailing.room.settings = mailing.settings.changed(smtp_starttls="yes", smtp_user="kb", smtp_password="zwaluw")
    failed = mailing.reminding.send()
    mailing.room.settings = replace(mailing.room.settings, smtp_starttls=False)

    assert failed == (0, ("validator",))
    assert box.taken == [] and not any("AUTH" in line or "zwaluw" in line for line in box.heard)
    with pytest.raises(SettingsError, match="not sent over an open line"):
        mailing.reminding.send()


def test_mail_when_no_server_is_set_is_off(hamlet):
    """As it comes: no server, no mail; the command says so, and the password stands in no printed settings."""
    run = CliRunner().invoke(main, ["--home", str(hamlet.engine.settings.home), "remind"])

    assert run.exit_code == 1 and "There is no mail server" in run.output
    assert "zwaluw" not in repr(Settings(smtp_password="zwaluw"))


@pytest.mark.parametrize("typed", ["vera", "a@b", "a@b.be, c@d.be", "a@b.be\nBcc: c@d.be", "<a@b.be>", "é@b.be"])
def test_address_when_it_is_not_one_plain_address_is_refused(hamlet, typed):
    """Nothing that a header or a second receiver could be made of."""
    with pytest.raises(InvalidDocument, match="no mail address"):
        hamlet.engine.room.store.reminders.set_address(hamlet.people["validator"], typed)


def day_answer(hamlet, mailing):
    """A day answer that the agent just sent to the validator."""
    form = DayForm("Stroompanne", "De stroom is weg.", "telefoon", "23:59", "validator")
    return mailing.day.write(hamlet.people["agent"], form)


def test_link_of_a_day_answer_when_mailed_is_seen_by_nobody_else(hamlet, mailing, box):
    """It goes to whoever was named, and works there; who wrote the text gets no secret."""
    made = day_answer(hamlet, mailing)
    (mail,) = box.taken
    (secret,) = re.findall(r"/dag/(\S+)", text_of(mail))

    assert (made.mailed, made.secret) == (True, "")
    assert (mail["To"], "Stroompanne" in text_of(mail)) == (VERA, True)
    assert mailing.day.decide(secret, Move.VALIDATE, "") is Move.VALIDATE


def test_link_of_a_day_answer_when_the_server_refuses_is_shown(hamlet, mailing, box):
    """Somebody waits for the answer: another way stays open, and such a link is none that was mailed."""
    box.refusing = True
    made = day_answer(hamlet, mailing)

    assert (made.mailed, mailing.day.read(made.secret).voucher) == (False, hamlet.people["validator"].name)
    assert not made.secret.rsplit(".", 1)[0].endswith("m")
