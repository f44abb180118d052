"""Topics to a compiled suggestion index: arrays and one JSON file, the same bytes for the same topics."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from kbengine.article import SILENT, SynonymGroup
from kbengine.language import ANALYZER_VERSION, LANGUAGES, Concepts, analyzer, detect
from kbengine.suggest.calibration import Calibration, Evidence, Example, LineCost, calibrate, line_costs
from kbengine.suggest.features import Reader, Reading
from kbengine.suggest.postings import Counted, Postings
from kbengine.suggest.refused import Refusals
from kbengine.suggest.values import Topic

FORMAT: Final = 3
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
class Written:
    """One text of a topic (its place in the list): its language and words, what it counts for, and its reading."""

    topic: int
    lang: str
    text: str
    count: float
    reading: Reading

    @property
    def is_question(self) -> bool:
        """Whether people ask it so, rather than that it is a title or an answer."""
        return self.count == _QUESTION


@dataclass(frozen=True, slots=True)
class Compiled:
    """An index before it is written: every text can still be taken out again."""

    topics: tuple[Topic, ...]
    languages: tuple[str, ...]
    vocabulary: Mapping[str, Sequence[str]]
    reader: Reader
    texts: tuple[Written, ...]
    words: Counted
    grams: Counted

    @classmethod
    def of(cls, topics: Sequence[Topic], synonyms: Sequence[SynonymGroup] = ()) -> Compiled:
        """The index of these topics, which stand in it by slug."""
        ordered = tuple(sorted(topics, key=lambda topic: topic.slug))
        vocabulary = _vocabulary(ordered)
        known = {lang: frozenset(terms) for lang, terms in vocabulary.items()}
        reader = Reader(known, Concepts.of(synonyms, known))
        texts = tuple(text for place, topic in enumerate(ordered) for text in _read(reader, place, topic))
        words = Counted.of([(text.topic, text.count, text.reading.words) for text in texts], len(ordered))
        grams = Counted.of([(text.topic, text.count, text.reading.grams) for text in texts], len(ordered))
        return cls(ordered, _languages(ordered), vocabulary, reader, texts, words, grams)

    @property
    def questions(self) -> tuple[Written, ...]:
        """Every way in which people ask something."""
        return tuple(text for text in self.texts if text.is_question)

    def without_text(self, text: Written) -> Evidence:
        """What a text finds when it had never been written."""
        words, grams = text.reading.words, text.reading.grams
        return Evidence.of(
            self.words.find_without_text(words, text.topic, text.count),
            self.grams.find_without_text(grams, text.topic, text.count),
        )

    def without_topic(self, text: Written) -> Evidence:
        """What a text finds when its whole topic had never been; later topics move up by one."""
        words, grams = text.reading.words, text.reading.grams
        return Evidence.of(
            self.words.find_without_topic(words, text.topic), self.grams.find_without_topic(grams, text.topic)
        )


def build(
    topics: Sequence[Topic], directory: Path, synonyms: Sequence[SynonymGroup] = (), silent: float = SILENT
) -> None:
    """Writes the index of these topics into a directory, made when missing; OSError when that fails.

    `silent` is the share of questions about a missing article that must meet silence. A text that names a group of
    synonyms resembles every other text that names it, in whatever language.
    """
    compiled = Compiled.of(topics, synonyms)
    postings = {"words": compiled.words.postings(), "grams": compiled.grams.postings()}
    calibration, costs = learned(compiled, postings["words"], postings["grams"], silent)
    meta = {
        "format": FORMAT,
        "analyzer": ANALYZER_VERSION,
        "topics": [[topic.slug, topic.live] for topic in compiled.topics],
        "languages": compiled.languages,
        "vocabulary": compiled.vocabulary,
        "synonyms": {group.name: group.words for group in sorted(synonyms, key=lambda group: group.name)},
        "refused": Refusals.written(compiled.topics, compiled.languages),
        "calibration": asdict(calibration),
        "silent": silent,
        "costs": [list(astuple(cost)) for cost in costs],
    }
    directory.mkdir(parents=True, exist_ok=True)
    for kind, arrays in postings.items():
        for name in ARRAYS:
            np.save(directory / f"{kind}-{name}.npy", getattr(arrays, name), allow_pickle=False)
    (directory / META).write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def learned(
    compiled: Compiled, words: Postings, grams: Postings, silent: float = SILENT
) -> tuple[Calibration, tuple[LineCost, ...]]:
    """What the topics' own questions teach: what confidence is made of, where the line is, and what others cost."""
    examples = tuple(_left_out(compiled))
    refused = _not_asked(compiled.topics, compiled.reader, words, grams)
    calibration = calibrate([*examples, *refused], silent)
    return calibration, line_costs(calibration, examples)


def _texts(topic: Topic) -> Iterator[tuple[str, float, str]]:
    """Every text of a topic: its language, what it counts for, and the text."""
    for lang in LANGUAGES:
        yield lang, _TITLE, topic.titles.get(lang, "")
        for question in topic.questions.get(lang, ()):
            yield lang, _QUESTION, question
        yield lang, _ANSWER, topic.answers.get(lang, "")


def _read(reader: Reader, place: int, topic: Topic) -> Iterator[Written]:
    for lang, count, text in _texts(topic):
        if text:
            yield Written(place, lang, text, count, reader.read(text, lang))


def _vocabulary(topics: Sequence[Topic]) -> dict[str, list[str]]:
    """Per language the terms that compounds are split into: the knowledge base's own, short ones left out."""
    found: dict[str, set[str]] = {lang: set() for lang in LANGUAGES}
    for topic in topics:
        for lang, _, text in _texts(topic):
            found[lang].update(term.term for term in analyzer(lang).terms(text))
    return {lang: sorted(term for term in terms if len(term) >= _SHORTEST_PART) for lang, terms in found.items()}


def _languages(topics: Sequence[Topic]) -> tuple[str, ...]:
    """The languages that the topics have texts in, the one with most texts first."""
    times = Counter(lang for topic in topics for lang, _, text in _texts(topic) if text)
    return tuple(sorted(times, key=lambda lang: (-times[lang], LANGUAGES.index(lang))))


def _left_out(compiled: Compiled) -> Iterator[Example]:
    """Each question asked of the index as if it had never been written, and as if its whole topic had not."""
    questions, size = compiled.questions, len(compiled.topics)
    most = min(_MOST_EXAMPLES, _MOST_WORK // max(size, 1))
    for place in np.unique(np.linspace(0, len(questions) - 1, min(most, len(questions))).astype(int)):
        question = questions[place]
        yield _example(compiled.without_text(question), question.topic)
        if size > 1:
            yield _example(compiled.without_topic(question), None)


def _not_asked(topics: Sequence[Topic], reader: Reader, words: Postings, grams: Postings) -> Iterator[Example]:
    """The messages that must not find a topic, where they do find it."""
    for place, topic in enumerate(topics):
        for text in topic.not_asked:
            reading = reader.read(text, detect(text))
            evidence = Evidence.of(words.find(reading.words.keys), grams.find(reading.grams.keys))
            if int(evidence.totals.argmax()) == place:
                yield Example(evidence.signals(place), right=False, outside=False)


def _example(evidence: Evidence, right: int | None) -> Example:
    first = int(evidence.totals.argmax())
    return Example(evidence.signals(first), right=first == right, outside=right is None)
