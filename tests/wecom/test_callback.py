"""Callback addresses from outside: what is let in, what is answered, and that nothing is answered before it is kept."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.channels.wecom import RawCallback
from bot.channels.wecom.crypto import BizCrypt
from tests.wecom.desk import AES_KEY, APP, TOKEN, URL_BOT, desk
from tests.wecom.fake import CORP, FakeService, message

TEXT = (
    "<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName>"
    "<CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[报送 <!DOCTYPE 关于>…]]></Content><MsgId>1234567890123456</MsgId>"
    "<AgentID>1000002</AgentID></xml>"
)


def _verification(receive_id: str = CORP, age: float = 0.0) -> str:
    sealed = BizCrypt(TOKEN, AES_KEY, receive_id).seal("1616140317555161061", int(time.time() - age), "n1")
    return urlencode(
        {
            "msg_signature": sealed.signature,
            "timestamp": sealed.timestamp,
            "nonce": "n1",
            "echostr": sealed.encrypt,
        }
    )


async def test_an_address_is_verified_by_the_plain_text_alone(service: FakeService) -> None:
    async with desk(service, APP) as it:
        answer = await it.web.get(f"{APP.callback_path}?{_verification()}")
        refused = await it.web.get(f"{APP.callback_path}?{_verification()}".replace("n1", "n2"))
        foreign = await it.web.get(f"{APP.callback_path}?{_verification('ww-other')}")
        old = await it.web.get(f"{APP.callback_path}?{_verification(age=3600)}")
        bare = await it.web.get(APP.callback_path)
    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")
    assert answer.headers["content-type"].startswith("text/plain")
    assert [one.status_code for one in (refused, foreign, old, bare)] == [403, 403, 403, 400]
    assert not service.calls


async def test_a_plus_that_was_not_encoded_still_verifies(service: FakeService) -> None:
    async with desk(service, APP) as it:
        while "%2B" not in (asked := _verification()):
            pass
        answer = await it.web.get(f"{APP.callback_path}?{asked.replace('%2B', '+')}")
    assert answer.content == b"1616140317555161061"


async def test_a_message_is_kept_before_it_is_answered(service: FakeService, driver: str) -> None:
    order: list[str] = []

    async def keep(callback: RawCallback) -> None:
        await asyncio.sleep(0.01)
        assert (callback.identity, callback.self_id, callback.key) == ("app", APP.self_id, "m:1234567890123456")
        assert callback.payload["Content"] == "报送 <!DOCTYPE 关于>…"
        order.append("kept")

    async with desk(service, APP, driver=driver, tap=keep, build_events=False) as it:
        answer = await it.xml(TEXT)
        order.append("answered")
    assert (answer.status_code, answer.content) == (200, b"")
    assert order == ["kept", "answered"]
    assert not it.events


async def test_what_could_not_be_kept_is_asked_for_again(service: FakeService) -> None:
    def fail(callback: RawCallback) -> None:
        raise OSError("disk full")

    async with desk(service, APP, tap=fail) as it:
        answer = await it.xml(TEXT)
    assert answer.status_code == 500
    assert not it.events


async def test_three_deliveries_are_three_times_ok_and_one_event(service: FakeService) -> None:
    heard: list[str] = []
    async with desk(service, APP, tap=lambda callback: heard.append(callback.key)) as it:
        answers = [(await it.xml(TEXT)).status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    assert len(it.events) == 1
    assert len(set(heard)) == 1


async def test_an_answer_does_not_wait_for_what_a_plugin_does(service: FakeService) -> None:
    release = asyncio.Event()

    async def slow(bot: Any, event: Any) -> None:
        await release.wait()

    async with desk(service, APP, then=slow) as it:
        answer = await asyncio.wait_for(it.xml(TEXT), 2)
        release.set()
    assert answer.status_code == 200


BAD_INSIDE = {
    "truncated": TEXT[:-10],
    "a document type": f'<!DOCTYPE xml [<!ENTITY a "b">]>{TEXT}',
    "a document type after the declaration": f'<?xml version="1.0"?>\n<!DOCTYPE xml SYSTEM "file:///etc/passwd">{TEXT}',
    "an entity nobody declared": TEXT.replace("报送", "]]>&xxe;<![CDATA["),
    "another root": TEXT.replace("xml>", "html>"),
    "no type": "<xml><CreateTime>1</CreateTime></xml>",
    "no time": TEXT.replace("CreateTime", "Created"),
    "a time that is none": TEXT.replace("1348831860", "soon"),
    "a type with children": TEXT.replace("<![CDATA[text]]>", "<a>text</a>"),
    "an empty root": "<xml/>",
    "no XML": "hello",
    "nothing": "",
}


@pytest.mark.parametrize("name", BAD_INSIDE)
async def test_signed_rubbish_is_refused_and_reaches_nobody(service: FakeService, name: str) -> None:
    heard: list[RawCallback] = []
    async with desk(service, APP, tap=heard.append) as it:
        answer = await it.xml(BAD_INSIDE[name])
    assert answer.status_code == 400
    assert not heard
    assert not it.events


BAD_OUTSIDE: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no envelope": (b"<xml></xml>", 400),
    "truncated": (b"<xml><Encrypt><![CDATA[QUJD]]></Encrypt>", 400),
    "broken base64": (b"<xml><Encrypt><![CDATA[Q!JD]]></Encrypt></xml>", 400),
    "entities": (b"<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><Encrypt>&a;</Encrypt></xml>", 400),
    "unsigned": (b"<xml><Encrypt><![CDATA[QUJD]]></Encrypt></xml>", 403),
    "ten megabytes": (b"<xml>" + b"x" * 10_000_000, 413),
}


@pytest.mark.parametrize("name", BAD_OUTSIDE)
async def test_whoever_cannot_sign_is_refused_before_anything_is_parsed(
    service: FakeService, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(text: str) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr("bot.channels.wecom.parse.parse_message", parse)
    body, status = BAD_OUTSIDE[name]
    async with desk(service, APP) as it:
        asked = urlencode({"msg_signature": "0" * 40, "timestamp": int(time.time()), "nonce": "n"})
        answer = await it.web.post(f"{APP.callback_path}?{asked}", content=body)
    assert answer.status_code == status


async def test_an_old_signature_is_a_replay(service: FakeService) -> None:
    async with desk(service, APP) as it:
        assert (await it.xml(TEXT, age=301)).status_code == 403
        assert (await it.xml(TEXT, age=-301)).status_code == 403
        assert (await it.xml(TEXT, age=290)).status_code == 200
    async with desk(service, APP, settings={"wecom_fresh_seconds": 0}) as it:
        assert (await it.xml(TEXT, age=99_999)).status_code == 200


async def test_a_type_nobody_knows_is_heard_and_answered(service: FakeService) -> None:
    heard: list[RawCallback] = []
    async with desk(service, APP, tap=heard.append) as it:
        answer = await it.xml(TEXT.replace("<![CDATA[text]]>", "hologram"))
    assert answer.status_code == 200
    assert heard[0].payload["MsgType"] == "hologram"
    assert it.events[0].get_event_name() == "notice.app.hologram"


async def test_an_ai_bot_is_answered_in_the_response_by_the_tap(service: FakeService) -> None:
    async def keep(callback: RawCallback) -> dict[str, Any]:
        assert callback.response_url == "https://qyapi.example/response?response_code=RC"
        return {"msgtype": "stream", "stream": {"id": "s", "finish": True, "content": "已收到"}}

    asked = message("@信息 报送 报送", group="wrG1", response_url="https://qyapi.example/response?response_code=RC")
    async with desk(service, URL_BOT, tap=keep, build_events=False) as it:
        answer = await it.json(asked)
        rubbish = await it.web.post(f"{URL_BOT.callback_path}?msg_signature=0&timestamp=1&nonce=n", content=b"{")
    assert answer is not None
    assert answer["stream"]["content"] == "已收到"
    assert rubbish.status_code == 400
