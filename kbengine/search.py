"""The agent's and editor's search: Whoosh over one edition; the only user of Whoosh.

Five rules keep Whoosh 2.7.4 right: terms come from our own analysis; `Or` uses the array matcher; when the index
changed a new searcher takes the old one's place, nothing is refreshed; no text of a person reaches a query parser;
the index can be built again at any time. Its table of contents is a pickle: a directory in which others may have
written is not opened.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import math
import os
import shutil
import stat
import sys
import tempfile
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import astuple, dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from whoosh import analysis, fields, index, query, scoring

from kbengine.article import Audience, SynonymGroup
from kbengine.errors import StoreError
from kbengine.language import ANALYZER_VERSION, LANGUAGES, Analyzer, Concepts, Term, analyzer, fold, spans, tokens

MARK_START: Final = "\x02"
MARK_END: Final = "\x03"
MAX_TERMS: Final = 64
MAX_TEXT: Final = 4_000
_FIELDS: Final = {"title": 3.0, "questions": 1.5, "text": 1.0}
_MAX_EXPANDED: Final = 16
_EXPANDED_BOOST: Final = 0.5
_SYNONYM_BOOST: Final = 0.5
_SYNONYMS_FILE: Final = "synonyms.json"
_MAX_CORRECTED: Final = 5
_MAX_SEGMENTS: Final = 12
_SNIPPET: Final = 200
_SNIPPET_BEFORE: Final = 40
_OPEN_TRIES: Final = 4
# Whoosh sorts what it takes in on disk when that grows larger: ten thousand articles need some 400.
_MEMORY_MB: Final = 512
# An index made by another analysis is not there under this name: it is never asked, only built again.
_NAME: Final = "kb" + hashlib.sha256(f"2 {ANALYZER_VERSION}".encode()).hexdigest()[:12]

# Above 5,000 documents Whoosh would choose a matcher that takes four times as long for the same hits.
query.Or.matcher_type = query.Or.ARRAY_MATCHER


@dataclass(frozen=True, slots=True)
class Document:
    """A live answer as it is searched; `text` is the plain text of all its variants."""

    slug: str
    lang: str
    theme: str
    owner: str
    audience: Audience
    title: str
    text: str
    questions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What names it in the index."""
        return f"{self.slug}.{self.lang}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found; `terms` are the words asked that matched, `snippet` marks them between \\x02 and \\x03."""

    slug: str
    lang: str
    title: str
    theme: str
    score: float
    terms: tuple[str, ...]
    snippet: str


@dataclass(frozen=True, slots=True)
class Hits:
    """The best hits and how many there are; `corrected` is what may have been meant when there are none."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    corrected: str = ""


def write_index(
    documents: Sequence[Document],
    directory: Path,
    previous: Path | None = None,
    synonyms: Sequence[SynonymGroup] = (),
) -> None:
    """Put an index of exactly these documents at `directory`, on disk when this returns.

    It is made beside it, from `previous` when that can be read and little changed, and takes the place of what
    is there. A document is found by a synonym of its words too, in whatever language.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        entries = _entries(documents, synonyms)
        if previous is None or not _update(entries, beside, previous):
            _build(entries, beside)
        groups = {group.name: group.words for group in synonyms}
        (beside / _SYNONYMS_FILE).write_text(json.dumps(groups, ensure_ascii=False), encoding="utf-8")
        for path in (*beside.iterdir(), beside):
            _sync(path)
        shutil.rmtree(directory, ignore_errors=True)
        beside.rename(directory)
        _sync(directory.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _build(entries: Mapping[str, dict[str, Any]], directory: Path) -> None:
    writer = index.create_in(str(directory), _schema(), _NAME).writer(limitmb=_MEMORY_MB)
    for key in sorted(entries):
        writer.add_document(**entries[key])
    writer.commit(merge=False)


def _update(entries: Mapping[str, dict[str, Any]], directory: Path, previous: Path) -> bool:
    """Whether `directory` became a copy of `previous` with the changes made; when not, nothing was written."""
    try:
        before = _load(previous)
    except StoreError:
        return False
    gone = {
        key for key, mark in before.fingerprints.items() if key not in entries or entries[key]["fingerprint"] != mark
    }
    new = [key for key in sorted(entries) if key not in before.fingerprints or key in gone]
    # Whoosh's own merging rounds the lengths of texts; too many parts are ended by building anew instead.
    if before.segments >= _MAX_SEGMENTS or before.deleted + len(gone) + len(new) > len(entries) / 2:
        return False
    shutil.copytree(previous, directory, dirs_exist_ok=True)
    if gone or new:
        writer = index.open_dir(str(directory), _NAME).writer()
        for key in sorted(gone):
            writer.delete_by_term("key", key)
        for key in new:
            writer.add_document(**entries[key])
        writer.commit(merge=False)
    return True


def _schema() -> Any:
    shown = ("lang", "slug", "title_text", "body", "terms", "words", "lengths", "fingerprint")
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        audience=fields.ID(stored=True),
        theme=fields.ID(stored=True),
        **{name: fields.TEXT(analysis.KeywordAnalyzer(), phrase=False) for name in _FIELDS},
        **dict.fromkeys(shown, fields.STORED()),
    )


