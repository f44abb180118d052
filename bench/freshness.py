"""How soon a text that was just validated is suggested by every process, and what the processes weigh.

    python -m bench.freshness [--articles N] [--changes N] [--workers N] [--texts FILE] [--seconds S] [--json]

Fills a demo store in a folder of its own with articles of twelve questions each, builds its edition from nothing, and
serves it on free ports of this machine with `kb serve`. Then one text after another is changed, submitted and validated
through the engine, in turn a question file and an article, and each worker is asked for it until it suggests it.
Everything that was started is ended, and the folder is deleted. Linux only: it tells workers apart by /proc.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from bench.served import Served, Worker, serving
from bench.texts import made_up, read_texts
from bench.zone import slug_of, write_zone
from kbengine.article import Kind, Ref
from kbengine.engine import Engine, Person
from kbengine.errors import InvalidDocument, KBError
from kbengine.history import Move
from kbengine.settings import Settings

_POLL_SECONDS: Final = 0.05
_MADE_UP: Final = 20_000
# Words that no text has: what is asked finds the changed text, or nothing.
_NEW: Final = "zwaluwkeuring ribbelmoeras klinkerpad"


@dataclass(frozen=True, slots=True)
class Change:
    """One validated text: the seconds that validating took, and until each worker suggested it (None: not in time).

    `computed_s`: what each process had of a processor in that time, which on an idle machine is most of it.
    """

    kind: str
    validate_s: float
    workers_s: tuple[float | None, ...]
    computed_s: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Result:
    """All figures: seconds and megabytes; `build_computed_s` is what building from nothing had of a processor."""

    articles: int
    write_s: float
    seed_s: float
    build_s: float
    build_computed_s: float
    nothing_s: float
    serve_s: float
    changes: tuple[Change, ...] = ()
    pss_mb: dict[str, float] = field(default_factory=dict)
    pss_after_mb: dict[str, float] = field(default_factory=dict)

    @property
    def slowest_s(self) -> float | None:
        """The longest that any worker took, None when one never did."""
        times = [seconds for change in self.changes for seconds in change.workers_s]
        return max((seconds for seconds in times if seconds is not None), default=None) if None not in times else None


def measure(articles: int, changes: int, workers: int, texts: Sequence[str], seconds: float) -> Result:
    """Fills, builds, serves, changes; no change is waited for longer than the seconds given."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-freshness-")))
        marks = [time.perf_counter()]

        def mark() -> float:
            marks.append(time.perf_counter())
            return round(marks[-1] - marks[-2], 3)

        write_zone(home / "kb", articles, texts)
        write_s = mark()
        engine = stack.enter_context(closing(_opened(home)))
        seed_s = mark()
        computed = time.process_time()
        engine.build()
        computed, build_s = round(time.process_time() - computed, 3), mark()
        engine.build()
        nothing_s = mark()
        served = stack.enter_context(serving(engine, workers))
        result = Result(articles, write_s, seed_s, build_s, computed, nothing_s, mark())
        pss = served.weigh()
        made = tuple(_change(engine, served, number, seconds) for number in range(changes))
        return replace(result, changes=made, pss_mb=pss, pss_after_mb=served.weigh())


def _opened(home: Path) -> Engine:
    return Engine.open(Settings(home=home / "home", source=home / "kb"), demo=True)


