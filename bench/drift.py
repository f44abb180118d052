"""Which edits of a vetted reply are seen before it is copied, and which harmless ones are taken for a change.

    python -m bench.drift [--edits N] [--harmless N] [--seed S] [--source FOLDER] [--json]

Replies are composed from the articles of a folder for every channel, whole and in parts; each must be itself. Then N
edits of each kind are made in them, of which `missed` were not told as what they are, and N harmless rephrasings, of
which `warned` were told as a change.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.edits import EDITS, Composed, rephrased
from kbengine.channels import CHANNELS
from kbengine.errors import WrongState
from kbengine.folder import read_folder
from kbengine.reply import Drift, compose, drift, placeholders

PREFIX = "[VOORBEELD] "


@dataclass(frozen=True, slots=True)
class Result:
    """All figures; `missed` is by kind of edit, `drifting` are unedited replies that are told to differ."""

    replies: int
    drifting: int
    edits: int
    missed: Mapping[str, int]
    harmless: int
    warned: int


def composed(root: Path, step: int = 1) -> Iterator[Composed]:
    """Every article, or one in so many, in every channel, whole and in parts, with its values and made-up blanks."""
    folder = read_folder(root)
    headers = {article.slug: article.header for _, article in folder.articles if article.header}
    for _, article in folder.articles[::step]:
        header = headers[article.slug]
        facts = {fact.name: fact.value(article.lang, "nl") for fact in folder.facts}
        blanks = {place.name: "Wilgenrijk" for text in article.variants for place in placeholders(text.text)}
        locked = tuple(_filled(passage, facts) for passage in header.locked)
        for channel in CHANNELS.values():
            try:
                reply = compose(article, header, channel, facts, blanks, {"first_name": "Sam"}, PREFIX)
            except WrongState:
                continue
            for text in dict.fromkeys((reply.text, *reply.parts)):
                yield Composed(article.slug, article.lang, channel.id, channel.public, text, locked)


def _filled(passage: str, facts: Mapping[str, str]) -> str:
    for place in reversed(placeholders(passage)):
        passage = passage[: place.start] + facts.get(place.name, "") + passage[place.end :]
    return passage


def measure(replies: Sequence[Composed], edits: int, harmless: int, seed: int) -> Result:
    """The figures on these replies; the same seed makes the same edits."""
    drifting = sum(1 for r in replies if drift(r.text, r.text, locked=r.locked, public=r.public) != Drift((), 0))
    missed = {}
    for name, edit in EDITS.items():
        rng = random.Random(f"{seed}:{name}")
        missed[name] = sum(1 for _ in range(edits) if not edit(rng, rng.choice(replies)).seen)
    rng = random.Random(f"{seed}:harmless")
    warned = sum(1 for _ in range(harmless) if rephrased(rng, rng.choice(replies)).drift().differences)
    return Result(len(replies), drifting, edits, missed, harmless, warned)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bench.drift", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--edits", type=int, default=10_000, help="edits of each kind")
    parser.add_argument("--harmless", type=int, default=500, help="harmless rephrasings")
    parser.add_argument("--seed", type=int, default=0, help="which edits are made")
    parser.add_argument("--source", type=Path, default=Path("kb"), help="folder of texts")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    asked = options(arguments)
    result = measure(tuple(composed(asked.source)), asked.edits, asked.harmless, asked.seed)
    print(f"{result.replies} replies and parts as composed, {result.drifting} told to differ")
    for name, missed in result.missed.items():
        print(f"{name:<20} {result.edits:>7} edits {missed:>6} missed")
    print(f"{'harmless':<20} {result.harmless:>7} edits {result.warned:>6} warned")
    if asked.json:
        print(json.dumps(asdict(result)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
