"""What kind of message it is, and to whom: cues and rules that a zone keeps, tried on labelled messages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbengine.article import MESSAGE_KINDS, Addressed
from kbengine.channels import channel
from kbengine.errors import InvalidDocument
from kbengine.language import detect
from kbengine.triage import KindOf, heading_of, kind_of, read_kinds

ROOT = Path(__file__).parent
CUES = read_kinds((ROOT.parent / "kb" / "kinds.toml").read_text("utf-8"))
MESSAGES = [json.loads(line) for line in (ROOT / "vectors" / "kinds.jsonl").read_text("utf-8").splitlines()]
RULE = Addressed(("PZWilgenrijk",), ("Politie Wilgenrijk",))

SMALL = """
[words.nl]
wij = "politie agent"
[spelling.nl]
danku = "dank u"
[emoji]
"👏" = "applaus"
[[idiom]]
nl = ["alvast bedankt"]
[[kind]]
kind = "service-complaint"
nl = ["klacht .. over .. <wij>"]
[[kind]]
kind = "question"
nl = ["vraagteken"]
[[kind]]
kind = "compliment"
nl = ["applaus"]
[[kind]]
kind = "thanks"
nl = ["bedankt", "dank u"]
[act.thanks]
act = "answer"
nl = "Een woord terug."
fr = "Un mot."
hand_over_to = "onthaal"
blocks = ["dank"]
"""


def kind(message: str) -> str:
    return kind_of(message, CUES, detect(message)).kind


def share_right(half: str) -> float:
    some = [one for one in MESSAGES if one["half"] == half]
    return sum(kind(one["text"]) == one["kind"] for one in some) / len(some)


def test_messages_when_counted_cover_kinds_and_languages() -> None:
    """There are enough of them, half never looked at while the cues were written, of each kind and language."""
    halves = Counter(one["half"] for one in MESSAGES)
    assert min(halves.values()) >= 100
    assert {one["kind"] for one in MESSAGES} == set(MESSAGE_KINDS)
    assert {one["lang"] for one in MESSAGES} == {"nl", "fr", "en", "de"}


def test_kind_when_message_was_put_aside_is_nearly_always_right() -> None:
    """Nine of ten messages that no cue was written for are of the right kind, and all the others."""
    assert share_right("unseen") >= 0.9
    assert share_right("seen") == 1.0


@pytest.mark.parametrize("example", CUES.examples, ids=lambda example: example.text[:40])
def test_kind_when_example_of_the_file(example) -> None:  # type: ignore[no-untyped-def]
    """Every example in kinds.toml is of the kind that stands beside it."""
    assert kind(example.text) == example.expect


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Ik wil klacht neerleggen wegens slagen en verwondingen", "question"),
        ("Klacht neerleggen voor stalking door mijn ex-man, hoe begin ik daaraan", "question"),
        ("Ik wil een klacht indienen over jullie agent", "service-complaint"),
        ("Porter plainte contre mon patron", "question"),
        ("Die idioot van hiernaast maakt weer heel de nacht lawaai", "report"),
    ],
)
def test_kind_when_somebody_else_is_complained_about_is_not_about_us(message: str, expected: str) -> None:
    """A complaint about a crime, or an insult of a neighbour, is none of us."""
    assert kind(message) == expected


def test_kind_when_several_fit_is_the_first_of_the_file() -> None:
    """What stands first decides; its words are the message's own, a question mark among them."""
    cues = read_kinds(SMALL)
    assert kind_of("Bedankt! Een klacht over de politie?", cues, "nl") == KindOf(
        "service-complaint", ("klacht", "over", "politie")
    )
    assert kind_of("Bedankt! Hoezo?", cues, "nl") == KindOf("question", ("?",))
    assert kind_of("DANKU 👏", cues, "nl") == KindOf("compliment", ("👏",))
    assert kind_of("https://x.example/?a=1 bedankt", cues, "nl").kind == "thanks"


def test_kind_when_nothing_fits_is_a_question() -> None:
    """No cue, and words that do not count, leave a question without words."""
    cues = read_kinds(SMALL)
    assert [kind_of(text, cues, "nl") for text in ("mijn fiets", "alvast bedankt", "")] == [KindOf("question", ())] * 3


@given(st.text(max_size=400))
def test_kind_when_anything_is_pasted_is_one_of_the_kinds(message: str) -> None:
    """No message breaks it, and the same message is of the same kind."""
    found = kind_of(message, CUES, "nl")
    assert found.kind in MESSAGE_KINDS
    assert found == kind_of(message, CUES, "nl")


def test_act_when_read_says_it_in_a_language_that_is_there() -> None:
    """What was agreed is read whole; a language without words gets the first."""
    act = read_kinds(SMALL).acts["thanks"]
    assert (act.act, act.hand_over_to, act.blocks) == ("answer", "onthaal", ("dank",))
    assert (act.says("fr"), act.says("de")) == ("Un mot.", "Een woord terug.")


def test_kinds_when_wrong_name_every_problem_with_its_line() -> None:
    """Unknown kinds, acts, keys and phrases are found in one reading, each on its line."""
    wrong = [
        "[[kind]]",
        'kind = "gossip"',
        'nl = ["<niemand>"]',
        "[act.thanks]",
        'act = "shout"',
        "loud = 1",
        "[act.gossip]",
        'act = "answer"',
        "[[other]]",
    ]
    with pytest.raises(InvalidDocument, match="cannot be used") as caught:
        read_kinds("\n".join(wrong))
    found = {(problem.code, problem.line) for problem in caught.value.problems}
    assert caught.value.code == "kinds.invalid"
    assert found == {("kinds.cues", line) for line in (2, 3, 4, 5, 6, 7, 9)}


@pytest.mark.parametrize(
    ("channel_id", "message", "expected"),
    [
        ("messenger", "politie wilgenrijk staat te flitsen", (True, "direct")),
        ("email", "", (True, "direct")),
        ("x", "@pzwilgenrijk mijn velo is weg", (True, "mention")),
        ("x", "mijn velo is weg @PZWilgenrijk!", (True, "mention")),
        ("facebook", "@Jan kijk eens", (True, "own-post")),
        ("x", "#PZWilgenrijk staat weer te flitsen", (False, "hashtag")),
        ("x", "#politiewilgenrijk", (False, "hashtag")),
        ("x", "de Politie Wilgenrijk weer", (False, "name")),
        ("x", "@jan heb je dat gezien", (False, "other")),
        ("x", "mail naar jan@pzwilgenrijk.example", (True, "")),
        ("x", "mijn velo is weg", (True, "")),
    ],
)
def test_heading_when_read_by_the_usual_rule(channel_id: str, message: str, expected: tuple[bool, str]) -> None:
    """A direct message, an @ and a comment of ours are to us; a #, our name and another's @ are not."""
    found = heading_of(message, channel(channel_id), RULE)
    assert (found.to_us, found.way) == expected


def test_heading_when_the_zone_counts_less() -> None:
    """A zone that answers only what names it reads a comment under its own post as not for it."""
    rule = Addressed(("PZWilgenrijk",), (), ("direct", "mention"))
    assert not heading_of("wat een weer", channel("facebook"), rule).to_us
    assert heading_of("@PZWilgenrijk wat een weer", channel("facebook"), rule).to_us
