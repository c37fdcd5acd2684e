"""The traps of NoneBot's drivers (2.5.0), each with what the adapter does about it.

Three have their tests beside what they are about: raw characters and file names in test_app, errors of `receive` and
`send` in test_ws; here they are once more by name.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from nonebot.config import Config as NoneBotConfig
from nonebot.config import Env
from nonebot.drivers import Request, Response, Timeout, combine_driver
from nonebot.drivers.fastapi import Driver as FastAPIDriver
from nonebot.drivers.httpx import Mixin as HttpxMixin
from nonebot.drivers.none import Driver as NoDriver

from bot.channels.wecom import Adapter, Config, MediaError, MessageSegment, Target
from bot.channels.wecom.media import HOSTS, file_name, is_allowed
from bot.channels.wecom.wire import AT_ONCE, Wire, json_bytes, safe_name
from tests.wecom.desk import APP, HOOK, LINE_BOT, URL_BOT, desk
from tests.wecom.fake import BOT_ID, FakeService, until


async def test_trap_1_the_long_connection_has_no_read_timeout(
    service: FakeService, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Request] = []
    dial = Adapter.websocket

    @asynccontextmanager
    async def watched(self: Adapter, setup: Request) -> AsyncGenerator[Any, None]:
        asked.append(setup)
        async with dial(self, setup) as socket:
            yield socket

    monkeypatch.setattr(Adapter, "websocket", watched)
    async with desk(service, LINE_BOT, driver=driver) as it:
        await until(lambda: BOT_ID in it.adapter.bots)
    (request,) = asked
    assert isinstance(request.timeout, Timeout)
    assert request.timeout.read is None
    assert request.timeout.connect == 10


async def test_trap_2_a_connection_the_driver_itself_ends_is_built_up_again(service: FakeService) -> None:
    """The websockets driver ends it 40 s after a protocol ping nobody answers: a 1006 like any other."""
    async with desk(service, LINE_BOT, driver="httpx and websockets") as it:
        await until(lambda: BOT_ID in it.adapter.bots)
        await service.sockets[0].close(1011)
        await until(lambda: len(service.commands("aibot_subscribe")) == 2)


async def test_trap_2_the_driver_does_not_ping_on_its_own(service: FakeService, driver: str) -> None:
    """Whether the service answers a protocol ping is not documented; its own ping is enough."""
    async with desk(service, LINE_BOT, driver=driver) as it:
        dial = it.adapter._dial
        await until(lambda: BOT_ID in it.adapter.bots)
        async with dial() as socket:
            pinging = getattr(getattr(socket, "websocket", None), "keepalive_task", None)
            await asyncio.sleep(0)
            assert pinging is None or pinging.cancelled()


class Counting:
    """A driver and its session, which counts how many requests are under way."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def get_session(self, **_: object) -> Counting:
        return self

    async def setup(self) -> None:
        """Nothing to open."""

    async def request(self, _: Request) -> Response:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return Response(200)


async def test_no_more_requests_are_under_way_than_the_service_takes() -> None:
    driver = Counting()
    wire = Wire(driver)  # type: ignore[arg-type]  # as much of a driver as the wire uses
    await asyncio.gather(*(wire.get("http://service", {}) for _ in range(AT_ONCE * 3)))
    assert driver.most == AT_ONCE


def test_trap_3_bodies_hold_characters_and_no_escapes() -> None:
    assert json_bytes({"c": "线索", "half": "\ud83d"}) == '{"c":"线索","half":"?"}'.encode()


@pytest.mark.parametrize(
    ("given", "kept"), [('月报 11"a.docx', "月报 11_a.docx"), ("a\\b/c\r\nd", "a_b_c__d"), ("", "file"), (" ", "file")]
)
def test_trap_4_file_names_cannot_end_their_header(given: str, kept: str) -> None:
    assert safe_name(given) == kept


async def test_trap_5_reminders_use_one_session(service: FakeService, driver: str) -> None:
    async with desk(service, APP, HOOK, driver=driver) as it:
        for number in range(5):
            await it.app.send_to(Target.user("zhangsan"), f"提醒 {number}")
            await it.hook.post(f"提醒 {number}")
    assert len({call.port for call in service.calls}) == 1


async def test_trap_6_a_frame_the_driver_chokes_on_costs_one_reconnect(service: FakeService) -> None:
    async with desk(service, LINE_BOT, driver="aiohttp") as it:
        await until(lambda: BOT_ID in it.adapter.bots)
        await service.sockets[0].send_bytes(b"\xff\xfe")
        await service.say("报送")
        await until(lambda: bool(it.events))


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/file",
        "http://evil.example/qq.com",
        "http://qq.com.evil.example/",
        "http://notqq.com/",
        "http://qq.com@evil.example/",
        "file:///etc/passwd",
        "ftp://qq.com/",
        "http://[::1/",
        "",
    ],
)
async def test_trap_7_files_are_fetched_from_known_hosts_only(service: FakeService, url: str) -> None:
    assert not is_allowed(url, HOSTS)
    async with desk(service, URL_BOT) as it:
        with pytest.raises(MediaError, match="host"):
            await it.aibot.download(MessageSegment("file", {"url": url}))
    assert not service.calls


def test_trap_7_the_services_own_hosts_are_known() -> None:
    assert is_allowed("https://ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com/a?b=c", HOSTS)
    assert is_allowed("https://qyapi.weixin.qq.com/x", HOSTS)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=\"x.bin\"; filename*=UTF-8''%E9%98%B2%E6%B1%9B%20a.docx", "防汛 a.docx"),
        ('attachment; filename="月报.docx"', "月报.docx"),
        ('attachment; filename="月报.docx"'.encode().decode("latin-1"), "月报.docx"),
        ("attachment; filename=%E6%9C%88.docx", "月.docx"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment; filename*=NO-SUCH''a.docx", "a.docx"),
        ("inline", ""),
    ],
)
def test_a_files_name_is_read_from_its_header(disposition: str, name: str) -> None:
    assert file_name({"Content-Disposition": disposition}) == name


def test_a_driver_that_lacks_something_is_named_at_once() -> None:
    bare = NoDriver(Env(), NoneBotConfig())
    with pytest.raises(RuntimeError, match="DRIVER="):
        Adapter(bare, config=Config(wecom_bots=[HOOK]))
    no_socket = combine_driver(FastAPIDriver, HttpxMixin)(Env(), NoneBotConfig())
    with pytest.raises(RuntimeError, match="WebSocket"):
        Adapter(no_socket, config=Config(wecom_bots=[LINE_BOT]))
    no_server = combine_driver(NoDriver, HttpxMixin)(Env(), NoneBotConfig())
    with pytest.raises(RuntimeError, match="fastapi"):
        Adapter(no_server, config=Config(wecom_bots=[APP]))
