"""Text to words and terms, and which language a text is in; knows words, not subjects."""

from __future__ import annotations

from kbengine.language.analyzer import ANALYZER_VERSION, Analyzer, Term, analyzer
from kbengine.language.compounds import split
from kbengine.language.concepts import Concepts, word_keys
from kbengine.language.detect import detect
from kbengine.language.ease import reading_ease, words_of
from kbengine.language.lemmas import is_word, make_tables, use_tables
from kbengine.language.spelling import Spelling
from kbengine.language.syllables import syllables
from kbengine.language.tokens import fold, spans, tokens
from kbengine.language.words import LANGUAGES, small_words

__all__ = [
    "ANALYZER_VERSION",
    "LANGUAGES",
    "Analyzer",
    "Concepts",
    "Spelling",
    "Term",
    "analyzer",
    "detect",
    "fold",
    "is_word",
    "make_tables",
    "reading_ease",
    "small_words",
    "spans",
    "split",
    "syllables",
    "tokens",
    "use_tables",
    "word_keys",
    "words_of",
]
