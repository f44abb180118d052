"""The engines that are compared, each set up as its own papers advise, all fed the same terms.

A document is a list of terms that hold only letters and digits, so that no engine's tokenizer changes them. An engine
is built into a folder, opened from it, and gives the best documents for a question's different terms.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from kbengine.suggest.topk import Impacts, best, peaks, settled

Numbers = NDArray[np.float64]
Documents = Sequence[Sequence[str]]

_ARRAYS: Final = ("starts", "topics", "weights", "peaks")


class Rival(ABC):
    """One engine; `needs` is the package without which it is skipped."""

    name: ClassVar[str]
    needs: ClassVar[str] = ""
    setup: ClassVar[str]
    saturation: ClassVar[float] = 1.2
    length: ClassVar[float] = 0.75

    @staticmethod
    @abstractmethod
    def build(documents: Documents, folder: Path) -> None:
        """Writes an index of the documents into an empty folder."""

    @abstractmethod
    def __init__(self, folder: Path) -> None:
        """Opens the index in a folder."""

    @abstractmethod
    def prepare(self, terms: Sequence[str]) -> Any:
        """A question in the engine's own form."""

    @abstractmethod
    def best(self, question: Any, k: int) -> list[int]:
        """The numbers of the at most k best documents, best first."""

    @classmethod
    def idf(cls, held: Numbers, size: int) -> Numbers:
        """What a term is worth that `held` of `size` documents hold, by the engine's own formula."""
        return np.log1p((size - held + 0.5) / (held + 0.5))

    @classmethod
    def weigh(cls, counts: Numbers, lengths: Numbers, mean: float, held: Numbers, size: int) -> Numbers:
        """What a term adds that occurs `counts` times in documents of these lengths: BM25 as the engine has it."""
        norms = cls.saturation * (1 - cls.length + cls.length * lengths / mean)
        return cls.idf(held, size) * counts * (cls.saturation + 1) / (counts + norms)


def counted(documents: Documents) -> tuple[dict[str, int], NDArray[np.int64], NDArray[np.int32], Numbers, Numbers]:
    """Terms by row, and per row from `starts` on the documents and counts; and the documents' lengths."""
    rows: dict[str, int] = {}
    flat = np.array([rows.setdefault(term, len(rows)) for terms in documents for term in terms], np.int64)
    lengths = np.array([len(terms) for terms in documents], np.float64)
    size = len(documents)
    cells, counts = np.unique(flat * size + np.repeat(np.arange(size), lengths.astype(np.int64)), return_counts=True)
    starts = np.searchsorted(cells, np.arange(len(rows) + 1) * size)
    return rows, starts.astype(np.int64), (cells % size).astype(np.int32), counts.astype(np.float64), lengths


class Own(Rival):
    """The kernel of the suggestions: kbengine/suggest/topk.py over arrays mapped into memory."""

    name = "webcare-kb"
    setup = "kbengine/suggest/topk.py"
    saturation = 1.5

    @staticmethod
    def build(documents: Documents, folder: Path) -> None:
        rows, starts, topics, counts, lengths = counted(documents)
        held = np.diff(starts)
        weights = settled(
            Own.weigh(counts, lengths[topics], lengths.mean(), np.repeat(held, held).astype(np.float64), len(lengths))
        )
        arrays: tuple[NDArray[Any], ...] = (starts, topics, weights, peaks(starts, weights))
        for name, array in zip(_ARRAYS, arrays, strict=True):
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
        (folder / "terms").write_text("\n".join(rows), encoding="utf-8")
        (folder / "size").write_text(str(len(lengths)), encoding="utf-8")

    def __init__(self, folder: Path) -> None:
        self._rows = {term: row for row, term in enumerate((folder / "terms").read_text(encoding="utf-8").split("\n"))}
        arrays: list[Any] = [np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS]
        starts, topics, weights, highest = map(np.asarray, arrays)
        size = int((folder / "size").read_text(encoding="utf-8"))
        self._impacts = Impacts(starts, topics, weights, highest, size)

    def prepare(self, terms: Sequence[str]) -> NDArray[np.int64]:
        return np.array([row for term in terms if (row := self._rows.get(term)) is not None], np.int64)

    def best(self, question: NDArray[np.int64], k: int) -> list[int]:
        found: list[int] = best(self._impacts, question, k)[0].tolist()
        return found


class Bm25s(Rival):
    """bm25s as it comes: scores computed when it is built, added up with numpy."""

    name = "bm25s"
    needs = "bm25s"
    setup = "method lucene, backend numpy, index mapped into memory"
    saturation = 1.5
    backend: ClassVar[str] = "numpy"

    @staticmethod
    def build(documents: Documents, folder: Path) -> None:
        index = import_module("bm25s").BM25(k1=1.5, b=0.75, method="lucene")
        index.index([list(terms) for terms in documents], show_progress=False)
        index.save(str(folder))

    def __init__(self, folder: Path) -> None:
        self._index = import_module("bm25s").BM25.load(str(folder), mmap=True)
        self._index.backend = self.backend

    def prepare(self, terms: Sequence[str]) -> list[list[str]]:
        return [list(terms)]

    def best(self, question: list[list[str]], k: int) -> list[int]:
        found: list[int] = self._index.retrieve(question, k=k, show_progress=False).documents[0].tolist()
        return found


