"""The whole loop, as a city lives it: from an empty file to the scoreboard of the month, over the real wire, with the
real process and nothing stubbed but the hour at which it starts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from domain.moment import ZONE
from tests.documents.samples import word_file
from tests.peers.onebot import Heard, OneBotPeer
from tests.peers.onebot.peer import FileOrder

from . import roster
from .clock import TownClock
from .roster import OFFICE_GROUP, STRANGER, SUBMIT_GROUP, account
from .town import Town, spelled

pytestmark = pytest.mark.blackbox

MONDAY = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
FIRST_WORKING_DAY = datetime(2026, 12, 1, 8, 59, 57, tzinfo=ZONE)
TENTH_WORKING_DAY = datetime(2026, 12, 14, 9, 29, 57, tzinfo=ZONE)

CLOCK = """
[scoreboard]
at = "09:00"
groups = ["onebot:200001"]

[nudges]
at = "09:30"
approval = true
silent_by_workday = 10
"""

RECEIPT = re.compile(r"收到 (2026-\d{4})《(.+?)》 ?(\S+) 11-23 09:4\d")


@dataclass
class Story:
    """The town with its endpoint, and what people have in their hands: item numbers by title, things that must stay
    unseen."""

    town: Town
    peer: OneBotPeer
    numbers: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)

    async def says(self, who: str, text: str, group: int | None = None, *, at_bot: bool = False) -> Heard:
        """Somebody says something; the bot's answer that quotes it."""
        message = await self.peer.say(account(who), text, group, at_bot=at_bot)
        return await self.peer.answer_to(message)

    async def reports(self, who: str, text: str, group: int | None = None, *, at_bot: bool = False) -> Heard:
        """Somebody reports; the receipt, whose number is noted."""
        return self._noted(await self.says(who, text, group, at_bot=at_bot))

    async def drops(self, who: str, title: str, group: int | None = None, *, notice_first: bool = False) -> Heard:
        """Somebody drops a Word file; the one receipt for it."""
        since = self.peer.mark()
        order: FileOrder = "notice-first" if notice_first else "message-first"
        data = word_file(title, f"{title}，工作进展顺利。")
        await self.peer.drop_file(account(who), f"{title}.docx", data, group, order)
        heard = await self.peer.wait_for(lambda one: f"《{title}》" in one.text, since=since)
        return self._noted(heard)

    def _noted(self, receipt: Heard) -> Heard:
        found = RECEIPT.search(receipt.text)
        assert found is not None, receipt.text
        number, title, _ = found.groups()
        assert number == f"2026-{len(self.numbers) + 1:04d}"
        self.numbers[title] = number
        return receipt

    async def privately(self, who: str, containing: str) -> str:
        """What the bot told somebody in private."""
        return (await self.peer.private_to(account(who), containing)).text

    async def goes_on_at(self, moment: datetime) -> None:
        """The bot is stopped, the clock put to the moment, the bot started again."""
        if self.town.bot.running():
            assert await self.town.bot.terminate() == 0
        self.town.put_clock(moment)
        await self.starts()

    async def starts(self) -> None:
        await self.town.bot.start()
        await self.peer.connected()


async def test_the_whole_loop_from_an_empty_file_to_the_scoreboard_of_the_month(tmp_path: Path) -> None:
    clock = TownClock(MONDAY)
    town = Town(tmp_path, roster.small_world(clock), clock, more_config=CLOCK)
    await the_roster_is_imported(town)
    async with town.open() as peer:
        story = Story(town, peer)
        await an_unknown_account_is_told_once(story)
        await the_office_issues_a_code_and_the_reporter_binds(story)
        await everybody_reports_in_their_own_way(story)
        await chatter_is_left_alone(story)
        await secret_text_is_refused_in_private(story)
        await an_item_is_returned_and_comes_back_better(story)
        await the_office_adopts_and_everybody_can_ask(story)
        await the_month_turns_and_the_scoreboard_comes_once(story)
        await a_lagging_unit_is_nudged_once(story)
        assert await town.bot.terminate() == 0
        nothing_secret_was_kept(story)
    town.evidence().check_laws()
    assert "Traceback" not in town.bot.log_text()


