"""Labelled messages to figures, by hand-counted examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbengine.errors import InvalidDocument
from kbengine.evaluate import (
    NO_SUCH_SLUG,
    NOT_LIVE,
    Figures,
    Labelled,
    Outcome,
    evaluate,
    read_labelled,
    table,
)

LIVE = frozenset({"fiets-gestolen", "nachtlawaai", "verkeersboete-betalen"})
KNOWN = LIVE | {"drone-vliegen"}


def message(
    number: int,
    label: str | None = "fiets-gestolen",
    kind: str = "topic",
    also: tuple[str, ...] = (),
    group: str | None = None,
    lang: str = "nl",
) -> Labelled:
    """A labelled message."""
    return Labelled(f"m{number}", f"bericht {number}", label, also, kind, group, lang, "facebook")


def outcome(*offered: str, confidence: float = 0.9, danger: bool = False, ms: float = 2.0) -> Outcome:
    """What the engine answers when it offers these; what is offered is what was ranked."""
    ranked = tuple((slug, confidence - place / 10) for place, slug in enumerate(offered))
    return Outcome(offered, ranked, danger, ms / 2, ms)


def silent(*ranked: tuple[str, float], danger: bool = False) -> Outcome:
    """What the engine answers when nothing stands above the line."""
    return Outcome((), ranked, danger, 1.0, 2.0)


def figures(*pairs: tuple[Labelled, Outcome]) -> Figures:
    """The figures of messages with the engine's answers to them."""
    answers = {one.id: answer for one, answer in pairs}
    return evaluate([one for one, _ in pairs], lambda one: answers[one.id], LIVE, KNOWN)


def test_evaluate_when_suggestions_are_right_at_different_places() -> None:
    """First, in three and reciprocal rank count the first right suggestion; a silence is wrong in all three."""
    found = figures(
        (message(1), outcome("fiets-gestolen")),
        (message(2), outcome("nachtlawaai", "fiets-gestolen")),
        (message(3), outcome("a", "b", "c", "fiets-gestolen")),
        (message(4), outcome("nachtlawaai")),
        (message(5), silent(("fiets-gestolen", 0.3))),
    )
    assert (found.n, found.top1, found.top3) == (5, 0.2, 0.4)
    assert found.mrr == pytest.approx((1 + 1 / 2 + 1 / 4) / 5)
    assert found.wrongly_abstained == 0.2


def test_evaluate_when_another_topic_is_right_too() -> None:
    """A slug in `also` is as right as the label."""
    found = figures((message(1, also=("nachtlawaai",)), outcome("nachtlawaai", "fiets-gestolen")))
    assert (found.top1, found.mrr) == (1.0, 1.0)


@pytest.mark.parametrize("kind", ["topic", "paraphrase"])
@pytest.mark.parametrize(("label", "cause"), [("onbekend", NO_SUCH_SLUG), ("drone-vliegen", NOT_LIVE)])
def test_evaluate_when_the_label_cannot_be_offered(kind: str, label: str, cause: str) -> None:
    """A line without a live answer is left out with its cause, also when another slug would do, and not asked."""
    asked: list[str] = []

    def answer(one: Labelled) -> Outcome:
        asked.append(one.id)
        return outcome("fiets-gestolen")

    lines = [message(1), message(2, label, kind, also=("fiets-gestolen",))]
    found = evaluate(lines, answer, LIVE, KNOWN)
    assert (found.n, found.skipped, found.skipped_by) == (1, 1, {cause: 1})
    assert asked == ["m1"]


def test_evaluate_when_nothing_is_the_right_answer() -> None:
    """On `none` lines silence is right, and a danger notice is counted apart."""
    found = figures(
        (message(1, None, "none"), silent(("nachtlawaai", 0.4))),
        (message(2, None, "none"), silent(danger=True)),
        (message(3, None, "none"), outcome("nachtlawaai")),
        (message(4, None, "none"), silent()),
    )
    assert (found.abstain_recall, found.none_alarm) == (0.75, 0.25)
    assert (found.top1, found.wrongly_abstained, found.answered_at_p90) == (None, None, None)


def test_evaluate_when_messages_smell_of_danger() -> None:
    """Recall counts emergencies, alarm lookalikes; what is offered there, or a topic's notice, does not count."""
    found = figures(
        (message(1, "EMERGENCY", "emergency"), silent(danger=True)),
        (message(2, "EMERGENCY", "emergency"), outcome("nachtlawaai")),
        (message(3, "LOOKALIKE", "lookalike"), outcome("nachtlawaai", danger=True)),
        (message(4, "LOOKALIKE", "lookalike"), silent()),
        (message(5, "LOOKALIKE", "lookalike"), silent()),
        (message(6, "LOOKALIKE", "lookalike"), silent()),
        (message(7), outcome("fiets-gestolen", danger=True)),
    )
    assert (found.emergency_recall, found.lookalike_alarm) == (0.5, 0.25)
    assert (found.n, found.skipped, found.none_alarm, found.top1) == (7, 0, None, 1.0)


