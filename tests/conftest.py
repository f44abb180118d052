"""What the tests of the upper rooms share: a demo house of their own, and a hand that writes and vouches in it."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import article_text
from homes import ROOT, copy_home, in_memory, made_once, new_store, take_tables
from playwright.sync_api import Browser
from served import Served, chromium, serve

from kbengine.article import Kind, Ref, SynonymGroup, read_synonyms, write_synonyms
from kbengine.engine import ArticleForm, Draft, Engine, Person, ReplyPage
from kbengine.folder import read_folder
from kbengine.history import Move, Role
from kbengine.settings import Settings

# The articles that tests know: each theme, each audience, several languages, and what the zone's policy names.
TAKEN = frozenset(
    {
        "bankkaart-blokkeren-card-stop",
        "fiets-gestolen",
        "foutparkeerder-melden",
        "identiteitskaart-verloren-docstop",
        "intern-bedreiging-opschalen",
        "intern-noodmelding-via-bericht",
        "intern-suicidale-boodschap",
        "klacht-over-politie",
        "nachtlawaai",
        "noodnummers-101-112",
        "online-aangifte-police-on-web",
        "parkeerverbod-verhuis",
        "phishing-verdacht-bericht",
        "schoolbezoek-of-rondleiding",
        "stormschade-1722",
        "vakantietoezicht",
        "verkeersboete-betalen",
        "wijkinspecteur-vinden",
        "zelfmoordgedachten-1813",
    }
)
UNVOUCHED = {"intern-noodmelding-via-bericht", "schoolbezoek-of-rondleiding"}
# As many of the first ones, for the same reason; of each group of synonyms so many words in a language.
REFERRALS = 6
WORDS = 8
PLAIN = {"owner": "onthaal", "sources": "https://www.politie.be/5441"}


def pytest_configure(config: pytest.Config) -> None:
    """The stores of tests lie in memory: what a disk takes for being sure of a write is not what is tested."""
    memory = in_memory()
    if memory and not config.option.basetemp:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of several processes none is left alone with a long file at the end: those with slow tests come first."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        slow = {item.path for item in items if item.get_closest_marker("browser") or item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay to the end: nobody looks through them again for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests reaches them."""
    for name in [name for name in os.environ if name.startswith("KB_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def served(
    request: pytest.FixtureRequest, demo_master: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A demo served for the tests of one file, by as many processes as its `WORKERS` says, or one."""
    home = copy_home(demo_master, tmp_path_factory.mktemp("served") / "home")
    with serve(home, workers=getattr(request.module, "WORKERS", 1)) as running:
        yield running


@pytest.fixture(scope="session")
def running_browser() -> Iterator[Browser]:
    """The one browser of this process."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(running_browser: Browser) -> Iterator[Browser]:
    """A browser for the tests of one file: whatever they opened is closed after them, with all that it kept."""
    yield running_browser
    for context in running_browser.contexts:
        context.close()


@pytest.fixture(scope="session")
def demo_master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo home with its edition built, made once from some texts of kb/; never opened by a test."""

    def make(root: Path) -> None:
        take_some(ROOT / "kb", root / "kb")
        _fill(root)

    return made_once(tmp_path_factory, "demo", make) / "home"


def _fill(root: Path) -> None:
    """A demo home beside the texts that it is made of, with decisions on them and its edition built."""
    vouch(root / "kb")
    take_tables(root / "home")
    engine = Engine.open(Settings(home=root / "home", source=root / "kb"), demo=True)
    engine.build()
    engine.neighbours.prepare()
    engine.close()


def take_some(kb: Path, folder: Path) -> None:
    """A copy of kb/ with its building blocks, and as many articles and referrals as tests can wait for."""
    shutil.copytree(kb, folder)
    for path in (*folder.glob("articles/*/*.md"), *folder.glob("questions/*.toml")):
        if path.name.partition(".")[0] not in TAKEN and path.parent.name != "bouwstenen":
            path.unlink()
    referrals = folder / "referrals.toml"
    head, *tables = referrals.read_text(encoding="utf-8").split("\n[")
    referrals.write_text("\n[".join((head, *tables[:REFERRALS])) + "\n", encoding="utf-8")
    synonyms = folder / "synonyms.toml"
    groups = read_synonyms(synonyms.read_text(encoding="utf-8"), "")[0]
    short = (SynonymGroup(one.name, {lang: words[:WORDS] for lang, words in one.words.items()}) for one in groups)
    synonyms.write_text("\n".join(map(write_synonyms, short)), encoding="utf-8")


def vouch(folder: Path) -> None:
    """Decisions on the texts as they are now, so that a changed text breaks the tests about texts only."""
    shutil.rmtree(folder / "decisions", ignore_errors=True)
    (folder / "decisions").mkdir()
    lines = [
        {"ref": str(item.ref), "digest": item.digest, "move": move, "by": login, "days_ago": days}
        for item in read_folder(folder).items
        for move, login, days in (("submit", "editor", 6), ("validate", "validator", 5))
        if item.ref.slug not in UNVOUCHED or move == "submit"
    ]
    (folder / "decisions" / "all.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")


@pytest.fixture
def demo(demo_master: Path, tmp_path: Path) -> Settings:
    """A demo home of the test's own, with its edition built."""
    return Settings(home=copy_home(demo_master, tmp_path / "home"), source=ROOT / "kb")


@pytest.fixture
def engine(demo: Settings) -> Any:
    """The doors of a demo house."""
    opened = Engine.open(demo)
    yield opened
    opened.close()


@pytest.fixture
def people(engine: Engine) -> dict[str, Person]:
    """The example people by login, and a second editor."""
    engine.people.add("second", "Tweede redacteur", frozenset({Role.EDITOR}))
    return {person.login: person for person in engine.people.all()}


@dataclass(frozen=True)
class House:
    """A demo house with hands in it: writes articles and makes moves, each in one line."""

    engine: Engine
    people: dict[str, Person]

    def form(self, slug: str, lang: str = "nl", **typed: Any) -> ArticleForm:
        """The form of a text as the editor would open it, with some boxes typed in."""
        known = any(line.ref == article(slug, lang) for line in self.engine.reading.overview())
        if known:
            return replace(self.engine.editing.form(slug, lang), **typed)
        new = {"slug": slug, "title": slug.replace("-", " "), **(PLAIN if lang == "nl" else {})}
        return replace(self.engine.editing.blank_form(lang, "diefstal"), **new | typed)

    def save(self, slug: str, lang: str = "nl", login: str = "editor", **typed: Any) -> Ref:
        """Save a draft."""
        self.engine.editing.save(self.people[login], self.form(slug, lang, **typed))
        return article(slug, lang)

    def move(self, login: str, move: Move, ref: Ref, reason: str = "omdat het zo is") -> None:
        """Make a move on the newest revision."""
        newest = self.engine.editing.lines(ref)[0]
        self.engine.editing.move(self.people[login], ref, newest.number, newest.digest, move, reason)

    def vouch(self, ref: Ref) -> None:
        """Submit and validate the newest revision."""
        self.move("editor", Move.SUBMIT, ref)
        self.move("validator", Move.VALIDATE, ref)

    def publish(self, slug: str, lang: str = "nl", *, build: bool = False, **typed: Any) -> Ref:
        """Save a text and have it vouched for; with `build`, in the edition too."""
        ref = self.save(slug, lang, **typed)
        self.vouch(ref)
        if build:
            self.engine.build()
        return ref

    def ask(self, slug: str, *questions: str) -> None:
        """Have these vouched for as the ways in which people ask for an article."""
        listed = ", ".join(f'"{question}"' for question in questions)
        base = self.engine.editing.questions_text(slug)[1]
        self.engine.editing.save_questions(self.people["editor"], slug, f"nl = [{listed}]\n", base)
        self.vouch(Ref(Kind.QUESTIONS, slug))
        self.engine.build()

    def reply(self, slug: str, channel: str = "facebook", lang: str = "nl", number: int = 1, **more: Any) -> ReplyPage:
        """A reply of one answer, as an agent sees it."""
        return self.engine.composing.reply(Draft(((slug, number),), lang, channel, **more))

    def hand_out(self, slug: str, channel: str = "facebook", lang: str = "nl", number: int = 1, **more: Any) -> str:
        """The text of one answer, handed out."""
        return self.engine.composing.hand_out(Draft(((slug, number),), lang, channel, **more)).text

    def wait(self, **units: float) -> None:
        """Let time pass."""
        self.engine.room.store.advance_clock(timedelta(**units))


def article(slug: str, lang: str = "nl") -> Ref:
    """The name of an article's text."""
    return Ref(Kind.ARTICLE, slug, lang)


@pytest.fixture
def house(engine: Engine, people: dict[str, Person]) -> House:
    """A demo house with people at work in it."""
    return House(engine, people)


HAMLET_ZONE = """\
name = "Zone Gehucht"
example = true
languages = ["nl", "fr"]

[owners]
onthaal = "Onthaal"

[channels]
order = ["facebook", "x", "whatsapp", "email"]

[example_people]
agent = { name = "Abe", roles = ["agent"] }
editor = { name = "Eva", roles = ["editor"] }
validator = { name = "Vera", roles = ["validator"] }
administrator = { name = "Ada", roles = ["administrator"] }
"""
HAMLET_DANGER = """\
[[danger]]
kind = "weapon"
level = "E1"
act = "reply-101"
nl = ["mes"]
"""
HAMLET_FACTS = """\
[zone_phone]
kind = "phone"
value = "03 000 00 01"
label = "Ons nummer"
owner = "onthaal"
source = "de zone"
"""


@pytest.fixture(scope="session")
def hamlet_master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo home with three short articles of kb/'s subjects and their questions, made once."""
    return made_once(tmp_path_factory, "hamlet", _make_hamlet) / "home"


def _make_hamlet(root: Path) -> None:
    (root / "kb" / "questions").mkdir(parents=True)
    (root / "kb" / "zone.toml").write_text(HAMLET_ZONE, encoding="utf-8")
    (root / "kb" / "facts.toml").write_text(HAMLET_FACTS, encoding="utf-8")
    (root / "kb" / "danger.toml").write_text(HAMLET_DANGER, encoding="utf-8")
    for theme, slug in (
        ("diefstal", "fiets-gestolen"),
        ("verkeer", "verkeersboete-betalen"),
        ("overlast", "nachtlawaai"),
    ):
        title = slug.replace("-", " ")
        (root / "kb" / "articles" / theme).mkdir(parents=True)
        text = article_text(title=title, certainty="verified", body="Kom langs of bel {fact:zone_phone}.")
        (root / "kb" / "articles" / theme / f"{slug}.nl.md").write_text(text, encoding="utf-8")
        shutil.copy(ROOT / "kb" / "questions" / f"{slug}.toml", root / "kb" / "questions")
    _fill(root)


@pytest.fixture
def hamlet(hamlet_master: Path, tmp_path: Path) -> Any:
    """A small demo house with people in it, quick to build."""
    opened = Engine.open(Settings(home=copy_home(hamlet_master, tmp_path / "hamlet")))
    opened.people.add("second", "Tweede redacteur", frozenset({Role.EDITOR}))
    yield House(opened, {person.login: person for person in opened.people.all()})
    opened.close()


@pytest.fixture
def real(tmp_path: Path) -> Any:
    """An empty real store's engine."""
    settings = Settings(home=tmp_path / "real")
    new_store(settings.store, demo=False).close()
    opened = Engine.open(settings)
    yield opened
    opened.close()
