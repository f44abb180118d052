"""What every file of cues is read with: tables, word groups, spelling, phrases, and each problem with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, Final

from kbengine.errors import Problem
from kbengine.language import LANGUAGES, small_words
from kbengine.triage.pattern import Choice, PatternError, Phrase, check_joined, parse, parse_choice, plain_words

BY_LANGUAGE: Final = ("words", "spelling")
HINT: Final = "The grammar of phrases stands at the top of kb/danger.toml."
_AT_LINE = re.compile(r"\(at line (\d+)")

Table = Mapping[str, Any]


class CueReader:
    """One pass over one file, collecting problems on the way.

    `lists` are the lists of tables that the file may hold with the keys of each, `others` its other tables.
    """

    def __init__(
        self, text: str, file: str, lists: Mapping[str, frozenset[str]], others: Set[str] = frozenset(), *, strict: bool
    ) -> None:
        self.text = text
        self.file = file
        self.lists = lists
        self.others = others
        self.strict = strict
        self.problems: list[Problem] = []
        self.data = self._load()
        self.groups = {lang: self._groups(lang) for lang in LANGUAGES}
        self.words: dict[str, set[str]] = {lang: set() for lang in LANGUAGES}

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

    def problem(self, code: str, near: str, message: str, hint: str = HINT) -> None:
        """Note a problem once; TOML keeps no lines, so it is put at the first place that holds `near`."""
        at = self.text.find(near)
        line = self.text.count("\n", 0, at) + 1 if at >= 0 else 0
        problem = Problem(code, "error", self.file, line, message, hint, {"near": near})
        if problem not in self.problems:
            self.problems.append(problem)

    def tables(self, name: str) -> list[Table]:
        """The tables of a list, none when it is something else."""
        value = self.data.get(name, [])
        if isinstance(value, list) and all(isinstance(table, dict) for table in value):
            return value
        self.problem("danger-shape", name, f"{name!r} is not a list of tables.", f"Write [[{name}]].")
        return []

    def _strings(self, *path: str) -> Iterator[tuple[str, str]]:
        """The entries of a table of texts; anything else in it is a problem."""
        table: Any = self.data
        for key in path:
            table = table.get(key, {}) if isinstance(table, dict) else None
        if not isinstance(table, dict):
            name = ".".join(path)
            self.problem("danger-shape", path[0], f"{name!r} is not a table.", f"Write [{name}].")
            return
        for key, value in table.items():
            if isinstance(value, str):
                yield key, value
            else:
                self.problem("danger-shape", key, f"{key!r} is not a text.", "Put it between quotes.")

    def check_keys(self) -> None:
        """Every key of the file and of its lists is known."""
        self._check_known(self.data, {*self.lists, *self.others, *BY_LANGUAGE, "emoji"}, "the file")
        for name in BY_LANGUAGE:
            by_language = self.data.get(name, {})
            self._check_known(by_language if isinstance(by_language, dict) else (), {*LANGUAGES}, f"[{name}]")
        for name, known in self.lists.items():
            for table in self.tables(name):
                self._check_known(table, known, f"[[{name}]]")

    def _check_known(self, table: Iterable[str], known: Set[str], where: str) -> None:
        for key in table:
            if key not in known:
                hint = f"Known: {', '.join(sorted(known))}."
                self.problem("danger-key", key, f"{key!r} is not known in {where}.", hint)

    def _groups(self, lang: str) -> dict[str, Choice]:
        groups: dict[str, Choice] = {}
        for name, words in self._strings("words", lang):
            try:
                groups[name] = parse_choice("|".join(words.split()), groups)
            except PatternError as error:
                self.problem("danger-words", f"{name} =", f"Word group {name!r}: {error}.")
        return groups

    def spelling(self, lang: str) -> dict[str, tuple[str, ...]]:
        """How people write, and the words they mean."""
        spelling: dict[str, tuple[str, ...]] = {}
        for written, meant in self._strings("spelling", lang):
            words = plain_words(written)
            if len(words) == 1 and plain_words(meant):
                spelling[words[0]] = plain_words(meant)
            else:
                self.problem("danger-spelling", written, f"{written!r} is not one word with a meaning.")
        return spelling

    def emoji(self) -> dict[str, str]:
        """The emoji that count as a word."""
        emoji: dict[str, str] = {}
        for sign, meant in self._strings("emoji"):
            words = plain_words(meant)
            if len(sign) == 1 and len(words) == 1:
                emoji[sign] = words[0]
            else:
                self.problem("danger-emoji", sign, f"{sign!r} is not one emoji for one word.")
        return emoji

    def phrases(self, table: Table, *langs: str) -> Iterator[Phrase]:
        """The phrases of a table in these languages."""
        for lang in langs:
            for line in self.names(table, lang, "phrases"):
                try:
                    if self.strict:
                        check_joined(line, small_words(lang, "stop"))
                    phrases = parse(line, self.groups[lang])
                except PatternError as error:
                    self.problem("danger-phrase", f'"{line}"', f"{line!r}: {error}.")
                    continue
                self.words[lang].update(
                    word for phrase in phrases for part in phrase for step in part for word in step.choice.whole
                )
                yield from phrases

    def names(self, table: Table, key: str, what: str = "names") -> tuple[str, ...]:
        """A list of texts under a key, empty when there is none."""
        names = table.get(key, [])
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return tuple(names)
        self.problem("danger-shape", f"{key} =", f"{key} is not a list of {what}.", 'Write ["…", "…"].')
        return ()

    def one_of(self, table: Table, key: str, known: tuple[str, ...] = ()) -> str:
        """A text under a key, one of those known where they are given."""
        value = table.get(key)
        if isinstance(value, str) and value and (not known or value in known):
            return value
        hint = f"Choose from {', '.join(known)}." if known else "Write a text."
        self.problem("danger-value", str(value), f"{key} is {value!r}.", hint)
        return ""

    def number(self, table: Table, key: str, otherwise: int) -> int:
        """A whole number under a key, another when there is none."""
        value = table.get(key, otherwise)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.problem("danger-value", f"{key} =", f"{key} is {value!r}.", "Write a whole number, without quotes.")
        return otherwise
