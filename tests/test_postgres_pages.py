"""Two machines that serve one PostgreSQL: whatever is done at one is so at the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from flask import Flask
from homes import take_tables
from postgres import Server, programs, running
from test_clock import Watch
from web_app import FETCH, STOLEN, Visitor, code_of, engine_of, sign_in, token_in

from kbengine.article import Kind, Ref
from kbengine.engine import Engine
from kbengine.journal import Clock, Doubt, into_database, open_store
from kbengine.settings import Settings
from web import create_app

pytestmark = pytest.mark.skipif(programs() is None, reason="no PostgreSQL server on this machine")

BIKE = "fiets-gestolen"
DAY = {"title": "Stroompanne", "text": "De stroom is weg.", "source": "telefoon", "until": "23:59", "slug": ""}


class Machines(NamedTuple):
    """Two homes over one database, each with its pages."""

    here: Flask
    there: Flask

    def both(self, login: str) -> tuple[Visitor, Visitor]:
        """Somebody who signed in here, and the same browser there."""
        at_home = sign_in(self.here, login)
        away = Visitor(self.there.test_client(), at_home.token)
        away.client.set_cookie("kb_session", at_home.cookie())
        return at_home, away


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for the tests of this file."""
    folder = programs()
    assert folder is not None
    with running(folder) as started:
        yield started


