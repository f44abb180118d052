"""The public corpus: what is in the file, and what Datasette serves of it while it changes."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from conftest import House
from served import LEASH, end

from kbengine.article import Article, Audience, Fact, Header, Kind, Questions, Ref, Variant, VariantName, Zone
from kbengine.corpus import DATASETTE_SETTINGS, PublicAnswer, PublicFact, PublicSpan, command, write_corpus
from kbengine.edition import Catalog
from kbengine.edition.catalog import LiveFact
from kbengine.edition.shape import public_answers, public_facts
from kbengine.engine import VALUE_LANGUAGES, FactForm
from kbengine.errors import StoreError
from kbengine.history import Answer, Published
from kbengine.journal import Head

METADATA = Path(__file__).parent.parent / "deploy" / "datasette" / "metadata.json"
SHOWN = ["antwoorden", "bronnen", "geschiedenis", "oude_namen", "over", "vaste_waarden"]
NOW = datetime.now(UTC).replace(microsecond=0)
ABOUT = {"zone": "Politiezone Wilgenrijk", "logboek": "abc123"}

BIKE = PublicAnswer(
    slug="fiets-gestolen",
    lang="nl",
    title="Fiets gestolen",
    theme="diefstal",
    owner="Onthaal en aangifte",
    text="Geef de diefstal van je fiets aan. Zeg in welke [straat] het gebeurde.\n\n- Café of thuis?",
    short="Geef het aan op 101.",
    html="<p>Geef de diefstal van je fiets aan.</p>",
    validated_on=date(2026, 1, 5),
    valid_until=NOW + timedelta(days=30),
    sources=("https://www.politie.be/fiets", "https://mybike.belgium.be"),
    url="https://kb.example/fiche/fiets-gestolen/nl",
    revision=3,
)
CARD = replace(
    BIKE, slug="bankkaart", title="Bankkaart blokkeren", valid_until=None, url="https://kb.example/fiche/bankkaart/nl"
)
LOST = replace(BIKE, slug="verloren", title="Voorwerp verloren", valid_until=NOW + timedelta(days=90), sources=())
OLD = PublicSpan(
    "fiets-gestolen", "nl", "Fiets weg", 2, datetime(2025, 3, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC), "Oud."
)
CURRENT = PublicSpan("fiets-gestolen", "nl", "Fiets gestolen", 3, datetime(2026, 1, 5, tzinfo=UTC), None, BIKE.text)
PHONE = PublicFact("zone_phone", "Onthaal", "phone", "03 123 45 67", "", "https://zone.example", None, None)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def write(path: Path, *answers: PublicAnswer, history: tuple[PublicSpan, ...] = (OLD, CURRENT)) -> Path:
    write_corpus(path, answers, history, [PHONE], ABOUT)
    return path


def test_write_when_public_answers(tmp_path: Path) -> None:
    """Every field of an answer stands under a Dutch name, dates in ISO form."""
    path = write(tmp_path / "corpus.db", BIKE)
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        (found,) = connection.execute("select * from antwoorden").fetchall()
    assert dict(found) == {
        "titel": BIKE.title,
        "thema": "diefstal",
        "dienst": "Onthaal en aangifte",
        "taal": "nl",
        "tekst": BIKE.text,
        "kort": BIKE.short,
        "gevalideerd_op": "2026-01-05",
        "geldig_tot": (NOW + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "opmerking": "",
        "link": BIKE.url,
        "html": BIKE.html,
        "fiche": "fiets-gestolen",
        "versie": 3,
        "nr": 1,
    }
    assert rows(path, "select bron from bronnen") == [("https://mybike.belgium.be",), ("https://www.politie.be/fiets",)]
    assert dict(rows(path, "select * from over")) == ABOUT


def test_history_when_text_is_no_longer_valid(tmp_path: Path) -> None:
    """History says of every text whether it is valid now, the newest first."""
    path = write(tmp_path / "corpus.db", BIKE)
    assert rows(path, "select versie, geldig_nu, opmerking, van, tot from geschiedenis") == [
        (3, "ja", "", "2026-01-05T00:00:00Z", None),
        (2, "nee", "niet meer geldig", "2025-03-01T00:00:00Z", "2026-01-05T00:00:00Z"),
    ]


@pytest.mark.parametrize("answers", [(), (replace(BIKE, valid_until=NOW - timedelta(seconds=1)),)])
def test_history_when_answer_is_gone_or_ended(tmp_path: Path, answers: tuple[PublicAnswer, ...]) -> None:
    """Without a live answer no text in the history is called valid, whatever its span says."""
    path = write(tmp_path / "corpus.db", *answers)
    assert rows(path, "select distinct geldig_nu from geschiedenis") == [("nee",)]


def test_views_when_a_period_ends_before_the_next_build(tmp_path: Path) -> None:
    """What ends is gone at that moment, by the clock of the reader; nobody has to write."""
    ends = datetime.now(UTC) + timedelta(seconds=2)
    fact = replace(PHONE, valid_until=ends)
    coming = replace(PHONE, name="later", valid_from=NOW + timedelta(days=1))
    path = tmp_path / "corpus.db"
    write_corpus(path, [replace(BIKE, valid_until=ends), LOST], [CURRENT], [fact, coming], ABOUT)
    counts = "select (select count(*) from antwoorden), (select count(*) from bronnen), count(*) from vaste_waarden"
    assert rows(path, counts) == [(2, 2, 1)]
    time.sleep((ends - datetime.now(UTC)).total_seconds() + 0.1)
    assert rows(path, counts) == [(1, 0, 0)]
    assert rows(path, "select geldig_nu from geschiedenis") == [("nee",)]


@pytest.mark.parametrize("word", ["cafe", "CAFÉ", "fiets", "gestolen"])
def test_search_when_accents_differ(tmp_path: Path, word: str) -> None:
    """The full text of title and answer is found without its accents."""
    path = write(tmp_path / "corpus.db", BIKE)
    query = f"select count(*) from opslag_antwoorden_fts where opslag_antwoorden_fts match '{word}'"  # noqa: S608
    assert rows(path, query) == [(1,)]


def test_write_when_an_answer_was_withdrawn(tmp_path: Path) -> None:
    """Not one byte of it is left in the file, and the file is the same one that readers hold open."""
    path = write(tmp_path / "corpus.db", *(replace(BIKE, slug=f"s{n}", text="KANARIE " * 400) for n in range(50)))
    before = path.stat().st_ino
    write(path, CARD)
    assert path.stat().st_ino == before
    assert b"KANARIE" not in path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["corpus.db"]


def test_write_when_text_is_private(tmp_path: Path) -> None:
    """Of all that the product knows about an answer only the listed fields get in."""
    path = tmp_path / "corpus.db"
    catalog, secrets = private_catalog()
    write_corpus(path, public_answers(catalog, NOW, "https://kb"), [], public_facts(catalog, NOW), {})
    content = path.read_bytes()
    assert b"OPENBAAR" in content and b"OPENBAAR-KORT" in content
    assert [secret for secret in secrets if secret.encode() in content] == []


def private_catalog() -> tuple[Catalog, list[str]]:
    """A catalog with a canary in every private place."""
    names = [f"KANARIE{number:02}" for number in range(40)]
    left = iter(names)
    answers = {}
    for slug, audience in [("a", Audience.PUBLIC), ("b", Audience.PRIVATE), ("c", Audience.INTERNAL)]:
        ref, public = Ref(Kind.ARTICLE, slug, "nl"), audience is Audience.PUBLIC
        texts = {name: next(left) for name in VariantName}
        if public:
            texts |= {VariantName.DEFAULT: "OPENBAAR {blank:straat}", VariantName.SHORT: "OPENBAAR-KORT {fact:tel}"}
        variants = tuple(Variant(name, text) for name, text in texts.items())
        title, source = ("Titel", "https://bron") if public else (next(left), next(left))
        header = Header(audience, "onthaal", (source,), 6, locked=(next(left),), tags=(next(left),))
        article = Article(slug, "nl", "thema", title, variants, header)
        live = Published(ref, 1, next(left), next(left), "thema", NOW, NOW, None, None)
        answers[ref] = Answer(live, article, header, Questions(slug, {"nl": (next(left),)}, (next(left),)))
    live = Published(Ref(Kind.FACT, "tel"), 1, "", next(left), "", NOW, NOW, None, None)
    facts = {
        "tel": LiveFact(Fact("tel", "phone", {"": "03"}, "Nummer", "onthaal", "https://bron"), live),
        "intern": LiveFact(Fact("intern", "phone", {"": next(left)}, "Nummer", "onthaal", next(left)), live),
    }
    zone = Zone("Zone", False, ("nl",), ZoneInfo("Europe/Brussels"), {"onthaal": "Onthaal"})
    return Catalog(Head(1, "", NOW), zone, next(left), answers, facts, {}, None), names


def test_fields_when_counted() -> None:
    """Nothing is added to the allow-list without somebody reading this test."""
    assert [field.name for value in (PublicAnswer, PublicSpan, PublicFact) for field in fields(value)] == [
        *("slug", "lang", "title", "theme", "owner", "text", "short", "html"),
        *("validated_on", "valid_until", "sources", "url", "revision", "alone"),
        *("slug", "lang", "title", "revision", "live_from", "live_to", "text"),
        *("name", "label", "kind", "value", "lang", "source", "valid_from", "valid_until"),
    ]


@pytest.mark.parametrize("damage", [b"", b"not a database " * 400, b"SQLite format 3\x00" + b"\xff" * 9000])
def test_write_when_file_is_damaged(tmp_path: Path, damage: bytes) -> None:
    """Whatever stands in the file, the next write makes it right, in place."""
    path = tmp_path / "corpus.db"
    path.write_bytes(damage)
    before = path.stat().st_ino
    write(path, BIKE)
    assert (rows(path, "pragma integrity_check"), path.stat().st_ino) == ([("ok",)], before)
    assert rows(path, "select titel from antwoorden") == [("Fiets gestolen",)]


def test_write_when_it_cannot(tmp_path: Path) -> None:
    """A file that cannot be written is an error that says what readers still see."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="may have been withdrawn"):
        write(tmp_path / "file" / "corpus.db", BIKE)


