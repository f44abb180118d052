"""The command line: every command's own example works, it exits 0 only when it did what was asked."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from served import KB, LEASH, end, free_port, wait_for
from test_house import COMMANDS

from kbengine.article import Kind, Ref
from kbengine.cli import main
from kbengine.engine import Engine
from kbengine.history import Move
from kbengine.settings import Settings

BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
MESSAGE = {
    "id": "1",
    "text": "mijn fiets is gestolen",
    "label": "fiets-gestolen",
    "also": [],
    "kind": "topic",
    "group": None,
    "lang": "nl",
    "channel": "facebook",
}
EXAMPLES = {path: re.search(r"Example: kb (.+)", command.help)[1] for path, command in COMMANDS.items()}


class Shell:
    """A place to stand with a small demo store, its folder of texts, and everybody's token."""

    def __init__(self, hamlet, here):
        self.hamlet = hamlet
        self.home = hamlet.engine.settings.home
        self.here = here
        self.source = here / "kb"
        people = hamlet.engine.people
        self.tokens = {login: people.new_token(people.by_login(login)) for login in hamlet.people}

    def run(self, line, login="", **environment):
        """Run one line as somebody; the environment holds nothing but what is said."""
        given = {"KB_HOME": str(self.home), "KB_SOURCE": str(self.source), "KB_TOKEN": self.tokens.get(login)}
        return CliRunner(env=given | environment).invoke(main, shlex.split(line))

    def text(self, name):
        return (self.source / name).read_text(encoding="utf-8")


@pytest.fixture
def shell(hamlet, hamlet_master, tmp_path, monkeypatch):
    """A shell in a folder of its own."""
    shutil.copytree(hamlet_master.parent / "kb", tmp_path / "kb")
    monkeypatch.chdir(tmp_path)
    return Shell(hamlet, tmp_path)


def said(result):
    return json.loads(result.output.splitlines()[-1])


# --- examples ---

NOT_RUN = {
    ("serve",): "has a test of its own, for it does not end",
    ("watch",): "has tests of its own, for it does not end",
    ("starter", "diff"): "has tests of its own, for it needs a store that began with the starter set",
    ("clock", "confirm"): "has tests of its own, for it takes the time of now",
    ("starter",): "has tests of its own, for it needs a store that began with the starter set",
}
ASKED_OF = dict.fromkeys(("validate", "return", "renew", "crisis"), "validator") | {"vouching": "administrator"}
READY = {"submit": ["save"], "return": ["save", "submit"], "validate": ["save", "submit"]}


def prepare(shell, path):
    """Whatever an example takes for granted."""
    if "save" in READY.get(path[0], ()):
        shell.hamlet.save("fiets-gestolen", default="Kom nu langs.")
    if "submit" in READY.get(path[0], ()):
        shell.hamlet.move("editor", Move.SUBMIT, BIKE)
    if path == ("check",):
        zone = shell.here / "kb" / "zone.toml"
        named = ("police_article", "suicide_article", "steps_article")
        danger = "".join(f'{name} = "nachtlawaai"\n' for name in named)
        zone.write_text(f"{zone.read_text(encoding='utf-8')}\n[danger]\n{danger}", encoding="utf-8")
    if path == ("merge",):
        shell.hamlet.save("velo-weg", default="Kom nu langs.")
    if path == ("notes", "done"):
        assert shell.run(fitted(shell, ("notes", "add"))).exit_code == 0
    if path == ("crisis", "off"):
        assert shell.run(fitted(shell, ("crisis", "on"))).exit_code == 0
    if path == ("restore",):
        assert shell.run(f"backup {shell.here}/kb-backup.tar").exit_code == 0
    (shell.here / "messages.jsonl").write_text(json.dumps(MESSAGE) + "\n", encoding="utf-8")


