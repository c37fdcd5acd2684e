"""What is read about quotas: what was asked, what should be done by today, what is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.moment import show_time, to_ms
from services.progress import UnitProgress

SHOWN, AT_MOST = 10, 60

TITLE = "任务进度"
NOTHING_ASKED = "考评办法没有给这个单位定任务。"
NOBODY = "考评办法没有定任务。"
ALL_WELL = "到今天都跟上了进度。"
HOW = "看一个单位：“/任务进度 单位”；表格加“导出”。"


def one(found: UnitProgress, now: datetime) -> str:
    """Every quota of a unit, a line each, with its article."""
    if not found.quotas:
        return f"{found.unit.label}：{NOTHING_ASKED}"
    lines = [f"{quota.words}（{quota.article}）" for quota in found.quotas]
    well = [ALL_WELL] if not found.behind else []
    return "\n".join([f"{found.unit.label}{TITLE}", *lines, *well, _as_of(now)])


def lagging(found: Sequence[UnitProgress], now: datetime, *, everything: bool) -> str:
    """Who lags behind, most quotas first."""
    if not found:
        return NOBODY
    behind = sorted((unit for unit in found if unit.behind), key=lambda unit: -len(unit.behind))
    head = f"{TITLE}：有任务的{len(found)}个单位，落后{len(behind)}个"
    if not behind:
        return "\n".join([head, ALL_WELL, _as_of(now)])
    shown = behind[: AT_MOST if everything else SHOWN]
    lines = [f"{unit.unit.label}：{'；'.join(quota.words for quota in unit.behind)}" for unit in shown]
    if len(behind) > len(shown):
        lines.append(f"还有{len(behind) - len(shown)}个，发“/任务进度 全部”，或加“导出”。")
    return "\n".join([head, *lines, HOW, _as_of(now)])


def _as_of(now: datetime) -> str:
    return f"截至 {show_time(to_ms(now))}"