def test_write_when_a_reader_never_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing gives up after a while and leaves the old content."""
    monkeypatch.setattr("kbengine.corpus._LOCK_SECONDS", 0.3)
    path = write(tmp_path / "corpus.db", BIKE, CARD)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("begin")
        reader.execute("select * from opslag_antwoorden").fetchone()
        with pytest.raises(StoreError, match="was not renewed"):
            write(path, LOST)
    assert rows(path, "select count(*) from antwoorden") == [(2,)]


def test_command_when_asked(tmp_path: Path) -> None:
    """Datasette runs in this environment's interpreter, never on a file it takes for unchanging."""
    line = command(tmp_path / "corpus.db", METADATA, "127.0.0.1", 8001)
    assert line[:4] == [sys.executable, "-m", "datasette", "serve"]
    assert not {"-i", "--immutable", "--root", "--memory", "--crossdb", "--cors"} & set(line)


def test_metadata_when_compared_with_the_file(tmp_path: Path) -> None:
    """Everything shown is described column by column, everything else is closed."""
    path = write(tmp_path / "corpus.db", BIKE)
    tables = json.loads(METADATA.read_text("utf-8"))["databases"]["corpus"]["tables"]
    names = {str(name) for (name,) in rows(path, "select name from sqlite_master where type in ('table', 'view')")}
    assert names == set(tables)
    assert {name for name in names if tables[name].get("allow") is not False} == set(SHOWN)
    for name in SHOWN:
        columns = [column for (column,) in rows(path, f"select name from pragma_table_info('{name}')")]  # noqa: S608
        assert list(tables[name]["columns"]) == columns


