"""The loop of a city on WeChat Work, over the real wire with the real process: app, AI bot (over either transport) and
webhook; and one person who reports on QQ and asks on WeChat Work."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from domain.moment import ZONE
from tests.documents.samples import word_file
from tests.peers.onebot import OneBotPeer

from .roster import SUBMIT_GROUP, account, small_world
from .town import QUIET, TOKEN, spelled
from .wecom_town import GROUP, OFFICE, ONEBOT, Transport, WorkTown, sheets, work_town

pytestmark = pytest.mark.blackbox

MONDAY = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
FIRST_WORKING_DAY = datetime(2026, 12, 1, 8, 59, 57, tzinfo=ZONE)
TENTH_WORKING_DAY = datetime(2026, 12, 14, 9, 29, 57, tzinfo=ZONE)

CLOCK = """
[scoreboard]
at = "09:00"
groups = ["wecom:wrReporters"]

[nudges]
at = "09:30"
approval = true
silent_by_workday = 10
"""

TITLE = "云山县秋粮收购进度过半"
SECRET = "蓝鲸计划部署在青松岭"


@pytest.mark.parametrize("transport", ["websocket", "callback"])
async def test_the_whole_loop_on_wechat_work(tmp_path: Path, transport: Transport) -> None:
    async with work_town(tmp_path, transport, MONDAY, CLOCK) as town:
        imported = await town.settle(sheets(without_account=("钱八",)))
        assert imported.status == 0, imported.err
        await town.starts()
        await the_addresses_are_verified(town)
        await an_unknown_person_is_told_once_and_bound_by_a_code(town)
        await everybody_reports_in_their_own_way(town)
        await what_was_delivered_before_the_restart_is_not_done_again(town)
        await secret_text_is_refused_in_private(town)
        await the_office_registers_its_group_and_adopts_there(town)
        await the_month_turns_and_the_webhook_tells_the_group(town)
        await a_lagging_unit_is_nudged_once(town)
        assert await town.bot.terminate() == 0
        nothing_secret_was_kept(town)
        town.evidence().check_laws()
        assert "Traceback" not in town.bot.log_text()


async def the_addresses_are_verified(town: WorkTown) -> None:
    assert (await town.service.verify(town.service.world.app)).ok
    if town.transport == "callback":
        assert (await town.service.verify(town.service.world.bot)).ok


async def an_unknown_person_is_told_once_and_bound_by_a_code(town: WorkTown) -> None:
    await town.privately("luguo", "/报送 我也来报\n正文。", "/绑定")
    await town.service.say("luguo", "你好", to=town.service.world.app)
    issued = await town.privately("周科长", "/绑定码 钱八", "的绑定码")
    code = re.search(r"/绑定 ([0-9A-Z-]+)", issued.text)
    assert code is not None
    assert "云山县" in (await town.privately("钱八", f"/绑定 {code[1]}", "绑定好了")).text
    assert len(town.service.heard_by("luguo")) == 1


async def everybody_reports_in_their_own_way(town: WorkTown) -> None:
    service = town.service
    await town.privately("张三", f"/报送 {TITLE}\n全县收购秋粮12万吨。", f"收到 2026-0001《{TITLE}》")
    assert "收到 2026-0002" in (await town.in_group("王五", "报送 清河区完成供暖检修\n全区检修管网30公里。")).text
    bare = await town.in_group("赵六", "报送")
    assert "引用" in bare.text
    file = await service.send_file("zhaoliu", "电价.docx", word_file("关于全市电价改革的情况", "进展顺利。"), GROUP)
    quoted = await service.quote_file("zhaoliu", file, "报送", GROUP)
    assert "收到 2026-0003《关于全市电价改革的情况》" in (await service.answer_to(quoted)).text
    await service.send_file("sunqi", "文旅.docx", word_file("冬季文旅活动启动", "共12项活动。"), to=service.world.bot)
    assert (await service.private_to("sunqi", "收到 2026-0004")).via == "aibot"
    await fills_in_the_form(town)
    await service.say("wangwu", "报送 没有提到机器人的话\n正文。", GROUP, at_bot=False)
    assert len(town.evidence().titles()) == 5


async def fills_in_the_form(town: WorkTown) -> None:
    for words, answer in (
        ("/报送", "标题"),
        ("云山县河道清淤全部完工", "正文"),
        ("全县清淤河道18条。", "撰稿"),
        ("跳过", "确认"),
        ("确认", "收到 2026-0005"),
    ):
        await town.privately("钱八", words, answer)


async def what_was_delivered_before_the_restart_is_not_done_again(town: WorkTown) -> None:
    service = town.service
    spoken = await service.say("wangwu", "报送 清河区义务植树\n植树十万株。", GROUP)
    await service.answer_to(spoken)
    await town.restart()
    before = service.mark()
    assert (await service.repeat(spoken)).reached
    await town.privately("吴科员", "/待办", "2026-0006")
    assert [heard.chat for heard in service.heard[before:]] == [("private", "wukeyuan")]


async def secret_text_is_refused_in_private(town: WorkTown) -> None:
    await town.service.say("zhaoliu", f"/报送 机密★10年\n{SECRET}。", GROUP)
    refusal = await town.told("赵六", "没有收下")
    assert refusal.via == "app"
    assert not [heard for heard in town.service.heard_in(GROUP) if "没有收下" in heard.text]


async def the_office_registers_its_group_and_adopts_there(town: WorkTown) -> None:
    service = town.service
    assert "“办公”群" in (await town.in_group("周科长", "绑定本群 办公 信息科", OFFICE)).text
    key = f"{service.api_base}/webhook/send?key={service.world.webhook.key}"
    await town.privately("周科长", f"/群机器人 全市政务信息群 {key}", "配好了群机器人")
    assert "已采用" in (await town.in_group("周科长", "采用 2026-0001 每日要情 128 单条", OFFICE)).text
    assert "第六条" in (await town.told("张三", "每日要情")).text
    assert "已私聊发给您" in (await town.in_group("张三", "我的得分")).text
    sheet = await town.told("张三", "得分4")
    assert sheet.via == "app"
    assert re.search(rf"2026-0001《{TITLE}.*\+3分（第六条）", sheet.text)
    assert "云山县" in (await town.in_group("王五", "排名")).text


async def the_month_turns_and_the_webhook_tells_the_group(town: WorkTown) -> None:
    await town.goes_on_at(FIRST_WORKING_DAY)
    board = await town.service.group_hears(GROUP, "11月政务信息报送采用情况", 20)
    assert board.via == "webhook"
    assert "云山县" in board.text


async def a_lagging_unit_is_nudged_once(town: WorkTown) -> None:
    await town.goes_on_at(TENTH_WORKING_DAY)
    await town.service.private_to("zhoukezhang", "催报等您审批", 20)
    await town.privately("周科长", "/催报 发送", "")
    for who in ("张三", "王五", "赵六", "孙七"):
        assert (await town.told(who, "政务信息报送提示")).via == "app"


def nothing_secret_was_kept(town: WorkTown) -> None:
    """Neither the secret text nor a key of ours in any file the bot wrote, but for the webhook's in the database."""
    world = town.service.world
    log = town.bot.log_text()
    for key in (world.app.secret, world.bot.secret, world.webhook.key, world.app.seal.encoding_aes_key, SECRET, TITLE):
        assert key not in log
    files = [path for path in town.folder.rglob("*") if path.is_file() and path.suffix != ".xlsx"]
    assert not [path for path in files if any(spelling in path.read_bytes() for spelling in spelled(SECRET))]


