"""Precision and recall of what is said of neighbours, on pairs of answers written for it."""

from __future__ import annotations

import argparse
import json
import re
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from kbengine.checks import folder_scope, told
from kbengine.checks.ranking import topics
from kbengine.folder import read_folder
from kbengine.neighbours import Field, Near, Told
from kbengine.suggest import SuggestionIndex, Topic, build

ROOT: Final = Path(__file__).parent.parent
PAIRS: Final = Path(__file__).with_name("neighbours.toml")
FALSE: Final = "false"
OWNED: Final = "owned"
# A line of a paragraph goes on with the next one.
_WRAPPED: Final = re.compile(r"(?<!\n)\n(?!\n|[-*] |\d+\. )")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and what is to be found between them: a sort of neighbour, `owned`, or `false` for nothing."""

    number: int
    given: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What is to be found."""
        return str(self.given["kind"])

    def told(self, side: str) -> Told:
        """One of the two as a neighbour."""
        held = self.given[side]
        slug, text = self.slug(side), _WRAPPED.sub(" ", held["text"].strip())
        return Told(slug, slug, self.given["lang"], held["title"], (text,), tuple(held.get("asked", ())))

    def slug(self, side: str) -> str:
        """What names one of the two."""
        return f"pair-{self.number}-{side}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found between the two of a pair: the sorts, and whether that is right."""

    pair: Pair
    found: frozenset[str]

    @property
    def right(self) -> bool:
        """Whether what is to be found was, or nothing where there is nothing."""
        return self.pair.kind in self.found if self.pair.kind != FALSE else not self.found


def read_pairs() -> tuple[Pair, ...]:
    """The pairs, in order."""
    return tuple(Pair(at, given) for at, given in enumerate(tomllib.loads(PAIRS.read_text("utf-8"))["pair"]))


def judge(pairs: Sequence[Pair]) -> list[Judged]:
    """What is found between the two of each pair, laid among the example texts."""
    folder = read_folder(ROOT / "kb")
    if folder.zone is None:
        raise SystemExit("kb/zone.toml cannot be read.")
    scope = folder_scope(folder, folder.zone)
    owned = _owned(pairs, topics(scope))
    judged = []
    for lang in dict.fromkeys(pair.given["lang"] for pair in pairs):
        here = [pair for pair in pairs if pair.given["lang"] == lang]
        facts = scope.fact_values(lang)
        texts = [
            told(text.file, text.article, text.header, facts, ())
            for text in scope.articles
            if text.article.lang == lang and not (text.header and text.header.block)
        ]
        field = Field.of(lang, [*texts, *(pair.told(side) for pair in here for side in ("one", "other"))])
        for pair in here:
            between = _between(field.neighbours(pair.told("one")), pair)
            judged.append(Judged(pair, between | ({OWNED} if pair.number in owned else frozenset())))
    return judged


def _between(nears: Iterable[Near], pair: Pair) -> frozenset[str]:
    return frozenset(near.sort.value for near in nears if near.other.slug == pair.slug("other"))


def _owned(pairs: Sequence[Pair], held: Sequence[Topic]) -> frozenset[int]:
    """The pairs of which the first text answers a question of the second, which is a draft nobody knows of yet."""
    asked = [pair for pair in pairs if pair.given["one"].get("asked")]
    if not asked:
        return frozenset()
    ones = [(pair, pair.told("one")) for pair in asked]
    added = [Topic(one.slug, {one.lang: one.title}, {one.lang: one.asked}, {one.lang: one.texts[0]}) for _, one in ones]
    found = set()
    with TemporaryDirectory() as folder:
        build([*held, *added], Path(folder))
        index = SuggestionIndex.open(Path(folder))
        for pair, one in ones:
            other = pair.told("other")
            for text in other.asked or (other.title,):
                ranking = index.rank(text, other.lang, 1)
                if not ranking.reason and ranking.matches[0].slug == one.slug:
                    found.add(pair.number)
    return frozenset(found)


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Precision and recall over some pairs; a look-alike of which something is said counts against precision."""
    real = [one for one in judged if one.pair.kind != FALSE]
    alike = [one for one in judged if one.pair.kind == FALSE]
    found, wrong = sum(one.right for one in real), sum(not one.right for one in alike)
    kinds = {
        kind: f"{sum(one.right for one in real if one.pair.kind == kind)}/{sum(one.pair.kind == kind for one in real)}"
        for kind in ("contradiction", "alike", OWNED)
    }
    return {
        "problems": len(real),
        "look_alikes": len(alike),
        "found": found,
        "wrong": wrong,
        "precision": round(found / (found + wrong), 3) if found + wrong else 0.0,
        "recall": round(found / len(real), 3) if real else 0.0,
        "by_kind": kinds,
    }


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.neighbours", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge both sets and print them."""
    asked = options(arguments)
    began = time.process_time()
    judged = judge(read_pairs())
    took = time.process_time() - began
    sets = {number: figures([one for one in judged if one.pair.given["set"] == number]) for number in (1, 2)}
    for number, value in sets.items():
        print(f"set {number}: {value['found']} of {value['problems']} problems found, ", end="")
        print(f"{value['wrong']} of {value['look_alikes']} look-alikes called one; {value['by_kind']}")
    for one in judged:
        if not one.right:
            titles = " | ".join(one.pair.given[side]["title"] for side in ("one", "other"))
            print(f"  set {one.pair.given['set']}, {one.pair.kind}, found {sorted(one.found) or 'nothing'}: {titles}")
    print(f"{took:.1f} s of processor time, reading the example texts included.")
    if asked.json:
        print(json.dumps({"sets": sets, "seconds": round(took, 1)}))


if __name__ == "__main__":
    main()
