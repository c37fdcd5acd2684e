"""The service's clock: the wall's, or one that stands until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Aware time. Given a start it stands there; without one it runs with the wall clock."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return (self._start or datetime.now(UTC)) + self._ahead

    def advance(self, seconds: float) -> None:
        """Jump ahead; whatever lives for a while on the service (tokens, files, streams) grows older."""
        self._ahead += timedelta(seconds=seconds)

    def seconds(self) -> int:
        """Seconds since the epoch, as payloads carry them."""
        return int(self().timestamp())