def fitted(shell, path):
    """An example with this place's folders, head and tokens in it."""
    login = ASKED_OF.get(path[0], "editor")
    head = shell.hamlet.engine.room.store.journal.head().hash
    line = EXAMPLES[path].replace("kb_...", shell.tokens[login]).replace("3f2a...", head)
    line = line.replace(" vera ", " validator ").replace("/srv/kb", "/srv/zone")
    return re.sub(r"(?<= )/(tmp|srv)/", f"{shell.here}/", f" {line}").strip()


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path not in NOT_RUN], ids=" ".join)
def test_example_when_typed_as_printed_works(shell, path):
    """What the help shows can be typed, and does what it says."""
    prepare(shell, path)
    result = shell.run(fitted(shell, path))

    assert result.exit_code == 0, result.output
    assert result.output.strip()


@pytest.mark.slow
def test_serve_when_started_serves_and_ends_together(shell):
    """`kb serve --demo` prints its links, answers, and ends with everything it started on a signal."""
    port = free_port()
    options = ["--home", shell.home, "serve", "--demo", "--port", port, "--datasette-port", "0", "--workers", "1"]
    process = subprocess.Popen(
        [*LEASH, *KB, *map(str, options)], stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True
    )
    try:
        lines = []
        while not lines or not lines[-1].startswith("Ctrl-C"):
            lines.append(process.stdout.readline())
            assert lines[-1], "serve ended before it was ready"
        wait_for(f"http://127.0.0.1:{port}/")
    finally:
        code = end(process, signal.SIGTERM)
        process.stdout.close()

    assert code == 0
    assert sum("/in/" in line for line in lines) == len(shell.tokens)
    assert not _answers(f"http://127.0.0.1:{port}/")


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


# --- exit codes ---


@pytest.mark.parametrize(
    ("line", "code", "match"),
    [
        ("people list", 0, "Vera"),
        ("nonsense", 2, "No such command"),
        ("suggest", 2, "Missing argument"),
        ("suggest fiets --channel fax", 2, "fax"),
        ("validate fiets-gestolen", 2, "say whose"),
        ("hold fiets-gestolen", 2, "--reason"),
        ("clock forward morgen", 2, "Say how far"),
        ("import /nergens", 2, "does not exist"),
        ("journal verify --head " + "f" * 64, 1, "no line has the known head"),
        ("journal show geen-fiche", 1, "There is no article/geen-fiche.nl"),
        ("journal show kleur/rood", 1, "no kind of text 'kleur'"),
        ("people link niemand", 1, "nobody with the login niemand"),
        ("people add agent Nog-een --role agent", 1, "somebody with the login agent"),
        ("backup nergens/b.tar", 1, "b.tar"),
        ("backup kb/zone.toml", 1, "exists already"),
        ("restore kb/zone.toml", 1, "is not empty"),
        ("--home elders restore kb/zone.toml", 1, "cannot be brought back"),
        ("export kb/zone.toml/uit", 1, "Not a directory|uit"),
        ("--home elders people list", 1, "There is no store"),
        ("--home elders people add ann Ann --role editor", 2, "needs --role administrator"),
        ("check leeg", 2, "does not exist"),
        ("eval kb/zone.toml", 1, "zone.toml"),
        ("suggest " + "a" * 20_001, 1, "at most 20000"),
    ],
)
def test_command_when_it_did_not_do_it_exits_with_the_reason(shell, line, code, match):
    """0 when it was done, 2 when it was asked wrongly, 1 when it could not be; always one clear line."""
    result = shell.run(line)

    assert (result.exit_code, "Traceback" in result.output) == (code, False)
    assert isinstance(result.exception, SystemExit | None)
    assert re.search(match, result.output)


@pytest.mark.parametrize(
    ("variable", "text"), [("KB_PORT", "veel"), ("KB_PROT", "80"), ("KB_HOME", ""), ("KB_WORKERS", "0")]
)
def test_setting_when_wrong_stops_every_command(shell, variable, text):
    """A mistyped setting is told before anything is done."""
    result = shell.run("people list", **{variable: text})

    assert (result.exit_code, variable in result.output) == (1, True)


def test_store_when_not_a_demo_keeps_its_clock(real, monkeypatch):
    """Time is only played with in a demo."""
    result = CliRunner(env={"KB_HOME": str(real.settings.home)}).invoke(main, ["clock", "2d"])

    assert (result.exit_code, "real store" in result.output) == (1, True)