async def test_one_person_reports_on_qq_and_asks_on_wechat_work(tmp_path: Path) -> None:
    async with work_town(tmp_path, "websocket", more=ONEBOT + QUIET) as town:
        imported = await town.settle(sheets(on_qq=("张三",)))
        assert imported.status == 0, imported.err
        await town.starts()
        qq = OneBotPeer.reverse(small_world(), port=town.port, token=TOKEN, reconnect_after=0.05)
        async with qq:
            await qq.connected()
            said = await qq.say(account("张三"), f"/报送 {TITLE}\n全县收购秋粮12万吨。", SUBMIT_GROUP)
            assert re.search(r"收到 \d{4}-0001", (await qq.answer_to(said)).text)
            number = re.search(r"\d{4}-0001", (await town.privately("张三", "/我的信息", TITLE)).text)
            assert number is not None
            await town.privately("周科长", f"/采用 {number[0]} 每日要情 128 单条", "已采用")
            await town.told("张三", "每日要情")
            sheet = await town.privately("张三", "/my-score", "得分")
            assert re.search(rf"{number[0]}《{TITLE}.*\+3分", sheet.text)
            again = await town.in_group("张三", f"报送 {TITLE}\n全县收购秋粮12万吨。")
            assert "已经收到过了" in again.text
        assert await town.bot.terminate() == 0
        assert town.evidence().one("SELECT COUNT(*) FROM item") == 1
        town.evidence().check_laws()
