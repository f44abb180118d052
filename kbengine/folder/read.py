"""A folder of texts -> items ready for the journal, with every problem of every file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kbengine.article import (
    SLUG,
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
    read_curations,
    read_facts,
    read_questions,
    read_referrals,
    read_synonyms,
    read_zone,
    write_fact,
)
from kbengine.errors import InvalidDocument, NotFound, Problem
from kbengine.period import NO_TERMS, Terms

HIDDEN = re.compile(r"\.[^.].*\.")  # .#x.nl.md, ._x.nl.md: beside x.nl.md while somebody works in it
ARTICLES, QUESTIONS, DECISIONS = "articles", "questions", "decisions"
FACTS_FILE, ZONE_FILE, DANGER_FILE, KINDS_FILE = "facts.toml", "zone.toml", "danger.toml", "kinds.toml"
SYNONYMS_FILE, CURATIONS_FILE, REFERRALS_FILE = "synonyms.toml", "curations.toml", "referrals.toml"


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
    """Everything a folder holds, read, and every problem of every file; `facts_text` is that register as it stands."""

    items: tuple[Item, ...]
    zone: Zone | None
    articles: tuple[tuple[str, Article], ...]
    facts: tuple[Fact, ...]
    questions: tuple[tuple[str, Questions], ...]
    problems: tuple[Problem, ...]
    facts_text: str = ""

    def without(self, files: Collection[str]) -> Folder:
        """The folder as if these files were not in it."""
        items = tuple(item for item in self.items if item.file not in files)
        return replace(self, items=items, problems=tuple(one for one in self.problems if one.file not in files))


def article_terms(article: Article) -> Terms:
    """The period a first-language file asks for; a translation has none of its own."""
    header = article.header
    return Terms(header.valid_from, header.valid_until, header.review_months) if header else NO_TERMS


def read_folder(root: Path) -> Folder:
    """Read a folder of texts; raises NotFound when it holds no zone.toml, and on nothing else a file may hold."""
    if not (root / ZONE_FILE).is_file():
        hint = "Name a folder with zone.toml, facts.toml, articles/ and questions/."
        raise NotFound("folder.missing", f"{root} is not a folder of texts.", hint)
    return read_texts(root, "nl")


def read_texts(root: Path, first_lang: str) -> Folder:
    """Read whatever texts stand in a folder; a zone.toml that can be read says what the first language is."""
    reading = _Reading(root)
    zone = reading.zone() if (root / ZONE_FILE).is_file() else None
    first_lang = zone.first_lang if zone else first_lang
    facts = reading.facts()
    reading.whole(Ref(Kind.DANGER, "danger"), DANGER_FILE)
    reading.whole(Ref(Kind.KINDS, "kinds"), KINDS_FILE)
    reading.register(Ref(Kind.SYNONYMS, "synonyms"), SYNONYMS_FILE, read_synonyms)
    reading.register(Ref(Kind.CURATIONS, "curations"), CURATIONS_FILE, read_curations)
    reading.register(Ref(Kind.REFERRALS, "referrals"), REFERRALS_FILE, read_referrals)
    articles = tuple(reading.articles(first_lang))
    questions = tuple(reading.questions())
    reading.strays()
    items = tuple(reading.items[ref] for ref in sorted(reading.items))
    return Folder(items, zone, articles, facts, questions, tuple(reading.problems), reading.facts_text)


def shown(paths: Iterable[Path]) -> list[Path]:
    """These files in order, without the hidden ones that editors and systems make beside them."""
    return sorted(path for path in paths if not HIDDEN.match(path.name))


class _Reading:
    """One pass over a folder: gathers items and problems."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.items: dict[Ref, Item] = {}
        self.problems: list[Problem] = []
        self.facts_text = ""

    def text(self, path: Path, limit: bool = True) -> str | None:
        """The canonical text of a file, or None with its problem kept; links out of the folder are not followed."""
        file = str(path.relative_to(self.root))
        try:
            if path.is_symlink() or not path.resolve().is_relative_to(self.root.resolve()):
                self.problem("file.link", file, "This is a link, not a file.", "Put the file itself in the folder.")
                return None
            return decode(path.read_bytes(), file, limited=limit)
        except InvalidDocument as error:
            self.problems += error.problems
        except OSError as error:
            self.problem("file.unreadable", file, f"It cannot be read: {error.strerror}.", "Put a file in its place.")
        return None

    def problem(self, code: str, file: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, "error", file, 0, message, hint))

    def keep(self, item: Item) -> None:
        """Take an item over; a second file for the same text is a problem, for only one of them could count."""
        first = self.items.setdefault(item.ref, item)
        if first is not item:
            self.problem("name.twice", item.file, f"{first.file} holds {item.ref} already.", "Keep one of the two.")

    def strays(self) -> None:
        """Name the texts that were not read, because of where they stand: they would seem to be in."""
        seen = {item.file for item in self.items.values()} | {problem.file for problem in self.problems}
        for folder, ending, place in ((ARTICLES, "md", f"{ARTICLES}/<theme>/"), (QUESTIONS, "toml", f"{QUESTIONS}/")):
            for path in shown((self.root / folder).rglob(f"*.{ending}")):
                file = str(path.relative_to(self.root))
                if file not in seen:
                    self.problem("file.misplaced", file, "A text is not looked for here.", f"Move it to {place}.")

    def zone(self) -> Zone | None:
        text = self.text(self.root / ZONE_FILE)
        if text is None:
            return None
        zone, problems = read_zone(text, ZONE_FILE)
        self.problems += problems
        self.keep(Item(Ref(Kind.ZONE, "zone"), text, "", ZONE_FILE))
        return zone

    def whole(self, ref: Ref, name: str) -> str | None:
        text = self.text(self.root / name, limit=False) if (self.root / name).is_file() else None
        if text is not None:
            self.keep(Item(ref, text, "", name))
        return text

    def register(self, ref: Ref, name: str, read: Callable[[str, str], tuple[object, Sequence[Problem]]]) -> None:
        text = self.whole(ref, name)
        if text is not None:
            self.problems += read(text, name)[1]

    def facts(self) -> tuple[Fact, ...]:
        path = self.root / FACTS_FILE
        text = self.text(path, limit=False) if path.is_file() else None
        if text is None:
            return ()
        self.facts_text = text
        facts, problems = read_facts(text, FACTS_FILE)
        self.problems += problems
        for fact in facts:
            terms = Terms(fact.valid_from, fact.valid_until)
            self.keep(Item(Ref(Kind.FACT, fact.name), write_fact(fact), "", FACTS_FILE, terms))
        return facts

    def articles(self, first_lang: str) -> Iterator[tuple[str, Article]]:
        for path in shown((self.root / ARTICLES).glob("*/*.md")):
            file, text = str(path.relative_to(self.root)), self.text(path)
            slug, _, lang = path.name.removesuffix(".md").rpartition(".")
            ref, theme = Ref(Kind.ARTICLE, slug, lang), path.parent.name
            parsed = read_article(text, ref, theme, file, first_lang) if text is not None else Parsed(None, ())
            self.problems += parsed.problems
            if text is not None and parsed.article is not None:
                self.keep(Item(ref, text, theme, file, article_terms(parsed.article)))
                yield file, parsed.article

    def questions(self) -> Iterator[tuple[str, Questions]]:
        for path in shown((self.root / QUESTIONS).glob("*.toml")):
            file, text = str(path.relative_to(self.root)), self.text(path)
            if text is None:
                continue
            questions, problems = read_questions(text, path.stem, file)
            self.problems += problems
            if not SLUG.fullmatch(path.stem):
                self.problem("name.bad", file, f"The slug {path.stem!r} is not a name.", "Name it after its article.")
                continue
            if questions is not None:
                self.keep(Item(Ref(Kind.QUESTIONS, path.stem), text, "", file))
                yield file, questions