def _change(engine: Engine, served: Served, number: int, seconds: float) -> Change:
    """Changes one text, validates it, and waits until every worker suggests it."""
    people = {person.login: person for person in engine.people.all()}
    slug, asked = slug_of(number), f"{_NEW} {chr(97 + number % 26) * 7}"
    kind = (Kind.QUESTIONS, Kind.ARTICLE)[number % 2]
    ref = _save(engine, people["editor"], kind, slug, asked)
    newest = engine.editing.lines(ref)[0]
    engine.editing.move(people["editor"], ref, newest.number, newest.digest, Move.SUBMIT)
    workers, before = served.workers(), served.computed()
    began = time.perf_counter()
    engine.editing.move(people["validator"], ref, newest.number, newest.digest, Move.VALIDATE)
    validated = time.perf_counter()
    found: list[float | None] = [None] * len(workers)
    threads = [
        threading.Thread(target=_wait, args=(worker, slug, asked, validated, seconds, found, place))
        for place, worker in enumerate(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.connection.close()
    computed = {name: round(seconds - before[name], 2) for name, seconds in served.computed().items()}
    return Change(kind.value, round(validated - began, 3), tuple(found), computed)


def _save(engine: Engine, editor: Person, kind: Kind, slug: str, asked: str) -> Ref:
    if kind is Kind.QUESTIONS:
        text, base = engine.editing.questions_text(slug)
        more = text.replace("nl = [\n", f"nl = [\n  {json.dumps(asked)},\n", 1)
        engine.editing.save_questions(editor, slug, more, base)
        return Ref(Kind.QUESTIONS, slug)
    engine.editing.save(editor, replace(engine.editing.form(slug, "nl"), title=asked))
    return Ref(Kind.ARTICLE, slug, "nl")


def _wait(
    worker: Worker, slug: str, asked: str, since: float, seconds: float, found: list[float | None], place: int
) -> None:
    """Asks a worker until it suggests the article, and notes when it had been asked what it answered rightly."""
    while time.perf_counter() - since < seconds:
        if worker.suggests(asked, slug):
            found[place] = round(time.perf_counter() - since, 3)
            return
        time.sleep(_POLL_SECONDS)


def table(result: Result) -> str:
    """The figures for people."""
    steps = {
        "articles": result.articles,
        "write the folder, s": result.write_s,
        "seed the store, s": result.seed_s,
        "build from nothing, s": result.build_s,
        "of which it computed, s": result.build_computed_s,
        "build that changes nothing, s": result.nothing_s,
        "serve until it answers, s": result.serve_s,
        **{f"PSS of {name}, MB": size for name, size in result.pss_mb.items()},
        **{f"PSS of {name} after the changes, MB": size for name, size in result.pss_after_mb.items()},
    }
    lines = [f"{name:<42}{value:>10}" for name, value in steps.items()]
    for change in result.changes:
        shown = "  ".join("never" if seconds is None else f"{seconds:.2f}" for seconds in change.workers_s)
        computed = ", ".join(f"{name} {seconds:g}" for name, seconds in change.computed_s.items())
        lines.append(
            f"{change.kind}: validated in {change.validate_s} s, suggested after {shown} (computed: {computed})"
        )
    lines.append(f"{'the slowest worker, s':<42}{'never' if result.slowest_s is None else result.slowest_s:>10}")
    return "\n".join(lines)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; SystemExit when it cannot be understood."""
    parser = argparse.ArgumentParser(prog="python -m bench.freshness", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=1_000, help="How many articles the zone has (1000).")
    parser.add_argument("--changes", type=int, default=4, help="How many texts are changed, one by one (4).")
    parser.add_argument("--workers", type=int, default=2, help="How many processes serve pages (2).")
    parser.add_argument("--texts", type=Path, help='One {"text": "…"} a line to write articles of; else made up.')
    parser.add_argument("--seconds", type=float, default=300.0, help="How long one change is waited for (300).")
    parser.add_argument("--json", action="store_true", help="Also print one JSON object as the last line.")
    given = parser.parse_args(arguments)
    if min(given.articles, given.workers, given.changes) < 1 or given.changes > given.articles:
        parser.error("there must be an article for each change, and a worker")
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0 when every worker suggested every text, 1 otherwise."""
    given = options(arguments)
    try:
        texts = read_texts(given.texts) if given.texts else made_up(_MADE_UP)
        result = measure(given.articles, given.changes, given.workers, texts, given.seconds)
    except InvalidDocument as error:
        print(error, *error.problems, sep="\n", file=sys.stderr)
        return 1
    except (KBError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(result))
    if given.json:
        print(json.dumps(asdict(result) | {"slowest_s": result.slowest_s}))
    return 0 if result.slowest_s is not None else 1


if __name__ == "__main__":
    # Ended from outside, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
