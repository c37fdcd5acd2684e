"""Asking: own and other units' scores, rankings, the measure, the journals."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from plugins.asking import points, ranking, rules, visuals

__plugin_meta__ = PluginMetadata(
    name="查询",
    description="查得分、排名、考评办法和刊物",
    usage="/我的得分 10月；/排名 上月 县区；/规则 联合报送",
    type="application",
)

__all__ = ["points", "ranking", "rules", "visuals"]
