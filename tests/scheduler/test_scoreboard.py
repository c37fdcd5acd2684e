"""The monthly scoreboard: when it is due, what it says, to whom it goes, and that it goes once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from domain.errors import BadPeriod, WrongState
from domain.period import month_of
from domain.roster import Unit
from domain.workday import load_builtin
from scheduler import texts
from scheduler.jobs import build_jobs
from scheduler.scoreboard import board_hash, scoreboard_job
from scheduler.ticker import Ticker
from scheduler.work import Plan
from services.board import Row
from storage import ledger
from storage.engine import Row as Record
from storage.engine import Store, Tx
from tests.support import city
from tests.support.office import Waiting, book, moment, outgoing, sample_office
from tests.support.stage import HandClock

PLAN = Plan(nudges_at=None)


def due_days(first: str, last: str, year: int = 2026) -> list[str]:
    job = scoreboard_job(PLAN, PLAN.scoreboard_at or moment("01-01").time())
    found = job.due_between(load_builtin(), moment(first, "00:00", year), moment(last, "23:59", year))
    return [f"{due.moment:%m-%d %H:%M} {due.period}" for due in found]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("10-01", "10-31", ["10-08 09:00 2026-09"]),
        ("01-01", "01-31", ["01-04 09:00 2025-12"]),
        ("02-01", "02-28", ["02-02 09:00 2026-01"]),
        ("03-01", "03-31", ["03-02 09:00 2026-02"]),
        ("05-01", "05-31", ["05-06 09:00 2026-04"]),
        ("08-01", "09-30", ["08-03 09:00 2026-07", "09-01 09:00 2026-08"]),
    ],
)
def test_it_is_due_on_the_first_working_day_of_the_month(first: str, last: str, expected: list[str]) -> None:
    assert due_days(first, last) == expected


def fill_october(tx: Tx) -> None:
    book(tx, 2, "10-12", points=4300, submitted=8, adopted=4)
    book(tx, 3, "10-20", points=750, submitted=3, adopted=1)
    book(tx, 4, "10-09", points=150, submitted=3)


def sent(messages: Sequence[Waiting]) -> list[Waiting]:
    return [message for message in messages if message.kind == "scoreboard"]


async def run_until(store: Store, start: datetime, end: datetime, plan: Plan = PLAN) -> list[Waiting]:
    """The clock stands at `start`, then at `end`; returns the scoreboard's messages."""
    clock = HandClock(start)
    ticker = Ticker(store, clock, build_jobs(plan, sample_office()))
    await ticker.tick()
    clock.moment = end
    await ticker.tick()
    return sent(await store.read(outgoing))


async def test_the_group_reads_who_stands_where(store: Store) -> None:
    await store.run(fill_october)
    (message,) = await run_until(store, moment("10-31"), moment("11-02", "09:00"))
    assert (message.to, message.at) == (city.SUBMIT_GROUP, "11-02 09:00")
    assert message.text == (
        "2026年10月政务信息报送采用情况\n"
        "截至 2026-11-02 09:00\n"
        "共报送14条，采用5条（联合报送的，各单位分别计）\n"
        "\n"
        "【县（市、区）】报送11条，采用5条\n"
        "1. 云山县 43分，报8采4\n"
        "2. 清河区 7.5分，报3采1\n"
        "\n"
        "【重点部门】报送3条，采用0条\n"
        "1. 市发改委 1.5分，报3采0\n"
        "\n"
        "【一般部门】报送0条，采用0条\n"
        "零报送（1个）：市文旅局\n"
        "\n"
        "明细请私聊发送“/我的得分 10月”。\n"
        "以印发的通报为准。"
    )


async def test_equal_units_are_marked_as_equal(store: Store) -> None:
    def equal(tx: Tx) -> None:
        book(tx, 2, "10-12", points=500, submitted=5)
        book(tx, 3, "10-12", points=500, submitted=6)

    await store.run(equal)
    (message,) = await run_until(store, moment("10-31"), moment("11-02", "09:00"))
    assert "1. 清河区 5分，报6采0（并列）\n1. 云山县 5分，报5采0（并列）" in message.text


async def test_it_goes_out_once_over_ticks_and_restarts(store: Store) -> None:
    for _ in range(2):
        await run_until(store, moment("10-31"), moment("11-02", "09:00"))
    assert len(await run_until(store, moment("11-02", "09:01"), moment("11-03"))) == 1


async def test_after_downtime_it_is_caught_up_with_the_time_it_was_made(store: Store) -> None:
    await store.run(fill_october)
    (message,) = await run_until(store, moment("10-31"), moment("11-05", "15:20"))
    assert "截至 2026-11-05 15:20\n" in message.text


async def test_every_missed_month_of_three_is_sent_and_older_ones_are_recorded_as_skipped(
    store: Store,
) -> None:
    messages = await run_until(store, moment("06-15"), moment("11-04", "10:00"))
    assert [message.text.split("政务")[0] for message in messages] == ["2026年8月", "2026年9月", "2026年10月"]
    rows = await store.read(
        lambda tx: tx.all("SELECT period, state FROM job_run WHERE job = 'scoreboard' ORDER BY period")
    )
    assert rows == [
        ("2026-06", "skipped"), ("2026-07", "skipped"), ("2026-08", "done"), ("2026-09", "done"), ("2026-10", "done"),
    ]  # fmt: skip


async def test_outside_speaking_hours_it_waits_for_the_next_window(store: Store) -> None:
    (message,) = await run_until(store, moment("10-31"), moment("11-06", "20:00"))
    assert message.at == "11-09 08:30"


