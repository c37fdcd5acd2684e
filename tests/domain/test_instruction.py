"""How the office says that a leader wrote an instruction: rank, chief or not, day, never the text."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, BaosongError
from domain.instruction import Instruction, leader_name, rank_name, read_instruction

TODAY = date(2026, 11, 23)
OWN = {"city_office_head": "市政府办公室负责人"}


@pytest.mark.parametrize(
    ("words", "rank", "day"),
    [
        ("市级", "city", TODAY),
        ("省领导 11-20", "province", date(2026, 11, 20)),
        ("昨天 国家级", "state", date(2026, 11, 22)),
        ("县", "county", TODAY),
    ],
)
def test_an_instruction_has_a_level_and_a_day(words: str, rank: str, day: date) -> None:
    assert read_instruction(words, TODAY) == Instruction(rank, day)


@pytest.mark.parametrize(
    ("words", "rank", "deputy"),
    [
        ("市级主要领导", "city", False),
        ("市级 主要领导", "city", False),
        ("市级 分管领导", "city", True),
        ("市分管领导批示", "city", True),
        ("市长", "city", False),
        ("副市长", "city", True),
        ("市政府常务副市长批示", "city", True),
        ("市委书记", "city", False),
        ("省委副书记", "province", True),
        ("副省长", "province", True),
        ("国务院副总理", "state", True),
        ("国务委员", "state", True),
        ("副区长", "county", True),
        ("市级 领导 批示", "city", False),
    ],
)
def test_a_leader_is_the_chief_or_not(words: str, rank: str, deputy: bool) -> None:
    assert read_instruction(words, TODAY) == Instruction(rank, TODAY, deputy)


def test_the_measure_may_name_ranks_of_its_own() -> None:
    assert read_instruction("市政府办公室负责人 11-20", TODAY, OWN) == Instruction(
        "city_office_head", date(2026, 11, 20)
    )
    assert read_instruction("市政府办公室负责人批示", TODAY, OWN).rank == "city_office_head"
    assert leader_name("city_office_head", False, OWN) == rank_name("city_office_head", OWN) == "市政府办公室负责人"
    assert leader_name("city", True) == "市级领导（非主要领导）"
    with pytest.raises(BadInput, match="县级、市级、省级、国家级、市政府办公室负责人"):
        read_instruction("", TODAY, OWN)


def test_the_text_of_an_instruction_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadInput) as caught:
        read_instruction("市级 请发改委认真研究", TODAY)
    assert "批示内容请不要发到这里" in str(caught.value)
    assert "认真研究" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "没有写批示领导的级别"),
        ("书记", "没有写批示领导的级别"),
        ("市 省", "写了两个级别（市、省）"),
        ("省长 副省长", "写了两个领导（主要领导、非主要领导）"),
        ("市 12-31", "没有到"),
    ],
)
def test_an_instruction_that_cannot_be_read_is_answered(words: str, answer: str) -> None:
    with pytest.raises(BadInput, match=answer):
        read_instruction(words, TODAY)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_answered(words: str) -> None:
    with contextlib.suppress(BaosongError):
        read_instruction(words, TODAY, OWN)
