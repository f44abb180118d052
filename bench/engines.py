"""The ten best texts for a message: our kernel beside other engines, and the whole of a suggestion.

    python -m bench.engines [--texts FILE] [--sizes 128,1000,10000,100000] [--messages N] [--parts kernel,suggest]
                            [--seconds S] [--json]

Kernel: every engine gets the same terms of the same texts and 25-word messages, once without and once with stop words.
They take turns of ten messages, so that a busy moment meets all. Timed is from terms to the numbers of the ten best;
`ready` is the part of it after the question stands in the engine's own form.
`right` is the share of what an engine gave that stands among the ten best by exhaustive scoring with its own formula.
Suggest: from the text of a message to explained suggestions, with everything that the product does.

Without --texts they are made up of the words of kb/. An engine that is not installed is skipped, and so is one that
would take too long; `n` says how many messages an engine was asked in the --seconds it had for them.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bench import opened, texts
from bench.race import LANG, TOP, WARM, Row, disk, kernel, percentile, weigh
from bench.rivals import RIVALS, Own
from kbengine.errors import KBError
from kbengine.suggest import SuggestionIndex, Topic, build

SIZES: Final = (128, 1_000, 10_000, 100_000)
PARTS: Final = ("kernel", "suggest")


def suggestions(all_texts: Sequence[str], sizes: Sequence[int], count: int) -> Iterator[Row]:
    """The whole of `suggest` at each size: every text a topic, asked as people ask for it."""
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-suggest-") as folder:
            yield _suggestions_at(all_texts[:size], Path(folder), count)


def _suggestions_at(some: Sequence[str], folder: Path, count: int) -> Row:
    topics = [Topic(f"t{place:06}", questions={LANG: (text,)}) for place, text in enumerate(some)]
    began = time.perf_counter()
    build(topics, folder / "index")
    build_s = time.perf_counter() - began
    index = SuggestionIndex.open(folder / "index")
    asked = texts.messages(some, count + WARM)
    gc.collect()
    gc.freeze()
    times = []
    for message in asked:
        began = time.perf_counter()
        index.rank(message)
        times.append((time.perf_counter() - began) * 1_000)
    gc.unfreeze()
    pss, rss = weigh(opened.SUGGEST, folder, asked)
    return Row(
        size=len(some),
        words="",
        engine=opened.SUGGEST,
        n=count,
        p50_ms=percentile(times[WARM:], 0.50),
        p99_ms=percentile(times[WARM:], 0.99),
        build_s=round(build_s, 2),
        disk_mb=disk(folder / "index"),
        pss_mb=pss,
        rss_mb=rss,
    )


HEADS: Final = (
    *("size", "engine", "p50 ms", "p99 ms", "times", "ready p50", "right"),
    *("build s", "disk MB", "PSS MB", "RSS MB", "n", ""),
)


def table(rows: Sequence[Row]) -> str:
    """Rows for people, a block for each kind of words; `times` is how often our own median goes into another's."""
    blocks = []
    for words in dict.fromkeys(row.words for row in rows):
        some = [row for row in rows if row.words == words]
        own = {row.size: row.p50_ms for row in some if row.engine == Own.name}
        cells = [HEADS, *(_cells(row, own.get(row.size)) for row in some)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(_aligned(cell, width) for cell, width in zip(line, widths, strict=True)) for line in cells]
        blocks.append(
            "\n".join([f"Kernel, {words}" if words else "Suggest, whole", *(line.rstrip() for line in lines)])
        )
    return "\n\n".join(blocks)


def _cells(row: Row, own: float | None) -> tuple[str, ...]:
    times = f"{row.p50_ms / own:.1f}" if own and row.p50_ms else "-"
    numbers = (row.right, row.build_s, row.disk_mb, row.pss_mb, row.rss_mb)
    shown = ["-" if number is None else f"{number:g}" for number in numbers]
    medians = ["-" if ms is None else f"{ms:.3f}" for ms in (row.p50_ms, row.p99_ms, row.ready_p50_ms)]
    return (f"{row.size:,}", row.engine, *medians[:2], times, medians[2], *shown, str(row.n), row.note)


def _aligned(cell: str, width: int) -> str:
    return cell.rjust(width) if cell[:1].isdigit() or cell == "-" else cell.ljust(width)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; SystemExit when it cannot be understood."""
    parser = argparse.ArgumentParser(prog="python -m bench.engines", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--texts", type=Path, help='One {"text": "…"} a line, may be gzipped; without it, made up.')
    parser.add_argument("--sizes", type=_numbers, default=SIZES, help="How many texts (128,1000,10000,100000).")
    parser.add_argument("--messages", type=int, default=200, help="How many messages are asked (200).")
    parser.add_argument("--parts", type=_parts, default=PARTS, help="What is measured: kernel, suggest, or both.")
    parser.add_argument("--seconds", type=float, default=20.0, help="What an engine may spend at a size (20).")
    parser.add_argument("--json", action="store_true", help="Also print one JSON object as the last line.")
    given = parser.parse_args(arguments)
    if given.messages < 1:
        parser.error("--messages is at least 1")
    return given


def _numbers(text: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in text.split(","))
    if min(numbers) < TOP:
        raise argparse.ArgumentTypeError(f"a size is at least {TOP}")
    return numbers


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(text.split(","))
    if not set(parts) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"parts are {', '.join(PARTS)}")
    return parts


def _gathered(given: argparse.Namespace) -> tuple[list[str], tuple[int, ...]]:
    """The texts, and the sizes that there are texts enough for."""
    most = max(given.sizes)
    found = texts.read_texts(given.texts) if given.texts else texts.made_up(most)
    sizes = tuple(size for size in given.sizes if size <= len(found))
    for size in sorted(set(given.sizes) - set(sizes)):
        print(f"Skipped {size:,}: there are {len(found):,} texts.")
    return found, sizes


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0 when it measured, 1 when the texts cannot be read."""
    given = options(arguments)
    try:
        found, sizes = _gathered(given)
    except (KBError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    rows: list[Row] = []
    if "kernel" in given.parts:
        for kind in RIVALS:
            missing = bool(kind.needs) and not find_spec(kind.needs)
            print(f"Skipped {kind.name}: {kind.needs} is not installed." if missing else f"{kind.name}: {kind.setup}.")
        rows += kernel(found, sizes, given.messages, given.seconds)
    if "suggest" in given.parts:
        rows += suggestions(found, sizes, given.messages)
    print(f"\n{table(rows)}")
    if given.json:
        print(json.dumps({"texts": str(given.texts or "made up"), "rows": [asdict(row) for row in rows]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
