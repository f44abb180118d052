"""What the papers say is so: their commands run, their links lead somewhere, their tables equal the code."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import click
import pytest
from homes import copy_home
from served import serve
from test_house import FENCES, ORDER

from kbengine import errors
from kbengine.article import FIELDS, HEADINGS, LANGUAGES, VariantName
from kbengine.article.header import FORBIDDEN_TOKENS
from kbengine.article.zone import KEYS
from kbengine.channels import CHANNELS
from kbengine.checks import TABLE, check, folder_scope, kind_problems
from kbengine.cli import main
from kbengine.corpus import DATASETTE_SETTINGS
from kbengine.folder import read_folder
from kbengine.history import Move, Role, State
from kbengine.journal.tables import metadata
from kbengine.markup.check import _RULES
from kbengine.settings import PROJECT, Settings
from kbengine.validate import MOVE_ROLES, MOVE_STATES, MOVES_WITH_REASON
from web import words

ROOT = Path(__file__).parent.parent
README, AGENTS, EDITORS = ROOT / "README.md", ROOT / "docs/agents.md", ROOT / "docs/editors.md"
ADMINISTRATORS, CONTRIBUTORS = ROOT / "docs/administrators.md", ROOT / "docs/contributors.md"
COMMANDS = ROOT / "docs/commands.md"
PAPERS = [README, AGENTS, EDITORS, ADMINISTRATORS, CONTRIBUTORS, COMMANDS]
PAPERS += [ROOT / name for name in ("docs/starter.md", "docs/api.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]

# What needs a network, a person, or would change this very working tree. script/server is `kb serve --demo`, run below.
# Each curl is asked of the API in test_web_api.
NOT_RUN = ("git clone", "cd webcare-kb", "script/server", "script/bootstrap", "script/test", "curl")

CODE = r"[a-z]+[.-][a-z_-]+"


# --- reading a paper ---


def text_of(path):
    return path.read_text(encoding="utf-8")


def fences(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(path), re.MULTILINE | re.DOTALL)


def table(path, *heads):
    """The rows of the table with these heads, cells as text without the marks of code."""
    lines = text_of(path).split("\n")
    start = lines.index("| " + " | ".join(heads) + " |") + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def plain(cell):
    return cell.replace("`", "")


def codes_in(cell):
    return re.findall(r"`([^`]+)`", cell)


def first_words(rows):
    return [plain(row[0]) for row in rows]


# --- the README ---


def commands(group, name="kb"):
    for key, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {key}")
        else:
            yield f"{name} {key}"


def test_readme_when_opened_is_short_and_starts_something():
    """What it is in line 1, a command that works by line 30, under 120 lines."""
    lines = text_of(README).split("\n")

    assert lines[0].startswith("# ") and "answers" in lines[0]
    assert "script/server" in lines[:30]
    assert len(lines) < 120


def test_readme_when_it_lists_commands_lists_all():
    """Every kb command has a row, and every row a command."""
    listed = first_words(table(COMMANDS, "command", "what it does"))
    assert sorted(commands(main)) == sorted(listed)
    assert set(first_words(table(README, "command", "what it does"))) <= set(listed)


def test_readme_when_it_draws_the_house_draws_what_is_there():
    """Every folder of the drawing exists, but var, which running makes."""
    drawn = re.findall(r"^(\w+)/ ", text_of(README), re.MULTILINE)

    assert [name for name in drawn if not (ROOT / name).is_dir() and name != "var"] == []


def test_changelog_when_opened_begins_with_this_version():
    """The newest version stands on top."""
    version = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]

    assert re.findall(r"^## (\S+)", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)[0] == version


# --- links ---


def anchors(path):
    """The names that a paper's headings get."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text_of(path), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_links_when_followed_lead_somewhere(path):
    """Every link inside the repository leads to a file, and to a heading in it."""
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", text_of(path), flags=re.M | re.S)
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose):
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        if not found.is_file() or (anchor and anchor not in anchors(found)):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_paths_when_named_exist(path):
    """A file of ours that a paper names in code marks is there."""
    named = re.findall(r"`((?:kb|kbengine|web|deploy|script|tests|requirements)/[\w./-]*)`", text_of(path))

    assert [name for name in named if not (ROOT / name).exists()] == []


# --- what is run ---