# Against a real Datasette


@dataclass(frozen=True)
class Server:
    corpus: Path
    client: httpx.Client

    def rows(self, where: str) -> list[dict[str, object]]:
        answer = self.client.get(where)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Datasette in its own process on a free port, ended by its id."""
    folder = tmp_path_factory.mktemp("datasette")
    corpus = write(folder / "corpus.db", BIKE, CARD, LOST)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        arguments = [*LEASH, *command(corpus, METADATA, "127.0.0.1", port)]
        process = subprocess.Popen(arguments, stdout=log, stderr=log, start_new_session=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
            until = time.monotonic() + 60
            while not answers(client):
                assert process.poll() is None and time.monotonic() < until, (folder / "log").read_text("utf-8")
                time.sleep(0.1)
            yield Server(corpus, client)
    finally:
        end(process, signal.SIGTERM)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/-/versions.json").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def fresh(server: Server) -> Server:
    """The server with the first content back in its file."""
    write(server.corpus, BIKE, CARD, LOST)
    return server


def test_datasette_when_home_is_read(fresh: Server) -> None:
    """The reader is told in Dutch what this is."""
    page = fresh.client.get("/").text
    assert "Openbare antwoorden van de politie op sociale media" in page
    page = fresh.client.get("/corpus/antwoorden").text
    assert "Antwoorden die nu geldig zijn" in page and "Waarover het antwoord gaat" in page
    assert f'href="{BIKE.url}"' in page and "opslag_" not in fresh.client.get("/corpus").text


@pytest.mark.parametrize("word", ["fiets gestolen", "café", "CAFE thuis", 'fiets" OR *', "fiets)", "titel:fiets"])
def test_datasette_when_searched(fresh: Server, word: str) -> None:
    """Full-text search finds by words, and a text that looks like syntax is words too."""
    answer = fresh.client.get("/corpus/antwoorden.json", params={"_shape": "array", "_search": word})
    assert answer.status_code == 200
    if "*" not in word and ":" not in word:
        assert "fiets-gestolen" in [row["fiche"] for row in answer.json()]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("vervallen_binnen_60_dagen.json?_shape=array", ["Fiets gestolen"]),
        ("wat_zei_dit_antwoord.json?_shape=array&slug=fiets-gestolen&datum=2025-06-01", ["Fiets weg"]),
        ("wat_zei_dit_antwoord.json?_shape=array&slug=fiets-gestolen&datum=2025-02-28", []),
        ("wat_zei_dit_antwoord.json?_shape=array&slug=fiets-gestolen&datum=2026-03-01", ["Fiets gestolen"]),
        ("wat_zei_dit_antwoord.json?_shape=array&slug=fiets-gestolen&datum=gisteren", []),
        ("antwoorden_op_bron.json?_shape=array&zoek=MyBike", ["Bankkaart blokkeren", "Fiets gestolen"]),
        ("antwoorden_op_bron.json?_shape=array&zoek=", []),
    ],
)
def test_datasette_when_stored_query_is_asked(fresh: Server, where: str, expected: list[str]) -> None:
    """Each stored query answers what its title asks."""
    assert [row["titel"] for row in fresh.rows(f"/corpus/{where}")] == expected


def test_datasette_when_old_text_is_asked(fresh: Server) -> None:
    """A text of the past never comes without the mark that it is not valid."""
    (old,) = fresh.rows("/corpus/wat_zei_dit_antwoord.json?_shape=array&slug=fiets-gestolen&datum=2025-06-01")
    assert (old["geldig_nu"], old["opmerking"]) == ("nee", "niet meer geldig")
    for query in ("vervallen_binnen_60_dagen", "wat_zei_dit_antwoord", "antwoorden_op_bron"):
        page = fresh.client.get(f"/corpus/{query}")
        assert page.status_code == 200 and "?</h1>" in page.text


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_datasette_when_table_is_read(fresh: Server, name: str, form: str) -> None:
    """Everything that is shown is there as a page, as JSON and as CSV."""
    assert fresh.client.get(f"/corpus/{name}{form}").status_code == 200


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ("/corpus?sql=select+1", 403),
        ("/corpus.json?sql=select+randomblob(500000000)", 403),
        ("/corpus/antwoorden?_where=1%3D1", 403),
        ("/corpus.db", 403),
        ("/corpus/antwoorden?_facet=tekst", 400),
        ("/corpus/antwoorden.csv?_stream=1", 400),
        ("/_internal", 403),
        ("/_memory", 404),
        ("/-/permissions", 403),
    ],
)
def test_datasette_when_asked_for_more(fresh: Server, where: str, status: int) -> None:
    """No SQL, no file, no facets of one's own, no endless stream."""
    assert fresh.client.get(where).status_code == status