class Bm25sCompiled(Bm25s):
    """bm25s with its compiled backend."""

    name = "bm25s, numba"
    needs = "numba"
    setup = "method lucene, backend numba"
    backend = "numba"

    def __init__(self, folder: Path) -> None:
        self._index = import_module("bm25s").BM25.load(str(folder))
        self._index.backend = self.backend
        self._index.activate_numba_scorer()

    def best(self, question: list[list[str]], k: int) -> list[int]:
        found = self._index.retrieve(question, k=k, show_progress=False, backend_selection="numba", chunksize=None)
        listed: list[int] = found.documents[0].tolist()
        return listed


class Tantivy(Rival):
    """tantivy with frequencies and without positions, one segment."""

    name = "tantivy"
    needs = "tantivy"
    setup = "whitespace tokenizer, frequencies only, one segment"

    @staticmethod
    def _schema(tantivy: Any) -> Any:
        return tantivy.SchemaBuilder().add_text_field("terms", tokenizer_name="whitespace", index_option="freq").build()

    @staticmethod
    def build(documents: Documents, folder: Path) -> None:
        tantivy = import_module("tantivy")
        index = tantivy.Index(Tantivy._schema(tantivy), path=str(folder))
        writer = index.writer(heap_size=500_000_000, num_threads=1)
        for terms in documents:
            writer.add_document(tantivy.Document(terms=" ".join(terms)))
        writer.commit()
        writer.wait_merging_threads()

    def __init__(self, folder: Path) -> None:
        self._tantivy = import_module("tantivy")
        self._schema_ = self._schema(self._tantivy)
        index = self._tantivy.Index(self._schema_, path=str(folder))
        index.reload()
        self._searcher = index.searcher()
        if self._searcher.num_segments != 1:
            raise RuntimeError("tantivy made more than one segment: its document numbers are not the texts' places")

    def prepare(self, terms: Sequence[str]) -> Any:
        query, should = self._tantivy.Query, self._tantivy.Occur.Should
        return query.boolean_query([(should, query.term_query(self._schema_, "terms", term, "freq")) for term in terms])

    def best(self, question: Any, k: int) -> list[int]:
        return [address.doc for _, address in self._searcher.search(question, k, count=False).hits]


class Fts5(Rival):
    """SQLite's own full-text search, best first by its rank."""

    name = "SQLite FTS5"
    setup = "unicode61, order by rank limit 10, file of one transaction, optimized, mapped into memory"

    @staticmethod
    def build(documents: Documents, folder: Path) -> None:
        base = sqlite3.connect(folder / "fts.db")
        base.execute("create virtual table texts using fts5(terms, content='', tokenize='unicode61')")
        rows = ((place, " ".join(terms)) for place, terms in enumerate(documents))
        base.executemany("insert into texts(rowid, terms) values (?, ?)", rows)
        base.execute("insert into texts(texts) values ('optimize')")
        base.commit()
        base.close()

    def __init__(self, folder: Path) -> None:
        self._base = sqlite3.connect(folder / "fts.db")
        self._base.execute("pragma mmap_size = 1000000000")
        self._base.execute("pragma cache_size = -200000")

    def prepare(self, terms: Sequence[str]) -> str:
        return " OR ".join(terms)

    def best(self, question: str, k: int) -> list[int]:
        asked = "select rowid from texts where texts match ? order by rank limit ?"
        return [row for (row,) in self._base.execute(asked, (question, k))]

    @classmethod
    def idf(cls, held: Numbers, size: int) -> Numbers:
        return np.maximum(np.log((size - held + 0.5) / (held + 0.5)), 1e-6)


class Whoosh(Rival):
    """Whoosh with its array matcher, without which it is four times as slow on more than 5,000 documents."""

    name = "Whoosh"
    needs = "whoosh"
    setup = "no positions, one segment, array matcher"

    @staticmethod
    def build(documents: Documents, folder: Path) -> None:
        fields, analysis = import_module("whoosh.fields"), import_module("whoosh.analysis")
        schema = fields.Schema(terms=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), phrase=False))
        writer = import_module("whoosh.index").create_in(str(folder), schema).writer(limitmb=512)
        for terms in documents:
            writer.add_document(terms=" ".join(terms))
        writer.commit(optimize=True)

    def __init__(self, folder: Path) -> None:
        self._query = import_module("whoosh.query")
        self._query.Or.matcher_type = self._query.Or.ARRAY_MATCHER
        self._searcher = import_module("whoosh.index").open_dir(str(folder)).searcher()

    def prepare(self, terms: Sequence[str]) -> Any:
        return self._query.Or([self._query.Term("terms", term) for term in terms])

    def best(self, question: Any, k: int) -> list[int]:
        found = self._searcher.search(question, limit=k)
        return [found.docnum(place) for place in range(found.scored_length())]

    @classmethod
    def idf(cls, held: Numbers, size: int) -> Numbers:
        return np.log(size / (held + 1)) + 1


RIVALS: Final[tuple[type[Rival], ...]] = (Own, Bm25s, Bm25sCompiled, Tantivy, Fts5, Whoosh)
