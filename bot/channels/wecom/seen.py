"""What was seen lately, within bounds."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

KEPT_SECONDS = 3600.0
KEPT = 10_000


class Seen:
    """Remembers keys for an hour, the newest ten thousand."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def first(self, key: Hashable) -> bool:
        """Whether the key is new; from now on it is not."""
        edge = self._now() - KEPT_SECONDS
        while self._at and (len(self._at) >= KEPT or next(iter(self._at.values())) < edge):
            self._at.popitem(last=False)
        if key in self._at:
            return False
        self._at[key] = self._now()
        return True

    def forget(self, key: Hashable) -> None:
        """The key is new again."""
        self._at.pop(key, None)
