"""What the bulletin's job says it did."""

from __future__ import annotations

NOBODY_ASSESSED = "没有参加考评的单位，没有通报"
SIGNED_BEFORE = "{label}通报已经签发，没有另拟"


def drafted(label: str, state: str, told: int) -> str:
    """For the operator: how far the period is, whom the draft was sent to."""
    reached = f"已私聊信息科{told}人" if told else "信息科没有人绑定账号，没有人收到"
    return f"{label}通报草稿已拟（{state}），{reached}"
