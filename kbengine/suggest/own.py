"""The knowledge base's own questions as a test of its ranking: what they find, and what a change does to that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from kbengine.article import SILENT, SynonymGroup
from kbengine.language import LANGUAGES, detect
from kbengine.suggest.build import Compiled, taught, write
from kbengine.suggest.calibration import Calibration
from kbengine.suggest.evidence import Evidence
from kbengine.suggest.index import SuggestionIndex
from kbengine.suggest.values import Topic

OwnKind = Literal["asked", "not"]

# How many messages are asked at most, and that times the number of topics: some seconds of work. Which ones is
# decided by their text, so that of two knowledge bases that differ little the same ones are asked.
_MOST_ASKED: Final = 8_000
_MOST_WORK: Final = 4_000_000
# Every text moves every confidence a little, through what it makes of rare words; a new article moves those of articles
# that it has nothing to do with by up to 0.04. Only what moved by more than this was pushed over the line.
_STIR: Final = 0.05
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What one of an article's own messages found: the slugs of the first and second match ("" for none).

    `kind` is "asked" for a way in which people ask for the article, "not" for a message that must not find it.
    `offered`: the first match is live and stands on or above the line. `right`: a question has its own article first;
    a `not` message is not offered the article that says not.
    """

    slug: str
    lang: str
    text: str
    kind: OwnKind
    first: str
    confidence: float
    offered: bool
    right: bool
    second: str = ""

    @property
    def standing(self) -> int:
        """3 offered the right article (`not`: not offered its own), 2 silent but right, 1 silent, 0 offered a wrong."""
        if self.kind == "not":
            return 3 if self.right else 0
        return (3 if self.right else 0) if self.offered else (2 if self.right else 1)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one own message: what it finds before, and after."""

    before: OwnResult
    after: OwnResult

    @property
    def worse(self) -> bool:
        """Whether the message fares worse after."""
        return self.after.standing < self.before.standing

    def concerns(self, slug: str) -> bool:
        """Whether an article is among the two that the message finds best, before or after."""
        return slug in (self.before.first, self.before.second, self.after.first, self.after.second)

    @property
    def harmful(self) -> bool:
        """Whether somebody who writes this is worse off: no longer offered the right answer, or offered a wrong one."""
        return self.worse and (self.before.standing == 3 or self.after.standing == 0)


@dataclass(frozen=True, slots=True)
class _Message:
    """A message to ask, and whose it is."""

    slug: str
    lang: str
    text: str
    kind: OwnKind

    def found(self, first: str, confidence: float, *, offered: bool, second: str = "") -> OwnResult:
        """What it found."""
        right = first == self.slug if self.kind == "asked" else not (offered and first == self.slug)
        return OwnResult(self.slug, self.lang, self.text, self.kind, first, confidence, offered, right, second)


def own_results(topics: Sequence[Topic], synonyms: Sequence[SynonymGroup] = ()) -> tuple[OwnResult, ...]:
    """What every question and every `not` message finds as if it had never been written, by slug.

    The same for the same topics. Of more than 8,000 messages, or among many hundreds of topics, a part is asked, and
    still the same part when little has changed.
    """
    return judged(topics, synonyms)[1]


def judged(
    topics: Sequence[Topic],
    synonyms: Sequence[SynonymGroup] = (),
    silent: float = SILENT,
    judge: Calibration | None = None,
) -> tuple[Calibration, tuple[OwnResult, ...]]:
    """What the own messages find, and what judged it: what confidence is made of and where the line is.

    Learned from the topics unless it is given. To see what a change does, both sides are judged by what was learned
    before it: every change also moves every line a little.
    """
    compiled = Compiled.of(topics, synonyms)
    judge = judge or taught(compiled, silent)[0]
    return judge, tuple(_results(compiled, judge, lambda _message, _near: True))


def judged_near(
    topics: Sequence[Topic], synonyms: Sequence[SynonymGroup], judge: Calibration, slug: str, known: Sequence[OwnResult]
) -> tuple[OwnResult, ...]:
    """What the own messages find that have anything to do with one topic: a small part of all, and of the time.

    Those that come near it, and those of `known` that found it first or second. `judge` as `judged` gives it.
    """
    compiled = Compiled.of(topics, synonyms)
    about = {_Message(one.slug, one.lang, one.text, one.kind) for one in known if slug in (one.first, one.second)}
    place = next((place for place, topic in enumerate(compiled.topics) if topic.slug == slug), -1)
    return tuple(_results(compiled, judge, lambda message, near: place in near or message in about))


def _results(
    compiled: Compiled, judge: Calibration, wanted: Callable[[_Message, Collection[int]], bool]
) -> Iterator[OwnResult]:
    """What the own messages find of which `wanted` wants to know, having been told the topics that come near."""
    messages = _chosen(compiled.topics, next(iter(compiled.languages), LANGUAGES[0]))
    places = {topic.slug: place for place, topic in enumerate(compiled.topics)}
    asked = [message for message in messages if message.kind == "asked"]
    found: dict[_Message, Evidence | None] = dict(
        zip(
            asked,
            compiled.unwritten(
                [(places[message.slug], message.lang, message.text) for message in asked],
                lambda at, near: wanted(asked[at], near.tolist()),
            ),
            strict=True,
        )
    )
    for message in messages:
        evidence = found[message] if message.kind == "asked" else compiled.found(message.text, message.lang)
        if evidence is not None:
            yield _result(compiled, judge, message, evidence)


def _result(compiled: Compiled, judge: Calibration, message: _Message, found: Evidence) -> OwnResult:
    if found.first < 0:
        return message.found("", 0.0, offered=False)
    slugs = [
        compiled.topics[int(found.topics[place])].slug for place in found.foremost.order if found.totals[place] > 0
    ]
    sure = round(judge.confidence(found.signals(found.first)), _DECIMALS)
    live = compiled.topics[int(found.topics[found.first])].live
    second = slugs[1] if len(slugs) > 1 else ""
    return message.found(slugs[0], sure, offered=live and sure >= judge.line, second=second)


def stray(
    topics: Sequence[Topic],
    synonyms: Sequence[SynonymGroup] = (),
    asked: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[OwnResult, ...]:
    """The own messages that go astray in the index as it is, by slug.

    Questions that find another article first although they stand in the index, and `not` messages that are offered
    the article that says not. `asked` is told how many messages are done, of how many, and first that none is while
    the index is built. OSError when the index cannot
    be written.
    """
    asked(0, len(_chosen(topics, LANGUAGES[0])))
    compiled = Compiled.of(topics, synonyms)
    messages = _chosen(compiled.topics, next(iter(compiled.languages), LANGUAGES[0]))
    home = _at_home(compiled)
    results = []
    with TemporaryDirectory() as folder:
        index: SuggestionIndex | None = None
        for done, message in enumerate(messages, 1):
            if message not in home and not (message.kind == "not" and _keeps_off(compiled, message)):
                if index is None:
                    write(compiled, Path(folder), synonyms)
                    index = SuggestionIndex.open(Path(folder))
                ranking = index.rank(message.text, message.lang, 1)
                first = ranking.matches[0] if ranking.matches else None
                found = (first.slug, first.confidence) if first else ("", 0.0)
                results.append(message.found(*found, offered=not ranking.reason))
            asked(done, len(messages))
    return tuple(result for result in results if not result.right)


def _at_home(compiled: Compiled) -> frozenset[_Message]:
    """The questions that surely find their own article first, which is nearly all of them."""
    slugs = [topic.slug for topic in compiled.topics]
    found = (text for text, first in compiled.home() if first == text.topic)
    return frozenset(_Message(slugs[text.topic], text.lang, text.text, "asked") for text in found)


def _keeps_off(compiled: Compiled, message: _Message) -> bool:
    """Whether a `not` message is surely refused: what is refused is not offered, above the line or below it."""
    return compiled.refuses(message.slug, message.lang, message.text)


def compare(before: Sequence[OwnResult], after: Sequence[OwnResult]) -> tuple[Effect, ...]:
    """The messages of both that got better or worse, the worst first.

    A message counts once it finds another article first, or comes over the line or under it by more than a stir.
    """
    known = {(result.slug, result.lang, result.text, result.kind): result for result in before}
    pairs = [
        Effect(old, new)
        for new in after
        if (old := known.get((new.slug, new.lang, new.text, new.kind))) is not None and _differs(old, new)
    ]
    return tuple(sorted(pairs, key=_weight))


def _differs(old: OwnResult, new: OwnResult) -> bool:
    stirred = old.first == new.first and abs(old.confidence - new.confidence) <= _STIR
    return old.standing != new.standing and not stirred


def _weight(effect: Effect) -> tuple[int, float, str, str, str]:
    old, new = effect.before, effect.after
    return new.standing - old.standing, -abs(new.confidence - old.confidence), new.slug, new.lang, new.text


def _chosen(topics: Sequence[Topic], main: str) -> list[_Message]:
    """The messages to ask, by slug: all of them, or when they are too many those whose digests come first."""
    messages = [message for topic in sorted(topics, key=lambda topic: topic.slug) for message in _own(topic, main)]
    most = min(_MOST_ASKED, _MOST_WORK // max(len(topics), 1))
    if len(messages) <= most:
        return messages
    return sorted(sorted(messages, key=_lot)[:most], key=lambda message: message.slug)


def _own(topic: Topic, main: str) -> Iterator[_Message]:
    if topic.referral:
        return
    for lang in LANGUAGES:
        for text in dict.fromkeys(topic.questions.get(lang, ())):
            if text:
                yield _Message(topic.slug, lang, text, "asked")
    for text in dict.fromkeys(topic.not_asked):
        yield _Message(topic.slug, detect(text, default=main), text, "not")


def _lot(message: _Message) -> bytes:
    return blake2b("\0".join((message.slug, message.lang, message.text)).encode("utf-8", "surrogatepass")).digest()