async def the_roster_is_imported(town: Town) -> None:
    workbook = town.folder / "roster.xlsx"
    roster.small(without_account=("张三",)).write(workbook)
    trial = await town.cli("import", str(workbook))
    assert trial.status == 0, trial.err
    assert "云山县" in trial.out
    assert town.evidence().one("SELECT COUNT(*) FROM unit") == 0
    applied = await town.cli("import", str(workbook), "--apply")
    assert applied.status == 0, applied.err
    assert town.evidence().one("SELECT COUNT(*) FROM person") == 10


async def an_unknown_account_is_told_once(story: Story) -> None:
    peer = story.peer
    await peer.say(STRANGER, "/报送 我也来报\n我也来报的正文。", SUBMIT_GROUP)
    assert "/绑定" in (await peer.private_to(STRANGER)).text
    for words in ("/报送 再报一次\n正文。", "/排名", "你好"):
        await peer.say(STRANGER, words)
    await story.says("吴科员", "/待办")
    assert len([heard for heard in peer.heard if heard.target == STRANGER]) == 1
    assert story.town.evidence().titles() == []


async def the_office_issues_a_code_and_the_reporter_binds(story: Story) -> None:
    issued = await story.says("周科长", "/绑定码 张三")
    code = re.search(r"/绑定 ([0-9A-Z-]+)", issued.text)
    assert code is not None, issued.text
    welcome = await story.says("张三", f"/绑定 {code[1]}")
    assert "云山县" in welcome.text
    again = await story.peer.say(STRANGER, f"/绑定 {code[1]}")
    refused = await story.peer.answer_to(again)
    assert "云山县" not in refused.text


async def everybody_reports_in_their_own_way(story: Story) -> None:
    receipt = await story.reports("张三", "/报送 云山县秋粮收购进度过半\n全县收购秋粮12万吨。", SUBMIT_GROUP)
    assert "云山县" in receipt.text
    assert receipt.target == SUBMIT_GROUP
    await story.reports("王五", "报送 清河区完成供暖检修\n全区检修管网30公里。", SUBMIT_GROUP, at_bot=True)
    await story.reports("赵六", "【信息报送】重点项目开工率达九成\n全市开工96个。", SUBMIT_GROUP)
    await story.reports("孙七", "／报送　　冬季文旅活动启动\n共12项活动。")
    await fills_in_the_form(story)
    await story.drops("王五", "关于清河区老旧小区改造的情况", SUBMIT_GROUP)
    await story.drops("王五", "关于清河区义务植树的情况", SUBMIT_GROUP, notice_first=True)
    await story.drops("赵六", "关于全市电价改革的情况")
    joint = await story.reports(
        "张三", "/报送 跨县公路建成通车\n报送单位：云山县、清河区\n公路全长36公里。", SUBMIT_GROUP
    )
    assert "清河区" in joint.text
    await every_submission_was_answered_once(story)


async def fills_in_the_form(story: Story) -> None:
    """The bot is even restarted in the middle of it."""
    assert "标题" in (await story.says("钱八", "/报送")).text
    assert "正文" in (await story.says("钱八", "云山县河道清淤全部完工")).text
    assert await story.town.bot.terminate() == 0
    await story.starts()
    assert "撰稿" in (await story.says("钱八", "全县清淤河道18条。")).text
    assert "确认" in (await story.says("钱八", "跳过")).text
    await story.reports("钱八", "确认")


async def every_submission_was_answered_once(story: Story) -> None:
    receipts = Counter(found[1] for heard in story.peer.heard if (found := RECEIPT.search(heard.text)))
    assert receipts == Counter(story.numbers.values())
    assert story.town.evidence().titles() == list(story.numbers)


async def chatter_is_left_alone(story: Story) -> None:
    before = story.peer.mark()
    for words in ("收到", "今天下午开会，大家别忘了", "@张三 材料发我一下", "👍", "辛苦了"):
        await story.peer.say(account("李副"), words, SUBMIT_GROUP)
    await story.says("吴科员", "/待办", OFFICE_GROUP)
    assert len(story.peer.heard) - before == 1
    story.secrets.append("今天下午开会，大家别忘了")