def fetch(url):
    """What a page answers."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


def script(path, folder):
    """All that a paper says to type, in order; folders under /tmp, /srv and /var become ours."""
    lines = [line for block in fences(path, "sh") for line in block.split("\n") if not line.startswith(NOT_RUN)]
    ours = re.sub(r"(?<![\w/])/(tmp|srv|var)/", rf"{folder}/\1/", "\n".join(lines))
    return "set -eux\n" + ours.replace(".venv/bin/", f"{Path(sys.executable).parent}/")


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in PAPERS if fences(path, "sh")], ids=lambda path: path.name)
def test_commands_when_typed_in_order_all_work(path, demo_master, tmp_path):
    """Whoever types what a paper shows, from top to bottom, meets no error."""
    copy_home(demo_master, tmp_path / "demo")
    for folder in ("tmp", "srv", "var/backups"):
        (tmp_path / folder).mkdir(parents=True)
    # What is checked and taken over are the texts that the demo is made of; all of kb/ is checked elsewhere.
    environment = os.environ | {"KB_HOME": str(tmp_path / "demo"), "KB_SOURCE": str(demo_master.parent / "kb")}

    command = ["sh", "-c", script(path, tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.slow
def test_server_when_started_shows_what_the_readme_says(demo_master, tmp_path):
    """The pages and Datasette answer, and there is a sign-in link for each example person."""
    with serve(copy_home(demo_master, tmp_path / "demo")) as served:
        assert json.loads(fetch(served.url + "/gezond")) == {"ok": True}
        assert "antwoorden" in fetch(served.datasette + "/corpus.json")

    assert len(re.findall(r"/in/\S{20}", (tmp_path / "served.log").read_text())) == len(Role) - 1


def test_not_run_when_listed_is_still_shown():
    """The list of what is not run names nothing that the papers no longer show."""
    shown = [line for path in PAPERS for block in fences(path, "sh") for line in block.split("\n")]

    assert [skip for skip in NOT_RUN if not any(line.startswith(skip) for line in shown)] == []


# --- the example article ---


def test_example_when_read_and_checked_has_no_problem(tmp_path):
    """The editors' examples, put in a folder as the page says, are flawless together."""
    dutch, french = fences(EDITORS, "markdown")
    facts, questions, synonyms, referrals, kinds = fences(EDITORS, "toml")
    assert list(kind_problems(kinds, "kinds.toml", "nl")) == []
    files = {"articles/gevonden/sleutels-gevonden.nl.md": dutch, "articles/gevonden/sleutels-gevonden.fr.md": french}
    files |= {"facts.toml": facts, "questions/sleutels-gevonden.toml": questions, "synonyms.toml": synonyms}
    files["referrals.toml"] = referrals
    files |= {name: text_of(ROOT / "kb" / name) for name in ("zone.toml", "danger.toml")}
    for name, text in files.items():
        assert name.rpartition("/")[2] in text_of(EDITORS)
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    folder = read_folder(tmp_path)

    problems = (*folder.problems, *check(folder_scope(folder, folder.zone)))
    # The zone's policy names articles on danger, which this folder of one answer does not have.
    assert {problem.code for problem in problems} <= {"danger.plan-article"}, problems
    assert {variant.name for _, article in folder.articles for variant in article.variants} == set(VariantName)


# --- tables for agents and editors ---


def dutch(named, keys):
    return {str(named[key]) for key in keys}


def test_agents_when_told_states_are_told_all_with_their_colour():
    """Every state stands in the agents' table, in the colour that the pages give it."""
    colours = {"good": "groen", "care": "oranje", "bad": "rood", "calm": "grijs"}
    expected = {str(words.STATES[state]): colours[words.TONES_OF_STATE.get(state, "calm")] for state in State}

    assert {row[0]: row[1] for row in table(AGENTS, "stand", "kleur", "wat het betekent")} == expected


def test_agents_when_told_reasons_are_told_all():
    """Whatever the desk says when it has no answer, the agents' page says what to do."""
    assert first_words(table(AGENTS, "wat er staat", "wat je doet")) == [str(why) for why in words.ABSTAINED.values()]


def test_agents_when_told_danger_are_told_the_levels():
    """The three levels and their meaning are the interface's."""
    rows = table(AGENTS, "niveau", "wat het betekent")

    assert {plain(level): meaning for level, meaning in rows} == {k: str(v) for k, v in words.DANGER_LEVELS.items()}


