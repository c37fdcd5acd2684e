"""What the 保密员 reads."""

from __future__ import annotations

from collections.abc import Sequence

from domain.moment import show_time
from services.secrecy import Hit

NONE = "还没有消息被拦下。"
HEAD = "最近被拦下的消息（内容一律不保存）："
MORE = "更早的请运维导出。"


def listed(hits: Sequence[Hit], limit: int) -> str:
    """The latest refusals, a line each."""
    if not hits:
        return NONE
    lines = [f"{show_time(hit.at_ms)} {hit.place}：{hit.rule}" for hit in hits[:limit]]
    return "\n".join([HEAD, *lines, *([MORE] if len(hits) > limit else [])])
