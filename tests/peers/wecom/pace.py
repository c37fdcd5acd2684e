"""How often something may happen: sliding windows on the service's own clock."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import Clock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass
class Pace:
    """For each key, at most so many in each of the windows."""

    clock: Clock
    limits: tuple[tuple[int, timedelta], ...]
    _past: dict[Hashable, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, key: Hashable) -> bool:
        """Count one more if every window has room; whether it had."""
        now, past = self.clock(), self._past[key]
        longest = max(window for _, window in self.limits)
        while past and past[0] <= now - longest:
            past.popleft()
        if any(sum(one > now - window for one in past) >= count for count, window in self.limits):
            return False
        past.append(now)
        return True