def ranked(number: int, confidence: float, right: bool) -> tuple[Labelled, Outcome]:
    """A topic line ranked with a confidence, wherever the engine's own line is."""
    slug = "fiets-gestolen" if right else "nachtlawaai"
    return message(number), silent((slug, confidence))


def test_answered_when_nine_of_ten_are_right() -> None:
    """The lowest line with nine of ten right answers counts, though precision dips under that on the way."""
    right = [ranked(number, 0.9 - number / 100, right=True) for number in range(9)]
    found = figures(
        ranked(100, 0.99, right=False), *right, ranked(101, 0.1, right=False), ranked(102, 0.05, right=True)
    )
    # Down to 0.82 nine of ten answers are right; lower, two of eleven or twelve are wrong.
    assert found.answered_at_p90 == 0.75


def test_answered_when_messages_without_an_answer_are_confident() -> None:
    """A `none` line that is answered is a wrong answer, but not a message that could have been answered."""
    right = [ranked(number, 0.5, right=True) for number in range(9)]
    one = (message(100, None, "none"), silent(("nachtlawaai", 0.7)))
    two = (message(101, None, "none"), silent(("nachtlawaai", 0.6)))
    assert figures(*right, one).answered_at_p90 == 1.0
    assert figures(*right, one, two).answered_at_p90 == 0.0


def test_answered_when_confidences_are_equal() -> None:
    """No line passes between two equal confidences, whatever the order of the lines."""
    lines = [ranked(0, 0.5, right=True), ranked(1, 0.5, right=False)]
    assert figures(*lines).answered_at_p90 == figures(*lines[::-1]).answered_at_p90 == 0.0


def test_consistency_when_paraphrases_disagree() -> None:
    """The share of a group that has its most common first suggestion, and the share of groups that agree in all."""
    found = figures(
        *((message(number, kind="paraphrase", group="g1"), outcome("fiets-gestolen")) for number in range(3)),
        (message(4, kind="paraphrase", group="g2"), outcome("fiets-gestolen")),
        (message(5, kind="paraphrase", group="g2"), outcome("nachtlawaai", "fiets-gestolen")),
        (message(6, kind="paraphrase", group="g2"), outcome("nachtlawaai")),
        (message(7, kind="paraphrase", group="g2"), silent()),
    )
    assert (found.consistency, found.consistent_groups) == (0.75, 0.5)


def test_consistency_when_a_group_has_one_line_left() -> None:
    """Nothing agrees with itself: a group of which the others were skipped does not count."""
    found = figures(
        (message(1, kind="paraphrase", group="g1"), outcome("fiets-gestolen")),
        (message(2, "onbekend", kind="paraphrase", group="g1"), outcome("fiets-gestolen")),
        (message(3), outcome("nachtlawaai")),
    )
    assert (found.consistency, found.consistent_groups) == (None, None)


def test_times_when_measured() -> None:
    """Percentiles are times that really occurred, over all scored lines."""
    found = figures(*((message(number), outcome("fiets-gestolen", ms=float(number))) for number in range(1, 101)))
    assert (found.p50_ms, found.p99_ms, found.triage_p99_ms) == (50.0, 99.0, 49.5)


def test_languages_when_several_are_asked() -> None:
    """Each language has its own figures, over its own lines."""
    found = figures(
        (message(1), outcome("fiets-gestolen")),
        (message(2, lang="fr"), outcome("nachtlawaai", "fiets-gestolen")),
        (message(3, "EMERGENCY", "emergency", lang="fr"), silent(danger=True)),
        (message(4, "LOOKALIKE", "lookalike", lang="fr"), silent()),
    ).as_dict()
    assert found["by_lang"] == {
        "fr": {"n": 3, "top1": 0.0, "top3": 1.0, "emergency_recall": 1.0, "lookalike_alarm": 0.0},
        "nl": {"n": 1, "top1": 1.0, "top3": 1.0, "emergency_recall": None, "lookalike_alarm": None},
    }


def test_figures_when_there_is_nothing() -> None:
    """No messages give no shares, and JSON can hold that."""
    found = json.loads(json.dumps(figures().as_dict()))
    assert {name for name, value in found.items() if value is not None} == {
        "n",
        "skipped",
        "skipped_by",
        "by_lang",
    }


