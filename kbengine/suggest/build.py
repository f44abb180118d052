"""Topics to a compiled suggestion index: arrays and one JSON file, the same bytes for the same topics."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from kbengine.language import ANALYZER_VERSION, LANGUAGES, analyzer, detect
from kbengine.suggest.calibration import Evidence, Example, calibrate
from kbengine.suggest.features import Reader, Reading
from kbengine.suggest.postings import Counted, Found, Postings
from kbengine.suggest.values import Topic

FORMAT: Final = 1
META: Final = "suggest.json"
ARRAYS: Final = ("keys", "starts", "topics", "weights")

# What a text counts for: a title is a question put well; an answer has the words, but also many others.
_TITLE: Final = 2.0
_QUESTION: Final = 1.0
_ANSWER: Final = 0.5
_SHORTEST_PART: Final = 4
# How many questions are learned from, and that times the number of topics: what keeps building fast.
_MOST_EXAMPLES: Final = 1_500
_MOST_WORK: Final = 400_000


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of a topic (its place in the list): what it counts for, and its reading."""

    topic: int
    count: float
    reading: Reading


def build(topics: Sequence[Topic], directory: Path) -> None:
    """Writes the index of these topics into a directory, made when missing; OSError when that fails."""
    ordered = sorted(topics, key=lambda topic: topic.slug)
    vocabulary = _vocabulary(ordered)
    reader = Reader({lang: frozenset(terms) for lang, terms in vocabulary.items()})
    texts = [text for place, topic in enumerate(ordered) for text in _read(reader, place, topic)]
    words = Counted.of([(text.topic, text.count, text.reading.words) for text in texts], len(ordered))
    grams = Counted.of([(text.topic, text.count, text.reading.grams) for text in texts], len(ordered))
    compiled = {"words": words.postings(), "grams": grams.postings()}
    examples = [*_left_out(words, grams, texts), *_not_asked(ordered, reader, compiled["words"], compiled["grams"])]
    meta = {
        "format": FORMAT,
        "analyzer": ANALYZER_VERSION,
        "topics": [[topic.slug, topic.live] for topic in ordered],
        "languages": _languages(ordered),
        "vocabulary": vocabulary,
        "calibration": asdict(calibrate(examples)),
    }
    directory.mkdir(parents=True, exist_ok=True)
    for kind, postings in compiled.items():
        for name in ARRAYS:
            np.save(directory / f"{kind}-{name}.npy", getattr(postings, name), allow_pickle=False)
    (directory / META).write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def _texts(topic: Topic) -> Iterator[tuple[str, float, str]]:
    """Every text of a topic: its language, what it counts for, and the text."""
    for lang in LANGUAGES:
        yield lang, _TITLE, topic.titles.get(lang, "")
        for question in topic.questions.get(lang, ()):
            yield lang, _QUESTION, question
        yield lang, _ANSWER, topic.answers.get(lang, "")


def _read(reader: Reader, place: int, topic: Topic) -> Iterator[_Text]:
    for lang, count, text in _texts(topic):
        if text:
            yield _Text(place, count, reader.read(text, lang))


def _vocabulary(topics: Sequence[Topic]) -> dict[str, list[str]]:
    """Per language the terms that compounds are split into: the knowledge base's own, short ones left out."""
    found: dict[str, set[str]] = {lang: set() for lang in LANGUAGES}
    for topic in topics:
        for lang, _, text in _texts(topic):
            found[lang].update(term.term for term in analyzer(lang).terms(text))
    return {lang: sorted(term for term in terms if len(term) >= _SHORTEST_PART) for lang, terms in found.items()}


def _languages(topics: Sequence[Topic]) -> list[str]:
    """The languages that the topics have texts in, the one with most texts first."""
    times = Counter(lang for topic in topics for lang, _, text in _texts(topic) if text)
    return sorted(times, key=lambda lang: (-times[lang], LANGUAGES.index(lang)))


def _left_out(words: Counted, grams: Counted, texts: Sequence[_Text]) -> Iterator[Example]:
    """Each question asked of the index as if it had never been written, and as if its whole topic had not."""
    questions = [text for text in texts if text.count == _QUESTION]
    most = min(_MOST_EXAMPLES, _MOST_WORK // max(len(words.lengths), 1))
    for place in np.unique(np.linspace(0, len(questions) - 1, min(most, len(questions))).astype(int)):
        topic, count, reading = questions[place].topic, questions[place].count, questions[place].reading
        yield _example(
            words.find_without_text(reading.words, topic, count),
            grams.find_without_text(reading.grams, topic, count),
            topic,
        )
        if len(words.lengths) > 1:
            yield _example(
                words.find_without_topic(reading.words, topic), grams.find_without_topic(reading.grams, topic), None
            )


def _not_asked(topics: Sequence[Topic], reader: Reader, words: Postings, grams: Postings) -> Iterator[Example]:
    """The messages that must not find a topic, where they do find it."""
    for place, topic in enumerate(topics):
        for text in topic.not_asked:
            reading = reader.read(text, detect(text))
            evidence = Evidence.of(words.find(reading.words.keys), grams.find(reading.grams.keys))
            if int(evidence.totals.argmax()) == place:
                yield Example(evidence.signals(place), right=False, outside=False)


def _example(words: Found, grams: Found, right: int | None) -> Example:
    evidence = Evidence.of(words, grams)
    first = int(evidence.totals.argmax())
    return Example(evidence.signals(first), right=first == right, outside=right is None)
