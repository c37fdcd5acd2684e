"""Which part of the ledger is asked for, and what a unit missed in a year."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.assignment_ledger import HIDDEN
from domain.commission import Kind, Outcome
from domain.moment import to_ms
from domain.roster import Person
from services import ledgers
from services.ledgers import Asked
from storage import roster
from storage.commission import NewCommission
from storage.engine import Tx
from storage.sqlite import SQLiteStore
from tests.support.commissions import CLERK, HEAD, WANG, ZHANG, happened, issued
from tests.support.office import moment, sample_office

NOW = moment("11-23", "09:41")


def person(tx: Tx, person_id: int) -> Person:
    found = roster.person(tx, person_id, NOW.date())
    assert found is not None
    return found


def tell(tx: Tx) -> None:
    """清河区 is late once, leaves one undone, is exempted of one, and gets one put off into the next year."""
    for topic, due in (
        ("迟报", "11-06"),
        ("没有报", "11-10"),
        ("免除", "11-12"),
        ("延到明年", "12-28"),
        ("按时", "11-20"),
    ):
        due_at = moment(due, "17:30")
        _, (one, *_) = issued(tx, NewCommission(topic, to_ms(due_at)), [3, 2], due_at - timedelta(days=4))
        if topic == "迟报":
            happened(tx, one, Kind.ANSWERED, due_at + timedelta(minutes=1), WANG)
        elif topic == "没有报":
            happened(tx, one, Kind.CLOSED, due_at + timedelta(days=3), HEAD, outcome=Outcome.UNDONE)
        elif topic == "免除":
            one = happened(tx, one, Kind.ANSWERED, due_at + timedelta(days=1), WANG)
            happened(tx, one, Kind.CLOSED, due_at + timedelta(days=3), HEAD, outcome=Outcome.EXEMPT)
        elif topic == "延到明年":
            later = moment("01-05", "17:30", 2027)
            one = happened(tx, one, Kind.EXTENSION_GRANTED, due_at, CLERK, due=later)
            happened(tx, one, Kind.ANSWERED, later + timedelta(hours=1), WANG)
        else:
            happened(tx, one, Kind.ANSWERED, due_at, WANG)


async def test_what_was_late_or_left_undone_counts_in_the_year_it_was_due(store: SQLiteStore) -> None:
    await store.run(tell)

    async def topics(unit: int, year: int) -> list[str]:
        return [line.head.topic for line in await store.read(ledgers.missed, unit, year)]

    assert await topics(3, 2026) == ["迟报", "没有报"]
    assert await topics(3, 2027) == ["延到明年"]
    assert await topics(2, 2026) == []
    assert await topics(3, 2025) == []


async def test_the_workbook_names_who_missed_in_the_year_its_lines_were_due_in(store: SQLiteStore) -> None:
    await store.run(tell)
    asked = await store.read(ledgers.read_asked, "12月 清河区", await store.read(person, CLERK), moment("12-30"))
    ledger = await store.read(ledgers.whole_ledger, sample_office(), asked, moment("12-30"), chat=True)
    assert [record.line.head.topic for record in ledger.records] == ["延到明年"]
    assert [(one.unit, one.year, one.numbers) for one in ledger.missed] == [("清河区", 2027, ("约 2026-004",))]


def secret(tx: Tx) -> None:
    new = NewCommission("密", to_ms(NOW), requirement="密", class_name="密", theme="密", off_chat=True)
    issued(tx, new, [2], NOW)


@pytest.mark.parametrize("chat", [True, False])
async def test_only_the_command_line_sees_what_may_not_be_in_a_chat(store: SQLiteStore, chat: bool) -> None:
    await store.run(secret)
    ledger = await store.read(ledgers.whole_ledger, sample_office(), Asked(), NOW, chat=chat)
    assert ("密" in repr(ledger)) is not chat
    assert ledger.records[0].line.head.topic == (HIDDEN if chat else "密")
    assert ledger.figures[2].rows[0][0] == (ledgers.NO_THEME if chat else "密")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("", "约稿台账 2026年（含往年未销号的）"),
        ("本月", "约稿台账 2026年11月"),
        ("上月 超期", "约稿台账 2026年10月 超期未报"),
        ("2026", "约稿台账 2026年"),
        ("2026-10", "约稿台账 2026年10月"),
        ("云山县 未销号 三季度", "云山县 约稿台账 2026年三季度 未销号"),
        ("发改委", "市发改委 约稿台账 2026年（含往年未销号的）"),
        ("约1", "约稿台账 约 2026-001"),
        ("#约1 EXCEL", "约稿台账 约 2026-001"),
        ("约 2026-001 清河区", "清河区 约稿台账 约 2026-001"),
    ],
)
async def test_words_in_any_order_name_a_part(store: SQLiteStore, words: str, title: str) -> None:
    await store.run(tell)
    asked = await store.read(ledgers.read_asked, words, await store.read(person, CLERK), NOW)
    assert asked.title(NOW) == title
    assert asked.sheet == ("EXCEL" in words)


async def test_a_reporter_need_not_name_the_own_unit(store: SQLiteStore) -> None:
    asked = await store.read(ledgers.read_asked, "", await store.read(person, ZHANG), NOW)
    assert asked.selection(NOW).unit_ids == (2,)
    assert asked.title(NOW).startswith("云山县 ")
