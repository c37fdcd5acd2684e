"""What the events of a unit are called: those the product makes itself have English codes, the office's own a name."""

from __future__ import annotations

EVENT_NAMES = {
    "commission.done": "约稿完成",
    "commission.missed": "约稿未报",
    "commission.late": "约稿逾期",
    "feedback.missed": "批示反馈未报",
    "feedback.late": "批示反馈逾期",
    "urgent.late": "紧急信息迟报",
    "urgent.missed": "紧急信息漏报",
    "urgent.concealed": "紧急信息瞒报",
    "urgent.false": "紧急信息谎报",
    "quality.error": "信息差错",
    "quality.untrue": "信息失实",
    "criticised": "被上级通报批评",
    "adjustment": "人工调整",
}


def event_name(event: str) -> str:
    """The name people read; an event the office named itself (培训) is its own name."""
    return EVENT_NAMES.get(event, event)