def _entries(documents: Iterable[Document], synonyms: Sequence[SynonymGroup]) -> dict[str, dict[str, Any]]:
    """What Whoosh gets of each document; a list of terms it takes as it is, past any analysis of its own."""
    by_lang: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_lang[document.lang].append(document)
    entries = {}
    for lang, some in by_lang.items():
        words = {document.key: [tokens(text) for text in _texts(document)] for document in some}
        distinct = {word for texts in words.values() for text in texts for word in text}
        vocabulary = {term for word in distinct for term in analyzer(lang).of_word(word)}
        compounding, concepts = Analyzer(lang, vocabulary), Concepts.of(synonyms, {lang: vocabulary})
        entries.update(
            {document.key: _entry(document, words[document.key], compounding, concepts) for document in some}
        )
    return entries


def _texts(document: Document) -> tuple[str, str, str]:
    return document.title, "\n".join(document.questions), document.text


def _entry(
    document: Document, texts: Sequence[Sequence[str]], compounding: Analyzer, concepts: Concepts
) -> dict[str, Any]:
    lang = document.lang
    terms_of = {word: compounding.of_word(word) for text in texts for word in text}
    groups = [[_group(name) for name, _ in concepts.named(text, lang)] for text in texts]
    terms = {
        name: [_key(lang, term) for term in (*(term for word in text for term in terms_of[word]), *named)]
        for name, text, named in zip(_FIELDS, texts, groups, strict=True)
    }
    # The terms too: a compound's parts depend on the words of the other documents.
    content = repr((astuple(document), terms))
    return {
        **terms,
        "key": document.key,
        "audience": document.audience.value,
        "theme": document.theme,
        "lang": lang,
        "slug": document.slug,
        "title_text": document.title,
        "body": document.text.translate({ord(MARK_START): " ", ord(MARK_END): " "}),
        "terms": sorted({term for some in (*terms_of.values(), *groups) for term in some}),
        # The first term of a word is the word itself, those after it are its parts.
        "words": sorted((word, some[0]) for word, some in terms_of.items() if some),
        "lengths": {name: len(some) for name, some in terms.items()},
        "fingerprint": hashlib.sha256(content.encode("utf-8", "backslashreplace")).hexdigest(),
    }


def _key(lang: str, term: str) -> str:
    """The same letters in two languages are two terms, each as rare as it is in its own."""
    return f"{lang}:{term}"


def _group(name: str) -> str:
    """The term of a group of synonyms; no word of a text can be it."""
    return f"≈{name}"


