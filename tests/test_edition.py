"""From the journal to what is live: complete parts, swapped in one step, and a catalog that is never late."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import article_text
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from test_folder import EXAMPLE_ZONE, FACT, plant

from kbengine.article import Audience, Kind, Ref, local_time
from kbengine.edition import Builder, Current, gather, only_builder, read_pointer
from kbengine.edition.files import KEPT, POINTER, publish_part
from kbengine.engine import Engine
from kbengine.history import Move
from kbengine.journal import open_store
from kbengine.period import Terms
from kbengine.settings import Settings
from kbengine.suggest import SuggestionIndex

BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
BIKE_FR = Ref(Kind.ARTICLE, "fiets-gestolen", "fr")
FRENCH = "---\ntitle: Vélo volé\n---\nPortez plainte.\n"
TREE = {
    "zone.toml": EXAMPLE_ZONE.replace("example = true", 'example = true\nlanguages = ["nl", "fr"]'),
    "facts.toml": FACT,
    "articles/diefstal/fiets-gestolen.nl.md": article_text(body="Doe aangifte."),
    "articles/diefstal/fiets-gestolen.fr.md": FRENCH,
    "articles/verkeer/boete.nl.md": article_text(title="Boete betalen", body="Betaal op de site."),
    "questions/fiets-gestolen.toml": 'nl = ["mijn fiets is weg"]\n',
}


@pytest.fixture(scope="module")
def small_master(tmp_path_factory):
    """A small demo home in which everything is a draft, made once."""
    root = tmp_path_factory.mktemp("small")
    plant(root / "kb", TREE)
    Engine.open(Settings(home=root / "home", source=root / "kb"), demo=True).close()
    return root / "home"


class Small:
    """A small house whose texts somebody vouches for, one by one; every instant is given."""

    def __init__(self, home):
        self.settings = Settings(home=home)
        self.store = open_store(self.settings.store)
        self.current = Current(self.store.journal)
        self.author = self.store.accounts.by_login("editor").id
        self.voucher = self.store.accounts.by_login("validator").id

    def save(self, ref, text, **terms):
        """One more revision."""
        with self.store.journal.write() as writer:
            base = len(writer.history(ref).revisions)
            writer.save(ref, text, "diefstal", self.author, Terms(**terms), base)

    def decide(self, move, *refs):
        """A decision on the newest revision, past any guard."""
        with self.store.journal.write() as writer:
            for ref in refs:
                newest = writer.history(ref).latest
                writer.decide(ref, newest.number, newest.digest, move, self.voucher)

    def vouch_for_all(self):
        """Everything validated."""
        self.decide(Move.VALIDATE, *self.store.journal.snapshot()[1])

    def build(self):
        return Builder(self.store, self.settings).build()

    def built(self):
        """The names of what was made anew."""
        return [part for part, _ in self.build().seconds]

    def live(self):
        """What may be offered now."""
        catalog, now = self.current.read()
        return {str(ref) for ref in catalog.answers if catalog.answer(ref, now)}

    def wait(self, **units):
        self.store.advance_clock(timedelta(**units))


@pytest.fixture
def small(small_master, tmp_path):
    """A small house of the test's own."""
    shutil.copytree(small_master, tmp_path / "home")
    house = Small(tmp_path / "home")
    yield house
    house.store.close()


def names(root):
    return sorted(path.name for path in root.iterdir() if path.is_dir())


# --- the builder ---


def test_build_when_first_makes_every_part(small):
    """The first round makes the suggestions, the search and the public corpus."""
    small.vouch_for_all()

    assert small.built() == ["suggest", "corpus", "search"]
    parts = read_pointer(small.settings.editions)
    assert SuggestionIndex.open(parts.suggest).topics == (("boete", True), ("fiets-gestolen", True))
    assert parts.search.is_dir()


def test_build_when_nothing_happened_builds_nothing(small):
    """A second round finds every part as it should be."""
    small.build()

    assert small.built() == []


def test_corpus_when_its_tables_are_of_another_version_is_filled_again(small, monkeypatch):
    """After an update Datasette's stored queries find the tables that they name, also when no text changed."""
    small.built()
    monkeypatch.setattr("kbengine.edition.public.FORMAT", 0)
    assert small.built() == ["corpus"]


def test_build_when_a_decision_changes_no_text_builds_nothing(small):
    """A flag, a renewal or a draft adds a line to the journal, and nothing to what is offered."""
    small.vouch_for_all()
    small.build()
    small.decide(Move.FLAG, BIKE)
    small.save(BIKE, article_text(body="Een concept."))

    assert small.built() == []


