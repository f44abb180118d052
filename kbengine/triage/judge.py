"""A message against the cues: what it says, in which frame, and the worst danger that remains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbengine.language import detect
from kbengine.triage.sentences import LONGEST, Sentence, sentences_of
from kbengine.triage.values import LEVELS, Alarm, Cues, Danger, Frame, Idiom, Sign, Triage


@dataclass(frozen=True, slots=True)
class _Context:
    """What one sentence says around a danger; `idle` are the places of words that do not count."""

    signs: frozenset[str]
    frames: frozenset[Frame]
    idle: frozenset[int]
    places: tuple[int, ...]


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
        near = frozenset(name for other in contexts[max(0, at - 1) : at + 2] for name in other.signs)
        for alarm, places in _alarms(sentence, context, cues):
            if frames[at] <= alarm.despite and all(need & near for need in alarm.needs):
                words = tuple(dict.fromkeys(sentence.written[place] for place in places))
                found.append(Danger(alarm.level, alarm.kind, words, alarm.act))
    return min(found, key=lambda danger: LEVELS.index(danger.level), default=None)


def _alarms(sentence: Sentence, context: _Context, cues: Cues) -> Iterator[tuple[Alarm, tuple[int, ...]]]:
    words = ["" if at in context.idle else word for at, word in enumerate(sentence.words)]
    yield from cues.alarms.match(words)
    for alarm in cues.combined:
        if any(need & context.signs for need in alarm.needs):
            yield alarm, context.places


def _context(sentence: Sentence, lang: str, cues: Cues) -> _Context:
    matcher = cues.context.get(lang)
    if matcher is None:
        return _Context(frozenset(), frozenset(), frozenset(), ())
    found = list(matcher.match(sentence.words))
    idle = frozenset(place for means, places in found if isinstance(means, Idiom) for place in places)
    said = [(means, places) for means, places in found if not idle.issuperset(places)]
    return _Context(
        frozenset(means.name for means, _ in said if isinstance(means, Sign)),
        frozenset(means for means, _ in said if isinstance(means, Frame)),
        idle,
        tuple(sorted({place for means, places in said if isinstance(means, Sign) for place in places})),
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
