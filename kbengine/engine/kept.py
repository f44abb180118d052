"""What took long to work out, kept while it is likely to be asked again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, Final, TypeVar

Value = TypeVar("Value")

_MOST: Final = 64


class Kept:
    """The last few values that were worked out, by a key that says what they were worked out from.

    Threads may share it: who asks for what another is working out waits for that one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._futures: OrderedDict[str, Future[Any]] = OrderedDict()

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        """The value of a key, worked out when nobody did yet; what `make` raises is raised, and not kept."""
        with self._lock:
            future: Future[Value] | None = self._futures.get(key)
            first = future is None
            if future is None:
                future = self._futures[key] = Future()
            self._futures.move_to_end(key)
            while len(self._futures) > _MOST:
                self._futures.popitem(last=False)
        if first:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._futures.pop(key, None)
                future.set_exception(error)
        return future.result()
