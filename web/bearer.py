"""Programs come in by a token, and to the API only: no cookie is looked at, and no session is made."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Final

from flask import current_app, g, request

from kbengine.errors import NotAllowed, SignInError, TooOften
from kbengine.history import Scope
from web.context import bearer, engine, on_api

# So many requests a minute of one token, in each process that serves pages.
A_MINUTE: Final = 600
MAX_BODY: Final = 256_000
SPAN: Final = 60

# What a token must be good for; whatever does not stand here needs one that is good for everything.
SCOPES: Final[Mapping[str, Scope]] = {
    "api.suggest": Scope.SUGGEST,
    "api.search": Scope.READ,
    "api.answers": Scope.READ,
    "api.answer": Scope.READ,
}


class Rate:
    """Counts the requests of each token, afresh every minute; kept in memory only, and as no secret."""

    def __init__(self) -> None:
        self._minute = 0
        self._counts: Counter[int] = Counter()
        self._lock = threading.Lock()

    def take(self, secret: str, seconds: float) -> int:
        """Count one request at a moment of a clock; the seconds to wait when that is one too many, else 0."""
        minute, past = divmod(int(seconds), SPAN)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, Counter()
            self._counts[hash(secret)] += 1
            return SPAN - past if self._counts[hash(secret)] > A_MINUTE else 0


def admitted(endpoint: str) -> bool:
    """Whether a program asks the API with a token that is good for it; False for a page, asked by a browser.

    Raises SignInError, NotAllowed, TooOften.
    """
    secret = bearer()
    if not on_api():
        if secret:
            hint = "Use the API, or sign in with a browser."
            raise NotAllowed("token.page", "A token does not open pages.", hint)
        return False
    if not secret:
        raise SignInError("token.none", "There is no token.", "Send it as `Authorization: Bearer kb_…`.")
    g.program = engine().people.by_token(secret, SCOPES.get(endpoint, Scope.ALL))
    wait = _rate().take(secret, time.monotonic())
    if wait:
        message = f"This token asked more than {A_MINUTE} times in a minute."
        raise TooOften("api.rate", message, "Wait, then ask again.", seconds=str(wait))
    request.max_content_length = MAX_BODY
    return True


def _rate() -> Rate:
    rate: Rate = current_app.extensions.setdefault("kb_rate", Rate())
    return rate
