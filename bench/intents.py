"""The product's suggestion index on somebody else's labelled messages.

    python -m bench.intents TRAIN.jsonl TEST.jsonl [--shots K] [--seed S] [--lang L] [--encoder E] [--json]

One object a line: `text`, `label` (null: out of scope) and, if more than one answer is right, `also`. Each label
becomes a topic whose questions are its training texts; there is no title and no answer. Out-of-scope training lines
are ignored.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from kbengine.errors import InvalidDocument, KBError, Problem, TooLarge
from kbengine.evaluate import Figures, Labelled, Outcome, evaluate
from kbengine.language import LANGUAGES, detect
from kbengine.suggest import Encoder, SuggestionIndex, Topic, build, load_encoder

# A file of more than this is no set of messages to measure with; a line of more is no message.
_MOST_BYTES: Final = 64 * 2**20
_LONGEST_LINE: Final = 2**20
_MOST_PROBLEMS: Final = 20
# How many suggestions are looked at for `mrr`: a right answer further down counts as not found.
DEEPEST: Final = 10
_DETECTED_IN: Final = 2_000
_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled message of a file; `label` is None when it is out of scope."""

    text: str
    label: str | None
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one run: shares from 0 to 1 (None of nothing), seconds and milliseconds.

    `top1`, `top3`, `mrr` and `answered_at_p90` are over the `n` messages in scope, whatever the confidence;
    `oos_auroc` compares the confidence of their first match with that of the `n_oos` others.
    """

    lang: str
    labels: int
    examples: int
    ignored: int
    n: int
    n_oos: int
    top1: float | None
    top3: float | None
    mrr: float | None
    oos_auroc: float | None
    answered_at_p90: float | None
    build_seconds: float
    p50_ms: float | None
    p99_ms: float | None


def read_lines(path: Path) -> tuple[Line, ...]:
    """The messages of a JSON Lines file; InvalidDocument with the bad lines, TooLarge, OSError."""
    if path.stat().st_size > _MOST_BYTES:
        raise TooLarge("bench.too-large", f"{path} is over {_MOST_BYTES} bytes.", "Measure with fewer messages.")
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, raw in _raw_lines(path):
        try:
            lines.append(_line(raw))
        except (ValueError, RecursionError) as error:
            hint = 'Write one JSON object a line: {"text": "…", "label": "…" or null}.'
            problems.append(Problem("bench.line", "error", str(path), number, f"No labelled message: {error}.", hint))
            if len(problems) == _MOST_PROBLEMS:
                break
    if problems:
        raise InvalidDocument("bench.invalid", f"{path} cannot be measured with.", "", problems, file=str(path))
    return tuple(lines)


def draw(lines: Sequence[Line], shots: int | None, seed: int) -> dict[str, list[str]]:
    """Per label its training texts, or `shots` of them drawn by the seed; those out of scope are left out.

    Texts keep the order of the file; what is drawn for a label does not depend on the other labels.
    """
    texts: dict[str, list[str]] = {}
    for line in lines:
        if line.label is not None:
            texts.setdefault(line.label, []).append(line.text)
    if shots is None:
        return texts
    drawn = {}
    for label, all_texts in texts.items():
        places = random.Random(f"{seed}:{label}").sample(range(len(all_texts)), min(shots, len(all_texts)))
        drawn[label] = [all_texts[place] for place in sorted(places)]
    return drawn


def lang_of(texts: Sequence[str]) -> str:
    """The language of a set of texts: that of a sample from all over it, so that no text decides alone."""
    step = max(1, sum(map(len, texts)) // _DETECTED_IN)
    return detect(" ".join(texts[::step]))


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """How often a message in scope is more confident than one out of scope; as confident counts for half."""
    if not inside or not outside:
        return None
    ordered = sorted(outside)
    won = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in inside)
    return round(won / (2 * len(inside) * len(outside)), _DECIMALS)


def measure(
    train: Mapping[str, Sequence[str]],
    test: Sequence[Line],
    lang: str,
    ignored: int = 0,
    encoder: Encoder | None = None,
) -> Result:
    """Builds the index of the training texts in a folder of its own, asks it every test message, and counts."""
    topics = [Topic(label, questions={lang: tuple(texts)}) for label, texts in train.items()]
    with tempfile.TemporaryDirectory(prefix="bench-intents-") as folder:
        began = time.perf_counter()
        build(topics, Path(folder), encoder=encoder)
        seconds = time.perf_counter() - began
        index = SuggestionIndex.open(Path(folder), encoder)
        index.rank(next(iter(train.values()))[0], lang)
        confidence: dict[str, float] = {}
        figures = _ask(index, test, lang, confidence)
    inside = [confidence[str(place)] for place, line in enumerate(test) if line.label is not None]
    outside = [confidence[str(place)] for place, line in enumerate(test) if line.label is None]
    return Result(
        lang=lang,
        labels=len(topics),
        examples=sum(map(len, train.values())),
        ignored=ignored,
        n=len(inside),
        n_oos=len(outside),
        top1=figures.top1,
        top3=figures.top3,
        mrr=figures.mrr,
        oos_auroc=auroc(inside, outside),
        answered_at_p90=figures.answered_at_p90 if outside else None,
        build_seconds=round(seconds, 3),
        p50_ms=figures.p50_ms,
        p99_ms=figures.p99_ms,
    )


def _ask(index: SuggestionIndex, test: Sequence[Line], lang: str, confidence: dict[str, float]) -> Figures:
    """The figures of `kb eval` over the messages; notes the confidence of each one's first match, 0 without."""
    asked = [_labelled(place, line, lang) for place, line in enumerate(test)]
    # A label that was never trained on is in scope all the same: its messages are answered wrongly.
    known = {line.label for line in test if line.label is not None}

    def answer(message: Labelled) -> Outcome:
        began = time.perf_counter()
        matches = index.rank(message.text, lang, DEEPEST).matches
        spent = (time.perf_counter() - began) * 1_000
        ranked = tuple((match.slug, match.confidence) for match in matches)
        confidence[message.id] = ranked[0][1] if ranked else 0.0
        return Outcome(tuple(slug for slug, _ in ranked), ranked, False, 0.0, spent)

    return evaluate(asked, answer, known, known)


