"""A newcomer at the practice page, in a real browser, over the whole road."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import docx
import pytest

from domain.moment import ZONE
from domain.workday import load_builtin
from practice import assessed
from tests.peers.process import free_port
from tests.practice.browser import CHROMIUM, MISSING, Browser, saved
from tests.practice.process import practice_city

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason=MISSING)]

LAST_BOT = "[...document.querySelectorAll('#log .row.bot .bubble')].at(-1)?.innerText ?? ''"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with practice_city(tmp_path_factory.mktemp("city"), free_port()) as city:
        yield city.address


@pytest.fixture
async def page(address: str) -> AsyncIterator[Browser]:
    async with Browser() as browser:
        await browser.open(address)
        yield browser
        assert browser.faults == []
        assert {urlsplit(asked).hostname for asked in browser.requests} == {"127.0.0.1"}


async def become(page: Browser, words: str) -> None:
    """Look somebody up by unit and role, and be them."""
    await page.click("#search")
    await page.write(words)
    await page.until("document.querySelectorAll('#people [role=option]').length > 0")
    await page.press("Enter")
    await page.until("document.querySelector('#people').hidden")


async def open_chat(page: Browser, name: str) -> None:
    fits = f"(one) => one.querySelector('b').innerText.startsWith({json.dumps(name)})"
    chat = f"[...document.querySelectorAll('#chats button')].find({fits})"
    await page.until(f"Boolean({chat})")
    await page.evaluate(f"{chat}.click()")


async def say(page: Browser, text: str) -> None:
    await page.click("#say")
    await page.write(text)
    await page.press("Enter")


async def bot_says(page: Browser, *words: str) -> str:
    """What the bot's last bubble reads, once it contains the words."""
    wanted = " && ".join(f"text.includes({json.dumps(word)})" for word in words)
    return str(await page.until(f"((text) => {wanted} ? text : '')({LAST_BOT})"))


def number_in(receipt: str) -> str:
    return next(word[:9] for word in receipt.split() if word[:2] == "20" and word[4:5] == "-")


async def test_a_newcomer_reports_and_gets_a_receipt_that_quotes_the_message(page: Browser) -> None:
    await become(page, "清河区 信息员")
    await open_chat(page, "全市政务信息报送群")
    await say(page, "/报送 清河区“小修小补”进社区\n设置便民点26个，群众满意度98%。")
    receipt = await bot_says(page, "收到", "《清河区“小修小补”进社区》")
    assert receipt.startswith("清河区") is False
    assert "/报送 清河区“小修小补”进社区" in await page.evaluate(
        "[...document.querySelectorAll('#log .row.bot .quote')].at(-1).innerText"
    )


async def test_somebody_else_in_the_group_sees_it_and_it_counts_as_unread(page: Browser) -> None:
    await become(page, "市财政局 信息员")
    await open_chat(page, "报送助手")
    await page.evaluate(
        "fetch('/practice/say', {method: 'POST', body: JSON.stringify({person: 10006, chat: 'g:200001',"
        " text: '/报送 云山县盘活闲置校舍\\n盘活闲置校舍12处。'})})"
    )
    await page.until("document.querySelector('#feed').innerText.includes('盘活闲置校舍')")
    await page.until("document.querySelector('#chats .unread')?.innerText === '2'")
    await open_chat(page, "全市政务信息报送群")
    await bot_says(page, "收到", "云山县盘活闲置校舍")
    assert await page.evaluate("document.querySelector('#chats .unread')") is None


async def test_a_document_dropped_on_the_conversation_becomes_an_item(page: Browser, tmp_path: Path) -> None:
    path = tmp_path / "望江区经验.docx"
    document = docx.Document()
    document.add_paragraph("望江区三项举措推进老旧小区加装电梯")
    document.add_paragraph("今年以来，望江区加装电梯31部，惠及居民620户，群众满意度明显提升。")
    document.save(str(path))
    await become(page, "望江区 信息员")
    await open_chat(page, "县区信息群")
    await page.drop("#log", [path])
    await page.until("document.querySelector('#log .mine .doc')?.innerText.includes('望江区经验.docx')")
    await bot_says(page, "收到", "《望江区三项举措推进老旧小区加装电梯》", "望江区")


