"""Text to words: tokens, folded forms, and which language a text is in."""

from __future__ import annotations

from kbengine.language.detect import LANGUAGES, detect
from kbengine.language.tokens import fold, tokens

__all__ = ["LANGUAGES", "detect", "fold", "tokens"]
