"""The texts of a topic: in which language each is, what it counts for, and how it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kbengine.language import LANGUAGES
from kbengine.suggest.cells import Held, Written
from kbengine.suggest.features import Reader, Reading
from kbengine.suggest.values import Topic

# What a text counts for: a title is a question put well; an answer has the words, but also many others.
_TITLE: Final = 2.0
_QUESTION: Final = 1.0
_ANSWER: Final = 0.5


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a topic (its place in the list): its language, what it counts for, whether it is a question."""

    topic: int
    lang: str
    text: str
    weight: float
    asked: bool

    def read(self, reader: Reader) -> Written:
        """The text with its features."""
        return self.written(reader.read(self.text, self.lang))

    def written(self, reading: Reading) -> Written:
        """The text with these features."""
        return Written(self.topic, self.lang, self.text, self.weight, self.asked, reading)


def texts_of(topic: Topic, place: int = 0) -> Iterator[Text]:
    """Every text of a topic that stands at that place in the list."""
    for lang in LANGUAGES:
        if title := topic.titles.get(lang, ""):
            yield Text(place, lang, title, _TITLE, False)
        for question in topic.questions.get(lang, ()):
            if question:
                yield Text(place, lang, question, _QUESTION, True)
        if answer := topic.answers.get(lang, ""):
            yield Text(place, lang, answer, _ANSWER, False)


def read_texts(reader: Reader, texts: Iterable[Text]) -> Held:
    """What a topic holds that has these texts."""
    listed = list(texts)
    occurrences = reader.occurrences([(text.text, text.lang) for text in listed])
    return Held.of(*occurrences, [text.weight for text in listed])