def test_datasette_when_tables_below_are_asked(fresh: Server) -> None:
    """The tables under the views, which know no clock, are closed."""
    names = [str(name) for (name,) in rows(fresh.corpus, "select name from sqlite_master where type = 'table'")]
    for name in set(names) - {"over"}:
        for where in (f"/corpus/{name}", f"/corpus/{name}.json", f"/corpus/{name}/1", f"/corpus/{name}/1.json"):
            assert (where, fresh.client.get(where).status_code) == (where, 403)


def test_datasette_when_settings_are_read(fresh: Server) -> None:
    """The server runs with the settings meant, and lets nobody keep a page for over a minute."""
    found = fresh.client.get("/-/settings.json").json()
    meant = {
        name: value == "on" if value in ("on", "off") else int(value) for name, value in DATASETTE_SETTINGS.items()
    }
    assert meant == {name: found[name] for name in meant}
    assert fresh.client.get("/corpus/antwoorden").headers["cache-control"] == "max-age=5"


def test_datasette_when_answer_is_withdrawn(fresh: Server) -> None:
    """A withdrawn answer is gone from every way of reading as soon as the write returned."""
    for _ in range(5):
        write(fresh.corpus, BIKE, CARD)
        assert "fiets-gestolen" in fresh.client.get("/corpus/antwoorden.json").text
        start = time.monotonic()
        write(fresh.corpus, CARD)
        for where in ("antwoorden.json", "antwoorden.json?_search=fiets", "bronnen.csv", "vervallen_binnen_60_dagen"):
            assert "fiets-gestolen" not in fresh.client.get(f"/corpus/{where}").text
        assert time.monotonic() - start < 5