@pytest.fixture(scope="module")
def template(server: Server, hamlet_master: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that holds the small demo house, which every test gets a copy of."""
    made = server.database()
    carried = shutil.copytree(hamlet_master / "store", tmp_path_factory.mktemp("carried") / "store")
    into_database(Path(carried), made)
    return made


@pytest.fixture
def machines(server: Server, template: str, tmp_path: Path) -> Iterator[Machines]:
    """Two machines over a database of the test's own."""
    database, made = server.database(template), []
    for name in ("here", "there"):
        take_tables(tmp_path / name)
        made.append(create_app(Settings(home=tmp_path / name, database=database)))
        engine_of(made[-1]).build()
    yield Machines(*made)
    for app in made:
        engine_of(app).close()


def newest(engine: Engine, ref: Ref) -> dict[str, str]:
    """The newest revision of a text, as a form names it."""
    line = engine.editing.lines(ref)[0]
    about = {"kind": ref.kind.value, "slug": ref.slug, "lang": ref.lang, "back": "article"}
    return about | {"number": str(line.number), "digest": line.digest}


def form_of(engine: Engine, slug: str, **typed: str) -> dict[str, str]:
    """The fields of the editor's form of an article."""
    form = engine.editing.form(slug, "nl")
    return {name: str(getattr(form, name)) for name in form.__slots__} | typed


def shown(visitor: Visitor, message: str) -> str:
    """The desk's page for a message."""
    return visitor.post("/", {"message": message, "channel": "facebook"}).text


def test_session_when_opened_at_one_machine_holds_at_the_other(machines: Machines) -> None:
    """Whoever signed in, locked or signed out did so everywhere."""
    here, there = machines.both("agent")
    assert there.get("/").status_code == 200
    assert there.post("/vergrendelen", {}).status_code == 303
    assert here.get("/").status_code == 401
    assert here.post("/afmelden", {}).status_code == 303
    assert there.get("/").headers["Location"] == "/aanmelden"


def test_text_when_validated_at_one_machine_is_offered_by_the_other(machines: Machines) -> None:
    """Written here, sent there, validated here: offered and public at both, until somebody holds it there."""
    (here, there), engine, ref = machines.both("editor"), engine_of(machines.here), Ref(Kind.ARTICLE, BIKE, "nl")
    typed = form_of(engine, BIKE, default="Kom langs met je {fact:zone_phone} bij de hand, ook op zondag.")
    assert here.post("/bewerken", typed).status_code == 303
    assert there.post("/bewerken", typed).status_code == 409
    assert there.post("/besluit", newest(engine, ref) | {"move": "submit"}).status_code == 303
    validator, other = machines.both("validator")
    assert validator.post("/besluit", newest(engine, ref) | {"move": "validate"}).status_code == 303
    for app in machines:
        engine_of(app).build()
        assert "ook op zondag" in shown(sign_in(app, "agent"), STOLEN)
        assert b"ook op zondag" in engine_of(app).settings.corpus.read_bytes()
    assert other.post("/besluit", newest(engine, ref) | {"move": "hold", "reason": "Fout."}).status_code == 303
    assert "ook op zondag" not in shown(sign_in(machines.here, "agent"), STOLEN)


def test_day_answer_when_written_at_one_machine_is_decided_at_the_other(machines: Machines) -> None:
    """Its link opens on every machine, works once, and what it decides is live on all; a calendar knows one text."""
    agent, away = machines.both("agent")
    sent = agent.post("/dagantwoord", DAY | {"voucher": "validator", "base": "0"}).text
    path = "/dag/" + sent.partition("/dag/")[2].partition("<")[0]
    reader = sign_in(machines.there, "")
    reader.token = token_in(reader.page(path))
    assert reader.post(path, {"said": "ja"}).status_code == 200
    for visitor in (agent, away):
        assert "De stroom is weg." in visitor.page("/dagantwoord")
        assert visitor.get(path).status_code == 409
    one, other = (engine_of(app).freshness for app in machines)
    assert {one.uid(line) for line in one.due(days=365)} == {other.uid(line) for line in other.due(days=365)} != set()


def test_unsaved_text_when_typed_at_one_machine_is_offered_at_the_other(machines: Machines) -> None:
    """What somebody typed and did not save waits for them wherever they open the form."""
    here, there = machines.both("editor")
    typed = form_of(engine_of(machines.here), BIKE, default="Half getypt.")
    assert here.post("/bewerken/klad", typed | {"klad": "a" * 32, "seen": "0", "window": "b" * 32}).status_code == 200
    assert "Half getypt." in there.page(f"/fiche/{BIKE}/nl/bewerken")


def test_name_when_changed_at_one_machine_leads_on_at_the_other(machines: Machines) -> None:
    """A rename and a switch are seen by the next request."""
    here, there = machines.both("editor")
    assert here.post(f"/hernoemen/{BIKE}", {"new": "fiets-weg", "sure": "fiets-weg"}).status_code == 303
    assert there.get(f"/fiche/{BIKE}/nl").headers["Location"].startswith("/fiche/fiets-weg/nl")
    validator, away = machines.both("validator")
    assert away.post("/crisis", {"turn": "on", "reason": "Overstroming in de stad"}).status_code == 303
    assert "Overstroming in de stad" in validator.page("/fiches")


PAGES = {
    "agent": ("/", "/zoeken?q=fiets", "/fiches", f"/fiche/{BIKE}/nl", "/dagantwoord", "/mijn-account", "/klok"),
    "editor": (
        *(f"/fiche/{BIKE}/nl/bewerken", f"/fiche/{BIKE}/nl/versie/1", f"/fiche/{BIKE}/nl/buren", f"/vragen/{BIKE}"),
        *("/nieuw", "/leren", "/gevaar", "/kladjes", "/synoniemen", "/sturing", "/vaste-waarden", "/soorten"),
        *("/doorverwijzingen", "/buren", f"/hernoemen/{BIKE}", f"/samenvoegen/{BIKE}"),
    ),
    "validator": ("/ter-validatie", "/te-valideren", "/te-herzien?dagen=365", "/invloed", "/start", "/drempel"),
    "administrator": ("/mensen", "/wie-valideert", "/crisis", "/start/stand"),
}


def test_pages_when_the_store_is_in_postgresql_are_all_there(machines: Machines) -> None:
    """Every page that a role opens from the menu answers, at both machines."""
    for login, paths in PAGES.items():
        for visitor in machines.both(login):
            assert {path: visitor.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_sign_that_postgresql_has_no_place_for_is_refused_as_typed_wrong(machines: Machines) -> None:
    """Whoever gave it is told what is wrong with it: nothing failed here, and nothing stands in the log."""
    editor, manager = sign_in(machines.here, "editor"), sign_in(machines.here, "administrator")
    for path in ("/fiche/a%00b/nl", f"/fiche/{BIKE}/n%00", "/vragen/a%00b", "/vaste-waarden/waarde?naam=%00"):
        assert editor.get(path).status_code in (404, 422), path
    assert manager.post("/mensen", {"login": "bob", "name": "B\0b", "role:agent": "1"}).status_code == 422


def test_pages_when_the_database_is_away_say_so_and_go_on_when_it_is_back(machines: Machines, server: Server) -> None:
    """Nobody reads a bare error of the server, and nothing has to be started again."""
    visitor, name = sign_in(machines.here, "agent"), f"kb{server.count}"
    with psycopg.connect(host=str(server.folder), user="kb", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        away, asked = visitor.get("/fiches"), visitor.get("/fiches", FETCH)
        connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")

    assert (away.status_code, asked.status_code, code_of(asked)) == (500, 500, "http.500")
    assert away.text.startswith("Er ging iets mis aan onze kant. Er is niets bewaard.")
    assert visitor.get("/fiches").status_code == 200


@pytest.mark.parametrize(
    ("off", "why"),
    [
        (timedelta(days=10), Doubt.APART),
        (timedelta(hours=4), Doubt.APART),
        (timedelta(hours=-4), Doubt.BACK),
        (timedelta(minutes=3), None),
    ],
)
def test_clock_when_a_machine_starts_with_a_wrong_one_moves_no_time_at_the_other(
    server: Server, template: str, tmp_path: Path, off: timedelta, why: Doubt | None
) -> None:
    """It is held against the database's own: it begins nothing, and what it writes carries a time that was."""
    database, now = server.database(template), datetime.now(UTC)
    right, wrong = Watch(now, started="monday", machine="one"), Watch(now + off, started="tuesday", machine="two")
    one, two = (open_store(tmp_path, Clock(watch.read), database) for watch in (right, wrong))
    one.journal.keep_clock()
    with two.journal.write() as writer:
        writer.set_roles("somebody", frozenset(), "nobody")
    stood, told = two.journal.stand()
    late = one.journal.now() - now
    one.close()
    two.close()

    assert told.doubt is why
    assert timedelta(0) <= late < timedelta(minutes=4)
    assert stood.at - now < timedelta(minutes=4)
    if why is not None:
        assert told.held is not None
        assert told.held - now < timedelta(minutes=1)
