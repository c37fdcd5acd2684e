"""The 保密员 sees that something was stopped, where and by which rule, and nothing else."""

from __future__ import annotations

from tests.support.stage import GROUP, Stage


async def test_the_secrecy_officer_lists_what_was_stopped(stage: Stage) -> None:
    await stage.say("张三", "/报送 方案\n机密★5年 不能传的内容", GROUP)
    await stage.say("王五", "/报送 名单\n身份证 11010519491231002X")
    (answer,) = await stage.say("郑保密", "/拦截记录")
    assert answer.to == "郑保密"
    first, second = answer.text.splitlines()[1:]
    assert first.startswith("11-23 09:41 私聊：")
    assert second.startswith("11-23 09:41 全市政务信息群：")
    assert "不能传的内容" not in answer.text


async def test_nothing_stopped_is_said_so(stage: Stage) -> None:
    (answer,) = await stage.say("郑保密", "/拦截记录")
    assert answer.text == "还没有消息被拦下。"


async def test_nobody_else_may_ask(stage: Stage) -> None:
    (answer,) = await stage.say("张三", "/拦截记录")
    assert "没有“/拦截记录”的权限" in answer.text
