"""How long editors wait: for all the checks of a folder, and for what stands beside an article.

    python -m bench.waiting [--articles N] [--json]

Grows the example texts to so many articles: in each copy the long words of a language change places, so that a copy is
of other subjects and no shorter, simpler or emptier. Then it checks that folder, fills a demo store with it in a folder
of its own, and looks at neighbours as a process that just began: before the builder read ahead, after it did, and
after one text was saved. What counts is the time of a processor; the folder is deleted at the end.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.texts import ROOT
from bench.zone import vouch
from kbengine.article import Kind, Ref
from kbengine.checks import check, check_ranking, folder_scope
from kbengine.engine import Engine
from kbengine.folder import read_folder
from kbengine.history import Move
from kbengine.language import make_tables, use_tables
from kbengine.settings import Settings

_LONG: Final = re.compile(r"(?<![\w{:/.@-])[^\W\d_]{6,}(?![\w}:/@-])(?!\.[a-z])")
_ASKED: Final = re.compile(r'^(\s*)"(.*)"(,?)$')
_LIST: Final = re.compile(r"(\w+) = \[")
# What names other articles or exact words of its own text.
_TIED: Final = ("locked", "partner", "crisis")
_LANG, _LONGEST_TITLE = "nl", 90


def grow(root: Path, articles: int) -> None:
    """Writes the example texts with copies of its articles until there are so many, or fewer when that is asked."""
    shutil.copytree(ROOT / "kb", root, ignore=shutil.ignore_patterns("decisions"))
    files: dict[str, list[Path]] = {}
    for path in sorted((root / "articles").rglob("*.md")):
        files.setdefault(path.name.split(".")[0], []).append(path)
    originals = sorted(files)
    words = {lang: sorted(some) for lang, some in _words(path for some in files.values() for path in some).items()}
    for number in range(len(originals), articles):
        copy, slug = number // len(originals) + 1, originals[number % len(originals)]
        turn = _turned(words, copy)
        for path in files[slug]:
            _copy_article(path, f"{slug}-{copy}", turn)
        if (questions := root / "questions" / f"{slug}.toml").exists():
            _copy_questions(questions, f"{slug}-{copy}", turn)
    for slug in originals[articles:]:
        for path in (*files[slug], root / "questions" / f"{slug}.toml"):
            path.unlink(missing_ok=True)


def _words(paths: Iterator[Path]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in paths:
        body = path.read_text("utf-8").split("---\n", 2)[2]
        found.setdefault(path.name.split(".")[1], set()).update(word.lower() for word in _LONG.findall(body))
    return found


def _turned(words: Mapping[str, Sequence[str]], copy: int) -> Callable[[str, str], str]:
    """What gives a text of a language with its long words changed for others, always the same ones in one copy."""
    draw = random.Random(copy)
    others = {lang: dict(zip(some, draw.sample(some, len(some)), strict=True)) for lang, some in words.items()}

    def turn(text: str, lang: str) -> str:
        def other(found: re.Match[str]) -> str:
            word = others.get(lang, {}).get(found.group().lower(), found.group())
            return word.capitalize() if found.group()[0].isupper() else word

        return _LONG.sub(other, text)

    return turn


def _copy_article(path: Path, slug: str, turn: Callable[[str, str], str]) -> None:
    lang = path.name.split(".")[1]
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    kept = [line for line in head.splitlines(keepends=True) if not line.startswith(_TIED)]
    header = "".join(_title(line, lang, turn) if line.startswith("title:") else line for line in kept)
    lines = [line if line.startswith("## ") else turn(line, lang) for line in body.splitlines(keepends=True)]
    path.with_name(f"{slug}.{lang}.md").write_text(f"---\n{header}---\n{''.join(lines)}", "utf-8")


def _title(line: str, lang: str, turn: Callable[[str, str], str]) -> str:
    title = line.removeprefix("title:").strip().strip("\"'")
    return f"title: {json.dumps(turn(title, lang)[:_LONGEST_TITLE], ensure_ascii=False)}\n"


def _copy_questions(path: Path, slug: str, turn: Callable[[str, str], str]) -> None:
    lines, lang = [], _LANG
    for line in path.read_text("utf-8").splitlines():
        if begins := _LIST.match(line):
            lang = _LANG if begins[1] == "not" else begins[1]
        asked = _ASKED.match(line)
        lines.append(f'{asked[1]}"{turn(asked[2], lang)}"{asked[3]}' if asked else line)
    path.with_name(f"{slug}.toml").write_text("\n".join(lines) + "\n", "utf-8")


class Watch:
    """Seconds of a processor by what was waited for."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    def time(self, name: str, work: Callable[[], object]) -> None:
        """Do it, and note what it took."""
        began = time.process_time()
        work()
        self.taken[name] = round(time.process_time() - began, 2)