async def secret_text_is_refused_in_private(story: Story) -> None:
    told = "蓝鲸计划部署在青松岭"
    await story.peer.say(account("赵六"), f"/报送 机密★10年\n{told}。", SUBMIT_GROUP)
    refusal = await story.privately("赵六", "没有收下")
    assert "机要" in refusal
    dropped = "红杉行动在落霞浦"
    page = word_file("秘密★5年", f"{dropped}。")
    await story.peer.drop_file(account("孙七"), "材料.docx", page, SUBMIT_GROUP, "notice-first")
    await story.privately("孙七", "没有收下")
    await story.peer.say(account("钱八"), "/报送 名单\n张某某 11010519491231002X")
    await story.privately("钱八", "没有收下")
    story.secrets += [told, dropped, "11010519491231002X"]
    assert story.town.evidence().one("SELECT COUNT(*) FROM secrecy_hit") == 3


async def an_item_is_returned_and_comes_back_better(story: Story) -> None:
    number = story.numbers["云山县秋粮收购进度过半"]
    answer = await story.says("周科长", f"/退回 {number} 请补充同比数据")
    assert "退回" in answer.text
    assert number in await story.privately("张三", "请补充同比数据")
    better = await story.says("张三", "/报送 云山县秋粮收购进度过半\n全县收购秋粮12万吨，同比增长8%。", SUBMIT_GROUP)
    assert number in better.text
    assert "第2版" in better.text


async def the_office_adopts_and_everybody_can_ask(story: Story) -> None:
    number = story.numbers["云山县秋粮收购进度过半"]
    adopted = await story.says("周科长", f"/采用 {number} 每日要情 128 单条", OFFICE_GROUP)
    assert "已采用" in adopted.text
    assert "第六条" in await story.privately("张三", "每日要情")
    sheet = (await story.says("张三", "/my-score")).text
    assert "得分4.25分" in sheet
    assert re.search(rf"{number}《.+《每日要情》.*\+3分（第六条）", sheet)
    assert re.search(rf"{number}《.+\+0\.5分（第五条）", sheet)
    ranking = (await story.says("王五", "/rank", SUBMIT_GROUP)).text
    assert ranking.index("云山县") < ranking.index("清河区")
    assert "4.25" in ranking


async def the_month_turns_and_the_scoreboard_comes_once(story: Story) -> None:
    await story.goes_on_at(FIRST_WORKING_DAY)
    board = await story.peer.group_hears(SUBMIT_GROUP, "11月政务信息报送采用情况")
    assert "云山县 4.25分" in board.text
    assert "截至 2026-12-01 09:00" in board.text
    await story.town.bot.restart()
    await story.peer.connected()
    await story.says("吴科员", "/待办")
    assert len(_heard(story, "政务信息报送采用情况")) == 1


async def a_lagging_unit_is_nudged_once(story: Story) -> None:
    await story.goes_on_at(TENTH_WORKING_DAY)
    assert "/催报" in await story.privately("周科长", "催报等您审批")
    assert not _heard(story, "政务信息报送提示")
    shown = await story.says("周科长", "/nudges")
    assert "云山县" in shown.text
    await story.says("周科长", "/nudges send")
    for name in ("张三", "王五", "赵六", "孙七"):
        await story.privately(name, "政务信息报送提示")
    await story.town.bot.restart()
    await story.peer.connected()
    await story.says("吴科员", "/待办")
    nudges = _heard(story, "政务信息报送提示")
    assert Counter(heard.target for heard in nudges) == Counter(
        account(name) for name in ("张三", "王五", "赵六", "孙七")
    )
    assert {heard.chat for heard in nudges} == {"private"}


def _heard(story: Story, containing: str) -> list[Heard]:
    return [heard for heard in story.peer.heard if containing in heard.text]


def nothing_secret_was_kept(story: Story) -> None:
    """Neither in a file the bot wrote, nor in anything it said."""
    files = [path for path in story.town.folder.rglob("*") if path.is_file() and path.suffix != ".xlsx"]
    assert story.town.database in files
    assert _is_in(story.town.database, "同比增长8%"), "what was accepted is found, so the search can see"
    for secret in story.secrets:
        assert not _heard(story, secret)
        assert not [path for path in files if _is_in(path, secret)]


def _is_in(path: Path, text: str) -> bool:
    content = path.read_bytes()
    return any(spelling in content for spelling in spelled(text))
