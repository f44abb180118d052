"""What a process weighs that has opened an index and answered some questions.

    python -m bench.opened ENGINE FOLDER

Prints one JSON object: `pss` and `rss` in megabytes, before the index was opened and after. ENGINE is a name of
bench/rivals.py, or `suggest` for the whole suggestion index; FOLDER/questions.json holds what is asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.rivals import RIVALS
from kbengine.suggest import SuggestionIndex

SUGGEST = "suggest"


def weight(process: str = "self") -> dict[str, float]:
    """The megabytes of a process: its own share (`pss`) and all that it can reach (`rss`); Linux only, else OSError."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return {name.lower(): round(kilobytes[name] / 1024, 1) for name in ("Pss", "Rss")}


def opener(name: str) -> Callable[[Path], Callable[[Any], object]]:
    """What opens an index of that engine and gives the function that answers a question."""
    if name == SUGGEST:
        return lambda folder: SuggestionIndex.open(folder).rank
    kind = next(rival for rival in RIVALS if rival.name == name)

    def opened(folder: Path) -> Callable[[Any], object]:
        engine = kind(folder)
        return lambda terms: engine.best(engine.prepare(terms), 10)

    return opened


def main() -> None:
    """Opens, asks and prints."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    before, open_ = weight(), opener(name)
    answer = open_(folder / "index")
    for question in json.loads((folder / "questions.json").read_text(encoding="utf-8")):
        answer(question)
    print(json.dumps({"before": before, "after": weight()}))


if __name__ == "__main__":
    main()