def measure(articles: int) -> dict[str, float]:
    """Seconds of a processor by what was waited for, each part in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-waiting-") as folder:
        root, home = Path(folder) / "kb", Path(folder) / "home"
        grow(root, articles)
        vouch(root)
        make_tables(home / "tables")
        Engine.open(Settings(home=home, source=root), demo=True).close()
        parts = (subprocess.run(_again(home, root, part), check=True, capture_output=True) for part in PARTS)
        return {name: seconds for part in parts for name, seconds in json.loads(part.stdout).items()}


def _again(home: Path, root: Path, part: str) -> list[str]:
    return [sys.executable, "-m", "bench.waiting", "--home", str(home), "--folder", str(root), "--part", part]


def checks(watch: Watch, settings: Settings) -> None:
    """All the checks of a folder."""
    read = read_folder(settings.source)
    if read.zone is None:
        raise SystemExit("kb/zone.toml cannot be read.")
    scope = folder_scope(read, read.zone, datetime.now(UTC))
    watch.time("kb check: the texts", lambda: check(scope))
    watch.time("kb check: what questions find", lambda: check_ranking(scope))


def unread(watch: Watch, settings: Settings) -> None:
    """Everything that stands beside something, where nobody read ahead."""
    with closing(Engine.open(settings)) as engine:
        engine.room.read()
        watch.time("/buren, nobody read ahead", engine.neighbours.all)


def ahead(watch: Watch, settings: Settings) -> None:
    """What the builder does, once for all texts and then for one that is new."""
    with closing(Engine.open(settings)) as engine:
        engine.room.read()
        watch.time("the builder reads ahead", engine.neighbours.prepare)


def looks(watch: Watch, settings: Settings) -> None:
    """What an editor meets in a process that just began; what is live it reads before anybody asks."""
    with closing(Engine.open(settings)) as engine:
        slug = min(ref.slug for ref in engine.room.read()[0].answers if ref.lang == _LANG)
        ref, people = Ref(Kind.ARTICLE, slug, _LANG), {person.login: person for person in engine.people.all()}
        watch.time("one article, first look", lambda: engine.neighbours.of(ref))
        watch.time("/buren, first look after that", engine.neighbours.all)
        watch.time("/buren, second look", engine.neighbours.all)
        form = engine.editing.form(slug, _LANG)
        form = replace(form, default=form.default + "\n\nDat kost je 116 euro.")
        watch.time("the form's checks", lambda: engine.editing.preview(form))
        engine.editing.save(people["editor"], form)
        watch.time("/buren after one save", engine.neighbours.all)
        watch.time("the form's neighbours", lambda: engine.neighbours.of_form(form))
        newest = engine.editing.lines(ref)[0]
        about = (ref, newest.number, newest.digest, Move.SUBMIT)
        watch.time("submit", lambda: engine.editing.move(people["editor"], *about))
        watch.time("one article after that", lambda: engine.neighbours.of(ref))


PARTS: Final = {"checks": checks, "unread": unread, "ahead": ahead, "looks": looks}


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.waiting", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=500, help="How many articles there are (500).")
    parser.add_argument("--part", choices=PARTS, help="Only this part, of a home and a folder that were filled.")
    parser.add_argument("--home", type=Path, help="That home.")
    parser.add_argument("--folder", type=Path, help="That folder.")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    asked = options(arguments)
    if asked.part:
        use_tables(asked.home / "tables")
        watch = Watch()
        PARTS[asked.part](watch, Settings(home=asked.home, source=asked.folder))
        print(json.dumps(watch.taken))
        return
    taken = measure(asked.articles)
    print(f"{asked.articles} articles, seconds of a processor")
    for name, seconds in taken.items():
        print(f"{name:<34}{seconds:>8.2f}")
    if asked.json:
        print(json.dumps({"articles": asked.articles, "seconds": taken}))


if __name__ == "__main__":
    main()
