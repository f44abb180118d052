"""A zone as large as one likes: articles with a title, an answer and twelve questions each, all vouched for."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.texts import ROOT
from kbengine.folder import read_folder

QUESTIONS: Final = 12
_SENTENCES: Final = 8
_THEME: Final = "proef"
_HEADER: Final = "audience: public\nowner: onthaal\nsources: [https://www.politie.be/5441]\nreview_months: 12"


def slug_of(number: int) -> str:
    """The name of an article of the zone."""
    return f"proef-{number:05}"


def write_zone(root: Path, articles: int, texts: Sequence[str], seed: int = 0) -> None:
    """Writes a folder that seeds a demo store: the example zone's policy with these articles instead of its own."""
    (root / "articles" / _THEME).mkdir(parents=True)
    (root / "questions").mkdir()
    for name in ("zone.toml", "facts.toml", "danger.toml"):
        shutil.copy(ROOT / "kb" / name, root / name)
    written = sentences(texts, seed)
    for number in range(articles):
        title, slug = " ".join(next(written).split()[:8])[:90], slug_of(number)
        answer = " ".join(f"{next(written)}." for _ in range(_SENTENCES))
        short = next(written)[:200]
        text = f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n{_HEADER}\n---\n{answer}\n\n## Kort\n{short}.\n"
        (root / "articles" / _THEME / f"{slug}.nl.md").write_text(text, encoding="utf-8")
        asked = questions_text([next(written) for _ in range(QUESTIONS)])
        (root / "questions" / f"{slug}.toml").write_text(asked, encoding="utf-8")
    vouch(root)


def questions_text(questions: Sequence[str]) -> str:
    """A question file."""
    listed = "".join(f"  {json.dumps(question, ensure_ascii=False)},\n" for question in questions)
    return f"nl = [\n{listed}]\n"


def sentences(texts: Sequence[str], seed: int) -> Iterator[str]:
    """Sentences without end, each the first half of one text and the second of another."""
    draw = random.Random(seed)
    words = [found for text in texts if len(found := re.sub(r"[\W\d_]+", " ", text).split()) >= 4]
    while True:
        one, two = draw.choice(words), draw.choice(words)
        yield " ".join([*one[: (len(one) + 1) // 2], *two[len(two) // 2 :]][:40])


def vouch(root: Path) -> None:
    """Decisions of the example people on exactly these texts."""
    moves = (("submit", "editor", 6), ("validate", "validator", 5))
    lines = [
        json.dumps({"ref": str(item.ref), "digest": item.digest, "move": move, "by": login, "days_ago": days})
        for item in read_folder(root).items
        for move, login, days in moves
    ]
    (root / "decisions").mkdir()
    (root / "decisions" / "all.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
