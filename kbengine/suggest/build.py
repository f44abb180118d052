"""Topics to a compiled suggestion index: arrays and one JSON file, the same bytes for the same topics."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from kbengine.article import SILENT, SynonymGroup
from kbengine.errors import SettingsError
from kbengine.language import ANALYZER_VERSION, LANGUAGES, Concepts, analyzer, detect
from kbengine.suggest.calibration import Calibration, Example, LineCost, calibrate, line_costs
from kbengine.suggest.cells import Cells, Written
from kbengine.suggest.evidence import Evidence, Scores
from kbengine.suggest.features import Indices, Reader
from kbengine.suggest.fused import Question, Sense, nearest
from kbengine.suggest.learning import Asked, Lesson, ask, chosen, evenly, evidence, learn
from kbengine.suggest.meaning import LeftOut, Meaning, Texts
from kbengine.suggest.postings import Postings
from kbengine.suggest.refused import Refusals
from kbengine.suggest.semantic import Encoder, kept_vectors
from kbengine.suggest.texts import read_topic, texts_of
from kbengine.suggest.topk import Impacts
from kbengine.suggest.values import Topic

_log = logging.getLogger(__name__)

FORMAT: Final = 5
META: Final = "suggest.json"
NEAR: Final = 12

_SHORTEST_PART: Final = 4
# People do not ask in longer texts.
_LONGEST_QUESTION: Final = 600
# How many questions confidence is judged by.
_MOST_EXAMPLES: Final = 1_500
_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Compiled:
    """An index before it is written: every question can still be asked as if it had never been written."""

    topics: tuple[Topic, ...]
    languages: tuple[str, ...]
    vocabulary: Mapping[str, Sequence[str]]
    reader: Reader
    texts: tuple[Written, ...]
    cells: Cells

    @classmethod
    def of(cls, topics: Sequence[Topic], synonyms: Sequence[SynonymGroup] = ()) -> Compiled:
        """The index of these topics, which stand in it by slug."""
        ordered = tuple(sorted(topics, key=lambda topic: topic.slug))
        vocabulary = _vocabulary(ordered)
        known = {lang: frozenset(terms) for lang, terms in vocabulary.items()}
        reader = Reader(known, Concepts.of(synonyms, known))
        texts = tuple(text for place, topic in enumerate(ordered) for text in read_topic(reader, topic, place))
        return cls(ordered, _languages(ordered), vocabulary, reader, texts, Cells.of(texts, len(ordered)))

    @cached_property
    def questions(self) -> tuple[Written, ...]:
        """Every way in which people ask something."""
        return tuple(text for text in self.texts if text.asked)

    @cached_property
    def _weights(self) -> Scores:
        return self.cells.weights()

    @cached_property
    def _impacts(self) -> Impacts:
        return self.cells.impacts(self._weights)

    @cached_property
    def _asked(self) -> tuple[Asked, ...]:
        """The questions that teach, each asked as if it had never been written."""
        questions = [question for question in self.questions if len(question.text) <= _LONGEST_QUESTION]
        return tuple(self._ask(question) for question in chosen(questions, len(self.topics)))

    def _ask(self, question: Written) -> Asked:
        return ask(self.cells, self._impacts, self._weights, question)

    @cached_property
    def lesson(self) -> Lesson:
        """What the questions teach."""
        return learn(self.cells, self._asked)

    @cached_property
    def postings(self) -> Postings:
        """The index as messages meet it."""
        return Postings(self.cells.keys, self.cells.kinds, self.cells.impacts(self._weights + self.lesson.added))

    def left_out(self, most: int) -> Iterator[tuple[Written, Evidence]]:
        """Questions, `most` at most and evenly chosen, with what each finds as if it had never been written."""
        asked = self._asked
        for place in evenly(len(asked), most):
            yield asked[place].text, evidence(self.cells, asked[place], self.lesson, place % 2)

    def beside(self, meant: Texts, most: int) -> Iterator[Question]:
        """Questions, `most` at most and evenly chosen, with what each finds by words and by what the texts mean."""
        rows = {id(text): row for row, text in enumerate(self.texts)}
        drawn = [(place, self._asked[place].text) for place in evenly(len(self._asked), most)]
        left_out = LeftOut.of(meant, [rows[id(text)] for _, text in drawn])
        for place, text in drawn:
            meaning, elsewhere = left_out.without_text(rows[id(text)]), left_out.without_topic(rows[id(text)])
            others = nearest(elsewhere, NEAR)
            also = np.union1d(nearest(meaning, NEAR), others + (others >= text.topic))
            asked = ask(self.cells, self._impacts, self._weights, text, also)
            yield Question(text.topic, evidence(self.cells, asked, self.lesson, place % 2), meaning, elsewhere)

    def unwritten(self, topic: int, lang: str, text: str) -> Evidence:
        """What a question of a topic finds as if it had never been written; KeyError when it is none of its."""
        place, asked = self._places[topic, lang, text]
        return evidence(self.cells, asked if isinstance(asked, Asked) else self._ask(asked), self.lesson, place % 2)

    @cached_property
    def _places(self) -> Mapping[tuple[int, str, str], tuple[int, Asked | Written]]:
        """Every question, asked already when it teaches, and its place among those that do: half of these judge it."""
        taught = {id(asked.text): (place, asked) for place, asked in enumerate(self._asked)}
        return {(text.topic, text.lang, text.text): taught.get(id(text), (0, text)) for text in self.questions}

    def found(self, text: str, lang: str, also: Indices = _NONE) -> Evidence:
        """What a text finds by words in the index as it is: the topics near it, and those named `also`."""
        main = self.languages[0] if self.languages else LANGUAGES[0]
        reading = self.reader.read(text, lang if lang in self.languages else main, lang)
        return self.postings.find(reading, NEAR, self.lesson.warmth, also)


def build(
    topics: Sequence[Topic],
    directory: Path,
    synonyms: Sequence[SynonymGroup] = (),
    silent: float = SILENT,
    encoder: Encoder | None = None,
    kept: Path | None = None,
) -> None:
    """Writes the index of these topics into a directory, made when missing; OSError when that fails.

    `silent` is the share of questions about a missing article that must meet silence. A text that names a group of
    synonyms resembles every other text that names it, in whatever language. With an `encoder` the index also knows
    likeness of meaning; `kept` is the file of vectors that it made before.
    """
    compiled = Compiled.of(topics, synonyms)
    calibration, costs = taught(compiled, silent)
    sense = _sense(compiled, encoder, kept, silent) if encoder else None
    meta = {
        "format": FORMAT,
        "analyzer": ANALYZER_VERSION,
        "topics": [[topic.slug, topic.live] for topic in compiled.topics],
        "languages": compiled.languages,
        "vocabulary": compiled.vocabulary,
        "synonyms": {group.name: group.words for group in sorted(synonyms, key=lambda group: group.name)},
        "refused": Refusals.written(compiled.topics, compiled.languages),
        "calibration": asdict(calibration),
        "warmth": compiled.lesson.warmth,
        "mean": compiled.cells.mean,
        "silent": silent,
        "costs": [list(astuple(cost)) for cost in costs],
    }
    directory.mkdir(parents=True, exist_ok=True)
    compiled.postings.save(directory)
    if sense:
        meta["meaning"] = sense.save(directory)
    (directory / META).write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def taught(compiled: Compiled, silent: float = SILENT) -> tuple[Calibration, tuple[LineCost, ...]]:
    """What the topics' own questions teach: what confidence is made of, where the line is, and what others cost."""
    examples = tuple(_left_out(compiled))
    calibration = calibrate([*examples, *_not_asked(compiled)], silent)
    return calibration, line_costs(calibration, examples)