def test_figures_when_written_as_json() -> None:
    """Every measure of the design is there under its name."""
    assert list(figures((message(1), outcome("fiets-gestolen"))).as_dict()) == [
        *("n", "skipped", "skipped_by", "top1", "top3", "mrr", "wrongly_abstained", "abstain_recall"),
        *("answered_at_p90", "emergency_recall", "lookalike_alarm", "none_alarm", "consistency"),
        *("consistent_groups", "p50_ms", "p99_ms", "triage_p99_ms", "by_lang"),
    ]


def test_progress_when_messages_are_answered() -> None:
    """Somebody who waits is told how far it is."""
    told: list[int] = []
    evaluate([message(1), message(2)], lambda _: silent(), LIVE, KNOWN, told.append)
    assert told == [1, 2]


def test_table_when_shown_to_people() -> None:
    """A line a figure, names and numbers in columns, a dash where there is none, languages below."""
    shown = table(
        figures(
            (message(1), outcome("fiets-gestolen")),
            (message(2, "drone-vliegen"), silent()),
            (message(3, "x"), silent()),
        )
    )
    lines = shown.splitlines()
    assert [line.split() for line in lines[:5]] == [
        ["n", "1"],
        ["skipped", "2"],
        ["no", "such", "slug", "1"],
        ["not", "live", "1"],
        ["top1", "1.000"],
    ]
    assert ["emergency_recall", "-"] in [line.split() for line in lines]
    assert len({len(line) for line in lines[:18]}) == 1
    assert lines[-1].split() == ["nl", "1", "1.000", "1.000", "-", "-"]


ROW: dict[str, Any] = {
    "id": "d1",
    "text": "mijn velo is weg",
    "label": "fiets-gestolen",
    "also": ["nachtlawaai"],
    "kind": "topic",
    "group": None,
    "lang": "nl",
    "channel": "facebook",
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines into a file of labelled messages; a dict becomes JSON."""

    def write(*lines: dict[str, Any] | str) -> Path:
        path = tmp_path / "messages.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        path.write_text("".join(f"{text}\n" for text in texts), "utf-8")
        return path

    return write


def test_read_when_lines_are_good(written: Callable[..., Path]) -> None:
    """Fields come as values, blank lines do not count, `also` and `group` may be missing."""
    bare = {name: ROW[name] for name in ("text", "kind", "lang", "channel")} | {
        "id": "d2",
        "kind": "none",
        "label": None,
    }
    first, second = read_labelled(written(ROW, "", bare))
    assert (first.label, first.also, first.right) == (
        "fiets-gestolen",
        ("nachtlawaai",),
        {"fiets-gestolen", "nachtlawaai"},
    )
    assert (second.label, second.also, second.group, second.right) == (None, (), None, frozenset())


def test_read_when_lines_are_bad(written: Callable[..., Path]) -> None:
    """All bad lines are told at once, each with its number."""
    lines = [
        ROW,
        "{",
        "[]",
        ROW | {"id": 7},
        ROW | {"id": "a", "kind": "joke"},
        ROW | {"id": "b", "label": 3},
        ROW | {"id": "c", "also": "nachtlawaai"},
        ROW | {"id": "d", "label": None},
        ROW,
        "[" * 100_000,
    ]
    with pytest.raises(InvalidDocument, match="9 of its lines") as caught:
        read_labelled(written(*lines))
    assert [problem.line for problem in caught.value.problems] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert {problem.code for problem in caught.value.problems} == {"labelled.line"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "joke"}, "kind joke is not one of"),
        ({"text": None}, "text is not a text"),
        ({"group": 1}, "group is neither"),
        ({"label": None}, "has no label"),
    ],
)
def test_read_when_a_field_is_bad(written: Callable[..., Path], change: dict[str, Any], said: str) -> None:
    """The problem names the field."""
    with pytest.raises(InvalidDocument, match="cannot be measured with") as caught:
        read_labelled(written(ROW | change))
    assert said in str(caught.value.problems[0])


def test_read_when_bytes_are_not_utf8(tmp_path: Path) -> None:
    """A line in another encoding is a bad line, not a crash."""
    path = tmp_path / "messages.jsonl"
    path.write_bytes(json.dumps(ROW).encode() + b"\n" + b'{"id": "\xe9"}\n')
    with pytest.raises(InvalidDocument, match="1 of its lines") as caught:
        read_labelled(path)
    assert [problem.line for problem in caught.value.problems] == [2]
