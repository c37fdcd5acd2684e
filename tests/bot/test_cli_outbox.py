"""`baosong outbox`: the operator sees where messages go and settles them, and reads no word of them."""

from __future__ import annotations

import argparse

from bot.channels.base import Delivery
from bot.cli.kit import Kit
from bot.cli.outbox import TOOLS
from domain.moment import to_ms
from domain.speech import Outgoing
from storage import audit, outbox
from storage.engine import Tx
from storage.outbox import Sending
from tests.support.stage import GROUP, Stage

[TOOL] = TOOLS


async def baosong(stage: Stage, *words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    TOOL.arguments(parser)
    kit = Kit(stage.settings, stage.store, stage.clock, stage.office)
    return await TOOL.run(kit, parser.parse_args(words))


async def unknown(stage: Stage) -> None:
    stage.channel.next_delivery = [Delivery(Sending.UNKNOWN, error="没有回音")]

    def queue(tx: Tx) -> None:
        outbox.put(
            tx, "onebot", f"g:{GROUP}", Outgoing("十月通报"), dedup="1", kind="board", now_ms=to_ms(stage.clock.now())
        )

    await stage.store.run(queue)
    await stage.quiet()


async def test_the_list_names_chats_and_reasons_but_no_words(stage: Stage) -> None:
    await unknown(stage)
    code, text = await baosong(stage)
    assert code == 0
    assert "不明 1" in text
    assert "全市政务信息群" in text
    assert "没有回音" in text
    assert "十月" not in text


async def test_one_state_can_be_asked_for(stage: Stage) -> None:
    await unknown(stage)
    assert "没有回音" in (await baosong(stage, "--state", "unknown"))[1]
    assert "没有回音" not in (await baosong(stage, "--state", "dead"))[1]


async def test_a_message_is_sent_again_and_the_audit_says_by_whom(stage: Stage) -> None:
    await unknown(stage)
    assert await baosong(stage, "resend", "1") == (0, "1: resend")
    await stage.quiet()
    assert [heard.text for heard in stage.channel.heard] == ["十月通报"]
    [line] = await stage.store.read(audit.latest, "outbox:1", 5)
    assert line.actor == "cli"


async def test_a_missing_number_and_a_wrong_one_are_told(stage: Stage) -> None:
    assert (await baosong(stage, "resend"))[0] == 2
    code, text = await baosong(stage, "drop", "77")
    assert code == 1
    assert "77 号" in text