async def test_the_last_bulletin_stands_in_the_group_as_pictures(page: Browser) -> None:
    await become(page, "市财政局 信息员")
    await open_chat(page, "政务信息通知群")
    assert "的通报" in await page.evaluate("document.querySelector('#log').innerText")
    await page.until("document.querySelectorAll('#log .picture img').length === 4")
    await page.until(
        "[...document.querySelectorAll('#log .picture img')].every((it) => it.complete && it.naturalWidth)"
    )


async def test_a_bulletin_that_is_sent_again_comes_over_the_wire_as_pictures(page: Browser) -> None:
    settled = assessed.plan(datetime.now(ZONE), load_builtin())[-1].period
    await page.click("[data-leap=workday]")  # by night it would wait for the morning
    await page.until("document.querySelector('#time').innerText === '09:00'", 60)
    await become(page, "信息科长")
    await open_chat(page, "报送助手")
    await say(page, f"/通报 重发 {settled.label} 全市政务信息报送群")
    await open_chat(page, "全市政务信息报送群")
    await page.until("document.querySelectorAll('#log .picture img').length === 4", 60)
    await page.until(
        "[...document.querySelectorAll('#log .picture img')].every((it) => it.complete && it.naturalWidth)"
    )


async def test_the_office_asks_for_a_bulletin_and_saves_the_document(page: Browser, tmp_path: Path) -> None:
    await page.save_into(tmp_path)
    await become(page, "信息科")
    await open_chat(page, "报送助手")
    await say(page, "/通报 草稿")
    names = "[...document.querySelectorAll('#log .doc b')].map((it) => it.innerText)"
    cards = await page.until(f"((names) => names.length === 4 && names)({names})", 60)
    assert [name.rpartition(".")[2] for name in cards] == ["docx", "pdf", "xlsx", "docx"]
    await page.click("#log .doc")
    file = await saved(tmp_path, ".docx")
    assert file.name == cards[0]
    assert "政务信息" in "".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)


async def test_the_desk_adopts_and_the_reporter_is_told_and_has_the_points(page: Browser) -> None:
    await become(page, "东湖区 信息员")
    await open_chat(page, "全市政务信息报送群")
    await say(page, "/报送 东湖区智慧停车共享见实效\n接入停车场18处、泊位3200个，周转率提高25%。")
    number = number_in(await bot_says(page, "收到", "东湖区智慧停车共享见实效"))
    await become(page, "信息科")
    await open_chat(page, "信息科工作群")
    await say(page, f"/采用 {number} 每日要情 327")
    await bot_says(page, number, "已采用", "东湖区 +3 分")
    await become(page, "东湖区 信息员")
    await open_chat(page, "报送助手")
    await bot_says(page, number, "采用")
    await say(page, "/我的得分 本月")
    await bot_says(page, "东湖区智慧停车共享见实效", "+3分")


def step_is(step: int, state: str) -> str:
    return f"[...document.querySelectorAll('#tour li')][{step - 1}].className === '{state}'"


async def take(page: Browser, step: int) -> None:
    """Take a step of the tour as its button prepares it."""
    await page.until(step_is(step, "now"))
    await page.click("#tour button")
    await page.until("document.querySelector('#say').value !== ''")
    await page.press("Enter")
    await page.until(step_is(step, "done"))