def test_clock_when_past_the_last_day_is_refused(shell):
    """A clock that no date can hold is not kept."""
    results = [shell.run("clock 99999d") for _ in range(40)]

    assert {result.exit_code for result in results} == {0, 2}
    assert shell.run("people list").exit_code == 0


# --- json ---


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("suggest 'mijn fiets is gestolen' --json", {"lang", "danger", "suggestions", "abstained", "ranked"}),
        ("suggest 'hij heeft een mes' --json", {"danger"}),
        ("search fiets --json", {"hits", "total", "corrected"}),
        ("check kb --json", {"errors", "warnings", "problems"}),
        ("eval messages.jsonl --json", {"n", "top1", "emergency_recall", "by_lang"}),
    ],
)
def test_json_when_asked_is_one_object_on_the_last_line(shell, line, keys):
    """A table for people, and for machines one object at the end."""
    prepare(shell, ("eval",))

    assert keys <= set(said(shell.run(line)))


def test_suggest_when_danger_is_smelled_says_so_first(shell):
    """The first lines are what to do, with the numbers."""
    result = shell.run("suggest 'hij heeft een mes' --json")

    assert re.match(r"DANGER E1 \(weapon\): .*mes.*\n +Politie 101", result.output)
    assert said(result)["danger"]["numbers"][0] == ["Politie", "101"]


def test_suggest_when_the_reply_is_too_long_shows_its_parts(shell):
    """Numbered as they would go out, and said to be too long."""
    first, second = "Zo " + "é" * 100 + ".", "Dan " + "b" * 100 + "."
    shell.hamlet.publish("fiets-gestolen", default=f"{first} {second}")
    shell.hamlet.engine.build()
    result = shell.run("suggest 'mijn fiets is gestolen' --channel sms")

    assert f"(1/2) {first}\n\n" in result.output
    assert f"(2/2) {second}\n" in result.output
    assert ", 224 of 160: too long, in 2 parts]" in result.output


def test_suggest_when_run_keeps_and_counts_nothing(shell):
    """Trying things out on the command line leaves no trace, not in the tallies either."""
    shell.run("suggest zonderlingwoord")
    found = [path for path in shell.home.rglob("*") if path.is_file() and b"zonderlingwoord" in path.read_bytes()]

    assert found == []
    assert shell.hamlet.engine.room.store.usage.tallies() == {}


def test_check_when_a_text_is_bad_exits_1_with_every_problem(shell):
    """All problems, on lines of their own; the number of them in the JSON."""
    path = shell.source / "articles/diefstal/fiets-gestolen.nl.md"
    path.write_text(path.read_text("utf-8").replace("onthaal", "niemand") + "<b>\n", encoding="utf-8")
    result = shell.run("check kb --json")

    assert (result.exit_code, said(result)["errors"]) == (1, 2)
    assert "articles/diefstal/fiets-gestolen.nl.md:1: error owner.unknown" in result.output


@pytest.mark.parametrize(("options", "code"), [("", 0), ("--strict", 1)])
def test_check_when_there_are_warnings_exits_1_only_if_strict(shell, options, code):
    """With --strict a warning is enough."""
    (shell.source / "questions/nachtlawaai.toml").write_text('nl = ["lawaai"]\n', encoding="utf-8")

    assert shell.run(f"check kb {options}").exit_code == code


# --- moves ---


def test_move_when_made_needs_a_token_that_is_good(shell):
    """A word that is no token opens nothing; neither does one of a closed account."""
    shell.run("people close validator")
    codes = {
        shell.run("renew fiets-gestolen", KB_TOKEN=token).exit_code for token in ("kb_nep", shell.tokens["validator"])
    }

    assert codes == {1}


def test_move_when_the_text_is_your_own_is_refused(shell):
    """Nobody vouches for their own text, also not at the command line."""
    shell.hamlet.save("fiets-gestolen", login="validator", default="Van mij.")
    shell.run("submit fiets-gestolen", "validator")
    result = shell.run("validate fiets-gestolen", "validator")

    assert (result.exit_code, "somebody else must vouch" in result.output) == (1, True)


