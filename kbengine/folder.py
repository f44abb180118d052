"""The folder of texts and the journal: reading one into the other, and writing it out again.

Texts cross as drafts by whoever imports them; decisions never do. Only a demo store believes the folder's
`decisions/`, and only for the exact text whose digest they name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from kbengine.article import (
    Article,
    Fact,
    Kind,
    Parsed,
    Questions,
    Ref,
    Zone,
    decode,
    digest,
    read_article,
    read_facts,
    read_questions,
    read_zone,
    write_fact,
)
from kbengine.errors import InvalidDocument, NotFound, Problem, WrongStore
from kbengine.history import History, Move, Role
from kbengine.journal import Person, Store, Writer, make_move
from kbengine.period import NO_TERMS, Terms

ARTICLES, QUESTIONS, DECISIONS = "articles", "questions", "decisions"
# Reserved for examples: the top-level domain (RFC 2606), and subscriber numbers that begin with 0.
EXAMPLE_VALUE = re.compile(r"\.example\b|\b0\d? 000 00 \d\d\b")
FACTS_FILE, ZONE_FILE, DANGER_FILE, HEAD_FILE = "facts.toml", "zone.toml", "danger.toml", "journal-head.txt"


@dataclass(frozen=True, slots=True)
class Item:
    """One text of a folder, ready for the journal."""

    ref: Ref
    text: str
    theme: str
    file: str
    terms: Terms = NO_TERMS

    @property
    def digest(self) -> str:
        """What a decision about exactly this text names."""
        return digest(self.ref, self.text)


@dataclass(frozen=True, slots=True)
class Folder:
    """Everything a folder holds, read, and every problem of every file."""

    items: tuple[Item, ...]
    zone: Zone | None
    articles: tuple[tuple[str, Article], ...]
    facts: tuple[Fact, ...]
    questions: tuple[tuple[str, Questions], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: new drafts, texts the store has already, and files older than the store."""

    added: tuple[Ref, ...]
    unchanged: tuple[Ref, ...]
    older: tuple[Ref, ...]


def article_terms(article: Article) -> Terms:
    """The period a first-language file asks for; a translation has none of its own."""
    header = article.header
    return Terms(header.valid_from, header.valid_until, header.review_months) if header else NO_TERMS


def read_folder(root: Path) -> Folder:
    """Read a folder of texts; raises NotFound when it holds no zone.toml, and on nothing else a file may hold."""
    if not (root / ZONE_FILE).is_file():
        hint = "Name a folder with zone.toml, facts.toml, articles/ and questions/."
        raise NotFound("folder.missing", f"{root} is not a folder of texts.", hint)
    reading = _Reading(root)
    zone = reading.zone()
    first_lang = zone.first_lang if zone else "nl"
    facts = reading.facts()
    reading.whole(Ref(Kind.DANGER, "danger"), DANGER_FILE)
    articles = tuple(reading.articles(first_lang))
    questions = tuple(reading.questions())
    items = sorted(reading.items, key=lambda item: item.ref)
    return Folder(tuple(items), zone, articles, facts, questions, tuple(reading.problems))


