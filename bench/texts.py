"""What is measured with: texts from a file or made up out of the knowledge base's words, and messages about them."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from kbengine.errors import InvalidDocument
from kbengine.language import tokens

ROOT: Final = Path(__file__).parent.parent
# What is read of a file at most; it is held in memory.
_MOST_TEXTS: Final = 500_000
_LONGEST: Final = 20_000
MESSAGE_WORDS: Final = 25
# A message keeps this share of a text's words, and at most so many.
_KEPT: Final = 0.75
_FROM_ONE: Final = 15


def read_texts(path: Path, seed: int = 0) -> list[str]:
    """The different texts of a JSON Lines file (`text`), also gzipped, in an order that the seed decides.

    Raises InvalidDocument at the first bad line, OSError.
    """
    found: dict[str, None] = {}
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if len(found) == _MOST_TEXTS:
                break
            if line.strip():
                found[_text(path, number, line)] = None
    texts = [text for text in found if text]
    random.Random(seed).shuffle(texts)
    return texts


def _text(path: Path, number: int, line: str) -> str:
    try:
        row: Any = json.loads(line)
        return " ".join(str(row["text"])[:_LONGEST].split())
    except (ValueError, TypeError, KeyError) as error:
        message = f"{path}:{number} has no text: {error!r}."
        raise InvalidDocument("bench.texts", message, 'A line is {"text": "…"}.', file=str(path)) from error


def made_up(count: int, seed: int = 0) -> list[str]:
    """As many different texts as asked for, of words as frequent as in kb/ and now and then a new compound of two."""
    paths = sorted([*(ROOT / "kb" / "articles").rglob("*.nl.md"), *(ROOT / "kb" / "questions").glob("*.toml")])
    words = [word for path in paths for word in tokens(path.read_text(encoding="utf-8"))]
    draw = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        some = draw.choices(words, k=draw.randint(6, 26))
        if draw.random() < 0.5:
            some[-1] = draw.choice(words) + draw.choice(words)
        found[" ".join(some)] = None
    return list(found)


def messages(texts: Sequence[str], count: int, seed: int = 1) -> list[str]:
    """Messages of 25 words: most words of one of the texts, filled up from others, so that none is a text itself."""
    draw = random.Random(seed)
    made = []
    for _ in range(count):
        words = [word for word in draw.choice(texts).split() if draw.random() < _KEPT][:_FROM_ONE]
        while len(words) < MESSAGE_WORDS:
            words += draw.choice(texts).split()[:5]
        made.append(" ".join(words[:MESSAGE_WORDS]))
    return made
