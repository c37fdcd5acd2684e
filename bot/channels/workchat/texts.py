"""What the office reads of sends that did not end well on WeChat Work, and the greeting of the AI bot."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.wecom import Kind, State

WELCOME = (
    "您好，我是政务信息报送助手。\n"
    "在这里可以直接发“/报送 标题”（正文写在下面），也可以把文件发给我；在群里要 @ 我，我才看得到。\n"
    "发“/帮助”看全部命令。"
)

HINTS: Mapping[int, str] = {
    40001: "应用的 Secret 不对，或应用被停用。请核对 wecom.app.secret",
    42001: "凭证过期了，程序会自动换新的。一直这样，请核对 wecom.app.secret",
    40014: "凭证失效了，程序会自动换新的。一直这样，请核对 wecom.app.secret",
    40056: "AgentId 不对。请核对 wecom.app.agent_id",
    45009: "调用太频繁，或密钥试错太多，地址被平台封了一小时。等一小时，先把 Secret 改对",
    301002: "AgentId 和 Secret 不是同一个应用的。请核对 wecom.app 一节",
    40013: "企业 ID 不对。请核对 wecom.corp_id",
    50003: "应用被停用。请在管理后台启用",
    60020: "本机地址不在企业可信IP里（{reason}）。请在应用详情页的“企业可信IP”加上这个地址，约一分钟后生效",
    81013: "对方不在应用的可见范围内，或账号不存在。请在管理后台调整可见范围",
    93000: "群机器人的密钥无效或已移除。请重新添加群机器人，再更新密钥",
    93006: "还没有人在这里对智能机器人说过话。请在群里 @ 它一次，或请对方私聊它一句",
    853000: "智能机器人的 ID 或 Secret 不对。请核对 wecom.aibot",
}
"""What to do about an error code."""

KIND_HINTS: Mapping[Kind, str] = {
    Kind.CONFIG: "配置不对（{reason}）。请核对 wecom 一节",
    Kind.PERMISSION: "应用没有权限（{reason}）。请在管理后台检查可见范围和接口权限",
    Kind.RECIPIENT: "对方账号不存在或看不到（{reason}）",
    Kind.GROUP: "群已解散或机器人不在群里（{reason}）",
    Kind.WEBHOOK: "群机器人已停用或移除（{reason}）。请重新添加",
}
"""What to do about the other codes of a kind."""

STATES: Mapping[State, str] = {
    State.IDLE: "还没有开始连接",
    State.CONNECTING: "正在连接",
    State.UP: "",
    State.WAITING: "断开了，稍后自动重连",
    State.TAKEN_OVER: "被另一个程序顶替：有别的程序用同一个机器人连上了企业微信。停掉那个程序，再重启本程序",
    State.REFUSED: "平台不认机器人 ID 或 Secret。核对 wecom.aibot，再重启本程序",
    State.CLOSED: "已停止",
}
"""What is wrong with the AI bot's long connection, and what to do."""

NOT_REACHED = "对方没有企业微信许可或不在可见范围内"
FALLEN_BACK = "改由{way}发出（{troubles}）"
ONE_TROUBLE = "{way}：{reason}"
PARTLY = "共 {of} 段，只发出前 {sent} 段：{reason}"
NO_WAY_TO_GROUP = (
    "没有办法在这个群里发言：没有群机器人密钥，智能机器人也不能主动发言。请信息科添加群机器人（见 docs/wecom.md）"
)
NO_WAY_TO_PERSON = "没有办法给这个人发消息：没有自建应用，智能机器人也不能主动发言"

CHOOSE = "请选{label}"
WITHOUT_CARD = "文字已发出，卡片没有发出：{reason}"
CARD_TOO_LONG = "卡片不合要求（{faults}）"
CARD_STAYS = "卡片已经不能更新"
