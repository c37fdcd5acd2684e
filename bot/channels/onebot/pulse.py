"""Whether a OneBot endpoint is really there. A connection alone proves little: a half-open socket looks open, and an
endpoint whose QQ account was logged out keeps its socket and beats on (NapCat #1816)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from domain.moment import Clock, to_ms

MISSED_BEATS = 3
# In a burst the wall clock is not asked for every frame.
NOTED_SECONDS = 0.5


class Pulse:
    """Fed with connections and frames; tells whether the endpoint is alive, and since when it was not heard.

    `clock` dates what was heard (it may be moved by hand on the practice page); silence is measured with `monotonic`
    seconds.
    """

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._connected = False
        self._online = True
        self._interval = 0.0
        self._frame_at = 0.0
        self._heard_ms = 0
        self._noted_at = 0.0
        self._gap_ms: int | None = None

    @property
    def trouble(self) -> str:
        """Why nobody is there, in words for the operator; '' if somebody is."""
        if not self._connected:
            return "没有连接"
        if not self._online:
            return "QQ 已掉线"
        if self._interval and self._monotonic() - self._frame_at > MISSED_BEATS * self._interval:
            return f"{MISSED_BEATS} 个心跳周期没有动静"
        return ""

    @property
    def heard_ms(self) -> int:
        """When a living endpoint was last heard, UTC ms; 0 if never."""
        return self._heard_ms

    def resume_from(self, heard_ms: int) -> None:
        """When an endpoint was heard before this program started, UTC ms."""
        self._heard_ms = max(self._heard_ms, heard_ms)

    def opened(self) -> None:
        """A connection stands."""
        before = self.trouble
        self._connected, self._online, self._interval = True, True, 0.0
        self._frame_at = self._monotonic()
        self._note(before)

    def closed(self) -> None:
        """The connection is gone."""
        self._connected = False

    def frame(self, frame: Mapping[str, Any]) -> None:
        """A frame came; a heartbeat also tells its interval and whether the account is logged in."""
        before = self.trouble
        self._frame_at = self._monotonic()
        if frame.get("meta_event_type") == "heartbeat":
            self._beat(frame)
        self._note(before)

    def _beat(self, frame: Mapping[str, Any]) -> None:
        interval, status = frame.get("interval"), frame.get("status")
        if isinstance(interval, int) and interval > 0:
            self._interval = interval / 1000
        self._online = not isinstance(status, Mapping) or status.get("online") is not False

    def _note(self, before: str) -> None:
        if self.trouble:
            return
        if before and not self._gap_ms:
            self._gap_ms = self._heard_ms
        if before or self._frame_at - self._noted_at >= NOTED_SECONDS:
            self._noted_at = self._frame_at
            self._heard_ms = to_ms(self._clock.now())

    def take_gap(self) -> int | None:
        """Once after each silence that has ended: when the endpoint was heard before it (UTC ms, 0: never)."""
        gap, self._gap_ms = self._gap_ms, None
        return gap
