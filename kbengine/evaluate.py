"""Labelled messages to figures: what `kb eval` prints, by the rules of the measures in the design."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from kbengine.errors import InvalidDocument, Problem

KINDS: Final = ("topic", "paraphrase", "none", "emergency", "lookalike")
NO_SUCH_SLUG: Final = "no such slug"
NOT_LIVE: Final = "not live"
_ASKED: Final = frozenset({"topic", "paraphrase"})
_TEXTS: Final = ("id", "text", "kind", "lang", "channel")
# Nine of ten, in whole numbers.
_RIGHT, _OF = 9, 10
_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what is right for it; `label` is None when no topic is, `group` ties paraphrases."""

    id: str
    text: str
    label: str | None
    also: tuple[str, ...]
    kind: str
    group: str | None
    lang: str
    channel: str

    @property
    def right(self) -> frozenset[str]:
        """The slugs whose answer is right."""
        return frozenset(self.also) | ({self.label} if self.label else frozenset())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine made of a message.

    `offered`: slugs in order, empty when it abstained; `ranked`: live slugs with their confidence (0 to 1), best
    first, also below the line; `danger`: whether the notice fired; times in milliseconds.
    """

    offered: tuple[str, ...]
    ranked: tuple[tuple[str, float], ...]
    danger: bool
    triage_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True)
class LangFigures:
    """The figures of one language: `n` scored lines, then shares from 0 to 1, None of nothing."""

    n: int
    top1: float | None
    top3: float | None
    emergency_recall: float | None
    lookalike_alarm: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All measures of a run: shares from 0 to 1, times in milliseconds, None when nothing can be divided by."""

    n: int
    skipped: int
    skipped_by: Mapping[str, int]
    top1: float | None
    top3: float | None
    mrr: float | None
    wrongly_abstained: float | None
    abstain_recall: float | None
    answered_at_p90: float | None
    emergency_recall: float | None
    lookalike_alarm: float | None
    none_alarm: float | None
    consistency: float | None
    consistent_groups: float | None
    p50_ms: float | None
    p99_ms: float | None
    triage_p99_ms: float | None
    by_lang: Mapping[str, LangFigures]

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON can hold them."""
        plain = _plain(self)
        plain["skipped_by"] = dict(self.skipped_by)
        plain["by_lang"] = {lang: _plain(figures) for lang, figures in self.by_lang.items()}
        return plain


_Results = Sequence[tuple[Labelled, Outcome]]


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """The messages of a JSON Lines file; InvalidDocument with every bad line, OSError if it cannot be read."""
    messages: list[Labelled] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            message = _message(json.loads(line.decode("utf-8")))
            if message.id in seen:
                raise ValueError(f"id {message.id} was used before")
            seen.add(message.id)
            messages.append(message)
        except (ValueError, RecursionError) as error:
            problems.append(_bad_line(path, number, error))
    if problems:
        raise InvalidDocument(
            "labelled.invalid",
            f"{path} cannot be measured with: {len(problems)} of its lines are bad.",
            "Correct them first.",
            problems,
            file=str(path),
        )
    return tuple(messages)


def evaluate(
    messages: Sequence[Labelled],
    answer: Callable[[Labelled], Outcome],
    live: Set[str],
    known: Set[str],
    progress: Callable[[int], None] | None = None,
) -> Figures:
    """The figures over messages; `known` are the slugs the knowledge base has, `live` those with a live text.

    `progress` is told after each message how many are done.
    """
    causes = [_skipped(message, live, known) for message in messages]
    scored = [message for message, cause in zip(messages, causes, strict=True) if not cause]
    results: list[tuple[Labelled, Outcome]] = []
    for done, message in enumerate(scored, 1):
        results.append((message, answer(message)))
        if progress:
            progress(done)
    skipped_by = Counter(cause for cause in causes if cause)
    asked = [(m, o) for m, o in results if m.kind in _ASKED]
    unasked = [(m, o) for m, o in results if m.kind == "none"]
    ranks = [_rank(m, o) for m, o in asked]
    shares = _groups(asked)
    return Figures(
        n=len(scored),
        skipped=sum(skipped_by.values()),
        skipped_by=dict(sorted(skipped_by.items())),
        top1=_share([rank == 1 for rank in ranks]),
        top3=_share([0 < rank <= 3 for rank in ranks]),
        mrr=_mean([1 / rank if rank else 0.0 for rank in ranks]),
        wrongly_abstained=_share([not o.offered for _, o in asked]),
        abstain_recall=_share([not o.offered for _, o in unasked]),
        answered_at_p90=_answered(asked, unasked),
        emergency_recall=_alarmed(results, "emergency"),
        lookalike_alarm=_alarmed(results, "lookalike"),
        none_alarm=_alarmed(results, "none"),
        consistency=_mean(shares),
        consistent_groups=_share([share == 1 for share in shares]),
        p50_ms=_percentile([o.total_ms for _, o in results], 0.50),
        p99_ms=_percentile([o.total_ms for _, o in results], 0.99),
        triage_p99_ms=_percentile([o.triage_ms for _, o in results], 0.99),
        by_lang={lang: _of_lang(lang, results) for lang in sorted({m.lang for m in scored})},
    )


def table(figures: Figures) -> str:
    """The figures for people: a line each, names left, numbers right, a block per language below."""
    plain = figures.as_dict()
    by_lang, causes = plain.pop("by_lang"), plain.pop("skipped_by")
    rows = [(name, _shown(value)) for name, value in plain.items()]
    at = [name for name, _ in rows].index("skipped") + 1
    rows[at:at] = [(f"  {cause}", _shown(count)) for cause, count in causes.items()]
    width = max(len(name) for name, _ in rows)
    lines = [f"{name:<{width}}  {value:>9}" for name, value in rows]
    for place, (lang, values) in enumerate(by_lang.items()):
        if place == 0:
            lines += ["", "    " + "".join(f"  {name:>16}" for name in values)]
        lines.append(f"{lang:<4}" + "".join(f"  {_shown(value):>16}" for value in values.values()))
    return "\n".join(lines)


def _message(row: Any) -> Labelled:
    if not isinstance(row, dict):
        raise ValueError("this is not an object")
    for name in _TEXTS:
        if not isinstance(row.get(name), str):
            raise ValueError(f"{name} is not a text")
    for name in ("label", "group"):
        if not isinstance(row.get(name), str | None):
            raise ValueError(f"{name} is neither a text nor null")
    also = row.get("also", [])
    if not isinstance(also, list) or not all(isinstance(slug, str) for slug in also):
        raise ValueError("also is not a list of texts")
    kind, label = row["kind"], row.get("label")
    if kind not in KINDS:
        raise ValueError(f"kind {kind} is not one of {', '.join(KINDS)}")
    if kind in _ASKED and label is None:
        raise ValueError(f"a message of kind {kind} has no label")
    group, lang, channel = row.get("group"), row["lang"], row["channel"]
    return Labelled(row["id"], row["text"], label, tuple(also), kind, group, lang, channel)


def _bad_line(path: Path, number: int, error: Exception) -> Problem:
    message = f"This is not a labelled message: {error}."
    hint = "Write one JSON object a line with id, text, label, kind, lang and channel."
    return Problem("labelled.line", "error", str(path), number, message, hint)


def _skipped(message: Labelled, live: Set[str], known: Set[str]) -> str:
    """Why a line cannot be scored, "" when it can; a right answer elsewhere does not save it."""
    if message.kind not in _ASKED or message.label in live:
        return ""
    return NOT_LIVE if message.label in known else NO_SUCH_SLUG


def _rank(message: Labelled, outcome: Outcome) -> int:
    """The place of the first right suggestion, from 1; 0 when none is."""
    return next((place for place, slug in enumerate(outcome.offered, 1) if slug in message.right), 0)


def _answered(asked: _Results, unasked: _Results) -> float | None:
    """The share of messages answered rightly at the lowest line at which nine of ten answers are right.

    Messages of equal confidence are answered together: no line passes between them.
    """
    if not asked:
        return None
    first = [(o.ranked[0][1], o.ranked[0][0] in m.right) for m, o in asked if o.ranked]
    first += [(o.ranked[0][1], False) for _, o in unasked if o.ranked]
    at: dict[float, list[bool]] = defaultdict(list)
    for confidence, right in first:
        at[confidence].append(right)
    answers = rights = best = 0
    for confidence in sorted(at, reverse=True):
        answers += len(at[confidence])
        rights += sum(at[confidence])
        if _OF * rights >= _RIGHT * answers:
            best = rights
    return round(best / len(asked), _DECIMALS)


def _groups(asked: _Results) -> list[float]:
    """Per group of paraphrases with two lines or more: the share that agrees on the first suggestion.

    Silence is no suggestion: a group that is always silent agrees on nothing.
    """
    firsts: dict[str, list[str]] = defaultdict(list)
    for message, outcome in asked:
        if message.kind == "paraphrase" and message.group:
            firsts[message.group].append(outcome.offered[0] if outcome.offered else "")
    groups = [slugs for slugs in firsts.values() if len(slugs) > 1]
    return [max(Counter(slug for slug in slugs if slug).values(), default=0) / len(slugs) for slugs in groups]


def _of_lang(lang: str, results: _Results) -> LangFigures:
    mine = [(m, o) for m, o in results if m.lang == lang]
    ranks = [_rank(m, o) for m, o in mine if m.kind in _ASKED]
    return LangFigures(
        n=len(mine),
        top1=_share([rank == 1 for rank in ranks]),
        top3=_share([0 < rank <= 3 for rank in ranks]),
        emergency_recall=_alarmed(mine, "emergency"),
        lookalike_alarm=_alarmed(mine, "lookalike"),
    )


def _alarmed(results: _Results, kind: str) -> float | None:
    return _share([o.danger for m, o in results if m.kind == kind])


def _share(hits: Sequence[bool]) -> float | None:
    return _mean([float(hit) for hit in hits])


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), _DECIMALS) if values else None


def _percentile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of the values does not pass (nearest rank)."""
    if not values:
        return None
    ordered = sorted(values)
    place = max(0, -int(-share * len(ordered) // 1) - 1)
    return round(ordered[place], _DECIMALS)


def _plain(record: Figures | LangFigures) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