def test_move_when_made_says_where_the_text_stands(shell):
    """One line: which revision, and its state."""
    shell.hamlet.save("fiets-gestolen", default="Kom nu langs.")
    lines = [shell.run("submit fiets-gestolen", "editor"), shell.run("validate fiets-gestolen", "validator")]

    assert [line.output.split("\n")[0] for line in lines] == [
        "article/fiets-gestolen.nl revision 2: in review, a medium change.",
        "article/fiets-gestolen.nl revision 2: validated.",
    ]


@pytest.mark.parametrize(
    ("options", "match"),
    [("--digest " + "0" * 64, "not the text you saw"), ("--revision 9", "has no revision 9")],
)
def test_move_when_another_text_was_read_is_refused(shell, options, match):
    """What was read is what is decided on."""
    result = shell.run(f"renew fiets-gestolen {options}", "validator")

    assert (result.exit_code, bool(re.search(match, result.output))) == (1, True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("fiets-gestolen", "article/fiets-gestolen.nl"),
        ("article/fiets-gestolen.nl.md", "article/fiets-gestolen.nl"),
        ("questions/fiets-gestolen", "questions/fiets-gestolen"),
        ("fact/zone_phone", "fact/zone_phone"),
        ("zone", "zone/zone"),
        ("danger", "danger/danger"),
    ],
)
def test_text_when_named_may_be_any_kind(shell, name, shown):
    """Articles by their slug; everything else by its kind."""
    result = shell.run(f"hold {name} --reason proef", "administrator")

    assert result.output.startswith(f"{shown} revision 1: on hold")


# --- texts in and out ---


def test_import_when_a_file_is_older_names_it_and_leaves_it(shell):
    """What only the store changed is told, and nothing that changed here stayed out."""
    shell.hamlet.save("fiets-gestolen", default="Nieuwer.")
    result = shell.run("import kb", "editor")

    assert (result.exit_code, result.output.count("import.newer")) == (0, 1)
    assert "1 older than the store" in result.output


@pytest.mark.parametrize("login", ["agent", "administrator"])
def test_import_when_not_an_editor_is_refused(shell, login):
    """Bringing texts in is writing them: it takes the same role."""
    path = shell.source / "articles/diefstal/fiets-gestolen.nl.md"
    path.write_text(path.read_text("utf-8") + "Meer.\n", encoding="utf-8")
    result = shell.run("import kb", login)

    assert (result.exit_code, "may not save" in result.output) == (1, True)


def test_export_when_imported_again_changes_nothing(shell):
    """Out and in again: every text is there already."""
    shell.run("export uit")
    result = shell.run("import uit", "editor")

    assert (result.exit_code, result.output.startswith("0 new, ")) == (0, True), result.output


@pytest.mark.parametrize(("options", "there"), [("", False), ("--drafts", True)])
def test_export_when_there_is_a_draft_holds_it_only_if_asked(shell, options, there):
    """Live texts by default; what people work on with --drafts."""
    shell.hamlet.save("zeppelin-weg", default="Concept.")
    shell.run(f"export uit {options}")

    assert (shell.here / "uit/articles/diefstal/zeppelin-weg.nl.md").exists() is there


def test_backup_when_restored_elsewhere_is_the_same_store(shell):
    """Everything comes back: texts, decisions, people; the head is the same."""
    shell.run("backup b.tar")
    result = shell.run("--home elders restore b.tar")
    restored = Engine.open(Settings(home=shell.here / "elders"))
    engine = shell.hamlet.engine

    assert result.exit_code == 0, result.output
    assert restored.room.store.journal.snapshot() == engine.room.store.journal.snapshot()
    assert restored.people.all() == engine.people.all()
    restored.close()


def test_people_when_added_to_nothing_make_a_real_store(shell):
    """The first administrator founds a store, which is no demo."""
    result = shell.run("--home elders people add ann Ann --role administrator")
    made = Engine.open(Settings(home=Path("elders").absolute()))

    assert (result.exit_code, made.demo) == (0, False)
    assert "/in/" in result.output
    made.close()
