"""Values that are examples: reserved ones, that can reach nobody."""

from __future__ import annotations

import re

# Reserved for examples: the top-level domain (RFC 2606), and subscriber numbers that begin with 0.
_EXAMPLE_VALUE = re.compile(r"[\w./:@-]*\.example\b|\b0\d? 000 00 \d\d\b")


def example_values(text: str) -> tuple[str, ...]:
    """The reserved numbers and addresses in a text, in their order."""
    return tuple(found[0] for found in _EXAMPLE_VALUE.finditer(text))
