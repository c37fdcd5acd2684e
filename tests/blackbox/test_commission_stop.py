"""QQ begins to refuse in the middle of a commission: pushing stops by rule, whoever has WeChat Work is told there, the
chief reads whom it did not reach, and says himself when it goes on."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from domain.moment import ZONE
from storage.outbox import Sending
from tests.peers.onebot import OneBotPeer, Script

from .evidence import until
from .roster import account, small_world
from .town import QUIET, TOKEN
from .wecom_town import GROUP, USERIDS, WorkTown, sheets, work_town

pytestmark = pytest.mark.blackbox

MORNING = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
COMMISSION = (
    "/约稿 全市夏粮收购情况\n要求：进度、价格、问题和建议\n时间：周五下班前\n单位：云山县、清河区、发改委、文旅局"
)
MARK = "【约稿】约 2026-001"

REFUSED = Script(carried_out=False, retcode=1404)

# Slow enough for the rule, which looks once a second, to stop it before the last one.
MORE = f"""
[onebot]
token = "{TOKEN}"

[onebot.pace]
per_chat_ms = 0
all_ms = 1500
all_burst = 1

[commissions]
stop_after = 1

[reminders]
enabled = false
{QUIET}"""


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[tuple[WorkTown, OneBotPeer]]:
    """Reporters are on both platforms, the QQ number bound first; 孙七 has QQ alone, 周科长 WeChat Work alone."""
    async with work_town(folder, "websocket", MORNING, MORE) as town:
        imported = await town.settle(sheets(on_qq=("张三", "王五", "赵六", "孙七"), without_account=("孙七",)))
        assert imported.status == 0, imported.out + imported.err
        town.service.world.bot.met.add(("group", GROUP))
        await town.starts()
        qq = OneBotPeer.reverse(small_world(town.clock), port=town.port, token=TOKEN, reconnect_after=0.05)
        async with qq:
            await qq.connected()
            yield town, qq


async def test_a_platform_that_refuses_is_stopped_and_whoever_has_another_is_told_there(tmp_path: Path) -> None:
    async with both(tmp_path) as (town, qq):
        qq.faults.next("send", REFUSED, times=100)
        await town.privately("周科长", COMMISSION, "请核对")
        await town.privately("周科长", "确认", "已下达 约 2026-001")
        alarm = (await town.told("周科长", "没有送到：")).text
        for who in ("张三", "王五", "赵六"):
            await town.told(who, MARK)
        await until(lambda: nothing_waits(town))
        assert not [heard for heard in qq.heard if MARK in heard.text]
        the_chief_reads_whom_it_did_not_reach(alarm, town)
        shown = (await town.privately("周科长", "/约稿 约1", "送达")).text
        assert "已暂停 1" in shown
        assert "改走其他平台" in shown
        await it_goes_on_when_the_chief_says_so(town, qq)
        assert await town.bot.terminate() == 0
    town.evidence().check_laws()


def nothing_waits(town: WorkTown) -> bool:
    return not town.evidence().outbox().keys() & {Sending.PENDING, Sending.SENDING}


def the_chief_reads_whom_it_did_not_reach(alarm: str, town: WorkTown) -> None:
    """Every chat that refused is named, and nobody else."""
    assert alarm.startswith("约 2026-001 在QQ上连续 2 次没有送达，剩下 1 处已暂停推送（另有 ")
    named = re.search(r"没有送到：(.*)", alarm)
    assert named is not None
    refused = town.evidence().rows(
        "SELECT p.target FROM push p JOIN outbox o ON o.dedup = p.dedup WHERE o.platform = 'onebot' AND o.state = ?",
        int(Sending.REFUSED),
    )
    assert len(named[1].split("、")) == len(refused) >= 2
    assert named[1].startswith("全市政务信息群、张三")


async def it_goes_on_when_the_chief_says_so(town: WorkTown, qq: OneBotPeer) -> None:
    """QQ takes messages again: only who was told nowhere is told now."""
    qq.faults.clear()
    await town.privately("周科长", "/约稿 续推 约1", "暂停的 1 处已继续推送")
    await qq.private_to(account("孙七"), MARK)
    await until(lambda: nothing_waits(town))
    assert [heard.target for heard in qq.heard if MARK in heard.text] == [account("孙七")]
    for who in ("张三", "王五", "赵六"):
        texts = [heard for heard in town.service.heard_by(USERIDS[who]) if MARK in heard.text]
        assert len([heard for heard in texts if heard.chat[0] == "private" and heard.msgtype != "template_card"]) == 1
