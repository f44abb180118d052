"""The product's languages, and their tables of words: the small ones, and how the street spells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from kbengine.language.tokens import fold

LANGUAGES: Final = ("nl", "fr", "en", "de")
_TABLES: Final = {name: Path(__file__).with_name(f"{name}.toml").read_text("utf-8") for name in ("street", "words")}
# Changes with any word in the tables.
TABLES_DIGEST: Final = blake2b("".join(_TABLES.values()).encode(), digest_size=4).hexdigest()


@cache
def small_words(lang: str, *kinds: str) -> frozenset[str]:
    """A language's small words of some kinds (`stop`, `keep`, `hints` …); KeyError for a language not known."""
    table = tomllib.loads(_TABLES["words"])[lang]
    return frozenset(word for kind in kinds for word in table[kind].split())


@cache
def street(lang: str) -> Mapping[str, str]:
    """Folded words as they stand in messages -> what each is read as; "" when it carries no subject."""
    table = tomllib.loads(_TABLES["street"])[lang]
    pairs = (entry.partition("=") for group in table.values() for entry in group.split())
    return {fold(said): plain for said, _, plain in pairs}
