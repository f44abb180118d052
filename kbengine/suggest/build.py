"""Topics to a compiled suggestion index: arrays and one JSON file, the same bytes for the same topics."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from kbengine.article import SILENT, SynonymGroup
from kbengine.errors import SettingsError
from kbengine.language import ANALYZER_VERSION, LANGUAGES, Concepts, analyzer, detect, tokens
from kbengine.suggest.asking import Asked, ask, ask_all
from kbengine.suggest.calibration import Calibration, Example, LineCost, calibrate, line_costs
from kbengine.suggest.cells import Cells, Written
from kbengine.suggest.evidence import Evidence
from kbengine.suggest.features import Counts, Flags, Indices, Reader
from kbengine.suggest.fused import Question, Sense, nearest
from kbengine.suggest.learning import Lesson, added, chosen, evenly, evidence, learn
from kbengine.suggest.meaning import LeftOut, Meaning, Texts
from kbengine.suggest.postings import MOST_FEATURES, Postings
from kbengine.suggest.refused import Refusals
from kbengine.suggest.semantic import Encoder, kept_vectors
from kbengine.suggest.texts import Text, read_texts, texts_of
from kbengine.suggest.topk import Impacts, best
from kbengine.suggest.values import Topic

_log = logging.getLogger(__name__)

FORMAT: Final = 7
META: Final = "suggest.json"
NEAR: Final = 12

_SHORTEST_PART: Final = 4
# People do not ask in longer texts.
_LONGEST_QUESTION: Final = 600
# How many questions confidence is judged by.
_MOST_EXAMPLES: Final = 4_000
_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Compiled:
    """An index before it is written: every question can still be asked as if it had never been written."""

    topics: tuple[Topic, ...]
    languages: tuple[str, ...]
    vocabulary: Mapping[str, Sequence[str]]
    reader: Reader
    texts: tuple[Text, ...]
    cells: Cells

    @classmethod
    def of(cls, topics: Sequence[Topic], synonyms: Sequence[SynonymGroup] = ()) -> Compiled:
        """The index of these topics, which stand in it by slug."""
        ordered = tuple(sorted(topics, key=lambda topic: topic.slug))
        vocabulary = _vocabulary(ordered)
        known = {lang: frozenset(terms) for lang, terms in vocabulary.items()}
        reader = Reader(known, Concepts.of(synonyms, known))
        texts = tuple(text for place, topic in enumerate(ordered) for text in texts_of(topic, place))
        # What single texts hold is forgotten at once: of ten thousand articles it would fill the memory.
        cells = Cells.joined([read_texts(reader, texts_of(topic)) for topic in ordered])
        return cls(ordered, _languages(texts), vocabulary, reader, texts, cells)

    @cached_property
    def referrals(self) -> Flags:
        """Of every topic whether it is another service's."""
        return np.array([topic.referral for topic in self.topics], bool)

    @cached_property
    def _weights(self) -> Counts:
        return self.cells.weights()

    @cached_property
    def _impacts(self) -> Impacts:
        return self.cells.impacts(self._weights)

    @cached_property
    def _taught(self) -> tuple[int, ...]:
        """Which of the texts teach: every question, or so many of them evenly."""
        rows = [row for row, text in enumerate(self.texts) if text.asked and len(text.text) <= _LONGEST_QUESTION]
        return tuple(chosen(rows, len(self.topics)))

    @cached_property
    def _asked(self) -> tuple[Asked, ...]:
        """The questions that teach, each asked as if it had never been written."""
        return tuple(self._ask_all(self._taught))

    def _ask_all(self, rows: Sequence[int]) -> Iterator[Asked]:
        texts = [self.texts[row] for row in rows]
        readings = self.reader.read_all([(text.text, text.lang) for text in texts])
        written = [text.written(reading) for text, reading in zip(texts, readings, strict=True)]
        return ask_all(self.cells, self._impacts, self._weights, written)

    def _ask(self, question: Written, also: Indices = _NONE) -> Asked:
        return ask(self.cells, self._impacts, self._weights, question, also)

    @cached_property
    def lesson(self) -> Lesson:
        """What the questions teach."""
        return learn(self.cells, self._asked)

    @cached_property
    def postings(self) -> Postings:
        """The index as messages meet it."""
        impacts = self.cells.impacts(self._weights + self.lesson.added)
        return Postings(self.cells.keys, self.cells.kinds, impacts, self.referrals)

    def home(self) -> Iterator[tuple[Written, int]]:
        """The questions that teach, each with the topic that its own words find first; -1 when that is not sure.

        As `SuggestionIndex.rank` would have it, which takes ten times as long to say much more. No topic refuses its
        own question, and a referral that comes first leaves the order of the others as it is.
        """
        impacts = self.cells.impacts(self._weights + added(self.cells, self._asked))
        for asked in self._asked:
            first = best(impacts, asked.rows, 1)[0].tolist()
            told = len(asked.rows) <= MOST_FEATURES and asked.text.reading.terms.any()
            yield asked.text, first[0] if first and told else -1

    def refuses(self, slug: str, lang: str, text: str) -> bool:
        """Whether a topic refuses a message, so that it is never offered it."""
        return lang in self.languages and self._refusals.refuses(slug, self.reader.read(text, lang))

    @cached_property
    def _refusals(self) -> Refusals:
        known = {(one.text.lang, one.text.text): one.text.reading for one in self._asked}
        return Refusals(self.reader, Refusals.written(self.topics, self.languages), known)

    def left_out(self, most: int) -> Iterator[tuple[Written, Evidence]]:
        """Questions, `most` at most and evenly chosen, with what each finds as if it had never been written."""
        asked = self._asked
        for place in evenly(len(asked), most):
            yield asked[place].text, self._evidence(asked[place])

    def _evidence(self, asked: Asked) -> Evidence:
        return evidence(self.cells, asked, self.lesson, self.referrals)

    def beside(self, meant: Texts, most: int) -> Iterator[Question]:
        """Questions, `most` at most and evenly chosen, with what each finds by words and by what the texts mean."""
        drawn = [self._taught[place] for place in evenly(len(self._taught), most)]
        left_out = LeftOut.of(meant, drawn)
        for row in drawn:
            topic, meaning, elsewhere = self.texts[row].topic, left_out.without_text(row), left_out.without_topic(row)
            others = nearest(elsewhere, NEAR)
            also = np.union1d(nearest(meaning, NEAR), others + (others >= topic))
            asked = self._ask(self.texts[row].read(self.reader), also)
            yield Question(topic, self._evidence(asked), meaning, elsewhere)

    def unwritten(
        self, questions: Sequence[tuple[int, str, str]], wanted: Callable[[int, Indices], bool]
    ) -> list[Evidence | None]:
        """What questions (topic, language, text) find as if each had never been written; KeyError when one is none.

        None for those that `wanted`, told the place and the topics near, does not want.
        """
        rows = [self._rows[question] for question in questions]
        asked = dict(zip(self._taught, self._asked, strict=True))
        others = [row for row in dict.fromkeys(rows) if row not in asked]
        asked |= zip(others, self._ask_all(others), strict=True)
        every = enumerate(map(asked.__getitem__, rows))
        return [self._evidence(one) if wanted(place, one.topics) else None for place, one in every]

    @cached_property
    def _rows(self) -> Mapping[tuple[int, str, str], int]:
        """Where each question stands among the texts."""
        return {(text.topic, text.lang, text.text): row for row, text in enumerate(self.texts) if text.asked}

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
    write(Compiled.of(topics, synonyms), directory, synonyms, silent, encoder, kept)


