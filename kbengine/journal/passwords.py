"""Passwords: which ones will do, and their Argon2id hashes. What is checked is exactly what is hashed."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from kbengine.errors import SignInError

LEAST, MOST = 12, 128
# What is longer is refused before it is looked at.
MOST_BYTES = 1024
_LEAST_SIGNS = 5
_LEAST_OWN_LETTERS = 4
# Twice what OWASP asks at least (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1, type=Type.ID)
# Each hash takes 64 MB: so many at once is the most a process gives to signing in.
_AT_ONCE = BoundedSemaphore(4)
_LOOKS_LIKE = str.maketrans("01345@$!|", "oieasasii")
_WORDS = Path(__file__).with_name("passwords.toml")


def normal(password: str) -> str:
    """A password in the one spelling that keyboards do not agree on."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, context: Iterable[str]) -> None:
    """Refuse a password that is too short or long, or that people try first; raises SignInError.

    `context` is what anybody knows of the account: its login and name, the zone's name.
    """
    if oversized(password) or not LEAST <= len(normal(password)) <= MOST:
        message = f"A password has {LEAST} to {MOST} characters."
        raise SignInError("password.length", message, "Take a few words that only you put together.")
    text = normal(password).casefold()
    letters = text.translate(_LOOKS_LIKE)
    own = letters
    for word in sorted({*_common(), *_words_of(context)}, key=len, reverse=True):
        own = own.replace(word, " ")
    known = own != letters
    own = re.sub(r"[\W\d_]", "", own)
    if len(set(text)) < _LEAST_SIGNS or not re.search(r"[^\W\d_]", text) or (known and len(own) < _LEAST_OWN_LETTERS):
        message = "This password is among those that are tried first."
        raise SignInError("password.common", message, "Take a few words that only you put together.")


def oversized(password: str) -> bool:
    """Whether it is too large to be anybody's password, so that no work is done on it."""
    return len(password) > MOST_BYTES or len(password.encode("utf-8", "replace")) > MOST_BYTES


@cache
def _common() -> frozenset[str]:
    words = tomllib.loads(_WORDS.read_text(encoding="utf-8"))["words"]
    return frozenset(word.translate(_LOOKS_LIKE) for word in words)


def _words_of(context: Iterable[str]) -> set[str]:
    found = re.findall(r"[^\W\d_]{3,}", " ".join(context).casefold())
    return {word.translate(_LOOKS_LIKE) for word in found}


def hash_of(password: str) -> str:
    """What is kept of a password, its parameters included."""
    with _AT_ONCE:
        return HASHER.hash(normal(password).encode("utf-8", "replace"))


def matches(kept: str, password: str) -> bool:
    """Whether this is the password; takes as long when nothing is kept, so that nobody learns who exists."""
    with _AT_ONCE:
        try:
            HASHER.verify(kept or _nobody(), normal(password).encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept)


def outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return HASHER.hash(b"the password of nobody, who cannot sign in")
