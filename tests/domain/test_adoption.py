"""How the office says that a journal used an item, and that a leader wrote on it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import journal as journals_module
from domain.adoption import issues_to_offer, read_adoption, read_issue
from domain.errors import BadInput, BaosongError, NotFound
from domain.journal import parse_journals
from tests.domain.test_item import ITEM

JOURNALS = parse_journals((Path(journals_module.__file__).parent / "data" / "journals-sample.toml").read_text("utf-8"))
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "journal", "issue", "form", "day"),
    [
        ("每日要情 128", "每日要情", "128", "单条", TODAY),
        ("每日要情 第128期 简讯 11-20", "每日要情", "128", "简讯", date(2026, 11, 20)),
        ("简讯 11月20日 128期 要情", "每日要情", "128", "简讯", date(2026, 11, 20)),
        ("《每日要情》第128期单条", "每日要情", "128", "单条", TODAY),
        ("要情128 昨天", "每日要情", "128", "单条", date(2026, 11, 22)),
        ("要情，第 128 期，20261120", "每日要情", "128", "单条", date(2026, 11, 20)),
        ("2026年第5期 特刊", "云山政务特刊", "5", "单篇", TODAY),
        ("专报 12 省专报", "省政府专报", "12", "专报", TODAY),
        ("MRYQ 总第0128期", "每日要情", "128", "单条", TODAY),
    ],
)
def test_journal_issue_form_and_day_may_come_in_any_order(
    words: str, journal: str, issue: str, form: str, day: date
) -> None:
    read = read_adoption(words, ITEM, JOURNALS, TODAY)
    assert (read.journal.name, read.issue, read.form, read.day) == (journal, issue, form, day)


@pytest.mark.parametrize(("word", "said"), [("约稿", True), ("非约稿", False), ("", None)])
def test_a_commission_is_said_or_not(word: str, said: bool | None) -> None:
    assert read_adoption(f"每日要情 128 {word}", ITEM, JOURNALS, TODAY).commissioned is said


def test_a_digest_is_adopted_as_one_unless_said_otherwise() -> None:
    digest = replace(ITEM, form="综合")
    assert read_adoption("每日要情 128", digest, JOURNALS, TODAY).form == "综合"
    assert read_adoption("每日要情 128 简讯", digest, JOURNALS, TODAY).form == "简讯"
    assert read_adoption("领导参阅 3", digest, JOURNALS, TODAY).form == "调研"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "没有写刊物。现有刊物：每日要情、"),
        ("128", "没有写刊物"),
        ("每日要情", "没有写《每日要情》的期号"),
        ("没有的 128", "没有找到刊物“没有的”。现有刊物：每日要情、"),
        ("每日要情 128 头条", "没有“头条”这种形式，可以写：单条、简讯、综合"),
        ("每日要情 128 129", "写了两个期号（128、129）"),
        ("每日要情 128 11-20 11-21", "写了两个日期"),
        ("每日要情 128 2-30", "2月没有30日"),
        ("每日要情 128 12-31", "还没有到"),
        ("政务 128", "请写得再全一些"),
        ("每" * 300, "写得太长了"),
    ],
)
def test_what_is_missing_twice_there_or_unknown_is_said(words: str, answer: str) -> None:
    with pytest.raises((BadInput, NotFound)) as caught:
        read_adoption(words, ITEM, JOURNALS, TODAY)
    assert answer in str(caught.value)


@pytest.mark.parametrize(
    ("words", "route", "points", "share"),
    [
        ("", "", None, 0),
        ("直报", "direct", None, 0),
        ("转报 得8分", "forwarded", 800, 0),
        ("7.5分 改写60%", "", 750, 60),
        ("得分8 改写６０％", "", 800, 60),
        ("得0分", "", 0, 0),
    ],
)
def test_route_points_of_the_superior_and_the_offices_share_may_be_said(
    words: str, route: str, points: int | None, share: int
) -> None:
    read = read_adoption(f"省要情 9 {words} 11-20", ITEM, JOURNALS, TODAY)
    assert (read.route, read.points, read.share) == (route, points, share)
    assert (read.issue, read.form, read.day) == ("9", "单条", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("直报 转报", "写了两个报送途径"),
        ("得8分 9分", "写了两个上级分值"),
        ("扣8分", "不能小于0"),
        ("改写120%", "最多 100%"),
    ],
)
def test_what_cannot_be_of_an_adoption_is_answered(words: str, answer: str) -> None:
    with pytest.raises(BadInput, match=answer):
        read_adoption(f"省要情 9 {words}", ITEM, JOURNALS, TODAY)


@pytest.mark.parametrize(("word", "issue"), [("第128期", "128"), ("128", "128"), ("登错了", ""), ("11-23", "")])
def test_an_issue_is_told_from_other_words(word: str, issue: str) -> None:
    assert read_issue(word) == issue


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_answered(words: str) -> None:
    with contextlib.suppress(BaosongError):
        read_adoption(words, ITEM, JOURNALS, TODAY)


@pytest.mark.parametrize(
    ("latest", "day", "offered"),
    [
        ("128", TODAY, ("128", "129")),
        ("128", date(2026, 11, 20), ("129",)),
        ("2026-9", date(2026, 11, 20), ("2026-10",)),
        ("增刊", TODAY, ("增刊",)),
    ],
)
def test_the_issue_of_today_or_the_next_is_offered(latest: str, day: date, offered: tuple[str, ...]) -> None:
    assert issues_to_offer(latest, day, TODAY) == offered
