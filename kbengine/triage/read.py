"""danger.toml to compiled cues; every problem in the file is found before any is reported."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, Final

from kbengine.errors import InvalidDocument, Problem
from kbengine.language import LANGUAGES, small_words
from kbengine.triage.pattern import (
    Choice,
    Matcher,
    PatternError,
    Phrase,
    check_joined,
    parse,
    parse_choice,
    plain_words,
)
from kbengine.triage.slips import Slips
from kbengine.triage.values import ACTS, LEVELS, REACHES, Alarm, Cues, Example, Frame, Idiom, Sign

_TABLES: Final = {
    "idiom": frozenset(LANGUAGES),
    "sign": frozenset({"name", *LANGUAGES}),
    "frame": frozenset({"name", "reach", "lifted_by", *LANGUAGES}),
    "danger": frozenset({"kind", "level", "act", "needs", "despite", *LANGUAGES}),
    "example": frozenset({"text", "expect"}),
}
_BY_LANGUAGE: Final = ("words", "spelling")
_AT_LINE = re.compile(r"\(at line (\d+)")
_HINT = "The grammar of phrases stands at the top of kb/danger.toml."

Table = Mapping[str, Any]


def read_cues(text: str, file: str = "danger.toml", *, strict: bool = True) -> Cues:
    """The cues of a file; InvalidDocument carries all of its problems.

    A text already in use is read with `strict` off: a phrase that likely says other than was meant costs
    that phrase, not the whole look at danger.
    """
    reader = _Reader(text, file, strict=strict)
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

    def __init__(self, text: str, file: str, *, strict: bool) -> None:
        self.text = text
        self.file = file
        self.strict = strict
        self.problems: list[Problem] = []
        self.data = self._load()
        self.groups = {lang: self._groups(lang) for lang in LANGUAGES}
        self.words: dict[str, set[str]] = {lang: set() for lang in LANGUAGES}

    def cues(self) -> Cues:
        self._check_keys()
        self._check_names()
        tables = [(self._alarm(table), table) for table in self._tables("danger")]
        context = {lang: Matcher(tuple(self._context(lang))) for lang in LANGUAGES}
        alarms = ((phrase, alarm) for alarm, table in tables for phrase in self._phrases(table, *LANGUAGES))
        return Cues(
            context,
            Matcher(tuple(alarms)),
            tuple(alarm for alarm, table in tables if not _speaks(table)),
            {lang: self._spelling(lang) for lang in LANGUAGES},
            {lang: Slips(self.words[lang], lang) for lang in LANGUAGES},
            self._emoji(),
            tuple(self._example(table) for table in self._tables("example")),
        )

    def _load(self) -> Table:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            where = _AT_LINE.search(str(error))
            self.problems.append(
                Problem(
                    "danger-toml",
                    "error",
                    self.file,
                    int(where.group(1)) if where else 0,
                    f"This is not TOML: {error}.",
                    "Look for a lost quote, comma or bracket.",
                )
            )
            return {}

    def _problem(self, code: str, near: str, message: str, hint: str = _HINT) -> None:
        """Note a problem once; TOML keeps no lines, so it is put at the first place that holds `near`."""
        at = self.text.find(near)
        line = self.text.count("\n", 0, at) + 1 if at >= 0 else 0
        problem = Problem(code, "error", self.file, line, message, hint, {"near": near})
        if problem not in self.problems:
            self.problems.append(problem)

    def _tables(self, name: str) -> list[Table]:
        value = self.data.get(name, [])
        if isinstance(value, list) and all(isinstance(table, dict) for table in value):
            return value
        self._problem("danger-shape", name, f"{name!r} is not a list of tables.", f"Write [[{name}]].")
        return []

    def _strings(self, *path: str) -> Iterator[tuple[str, str]]:
        """The entries of a table of texts; anything else in it is a problem."""
        table: Any = self.data
        for key in path:
            table = table.get(key, {}) if isinstance(table, dict) else None
        if not isinstance(table, dict):
            name = ".".join(path)
            self._problem("danger-shape", path[0], f"{name!r} is not a table.", f"Write [{name}].")
            return
        for key, value in table.items():
            if isinstance(value, str):
                yield key, value
            else:
                self._problem("danger-shape", key, f"{key!r} is not a text.", "Put it between quotes.")

    def _check_keys(self) -> None:
        self._check_known(self.data, {*_TABLES, *_BY_LANGUAGE, "emoji"}, "the file")
        for name in _BY_LANGUAGE:
            by_language = self.data.get(name, {})
            self._check_known(by_language if isinstance(by_language, dict) else (), {*LANGUAGES}, f"[{name}]")
        for name, known in _TABLES.items():
            for table in self._tables(name):
                self._check_known(table, known, f"[[{name}]]")

    def _check_known(self, table: Iterable[str], known: Set[str], where: str) -> None:
        for key in table:
            if key not in known:
                hint = f"Known: {', '.join(sorted(known))}."
                self._problem("danger-key", key, f"{key!r} is not known in {where}.", hint)

    def _check_names(self) -> None:
        """Every sign and frame that is leaned on exists."""
        signs = {str(table.get("name")) for table in self._tables("sign")}
        frames = {str(table.get("name")) for table in self._tables("frame")}
        for kind, key, known in (
            ("frame", "lifted_by", signs),
            ("danger", "needs", signs),
            ("danger", "despite", frames),
        ):
            for table in self._tables(kind):
                for name in {name for entry in self._names(table, key) for name in entry.split("|")} - known:
                    hint = f"Known: {', '.join(sorted(known))}."
                    self._problem("danger-name", name, f"{key}: there is no {name!r}.", hint)

    def _groups(self, lang: str) -> dict[str, Choice]:
        groups: dict[str, Choice] = {}
        for name, words in self._strings("words", lang):
            try:
                groups[name] = parse_choice("|".join(words.split()), groups)
            except PatternError as error:
                self._problem("danger-words", f"{name} =", f"Word group {name!r}: {error}.")
        return groups

    def _spelling(self, lang: str) -> dict[str, tuple[str, ...]]:
        spelling: dict[str, tuple[str, ...]] = {}
        for written, meant in self._strings("spelling", lang):
            words = plain_words(written)
            if len(words) == 1 and plain_words(meant):
                spelling[words[0]] = plain_words(meant)
            else:
                self._problem("danger-spelling", written, f"{written!r} is not one word with a meaning.")
        return spelling

    def _emoji(self) -> dict[str, str]:
        emoji: dict[str, str] = {}
        for sign, meant in self._strings("emoji"):
            words = plain_words(meant)
            if len(sign) == 1 and len(words) == 1:
                emoji[sign] = words[0]
            else:
                self._problem("danger-emoji", sign, f"{sign!r} is not one emoji for one word.")
        return emoji

    def _context(self, lang: str) -> Iterator[tuple[Phrase, Sign | Frame | Idiom]]:
        for table in self._tables("idiom"):
            yield from ((phrase, Idiom()) for phrase in self._phrases(table, lang))
        for table in self._tables("sign"):
            sign = Sign(self._one_of(table, "name"))
            yield from ((phrase, sign) for phrase in self._phrases(table, lang))
        for table in self._tables("frame"):
            reach = self._one_of(table, "reach", REACHES)
            frame = Frame(self._one_of(table, "name"), reach, self._names(table, "lifted_by"))
            yield from ((phrase, frame) for phrase in self._phrases(table, lang))

    def _phrases(self, table: Table, *langs: str) -> Iterator[Phrase]:
        for lang in langs:
            for line in self._names(table, lang, "phrases"):
                try:
                    if self.strict:
                        check_joined(line, small_words(lang, "stop"))
                    phrases = parse(line, self.groups[lang])
                except PatternError as error:
                    self._problem("danger-phrase", f'"{line}"', f"{line!r}: {error}.")
                    continue
                self.words[lang].update(
                    word for phrase in phrases for part in phrase for step in part for word in step.choice.whole
                )
                yield from phrases

    def _alarm(self, table: Table) -> Alarm:
        needs = self._names(table, "needs")
        kind = self._one_of(table, "kind")
        if not needs and not _speaks(table):
            self._problem("danger-empty", kind, f"A danger {kind!r} holds no phrases and needs no signs.")
        return Alarm(
            kind,
            self._one_of(table, "level", LEVELS),
            self._one_of(table, "act", ACTS),
            tuple(frozenset(need.split("|")) for need in needs),
            frozenset(self._names(table, "despite")),
        )

    def _example(self, table: Table) -> Example:
        text = self._one_of(table, "text")
        return Example(text, self._one_of(table, "expect", (*LEVELS, "none")))

    def _names(self, table: Table, key: str, what: str = "names") -> tuple[str, ...]:
        names = table.get(key, [])
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return tuple(names)
        self._problem("danger-shape", f"{key} =", f"{key} is not a list of {what}.", 'Write ["…", "…"].')
        return ()

    def _one_of(self, table: Table, key: str, known: tuple[str, ...] = ()) -> str:
        value = table.get(key)
        if isinstance(value, str) and value and (not known or value in known):
            return value
        hint = f"Choose from {', '.join(known)}." if known else "Write a text."
        self._problem("danger-value", str(value), f"{key} is {value!r}.", hint)
        return ""


def _speaks(table: Table) -> bool:
    return any(lang in table for lang in LANGUAGES)
