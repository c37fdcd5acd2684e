"""Numbers of bulletins, and the wishes they are drawn with."""

from __future__ import annotations

from datetime import date

import pytest

from domain.bulletin_parts import Brief
from domain.period import parse_period
from reports.layouts import layout_text
from services.bulletins.numbering import number_of, serial_in
from services.bulletins.wishes import Wishes, from_text, to_text, wishes_of
from tests.support.office import sample_office

PATTERN = "云政办通报〔{year}〕{n}号"
DAY = date(2026, 12, 4)


def test_a_number_follows_the_pattern() -> None:
    assert number_of(PATTERN, 2026, 12) == "云政办通报〔2026〕12号"
    assert number_of("", 2026, 1) == ""


@pytest.mark.parametrize(
    ("typed", "serial"),
    [
        ("云政办通报〔2026〕12号", 12),
        ("云政办通报〔2025〕12号", 0),
        ("云政办函〔2026〕12号", 0),
        ("云政办通报〔2026〕十二号", 0),
    ],
)
def test_a_typed_number_counts_if_it_is_of_the_pattern(typed: str, serial: int) -> None:
    assert serial_in(PATTERN, typed, 2026) == serial


def test_a_number_of_no_pattern_counts_nothing() -> None:
    assert serial_in("", "12号", 2026) == 0


def test_wishes_are_the_same_after_they_were_kept() -> None:
    brief = Brief(
        day=DAY, number="1号", demands=("按时报送", "写实"), tasks={"乡": 2, "县": 8}, ranks=False, zeros="count"
    )
    wishes = Wishes(brief, layout_text("standard"), ("2026-0001《春耕》云山县",))
    assert from_text(to_text(wishes)) == wishes


def test_the_order_in_which_tasks_were_found_does_not_matter() -> None:
    texts = {to_text(Wishes(Brief(day=DAY, tasks=tasks), "")) for tasks in ({"乡": 2, "县": 8}, {"县": 8, "乡": 2})}
    assert len(texts) == 1


def test_the_tasks_of_a_quarter_are_those_of_its_months() -> None:
    office = sample_office()
    monthly, quarterly = (
        wishes_of(office, office.measures, parse_period(said, DAY), ("县（市、区）", "没有的类别"), "", DAY).brief.tasks
        for said in ("11月", "三季度")
    )
    assert set(monthly) == {"县（市、区）"}
    assert quarterly == {name: 3 * least for name, least in monthly.items()}


def test_without_a_measure_nobody_has_a_task() -> None:
    assert not wishes_of(sample_office(), (), parse_period("11月", DAY), ("县（市、区）",), "", DAY).brief.tasks
