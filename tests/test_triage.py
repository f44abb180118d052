"""The first look at a message: danger, its words, and the file of cues behind it."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kbengine.triage
from kbengine.errors import InvalidDocument
from kbengine.triage import Cues, Danger, Triage, read_cues, triage

FILE = Path(__file__).parent.parent / "kb" / "danger.toml"
TEXT = FILE.read_text("utf-8")
CUES = read_cues(TEXT)
EXAMPLES = tomllib.loads(TEXT)["example"]

SMALL = """
[words.nl]
mens = "man vrouw"
mensen = "<mens> kinderen"
[spelling.nl]
kheb = "ik heb"
[emoji]
"🔪" = "mes"
[[idiom]]
nl = ["mes in de rug", "geen mes"]
[[sign]]
name = "now"
nl = ["nu", "op dit moment"]
[[sign]]
name = "fear"
nl = ["bang"]
[[frame]]
name = "past"
reach = "onward"
lifted_by = ["now"]
nl = ["gisteren"]
[[frame]]
name = "rule"
reach = "sentence"
nl = ["mag ik"]
[[frame]]
name = "story"
reach = "message"
nl = ["film"]
[[danger]]
kind = "weapon"
level = "E2"
act = "reply-101"
nl = ["<mensen> .. mes"]
[[danger]]
kind = "suicide"
level = "E1"
act = "suicide-1813"
despite = ["past", "rule", "story"]
nl = ["ik heb ... pillen|slaap_middelen"]
[[danger]]
kind = "noise"
level = "E3"
act = "call-dispatch"
needs = ["now|fear"]
nl = ["roept & buren"]
[[danger]]
kind = "call-for-help"
level = "E3"
act = "call-dispatch"
needs = ["fear", "now"]
"""


@pytest.fixture(scope="module")
def small() -> Cues:
    """A file of cues small enough to reason about."""
    return read_cues(SMALL)


def level(message: str, cues: Cues = CUES, lang: str | None = None) -> str:
    danger = triage(message, cues, lang).danger
    return danger.level if danger else "none"


def problems(text: str) -> list[tuple[str, int]]:
    with pytest.raises(InvalidDocument, match=r"danger\.toml cannot be used") as caught:
        read_cues(text)
    return [(problem.code, problem.line) for problem in caught.value.problems]


def test_public_face_when_imported() -> None:
    """What the room offers is sorted and there."""
    names = kbengine.triage.__all__
    assert sorted(names) == names
    assert all(hasattr(kbengine.triage, name) for name in names)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["text"][:50])
def test_triage_when_example_of_the_file(example: dict[str, str]) -> None:
    """Every example in danger.toml gets the level written beside it."""
    assert example["expect"] == level(example["text"])


def test_examples_when_counted() -> None:
    """The file holds examples of danger and of silence in all four languages."""
    langs = {(triage(e["text"], CUES).lang, e["expect"] == "none") for e in EXAMPLES}
    assert len(EXAMPLES) >= 60
    assert {(lang, silent) for lang in ("nl", "fr", "en", "de") for silent in (True, False)} <= langs


def test_triage_when_it_fires(small: Cues) -> None:
    """The notice carries level, kind, the message's own words in order, and what to do."""
    expected = Triage("nl", Danger("E2", "weapon", ("kinderen", "mes"), "reply-101"))
    assert expected == triage("Er zijn KINDEREN met mes", small, "nl")


def test_triage_when_written_in_street_spelling(small: Cues) -> None:
    """The reported word is the one written, not the one it stands for."""
    danger = triage("kheb veel pillen", small, "nl").danger
    assert danger == Danger("E1", "suicide", ("kheb", "pillen"), "suicide-1813")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("ik heb medicatei", "E1"),
        ("ik heb medicaatie", "E1"),
        ("ik heb meditatie", "none"),
        ("man met messs", "E2"),
        ("man met mez", "none"),
    ],
)
def test_triage_when_a_finger_slips(message: str, expected: str) -> None:
    """A long word that no dictionary has is read as the cue's word; another word or a short one is not."""
    cues = read_cues(SMALL.replace("pillen|", "pillen|medicatie|"))
    assert level(message, cues, "nl") == expected