def test_agents_when_told_keys_are_told_what_the_help_says():
    """Every key of the help window stands in the agents' table, and no other."""
    helped = re.findall(r'\("([^"]+)"[^,]*, _\(', text_of(ROOT / "web/templates/help.html"))
    keys = {key for written in helped for key in re.split(r" · | … ", written)} - {"1", ""}
    shown = {key for row in table(AGENTS, "toets", "wat ze doet") for key in codes_in(row[0])}

    assert shown - {"1", "2", "3"} == keys


def test_agents_when_told_channels_are_told_all_limits():
    """Every channel, public or private, with its limit and what it advises."""
    rows = {row[0]: row[1:] for row in table(AGENTS, "kanaal", "openbaar of privé", "hoogstens")}

    assert list(rows) == [channel.label for channel in CHANNELS.values()]
    for channel in CHANNELS.values():
        kind, limit = rows[channel.label]
        assert kind == ("openbaar" if channel.public else "privé")
        assert limit.startswith(str(channel.limit) if channel.limit else "geen grens")
        assert (f"liefst onder {channel.advised}" in limit) == (channel.advised is not None)


def test_editors_when_told_keys_are_told_all():
    """Every key of a header, and which ones are required."""
    rows = table(EDITORS, "sleutel", "verplicht", "wat erin staat")

    assert {plain(row[0]): row[1] == "ja" for row in rows} == {key: field.required for key, field in FIELDS.items()}


def test_editors_when_told_variants_are_told_every_heading():
    """The headings in each language are the ones that are read."""
    rows = table(EDITORS, "variant", *LANGUAGES)
    names = [name for name in VariantName if name is not VariantName.DEFAULT]

    assert [[plain(cell) for cell in row] for row in rows] == [
        [str(words.VARIANTS[name]), *(f"## {HEADINGS[lang][name]}" for lang in LANGUAGES)] for name in names
    ]


def test_editors_when_told_states_are_told_all():
    """Every state with its code."""
    rows = table(EDITORS, "stand", "code", "wat het betekent")

    assert {plain(row[1]): row[0] for row in rows} == {state.value: str(words.STATES[state]) for state in State}


@pytest.mark.parametrize("move", Move)
def test_editors_when_told_moves_are_told_the_workflow(move):
    """Who may make a move, from where, and whether a reason is needed, as the one table of the engine says."""
    rows = {row[0]: row[1:] for row in table(EDITORS, "zet", "commando", "wie", "vanuit", "reden nodig")}
    command, who, origin, reason = rows[str(words.MOVES[move])]
    states = MOVE_STATES.get(move, frozenset())

    assert plain(command) == ("" if move in (Move.SAVE, Move.SIGN) else f"kb {move.value}")
    assert set(who.split(", ")) == dutch(words.ROLES, MOVE_ROLES[move])
    if origin == "elke andere stand":
        assert states == frozenset(State) - {State.ARCHIVED}
    else:
        assert set(filter(None, origin.split(", "))) == dutch(words.STATES, states)
    assert (reason == "ja") == (move in MOVES_WITH_REASON)
    assert len(rows) == len(Move)


# --- tables for administrators ---


def test_administrators_when_told_settings_are_told_all_with_defaults():
    """Every setting with its default and its help."""
    rows = {
        plain(row[0]): (plain(row[1]), row[2]) for row in table(ADMINISTRATORS, "variable", "default", "what it is")
    }
    fields = Settings.__dataclass_fields__
    shown = {True: "yes", False: "no"}
    defaults = {
        name: shown[field.default] if field.type == "bool" else str(field.default).removeprefix(f"{PROJECT}/")
        for name, field in fields.items()
    }

    assert {name: default for name, (default, _) in rows.items()} == {
        f"KB_{name.upper()}": default for name, default in defaults.items()
    }
    assert [name for name, field in fields.items() if field.metadata["help"] not in rows[f"KB_{name.upper()}"][1]] == []


def test_administrators_when_told_roles_are_told_all():
    """Every role has a row."""
    assert first_words(table(ADMINISTRATORS, "role", "may")) == [role.value for role in Role]


def test_administrators_when_told_zone_are_told_every_key():
    """Every key of zone.toml, and every channel that exists."""
    rows = {plain(row[0]): row[1] for row in table(ADMINISTRATORS, "key", "what it holds")}

    assert set(rows) == set(KEYS)
    assert codes_in(rows["channels"])[1:] == list(CHANNELS)


