"""Pictures on WeChat Work, seen by people: with the words of an item, after them, too many, too big, not to be had."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateway import Gateway
from bot.router import announce_file
from domain import picture
from domain.speech import FileRef, Incoming, Outgoing
from storage import outbox
from storage.engine import Row, Tx
from tests.bot.workchat_town import GROUP, Town, Transport, town
from tests.peers.wecom import refusing

# NoneBot's httpx driver hands cookies over in a way httpx means to give up.
pytestmark = pytest.mark.filterwarnings("ignore:Setting per-request cookies:DeprecationWarning")

ITEM = "报送 云山县春耕备耕进展顺利\n截至3月10日，全县已备足化肥农药，完成春耕整地八成。"
PNG, JPG = b"\x89PNG\r\n\x1a\nfield", b"\xff\xd8\xff\xe0reservoir"


@pytest.fixture(params=["websocket", "callback"])
async def city(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """All three identities, the AI bot over one transport and then over the other."""
    transport: Transport = request.param
    async with town(tmp_path, monkeypatch, transport) as played:
        yield played


async def kept(city: Town) -> list[tuple[str, bytes]]:
    """Name and content of the first item's pictures."""

    def read(tx: Tx) -> list[Row]:
        return tx.all("SELECT name, content FROM attachment WHERE item_id = 1 ORDER BY id")

    return [(name, bytes(content)) for name, content in await city.house.parts.store.read(read)]


async def test_pictures_that_come_with_the_words_are_kept_with_the_item(city: Town) -> None:
    answer = await city.answered(await city.service.send_mixed("zhangsan", ITEM, [PNG, JPG], GROUP))
    assert "收到 2026-0001《云山县春耕备耕进展顺利》" in answer
    assert "附图 2 张" in answer
    assert await kept(city) == [("附图1.png", PNG), ("附图2.jpg", JPG)]


async def test_the_desk_gets_the_pictures_in_private(city: Town) -> None:
    await city.answered(await city.service.send_mixed("zhangsan", ITEM, [PNG, JPG], GROUP))
    await city.service.say("zhaozhuren", "附件 1", to=city.service.world.app)
    await city.told("zhaozhuren", "的附件共 2 个")
    await city.service.wait_for(lambda heard: heard.file_name == "附图2.jpg")
    files = [(one.file_name, one.data) for one in city.service.heard_by("zhaozhuren") if one.file_name]
    assert files == [("附图1.png", PNG), ("附图2.jpg", JPG)]


async def test_the_same_words_with_another_picture_add_the_picture(city: Town) -> None:
    await city.answered(await city.service.send_mixed("zhangsan", ITEM, [PNG], GROUP))
    again = await city.answered(await city.service.send_mixed("zhangsan", ITEM, [PNG, JPG], GROUP))
    assert "没有重复登记" in again
    assert "附图 2 张" in again
    assert [content for _, content in await kept(city)] == [PNG, JPG]


async def test_a_picture_that_is_none_or_is_too_big_is_named_and_the_item_stands(
    city: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pictures.LARGEST", len(PNG))
    answer = await city.answered(await city.service.send_mixed("zhangsan", ITEM, [b"no picture", PNG, JPG * 9], GROUP))
    assert "收到 2026-0001" in answer
    assert "附图 1 张" in answer
    assert "第1张图没有收下（打不开，不是图片）" in answer
    assert "第3张图没有收下（太大" in answer
    assert "10 分钟内重发" in answer
    assert [content for _, content in await kept(city)] == [PNG]


async def test_more_pictures_than_are_kept_are_named(city: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pictures.MOST", 1)
    answer = await city.answered(await city.service.send_mixed("zhangsan", ITEM, [PNG, JPG], GROUP))
    assert "第2张图没有收下（太多，一次最多 1 张）" in answer


async def test_a_picture_after_the_words_joins_them_in_the_app(city: Town) -> None:
    app = city.service.world.app
    await city.service.say("zhangsan", ITEM, to=app)
    await city.told("zhangsan", "收到 2026-0001")
    sent = await city.service.send_image("zhangsan", PNG, to=app)
    assert (await city.told("zhangsan", "附图 1 张")).via == "app"
    await city.service.repeat(sent)
    await city.service.silence()
    assert await kept(city) == [("附图1.png", PNG)]


async def test_a_picture_that_is_quoted_joins_what_was_just_reported(city: Town) -> None:
    await city.answered(await city.service.say("zhangsan", ITEM, GROUP))
    picture_there = await city.service.send_image("zhangsan", PNG, GROUP, to=city.service.world.bot)
    assert "附图 1 张" in await city.answered(await city.service.quote_file("zhangsan", picture_there, "报送", GROUP))


async def test_a_picture_that_belongs_to_nothing_is_not_kept_and_says_so(city: Town) -> None:
    await city.service.send_image("zhangsan", PNG, to=city.service.world.bot)
    assert "请先报送文字" in (await city.told("zhangsan", "图片没有收下")).text
    since = city.service.mark()
    await city.service.send_mixed("zhangsan", "帮助", [PNG], GROUP)
    assert "图片没有收下" in (await city.service.private_to("zhangsan", "/帮助", since=since)).text


async def test_a_picture_sent_into_an_open_form_waits_for_its_end(city: Town) -> None:
    app = city.service.world.app
    await city.service.say("zhangsan", "报送", to=app)
    await city.told("zhangsan", "请发标题")
    await city.service.send_image("zhangsan", PNG, to=app)
    await city.told("zhangsan", "表单还没有填完")


async def test_a_picture_the_service_does_not_give_is_named(city: Town) -> None:
    app = city.service.world.app
    await city.service.say("zhangsan", ITEM, to=app)
    await city.told("zhangsan", "收到 2026-0001")
    city.service.faults.next("media/get", refusing(40007))
    await city.service.send_image("zhangsan", PNG, to=app)
    await city.told("zhangsan", "第1张图没有收下（没有取到）")
    assert await kept(city) == []


async def test_pictures_announced_before_a_restart_are_taken_in_after_it(city: Town) -> None:
    parts = city.house.parts
    sent = await city.service.send_image("zhangsan", PNG, to=city.service.world.app)
    await city.told("zhangsan", "图片没有收下")
    said = Incoming("wecom", "ww1-1", "m:9", "", "zhangsan", "", "app:m:9", 0, ITEM, True)
    said = replace(said, pictures=(FileRef("", 0, sent.payload["MediaId"]),))
    await parts.store.run(announce_file, said, city.house.clock.now())
    successor = Gateway(parts.gateway._house, lambda name: parts.channels[name])
    await successor.resume()
    assert "附图 1 张" in (await city.told("zhangsan", "收到 2026-0001")).text
    assert await kept(city) == [("附图1.png", PNG)]


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "png"), (JPG, "jpg"), (b"GIF89a", "gif"), (b"RIFF0000WEBP", "webp"), (b"%PDF", "")]
)
def test_what_is_a_picture_is_told_by_its_first_bytes(content: bytes, kind: str) -> None:
    assert picture.kind_of(content) == kind


async def test_a_picture_of_ours_shows_itself_to_a_person(city: Town) -> None:
    board = Outgoing("", file_name="榜.png", file_base64=base64.b64encode(PNG).decode(), picture=True)

    def queue(tx: Tx) -> None:
        outbox.put(tx, "wecom", "p:zhaozhuren", board, dedup="board", kind="test", now_ms=1)

    await city.house.parts.store.run(queue)
    await city.service.wait_for(lambda heard: heard.data == PNG)
    assert [one.msgtype for one in city.service.heard_by("zhaozhuren") if one.data] == ["image"]