def test_triage_when_an_emoji_counts_as_a_word(small: Cues) -> None:
    """An emoji fires as its word and is shown as itself."""
    danger = triage("een man hier 🔪!", small, "nl").danger
    assert danger is not None
    assert danger.words == ("man", "🔪")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("man met een mes", "E2"),
        ("mes van een man", "none"),
        ("man met een groot nieuw scherp mes", "none"),
        ("maan met mes", "none"),
        ("maaaan met mesSSS", "E2"),
        ("ik heb slaap middelen", "E1"),
        ("ik heb slaap", "none"),
        ("nu roept iemand bij de buren", "E3"),
        ("bij de buren roept iemand", "none"),
        ("nu. bij de buren roept iemand", "E3"),
        ("bij de buren roept iemand, ik ben bang", "E3"),
        ("nu ben ik bang", "E3"),
        ("ik ben bang", "none"),
    ],
)
def test_triage_when_phrases_and_signs_combine(small: Cues, message: str, expected: str) -> None:
    """Order, gaps, both-sides, joined words and signs nearby decide together."""
    assert expected == level(message, small, "nl")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("gisteren man met mes", "none"),
        ("gisteren gezien. man met mes", "none"),
        ("gisteren gezien. nu man met mes", "E2"),
        ("man met mes. gisteren ook", "E2"),
        ("mag ik dat, een man met mes?", "none"),
        ("mag ik iets vragen? man met mes", "E2"),
        ("man met mes. top film", "none"),
        ("gisteren in de film: ik heb pillen", "E1"),
        ("een man met geen mes", "none"),
        ("man met mes in de rug", "none"),
        ("mes in de rug, maar ook een man met mes", "E2"),
    ],
)
def test_triage_when_a_frame_or_idiom_stands(small: Cues, message: str, expected: str) -> None:
    """A frame silences as far as it reaches, an idiom only itself, and some dangers fire through all."""
    assert expected == level(message, small, "nl")


WEIGHED = """
[[sign]]
name = "edge"
weight = 3
nl = ["reling", "rand"]
[[sign]]
name = "child"
weight = 2
nl = ["kind"]
[[sign]]
name = "mute"
weight = 3
nl = ["antwoordt niet"]
[[sign]]
name = "asks"
weight = -4
nl = ["hoe", "boete"]
[[frame]]
name = "past"
reach = "sentence"
nl = ["gisteren"]
[[danger]]
kind = "sum"
level = "E3"
act = "call-dispatch"
score = 5
[[danger]]
kind = "knife"
level = "E2"
act = "reply-101"
nl = ["mes"]
[[danger]]
kind = "bomb"
level = "E1"
act = "reply-101"
score = -99
nl = ["bom"]
"""


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("kind op de reling", "E3"),
        ("op de reling. een kind", "E3"),
        ("op de reling aan de rand", "none"),
        ("op de reling", "none"),
        ("kind kind kind", "none"),
        ("kind op de reling, hij antwoordt niet, hoe", "none"),
        ("kind op de reling, antwoordt niet. hoe", "none"),
        ("gisteren kind op de reling", "none"),
        ("gisteren een kind. op de reling", "none"),
        ("kind op de reling " + "en zo " * 10, "none"),
        ("een mes", "E2"),
        ("een mes, boete", "none"),
        ("een mes. boete", "E2"),
        ("een kind met een mes, boete", "E2"),
        ("een bom, boete", "E1"),
    ],
)
def test_triage_when_signs_weigh_together(message: str, expected: str) -> None:
    """Signs add up once each, near and outside frames; a question or paper weighs against, also against a phrase."""
    assert level(message, read_cues(WEIGHED), "nl") == expected


def test_triage_when_a_sum_fires() -> None:
    """The notice shows the words that weighed, not those that count against or for nothing."""
    danger = triage("er zit een Kind op de reling, hij antwoordt niet", read_cues(WEIGHED), "nl").danger
    assert danger == Danger("E3", "sum", ("kind", "reling", "antwoordt", "niet"), "call-dispatch")


def test_triage_when_two_dangers_stand(small: Cues) -> None:
    """The worst one is shown."""
    assert level("man met mes en ik heb pillen", small, "nl") == "E1"


def test_triage_when_language_is_given() -> None:
    """A language that is given is not guessed again, known or not."""
    assert triage("bonjour", CUES, "nl").lang == "nl"
    assert triage("help er is brand in ons huis", CUES, "xx").danger is not None


@pytest.mark.parametrize(
    "message",
    [
        "Een man slaat zijn vriendin voor ons huis",
        "Un homme frappe sa copine devant chez nous",
        "A man is beating his girlfriend outside our house",
        "Ein Mann schlägt seine Freundin vor unserem Haus",
    ],
)
def test_triage_when_the_same_is_said_in_four_languages(message: str) -> None:
    """The same danger fires whatever the language."""
    assert level(message) != "none"


@pytest.mark.parametrize("tense", ["gisteren", "vorig jaar", "in de film", "haha"])
def test_triage_when_the_end_of_life_is_the_writers_own(tense: str) -> None:
    """First person and the end of life always fire: a human judges."""
    assert level(f"{tense} zei ik nog: ik wil niet meer leven") == "E1"


@pytest.mark.parametrize("number", ["101", "112"])
def test_triage_when_the_emergency_number_does_not_answer(number: str) -> None:
    """Somebody tried and failed."""
    assert level(f"{number} neemt niet op") == "E2"


@pytest.mark.parametrize("whom", ["jullie", "de burgemeester", "die leraar"])
def test_triage_when_staff_is_threatened(whom: str) -> None:
    """A threat at staff, school or mayor is E1 in whatever form it comes."""
    assert level(f"ik ga {whom} vermoorden") == "E1"


