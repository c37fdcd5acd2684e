"""What the channels say of sends that did not end well; it stands in the outbox, for the office."""

from __future__ import annotations

NO_CONNECTION = "没有连接"
NO_ANSWER = "没有回音"
BROKE_OFF = "发送中断：{error}"
NO_CREDENTIALS = "拿不到平台凭证"
UNDER_REVIEW = "平台正在审核这条消息"
TOO_FAST = "发得太快，平台要求稍等"
SERVER_FAULT = "平台故障（HTTP {status}）"
NO_FILES = "这个平台不能由机器人发送文件"
NOT_A_PRIVATE_ACCOUNT = "这是群里的账号，机器人没有对方的私聊地址；请对方先私聊机器人并绑定"
MAY_NOT_SPEAK_FIRST = "平台不许机器人在这里主动发言（{reason}）。请群主在手机QQ的群机器人设置里打开“允许机器人主动发言”"
MAY_NOT_WRITE_FIRST = "平台不许机器人主动给这个人发消息（{reason}）。请对方先给机器人发一句话"
STUCK = "【报警】{channel}停了，不会自己恢复：{trouble}。"
PLATFORM_REFUSED = "平台拒收（{reason}）"
