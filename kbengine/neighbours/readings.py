"""What was read of texts, kept by what they say: a text that did not change is not read again, here or elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from kbengine.neighbours.spoken import spoken
from kbengine.neighbours.values import Spoken
from kbengine.reply import Said


class Readings:
    """What variants of texts say; threads may share it."""

    def __init__(self) -> None:
        self._read: dict[str, Spoken] = {}

    def of(self, lang: str, text: str, filled: str, counted: Callable[[], Sequence[Said]]) -> Spoken:
        """What a text says once its values are filled in; `counted` tells what it says in numbers, when need be."""
        key = _key(lang, text, filled)
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = spoken(filled, lang, counted())
        return found


def _key(lang: str, text: str, filled: str) -> str:
    written = "\0".join((lang, text, filled)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(written, digest_size=16).hexdigest()