def stand(number: int) -> list[PublicAnswer]:
    """A content of which every row says which one it is."""
    return [
        replace(BIKE, slug=f"s{n}", title=f"stand {number}", text=f"tekst {number} " * 80) for n in range(80 + number)
    ]


def test_datasette_when_swapped_under_readers(fresh: Server) -> None:
    """Four readers see, through eight swaps, one whole content at a time and not one error."""
    write(fresh.corpus, *stand(0))
    done, seen, wrong = threading.Event(), set[int](), list[object]()

    def read() -> None:
        while not done.is_set():
            answer = fresh.client.get("/corpus/antwoorden.json?_shape=array&_size=200")
            titles = [row["titel"] for row in answer.json()] if answer.status_code == 200 else []
            number = len(titles) - 80
            seen.add(number)
            if set(titles) != {f"stand {number}"}:
                wrong.append((answer.status_code, sorted(set(titles)), len(titles)))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 9):
        time.sleep(0.2)
        write(fresh.corpus, *stand(number))
    time.sleep(0.3)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert len(seen) > 3 and 8 in seen


KILLED = """
import os, signal, sqlite3, sys
source = sqlite3.connect(":memory:")
source.execute("create table antwoorden (fiche text)")
source.executemany("insert into antwoorden values (?)", [("HALF" * 1000,)] * 2000)
source.commit()
target = sqlite3.connect(sys.argv[1])
target.execute("pragma cache_size = 5")
def watch(status, remaining, total):
    if remaining < total / 2:
        os.kill(os.getpid(), signal.SIGKILL)
source.backup(target, pages=20, progress=watch)
"""


