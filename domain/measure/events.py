"""What happens to units beside their items: events with a code the product makes itself, and the office's own words."""

from __future__ import annotations

EVENTS = {
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
}
"""The events the product knows; an office names further ones in its own words (`培训`)."""