def test_build_when_an_article_is_held_builds_again(small):
    """A decision that takes a text out changes every part."""
    small.vouch_for_all()
    small.build()
    small.decide(Move.HOLD, BIKE)

    assert small.built() == ["suggest", "corpus", "search"]


def test_build_when_everything_derived_was_deleted_gives_the_same(small):
    """The edition can be thrown away: it comes back under the same names, with the same bytes."""
    small.vouch_for_all()
    small.build()
    before = read_pointer(small.settings.editions)
    bytes_before = {path.name: path.read_bytes() for path in before.suggest.iterdir()}
    shutil.rmtree(small.settings.editions)
    small.settings.corpus.unlink()
    small.build()

    assert read_pointer(small.settings.editions) == before
    assert {path.name: path.read_bytes() for path in before.suggest.iterdir()} == bytes_before


@pytest.mark.parametrize("damage", ["", "{", "[]", "7", '{"suggest": 7}', '{"suggest": "gone"}'])
def test_build_when_the_pointer_is_damaged_makes_it_whole(small, damage):
    """A pointer that names nothing, or something that is gone, is written again."""
    small.build()
    (small.settings.editions / POINTER).write_text(damage, encoding="utf-8")
    small.build()

    assert SuggestionIndex.open(read_pointer(small.settings.editions).suggest)


@pytest.mark.parametrize("file", ["suggest.json", "keys.npy"])
def test_build_when_a_part_is_damaged_makes_another(small, file):
    """A part that lost a file is made anew under a name of its own."""
    small.build()
    broken = read_pointer(small.settings.editions).suggest
    (broken / file).unlink()

    assert small.built() == ["suggest"]
    assert read_pointer(small.settings.editions).suggest != broken


def test_builder_when_another_is_at_work_leaves_it_to_that_one(small):
    """Once per machine: the second does not wait, and does not build."""
    with only_builder(small.settings, wait=False) as first, only_builder(small.settings, wait=False) as second:
        assert (first, second) == (True, False)

    with only_builder(small.settings, wait=False) as third:
        assert third


def test_watch_when_something_is_decided_or_begins_builds(small):
    """The builder wakes on a decision, and on the start of a period without one."""
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%d")
    small.save(BIKE, article_text(body="Vanaf morgen."), valid_from=local_time(tomorrow))
    stopped = threading.Event()
    watching = threading.Thread(target=Builder(small.store, small.settings).watch, args=(stopped.is_set,))
    watching.start()
    try:
        first = _other_part(small, None)
        small.vouch_for_all()
        second = _other_part(small, first)
        small.wait(days=3)
        third = _other_part(small, second)
    finally:
        stopped.set()
        watching.join()

    assert len({first, second, third}) == 3


def _other_part(small, before):
    for _ in range(200):
        search = read_pointer(small.settings.editions).search
        if search not in (None, before):
            return search
        time.sleep(0.05)
    raise AssertionError("nothing was built within ten seconds")


# --- the parts on disk ---


def test_parts_when_replaced_are_kept_three(tmp_path):
    """A reader in the middle of a request still finds the part it opened, and the one before."""
    for number in range(KEPT + 2):
        publish_part(tmp_path, "suggest", f"{number}", lambda path: (path / "x").touch())

    assert names(tmp_path) == ["suggest-2", "suggest-3", "suggest-4"]


def test_parts_when_a_builder_died_are_tidied(tmp_path):
    """What a killed builder left half made goes with the next round, and is none of the three."""
    for name in ("suggest-a.new", ".suggest-b.new.tmp", "suggest-1.new"):
        plant(tmp_path / name, {"half": ""})
    for number in range(KEPT):
        publish_part(tmp_path, "suggest", f"{number}", lambda path: (path / "x").touch())

    assert names(tmp_path) == ["suggest-0", "suggest-1", "suggest-2"]
    assert [path.name for path in (tmp_path / "suggest-1").iterdir()] == ["x"]


def test_part_when_it_cannot_be_written_leaves_the_old_one(tmp_path):
    """A full disk in the middle of a build changes nothing for readers."""
    kept = publish_part(tmp_path, "suggest", "good", lambda path: (path / "x").touch())
    with pytest.raises(OSError, match="disk full"):
        publish_part(tmp_path, "suggest", "bad", _fail)

    assert read_pointer(tmp_path).suggest == kept
    assert "suggest-bad" not in names(tmp_path)


def _fail(path):
    (path / "half").touch()
    raise OSError("disk full")


