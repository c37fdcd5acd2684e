"""What units say to a commission, each in a way of its own: in the group, in private, by a quote, a tap, a file; and
what the ledger must say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.documents.samples import word_file
from tests.peers.wecom.sayings import Saying, Spoken

from .commission_city import CITY, HEAD_ON_QQ, TwoWorlds, Unit
from .commission_evidence import MARK, pushes, seen

SPELLINGS = (
    "收到",
    "已收到，谢谢",
    "收悉，马上办",
    "好的，收到",
    "1",
    "👌",
    "收到约1",
    "我局收到，马上办",
    "第7局收到",
    "OK",
    "已阅",
)


@dataclass
class Voices:
    """`received` are the units that have said so in any way; `answered` has the title of what a unit sent."""

    city: TwoWorlds

    def __post_init__(self) -> None:
        self.received: set[Unit] = set()
        self.answered: dict[Unit, str] = {}
        self._there = seen(self.city)
        self._ids = {push.where: push.platform_id for push in pushes(self.city)}
        self.on_qq, self.on_work = self._readers(on_qq=True), self._readers(on_qq=False)

    def _readers(self, *, on_qq: bool) -> Iterator[Unit]:
        """Units where the push was read in the group and by the first reporter, one after the other."""
        for unit in CITY.values():
            private = [(platform, f"p:{account}") for platform, account in unit.accounts(0)[:1]]
            if unit.on_qq is on_qq and private and all(self._there[chat] for chat in (unit.group, *private)):
                yield unit

    async def receipts(self) -> None:
        """收到 in many spellings; a group is never answered, in private it is confirmed."""
        for words in SPELLINGS:
            unit = next(self.on_qq)
            await self.city.qq.say(unit.qq[0], words, unit.qq_group)
            self.received.add(unit)
        await self._receives_in_private()
        await self._receives_by_quote()
        await self._receives_by_signs()
        unit = next(self.on_work)
        await self.city.work.say(unit.userid[0], "收到", unit.work_group)
        self.received.add(unit)
        unit = next(one for one in self.on_work if self._has_card(one))
        await self.city.work.press(unit.userid[0], "收到")
        self.received.add(unit)

    async def _receives_in_private(self) -> None:
        unit, since = next(self.on_qq), self.city.qq.mark()
        await self.city.qq.say(unit.qq[0], "收到")
        await self.city.qq.private_to(unit.qq[0], "已签收", since=since)
        self.received.add(unit)
        unit = next(self.on_work)
        await self.city.town.privately(unit.userid[0], "收到", "已签收")
        self.received.add(unit)
        unit = next(one for one in self.on_qq if ("onebot", str(one.qq[1])) in one.accounts(1))
        await self.city.qq.say(unit.qq[1], "收到")  # pushed to the group and to the colleague
        await self.city.qq.private_to(unit.qq[1], "已签收", since=since)
        self.received.add(unit)

    async def _receives_by_quote(self) -> None:
        unit = self._quotable()
        await self.city.qq.say(unit.qq[0], "好的", unit.qq_group, quote=self._push_in(unit))
        self.received.add(unit)
        unit = next(self.on_work)
        pushed = next(one for one in self.city.work.heard_in(unit.work_group) if one.text.startswith(MARK))
        bot = self.city.work.world.bot
        quote = Spoken(bot.bot_id, ("group", unit.work_group), bot, Saying("text", text=pushed.text))
        await self.city.work.say(unit.userid[1], "收到", unit.work_group, quote=quote)
        self.received.add(unit)

    async def _receives_by_signs(self) -> None:
        """A face alone in the group; a sign put on the push."""
        unit = next(self.on_qq)
        await self.city.qq.say_segments(unit.qq[0], [{"type": "face", "data": {"id": "124"}}], unit.qq_group)
        self.received.add(unit)
        unit = self._quotable()
        await self.city.qq.put_on(unit.qq[0], unit.qq_group, self._push_in(unit), "128076")
        self.received.add(unit)

    def _quotable(self) -> Unit:
        """The next unit whose push has an id by which it can be known again."""
        return next(unit for unit in self.on_qq if self._ids[unit.group])

    def _push_in(self, unit: Unit) -> int:
        return next(one.message_id for one in self.city.qq.heard if one.target == unit.qq_group and MARK in one.text)

    def _has_card(self, unit: Unit) -> bool:
        return any(card.chat == ("private", unit.userid[0]) for card in self.city.work.cards)

    async def answers(self) -> None:
        """Items that are linked: by the mark, by a quote, by a file's name."""
        unit = next(self.on_qq)
        await self._answered_on_qq(unit, "/报送 {title} #约1\n{title}的正文。", unit.qq_group)
        unit = next(self.on_qq)
        await self._answered_on_qq(unit, "#约1 {title}\n{title}的正文。", None)
        unit = self._quotable()
        await self._answered_on_qq(unit, "/报送 {title}\n{title}的正文。", unit.qq_group, self._push_in(unit))
        unit = next(self.on_work)
        title = self._title(unit)
        await self.city.town.privately(unit.userid[0], f"/报送 {title} #约1\n{title}的正文。", f"《{title}》")
        unit = next(self.on_work)
        title = self._title(unit)
        said = await self.city.town.in_group(unit.userid[0], f"报送 {title} #约1\n{title}的正文。", unit.work_group)
        assert f"《{title}》" in said.text
        await self._drops_a_file(next(self.on_qq))

    async def _answered_on_qq(self, unit: Unit, words: str, group: int | None, quote: int | None = None) -> None:
        title = self._title(unit)
        said = await self.city.qq.say(unit.qq[0], words.format(title=title), group, quote=quote)
        receipt = await self.city.qq.answer_to(said)
        assert f"《{title}》" in receipt.text, receipt.text

    async def _drops_a_file(self, unit: Unit) -> None:
        title = self._title(unit)
        data = word_file(title, f"{title}的正文，报送进度和问题。")
        await self.city.qq.drop_file(unit.qq[0], f"#约1 {unit.name}.docx", data, unit.qq_group)
        await self.city.qq.group_hears(unit.qq_group, f"《{title}》", 20)

    def _title(self, unit: Unit) -> str:
        """What it sends, noted as sent: whoever answers has received."""
        self.answered[unit] = f"{unit.name}夏粮收购进度过半"
        self.received.add(unit)
        return self.answered[unit]

    async def asks_for_more_time(self) -> Unit:
        """`/延期`, granted by the office, which is told in private."""
        unit, since = next(self.on_qq), self.city.qq.mark()
        await self.city.qq.answer_to(await self.city.qq.say(unit.qq[0], "/延期 约1 到下周一 数据要等统计局"))
        await self.city.qq.private_to(HEAD_ON_QQ, f"{unit.name} {unit.people[0]} 申请延期", since=since)
        assert "已批准" in await self.city.head_says(f"/批准延期 约1 {unit.name}")
        await self.city.qq.private_to(unit.qq[0], "延期已批准", since=since)
        self.received.add(unit)
        return unit

    async def declines(self) -> Unit:
        """`/不报`; the chief agrees."""
        unit = next(self.on_work)
        await self.city.town.privately(unit.userid[0], "/不报 约1 本局没有这项工作", "已登记")
        assert f"免除：{unit.name}" in await self.city.head_says(f"/销号 约1 {unit.name} 免除 没有这项工作")
        self.received.add(unit)
        return unit