def write(
    compiled: Compiled,
    directory: Path,
    synonyms: Sequence[SynonymGroup] = (),
    silent: float = SILENT,
    encoder: Encoder | None = None,
    kept: Path | None = None,
) -> None:
    """Writes an index that was compiled with these synonyms, as `build` does."""
    calibration, costs = taught(compiled, silent)
    sense = _sense(compiled, encoder, kept, silent) if encoder else None
    meta = {
        "format": FORMAT,
        "analyzer": ANALYZER_VERSION,
        "topics": [[topic.slug, topic.live, topic.referral] for topic in compiled.topics],
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
    words: dict[str, set[str]] = {lang: set() for lang in LANGUAGES}
    for topic in topics:
        for text in texts_of(topic):
            words[text.lang].update(tokens(text.text))
    terms = {lang: {term for word in some for term in analyzer(lang).of_word(word)} for lang, some in words.items()}
    return {lang: sorted(term for term in some if len(term) >= _SHORTEST_PART) for lang, some in terms.items()}


def _languages(texts: Sequence[Text]) -> tuple[str, ...]:
    """The languages that there are texts in, the one with most texts first."""
    times = Counter(text.lang for text in texts)
    return tuple(sorted(times, key=lambda lang: (-times[lang], LANGUAGES.index(lang))))


def _left_out(compiled: Compiled) -> Iterator[Example]:
    """Each question asked of the index as if it had never been written, and as if its whole topic had not.

    What is asked about another service's subject has no answer either way.
    """
    for question, found in compiled.left_out(_MOST_EXAMPLES):
        answered = not compiled.topics[question.topic].referral
        yield from _example(found, question.topic if answered else None)
        if answered:
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
