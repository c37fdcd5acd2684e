"""Sending items, as people do it."""

from __future__ import annotations

from tests.support.stage import GROUP, Heard, Stage


async def test_a_reporter_submits_in_the_group_and_gets_a_receipt_that_quotes_the_message(stage: Stage) -> None:
    heard = await stage.say("张三", "/报送 春耕备耕进展顺利\n截至3月10日，全县春耕面积过半。", GROUP, message_id="77")
    assert len(heard) == 1
    assert heard[0].to == GROUP
    assert heard[0].quote == "77"
    assert "2026-0001《春耕备耕进展顺利》" in heard[0].text


async def test_chatter_is_left_alone(stage: Stage) -> None:
    assert await stage.say("张三", "今天开会吗？", GROUP) == []