def test_pointer_when_swapped_is_never_seen_half(tmp_path):
    """Readers that look at every instant see a complete part each time."""
    seen, wrong, stopped = set(), [], threading.Event()

    def read():
        while not stopped.is_set():
            part = read_pointer(tmp_path).suggest
            if part is not None:
                text = (part / "b").read_text(encoding="utf-8") if (part / "b").exists() else "half"
                if read_pointer(tmp_path).suggest == part:  # else this reader slept, and the part may be gone by now
                    seen.add(part.name)
                    wrong.extend([(part.name, text)] if text != part.name else [])

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        publish_part(tmp_path, "suggest", f"{number}", lambda path: _write_two(path))
        time.sleep(0.001)
    stopped.set()
    reader.join()

    assert wrong == []
    assert len(seen) > 10


def _write_two(path):
    (path / "a").write_text(path.stem, encoding="utf-8")
    (path / "b").write_text(path.stem, encoding="utf-8")


PUBLISHER = """
import sys
from pathlib import Path
from kbengine.edition.files import publish_part
def write(path):
    for name in "abcdef":
        (path / name).write_text(path.name.removesuffix(".new") * 500, encoding="utf-8")
for number in range(100_000):
    publish_part(Path(sys.argv[1]), "suggest", str(number), write)
    print(number, flush=True)
"""


