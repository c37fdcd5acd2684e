"""Groups that register themselves: on WeChat Work nobody can look up a group's number, so the group says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import BadInput, NotFound
from domain.moment import to_ms
from domain.roster import GROUP_PURPOSES, Group, Person
from storage import audit, roster, roster_write, webhook
from storage.engine import Tx
from storage.roster_write import PutGroup

WEBHOOK_PLATFORM = "wecom"
UNNAMED = "未命名群"

_KEY = re.compile(r"(?:https?://\S*[?&]key=)?([0-9A-Za-z-]{16,64})")


def register(tx: Tx, actor: Person, platform: str, group_no: str, words: Sequence[str], now: datetime) -> Group:
    """Register a group, or change what it is for: `words` may hold a purpose and a name. Returns it as it is now."""
    old = _find(tx, platform, group_no, now)
    purpose = next((word for word in words if word in GROUP_PURPOSES), old.purpose if old else GROUP_PURPOSES[0])
    name = " ".join(word for word in words if word not in GROUP_PURPOSES) or (old.name if old else UNNAMED)
    known, owner = (old.id, old.owner_id) if old else (None, None)
    roster_write.apply(tx, [PutGroup(known, platform, group_no, name[:50], purpose, owner)], now)
    audit.write(tx, to_ms(now), f"person:{actor.id}", "group.register", f"group:{platform}:{group_no}", purpose)
    tx.touch("roster")
    found = _find(tx, platform, group_no, now)
    assert found is not None, "it was just written"
    return found


def _find(tx: Tx, platform: str, group_no: str, now: datetime) -> Group | None:
    known = roster.groups(tx, now.date())
    return next((group for group in known if (group.platform, group.group_no) == (platform, group_no)), None)


@dataclass(frozen=True, slots=True)
class Hooked:
    """A registered group, and whether it has a webhook's key."""

    group: Group
    has_key: bool


def hooked(tx: Tx, now: datetime) -> list[Hooked]:
    """The registered groups that could have a webhook."""
    keys = webhook.keys(tx, WEBHOOK_PLATFORM)
    groups = (group for group in roster.groups(tx, now.date()) if group.platform == WEBHOOK_PLATFORM)
    return [Hooked(group, group.group_no in keys) for group in groups]


def attach_webhook(tx: Tx, actor: Person, words: str, written: str, now: datetime) -> Group:
    """Give the group of a name or number its webhook's key, written alone or as the whole address."""
    group = _named(tx, words, now)
    match = _KEY.fullmatch(written)
    if match is None:
        raise BadInput(reason="这不像群机器人的密钥。请粘贴完整的 Webhook 地址。")
    webhook.put(tx, WEBHOOK_PLATFORM, group.group_no, match[1])
    _note(tx, actor, "webhook.attach", group, now)
    return group


def detach_webhook(tx: Tx, actor: Person, words: str, now: datetime) -> Group:
    """Forget the key of a group."""
    group = _named(tx, words, now)
    if not webhook.drop(tx, WEBHOOK_PLATFORM, group.group_no):
        raise NotFound(what=f"{group.name}的群机器人", hint="写在配置文件里的，要在配置文件里删。")
    _note(tx, actor, "webhook.detach", group, now)
    return group


def _note(tx: Tx, actor: Person, action: str, group: Group, now: datetime) -> None:
    """The key itself is written nowhere else."""
    audit.write(tx, to_ms(now), f"person:{actor.id}", action, f"group:{group.platform}:{group.group_no}", "")
    tx.touch("roster")


def _named(tx: Tx, words: str, now: datetime) -> Group:
    groups = [one.group for one in hooked(tx, now)]
    found = [group for group in groups if words in (group.name, group.group_no)]
    found = found or [group for group in groups if words and words in group.name]
    if len(found) == 1:
        return found[0]
    names = "、".join(group.name for group in groups) or "还没有，请先在群里发“@机器人 绑定本群”"
    if found:
        raise BadInput(reason=f"“{words[:20]}”对得上几个群，请写全名：{names}")
    raise NotFound(what=f"企业微信群“{words[:20]}”", hint=f"登记过的群：{names}。")
