"""What is measured is measured rightly: small files with known figures."""

from __future__ import annotations

import json
import re
import shlex
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from bench import engines, freshness, http, intents, texts
from bench.race import WITH, Exhaustive, percentile
from bench.rivals import RIVALS, Fts5, Own, Rival, Whoosh
from bench.zone import slug_of, write_zone
from kbengine.checks import check, folder_scope
from kbengine.folder import read_folder

ROOT = Path(__file__).parent.parent
README = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")

TRAIN = {
    "FIETS": ("my bike was stolen", "someone stole my bicycle", "bike gone from the station", "bicycle theft report"),
    "LAWAAI": ("my neighbours are loud", "loud music at night", "noise from the bar", "neighbours make noise"),
    "SLEUTEL": ("I lost my keys", "found a bunch of keys", "keys lost in the park", "who found my keys"),
}


def write(path: Path, *rows: object) -> Path:
    """A JSON Lines file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(text: str, label: str | None, *also: str) -> dict[str, object]:
    """One labelled message."""
    return {"text": text, "label": label} | ({"also": list(also)} if also else {})


@pytest.fixture
def train(tmp_path: Path) -> Path:
    """Four training texts for each of three labels, and one text out of scope."""
    rows = [row(text, label) for label, texts in TRAIN.items() for text in texts]
    return write(tmp_path / "train.jsonl", *rows, row("what a nice day", None))


def test_intents_when_run_prints_the_figures_of_a_known_file(train, tmp_path, capsys):
    """Two right, one right by `also`, one of a label that nobody trained on, and one out of scope."""
    rows = [
        row("stolen bike", "FIETS"),
        row("loud noise", "LAWAAI"),
        row("lost keys", "FIETS", "SLEUTEL"),
        row("music at night", "NEVER SEEN"),
        row("zzz qqq", None),
    ]
    test = write(tmp_path / "test.jsonl", *rows)

    assert intents.main([str(train), str(test), "--json"]) == 0

    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (found["lang"], found["labels"], found["examples"], found["ignored"]) == ("en", 3, 12, 1)
    assert (found["n"], found["n_oos"]) == (4, 1)
    assert (found["top1"], found["top3"], found["mrr"]) == (0.75, 0.75, 0.75)
    assert found["oos_auroc"] == 1.0
    assert found["build_seconds"] > 0
    assert 0 < found["p50_ms"] <= found["p99_ms"]


def test_intents_when_nothing_is_out_of_scope_has_no_figures_of_silence(train, tmp_path):
    """Without others there is nothing to tell apart from."""
    test = write(tmp_path / "test.jsonl", row("stolen bike", "FIETS"))

    found = intents.measure(intents.draw(intents.read_lines(train), None, 0), intents.read_lines(test), "en")

    assert (found.oos_auroc, found.answered_at_p90) == (None, None)


def test_draw_when_given_shots_takes_the_same_ones_for_a_seed(train):
    """As many texts a label as asked for, by the seed; a label with fewer gives what it has."""
    lines = intents.read_lines(train)
    two = intents.draw(lines, 2, 7)

    assert {label: len(texts) for label, texts in two.items()} == dict.fromkeys(TRAIN, 2)
    assert two == intents.draw(lines, 2, 7)
    assert len({str(intents.draw(lines, 2, seed)) for seed in range(8)}) > 1
    assert intents.draw(lines, 9, 7) == {label: list(texts) for label, texts in TRAIN.items()}


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5, 0.5], [0.5], 0.5),
        ([0.9, 0.5, 0.1], [0.5, 0.2], 0.5833),
        ([0.9], [], None),
    ],
)
def test_auroc_when_counted_by_hand(inside, outside, expected):
    """Every pair counts once; a tie counts for half."""
    assert intents.auroc(inside, outside) == expected


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "No labelled message"),
        ("[1]", "not an object"),
        ('{"text": 1, "label": "a"}', "text is not a text"),
        ('{"text": "a"}', "label is neither"),
        ('{"text": "a", "label": ""}', "label is neither"),
        ('{"text": "a", "label": "b", "also": "c"}', "also is not a list"),
    ],
)
def test_intents_when_a_line_is_bad_names_it(train, tmp_path, capsys, bad, says):
    """The file and the line are named, nothing is measured, and the exit says so."""
    test = tmp_path / "test.jsonl"
    test.write_text(f'{{"text": "stolen bike", "label": "FIETS"}}\n\n{bad}\n', encoding="utf-8")

    assert intents.main([str(train), str(test)]) == 1

    printed = capsys.readouterr()
    assert f"{test}:3: " in printed.err and says in printed.err
    assert printed.out == ""


def test_intents_when_a_file_has_nothing_to_use_says_which(train, tmp_path, capsys):
    """A file of out-of-scope lines trains nothing; a file that is not there is no crash."""
    nothing = write(tmp_path / "nothing.jsonl", row("hello", None))

    assert intents.main([str(nothing), str(train)]) == 1
    assert str(nothing) in capsys.readouterr().err
    assert intents.main([str(train), str(tmp_path / "absent.jsonl")]) == 1
    assert "absent.jsonl" in capsys.readouterr().err


def test_intents_when_a_file_never_ends_gives_up(train, tmp_path, monkeypatch, capsys):
    """What is too large is refused before it is read, and an endless line is no message."""
    monkeypatch.setattr(intents, "_LONGEST_LINE", 50)
    endless = tmp_path / "endless.jsonl"
    endless.write_bytes(b"a" * 5_000)

    assert intents.main([str(endless), str(train)]) == 1
    assert capsys.readouterr().err.count("No labelled message") == 20

    monkeypatch.setattr(intents, "_MOST_BYTES", 100)
    assert intents.main([str(endless), str(train)]) == 1
    assert "over 100 bytes" in capsys.readouterr().err


DOCUMENTS = [["t1", "t2", "t2"], ["t2", "t3"], ["t4", "t1", "t5", "t6"], ["t2", "t7", "t3", "t3"], ["t8"]] * 4


@pytest.mark.parametrize("kind", [Own, Fts5, Whoosh], ids=lambda kind: kind.name)
def test_rival_when_asked_gives_the_best_by_its_own_formula(kind: type[Rival], tmp_path):
    """Each engine that is here does the work: what it gives are the best, and a worse text would be told."""
    kind.build(DOCUMENTS, tmp_path)
    engine, truth = kind(tmp_path), Exhaustive(DOCUMENTS)

    for terms in (["t1", "t3"], ["t2", "t7", "t5"], ["t8"]):
        found = engine.best(engine.prepare(terms), 10)
        assert truth.right(kind, terms, found) == 1.0
    assert truth.right(kind, ["t8"], [0, *found[1:]]) < 1.0


def test_exhaustive_when_counted_by_hand():
    """One term, in two of three texts: the shorter one scores more."""
    truth = Exhaustive([["a", "b"], ["a"], ["c"]])

    assert truth.right(Own, ["a"], [1, 0]) == 1.0
    assert truth.right(Own, ["a"], [1, 2]) == 0.5
    assert truth.right(Own, ["a"], [1]) == 0.5
    expected = np.log(1 + 1.5 / 2.5) * 1 * 2.5 / (1 + 1.5 * (0.25 + 0.75 * 1 / (4 / 3)))
    assert Own.weigh(np.array([1.0]), np.array([1.0]), 4 / 3, np.array([2.0]), 3)[0] == pytest.approx(expected)


def test_engines_when_run_prints_who_was_asked_what(capsys):
    """On made-up texts, without anything that is not installed: each row has its figures, and the JSON stands last."""
    assert engines.main(["--sizes", "24", "--messages", "6", "--json"]) == 0

    printed = capsys.readouterr().out
    rows = json.loads(printed.splitlines()[-1])["rows"]
    own = [row for row in rows if row["engine"] == Own.name]
    assert [row["n"] for row in own] == [6, 6] and {row["right"] for row in own} == {1.0}
    assert {row["engine"] for row in rows} >= {Own.name, Fts5.name, Whoosh.name, "suggest"}
    assert all(0 < row["ready_p50_ms"] <= row["p50_ms"] <= row["p99_ms"] for row in own)
    assert all(row["rss_mb"] is not None and row["disk_mb"] > 0 for row in rows)
    assert f"Kernel, {WITH}" in printed and "Suggest, whole" in printed


def test_engines_when_an_engine_is_slow_asks_it_less(capsys):
    """What has no seconds left is not asked any more, and the table says so."""
    assert (
        engines.main(["--sizes", "24", "--messages", "6", "--seconds", "0.000001", "--parts", "kernel", "--json"]) == 0
    )

    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["rows"]
    assert {(row["n"], row["note"]) for row in rows} == {(1, "fewer messages")}


def test_texts_when_made_up_are_always_the_same():
    """No two are equal, a longer list begins with the shorter one, and no message is a text itself."""
    made = texts.made_up(300)
    asked = texts.messages(made, 50)

    assert texts.made_up(200) == made[:200]
    assert len(set(made)) == 300
    assert {len(message.split()) for message in asked} == {texts.MESSAGE_WORDS}
    assert not set(asked) & set(made)


def test_texts_when_a_line_has_none_names_it(tmp_path, capsys):
    """The file and the line are named; too few texts are no error, but said."""
    bad = write(tmp_path / "bad.jsonl", {"text": "een zin"}, {"id": 1})
    few = write(tmp_path / "few.jsonl", {"text": "een zin"})

    assert engines.main(["--texts", str(bad)]) == 1
    assert f"{bad}:2 " in capsys.readouterr().err
    assert engines.main(["--texts", str(few), "--sizes", "10"]) == 0
    assert "Skipped 10: there are 1 texts." in capsys.readouterr().out


def test_percentile_when_taken_is_a_value_that_was_measured():
    """The nearest rank, as `kb eval` has it; None of nothing."""
    assert [percentile([4.0, 1.0, 3.0, 2.0], share) for share in (0.5, 0.75, 0.99)] == [2.0, 3.0, 4.0]
    assert percentile([], 0.5) is None


def test_zone_when_written_is_a_folder_without_errors(tmp_path):
    """Every article has its questions and an answer for every channel, and seeds a demo store as it stands."""
    write_zone(tmp_path / "kb", 5, texts.made_up(200))

    folder = read_folder(tmp_path / "kb")
    problems = (*folder.problems, *check(folder_scope(folder, folder.zone)))
    assert [str(problem) for problem in problems if problem.level == "error"] == []
    assert {slug for slug, _ in folder.questions} >= {f"questions/{slug_of(4)}.toml"}
    assert len(folder.articles) == 5 and {len(asked.asked["nl"]) for _, asked in folder.questions} == {12}


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers are told apart by /proc")
def test_freshness_when_run_sees_every_worker_suggest_what_was_validated(capsys):
    """Both workers of the real server suggest a changed question file and a changed article; nothing is left behind."""
    assert freshness.main(["--articles", "6", "--changes", "2", "--json"]) == 0

    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [change["kind"] for change in found["changes"]] == ["questions", "article"]
    assert all(len(change["workers_s"]) == 2 and min(change["workers_s"]) > 0 for change in found["changes"])
    assert set(found["pss_mb"]) == {"worker 1", "worker 2", "builder"} and min(found["pss_mb"].values()) > 10
    assert found["slowest_s"] == max(max(change["workers_s"]) for change in found["changes"])


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers are told apart by /proc")
def test_http_when_run_counts_the_answers_of_the_real_server(demo_master, capsys):
    """Every message was answered, in a time that is its own; the JSON stands last."""
    source = demo_master.parent / "kb"
    asked = ["--source", str(source), "--seconds", "0.5", "--clients", "2", "--workers", "1", "--json"]
    assert http.main(asked) == 0

    printed = capsys.readouterr().out
    (load,) = json.loads(printed.splitlines()[-1])["loads"]
    assert (load["workers"], load["clients"]) == (1, 2) and load["n"] > 2
    assert 0 < load["p50_ms"] <= load["p99_ms"] and load["a_second"] == pytest.approx(load["n"] / load["seconds"], 0.1)
    assert "a second" in printed


@pytest.mark.parametrize("line", ["--workers 0", "--workers 1,x", "--clients 0", "--seconds 100"])
def test_http_when_asked_for_what_is_none_says_so(line):
    """No run without workers, clients or an end."""
    with pytest.raises(SystemExit):
        http.options(line.split())


# --- the paper ---


def commands():
    """Every command of the README's blocks: the module and its arguments."""
    lines = [line for block in re.findall(r"^```sh\n(.*?)^```$", README, re.M | re.S) for line in block.splitlines()]
    return [(words[2], words[3:]) for line in lines if "-m bench." in line and (words := shlex.split(line))]


@pytest.mark.parametrize(("module", "arguments"), commands(), ids=lambda part: part if isinstance(part, str) else "")
def test_readme_when_it_shows_a_command_shows_one_that_exists(module, arguments):
    """Every module of a command is there and takes the options that are shown."""
    assert import_module(module).options(arguments)


def test_readme_when_it_lists_what_is_measured_lists_every_command():
    """Whatever can be run stands in the README, and every engine in its table."""
    runnable = {f"bench.{path.stem}" for path in (ROOT / "bench").glob("*.py") if "def options(" in path.read_text()}

    assert {module for module, _ in commands()} == runnable
    assert [kind.name for kind in RIVALS if f"| {kind.name} |" not in README] == []
