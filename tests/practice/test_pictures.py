"""Pictures and files of the bot on the page, in a real browser: seen in the chat, opened in full, saved.

The page, its guard and its calls are the real ones; the test says to them what a bot would.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from practice.cabinet import Cabinet
from practice.calls import Calls
from practice.chats import Chats
from practice.clock import PracticeClock
from practice.endpoint import Endpoint
from practice.guard import Guard
from practice.page import Page
from practice.timeline import Timeline
from practice.world import Resident, Room, World
from reports.scoreboard_png import scoreboard_png
from storage.sqlite import SQLiteStore
from tests.peers.process import free_port
from tests.practice.browser import CHROMIUM, MISSING, Browser, saved
from tests.practice.test_clock import CALENDAR, Diary
from tests.reports.snapshots import crowd

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason=MISSING)]

PEOPLE = {
    10002: Resident(10002, "吴科员", "信息科", "市政府办", "办公室", "desk"),
    10006: Resident(10006, "张三", "信息员", "云山县", "县区", "unit"),
}
GROUPS = {
    200001: Room(200001, "全市政务信息报送群", "报送", (10002, 10006)),
    200003: Room(200003, "信息科工作群", "办公", (10002,)),
}
BOARD = scoreboard_png(crowd(40, 1), crowd(40, 1).classes[0]).png

PICTURE = "document.querySelector('#log .picture img')"


@dataclass(frozen=True, slots=True)
class Town:
    """A small town whose page is open; `call` is what a bot asks of the endpoint."""

    address: str
    calls: Calls

    def call(self, action: str, **params: object) -> dict[str, Any]:
        answer = self.calls.answer({"action": action, "params": params, "echo": "1"})
        assert answer["retcode"] == 0, answer
        return answer

    def send_picture(self, content: bytes, group: int = 200001) -> None:
        segment = {"type": "image", "data": {"file": f"base64://{base64.b64encode(content).decode()}"}}
        self.call("send_group_msg", group_id=group, message=[segment])

    def send_file(self, name: str, content: bytes) -> None:
        encoded = f"base64://{base64.b64encode(content).decode()}"
        self.call("upload_group_file", group_id=200001, name=name, file=encoded)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    port, clock = free_port(), PracticeClock()
    chats = Chats(first_id=1)
    calls = Calls(World(PEOPLE, GROUPS), chats, clock, f"http://127.0.0.1:{port}")
    endpoint = Endpoint("ws://127.0.0.1:9/", "token", chats, calls, clock)
    timeline = Timeline(clock, SQLiteStore(tmp_path / "never-opened.db"), Diary(clock), CALENDAR, chats)
    app = Starlette()
    app.mount("/", Guard(Page(chats, calls, endpoint, timeline).router(), port))
    async with served(app, port):
        yield Town(f"http://127.0.0.1:{port}/", calls)


@asynccontextmanager
async def served(app: Starlette, port: int) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await serving


@asynccontextmanager
async def opened(town: Town, width: int = 1440) -> AsyncIterator[Browser]:
    async with Browser(width, 900) as page:
        await page.open(town.address)
        yield page
        assert {urlsplit(asked).hostname for asked in page.requests} == {"127.0.0.1"}


async def box(page: Browser, selector: str) -> dict[str, float]:
    found: dict[str, float] = await page.evaluate(
        f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()"
    )
    return found


@pytest.mark.parametrize("width", [1440, 380])
async def test_a_scoreboard_shows_itself_as_wide_as_on_a_phone_and_a_click_opens_it_in_full(
    town: Town, width: int
) -> None:
    async with opened(town, width) as page:
        town.send_picture(BOARD)
        await page.until(f"{PICTURE}?.complete && {PICTURE}.naturalWidth > 0")
        shown = await box(page, "#log .picture")
        assert 200 < shown["width"] <= 340
        assert shown["right"] <= width
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        log = await page.evaluate(
            "(it => it.scrollHeight - it.scrollTop - it.clientHeight)(document.querySelector('#log'))"
        )
        assert log < 2
        await page.click("#log .picture")
        await page.until("document.querySelector('#viewer').open")
        full = await box(page, "#viewer-stage img")
        assert full["bottom"] <= 900
        assert full["right"] <= width
        assert await page.evaluate("document.querySelector('#viewer-stage img').naturalWidth") > 700
        assert page.faults == []


async def test_a_picture_is_opened_zoomed_and_closed_by_keyboard(town: Town) -> None:
    town.send_picture(BOARD)
    async with opened(town) as page:
        await page.until(f"{PICTURE}?.complete")
        await page.evaluate("document.querySelector('#log').focus()")
        await page.press("Tab")
        assert await page.evaluate("document.activeElement.classList[0]") == "picture"
        await page.press("Enter")
        await page.until("document.querySelector('#viewer').open && document.activeElement.id === 'viewer-stage'")
        fitted = (await box(page, "#viewer-stage img"))["width"]
        await page.press("Enter")
        natural = await page.evaluate("document.querySelector('#viewer-stage img').naturalWidth")
        assert fitted < (await box(page, "#viewer-stage img"))["width"] == natural
        await page.press_until("ArrowDown", "document.querySelector('#viewer-stage').scrollTop > 0")
        await page.press("Escape")
        await page.until("!document.querySelector('#viewer').open")
        assert await page.evaluate("document.activeElement.classList[0]") == "picture"
        assert page.faults == []


async def test_a_file_is_a_card_with_its_name_and_size_and_is_saved_byte_for_byte(town: Town, tmp_path: Path) -> None:
    content = b"PK\x03\x04" + bytes(20_000)
    town.send_file("关于10月份政务信息采用情况的通报.docx", content)
    async with opened(town) as page:
        await page.save_into(tmp_path)
        await page.until("document.querySelector('#log .doc')?.innerText.includes('采用情况的通报.docx')")
        assert "20 KB" in await page.evaluate("document.querySelector('#log .doc').innerText")
        await page.evaluate("document.querySelector('#log').focus()")
        await page.press("Tab", "Enter")
        file = await saved(tmp_path, ".docx")
        assert file.name == "关于10月份政务信息采用情况的通报.docx"
        assert await asyncio.to_thread(file.read_bytes) == content
        assert page.faults == []


async def test_a_name_is_text_and_never_markup_and_a_page_is_never_opened_as_one(town: Town) -> None:
    name = "<img src=x onerror=alert(1)>\"'.html"
    town.send_file(name, b"<script>document.title = 'taken'</script>")
    async with opened(town) as page, httpx.AsyncClient(trust_env=False) as client:
        await page.until("document.querySelector('#log .doc') !== null")
        assert await page.evaluate("document.querySelector('#log .doc b').textContent") == name
        assert await page.evaluate("document.querySelectorAll('#log img').length") == 0
        answer = await client.get(await page.evaluate("document.querySelector('#log .doc').href"))
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''%3Cimg")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert page.faults == []


async def test_lists_name_a_picture_and_a_file(town: Town) -> None:
    async with opened(town) as page:
        town.send_picture(BOARD)
        await page.until("document.querySelector('#chats').innerText.includes('报送助手：[图片]')")
        town.send_file("台账.xlsx", b"PK")
        await page.until("document.querySelector('#chats').innerText.includes('报送助手：[文件] 台账.xlsx')")
        town.send_picture(BOARD, group=200003)
        await page.until("document.querySelector('#feed').innerText.includes('报送助手：[图片]')")
        assert page.faults == []


async def test_a_picture_that_was_forgotten_says_so(town: Town) -> None:
    town.send_picture(BOARD)
    town.calls.files = Cabinet()
    async with opened(town) as page:
        await page.until("document.querySelector('#log .lost')?.innerText.includes('没有再留着')")
        assert all("404" in fault for fault in page.faults)
