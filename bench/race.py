"""The race of bench/engines.py: every engine gets the same terms, and every message goes to each of them in turn."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench import texts
from bench.rivals import RIVALS, Rival, counted
from kbengine.language import Analyzer, analyzer, fold
from kbengine.language import tokens as words_of

LANG: Final = "nl"
TOP: Final = 10
WARM: Final = 5
_TURN: Final = 10
# An engine that would build for longer than this, by what its last size took, is left out.
_MOST_BUILDING: Final = 300.0
# Engines that round lengths of texts to a byte, or weights to grains, give a text this much more or less.
_ROUNDING: Final = 1e-3
WITHOUT, WITH = "without stop words", "with stop words"


@dataclass(frozen=True, slots=True)
class Row:
    """One engine at one size: milliseconds, seconds, megabytes, shares from 0 to 1, None when not measured.

    `p50_ms` and `p99_ms` run from terms to numbers of texts; `ready_p50_ms` from a question in the engine's own form.
    """

    size: int
    words: str
    engine: str
    n: int = 0
    p50_ms: float | None = None
    p99_ms: float | None = None
    ready_p50_ms: float | None = None
    right: float | None = None
    build_s: float | None = None
    disk_mb: float | None = None
    pss_mb: float | None = None
    rss_mb: float | None = None
    note: str = ""


def terms_of(text: str, words: str, analysis: Analyzer, codes: dict[str, str]) -> list[str]:
    """A text's terms as the product analyses it, spelled so that no engine changes them."""
    found = [analysis.of_word(word) or ((fold(word),) if words == WITH else ()) for word in words_of(text)]
    return [codes.setdefault(term, f"t{len(codes):x}") for terms in found for term in terms]


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of the values does not pass (nearest rank), None of nothing."""
    if not values:
        return None
    return round(float(np.percentile(np.array(values), share * 100, method="inverted_cdf")), 4)


class Exhaustive:
    """Every text's score by an engine's own formula, added up without any short cut."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.rows, self._starts, self._holders, self._counts, self._lengths = counted(documents)

    def right(self, kind: type[Rival], terms: Sequence[str], found: Sequence[int]) -> float:
        """The share of the found texts that score as much as the tenth best, but for what the engine rounds."""
        scores = np.zeros(len(self._lengths))
        for row in (self.rows[term] for term in terms):
            cut = slice(self._starts[row], self._starts[row + 1])
            holders = self._holders[cut]
            held = np.full(len(holders), len(holders), np.float64)
            scores[holders] += kind.weigh(
                self._counts[cut], self._lengths[holders], self._lengths.mean(), held, len(scores)
            )
        due = min(TOP, int(np.count_nonzero(scores)))
        tenth = np.sort(scores)[-due] if due else 0.0
        return float(np.sum(scores[list(found)] >= tenth * (1 - _ROUNDING))) / due if due else 1.0


