"""The preview of a commission on WeChat Work: three buttons below it, and what everybody then sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Commissions
from domain.commission import Commission
from storage import commission as commissions
from storage.engine import Tx
from tests.bot.harness import until
from tests.bot.workchat_town import Town, bind, town

# NoneBot's httpx driver hands cookies over in a way httpx means to give up.
pytestmark = pytest.mark.filterwarnings("ignore:Setting per-request cookies:DeprecationWarning")

HEAD, CLERK, REPORTER = "zhaozhuren", "lisi", "zhangsan"
GRAIN = "约稿 全市夏粮收购情况\n要求：进度、价格、问题和建议\n时间：周五下班前\n单位：云山县"
WHOLE = "约稿草稿 1\n《全市夏粮收购情况》截止 11月27日(周五) 17:30\n[下达]\n[修改]\n[放弃]"


@pytest.fixture
async def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """吴科员, 周科长 and 张三 are on WeChat Work and nowhere else."""
    async with town(tmp_path, monkeypatch) as played:
        await staff(played)
        yield played


async def staff(city: Town) -> None:
    def only_here(tx: Tx) -> None:
        bind(tx, {CLERK: 2})
        tx.run("DELETE FROM account WHERE platform = 'onebot'")

    await city.house.parts.store.run(only_here)
    await city.house.parts.store.read(city.house.parts.directory.fill, city.house.clock.now().date())


async def preview(city: Town, text: str = GRAIN) -> None:
    """吴科员 writes a commission in the chat with the app, and has its card before him."""
    before = len(city.service.cards)
    await city.service.say(CLERK, text, to=city.service.world.app)
    await until(lambda: len(city.service.cards) > before)
    await settled(city)


async def settled(city: Town) -> None:
    """Wait until nothing is on its way any more."""
    parts = city.house.parts
    await until(lambda: not parts.gateway.busy and not parts.courier.busy)


async def told(city: Town, user: str, containing: str) -> str:
    return (await city.told(user, containing)).text


def card(city: Town, user: str) -> str:
    """What somebody reads on their newest card."""
    return city.service.card_of(user).text_for(user)


async def commission(city: Town, number: str = "约 2026-001") -> Commission | None:
    return await city.house.parts.store.read(commissions.by_number, number)


async def test_a_tap_issues_what_is_previewed(city: Town) -> None:
    await preview(city)
    assert (await told(city, CLERK, "请核对")).startswith("请核对（草稿 1）：\n《全市夏粮收购情况》")
    assert card(city, CLERK) == WHOLE
    await city.service.press(CLERK, "下达")
    assert "已下达 约 2026-001《全市夏粮收购情况》。" in await told(city, CLERK, "已下达")
    await told(city, REPORTER, "【约稿】约 2026-001《全市夏粮收购情况》")
    await until(lambda: card(city, CLERK).endswith("<已下达>"))
    assert "吴科员 11-23 09:41 已下达" in card(city, CLERK)


async def test_a_double_tap_issues_once(city: Town) -> None:
    await preview(city)
    await asyncio.gather(city.service.press(CLERK, "下达"), city.service.press(CLERK, "下达", stale=True))
    await told(city, CLERK, "已下达 约 2026-001")
    await city.service.silence()
    await settled(city)
    assert await commission(city) is not None
    assert await commission(city, "约 2026-002") is None
    assert len([one for one in city.service.heard if "【约稿】" in one.text and one.chat == ("private", REPORTER)]) == 1


async def test_the_first_tap_wins_whichever_the_second_is(city: Town) -> None:
    await preview(city)
    await city.service.press(CLERK, "放弃")
    assert await told(city, CLERK, "已取消") == "已取消，没有下达。"
    await settled(city)
    await city.service.press(CLERK, "下达", stale=True)
    assert "已放弃（您 11-23 09:41）" in await told(city, CLERK, "已经有结果了")
    assert await commission(city) is None


async def test_what_is_typed_takes_the_buttons_away(city: Town) -> None:
    await preview(city)
    await city.service.say(CLERK, "确认", to=city.service.world.app)
    await told(city, CLERK, "已下达 约 2026-001")
    await until(lambda: card(city, CLERK).endswith("<已下达>"))


async def test_a_change_is_asked_for_and_shown_with_new_buttons(city: Town) -> None:
    await preview(city)
    await city.service.press(CLERK, "修改")
    assert "“改 时间 周四前”" in await told(city, CLERK, "请发要改的")
    first = city.service.card_of(CLERK)
    await preview(city, "改 时间 周四下班前")
    assert card(city, CLERK).startswith("约稿草稿 2\n《全市夏粮收购情况》截止 11月26日(周四) 17:30\n[下达]")
    await until(lambda: first.text_for(CLERK).endswith("<已修改>"))
    await city.service.press(CLERK, "下达")
    await told(city, CLERK, "已下达 约 2026-001")


async def test_where_a_chief_approves_one_tap_asks_for_it_and_another_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, commissions=Commissions(approval=True)) as city:
        await staff(city)
        await preview(city)
        await city.service.press(CLERK, "报批")
        await told(city, CLERK, "草稿 1 已经报信息科长批准")
        await until(lambda: card(city, CLERK).endswith("<已报科长批准>"))
        await told(city, HEAD, "[批准下达]")
        await city.service.press(HEAD, "批准下达")
        await told(city, CLERK, "已经批准下达，编号 约 2026-001")
        await until(lambda: card(city, HEAD).endswith("<已批准下达>"))
