"""The zone's rule for which messages are addressed to it: `[addressed]` of `zone.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WAYS = ("direct", "mention", "own-post")
KEYS = frozenset({"accounts", "names", "counts", "own_posts"})


@dataclass(frozen=True, slots=True)
class Addressed:
    """Our own account names and other names, and which ways of writing to us count.

    `counts` are of WAYS: a direct message, an @ of one of our `accounts`, a comment under our own post. `own_posts`
    are the channels whose messages stand under our own posts.
    """

    accounts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    counts: tuple[str, ...] = WAYS
    own_posts: tuple[str, ...] = ("facebook", "instagram")


def addressed_sound(value: object) -> bool:
    """Whether a table of `zone.toml` is such a rule."""
    if not isinstance(value, dict) or not set(value) <= KEYS:
        return False
    lists = all(isinstance(some, list) and all(isinstance(one, str) for one in some) for some in value.values())
    return lists and set(value.get("counts", WAYS)) <= set(WAYS)


def addressed_of(table: dict[str, Any]) -> Addressed:
    """The rule that a sound table holds; an account may be written with its @ or without."""
    rule = {key: tuple(value) for key, value in table.items()}
    accounts = tuple(name.removeprefix("@").strip() for name in rule.get("accounts", ()))
    return Addressed(**{**rule, "accounts": tuple(filter(None, accounts))})