def _labelled(place: int, line: Line, lang: str) -> Labelled:
    kind = "none" if line.label is None else "topic"
    return Labelled(str(place), line.text, line.label, line.also, kind, None, lang, "facebook")


def _raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers; an endless one is cut, and is then no JSON."""
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(_LONGEST_LINE):
            number += 1
            if raw.strip():
                yield number, raw


def _line(raw: bytes) -> Line:
    row: Any = json.loads(raw.decode("utf-8"))
    if not isinstance(row, dict):
        raise ValueError("this is not an object")
    text, label, also = row.get("text"), row.get("label"), row.get("also") or []
    if not isinstance(text, str):
        raise ValueError("text is not a text")
    if "label" not in row or not (label is None or (isinstance(label, str) and label)):
        raise ValueError("label is neither a text nor null")
    if not isinstance(also, list) or not all(isinstance(one, str) for one in also):
        raise ValueError("also is not a list of texts")
    return Line(text, label, tuple(also))


def table(result: Result) -> str:
    """The figures for people, a line each."""
    rows = [(name, "-" if value is None else str(value)) for name, value in asdict(result).items()]
    return "\n".join(f"{name:<16}{value:>10}" for name, value in rows)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; SystemExit when it cannot be understood."""
    parser = argparse.ArgumentParser(prog="python -m bench.intents", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("train", type=Path, help="Labelled texts to build the index of, one JSON object a line.")
    parser.add_argument("test", type=Path, help="Labelled messages to ask it.")
    parser.add_argument("--shots", type=int, help="Draw this many training texts a label instead of taking all.")
    parser.add_argument("--seed", type=int, default=0, help="What decides which texts --shots draws (0).")
    parser.add_argument("--lang", choices=LANGUAGES, help="The language of all texts, when the guess is wrong.")
    parser.add_argument("--encoder", help="Count likeness of meaning too: a folder, or a hub name on this machine.")
    parser.add_argument("--json", action="store_true", help="Also print one JSON object as the last line.")
    given = parser.parse_args(arguments)
    if given.shots is not None and given.shots < 1:
        parser.error("--shots is at least 1")
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0 when it measured, 1 when a file cannot be measured with."""
    given = options(arguments)
    try:
        lines, test = read_lines(given.train), read_lines(given.test)
        train = draw(lines, given.shots, given.seed)
        if not train or not test:
            empty = given.test if train else given.train
            raise InvalidDocument("bench.empty", f"{empty} has no message to use.", file=str(empty))
        lang = given.lang or lang_of([text for texts in train.values() for text in texts])
        encoder = load_encoder(given.encoder) if given.encoder else None
        result = measure(train, test, lang, sum(line.label is None for line in lines), encoder)
    except InvalidDocument as error:
        print(error, *error.problems, sep="\n", file=sys.stderr)
        return 1
    except (KBError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(result))
    if given.json:
        print(json.dumps(asdict(result), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