def test_datasette_when_writer_was_killed_half_way(fresh: Server) -> None:
    """The next write takes the half copy back and readers see its content, without a restart."""
    write(fresh.corpus, *stand(7))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(fresh.corpus)], timeout=60, check=False)
    journal = fresh.corpus.with_name("corpus.db-journal")
    assert (killed.returncode, journal.stat().st_size > 0) == (-signal.SIGKILL, True)
    assert b"HALF" in fresh.corpus.read_bytes()
    assert fresh.client.get("/corpus/antwoorden.json").status_code == 500
    write(fresh.corpus, BIKE)
    assert [row["titel"] for row in fresh.rows("/corpus/antwoorden.json?_shape=array")] == ["Fiets gestolen"]
    assert (journal.exists(), b"HALF" in fresh.corpus.read_bytes()) == (False, False)


def named_fact(house: House, value: str, base: int = 0, until: str = "") -> None:
    """A value of the register, vouched for."""
    values = dict.fromkeys(VALUE_LANGUAGES, "") | {"": value}
    about = ("phone", values, "Loket parkeren", "onthaal", "zone", "", until, "")
    form = FactForm("parkeer_tel" if base else "", "parkeer_tel", *about, base)
    house.engine.facts.save(house.people["editor"], form)
    house.vouch(Ref(Kind.FACT, "parkeer_tel"))


def test_history_when_a_value_changed_says_what_was_given_when(hamlet: House) -> None:
    """One line for each value the text showed; only the last of them is valid, and the old number is in no other."""
    named_fact(hamlet, "052 44 10 10")
    hamlet.publish("parkeerkaart", default="Bel {fact:parkeer_tel}.")
    hamlet.wait(hours=1)
    named_fact(hamlet, "052 44 20 20", base=1)
    hamlet.engine.build()
    path = hamlet.engine.settings.corpus
    lines = rows(path, "select tekst, tot is null from geschiedenis where fiche = 'parkeerkaart' order by van")

    assert lines == [("Bel 052 44 10 10.", 0), ("Bel 052 44 20 20.", 1)]
    assert rows(path, "select tekst from antwoorden where fiche = 'parkeerkaart'") == [("Bel 052 44 20 20.",)]


def test_public_answer_when_a_value_of_it_ended_is_gone_until_there_is_another(hamlet: House) -> None:
    """What an agent cannot copy, with a hole where the number was, nobody reads in public either."""
    soon = (hamlet.engine.now().astimezone(hamlet.engine.tz) + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M")
    named_fact(hamlet, "052 44 10 10", until=soon)
    hamlet.publish("parkeerkaart", default="Bel {fact:parkeer_tel}.")
    hamlet.engine.build()
    path, asked = hamlet.engine.settings.corpus, "select count(*) from antwoorden where fiche = 'parkeerkaart'"
    before = rows(path, asked)
    hamlet.wait(hours=3)
    hamlet.engine.build()
    gone = (
        rows(path, asked),
        rows(path, "select count(*) from opslag_geschiedenis where tekst like '%052%' and tot is null"),
    )
    named_fact(hamlet, "052 44 20 20", base=1)
    hamlet.engine.build()

    assert (before, gone, rows(path, asked)) == ([(1,)], ([(0,)], [(0,)]), [(1,)])
