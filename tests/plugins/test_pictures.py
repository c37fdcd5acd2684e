"""Pictures asked for in the chat: the board of a class, the trend of the months."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot.settings import Settings
from domain.period import month_of
from domain.speech import Outgoing
from services.pictures_asked import Wanted, send, wanted_by
from storage.engine import Store, Tx
from tests.support.office import book, moment
from tests.support.stage import GROUP, MONDAY, Stage, staged

OCTOBER = month_of(moment("10-05").date())


def scored(tx: Tx) -> None:
    book(tx, 2, "10-12", points=4300, submitted=8, adopted=4)
    book(tx, 3, "10-12", points=2100, submitted=5, adopted=2)


async def pictures(stage: Stage) -> list[tuple[str, Outgoing]]:
    return [(to, message) for to, message in stage.channel.sent if message.picture]


def is_png(message: Outgoing) -> bool:
    return base64.b64decode(message.file_base64).startswith(b"\x89PNG")


async def test_a_reporter_asks_for_the_board_of_the_own_class_as_a_picture(stage: Stage) -> None:
    await stage.store.run(scored)
    _, said = await stage.say("张三", "/排名图 上月", GROUP)
    assert said.text == "以上是2026年10月排名图：县（市、区）。"
    [(to, picture)] = await pictures(stage)
    assert (to, picture.file_name) == (GROUP, "2026年10月县（市、区）.png")
    assert is_png(picture)


async def test_the_office_gets_a_picture_of_every_class_or_of_those_it_names(stage: Stage) -> None:
    await stage.say("周科长", "/排名图 10月")
    assert len(await pictures(stage)) == 3
    await stage.say("周科长", "/榜图 10月 重点部门")
    assert [picture.file_name for _, picture in await pictures(stage)][3:] == ["2026年10月重点部门.png"]


async def test_the_trend_is_a_picture_too(stage: Stage) -> None:
    await stage.store.run(scored)
    _, said = await stage.say("张三", "走势")
    assert said.text == "以上是至2026年11月的走势图。"
    [(to, picture)] = await pictures(stage)
    assert to == "张三"
    assert is_png(picture)


async def test_a_span_that_is_not_whole_months_is_not_drawn(stage: Stage) -> None:
    said, *more = await stage.say("张三", "/排名图 7月1日至10月9日")
    assert "不是整月" in said.text
    assert not more


async def test_where_ranks_are_hidden_only_the_desk_gets_the_board(tmp_path: Path) -> None:
    hidden = Settings.model_validate({"bulletin": {"hide_ranks": True}})
    async with staged(tmp_path, MONDAY, hidden) as stage:
        said, *more = await stage.say("张三", "/排名图 10月")
        assert said.text == "不公布名次。看本单位的得分请发“/我的得分”。"
        assert not more


async def test_a_class_that_is_not_on_the_board_is_refused_when_it_is_drawn(stage: Stage) -> None:
    def queue(tx: Tx) -> bool:
        return send(tx, "onebot", f"g:{GROUP}", Wanted("board", OCTOBER, "企业"), dedup="x", now=stage.clock.now())

    assert await stage.store.run(queue)
    await stage.quiet()
    assert await pictures(stage) == []
    assert any("没有送达" in heard.text for heard in stage.channel.heard)


async def test_where_a_bot_can_send_no_picture_none_is_queued(stage: Stage) -> None:
    store: Store = stage.store
    queued = await store.run(
        lambda tx: send(tx, "qq", "g:1", Wanted("trend", OCTOBER), dedup="x", now=stage.clock.now())
    )
    assert not queued


@pytest.mark.parametrize("wanted", [Wanted("trend", OCTOBER), Wanted("board", OCTOBER, "县（市、区）")])
def test_a_picture_is_found_by_its_name(wanted: Wanted) -> None:
    assert wanted_by(wanted.name) == wanted
    assert wanted_by("bulletin:7:docx") is None
