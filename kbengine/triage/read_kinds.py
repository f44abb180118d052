"""kinds.toml to compiled cues and acts; every problem in the file is found before any is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kbengine.article import LANGUAGES, MESSAGE_KINDS, NOT_ADDRESSED
from kbengine.errors import InvalidDocument, Problem
from kbengine.triage.kinds import Act, Cue, KindCues
from kbengine.triage.pattern import Matcher, Phrase
from kbengine.triage.reader import CueReader
from kbengine.triage.values import Example, Idiom

KIND_ACTS: Final = ("answer", "ask-back", "hand-over", "hide", "leave")
_LISTS: Final = {
    "idiom": frozenset(LANGUAGES),
    "kind": frozenset({"kind", *LANGUAGES}),
    "example": frozenset({"text", "expect"}),
}
_ACT_KEYS: Final = frozenset({"act", "hand_over_to", "blocks", *LANGUAGES})
_ACTS_FOR: Final = frozenset({*MESSAGE_KINDS, NOT_ADDRESSED})


def read_kinds(text: str, file: str = "kinds.toml", *, strict: bool = True) -> KindCues:
    """The kinds of a file; InvalidDocument carries all of its problems. `strict` is as in `read_cues`."""
    reader = _Reader(text, file, _LISTS, frozenset({"act"}), strict=strict)
    kinds = reader.kinds()
    if reader.problems:
        problems = [
            Problem("kinds.cues", found.level, found.file, found.line, found.message, found.hint, found.fields)
            for found in reader.problems
        ]
        hint = "Correct them all; until then the last good file stays in use."
        message = f"{file} cannot be used: {len(problems)} problem(s)."
        raise InvalidDocument("kinds.invalid", message, hint, problems, file=file)
    return kinds


class _Reader(CueReader):
    """One pass over a file of kinds."""

    def kinds(self) -> KindCues:
        self.check_keys()
        idioms = ((phrase, Idiom()) for table in self.tables("idiom") for phrase in self.phrases(table, *LANGUAGES))
        return KindCues(
            Matcher(tuple(idioms)),
            Matcher(tuple(self._cues())),
            {lang: self.spelling(lang) for lang in LANGUAGES},
            self.emoji(),
            dict(self._acts()),
            tuple(self._example(table) for table in self.tables("example")),
        )

    def _cues(self) -> Iterator[tuple[Phrase, Cue]]:
        for rank, table in enumerate(self.tables("kind")):
            cue = Cue(rank, self.one_of(table, "kind", MESSAGE_KINDS))
            yield from ((phrase, cue) for phrase in self.phrases(table, *LANGUAGES))

    def _acts(self) -> Iterator[tuple[str, Act]]:
        tables = self.data.get("act", {})
        if not isinstance(tables, dict):
            self.problem("danger-shape", "act", "act is not a table.", "Write [act.thanks].")
            return
        for name, table in tables.items():
            if name not in _ACTS_FOR or not isinstance(table, dict):
                hint = f"Write [act.…] for {', '.join(sorted(_ACTS_FOR))}."
                self.problem("danger-value", f"[act.{name}", f"{name!r} is no kind of message.", hint)
                continue
            yield name, self._act(name, table)

    def _act(self, name: str, table: Mapping[str, Any]) -> Act:
        for key in sorted(set(table) - _ACT_KEYS):
            hint = f"Known: {', '.join(sorted(_ACT_KEYS))}."
            self.problem("danger-key", key, f"{key!r} is not known in [act.{name}].", hint)
        text = {lang: self.one_of(table, lang) for lang in LANGUAGES if lang in table}
        if not text:
            self.problem("danger-empty", f"[act.{name}]", f"[act.{name}] says nothing.", 'Write nl = "…".')
        to = self.one_of(table, "hand_over_to") if "hand_over_to" in table else ""
        return Act(self.one_of(table, "act", KIND_ACTS), text, to, self.names(table, "blocks"))

    def _example(self, table: Mapping[str, Any]) -> Example:
        return Example(self.one_of(table, "text"), self.one_of(table, "expect", MESSAGE_KINDS))
