"""Text to words and terms, and which language a text is in; knows words, not subjects."""

from __future__ import annotations

from kbengine.language.analyzer import ANALYZER_VERSION, Analyzer, Term, analyzer
from kbengine.language.compounds import split
from kbengine.language.concepts import Concepts, word_keys
from kbengine.language.detect import LANGUAGES, detect
from kbengine.language.tokens import fold, spans, tokens

__all__ = [
    "ANALYZER_VERSION",
    "LANGUAGES",
    "Analyzer",
    "Concepts",
    "Term",
    "analyzer",
    "detect",
    "fold",
    "spans",
    "split",
    "tokens",
    "word_keys",
]