async def test_the_tour_leads_from_the_first_item_to_the_scoreboard(page: Browser) -> None:
    for step in (1, 3, 4, 5, 6):
        await take(page, step)
    await page.click("#tour button")
    await page.until("document.querySelector('#say').value.startsWith('/约稿 ')")
    await page.press("Enter")
    await bot_says(page, "请核对", "单位 10 个")
    await say(page, "确认")
    await page.until(step_is(7, "done"))
    await page.click("#tour button")
    await page.until("document.querySelector('#say').value === '/任务'")
    await page.press("Enter")
    await bot_says(page, "件约稿要办", "《冬季供暖保障情况》")
    await page.until(step_is(8, "done"))
    await take(page, 9)
    await bot_says(page, "月考评：登记中", "下一步：/考评 截止")
    await take(page, 10)
    await page.until(
        "[...document.querySelectorAll('#log .doc b')].some((it) => it.innerText.endsWith('通报（草稿）.docx'))"
    )
    before = await page.evaluate("document.querySelector('#date').innerText")
    await page.click("#tour button")
    await page.until(step_is(11, "done"), 60)
    assert await page.evaluate("document.querySelector('#time').innerText") == "09:00"
    assert await page.evaluate("document.querySelector('#date').innerText") != before
    await page.click("#tour button")
    await bot_says(page, "政务信息报送采用情况", "截至", "【县（市、区）】")
    await page.until("!document.querySelector('#tour-over').hidden")
    await open_chat(page, "政务信息通知群")
    await bot_says(page, "政务信息报送采用情况")


async def test_news_that_change_nothing_of_the_guide_leave_its_button_where_a_click_has_begun(page: Browser) -> None:
    await page.evaluate("window.begun = document.querySelector('#tour button')")
    await become(page, "信息科")
    await open_chat(page, "信息科工作群")
    await say(page, "/排名 上月")
    await bot_says(page, "排名")
    assert await page.evaluate("window.begun.isConnected")


async def focus_on(page: Browser, expression: str) -> None:
    """Tab on until the focused element fits."""
    for _ in range(60):
        await page.press("Tab")
        if await page.evaluate(f"((it) => {expression})(document.activeElement)"):
            return
    raise AssertionError(f"not reached by keyboard: {expression}")


async def test_everything_can_be_done_by_keyboard_alone(page: Browser) -> None:
    await page.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await focus_on(page, "it.id === 'search'")
    await page.write("松岭县 B角")
    await page.until("document.querySelectorAll('#people [role=option]').length === 1")
    await page.press("Enter")
    await page.until("document.querySelector('#me').innerText.includes('松岭县')")
    await page.until("document.activeElement.id === 'say'")
    await page.evaluate("document.activeElement.blur()")
    await focus_on(page, "it.dataset.chat === 'g:200002'")
    await page.press("Enter")
    await page.until("document.querySelector('#chat-name').innerText === '县区信息群'")
    assert await page.evaluate("document.activeElement.dataset.chat") == "g:200002"
    await focus_on(page, "it.innerText === '报送一条样例'")
    await page.press("Enter")
    await page.until("document.activeElement.id === 'say' && document.activeElement.value.startsWith('/报送 松岭县')")
    await page.press("Enter")
    await bot_says(page, "收到", "松岭县")
    before = await page.evaluate("document.querySelector('#time').innerText")
    await focus_on(page, "it.dataset.leap === 'hour'")
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    await page.press("Enter")
    await page.until(f"document.querySelector('#time').innerText !== {json.dumps(before)}")


# The row of phrases scrolls sideways by itself.
OUTSIDE = (
    "[...document.querySelectorAll('main *')].filter((it) => it.getBoundingClientRect().right > innerWidth + 1"
    " && !it.closest('.phrases')).map((it) => it.outerHTML.slice(0, 80))"
)


@pytest.mark.parametrize(("width", "dark"), [(380, False), (380, True), (900, False), (1440, True)])
async def test_nothing_sticks_out_on_any_screen(address: str, width: int, dark: bool) -> None:
    async with Browser(width, 800, dark=dark) as page:
        await page.open(address)
        for view in ("side", "talk", "guide"):
            await page.evaluate(f"document.querySelector('[data-show={view}]').click()")
            assert await page.evaluate("document.documentElement.scrollWidth") == width
            assert await page.evaluate(OUTSIDE) == []
        assert page.faults == []
