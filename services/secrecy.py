"""What was stopped at the door: time, group and rule, for the 保密员; never anything of the content (facts: §6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.moment import show_time, to_ms
from domain.roster import Role
from services.mail import tell
from storage import roster, secrecy
from storage.engine import Tx

KEEPERS = frozenset({Role.SECRECY})
NOTICE = "{at} {place}有一条消息被拦下：{rule}。内容没有保存；已请发送人{action}。发“/拦截记录”看全部。"


@dataclass(frozen=True, slots=True)
class Hit:
    """One message that was stopped; `place` is the group's name, or 私聊."""

    at_ms: int
    place: str
    rule: str


def record(tx: Tx, platform: str, group: str, rule: str, now: datetime, dedup: str) -> None:
    """Keep what may be kept of a refusal and tell the 保密员. `rule` is the rule's Chinese name."""
    now_ms = to_ms(now)
    secrecy.record(tx, now_ms, platform, group, rule)
    place = _place(tx, platform, group, now)
    action = "撤回" if group else "改走规定渠道"
    text = NOTICE.format(at=show_time(now_ms), place=place, rule=rule, action=action)
    for keeper in roster.people(tx, KEEPERS, now.date()):
        tell(tx, keeper.id, text, dedup=f"secrecy:{dedup}", kind="secrecy", now=now)


def hits(tx: Tx, limit: int, now: datetime) -> list[Hit]:
    """The latest refusals, newest first."""
    return [
        Hit(at_ms, _place(tx, platform, group, now), rule) for at_ms, platform, group, rule in secrecy.latest(tx, limit)
    ]


def _place(tx: Tx, platform: str, group: str, now: datetime) -> str:
    if not group:
        return "私聊"
    names = {(g.platform, g.group_no): g.name for g in roster.groups(tx, now.date())}
    return names.get((platform, group), group)
