"""A message against the cues: what it says, in which frame, and the worst danger that remains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kbengine.language import detect
from kbengine.triage.sentences import LONGEST, Sentence, sentences_of
from kbengine.triage.values import LEVELS, Alarm, Cues, Danger, Frame, Idiom, Sign, Triage

# A sum takes at least one sign of this weight: somebody who stands somewhere, at night, is nothing yet.
_HEAVY: Final = 3
# Who tells a long story uses more words of every kind: so many words ask one more of a sum.
_LONG: Final = 20


@dataclass(frozen=True, slots=True)
class _Context:
    """What one sentence says around a danger, with the places; `idle` are those of words that do not count."""

    said: Mapping[Sign, tuple[int, ...]]
    signs: frozenset[str]
    frames: frozenset[Frame]
    idle: frozenset[int]

    def places(self, least: int) -> tuple[int, ...]:
        """The places of its signs that weigh no less."""
        return tuple(sorted({at for sign, places in self.said.items() if sign.weight >= least for at in places}))


def triage(message: str, cues: Cues, lang: str | None = None) -> Triage:
    """The language of a message and the danger in it; never raises, whatever the message."""
    text = message[:LONGEST]
    spoken = lang or detect(text)
    sentences = tuple(sentences_of(text, spoken, cues))
    return Triage(spoken, _danger(sentences, spoken, cues))


def _danger(sentences: Sequence[Sentence], lang: str, cues: Cues) -> Danger | None:
    """The worst danger that stands; of equals, the one met first."""
    contexts = [_context(sentence, lang, cues) for sentence in sentences]
    frames = _frames(contexts)
    found: list[Danger] = []
    for at, (sentence, context) in enumerate(zip(sentences, contexts, strict=True)):
        around = range(max(0, at - 1), min(len(contexts), at + 2))
        near = frozenset(name for other in around for name in contexts[other].signs)
        for alarm, places in _alarms(sentence, context, cues):
            if not frames[at] <= alarm.despite or not all(need & near for need in alarm.needs):
                continue
            weighed = around if alarm.score > 0 else (at,)
            asked = alarm.score + (len(sentence.words) // _LONG if alarm.score > 0 else 0)
            if asked > _weight((contexts[other], frames[other] <= alarm.despite) for other in weighed):
                continue
            words = tuple(dict.fromkeys(sentence.written[place] for place in places))
            found.append(Danger(alarm.level, alarm.kind, words, alarm.act))
    return min(found, key=lambda danger: LEVELS.index(danger.level), default=None)


def _alarms(sentence: Sentence, context: _Context, cues: Cues) -> Iterator[tuple[Alarm, tuple[int, ...]]]:
    words = ["" if at in context.idle else word for at, word in enumerate(sentence.words)]
    yield from cues.alarms.match(words)
    for alarm in cues.combined:
        if any(need & context.signs for need in alarm.needs):
            yield alarm, context.places(0)
        elif not alarm.needs and context.places(_HEAVY):
            yield alarm, context.places(1)


def _weight(contexts: Iterable[tuple[_Context, bool]]) -> int:
    """What all signs of some sentences weigh, each once; where a frame stands, only what makes danger less likely."""
    signs = {sign for context, free in contexts for sign in context.said if free or sign.weight < 0}
    return sum(sign.weight for sign in signs)


def _context(sentence: Sentence, lang: str, cues: Cues) -> _Context:
    matcher = cues.context.get(lang)
    if matcher is None:
        return _Context({}, frozenset(), frozenset(), frozenset())
    found = list(matcher.match(sentence.words))
    idle = frozenset(place for means, places in found if isinstance(means, Idiom) for place in places)
    said = [(means, places) for means, places in found if not idle.issuperset(places)]
    signs: dict[Sign, tuple[int, ...]] = {}
    for means, places in said:
        if isinstance(means, Sign):
            signs[means] = (*signs.get(means, ()), *places)
    return _Context(
        signs,
        frozenset(sign.name for sign in signs),
        frozenset(means for means, _ in said if isinstance(means, Frame)),
        idle,
    )


def _frames(contexts: Sequence[_Context]) -> list[frozenset[str]]:
    """The frames each sentence stands in: its own, those of the whole message, and those begun before it."""
    whole = {frame for context in contexts for frame in context.frames if frame.reach == "message"}
    onward: set[Frame] = set()
    names: list[frozenset[str]] = []
    for context in contexts:
        onward |= {frame for frame in context.frames if frame.reach == "onward"}
        onward = {frame for frame in onward if not context.signs.intersection(frame.lifted_by)}
        standing = {
            frame for frame in context.frames | whole if not context.signs.intersection(frame.lifted_by)
        } | onward
        names.append(frozenset(frame.name for frame in standing))
    return names
