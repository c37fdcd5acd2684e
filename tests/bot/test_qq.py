"""The official QQ bot against a platform of our own: over its gateway and over its webhook, real requests both ways."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from domain.commission import Commission, Stage
from domain.moment import to_ms
from domain.speech import Outgoing
from storage import commission as commissions
from storage import outbox
from storage.commission import NewCommission
from storage.engine import Tx
from storage.outbox import Parcel, Sending
from tests.bot.harness import Served, served, until
from tests.bot.qq_platform import Platform, platform
from tests.support.commissions import issued
from tests.support.office import moment

# NoneBot's httpx driver hands cookies over in a way httpx means to give up.
pytestmark = pytest.mark.filterwarnings("ignore:Setting per-request cookies:DeprecationWarning")

GROUP, MEMBER, PERSON = "G-OPENID", "M-OPENID", "P-OPENID"


@pytest.fixture
async def tencent() -> AsyncIterator[Platform]:
    async with platform() as played:
        yield played


@pytest.fixture
async def bot(tencent: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    async with served(tmp_path, monkeypatch, qq=tencent.settings(websocket=True)) as house:
        await house.parts.store.run(enrol)
        await house.parts.store.read(house.parts.directory.fill, house.clock.now().date())
        await until(lambda: house.parts.channels["qq"].up and bool(tencent.gateways))
        yield house


def enrol(tx: Tx) -> None:
    """张三 is bound in private and in the group; 周科长 in private; the group is one for items."""
    for account, person_id in ((f"{GROUP}/{MEMBER}", 5), (PERSON, 5), ("HEAD", 1)):
        tx.run(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
            " VALUES ('qq', ?, ?, 0, 'code')",
            account, person_id,
        )  # fmt: skip
    tx.run(
        "INSERT INTO chat_group (platform, group_no, name, purpose, valid_from)"
        " VALUES ('qq', ?, '全市政务信息群', '报送', '2026-01-01')",
        GROUP,
    )


def in_group(text: str, said: str = "ROBOT1.0_1", at: str = "2026-11-23T09:41:00+08:00", **more: Any) -> dict[str, Any]:
    author = {"id": MEMBER, "member_openid": MEMBER, "member_role": "member", "bot": False, "username": "张三"}
    return {
        "id": said, "content": text, "timestamp": at, "author": author, "group_id": GROUP, "group_openid": GROUP,
    } | more  # fmt: skip


def in_private(text: str, said: str = "ROBOT1.0_2", **more: Any) -> dict[str, Any]:
    author = {"id": PERSON, "user_openid": PERSON}
    return {"id": said, "content": text, "timestamp": "2026-11-23T09:41:00+08:00", "author": author} | more


async def parcels(bot: Served) -> list[Parcel]:
    return await bot.parts.store.read(outbox.in_states, tuple(Sending), 50)


async def only_parcel(bot: Served, state: Sending) -> Parcel:
    async with asyncio.timeout(5):
        while True:
            found = [parcel for parcel in await parcels(bot) if parcel.state is state]
            if found:
                return found[0]
            await asyncio.sleep(0.02)


async def test_a_message_to_the_bot_in_a_group_is_answered_as_a_reply(bot: Served, tencent: Platform) -> None:
    await tencent.tell("GROUP_AT_MESSAGE_CREATE", in_group(" /报送 春耕备耕进展顺利\n正文。"))
    await until(lambda: tencent.heard)
    assert tencent.heard[0].to == GROUP
    assert tencent.heard[0].answers == "ROBOT1.0_1"
    assert "《春耕备耕进展顺利》" in tencent.heard[0].text


async def test_the_same_message_as_both_kinds_of_event_is_one_item(bot: Served, tencent: Platform) -> None:
    said = in_group(" /报送 春耕备耕进展顺利\n正文。")
    for kind in ("GROUP_AT_MESSAGE_CREATE", "GROUP_MESSAGE_CREATE", "GROUP_AT_MESSAGE_CREATE"):
        await tencent.tell(kind, said)
    await until(lambda: bot.parts.gateway.handled[""] == 2)
    assert bot.parts.gateway.handled["submit"] == 1
    await until(lambda: len(tencent.heard) == 1)


async def test_chatter_in_a_group_where_the_bot_reads_everything_is_left_alone(bot: Served, tencent: Platform) -> None:
    await tencent.tell("GROUP_MESSAGE_CREATE", in_group("今天开会吗？"))
    await until(lambda: bot.parts.gateway.seen["chatter"] == 1)
    assert await parcels(bot) == []


async def test_a_document_is_fetched_by_its_address(bot: Served, tencent: Platform) -> None:
    url = f"http://127.0.0.1:{tencent.port}/files/notice.txt"
    file = {"content_type": "file", "filename": "云山县春耕备耕进展顺利.txt", "url": url}
    await tencent.tell("C2C_MESSAGE_CREATE", in_private("", attachments=[file]))
    await until(lambda: tencent.heard)
    assert tencent.heard[0].to == PERSON
    assert "收到 2026-0001" in tencent.heard[0].text


async def test_answers_to_one_message_carry_different_numbers_and_the_sixth_speaks_first(
    bot: Served, tencent: Platform
) -> None:
    quote = f"ROBOT1.0_9@{to_ms(bot.clock.now())}"
    channel = bot.parts.channels["qq"]
    for number in range(6):
        sent = await channel.send(f"g:{GROUP}", Outgoing(f"第{number}段", quote))
        assert sent.state is Sending.SENT
    passive = [posted for posted in tencent.heard if posted.answers]
    assert len({posted.body["msg_seq"] for posted in passive}) == len(passive) == 5
    assert tencent.heard[5].answers is None


@pytest.mark.parametrize(
    ("target", "minutes", "passive"), [("g", 4, True), ("g", 6, False), ("p", 50, True), ("p", 61, False)]
)
async def test_an_answer_quotes_as_long_as_the_platform_lets_it(
    bot: Served, tencent: Platform, target: str, minutes: int, passive: bool
) -> None:
    quote = f"ROBOT1.0_9@{to_ms(bot.clock.now())}"
    bot.clock.forward(minutes=minutes)
    await bot.parts.channels["qq"].send(f"{target}:X", Outgoing("收到", quote))
    assert (tencent.heard[0].answers is not None) is passive


async def test_a_group_whose_owner_does_not_allow_it_is_named_to_the_head_of_the_office_once_a_day(
    bot: Served, tencent: Platform
) -> None:
    def remind(tx: Tx) -> None:
        now_ms = to_ms(bot.clock.now())
        for number in range(2):
            outbox.put(tx, "qq", f"g:{GROUP}", Outgoing(f"通报{number}"), dedup=f"n{number}", kind="x", now_ms=now_ms)

    tencent.next_answers = [(400, {"code": 22009, "message": "msg limit exceed"})] * 2
    await bot.parts.store.run(remind)
    refused = await only_parcel(bot, Sending.REFUSED)
    assert "22009" in refused.error
    assert "请群主" in refused.error
    await until(lambda: bot.parts.courier.settled["qq refused"] == 2)
    alarms = [parcel for parcel in await parcels(bot) if parcel.kind == "alarm"]
    assert len(alarms) == 1
    assert "全市政务信息群" in alarms[0].message.text
    assert "通报" not in alarms[0].message.text


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [
        (500, {"code": 1, "message": "system"}, Sending.UNKNOWN),
        (202, {"code": 304023, "message": "push message is waiting for audit now"}, Sending.UNKNOWN),
        (200, {"code": 304023, "data": {"message_audit": {"audit_id": "a1"}}}, Sending.UNKNOWN),
        (429, {"code": 429, "message": "too fast"}, Sending.PENDING),
        (400, {"code": 40054005, "message": "消息被去重"}, Sending.SENT),
        (400, {"code": 40034001, "message": "url not allowed"}, Sending.REFUSED),
        (403, {}, Sending.REFUSED),
        (404, {}, Sending.REFUSED),
    ],
)
async def test_what_the_platform_answers_is_what_became_of_the_message(
    bot: Served, tencent: Platform, status: int, answer: dict[str, Any], state: Sending
) -> None:
    tencent.next_answers = [(status, answer)]
    delivery = await bot.parts.channels["qq"].send(f"g:{GROUP}", Outgoing("收到"))
    assert delivery.state is state


async def test_credentials_that_are_not_given_mean_not_sent(bot: Served, tencent: Platform) -> None:
    import nonebot

    tencent.reachable = False
    nonebot.get_bot("102000000")._access_token = None  # type: ignore[attr-defined]  # as if they had run out
    delivery = await bot.parts.channels["qq"].send(f"g:{GROUP}", Outgoing("收到"))
    assert delivery.state is Sending.PENDING
    assert tencent.heard == []


async def test_files_are_not_sent_and_nothing_is_found_in_a_history(bot: Served, tencent: Platform) -> None:
    channel = bot.parts.channels["qq"]
    refused = await channel.send(f"g:{GROUP}", Outgoing("", file_name="a.xlsx", file_base64="YQ=="))
    assert refused.state is Sending.REFUSED
    assert await channel.find_sent(f"g:{GROUP}", "收到", 0) is None


async def test_a_bot_that_starts_without_network_comes_up_when_there_is_one(
    tencent: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.qq.adapter.RETRY_SECONDS", (0.05,))
    tencent.reachable = False
    async with served(tmp_path, monkeypatch, qq=tencent.settings(websocket=True)) as house:
        await asyncio.sleep(0.2)
        assert not house.parts.channels["qq"].up
        assert (await house.parts.channels["qq"].send(f"g:{GROUP}", Outgoing("x"))).state is Sending.PENDING
        tencent.reachable = True
        await until(lambda: house.parts.channels["qq"].up, seconds=10)


async def test_over_the_webhook_a_message_is_taken_once_and_answered(
    tencent: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch, qq=tencent.settings(websocket=False)) as house:
        await house.parts.store.run(enrol)
        await house.parts.store.read(house.parts.directory.fill, house.clock.now().date())
        await until(lambda: house.parts.channels["qq"].up)
        payload = {"op": 0, "id": "e1", "t": "GROUP_AT_MESSAGE_CREATE", "d": in_group("/报送 春耕\n正文。")}
        body, now = json.dumps(payload).encode(), str(int(house.clock.now().timestamp()))
        for _ in range(3):
            answer = await tencent.post_webhook(f"{house.url}/qq/webhook", body, now)
            assert answer.status_code == 200
        await until(lambda: house.parts.gateway.handled[""] == 2)
        assert house.parts.gateway.handled["submit"] == 1
        await until(lambda: len(tencent.heard) == 1)


async def test_a_private_answer_to_a_group_goes_to_the_private_account_of_the_same_person(
    bot: Served, tencent: Platform
) -> None:
    await tencent.tell("GROUP_AT_MESSAGE_CREATE", in_group("/我的得分"))
    await until(lambda: len(tencent.heard) == 2)
    by_chat = {posted.to: posted for posted in tencent.heard}
    assert "分" in by_chat[PERSON].text
    assert by_chat[PERSON].answers is None
    assert "已私聊" in by_chat[GROUP].text
    assert by_chat[GROUP].answers == "ROBOT1.0_1"


async def test_who_is_known_in_the_group_alone_is_asked_there_to_write_first(bot: Served, tencent: Platform) -> None:
    def unbind(tx: Tx) -> None:
        tx.run("DELETE FROM account WHERE platform = 'qq' AND account = ?", PERSON)

    await bot.parts.store.run(unbind)
    await tencent.tell("GROUP_AT_MESSAGE_CREATE", in_group("/我的得分"))
    await until(lambda: tencent.heard)
    assert tencent.heard[0].to == GROUP
    assert "私聊" in tencent.heard[0].text
    assert (await bot.parts.channels["qq"].send(f"p:{GROUP}/{MEMBER}", Outgoing("x"))).state is Sending.REFUSED


async def test_a_refusal_in_private_answers_the_message_without_showing_it(bot: Served, tencent: Platform) -> None:
    await tencent.tell("C2C_MESSAGE_CREATE", in_private("/报送 机密★五年 方案\n正文"))
    await until(lambda: tencent.heard)
    assert "没有收下" in tencent.heard[0].text
    assert tencent.heard[0].answers == "ROBOT1.0_2"
    assert "message_reference" not in tencent.heard[0].body


async def test_a_stranger_in_a_group_is_told_there_how_to_be_bound(bot: Served, tencent: Platform) -> None:
    stranger = {"id": "M9", "member_openid": "M9", "bot": False}
    await tencent.tell("GROUP_AT_MESSAGE_CREATE", in_group("/报送 春耕\n正文", author=stranger))
    await until(lambda: tencent.heard)
    assert tencent.heard[0].to == GROUP
    assert "绑定码" in tencent.heard[0].text


async def test_a_reply_to_a_push_is_about_that_commission(bot: Served, tencent: Platform) -> None:
    first, second = await bot.parts.store.run(two_commissions)
    quote: dict[str, Any] = {
        "message_type": 103,
        "msg_elements": [{"content": f"【约稿】{second.name}\n请回复“收到”。"}],
    }
    await tencent.tell("GROUP_AT_MESSAGE_CREATE", in_group(" 收到", "ROBOT1.0_21", **quote))
    await until(lambda: bot.parts.gateway.handled["receive"] == 1)
    assert [await stage_of(bot, one) for one in (first, second)] == [Stage.ISSUED, Stage.RECEIVED]
    text = (
        " 云山县秋粮收购开局平稳\n截至11月22日，全县入库秋粮八万六千吨，同比增加三个百分点，售粮款当日结清，农户满意。"
    )
    await tencent.tell("GROUP_AT_MESSAGE_CREATE", in_group(text, "ROBOT1.0_22", **quote))
    await until(lambda: tencent.heard)
    assert f"已作为 {second.name}的报送" in tencent.heard[0].text
    assert [await stage_of(bot, one) for one in (first, second)] == [Stage.ISSUED, Stage.ANSWERED]


def two_commissions(tx: Tx) -> tuple[Commission, Commission]:
    """Two commissions wait for 云山县 (unit 2)."""
    due_ms = to_ms(moment("11-27", "17:30"))
    first, second = (
        issued(tx, NewCommission(topic, due_ms), [2], moment("11-23", "09:00"))[0]
        for topic in ("冬季农业生产情况", "秋粮收购进度")
    )
    return first, second


async def stage_of(bot: Served, commission: Commission) -> Stage:
    (one,) = await bot.parts.store.read(commissions.assignments, commission.id)
    return one.now.stage