class Entrant:
    """One engine in the running at one size."""

    def __init__(self, kind: type[Rival], folder: Path, documents: Sequence[Sequence[str]]) -> None:
        self.kind = kind
        self.folder = folder
        index = folder / "index"
        index.mkdir(parents=True)
        began = time.perf_counter()
        kind.build(documents, index)
        self.build_s = time.perf_counter() - began
        self.engine = kind(index)
        self.times: list[float] = []
        self.ready_times: list[float] = []
        self.found: list[list[int]] = []

    def ask(self, questions: Sequence[Sequence[str]], seconds: float) -> None:
        """Asks some questions while there are seconds left, one before them that does not count, and notes each."""
        self.engine.best(self.engine.prepare(questions[-1]), TOP)
        for terms in questions:
            if sum(self.times) < seconds * 1_000:
                began = time.perf_counter()
                question = self.engine.prepare(terms)
                ready = time.perf_counter()
                self.found.append(self.engine.best(question, TOP))
                ended = time.perf_counter()
                self.times.append((ended - began) * 1_000)
                self.ready_times.append((ended - ready) * 1_000)

    def row(self, size: int, words: str, asked: Sequence[Sequence[str]], truth: Exhaustive) -> Row:
        """The figures, with what a fresh process weighs that opens the same index and answers the same questions."""
        done = len(self.times)
        rights = [truth.right(self.kind, *pair) for pair in zip(asked[:done], self.found, strict=True)]
        pss, rss = weigh(self.kind.name, self.folder, asked[:done])
        return Row(
            size=size,
            words=words,
            engine=self.kind.name,
            n=done,
            p50_ms=percentile(self.times, 0.50),
            p99_ms=percentile(self.times, 0.99),
            ready_p50_ms=percentile(self.ready_times, 0.50),
            right=round(sum(rights) / done, 3) if done else None,
            build_s=round(self.build_s, 2),
            disk_mb=disk(self.folder / "index"),
            pss_mb=pss,
            rss_mb=rss,
            note="fewer messages" if done < len(asked) else "",
        )


def kernel(all_texts: Sequence[str], sizes: Sequence[int], count: int, seconds: float) -> Iterator[Row]:
    """The kernel table, a row for each engine, size and kind of words."""
    for words in (WITHOUT, WITH):
        took: dict[str, tuple[int, float]] = {}
        for size in sizes:
            yield from _kernel_at(all_texts[:size], words, count, seconds, took)


def _kernel_at(
    some: Sequence[str], words: str, count: int, seconds: float, took: dict[str, tuple[int, float]]
) -> Iterator[Row]:
    codes: dict[str, str] = {}
    documents = [terms_of(text, words, analyzer(LANG), codes) for text in some]
    truth = Exhaustive(documents)
    asked = []
    for message in texts.messages(some, count):
        known = dict.fromkeys(term for term in terms_of(message, words, analyzer(LANG), codes) if term in truth.rows)
        asked.append(list(known))
    with tempfile.TemporaryDirectory(prefix="bench-engines-") as folder:
        entrants = []
        for place, kind in enumerate(RIVALS):
            before, spent = took.get(kind.name, (1, 0.0))
            if spent * len(some) / before > _MOST_BUILDING:
                yield Row(len(some), words, kind.name, note="left out: would build for too long")
            elif not kind.needs or find_spec(kind.needs):
                entrants.append(Entrant(kind, Path(folder) / str(place), documents))
                took[kind.name] = (len(some), entrants[-1].build_s)
        gc.collect()
        gc.freeze()
        race(entrants, asked, seconds)
        gc.unfreeze()
        for entrant in entrants:
            yield entrant.row(len(some), words, asked, truth)


def race(entrants: Sequence[Entrant], asked: Sequence[Sequence[str]], seconds: float) -> None:
    """Asks every engine every message: some at a time, and another engine first each time."""
    for number in range(0, len(asked), _TURN):
        first = number // _TURN % len(entrants)
        for entrant in (*entrants[first:], *entrants[:first]):
            if sum(entrant.times) < seconds * 1_000:
                entrant.ask(asked[number : number + _TURN], seconds)


def weigh(name: str, folder: Path, asked: Sequence[Any]) -> tuple[float | None, float | None]:
    """What opening this index adds to a fresh process, PSS and RSS in megabytes; None where it cannot be told."""
    (folder / "questions.json").write_text(json.dumps(asked), encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-m", "bench.opened", name, str(folder)]
    done = subprocess.run(command, cwd=texts.ROOT, capture_output=True, text=True, timeout=600)
    if done.returncode:
        return None, None
    found = json.loads(done.stdout.splitlines()[-1])
    pss, rss = (round(found["after"][kind] - found["before"][kind], 1) for kind in ("pss", "rss"))
    return pss, rss


def disk(folder: Path) -> float:
    """The megabytes of the files in a folder."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20, 2)
