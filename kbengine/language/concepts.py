"""Words that mean the same: which groups of synonyms a text names, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from kbengine.article import SynonymGroup
from kbengine.language.analyzer import Analyzer, analyzer, stem
from kbengine.language.detect import LANGUAGES
from kbengine.language.tokens import fold, tokens

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A synonym as it is compared: the group it names, and the keys of each word after its first."""

    group: str
    rest: tuple[Keys, ...]


class Concepts:
    """Groups of synonyms, compiled; threads may share it."""

    def __init__(self, compiled: Mapping[str, _Language]) -> None:
        self._compiled = compiled

    @classmethod
    def of(cls, groups: Iterable[SynonymGroup], vocabulary: Mapping[str, Set[str]] | None = None) -> Concepts:
        """The groups compiled; `vocabulary` holds, by language, the terms that compounds are split into besides theirs.

        A synonym of small words only (`can I`) names nothing: it would stand in any message.
        """
        listed = tuple(groups)
        return cls({lang: _Language(lang, listed, (vocabulary or {}).get(lang, frozenset())) for lang in LANGUAGES})

    def named(self, surfaces: Sequence[str], lang: str) -> tuple[tuple[str, int], ...]:
        """Each group that words of a text (as `tokens` gives them) name, with the place of the first of these words."""
        return tuple((group, start) for group, start, _ in self.found(surfaces, lang))

    def found(self, surfaces: Sequence[str], lang: str) -> tuple[tuple[str, int, int], ...]:
        """Each group that words of a text name, with the place of the first of these words and of the one after them.

        Words are compared by their stem, small words inside a phrase as they stand; a part of a compound counts too.
        Of a group, a phrase that stands inside a longer one is not named again.
        """
        return self._compiled[lang].found(surfaces)


class _Language:
    """The synonyms of one language, by the keys of their first word, the longest first."""

    def __init__(self, lang: str, groups: Iterable[SynonymGroup], vocabulary: Set[str]) -> None:
        self._lang = lang
        found: defaultdict[str, set[_Phrase]] = defaultdict(set)
        for group in groups:
            for word in group.words.get(lang, ()):
                surfaces = tokens(word)
                if any(analyzer(lang).plain(surface) for surface in surfaces):
                    first, *rest = (word_keys(surface, lang) for surface in surfaces)
                    for key in first:
                        found[key].add(_Phrase(group.name, tuple(rest)))
        self._phrases = {
            key: tuple(sorted(some, key=lambda phrase: (-len(phrase.rest), phrase.group, phrase.rest)))
            for key, some in found.items()
        }
        self._splitting = Analyzer(lang, vocabulary | self._phrases.keys())
        self._begun = lru_cache(maxsize=32_768)(self._phrases_at)

    def found(self, surfaces: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
        """Which groups these words name, and from where to where."""
        found: dict[tuple[str, int, int], None] = {}
        until: dict[str, int] = {}
        for place, surface in enumerate(surfaces) if self._phrases else ():
            for phrase in self._begun(surface):
                end = place + 1 + len(phrase.rest)
                if end > until.get(phrase.group, 0) and self._follow(surfaces[place + 1 : end], phrase.rest):
                    until[phrase.group] = end
                    found[phrase.group, place, end] = None
        return tuple(found)

    def _phrases_at(self, surface: str) -> tuple[_Phrase, ...]:
        """The phrases that may begin with a word, or with a part of it."""
        keys = dict.fromkeys((*word_keys(surface, self._lang), *self._splitting.of_word(surface)))
        return tuple(dict.fromkeys(phrase for key in keys for phrase in self._phrases.get(key, ())))

    def _follow(self, surfaces: Sequence[str], rest: Sequence[Keys]) -> bool:
        if len(surfaces) != len(rest):
            return False
        pairs = zip(surfaces, rest, strict=True)
        return all(not set(word_keys(surface, self._lang)).isdisjoint(keys) for surface, keys in pairs)


def word_keys(surface: str, lang: str) -> Keys:
    """What a word (as `tokens` gives it) is compared by: its stem in plain spelling, without accents and as written.

    A small word is compared by its folded form.
    """
    plain = analyzer(lang).plain(surface)
    if not plain:
        return (fold(surface),)
    return tuple(dict.fromkeys(stem(form, lang) for form in (plain, fold(plain), surface)))
