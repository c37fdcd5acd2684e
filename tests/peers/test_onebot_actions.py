"""What the bot may ask of our endpoint, and how files get to it."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import httpx
import pytest

from .onebot import FileFault, OneBotPeer
from .onebot.peer import FileOrder
from .plain_application import PlainApplication

GROUP = 200001


async def ask(application: PlainApplication, action: str, **params: object) -> Any:
    answer = await application.call(action, **params)
    assert answer["retcode"] == 0, answer
    return answer["data"]


@pytest.mark.parametrize(
    ("action", "params", "retcode"),
    [
        ("make_coffee", {}, 1404),
        ("send_group_msg", {"message": "没有群号"}, 1400),
        ("send_group_msg", {"group_id": "群", "message": "群号不是数字"}, 1400),
        ("send_group_msg", {"group_id": GROUP, "message": [{"type": "text"}]}, 1400),
        ("send_group_msg", {"group_id": GROUP, "message": [{"type": "hologram", "data": {}}]}, 1400),
        ("send_group_msg", {"group_id": 42, "message": "不在的群"}, 1200),
        ("send_group_msg", {"group_id": GROUP, "message": []}, 1200),
        ("send_private_msg", {"user_id": 42, "message": "不认识的人"}, 1200),
        ("upload_group_file", {"group_id": GROUP, "name": "榜.xlsx", "file": "/tmp/board.xlsx"}, 1200),
        ("get_msg", {"message_id": 1}, 1200),
        ("get_group_msg_history", {"group_id": GROUP}, 1200),
    ],
)
async def test_a_wrong_call_is_answered_as_napcat_does(
    peer: OneBotPeer, application: PlainApplication, action: str, params: dict[str, object], retcode: int
) -> None:
    answer = await application.call(action, **params)
    assert (answer["status"], answer["retcode"], answer["data"]) == ("failed", retcode, None)
    assert answer["message"] == answer["wording"] != ""
    assert peer.heard == []


@pytest.mark.parametrize("words", ["{", "[1, 2]", "7", '{"action": "get_status", "params": 7}'])
async def test_a_frame_that_is_no_call_is_refused_and_the_next_one_answered(
    peer: OneBotPeer, application: PlainApplication, words: str
) -> None:
    await application.connections[0].send(words)
    assert (await ask(application, "get_status"))["good"] is True
    assert [frame["retcode"] for frame in application.strays] == [1400]


async def test_the_endpoint_knows_itself_its_groups_and_their_members(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    assert await ask(application, "get_login_info") == {"user_id": 3001, "nickname": "报送助手"}
    assert (await ask(application, "get_status"))["online"] is True
    assert (await ask(application, "get_version_info"))["protocol_version"] == "v11"
    groups = await ask(application, "get_group_list")
    assert [group["group_name"] for group in groups] == ["某市信息报送群", "信息科内部群"]
    members = await ask(application, "get_group_member_list", group_id=str(GROUP), no_cache=True)
    assert [member["user_id"] for member in members] == [3001, 10001, 10002, 10004, 90001]
    owner = await ask(application, "get_group_member_info", group_id=GROUP, user_id=90001)
    assert (owner["card"], owner["role"]) == ("信息科-赵", "owner")


async def test_pictures_mentions_forwards_and_files_are_seen_by_people(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    picture = "base64://" + base64.b64encode(b"\x89PNG").decode()
    parts = [
        {"type": "at", "data": {"qq": 10001}},
        {"type": "text", "data": {"text": " 十月得分榜"}},
        {"type": "image", "data": {"file": picture}},
    ]
    await ask(application, "send_msg", group_id=GROUP, user_id=10001, message=parts)
    board = await peer.group_hears(GROUP, "得分榜")
    assert (board.mentions, board.images) == (["10001"], [b"\x89PNG"])
    node = {"type": "node", "data": {"user_id": "3001", "nickname": "信息科", "content": parts[1:2]}}
    forward = await ask(application, "send_group_forward_msg", group_id=GROUP, messages=[node, node])
    assert peer.heard[-1].message_id == forward["message_id"]
    assert peer.heard[-1].text.split() == ["十月得分榜", "十月得分榜"]
    await ask(application, "upload_private_file", user_id=90001, name="榜.xlsx", file=picture)
    assert (await peer.private_to(90001)).files == {"榜.xlsx": b"\x89PNG"}


async def test_a_quote_of_a_recalled_message_is_dropped(peer: OneBotPeer, application: PlainApplication) -> None:
    message_id = await peer.say(10001, "撤回的话", GROUP)
    assert (await ask(application, "get_msg", message_id=message_id))["raw_message"] == "撤回的话"
    await peer.recall(message_id)
    assert (await application.until_events(3))[2]["notice_type"] == "group_recall"
    quote = [{"type": "reply", "data": {"id": str(message_id)}}, {"type": "text", "data": {"text": "收到"}}]
    await ask(application, "send_group_msg", group_id=GROUP, message=quote)
    assert (await peer.group_hears(GROUP, "收到")).quote_of is None


async def test_history_ends_with_the_message_asked_for_and_shows_the_bots_own(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    await peer.say(10001, "一", GROUP)
    second = await peer.say(10002, "二", GROUP)
    await ask(application, "send_group_msg", group_id=GROUP, message="三")
    latest = (await ask(application, "get_group_msg_history", group_id=GROUP, count=2))["messages"]
    assert [(frame["raw_message"], frame["post_type"]) for frame in latest] == [
        ("二", "message"),
        ("三", "message_sent"),
    ]
    assert [frame["real_seq"] for frame in latest] == ["2108902", "2108903"]
    older = await ask(application, "get_group_msg_history", group_id=GROUP, message_seq=second)
    assert [frame["raw_message"] for frame in older["messages"]] == ["一", "二"]
    newer = await ask(application, "get_group_msg_history", group_id=GROUP, message_seq=second, reverse_order=True)
    assert [frame["raw_message"] for frame in newer["messages"]] == ["二", "三"]


@pytest.mark.parametrize(
    ("order", "kinds"),
    [
        ("message-first", ["message", "notice"]),
        ("notice-first", ["notice", "message"]),
        ("message-only", ["message"]),
        ("notice-only", ["notice"]),
    ],
)
async def test_one_group_file_is_announced_in_any_order_with_different_ids(
    peer: OneBotPeer, application: PlainApplication, order: FileOrder, kinds: list[str]
) -> None:
    dropped = await peer.drop_file(10001, "材料.docx", b"12345", GROUP, order)
    events = (await application.until_events(1 + len(kinds)))[1:]
    assert [event["post_type"] for event in events] == kinds
    assert dropped.message_file_id != dropped.notice_file_id
    for event in events:
        if event["post_type"] == "message":
            segment = {"file": "材料.docx", "file_id": dropped.message_file_id, "file_size": "5"}
            assert event["message"] == [{"type": "file", "data": segment}]


async def test_only_the_id_that_resolves_leads_to_the_file(peer: OneBotPeer, application: PlainApplication) -> None:
    dropped = await peer.drop_file(10001, "材料.docx", b"12345", GROUP, resolves=["notice"])
    answer = await application.call("get_group_file_url", group_id=GROUP, file_id=dropped.message_file_id)
    assert answer["retcode"] == 1200
    url = await ask(application, "get_group_file_url", group_id=GROUP, file_id=dropped.notice_file_id)
    assert await fetched(url["url"]) == (200, b"12345")
    assert peer.files.downloads == [dropped.key]


async def test_a_private_file_comes_by_address_or_as_base64(peer: OneBotPeer, application: PlainApplication) -> None:
    dropped = await peer.drop_file(10001, "材料.docx", b"12345", url_in_message=True)
    frame = (await application.until_events(2))[1]
    assert (frame["message_type"], frame["message_id"]) == ("private", dropped.message_id)
    assert await fetched(frame["message"][0]["data"]["url"]) == (200, b"12345")
    url = await ask(application, "get_private_file_url", file_id=dropped.message_file_id)
    assert await fetched(url["url"]) == (200, b"12345")
    file = await ask(application, "get_file", file_id=dropped.message_file_id)
    assert base64.b64decode(file["base64"]) == b"12345"
    peer.world.offers_base64 = False
    assert "base64" not in await ask(application, "get_file", file_id=dropped.message_file_id)


async def test_downloads_fail_in_each_scripted_way(peer: OneBotPeer, application: PlainApplication) -> None:
    async def outcome(fault: FileFault) -> object:
        dropped = await peer.drop_file(10001, "材料.docx", b"12345678", GROUP, fault=fault)
        params = {"group_id": GROUP, "file_id": dropped.message_file_id}
        answer = await application.call("get_group_file_url", **params)
        if answer["retcode"]:
            return answer["retcode"]
        try:
            status, body = await fetched(answer["data"]["url"])
        except httpx.TransportError as failure:
            return type(failure)
        return len(body) if status == 200 else status

    assert await outcome(FileFault.HANG) is httpx.ReadTimeout
    assert await outcome(FileFault.OTHER_SIZE) == 8 + 1021
    assert await outcome(FileFault.CUT_SHORT) is httpx.RemoteProtocolError
    assert await outcome(FileFault.MISSING) == 404
    assert await outcome(FileFault.NO_URL) == 1200


async def test_a_download_that_hangs_does_not_hold_the_endpoint_open(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    dropped = await peer.drop_file(10001, "材料.docx", b"1", GROUP, fault=FileFault.HANG)
    url = (await ask(application, "get_private_file_url", file_id=dropped.message_file_id))["url"]
    hanging = asyncio.create_task(fetched(url, seconds=30))
    async with asyncio.timeout(5):
        while not peer.files.downloads:
            await asyncio.sleep(0.01)
    await peer.files.close()
    with pytest.raises(httpx.TransportError):
        await hanging


async def fetched(url: str, seconds: float = 0.2) -> tuple[int, bytes]:
    async with httpx.AsyncClient(trust_env=False, timeout=seconds) as client:
        answer = await client.get(url)
        return answer.status_code, answer.content