class _Reading:
    """One pass over a folder: gathers items and problems."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.items: list[Item] = []
        self.problems: list[Problem] = []

    def text(self, path: Path, limit: bool = True) -> str | None:
        """The canonical text of a file, or None with its problem kept; links out of the folder are not followed."""
        file = str(path.relative_to(self.root))
        try:
            if path.is_symlink() or not path.resolve().is_relative_to(self.root.resolve()):
                message, hint = "This is a link, not a file.", "Put the file itself in the folder."
                raise InvalidDocument(
                    "file.link", message, problems=[Problem("file.link", "error", file, 0, message, hint)]
                )
            return decode(path.read_bytes(), file, limited=limit)
        except InvalidDocument as error:
            self.problems += error.problems
            return None

    def zone(self) -> Zone | None:
        text = self.text(self.root / ZONE_FILE)
        if text is None:
            return None
        zone, problems = read_zone(text, ZONE_FILE)
        self.problems += problems
        self.items.append(Item(Ref(Kind.ZONE, "zone"), text, "", ZONE_FILE))
        return zone

    def whole(self, ref: Ref, name: str) -> None:
        text = self.text(self.root / name, limit=False) if (self.root / name).is_file() else None
        if text is not None:
            self.items.append(Item(ref, text, "", name))

    def facts(self) -> tuple[Fact, ...]:
        path = self.root / FACTS_FILE
        text = self.text(path, limit=False) if path.is_file() else None
        if text is None:
            return ()
        facts, problems = read_facts(text, FACTS_FILE)
        self.problems += problems
        for fact in facts:
            terms = Terms(fact.valid_from, fact.valid_until)
            self.items.append(Item(Ref(Kind.FACT, fact.name), write_fact(fact), "", FACTS_FILE, terms))
        return facts

    def articles(self, first_lang: str) -> Iterator[tuple[str, Article]]:
        for path in sorted((self.root / ARTICLES).glob("*/*.md")):
            file, text = str(path.relative_to(self.root)), self.text(path)
            slug, _, lang = path.name.removesuffix(".md").rpartition(".")
            ref, theme = Ref(Kind.ARTICLE, slug, lang), path.parent.name
            parsed = read_article(text, ref, theme, file, first_lang) if text is not None else Parsed(None, ())
            self.problems += parsed.problems
            if text is not None and parsed.article is not None:
                self.items.append(Item(ref, text, theme, file, article_terms(parsed.article)))
                yield file, parsed.article

    def questions(self) -> Iterator[tuple[str, Questions]]:
        for path in sorted((self.root / QUESTIONS).glob("*.toml")):
            file, text = str(path.relative_to(self.root)), self.text(path)
            if text is None:
                continue
            questions, problems = read_questions(text, path.stem, file)
            self.problems += problems
            if questions is not None:
                self.items.append(Item(Ref(Kind.QUESTIONS, path.stem), text, "", file))
                yield file, questions


def import_folder(store: Store, folder: Folder, person: Person, at: datetime | None = None) -> Imported:
    """Add every new text of a folder as a draft by this person; a file older than the store is named, not written.

    Raises InvalidDocument with every problem when a file cannot be read: then nothing is written.
    """
    errors = [problem for problem in folder.problems if problem.level == "error"]
    if errors:
        message = f"{len(errors)} problems stand in the way; nothing was imported."
        raise InvalidDocument("import.problems", message, "Correct them, then import again.", errors)
    if not store.demo:
        _refuse_examples(folder)
    added, unchanged, older = [], [], []
    with store.journal.write(at) as writer:
        for item in folder.items:
            history = writer.history(item.ref)
            digests = [revision.digest for revision in history.revisions]
            if digests and digests[-1] == item.digest:
                unchanged.append(item.ref)
            elif item.digest in digests:
                older.append(item.ref)
            else:
                writer.save(item.ref, item.text, item.theme, person.id, item.terms, len(digests))
                added.append(item.ref)
    return Imported(tuple(added), tuple(unchanged), tuple(older))


def _refuse_examples(folder: Folder) -> None:
    """A real store takes no example zone and no value that cannot reach anybody; raises WrongStore."""
    if folder.zone and folder.zone.example:
        raise WrongStore("import.example", "An example zone cannot enter a real store.", "Use your own zone.toml.")
    names = [fact.name for fact in folder.facts if any(EXAMPLE_VALUE.search(value) for value in fact.values.values())]
    if names:
        listed = ", ".join(names)
        message = f"These values are examples and reach nobody: {listed}."
        raise WrongStore("import.example-values", message, "Write your own in facts.toml.", facts=listed)


def seed_demo(store: Store, root: Path, now: datetime) -> None:
    """Fill an empty demo store: example people, texts, and the example decisions that name exactly these texts."""
    if not store.demo:
        raise WrongStore("seed.real", "Only a demo store is filled with examples.", "Import your own texts.")
    folder = read_folder(root)
    if folder.zone is None:
        raise InvalidDocument("seed.zone", "zone.toml cannot be read.", "Correct it.", folder.problems)
    decisions = sorted(read_decisions(root), key=lambda line: -line["days_ago"])
    begin = now - timedelta(days=max((line["days_ago"] for line in decisions), default=0) + 1)
    people: dict[str, Person] = {}
    for example in folder.zone.example_people:
        roles = frozenset(Role(name) for name in example.roles)
        people[example.login] = store.accounts.add(example.login, example.name, roles, at=begin)
    import_folder(store, folder, people["editor"], begin)
    by_ref = {str(item.ref): item for item in folder.items}
    for days_ago, lines in groupby(decisions, key=lambda line: line["days_ago"]):
        with store.journal.write(now - timedelta(days=days_ago)) as writer:
            for line in lines:
                _believe(writer, line, by_ref.get(line["ref"]), people, folder.zone)


def _believe(writer: Writer, line: dict[str, Any], item: Item | None, people: dict[str, Person], zone: Zone) -> None:
    """Write an example decision down, if it names exactly the text that the folder holds."""
    if item is None or item.digest != line["digest"]:
        return
    move, actor = Move(line["move"]), people[line["by"]].actor
    make_move(writer, actor, item.ref, 1, item.digest, move, line.get("reason", ""), zone.first_lang, zone.timezone)


def read_decisions(root: Path) -> Iterator[dict[str, Any]]:
    """The example decisions of a folder, one JSON object a line: ref, digest, move, by (login), days_ago."""
    for path in sorted((root / DECISIONS).glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                found = json.loads(line)
                yield {"ref": found["ref"], "digest": found["digest"], "move": found["move"], "by": found["by"]} | {
                    "days_ago": int(found["days_ago"]),
                    "reason": str(found.get("reason", "")),
                }
            except (ValueError, KeyError, TypeError) as error:
                file = str(path.relative_to(root))
                hint = "A line has ref, digest, move, by and days_ago."
                message = f"{file}:{number} is not a decision."
                problem = Problem("decisions.line", "error", file, number, message, hint)
                raise InvalidDocument("decisions.line", message, hint, [problem]) from error


def export_folder(root: Path, texts: Iterable[tuple[Ref, str, str]], head: str) -> int:
    """Write (ref, theme, text) as a folder, facts in one register; returns how many files were written."""
    files: dict[Path, list[str]] = {}
    for ref, theme, text in texts:
        files.setdefault(_path(root, ref, theme), []).append(text)
    for path, parts in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, "\n".join(parts))
    _write(root / HEAD_FILE, head + "\n")
    return len(files)


def _path(root: Path, ref: Ref, theme: str) -> Path:
    match ref.kind:
        case Kind.ARTICLE:
            return root / ARTICLES / theme / f"{ref.slug}.{ref.lang}.md"
        case Kind.QUESTIONS:
            return root / QUESTIONS / f"{ref.slug}.toml"
        case Kind.FACT:
            return root / FACTS_FILE
        case Kind.ZONE:
            return root / ZONE_FILE
        case Kind.DANGER:
            return root / DANGER_FILE


def _write(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def latest_texts(histories: dict[Ref, History]) -> Iterator[tuple[Ref, str, str]]:
    """The newest revision of every text, validated or not: for editors who write in files."""
    for ref, history in histories.items():
        if history.latest is not None:
            yield ref, history.latest.theme, history.latest.text