@pytest.mark.parametrize("after", [0.03, 0.11, 0.24])
def test_publishing_when_killed_leaves_a_whole_part(tmp_path, after):
    """Killed at any instant, the pointer names a complete part, and the next builder goes on from there."""
    process = subprocess.Popen([sys.executable, "-c", PUBLISHER, tmp_path], stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    part = read_pointer(tmp_path).suggest

    assert {(part / name).read_text("utf-8") for name in "abcdef"} == {part.name * 500}
    publish_part(tmp_path, "suggest", "next", lambda path: (path / "x").touch())
    assert not [name for name in names(tmp_path) if name.endswith(".new")]


def test_reader_when_parts_are_swapped_lets_go_of_files(engine):
    """Following the edition does not pile up open files."""
    counts = []
    for number in range(8):
        shelf = engine.room.shelf
        os.utime(engine.settings.editions / POINTER, ns=(number, number))
        assert shelf.suggest()
        assert shelf.search().search("fiets", frozenset(Audience), None, None).hits
        counts.append(len(list(Path("/proc/self/fd").iterdir())))

    assert max(counts[4:]) <= counts[3] + 2


# --- what is live ---


def test_live_when_nobody_vouched_is_nothing(small):
    """Drafts are not offered."""
    assert small.live() == set()


def test_live_when_vouched_for_is_seen_by_the_next_read(small):
    """A decision of another process counts from the very next look."""
    assert small.live() == set()
    other = Small(small.settings.home)
    other.decide(Move.VALIDATE, BIKE)
    other.store.close()

    assert small.live() == {"article/fiets-gestolen.nl"}


def test_live_when_held_is_gone_by_the_next_read(small):
    """So does a hold, on every language at once, though the index still has them."""
    small.vouch_for_all()
    small.build()
    before = small.live()
    small.decide(Move.HOLD, BIKE)

    assert before == {"article/fiets-gestolen.nl", "article/fiets-gestolen.fr", "article/boete.nl"}
    assert small.live() == {"article/boete.nl"}


def test_live_when_a_period_begins_and_ends_needs_no_decision(small):
    """A scheduled text starts and ends by the clock alone."""
    day = datetime.now(UTC).date()
    first, last = (local_time(str(day + timedelta(days=n))) for n in (10, 20))
    small.save(BIKE, article_text(body="Tijdelijk."), valid_from=first, valid_until=last)
    small.decide(Move.VALIDATE, BIKE)
    seen = []
    for _ in range(4):
        seen.append(bool(small.live()))
        small.wait(days=8)

    assert seen == [False, False, True, False]


def test_translation_when_its_first_language_stops_stops_too(small):
    """A translation is never live alone, and ends when the text it stands under ends."""
    small.decide(Move.VALIDATE, BIKE_FR)
    alone = small.live()
    small.decide(Move.VALIDATE, BIKE)
    together = small.live()
    small.wait(days=190)

    assert alone == set()
    assert together == {"article/fiets-gestolen.nl", "article/fiets-gestolen.fr"}
    assert small.live() == set()


def test_dormant_article_when_named_has_its_state_and_owner(small):
    """What is not live is known by title, state and owner."""
    small.vouch_for_all()
    small.decide(Move.ARCHIVE, BIKE)
    dormant = small.current.read()[0].dormant["fiets-gestolen"]

    assert (dormant.titles["nl"], dormant.state, dormant.owner) == ("Fiets gestolen", "archived", "Onthaal")


def test_fact_when_it_changes_counts_from_its_validation(small):
    """A value is vouched for like any text; a draft of it changes nothing."""
    phone = Ref(Kind.FACT, "zone_phone")
    small.decide(Move.VALIDATE, phone)
    small.save(phone, FACT.replace("014 11 22 33", "014 44 55 66"))
    drafted = _phone(small)
    small.decide(Move.VALIDATE, phone)

    assert (drafted, _phone(small)) == ("014 11 22 33", "014 44 55 66")


def _phone(small):
    catalog, now = small.current.read()
    return catalog.fact_values("nl", now)["zone_phone"]


def test_zone_when_a_draft_is_bad_stays_as_it_was(small):
    """The policy is the validated one, else the newest that can be read."""
    zone = Ref(Kind.ZONE, "zone")
    small.save(zone, "name = 7\n")
    unvouched = small.current.read()[0].zone.name
    small.save(zone, EXAMPLE_ZONE.replace("Voorbeeld", "Anders"))
    small.decide(Move.VALIDATE, zone)

    assert (unvouched, small.current.read()[0].zone.name) == ("Zone Voorbeeld", "Zone Anders")


def test_cues_when_held_are_still_there(small):
    """Danger cues go on counting whatever is decided about them: the validated ones first, then the newest."""
    danger = Ref(Kind.DANGER, "danger")
    small.save(danger, "[emoji]\n")
    small.save(danger, "[words.nl]\n")
    drafted = small.current.read()[0].danger
    small.decide(Move.VALIDATE, danger)
    small.save(danger, "kapot =\n")
    small.decide(Move.HOLD, danger)

    assert drafted == ("[words.nl]\n", "[emoji]\n")
    assert set(small.current.read()[0].danger) == {"[words.nl]\n", "[emoji]\n", "kapot =\n"}


# --- the catalog that is kept up equals the one gathered anew ---

DAY = datetime.now(UTC).date()
REFS = [Ref(Kind.ARTICLE, slug, lang) for slug in ("fiets-gestolen", "boete") for lang in ("nl", "fr", "de")]
QUESTIONS = [Ref(Kind.QUESTIONS, slug) for slug in ("fiets-gestolen", "boete")]
DAYS = st.none() | st.integers(-3, 30).map(lambda days: local_time(str(DAY + timedelta(days=days))))


class Histories(RuleBasedStateMachine):
    """Anything may happen to any text; one reader follows, and is compared with one that starts from nothing."""

    master: Path

    @initialize()
    def move_in(self):
        self.home = Path(str(self.master) + f"-{time.monotonic_ns()}")
        shutil.copytree(self.master, self.home)
        self.house = Small(self.home)

    @rule(ref=st.sampled_from(REFS), body=st.sampled_from("abc"), start=DAYS, end=DAYS, months=st.integers(0, 2))
    def save_article(self, ref, body, start, end, months):
        text = article_text(body=body) if ref.lang == "nl" else f"---\ntitle: T\n---\n{body}\n"
        self.house.save(ref, text, valid_from=start, valid_until=end, review_months=months)

    @rule(ref=st.sampled_from(QUESTIONS), word=st.sampled_from("abc"))
    def save_questions(self, ref, word):
        self.house.save(ref, f'nl = ["{word}"]\n')

    @rule(value=st.sampled_from(["1", "2"]), until=DAYS)
    def save_fact(self, value, until):
        self.house.save(Ref(Kind.FACT, "zone_phone"), FACT.replace("33", value), valid_until=until)

    @rule(ref=st.sampled_from([*REFS, *QUESTIONS, Ref(Kind.FACT, "zone_phone")]), move=st.sampled_from(Move))
    def decide(self, ref, move):
        if self.house.store.journal.history(ref).revisions and move is not Move.SAVE:
            self.house.decide(move, ref)

    @rule(days=st.integers(1, 40))
    def wait(self, days):
        self.house.wait(days=days)

    @invariant()
    def follower_is_never_late(self):
        """Every answer, value and state is the same, read by one that followed and by one that came just now."""
        catalog, now = self.house.current.read()
        whole = gather(*self.house.store.journal.snapshot(), now)
        for part in ("answers", "facts", "dormant", "zone", "danger", "head"):
            assert getattr(catalog, part) == getattr(whole, part), part
        assert whole.next_change is None or catalog.next_change <= whole.next_change

    def teardown(self):
        if hasattr(self, "house"):
            self.house.store.close()
            shutil.rmtree(self.home)


def test_catalog_when_kept_up_equals_one_gathered_anew(small_master):
    """Over random histories, periods and decisions the follower and the newcomer agree."""
    Histories.master = small_master
    machine = Histories.TestCase
    machine.settings = settings(
        max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    machine().runTest()