async def test_settings_name_the_groups_and_people(store: Store) -> None:
    plan = Plan(nudges_at=None, groups=("onebot:200002",), people=("周科长", "查无此人"))
    messages = await run_until(store, moment("10-31"), moment("11-02", "09:00"), plan)
    assert [message.to for message in messages] == ["200002", "周科长"]
    (info,) = await store.read(
        lambda tx: tx.all("SELECT info FROM job_run WHERE job = 'scoreboard' AND state = 'done'")
    )
    assert info == ("已通报，收件对象2个；没有送达：查无此人",)


async def test_switched_off_it_does_not_go(store: Store) -> None:
    plan = Plan(scoreboard_at=None, nudges_at=None)
    assert await run_until(store, moment("10-31"), moment("11-02", "09:00"), plan) == []


async def test_what_was_published_is_kept_and_its_hash_can_be_checked(store: Store) -> None:
    await store.run(fill_october)
    await run_until(store, moment("10-31"), moment("11-02", "09:00"))

    def kept(tx: Tx) -> tuple[Record | None, dict[str, list[tuple[int, ledger.Totals]]]]:
        rows: dict[str, list[tuple[int, ledger.Totals]]] = {}
        for rank, class_name, *rest in tx.all(
            "SELECT rank, class, unit_id, points, submitted, adopted FROM board_row r"
            " ORDER BY (SELECT MIN(unit_id) FROM board_row o WHERE o.class = r.class), place"
        ):
            unit_id, *figures = rest
            rows.setdefault(class_name, []).append((rank, ledger.Totals(unit_id, class_name, *figures)))
        return tx.one("SELECT period, as_of_ms, hash FROM board"), rows

    board, rows = await store.read(kept)
    assert board is not None
    assert board[2] == board_hash(board[0], board[1], rows)


async def test_by_hand_only_a_month_that_is_over_and_only_once(store: Store) -> None:
    clock = HandClock(moment("11-23", "09:41"))
    ticker = Ticker(store, clock, build_jobs(PLAN, sample_office()))
    assert await ticker.run_by_hand("scoreboard", "2026-10") == "scoreboard 2026-10：已通报，收件对象1个"
    with pytest.raises(WrongState, match="同一期间只发一次"):
        await ticker.run_by_hand("scoreboard", "", again=True)
    with pytest.raises(BadPeriod, match="2026年11月还没有结束"):
        await ticker.run_by_hand("scoreboard", "本月")
    with pytest.raises(BadPeriod, match="不是一个月"):
        await ticker.run_by_hand("scoreboard", "三季度")


def unit(number: int, name: str) -> Unit:
    return Unit(number, name, "部门", "一般部门", None, "", number, "")


async def test_a_board_that_nobody_could_be_told_of_is_made_good_by_hand(store: Store) -> None:
    await store.run(fill_october)
    await store.run(lambda tx: tx.run("UPDATE chat_group SET purpose = '通知'"))
    assert await run_until(store, moment("10-31"), moment("11-02", "09:00")) == []
    ticker = Ticker(store, HandClock(moment("11-03", "10:00")), build_jobs(PLAN, sample_office()))
    assert "没有登记用途为“报送”的群" in await ticker.run_by_hand("scoreboard", "2026-10")
    await store.run(lambda tx: tx.run("UPDATE chat_group SET purpose = '报送' WHERE group_no = ?", city.SUBMIT_GROUP))
    assert "已通报，收件对象1个" in await ticker.run_by_hand("scoreboard", "2026-10")
    with pytest.raises(WrongState):
        await ticker.run_by_hand("scoreboard", "2026-10")


async def test_a_month_without_assessed_units_is_made_good_when_the_roster_has_them(store: Store) -> None:
    await store.run(lambda tx: tx.run("DELETE FROM unit_class"))
    ticker = Ticker(store, HandClock(moment("11-03", "10:00")), build_jobs(PLAN, sample_office()))
    assert "没有参加考评的单位" in await ticker.run_by_hand("scoreboard", "2026-10")
    await store.run(lambda tx: tx.run("INSERT INTO unit_class (unit_id, year, class) VALUES (2, 2026, '县')"))
    assert "已通报，收件对象1个" in await ticker.run_by_hand("scoreboard", "2026-10")


def row(number: int, **figures: Any) -> Row:
    values: dict[str, Any] = {
        "rank": number,
        "points": 100,
        "submitted": 1,
        "adopted": 0,
        "tied": False,
    } | figures
    return Row(unit=unit(number, f"第{number:03d}单位"), **values)


def test_a_long_board_comes_in_numbered_parts_none_too_long_for_a_phone() -> None:
    standings = {
        "重点部门": [row(number) for number in range(1, 121)],
        "一般部门": [row(number, points=0, submitted=0) for number in range(1, 301)],
    }
    period = month_of(date(2026, 10, 1))
    parts = texts.scoreboard(period, standings, 0)
    assert len(parts) > 2
    assert max(map(len, parts)) < 1_500
    assert [part.split("\n")[0] for part in parts] == [
        f"2026年10月政务信息报送采用情况（{n}/{len(parts)}）" for n in range(1, len(parts) + 1)
    ]
    whole = "\n".join(parts)
    assert all(whole.count(f"第{number:03d}单位 1分") == 1 for number in range(1, 121))
    assert all(f"第{number:03d}单位" in whole for number in range(1, 301))
    assert "【重点部门】报送120条，采用0条（续）" in parts[1]
    assert parts[-1].endswith("明细请私聊发送“/我的得分 10月”。")