@pytest.mark.parametrize(
    ("who", "expected"), [("mijn dochtertje van 5", "E1"), ("onze demente oma", "E1"), ("mijn man", "E3")]
)
def test_triage_when_somebody_is_missing(who: str, expected: str) -> None:
    """A child or an elderly person raises a missing person to E1."""
    assert level(f"{who} is verdwenen") == expected


def test_read_cues_when_everything_is_wrong() -> None:
    """All problems are found in one reading, each with its line."""
    text = """[words.nl]
mens = "<nergens>"
[[frame]]
name = "past"
reach = "far"
lifted_by = ["later"]
[[danger]]
kind = "weapon"
level = "E9"
act = "reply-101"
needs = "now"
nl = ["man ..", "<wie> mes", "a*", "..."]
colour = "red"
[[danger]]
kind = "empty"
level = "E1"
act = "reply-101"
"""
    expected = {
        ("danger-words", 2),
        ("danger-value", 5),
        ("danger-name", 6),
        ("danger-value", 9),
        ("danger-shape", 11),
        ("danger-phrase", 12),
        ("danger-key", 13),
        ("danger-empty", 15),
    }
    found = problems(text)
    assert expected == set(found)
    assert found.count(("danger-phrase", 12)) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[danger]]\nkind = "a', ("danger-toml", 0)),
        ("danger = 3", ("danger-shape", 1)),
        ("words = 3", ("danger-shape", 1)),
        ('[words.xx]\na = "b"', ("danger-key", 1)),
        ("[words.nl]\na = 3", ("danger-shape", 2)),
        ('[emoji]\nab = "mes"', ("danger-emoji", 2)),
        ('[spelling.nl]\nkheb = "!"', ("danger-spelling", 2)),
        ('[[example]]\ntext = "brand"\nexpect = "E4"', ("danger-value", 3)),
        ('[[sign]]\nname = "now"\nweight = "2"', ("danger-value", 3)),
        ('[[danger]]\nkind = "x"\nlevel = "E1"\nact = "reply-101"\nscore = true', ("danger-value", 5)),
        ('[[idiom]]\nfr = ["vas"]\nnl = ["thuis", "naar .. auto|op de bus|trein"]', ("danger-phrase", 3)),
        ('[[idiom]]\nnl = ["' + "a_b|c_d|e_f|g " * 4 + '"]', ("danger-phrase", 2)),
    ],
)
def test_read_cues_when_one_thing_is_wrong(text: str, expected: tuple[str, int]) -> None:
    """A mistake of shape is a problem with a line, never a crash."""
    assert expected in problems(text)


def test_read_cues_when_a_text_in_use_lost_an_underscore() -> None:
    """What was accepted before keeps watching; only writing it anew is refused."""
    text = SMALL.replace('"mes in de rug"', '"naar .. auto|op de bus|trein"')
    assert problems(text) == [("danger-phrase", 10)]
    assert level("man met een mes", read_cues(text, strict=False), "nl") == "E2"


def test_read_cues_when_the_file_has_another_name() -> None:
    """Problems name the file they are in."""
    with pytest.raises(InvalidDocument, match=re.escape("zone.toml cannot be used")) as caught:
        read_cues("x = 1", "zone.toml")
    assert [problem.file for problem in caught.value.problems] == ["zone.toml"]


@given(st.text())
def test_read_cues_when_text_is_arbitrary(text: str) -> None:
    """A file either reads or is refused; nothing else happens."""
    try:
        read_cues(text)
    except InvalidDocument as error:
        assert error.problems


@given(st.text() | st.text(alphabet="man mes!?.\n'’🔪é\ud800"))
@settings(max_examples=300)
def test_triage_when_text_is_arbitrary(message: str) -> None:
    """No message whatsoever raises."""
    assert triage(message, CUES).lang in {"nl", "fr", "en", "de"}


@pytest.mark.parametrize("unit", ["a", "\ud800", "man ", "e\u0301", "ik ga jullie ", "🔪", "'t ", "\n", "hij slaat "])
def test_triage_when_message_is_enormous(unit: str) -> None:
    """A million of anything is cut first and read in linear time."""
    started = time.perf_counter()
    triage(unit * 1_000_000, CUES)
    assert time.perf_counter() - started < 3


def test_triage_when_the_danger_stands_after_the_cut() -> None:
    """What stands beyond the limit is not read."""
    assert level("la " * 7_000 + ". er is brand in ons huis", CUES, "nl") == "none"


def test_triage_when_message_has_500_characters() -> None:
    """A long message takes about a millisecond; the bound leaves room for a busy machine."""
    message = " ".join(example["text"] for example in EXAMPLES)
    times = []
    for start in range(0, min(len(message) - 500, 10_000), 50):
        began = time.perf_counter()
        triage(message[start : start + 500], CUES)
        times.append(time.perf_counter() - began)
    assert sorted(times)[len(times) // 2] < 0.01
