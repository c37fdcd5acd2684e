"""What people read when they send items."""

from __future__ import annotations

from domain.moment import show_time
from services.submission import Taken


def receipt(taken: Taken) -> str:
    return f"收到 {taken.item.name} {show_time(taken.at_ms)}"
