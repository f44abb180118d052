"""Words that mean the same: which groups of synonyms a text names, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from kbengine.article import SynonymGroup
from kbengine.language.analyzer import LONGEST, Analyzer, analyzer, stem
from kbengine.language.tokens import fold, tokens
from kbengine.language.words import street

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A synonym as it is compared: the group it names, the keys of its words, and the place of its most telling one."""

    group: str
    words: tuple[Keys, ...]
    anchor: int


def _order(phrase: _Phrase) -> tuple[str, tuple[Keys, ...], int]:
    return phrase.group, phrase.words, phrase.anchor


class Concepts:
    """Groups of synonyms, each language compiled when it is first asked for; threads may share it."""

    def __init__(self, groups: tuple[SynonymGroup, ...], vocabulary: Mapping[str, Set[str]]) -> None:
        self._groups = groups
        self._vocabulary = vocabulary
        self._compiled: dict[str, _Language] = {}

    @classmethod
    def of(cls, groups: Iterable[SynonymGroup], vocabulary: Mapping[str, Set[str]] | None = None) -> Concepts:
        """The concepts of groups; `vocabulary` holds, by language, terms that compounds are split into besides theirs.

        A synonym of small words only (`can I`) names nothing: it would stand in any message.
        """
        return cls(tuple(groups), vocabulary or {})

    def named(self, surfaces: Sequence[str], lang: str) -> tuple[tuple[str, int], ...]:
        """Each group that words of a text (as `tokens` gives them) name, with the place of the first of these words."""
        return tuple((group, start) for group, start, _ in self.found(surfaces, lang))

    def found(self, surfaces: Sequence[str], lang: str) -> tuple[tuple[str, int, int], ...]:
        """Each group that words of a text name, with the place of the first of these words and of the one after them.

        Words are compared by their stem, small words inside a phrase as they stand; a part of a compound counts too.
        Of a group, a phrase that stands inside a longer one is not named again.
        """
        compiled = self._compiled.get(lang)
        if compiled is None:
            # Two threads may both compile it: the same, and either will do.
            compiled = _Language(lang, self._groups, self._vocabulary.get(lang, frozenset()))
            self._compiled[lang] = compiled
        return compiled.found(surfaces)


class _Language:
    """The synonyms of one language, by the keys of their most telling word: small ones stand in every message."""

    def __init__(self, lang: str, groups: Iterable[SynonymGroup], vocabulary: Set[str]) -> None:
        self._lang = lang
        self._phrases = _compiled(lang, tuple((group.name, tuple(group.words.get(lang, ()))) for group in groups))
        self._splitting = Analyzer(lang, vocabulary | self._phrases.keys())
        self._anchored = lru_cache(maxsize=32_768)(self._phrases_at)

    def found(self, surfaces: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
        """Which groups these words name, and from where to where, in reading order."""
        matches = {
            (start, start + len(phrase.words), phrase.group)
            for place, surface in enumerate(surfaces if self._phrases else ())
            for phrase in self._anchored(surface)
            if (start := place - phrase.anchor) >= 0 and self._stands(phrase, surfaces, start)
        }
        until: dict[str, int] = {}
        found = []
        for start, end, group in sorted(matches, key=lambda match: (match[0], -match[1], match[2])):
            if end > until.get(group, 0):
                until[group] = end
                found.append((group, start, end))
        return tuple(found)

    def _phrases_at(self, surface: str) -> tuple[_Phrase, ...]:
        """The phrases of which a word, or a part of it, may be the most telling one."""
        keys = dict.fromkeys((*word_keys(surface, self._lang), *self._splitting.of_word(surface)))
        return tuple(dict.fromkeys(phrase for key in keys for phrase in self._phrases.get(key, ())))

    def _stands(self, phrase: _Phrase, surfaces: Sequence[str], start: int) -> bool:
        """Whether a phrase's other words stand round its most telling one."""
        if len(phrase.words) == 1:
            return True
        if start + len(phrase.words) > len(surfaces):
            return False
        for at, keys in enumerate(phrase.words):
            if at != phrase.anchor and not any(key in keys for key in word_keys(surfaces[start + at], self._lang)):
                return False
        return True


@lru_cache(maxsize=8)
def _compiled(lang: str, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[_Phrase, ...]]:
    """The phrases of a language by what their most telling word is compared by; the same groups are compiled once."""
    found: defaultdict[str, set[_Phrase]] = defaultdict(set)
    for name, words in groups:
        for surfaces in map(tokens, words):
            telling = [place for place, surface in enumerate(surfaces) if analyzer(lang).plain(surface)]
            if telling:
                anchor = max(telling, key=[len(surface) for surface in surfaces].__getitem__)
                phrase = _Phrase(name, tuple(word_keys(surface, lang) for surface in surfaces), anchor)
                for key in phrase.words[anchor]:
                    found[key].add(phrase)
    return {key: tuple(sorted(some, key=_order)) for key, some in found.items()}


@lru_cache(maxsize=65_536)
def word_keys(surface: str, lang: str) -> Keys:
    """What a word (as `tokens` gives it) is compared by: its stem in plain spelling, without accents and as written.

    A small word is compared by its folded form, and as the street's spelling of another by that one too.
    """
    plain = analyzer(lang).plain(surface)
    if not plain:
        small = fold(surface[:LONGEST])
        return tuple(dict.fromkeys((small, fold(street(lang).get(small, "")) or small)))
    return tuple(dict.fromkeys(stem(form, lang) for form in (plain, fold(plain), surface[:LONGEST])))