def _sense(compiled: Compiled, encoder: Encoder, kept: Path | None, silent: float) -> Sense | None:
    """What an encoder makes of the topics' texts and what own questions teach about that; None of too few texts."""
    refused = [(place, text) for place, topic in enumerate(compiled.topics) for text in topic.not_asked]
    written = [text.text for text in compiled.texts]
    try:
        vectors = kept_vectors(encoder, [*written, *(text for _, text in refused)], kept)
    except SettingsError as error:
        _log.warning("%s The index is built for words alone.", error)
        return None
    topics = np.array([text.topic for text in compiled.texts], np.int64)
    counts = np.array([text.weight for text in compiled.texts])
    texts = Texts(vectors[: len(written)], topics, counts, len(compiled.topics))
    if not texts.fit_to_learn:
        return None
    meaning = Meaning.of(texts)
    scored = [meaning.scores(vector) for vector in vectors[len(written) :]]
    wrong = [
        (place, compiled.found(text, detect(text), nearest(scores, NEAR)), scores)
        for (place, text), scores in zip(refused, scored, strict=True)
    ]
    return Sense.of(encoder.identity, meaning, tuple(compiled.beside(texts, _MOST_EXAMPLES)), wrong, silent)


def _vocabulary(topics: Sequence[Topic]) -> dict[str, list[str]]:
    """Per language the terms that compounds are split into: the knowledge base's own, short ones left out."""
    found: dict[str, set[str]] = {lang: set() for lang in LANGUAGES}
    for topic in topics:
        for text in texts_of(topic):
            found[text.lang].update(term.term for term in analyzer(text.lang).terms(text.text))
    return {lang: sorted(term for term in terms if len(term) >= _SHORTEST_PART) for lang, terms in found.items()}


def _languages(topics: Sequence[Topic]) -> tuple[str, ...]:
    """The languages that the topics have texts in, the one with most texts first."""
    times = Counter(text.lang for topic in topics for text in texts_of(topic))
    return tuple(sorted(times, key=lambda lang: (-times[lang], LANGUAGES.index(lang))))


def _left_out(compiled: Compiled) -> Iterator[Example]:
    """Each question asked of the index as if it had never been written, and as if its whole topic had not."""
    for question, found in compiled.left_out(_MOST_EXAMPLES):
        yield from _example(found, question.topic)
        yield from _example(found.without(0), None)


def _not_asked(compiled: Compiled) -> Iterator[Example]:
    """The messages that must not find a topic, where they do find it."""
    for place, topic in enumerate(compiled.topics):
        for text in topic.not_asked:
            found = compiled.found(text, detect(text))
            if found.first >= 0 and int(found.topics[found.first]) == place:
                yield Example(found.signals(found.first), right=False, outside=False)


def _example(found: Evidence, right: int | None) -> Iterator[Example]:
    if found.first >= 0:
        yield Example(found.signals(found.first), int(found.topics[found.first]) == right, right is None)
