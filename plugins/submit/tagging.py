"""Tags on what was just sent: the key points of `#要点3` or `要点：3`, and what the receipt says of them."""

from __future__ import annotations

from bot.commands import Call
from domain.item import Item
from domain.tags import Tags
from services.keypoints import Tagged, tag_submitted


def tag_points(call: Call, item: Item, tags: Tags) -> str:
    """Give an item the key points it names; the lines of the receipt ('' if it names none)."""
    if not tags.points:
        return ""
    return _receipt(tag_submitted(call.tx, item, tags.points, call.person, call.now))


def _receipt(tagged: Tagged) -> str:
    lines = [f"\n要点{point.place}：{point.text}" for point in tagged.points]
    if tagged.missing:
        numbers = "、".join(map(str, tagged.missing))
        why = "现在没有有效的报送要点" if tagged.list is None else f"{tagged.list.span.label}要点没有这一条"
        lines.append(f"\n要点{numbers}没有标记：{why}。发“/要点”查看。")
    return "".join(lines)