def test_administrators_when_told_what_is_stored_are_told_every_table():
    """No table of the store is without its purpose and term."""
    rows = table(ADMINISTRATORS, "table", "holds", "about whom", "term")

    assert sorted(first_words(rows)) == sorted(metadata.tables)
    assert all(all(row) for row in rows)


def test_administrators_when_told_datasette_are_told_settings_and_queries():
    """The settings that close Datasette, and the stored queries."""
    about = json.loads(text_of(ROOT / "deploy/datasette/metadata.json"))["databases"]["corpus"]
    settings = {plain(row[0]): plain(row[1]) for row in table(ADMINISTRATORS, "setting", "value")}
    shown = [name for name, of in about["tables"].items() if not of.get("hidden")]

    assert settings == DATASETTE_SETTINGS
    assert first_words(table(ADMINISTRATORS, "stored query", "what it asks")) == list(about["queries"])
    assert [name for name in shown if f"`{name}`" not in text_of(ADMINISTRATORS)] == []


# --- tables for contributors ---


def test_contributors_when_told_layers_are_told_the_order():
    """The layers of the page are the ones that the rules of the house hold to."""
    rows = table(CONTRIBUTORS, "layer", "rooms")

    assert [set(codes_in(row[1])) for row in rows] == list(ORDER)


def test_contributors_when_told_fences_are_told_rooms():
    """Every dependency of the page stands behind the fence that the page names."""
    rows = table(CONTRIBUTORS, "dependency", "room")
    told = {name: plain(row[1]).removeprefix("kbengine/").split("/")[0] for row in rows for name in codes_in(row[0])}

    assert {name: {room.removesuffix(".py")} for name, room in told.items()} == {
        name: rooms for name, rooms in FENCES.items() if name in told
    }
    assert {name for name, rooms in FENCES.items() if rooms != {"web"}} - set(told) == {"subprocess"}


# --- codes ---

MAKERS = {name for name, kind in vars(errors).items() if isinstance(kind, type)} | {"_error", "_problem", "problem"}
MAKERS |= {"_unreadable"}
# Where a code is put together or handed on, instead of written: each is spelled out in `derived`.
HANDED_ON = {"code", "check.code", "error.code", "'zone.' + key", "'markup.' + code", "'reply.' + code"}


def calls(path):
    return [node for node in ast.walk(ast.parse(text_of(path))) if isinstance(node, ast.Call)]


def callee(call):
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def written(path):
    """The codes that stand in a file as they are: the first text of a call that makes an error or problem."""
    for call in calls(path):
        texts = (arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
        first = next(texts, "") if callee(call) in MAKERS else ""
        if re.fullmatch(CODE, first):
            yield first


def yielded(path, place):
    """The texts at one place of the tuples that a file yields."""
    nodes = [node.value for node in ast.walk(ast.parse(text_of(path))) if isinstance(node, ast.Yield)]
    cells = [node.elts[place] for node in nodes if isinstance(node, ast.Tuple) and len(node.elts) > place]
    return {cell.value for cell in cells if isinstance(cell, ast.Constant)}


def derived():
    """The codes that are put together."""
    engine = ROOT / "kbengine"
    yield from (code for code, _ in FORBIDDEN_TOKENS.values())
    yield from (check.code for check in TABLE)
    yield from (f"zone.{key}" for key in KEYS)
    yield from (f"markup.{row[0]}" for row in _RULES)
    yield from (f"markup.{code}" for code in yielded(engine / "markup/check.py", 1))
    yield from (f"reply.{code}" for code in yielded(engine / "reply/placeholders.py", 0))


def test_code_when_made_is_written_or_derived():
    """No call makes a code in a way that the collecting below would miss."""
    firsts = {
        ast.unparse(call.args[0])
        for path in (ROOT / "kbengine").rglob("*.py")
        for call in calls(path)
        if callee(call) == "Problem" and not isinstance(call.args[0], ast.Constant)
    }

    assert firsts == HANDED_ON


def test_code_when_given_stands_in_a_table():
    """Every code that the engine gives says in a paper what to do, and no paper names one that is gone."""
    given = {code for path in (ROOT / "kbengine").rglob("*.py") for code in written(path)} | set(derived())
    rows = [*table(EDITORS, "code", "soort", "wat je doet"), *table(ADMINISTRATORS, "code", "what to do")]
    told = {code for row in rows for code in codes_in(row[0])}

    assert sorted(given - told) == []
    assert sorted(told - given) == []
