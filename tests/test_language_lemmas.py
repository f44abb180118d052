"""The lemma tables: what stands in the file, how it comes there, and that it says what simplemma says."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import simplemma
from simplemma.strategies import DefaultDictionaryFactory

from kbengine.language import LANGUAGES, is_word, lemmas, make_tables, use_tables

WORDS = 20_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables in it, made once, where an earlier version and a killed process left something."""
    directory = tmp_path_factory.mktemp("tables")
    for left in ("lemmas-0-1.0.0.bin", f"{lemmas._NAME}.new"):
        (directory / left).write_bytes(b"half")
    make_tables(directory)
    return directory


@pytest.fixture
def used(made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tables in use, for one test."""
    monkeypatch.setattr(lemmas._FACTORY, "tables", {})
    assert use_tables(made)
    yield made


def slowly(word: str, lang: str) -> str:
    """The lemma as simplemma's own dictionaries give it, followed until it stays or comes back."""
    seen = [word]
    while len(seen) <= 4:
        found = simplemma.lemmatize(seen[-1], lang=lang).casefold().replace("_", "")
        if found in seen:
            return min(seen[seen.index(found) :], key=lambda form: (len(form), form))
        seen.append(found)
    return seen[-1]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_lemma_when_word_is_in_the_tables(lang: str, used: Path) -> None:
    """Twenty thousand words of a language, and as many with a letter wrong, have the lemma they always had."""
    chance = random.Random(lang)
    known = chance.sample(sorted(DefaultDictionaryFactory(0).get_dictionary(lang)), WORDS)
    words = known + [word[:at] + "é" + word[at + 1 :] for word in known for at in [chance.randrange(len(word))]]

    assert [(word, slowly(word, lang)) for word in words] == [(word, lemmas.lemma(word, lang)) for word in words]


def test_tables_when_used_are_all_that_is_read(made: Path) -> None:
    """A process with the file never reads simplemma's own data: neither the second nor the memory is spent."""
    code = (
        "import sys; from pathlib import Path; from kbengine.language import *; "
        "from simplemma.strategies import DEFAULT_DICTIONARY_FACTORY as own; use_tables(Path(sys.argv[1])); "
        "print([analyzer(lang).of_word('xyzfiets') for lang in LANGUAGES], detect('fietsbel'), "
        "own._get_dictionary.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code, made], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.split()[-1] == "0"


def test_tables_when_missing_or_damaged_are_done_without(made: Path, tmp_path: Path) -> None:
    """No file, an empty one or half of one is no file; words have their lemmas all the same."""
    (whole,) = made.glob("lemmas-*")

    assert not use_tables(tmp_path)
    for size in (0, 10, 96, whole.stat().st_size // 2, whole.stat().st_size - 1):
        (tmp_path / whole.name).write_bytes(whole.read_bytes()[:size])
        assert not use_tables(tmp_path)
    assert lemmas.lemma("fietsen", "nl") == "fiets"


def test_tables_when_made_stand_alone_and_stay(made: Path) -> None:
    """What an earlier version or a killed process left is gone; a file that is there is not made again."""
    (whole,) = made.glob("lemmas-*")
    before = whole.stat()
    make_tables(made)

    assert whole.name == lemmas._NAME
    assert (whole.stat().st_ino, whole.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    ("word", "lang", "known"),
    [
        ("gestolen", "nl", True),
        ("mechelen", "nl", True),
        ("schade", "nl", True),
        ("gestoole", "nl", False),
        ("vélo", "fr", True),
        ("fahrrad", "de", True),
        ("fahrad", "de", False),
    ],
)
def test_word_when_asked_is_one_of_a_dictionary(word: str, lang: str, known: bool) -> None:
    """Names and nouns are known in small letters too, and what the tables miss is known by our own list."""
    assert is_word(word, lang) is known
