"""The self-built app's API: tokens, messages, cards, groups, media, contacts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .wecom import Clock, WeComService, World
from .wecom.plain_bot import PlainCaller

MORNING = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Asia/Shanghai"))
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
async def service() -> AsyncIterator[WeComService]:
    async with WeComService(World.small(), clock=Clock(MORNING)) as service:
        yield service


@pytest.fixture
async def bot(service: WeComService) -> AsyncIterator[PlainCaller]:
    async with PlainCaller.of(service) as caller:
        yield caller


def card(task_id: str = "item-42-r1") -> dict[str, Any]:
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "待审：防汛情况", "desc": "张三"},
        "button_list": [
            {"text": "采用", "style": 1, "key": "accept:42"},
            {"text": "退回", "key": "return:42"},
        ],
        "task_id": task_id,
    }


async def send_card(bot: PlainCaller, touser: str, **more: Any) -> dict[str, Any]:
    body = {"touser": touser, "agentid": 1000002, "msgtype": "template_card", "template_card": card() | more}
    return await bot.ask("message/send", body)


async def test_the_same_token_comes_until_it_ends(service: WeComService, bot: PlainCaller) -> None:
    secret = service.world.app.secret
    first = await bot.gettoken(secret)
    assert first["expires_in"] == 7200
    assert (await bot.gettoken(secret))["access_token"] == first["access_token"]
    service.clock.advance(7200)
    assert (await bot.gettoken(secret))["access_token"] != first["access_token"]
    assert (await bot.get("user/get", access_token=first["access_token"], userid="lisi"))["errcode"] == 42001
    assert len(service.tokens.issued) == 2


async def test_a_token_can_end_early_or_be_forgotten(service: WeComService, bot: PlainCaller) -> None:
    await bot.tell("zhangsan", "一")
    service.tokens.expire(1000002)
    assert (await bot.tell("zhangsan", "二"))["errcode"] == 42001
    fresh = await bot.gettoken(service.world.app.secret)
    service.tokens.forget(1000002)
    answer = await bot.get("user/get", access_token=fresh["access_token"], userid="lisi")
    assert answer["errcode"] == 40014
    assert answer["errmsg"].endswith("devtool/query?e=40014")
    assert (await bot.get("user/get", userid="lisi"))["errcode"] == 41001
    assert [heard.text for heard in service.heard] == ["一"]


async def test_the_sixth_wrong_secret_blocks_the_address_for_an_hour(service: WeComService, bot: PlainCaller) -> None:
    assert (await bot.gettoken("x", corp_id="ww0"))["errcode"] == 40013
    codes = [(await bot.gettoken("wrong"))["errcode"] for _ in range(6)]
    assert codes == [40001] * 5 + [45009]
    assert (await bot.gettoken(service.world.app.secret))["errcode"] == 45009
    service.clock.advance(3600)
    assert (await bot.gettoken(service.world.app.secret))["errcode"] == 0


async def test_a_message_reaches_those_who_are_there_and_names_the_others(
    service: WeComService, bot: PlainCaller
) -> None:
    answer = await bot.tell("zhangsan|Nobody", "请补报")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert [heard.text for heard in service.heard_by("zhangsan")] == ["请补报"]
    assert service.heard[0].via == "app"
    assert (await bot.tell("Nobody|Noone", "请补报"))["errcode"] == 81013
    assert (await bot.tell("@all", "全体"))["errcode"] == 0
    assert service.heard_by("wangwu")[-1].text == "全体"
    by_party = await bot.tell("", "县里的", toparty="3|77")
    assert by_party["invalidparty"] == "77"
    assert [one.chat[1] for one in service.heard if one.text == "县里的"] == ["lisi", "wangwu"]
    service.world.tags[7] = frozenset({"lisi", "zhangsan", "gone"})
    by_tag = await bot.tell("", "信息员", totag="7|8")
    assert by_tag["invalidtag"] == "8"
    assert [one.chat[1] for one in service.heard if one.text == "信息员"] == ["lisi", "zhangsan"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agentid": "1000002"}, 40056),
        ({"agentid": 1000003}, 301002),
        ({"msgtype": "markdown_v2", "markdown_v2": {"content": "x"}}, 40008),
        ({"msgtype": "file", "file": {"media_id": "gone"}}, 40007),
        ({"text": {"content": ""}}, 44004),
        ({"touser": ["zhangsan"]}, 40058),
        ({"msgtype": "textcard", "textcard": {"title": "无链接"}}, 40058),
    ],
)
async def test_a_message_with_a_fault_is_refused_with_its_code(
    service: WeComService, bot: PlainCaller, change: dict[str, Any], code: int
) -> None:
    body = {"touser": "zhangsan", "agentid": 1000002, "msgtype": "text", "text": {"content": "x"}} | change
    assert (await bot.ask("message/send", body))["errcode"] == code
    assert service.heard == []


async def test_escaped_characters_are_refused_while_the_service_is_strict(
    service: WeComService, bot: PlainCaller
) -> None:
    token = await bot.token()
    raw = rb'{"touser":"lisi","agentid":1000002,"msgtype":"text","text":{"content":"\u7ebf"}}'
    assert (await bot.raw("message/send", raw, access_token=token))["errcode"] == 40033
    service.faults.refuses_escapes = False
    assert (await bot.raw("message/send", raw, access_token=token))["errcode"] == 0
    assert (await bot.raw("message/send", b"{", access_token=token))["errcode"] == 47001


async def test_long_text_is_cut_by_bytes_without_a_word(service: WeComService, bot: PlainCaller) -> None:
    assert (await bot.tell("lisi", "报" * 1000))["errcode"] == 0
    assert service.heard[0].text == "报" * 682


async def test_the_thirty_first_message_in_a_minute_vanishes_silently(service: WeComService, bot: PlainCaller) -> None:
    for number in range(33):
        assert (await bot.tell("lisi", f"第{number}条"))["errcode"] == 0
    assert len(service.heard) == 30
    assert [(lost.userid, lost.text, lost.reason) for lost in service.dropped] == [
        ("lisi", f"第{number}条", "pace") for number in (30, 31, 32)
    ]
    await bot.tell("wangwu", "别人照收")
    service.clock.advance(60)
    await bot.tell("lisi", "一分钟后")
    assert [heard.text for heard in service.heard[30:]] == ["别人照收", "一分钟后"]


async def test_beyond_the_company_s_quota_of_a_day_messages_vanish_silently() -> None:
    world = World.small()
    world.messages_a_day = 3
    async with WeComService(world, clock=Clock(MORNING)) as service, PlainCaller.of(service) as bot:
        for text in ("上午", "下午"):
            assert (await bot.tell("lisi|wangwu", text))["errcode"] == 0
        assert [heard.chat[1] for heard in service.heard] == ["lisi", "wangwu", "lisi"]
        assert [(lost.userid, lost.text, lost.reason) for lost in service.dropped] == [("wangwu", "下午", "quota")]
        service.clock.advance(86_400)
        bot.renew()
        await bot.tell("wangwu", "第二天")
        assert service.heard[-1].text == "第二天"


async def test_a_repeated_text_vanishes_when_the_caller_asks_for_the_check(
    service: WeComService, bot: PlainCaller
) -> None:
    for _ in range(2):
        assert (await bot.tell("lisi", "催报", enable_duplicate_check=1))["errcode"] == 0
    assert len(service.heard) == 1
    assert service.dropped[0].reason == "duplicate"
    service.clock.advance(1800)
    await bot.tell("lisi", "催报", enable_duplicate_check=1)
    assert len(service.heard) == 2


async def test_a_message_can_be_recalled_within_a_day(service: WeComService, bot: PlainCaller) -> None:
    sent = [await bot.tell("lisi", text) for text in ("发错了", "太久了")]
    assert (await bot.ask("message/recall", {"msgid": sent[0]["msgid"]}))["errcode"] == 0
    assert [heard.text for heard in service.heard_by("lisi")] == ["太久了"]
    service.clock.advance(24 * 3600 + 1)
    bot.renew()
    assert (await bot.ask("message/recall", {"msgid": sent[1]["msgid"]}))["errcode"] == 40058
    assert (await bot.ask("message/recall", {"msgid": "unknown"}))["errcode"] == 40058


async def test_a_card_shows_its_new_state_to_those_it_is_changed_for(service: WeComService, bot: PlainCaller) -> None:
    sent = await send_card(bot, "zhangsan|lisi")
    assert service.heard_by("lisi")[0].text.endswith("[采用]\n[退回]")
    change = {"agentid": 1000002, "response_code": sent["response_code"], "userids": ["zhangsan", "X"]}
    button = {"button": {"replace_name": "已采用"}}
    answer = await bot.ask("message/update_template_card", change | button)
    assert (answer["errcode"], answer["invaliduser"]) == (0, ["x"])
    assert service.card_of("zhangsan").buttons_for("zhangsan") == {}
    assert "已采用" in service.card_of("zhangsan").text_for("zhangsan")
    assert service.card_of("lisi").buttons_for("lisi") == {"accept:42": "采用", "return:42": "退回"}
    assert (await bot.ask("message/update_template_card", change | button))["errcode"] == 60140


async def test_a_response_code_lives_72_hours(service: WeComService, bot: PlainCaller) -> None:
    sent = await send_card(bot, "lisi")
    service.clock.advance(72 * 3600 + 1)
    bot.renew()
    change = {"agentid": 1000002, "response_code": sent["response_code"], "atall": 1}
    answer = await bot.ask("message/update_template_card", change | {"button": {"replace_name": "晚了"}})
    assert answer["errcode"] == 60140


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"card_type": "poster"}, 42031),
        ({"card_type": "text_notice"}, 42045),
        ({"task_id": "有汉字"}, 42014),
        ({"button_list": [{"text": "一二三四五六七八九十一", "key": "k"}]}, 42038),
        ({"button_list": [{"text": "采用", "key": ""}]}, 42039),
        ({"horizontal_content_list": [{"keyname": str(number)} for number in range(7)]}, 42035),
        ({"jump_list": [{"title": str(number)} for number in range(4)]}, 42042),
        ({"button_selection": {"question_key": "q", "option_list": []}}, 42047),
        ({"button_selection": {"question_key": "q", "option_list": [{"id": "1", "text": "一"}] * 2}}, 42047),
        ({"button_selection": {"question_key": "q", "option_list": [{"id": "汉" * 43, "text": "一"}]}}, 42047),
    ],
)
async def test_a_card_with_a_fault_is_refused_with_its_code(
    service: WeComService, bot: PlainCaller, change: dict[str, Any], code: int
) -> None:
    assert (await send_card(bot, "lisi", **change))["errcode"] == code


async def test_a_group_of_the_app_is_invisible_until_its_first_message(service: WeComService, bot: PlainCaller) -> None:
    people = ["zhangsan", "lisi"]
    created = await bot.ask("appchat/create", {"name": "约稿群", "owner": "lisi", "userlist": people})
    chatid = created["chatid"]
    assert not service.world.groups[chatid].shown
    text = {"content": "请看", "mentioned_list": ["lisi"]}
    sent = await bot.ask("appchat/send", {"chatid": chatid, "msgtype": "text", "text": text})
    assert sent == {"errcode": 0, "errmsg": "ok"}
    assert service.heard_in(chatid)[0].mentions == ("lisi",)
    assert service.world.groups[chatid].shown
    await bot.ask("appchat/update", {"chatid": chatid, "add_user_list": ["wangwu"], "del_user_list": ["zhangsan"]})
    info = (await bot.ask("appchat/get", chatid=chatid))["chat_info"]
    assert (info["userlist"], info["owner"], info["name"]) == (["lisi", "wangwu"], "lisi", "约稿群")


async def test_a_group_of_the_app_refuses_what_the_documents_say(service: WeComService, bot: PlainCaller) -> None:
    async def create(**body: Any) -> int:
        return int((await bot.ask("appchat/create", {"name": "群"} | body))["errcode"])

    people = ["zhangsan", "lisi"]
    assert await create(userlist=["zhangsan"]) == 86006
    assert await create(userlist=[*people, "nobody"]) == 86007
    assert await create(userlist=people, owner="wangwu") == 86005
    assert await create(userlist=people, chatid="有汉字") == 86001
    assert await create(userlist=people, chatid="taken1") == 0
    assert await create(userlist=people, name="长" * 51) == 86004
    text = {"msgtype": "text", "text": {"content": "x"}}
    assert (await bot.ask("appchat/send", {"chatid": "unknown"} | text))["errcode"] == 86003
    cards = {"chatid": "taken1", "msgtype": "template_card", "template_card": card()}
    assert (await bot.ask("appchat/send", cards))["errcode"] == 40008
    other = service.world.add_app(1000003)
    assert (await bot.ask("appchat/get", app=other, chatid="taken1"))["errcode"] == 86008
    service.world.groups["taken1"].dissolved = True
    assert (await bot.ask("appchat/send", {"chatid": "taken1"} | text))["errcode"] == 49008
    service.world.app.sees_root = False
    assert await create(userlist=people) == 60011


async def test_media_go_up_and_come_down_with_their_chinese_names(service: WeComService, bot: PlainCaller) -> None:
    token = await bot.token()
    up = await bot.upload("media/upload", "月报 11.docx", b"content", access_token=token, type="file")
    assert isinstance(up["created_at"], str)
    body = {"touser": "lisi", "agentid": 1000002, "msgtype": "file", "file": {"media_id": up["media_id"]}}
    await bot.ask("message/send", body)
    assert (service.heard[0].file_name, service.heard[0].data) == ("月报 11.docx", b"content")
    query = {"access_token": token, "media_id": up["media_id"]}
    down = await bot.fetch("media/get", **query)
    assert down.content == b"content"
    assert "filename*=UTF-8''%E6%9C%88%E6%8A%A5%2011.docx" in down.headers["content-disposition"]
    part = await bot.fetch("media/get", {"range": "bytes=2-4"}, **query)
    assert (part.status_code, part.content) == (206, b"nte")
    service.clock.advance(3 * 24 * 3600 + 1)
    bot.renew()
    query["access_token"] = await bot.token()
    assert (await bot.fetch("media/get", **query)).json()["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("poster", b"123456", 40004),
        ("file", b"", 44001),
        ("file", b"12345", 40006),
        ("voice", b"no amr at all", 40005),
        ("image", b"no picture", 40005),
        ("file", b"x" * (20 * 2**20 + 1), 45001),
    ],
)
async def test_media_with_a_fault_are_refused_with_their_code(
    service: WeComService, bot: PlainCaller, kind: str, data: bytes, code: int
) -> None:
    answer = await bot.upload("media/upload", "x.bin", data, access_token=await bot.token(), type=kind)
    assert answer["errcode"] == code


async def test_a_file_name_only_in_the_new_spelling_counts_as_no_file(service: WeComService, bot: PlainCaller) -> None:
    part = b"--b\r\nContent-Disposition: form-data; name=\"media\"; filename*=UTF-8''x\r\n\r\n123456\r\n--b--"
    form = {"content-type": "multipart/form-data; boundary=b"}
    answer = await bot.raw("media/upload", part, form, access_token=await bot.token(), type="file")
    assert answer["errcode"] == 44001


async def test_the_address_book_gives_ids_and_names_but_no_numbers(service: WeComService, bot: PlainCaller) -> None:
    names = (await bot.ask("user/simplelist", department_id="3"))["userlist"]
    assert [one["name"] for one in names] == ["李四", "王五"]
    everybody = (await bot.ask("user/list", department_id="1", fetch_child="1"))["userlist"]
    assert [one["userid"] for one in everybody] == ["zhangsan", "lisi", "wangwu", "zhaozhuren"]
    assert "mobile" not in (await bot.ask("user/get", userid="lisi"))
    assert (await bot.ask("user/get", userid="nobody"))["errcode"] == 60111
    assert (await bot.ask("user/list", department_id="99"))["errcode"] == 60123
    departments = (await bot.ask("department/list"))["department"]
    assert [one["name"] for one in departments] == ["某市政府办公室", "发展改革委", "云山县"]
    assert len((await bot.ask("department/simplelist", id="3"))["department_id"]) == 1


async def test_only_the_contact_secret_may_list_all_ids(service: WeComService, bot: PlainCaller) -> None:
    assert (await bot.ask("user/list_id", {"cursor": "", "limit": 3}))["errcode"] == 48002
    service.world.app.contact_sync = True
    first = await bot.ask("user/list_id", {"cursor": "", "limit": 3})
    rest = await bot.ask("user/list_id", {"cursor": first["next_cursor"], "limit": 3})
    assert [one["userid"] for one in first["dept_user"] + rest["dept_user"]] == list(service.world.members)
    assert rest["next_cursor"] == ""


async def test_encrypted_ids_are_translated_for_those_the_app_sees(service: WeComService, bot: PlainCaller) -> None:
    lisi, wangwu = (service.world.members[one].open_userid for one in ("lisi", "wangwu"))
    service.world.app.visible = frozenset({"lisi"})
    answer = await bot.ask("batch/openuserid_to_userid", {"open_userid_list": [lisi, wangwu, "wo0"]})
    assert answer["userid_list"] == [{"userid": "lisi", "open_userid": lisi}]
    assert answer["invalid_open_userid_list"] == [wangwu, "wo0"]
    assert (await bot.tell("wangwu", "看不见"))["errcode"] == 81013


async def test_an_address_that_is_not_allowed_hears_60020(service: WeComService, bot: PlainCaller) -> None:
    service.faults.foreign_ip = True
    answer = await bot.tell("lisi", "x")
    assert answer["errcode"] == 60020
    assert "from ip: 127.0.0.1" in answer["errmsg"]
