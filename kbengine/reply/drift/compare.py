"""The text that is about to go out, compared with the vetted one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbengine.language import detect
from kbengine.reply.drift.align import Aligned, Word, align, words_of
from kbengine.reply.drift.facts import match
from kbengine.reply.drift.fixed import Put, label_of, locked_stretches, personal, put_round, times_said
from kbengine.reply.drift.items import items
from kbengine.reply.drift.negation import moved_negations, negations
from kbengine.reply.drift.plain import Plain, plain
from kbengine.reply.drift.values import Change, Difference, Drift, DriftKind


def drift(vetted: str, outgoing: str, *, locked: Sequence[str] = (), public: bool = False, around: str = "") -> Drift:
    """What the outgoing text says otherwise than the vetted one, as composed for its channel; pure.

    `locked` are passages that must survive word for word, `around` is text that the product itself put round the
    vetted one, line by line; with `public` personal data that neither has are differences too. Only facts and
    negations are looked at: another word, another order of sentences, a greeting are no difference.
    """
    pair = _Pair.of(vetted, outgoing, around)
    found = [*_facts(pair), *_negations(pair), *_locked(pair, locked)]
    if public:
        found += _personal(vetted, outgoing, around)
    found.sort(key=lambda difference: (difference.start, difference.end, difference.kind))
    return Drift(tuple(found), pair.aligned.percent)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Both texts as they are read, laid beside each other; `put` is what the product put round the outgoing one."""

    old: Plain
    new: Plain
    aligned: Aligned
    lang: str
    put: Put

    @classmethod
    def of(cls, vetted: str, outgoing: str, around: str) -> _Pair:
        old, new = plain(vetted), plain(outgoing)
        put = put_round(new.text, old.text, plain(around).text)
        return cls(old, new, align(old.text, new.text), detect(f"{vetted}\n{outgoing}"), put)

    def difference(self, kind: DriftKind, old: tuple[int, int] | None, new: tuple[int, int] | None) -> Difference:
        """What differs, of where it stands in each text; None where it does not."""
        expected = self.old.raw(*old) if old else ""
        if new is None:
            place = self.aligned.place(old[0] if old else 0)
            return Difference(kind, "lost", "", *self.new.span(place, place), expected)
        return Difference(kind, "changed" if old else "added", self.new.raw(*new), *self.new.span(*new), expected)


def _facts(pair: _Pair) -> Iterator[Difference]:
    """Numbers, dates, addresses and links."""
    labels = label_of(pair.old.text), label_of(pair.new.text)
    written = [text[slice(*label)] for text, label in zip((pair.old.text, pair.new.text), labels, strict=True)]
    labelled = labels if written[0] == written[1] or not written[1] else ((0, 0), (0, 0))
    before = items(pair.old, pair.lang, (labelled[0],))
    after = items(pair.new, pair.lang, (labelled[1], *pair.put.spans))
    allowed = [item.key for item in items(plain(pair.put.touched), pair.lang)]
    for found in match((pair.old.text, before), (pair.new.text, after), allowed, pair.aligned.place):
        spans = [(item.start, item.end) if item else None for item in (found.old, found.new)]
        yield pair.difference(found.kind, *spans)


def _negations(pair: _Pair) -> Iterator[Difference]:
    """Negations that came or went."""
    old, new = pair.aligned.old, pair.aligned.new
    said = frozenset(place for place in negations(new, pair.lang) if not _inside(new[place], pair.put.spans))
    lost, added = moved_negations(pair.aligned, negations(old, pair.lang), said)
    allowed = len(negations(words_of(pair.put.touched), pair.lang))
    for place in lost:
        yield pair.difference(DriftKind.NEGATION, (old[place].start, old[place].end), None)
    for place in added[allowed:]:
        yield pair.difference(DriftKind.NEGATION, None, (new[place].start, new[place].end))


def _inside(word: Word, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in spans)


def _locked(pair: _Pair, locked: Sequence[str]) -> Iterator[Difference]:
    """Locked passages of the vetted text that the outgoing one has not word for word."""
    vetted, outgoing = pair.old.source, pair.new.source
    for passage in dict.fromkeys(locked_stretches(vetted, locked)):
        if times_said(passage, outgoing) < times_said(passage, vetted):
            begin = vetted.find(passage)
            start, end = bisect_left(pair.old.starts, begin), bisect_left(pair.old.starts, begin + len(passage))
            here = pair.new.span(*pair.aligned.stretch(start, end))
            change: Change = "changed" if here[1] > here[0] else "lost"
            yield Difference(DriftKind.LOCKED, change, outgoing[slice(*here)], *here, passage)


def _personal(vetted: str, outgoing: str, around: str) -> Iterator[Difference]:
    for piece in personal(outgoing, (vetted, around)):
        shown = outgoing[piece.start : piece.end]
        yield Difference(DriftKind.PERSONAL_DATA, "added", shown, piece.start, piece.end, "")
