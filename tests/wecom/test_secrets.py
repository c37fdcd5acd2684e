"""Tokens, keys and webhook addresses are in no log line and no error, whatever goes wrong and however loud logs are."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Generator

import pytest
from nonebot.config import Config as NoneBotConfig
from nonebot.config import Env
from nonebot.log import logger
from pydantic import ValidationError
from starlette.responses import Response

from bot.channels.wecom import (
    AckUnknown,
    Config,
    MessageSegment,
    NetworkError,
    Target,
    TokenRefused,
    WeComAdapterException,
)
from bot.channels.wecom.log import redact
from bot.channels.wecom.wire import Wire
from tests.wecom.desk import AES_KEY, APP, DRIVERS, HOOK, LINE_BOT, TOKEN, URL_BOT, Desk, desk
from tests.wecom.fake import BOT_ID, BOT_SECRET, KEY, SECRET, FakeService, error, message, until

SECRETS = (SECRET, KEY, BOT_SECRET, AES_KEY, "never-shown", "RC-in-url", "FILEKEY")
PERSON = Target.user("zhangsan")


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Generator[list[str], None, None]:
    """Everything anybody logs, at every level."""
    lines: list[str] = []
    sink = logger.add(lines.append, level=0, format="{message} {exception}")
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "websockets.client", "aiohttp"):
        caplog.set_level(logging.DEBUG, name)
    yield lines
    logger.remove(sink)
    lines.extend(record.getMessage() for record in caplog.records)
    shown = [secret for secret in SECRETS for line in lines if secret in line]
    assert not shown


def _shown(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


async def _provoke(it: Desk, service: FakeService) -> list[WeComAdapterException]:
    """Things that go wrong, one after another."""
    caught: list[WeComAdapterException] = []

    async def attempt(work: object) -> None:
        with pytest.raises(WeComAdapterException) as raised:
            await work  # type: ignore[misc]  # whatever coroutine is handed in
        caught.append(raised.value)

    await it.app.send_to(PERSON, "好")
    service.script("message/send", error(60020), Response("gateway", status_code=502))
    await attempt(it.app.send_to(PERSON, "通知"))
    await attempt(it.app.send_to(PERSON, "通知"))
    service.script("webhook/send", error(93000, f"invalid webhook url key={KEY}"), Response(status_code=500))
    await attempt(it.hook.post("通知"))
    await attempt(it.hook.post("通知"))
    service.script("message/send", *[error(40014, "invalid access_token=token-1-never-shown")] * 2)
    await attempt(it.app.send_to(PERSON, "通知"))
    return caught


async def test_nothing_shows_while_all_goes_well_or_wrong(
    service: FakeService, driver: str, written: list[str]
) -> None:
    async with desk(service, APP, HOOK, LINE_BOT, driver=driver) as it:
        await until(lambda: BOT_ID in it.adapter.bots)
        quote = {"msgtype": "file", "file": {"url": f"{service.base}/x?key=FILEKEY", "aeskey": "FILEKEY"}}
        await service.say("机密内容", group="g", quote=quote, response_url="https://x/?response_code=RC-in-url")
        await until(lambda: bool(it.events))
        caught = await _provoke(it, service)
        written.append(repr(it.events[0].model_copy(update={"raw": {}})))
    assert len(caught) == 5
    for one in caught:
        assert not [secret for secret in SECRETS if secret in _shown(one)]
    assert written
    assert not [line for line in written[:-1] if "机密内容" in line]


async def test_an_unreachable_service_is_named_without_its_address(driver: str, written: list[str]) -> None:
    wire = Wire(DRIVERS[driver](Env(), NoneBotConfig()))
    nowhere = f"http://127.0.0.1:9/cgi-bin/x?key={KEY}"
    for work in (wire.get(nowhere, {}), wire.post(nowhere, {}, {}), wire.upload(nowhere, {}, "n", b"data")):
        with pytest.raises(NetworkError) as raised:
            await work
        assert not isinstance(raised.value, AckUnknown)
        assert KEY not in _shown(raised.value)
    await wire.close()


async def test_a_wrong_secret_is_refused_without_showing_it(
    service: FakeService, driver: str, written: list[str]
) -> None:
    wrong = APP.model_copy(update={"secret": type(APP.secret)("wrong-never-shown")})
    async with desk(service, wrong, driver=driver) as it:
        for _ in range(3):
            with pytest.raises(TokenRefused) as refused:
                await it.app.send_to(PERSON, "通知")
            assert "never-shown" not in _shown(refused.value)
    assert len(service.of("gettoken")) == 1
    assert refused.value.retry_at > time.time() + 200


async def test_bad_callbacks_leave_one_line_and_no_contents(service: FakeService, written: list[str]) -> None:
    async with desk(service, APP, URL_BOT) as it:
        before = len(written)
        await it.web.post(APP.callback_path + "?msg_signature=x&timestamp=1&nonce=n", content=b"<xml>\xff</xml>")
        await it.xml("<xml>")
        await it.json(message("机密内容", response_url="https://x/?response_code=RC-in-url"))
        lines = [line for line in written[before:] if "WeCom |" in line]
    assert len(lines) == 2
    assert all("refused" in line for line in lines)


def test_settings_that_are_wrong_do_not_show_what_they_hold() -> None:
    wrong = {"type": "app", "corp_id": "c", "agent_id": 1, "secret": SECRET, "token": TOKEN}
    with pytest.raises(ValidationError) as refused:
        Config.model_validate({"wecom_bots": [wrong]})
    assert SECRET not in str(refused.value)
    shown = repr(Config(wecom_bots=[APP, HOOK, LINE_BOT, URL_BOT]))
    assert not [secret for secret in SECRETS if secret in shown]


def test_segments_hide_addresses_keys_and_bytes() -> None:
    segment = MessageSegment("file", {"url": "https://u?key=K1", "aeskey": "K1", "raw": b"K1", "name": "a.docx"})
    assert "K1" not in repr(segment)
    assert "a.docx" in repr(segment)


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://h/cgi-bin/webhook/send?key={KEY} HTTP/1.1",
        f"/gettoken?corpid=ww1&corpsecret={SECRET}",
        json.dumps({"cmd": "aibot_subscribe", "body": {"secret": SECRET}}),
        f"{{'access_token': '{SECRET}'}}",
        f"response_code={SECRET}&x=1",
    ],
)
def test_what_libraries_print_is_redacted(text: str) -> None:
    assert not [secret for secret in SECRETS if secret in redact(text)]
