"""danger.toml to compiled cues; every problem in the file is found before any is reported."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kbengine.errors import InvalidDocument, Problem
from kbengine.language import LANGUAGES
from kbengine.triage.pattern import Choice, Matcher, PatternError, Phrase, parse, parse_choice, plain_words
from kbengine.triage.values import ACTS, LEVELS, REACHES, Alarm, Cues, Example, Frame, Idiom, Sign

_TABLES: Final = {
    "idiom": frozenset(LANGUAGES),
    "sign": frozenset({"name", *LANGUAGES}),
    "frame": frozenset({"name", "reach", "lifted_by", *LANGUAGES}),
    "danger": frozenset({"kind", "level", "act", "needs", "despite", *LANGUAGES}),
    "example": frozenset({"text", "expect"}),
}
_MAPS: Final = ("words", "spelling", "emoji")
_AT_LINE = re.compile(r"\(at line (\d+)")
_HINT = "The grammar of phrases stands at the top of kb/danger.toml."

Table = Mapping[str, Any]


def read_cues(text: str, file: str = "danger.toml") -> Cues:
    """The cues of a file; InvalidDocument carries all of its problems."""
    reader = _Reader(text, file)
    cues = reader.cues()
    if reader.problems:
        raise InvalidDocument(
            "danger-invalid",
            f"{file} cannot be used: {len(reader.problems)} problem(s).",
            "Correct them all; until then the last good file stays in use.",
            reader.problems,
            file=file,
        )
    return cues


class _Reader:
    """One pass over one file, collecting problems on the way."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self.data = self._load()
        self.groups = {lang: self._groups(lang) for lang in LANGUAGES}

    def cues(self) -> Cues:
        self._check_keys()
        context = {lang: Matcher(tuple(self._context(lang))) for lang in LANGUAGES}
        tables = [(self._alarm(table), table) for table in self._tables("danger")]
        self._check_names()
        return Cues(
            context,
            Matcher(tuple((phrase, alarm) for alarm, t in tables for lang in LANGUAGES for phrase in self._phrases(t, lang))),
            tuple(alarm for alarm, table in tables if not any(lang in table for lang in LANGUAGES)),
            {lang: self._spelling(lang) for lang in LANGUAGES},
            dict(self._strings("emoji")),
            tuple(self._example(table) for table in self._tables("example")),
        )

    def _load(self) -> Table:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            where = _AT_LINE.search(str(error))
            line = int(where.group(1)) if where else 0
            self._problem("danger-toml", f"this is not TOML: {error}.", "Look for a lost quote, comma or bracket.", line)
            return {}

    def _problem(self, code: str, message: str, hint: str, line: int = 0, **fields: str) -> None:
        self.problems.append(Problem(code, "error", self.file, line, message, hint, fields))

    def _line(self, needle: str) -> int:
        """Where a value stands; TOML does not keep lines, so it is the first place that holds it."""
        at = self.text.find(needle)
        return self.text.count("\n", 0, at) + 1 if at >= 0 else 0

    def _tables(self, name: str) -> list[Table]:
        value = self.data.get(name, [])
        if isinstance(value, list) and all(isinstance(table, dict) for table in value):
            return value
        self._problem("danger-shape", f"{name!r} must be a list of tables.", f"Write [[{name}]].", self._line(name))
        return []

    def _strings(self, *path: str) -> Iterator[tuple[str, str]]:
        """The entries of a table of texts; anything else in it is a problem."""
        table: Any = self.data
        for key in path:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        for key, value in table.items() if isinstance(table, dict) else ():
            if isinstance(value, str):
                yield key, value
            else:
                self._problem("danger-shape", f"{key!r} must be a text.", "Put it between quotes.", self._line(key))

    def _check_keys(self) -> None:
        for key in self.data:
            if key not in _TABLES and key not in _MAPS:
                self._problem("danger-key", f"{key!r} is not known here.", f"Known: {', '.join((*_TABLES, *_MAPS))}.", self._line(key))
        for name, known in _TABLES.items():
            for table in self._tables(name):
                for key in table.keys() - known:
                    self._problem("danger-key", f"[[{name}]] knows no {key!r}.", f"Known: {', '.join(sorted(known))}.", self._line(key))

    def _check_names(self) -> None:
        """Every sign and frame that is leaned on exists."""
        signs = {table.get("name") for table in self._tables("sign")}
        frames = {table.get("name") for table in self._tables("frame")}
        leaned = [("frame", "lifted_by", signs), ("danger", "needs", signs), ("danger", "despite", frames)]
        for table_name, key, known in leaned:
            for table in self._tables(table_name):
                for name in {name for entry in self._names(table, key) for name in entry.split("|")} - known:
                    self._problem("danger-name", f"{key} names {name!r}, which does not exist.", f"Known: {', '.join(sorted(map(str, known)))}.", self._line(f'"{name}"'))

    def _groups(self, lang: str) -> dict[str, Choice]:
        groups: dict[str, Choice] = {}
        for name, words in self._strings("words", lang):
            try:
                groups[name] = parse_choice("|".join(words.split()), groups)
            except PatternError as error:
                self._problem("danger-words", f"word group {name!r}: {error}.", _HINT, self._line(f"{name} ="))
        return groups

    def _spelling(self, lang: str) -> dict[str, tuple[str, ...]]:
        return {key: plain_words(value) for key, value in self._strings("spelling", lang)}

    def _context(self, lang: str) -> Iterator[tuple[Phrase, Sign | Frame | Idiom]]:
        for table in self._tables("idiom"):
            yield from ((phrase, Idiom()) for phrase in self._phrases(table, lang))
        for table in self._tables("sign"):
            sign = Sign(self._one_of(table, "name", ()))
            yield from ((phrase, sign) for phrase in self._phrases(table, lang))
        for table in self._tables("frame"):
            frame = Frame(self._one_of(table, "name", ()), self._one_of(table, "reach", REACHES), self._names(table, "lifted_by"))
            yield from ((phrase, frame) for phrase in self._phrases(table, lang))

    def _phrases(self, table: Table, lang: str) -> Iterator[Phrase]:
        lines = table.get(lang, [])
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            self._problem("danger-shape", f"{lang} must be a list of phrases.", _HINT, self._line(f"{lang} ="))
            return
        for line in lines:
            try:
                yield from parse(line, self.groups[lang])
            except PatternError as error:
                self._problem("danger-phrase", f"{line!r}: {error}.", _HINT, self._line(f'"{line}"'), phrase=line)

    def _alarm(self, table: Table) -> Alarm:
        needs = self._names(table, "needs")
        if not needs and not any(lang in table for lang in LANGUAGES):
            self._problem("danger-empty", "this danger holds no phrases and needs no signs.", "Give it one or the other.")
        return Alarm(
            self._one_of(table, "kind", ()),
            self._one_of(table, "level", LEVELS),
            self._one_of(table, "act", ACTS),
            tuple(frozenset(need.split("|")) for need in sorted(needs)),
            self._names(table, "despite"),
        )

    def _example(self, table: Table) -> Example:
        text = self._one_of(table, "text", ())
        return Example(text, self._one_of(table, "expect", (*LEVELS, "none")), self._line(text))

    def _names(self, table: Table, key: str) -> frozenset[str]:
        names = table.get(key, [])
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return frozenset(names)
        self._problem("danger-shape", f"{key} must be a list of names.", 'Write ["now"].', self._line(key))
        return frozenset()

    def _one_of(self, table: Table, key: str, known: tuple[str, ...]) -> str:
        value = table.get(key)
        if isinstance(value, str) and value and (not known or value in known):
            return value
        self._problem("danger-value", f"{key} is {value!r}.", f"Choose from {', '.join(known) or 'any text'}.", self._line(f'"{value}"'))
        return ""
