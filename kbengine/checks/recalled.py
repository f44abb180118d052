"""What an article remembers rather than read somewhere: what must be checked, and where, before anybody vouches."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbengine.article import Article, Header, VariantName
from kbengine.checks.scope import Scope
from kbengine.errors import Problem

RECALLED = "recalled"
# How the internal part says it, in each language an internal part is written in.
_SAID = re.compile(r"\b(?:na te kijken|à vérifier|to be checked|zu prüfen)\b", re.IGNORECASE)
_LIST_SIGN = re.compile(r"^(?:\d+\.|-)\s+")


def to_check(article: Article, header: Header) -> tuple[str, ...]:
    """The lines of the internal part of a recalled article that say what must be checked, and where."""
    if header.certainty != RECALLED:
        return ()
    variants = [article.variant(name) for name in (VariantName.INTERNAL, VariantName.DEFAULT)]
    lines = [line for variant in variants if variant for line in variant.text.split("\n")]
    return tuple(_LIST_SIGN.sub("", line) for line in lines if _SAID.search(line))


def recalled(scope: Scope) -> Iterator[Problem]:
    """A recalled article whose validator is not told what to look up."""
    for text in scope.articles:
        header = text.article.header
        if header is not None and header.certainty == RECALLED and not to_check(text.article, header):
            message = "It was recalled, and nothing says what must be checked."
            hint = "In the internal part, say what must be checked, and with whom: Na te kijken …"
            yield Problem("recalled.unsaid", "warning", text.file, 0, message, hint)


def recalled_problems(article: Article, header: Header, file: str) -> Iterator[Problem]:
    """What a validator of this article has to look up first."""
    hint = "Look it up there, then write the source and certainty: verified."
    for line in to_check(article, header):
        message = f"Recalled, not read: {line}"
        yield Problem("recalled.check", "warning", file, 0, message, hint, {"what": line})
