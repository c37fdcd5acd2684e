"""Points explained: every number down to its lines, tallies of persons and sections, tasks, events, the year's end."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from plugins.points import events, progress, tally, why, yearend

__plugin_meta__ = PluginMetadata(
    name="计分",
    description="得分明细、个人和科室统计、任务进度、加减分登记、年终",
    usage="/得分明细 10月；/得分明细 云山县 上月 采用分",
    type="application",
)

__all__ = ["events", "progress", "tally", "why", "yearend"]
