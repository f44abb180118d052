"""Words that mean the same: which groups of synonyms a text names, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from kbengine.article import SynonymGroup
from kbengine.language.analyzer import Analyzer
from kbengine.language.detect import LANGUAGES
from kbengine.language.tokens import fold, tokens


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A synonym as it is compared: the group it names, and the words that follow its first."""

    group: str
    rest: tuple[str, ...]


class Concepts:
    """Groups of synonyms, compiled; threads may share it."""

    def __init__(
        self,
        analyzers: Mapping[str, Analyzer],
        phrases: Mapping[str, Mapping[str, tuple[_Phrase, ...]]],
        languages: frozenset[str],
    ) -> None:
        self._analyzers = analyzers
        self._phrases = phrases
        self.languages = languages

    @classmethod
    def of(cls, groups: Iterable[SynonymGroup], vocabulary: Mapping[str, Set[str]] | None = None) -> Concepts:
        """The groups compiled; `vocabulary` holds, by language, the terms that compounds are split into besides theirs.

        A synonym of small words only (`how do I`) names nothing: it would stand in any message.
        """
        found: dict[str, dict[str, set[_Phrase]]] = {lang: defaultdict(set) for lang in LANGUAGES}
        plain = {lang: Analyzer(lang) for lang in LANGUAGES}
        for group in groups:
            for lang, words in group.words.items():
                for word in words:
                    surfaces = tokens(word)
                    if any(plain[lang].of_word(surface) for surface in surfaces):
                        first, *rest = (_key(plain[lang], surface) for surface in surfaces)
                        found[lang][first].add(_Phrase(group.name, tuple(rest)))
        phrases = {
            lang: {first: tuple(sorted(some, key=lambda p: (-len(p.rest), p.group))) for first, some in table.items()}
            for lang, table in found.items()
        }
        known = vocabulary or {}
        analyzers = {lang: Analyzer(lang, known.get(lang, frozenset()) | phrases[lang].keys()) for lang in LANGUAGES}
        return cls(analyzers, phrases, frozenset(lang for lang in LANGUAGES if phrases[lang]))

    def named(self, surfaces: Sequence[str], lang: str) -> tuple[tuple[str, int], ...]:
        """Each group that words of a text (as `tokens` gives them) name, with the place of the first of these words.

        Words are compared by their stem, small words inside a phrase as they stand; a part of a compound counts too.
        Of a group, a phrase that stands inside a longer one is not named again.
        """
        phrases, analyzer = self._phrases[lang], self._analyzers[lang]
        if not phrases:
            return ()
        found: dict[tuple[str, int], None] = {}
        until: dict[str, int] = {}
        for place, surface in enumerate(surfaces):
            for term in analyzer.of_word(surface) or (fold(surface),):
                for phrase in phrases.get(term, ()):
                    end = place + 1 + len(phrase.rest)
                    if end > until.get(phrase.group, 0) and self._follows(phrase.rest, surfaces, place + 1, analyzer):
                        until[phrase.group] = end
                        found[phrase.group, place] = None
        return tuple(found)

    @staticmethod
    def _follows(rest: Sequence[str], surfaces: Sequence[str], start: int, analyzer: Analyzer) -> bool:
        after = surfaces[start : start + len(rest)]
        return len(after) == len(rest) and all(
            _key(analyzer, surface) == wanted for surface, wanted in zip(after, rest, strict=True)
        )


def _key(analyzer: Analyzer, surface: str) -> str:
    """What a word is compared by: its own stem, or for a small word its folded form."""
    return next(iter(analyzer.of_word(surface)), fold(surface))