def _sync(path: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SearchIndex:
    """The search over one edition; threads may share it."""

    def __init__(self, directory: Path, snapshot: _Snapshot) -> None:
        self._directory = directory
        self._snapshot = snapshot

    @classmethod
    def open(cls, directory: Path) -> SearchIndex:
        """The index in a directory; raises StoreError when it cannot be read or may be somebody else's."""
        return cls(directory, _load(directory))

    def search(
        self, text: str, audiences: Set[Audience], lang: str | None = None, theme: str | None = None, limit: int = 20
    ) -> Hits:
        """The documents that share words with the text, best first; the word still being typed also as a beginning."""
        now = self._current()
        text = text[:MAX_TEXT]
        langs = [name for name in now.analyzers if lang in (None, name)]
        asked = now.asked(text, langs, audiences)
        found = now.find(asked, audiences, theme)
        if found:
            return Hits(tuple(now.hit(number, score, asked) for number, score in found[:limit]), len(found))
        corrected = now.corrected(text, langs, audiences)
        if corrected and now.find(now.asked(corrected, langs, audiences), audiences, theme):
            return Hits(corrected=corrected)
        return Hits()

    def _current(self) -> _Snapshot:
        if not self._snapshot.up_to_date():
            self._snapshot = _load(self._directory)
        return self._snapshot


def _load(directory: Path) -> _Snapshot:
    _check(directory)
    for left in reversed(range(_OPEN_TRIES)):
        try:
            return _Snapshot(directory)
        except FileNotFoundError as error:
            # A writer that lands between Whoosh's listing and its opening takes the listed file away.
            if not left:
                raise _unreadable(directory, error) from error
        except Exception as error:  # unpickling what is damaged may raise anything
            raise _unreadable(directory, error) from error
    raise AssertionError("the last try returns or raises")


def _check(directory: Path) -> None:
    try:
        found = [path.lstat() for path in (directory, *directory.iterdir())]
    except OSError as error:
        raise _unreadable(directory, error) from error
    if sys.platform == "win32":
        return
    plain = stat.S_ISDIR(found[0].st_mode) and all(stat.S_ISREG(status.st_mode) for status in found[1:])
    if not plain or found[0].st_mode & 0o077 or any(status.st_uid != os.geteuid() for status in found):
        raise StoreError(
            "search.not-ours",
            f"The search index in {directory} was not opened: others may have written in it.",
            "Delete it; the builder makes it again.",
            directory=str(directory),
        )


def _stamp(directory: Path) -> tuple[int, int]:
    """Changes when a directory is replaced: an index built anew has the number of the first one again."""
    status = directory.stat()
    return status.st_ino, status.st_mtime_ns


def _unreadable(directory: Path, error: Exception) -> StoreError:
    return StoreError(
        "search.unreadable",
        f"The search index in {directory} cannot be read ({type(error).__name__}).",
        "Delete it; the builder makes it again.",
        directory=str(directory),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A term asked for: `word` as the person wrote it, `key` as it is indexed."""

    word: str
    key: str
    boost: float = 1.0


class _Snapshot:
    """A searcher, and what it needs to know of the documents that are there: Whoosh still counts deleted ones."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stamp = _stamp(directory)
        opened = index.open_dir(str(directory), _NAME)
        self.keys: dict[int, str] = {}
        self.fingerprints: dict[str, str] = {}
        vocabulary: dict[str, set[str]] = defaultdict(set)
        lengths: Counter[str] = Counter()
        words: dict[tuple[str, str], Counter[tuple[str, str, str]]] = defaultdict(Counter)
        with opened.reader() as reader:
            # One document at a time: of ten thousand the texts together take 250 MB that a process never gives back.
            for number in reader.all_doc_ids():
                entry = reader.stored_fields(number)
                self.keys[number], self.fingerprints[entry["key"]] = entry["key"], entry["fingerprint"]
                lengths.update(entry["lengths"])
                vocabulary[entry["lang"]].update(entry["terms"])
                place = words[entry["lang"], entry["audience"]]
                place.update((fold(word), word, term) for word, term in entry["words"])
            self.segments = len(reader.leaf_readers())
            self.deleted = reader.doc_count_all() - len(self.keys)
        self.analyzers = {lang: Analyzer(lang, vocabulary[lang]) for lang in sorted(vocabulary)}
        groups = json.loads((directory / _SYNONYMS_FILE).read_text("utf-8"))
        self.concepts = Concepts.of([SynonymGroup(name, words) for name, words in groups.items()], vocabulary)
        for lang in LANGUAGES:  # compiled now, not while somebody waits for the first hits
            self.concepts.found((), lang)
        self.vocabulary = vocabulary
        self.words = {place: sorted((*word, count) for word, count in some.items()) for place, some in words.items()}
        self.searcher = opened.searcher(weighting=_Live({name: n / len(self.keys) for name, n in lengths.items()}))

    def up_to_date(self) -> bool:
        """Whether nothing was written since; an edition that was cleared away stays as it was."""
        try:
            return self._stamp == _stamp(self._directory) and bool(self.searcher.up_to_date())
        except FileNotFoundError:
            return True

    def asked(self, text: str, langs: Sequence[str], audiences: Set[Audience]) -> tuple[_Asked, ...]:
        """The terms of a text that some document has, in order, and those that its last word is the beginning of."""
        placed: dict[_Asked, int] = {}
        begun: Counter[_Asked] = Counter()
        for lang in langs:
            for term in self.analyzers[lang].terms(text):
                if term.term in self.vocabulary[lang]:
                    placed.setdefault(_Asked(term.surface, _key(lang, term.term)), term.start)
                if term.end == len(text):
                    begun.update(self._begun(lang, term, audiences))
        placed = dict(self._synonyms(text, langs)) | placed
        exact = sorted(placed, key=placed.__getitem__)
        more = sorted(begun, key=lambda asked: (-begun[asked], asked.key))[:_MAX_EXPANDED]
        return (*exact[: MAX_TERMS - len(more)], *more)

    def _synonyms(self, text: str, langs: Sequence[str]) -> Iterator[tuple[_Asked, int]]:
        """The groups of synonyms that a text names, in whichever language it is, where some document has one."""
        words = list(spans(text))
        surfaces = [word for word, _, _ in words]
        for name, place in (found for spoken in LANGUAGES for found in self.concepts.named(surfaces, spoken)):
            for lang in langs:
                if _group(name) in self.vocabulary[lang]:
                    surface, start, _ = words[place]
                    yield _Asked(surface, _key(lang, _group(name)), _SYNONYM_BOOST), start

    def _begun(self, lang: str, term: Term, audiences: Set[Audience]) -> Counter[_Asked]:
        start = fold(term.surface)
        counted: Counter[_Asked] = Counter()
        for audience in audiences if len(start) > 1 else ():
            words = self.words.get((lang, audience.value), [])
            for word, _, stem, count in takewhile(
                lambda w: w[0].startswith(start), words[bisect_left(words, (start,)) :]
            ):
                if word != start:
                    counted[_Asked(term.surface, _key(lang, stem), _EXPANDED_BOOST)] += count
        return counted

    def find(self, asked: Sequence[_Asked], audiences: Set[Audience], theme: str | None) -> list[tuple[int, float]]:
        """Number and score of every document with one of the terms, best first, ties by name."""
        terms = [query.Term(name, a.key, boost=b * a.boost) for a in asked for name, b in _FIELDS.items()]
        allowed = [query.Or([query.Term("audience", audience.value) for audience in sorted(audiences)])]
        if theme is not None:
            allowed.append(query.Term("theme", theme))
        if not terms or not audiences:
            return []
        found = self.searcher.search(query.Or(terms), limit=None, filter=query.And(allowed)).top_n
        scored = [(number, round(score, 6)) for score, number in found]
        return sorted(scored, key=lambda item: (-item[1], self.keys[item[0]]))

    def hit(self, number: int, score: float, asked: Sequence[_Asked]) -> Hit:
        """What is told of a document found; the array matcher does not say which terms matched."""
        entry = self.searcher.stored_fields(number)
        lang, keys = entry["lang"], {_key(entry["lang"], term) for term in entry["terms"]}
        terms = tuple(dict.fromkeys(a.word for a in asked if a.key in keys))
        wanted = {a.key for a in asked}
        matched = [term for term in self.analyzers[lang].terms(entry["body"]) if _key(lang, term.term) in wanted]
        words = list(spans(entry["body"]))
        for name, place in self.concepts.named([word for word, _, _ in words], lang):
            if _key(lang, _group(name)) in wanted:
                surface, start, end = words[place]
                matched.append(Term(surface, _group(name), start, end))
        marks = {term.start: term for term in sorted(matched, key=lambda term: term.start)}
        snippet = _snippet(entry["body"], list(marks.values()))
        return Hit(entry["slug"], lang, entry["title_text"], entry["theme"], score, terms, snippet)

    def corrected(self, text: str, langs: Sequence[str], audiences: Set[Audience]) -> str:
        """The text with its unknown words replaced by the likest ones of these audiences' documents, or ""."""
        terms = [(term, lang) for lang in langs for term in self.analyzers[lang].terms(text)]
        known = {term.start for term, lang in terms if term.term in self.vocabulary[lang]}
        unknown = {term.start: term for term, _ in terms if term.start not in known}
        words = {w: shown for lang in langs for a in audiences for w, shown, *_ in self.words.get((lang, a.value), [])}
        result = text
        for start in sorted(unknown, reverse=True) if len(unknown) <= _MAX_CORRECTED else ():
            word = fold(unknown[start].surface)
            near = [other for other in words if abs(len(other) - len(word)) <= 2]
            if likest := difflib.get_close_matches(word, near, 1, 0.75):
                result = result[:start] + words[likest[0]] + result[unknown[start].end :]
        return result if result != text else ""


class _Live(scoring.BM25F):  # type: ignore[misc]
    """BM25 over the documents that are there, so that an index that was updated ranks as one built anew."""

    def __init__(self, lengths: Mapping[str, float]) -> None:
        super().__init__()
        self._lengths = lengths

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        """How rare a term is."""
        reader = searcher.get_parent().reader()
        having = sum(1 for _ in reader.postings(fieldname, text).all_ids())
        return math.log(reader.doc_count() / (having + 1)) + 1.0

    def scorer(self, searcher: Any, fieldname: str, text: str, qf: int = 1) -> Any:
        """Whoosh's scorer with the average length of the texts that are there."""
        scorer = super().scorer(searcher, fieldname, text, qf)
        if fieldname in self._lengths:
            scorer.avgfl = self._lengths[fieldname] or 1.0
        return scorer


def _snippet(text: str, marks: Sequence[Term]) -> str:
    """The part of a text with most of the marked words, or its beginning."""

    def within(at: int) -> int:
        until = marks[at].start + _SNIPPET - _SNIPPET_BEFORE
        return len({mark.term for mark in takewhile(lambda mark: mark.end <= until, marks[at : at + _SNIPPET])})

    best = max(range(len(marks)), key=within, default=None)
    begin = 0 if best is None else max(0, marks[best].start - _SNIPPET_BEFORE)
    begin = text.rfind(" ", 0, begin) + 1 if begin else 0
    end = min(len(text), begin + _SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin + _SNIPPET // 2)
    shown, at = "…" if begin else "", begin
    for mark in marks:
        if begin <= mark.start and mark.end <= end:
            shown += text[at : mark.start] + MARK_START + text[mark.start : mark.end] + MARK_END
            at = mark.end
    shown += text[at:end] + ("…" if end < len(text) else "")
    return " ".join(shown.split())
