"""The measure as the office lives by it: what the sample says, its tasks, its articles, its days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.errors import NotFound
from domain.journal import parse_journals
from domain.measure import Measure, article_name, explain, find_article, measure_on, parse_measure, read_measure
from domain.measure.choose import most_special, rules_of
from domain.measure.fit import check_journals
from domain.measure.model import AdoptionRule, Grant, MonthlyTask
from domain.ranking import format_points

DATA = Path(__file__).parents[2] / "domain/data"
TEXT = (DATA / "measure-sample.toml").read_text(encoding="utf-8")
SAMPLE = parse_measure(TEXT)


def changed(old: str, new: str) -> str:
    """The sample with one place written differently."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


# The sample that is shipped.


def test_the_sample_has_the_four_classes_and_is_open_from_2026() -> None:
    assert SAMPLE.title == "云山市政务信息工作考评办法（样例）"
    assert SAMPLE.classes == ("县（市、区）", "重点部门", "一般部门", "直报点")
    assert (SAMPLE.effective_from, SAMPLE.effective_to) == (date(2026, 1, 1), None)


def test_every_point_of_the_sample_stands_in_the_article_it_names() -> None:
    for rule in SAMPLE.rules:
        grant = getattr(rule, "grant", None)
        assert isinstance(grant, Grant)
        for points in ({grant.points} if grant.points else set()) | set(grant.by.values()):
            assert f"{format_points(points)}分" in SAMPLE.articles[rule.head.article]


def test_every_quota_of_the_sample_stands_in_its_article() -> None:
    for unit_class in SAMPLE.classes:
        task = SAMPLE.quota_for(unit_class)
        assert task is not None
        assert f"{unit_class}报送{task.submit_min}条、采用{task.adopt_min}条" in SAMPLE.articles[14]
        assert f"{unit_class}{format_points(task.adoption_rate_floor or 0)}%" in SAMPLE.articles[14]


def test_every_journal_and_form_of_the_sample_list_has_points() -> None:
    text = (DATA / "journals-sample.toml").read_text(encoding="utf-8")
    journals = parse_journals(text)
    assert check_journals(read_measure(TEXT), journals) == []
    assert {journal.code for journal in journals} == set(SAMPLE.journals)
    for journal in journals:
        for form in journal.forms:
            rule = rule_for(journal.code, journal.level, form)
            assert rule is not None
            assert rule.each == (form == "综合")


def rule_for(journal: str, level: str, form: str) -> AdoptionRule | None:
    rules = rules_of(SAMPLE, AdoptionRule)
    return most_special([rule for rule in rules if rule.where.takes(journal, level, form)])


# Quotas and rates.


def test_a_class_has_its_monthly_task() -> None:
    assert SAMPLE.quota_for("县（市、区）") == MonthlyTask(8, 2, 2000, "exempt")
    assert SAMPLE.quota_for("科室") is None


def test_a_unit_is_below_the_floor_only_when_its_rate_is() -> None:
    assert SAMPLE.below_rate_floor("重点部门", 10, 1)
    assert not SAMPLE.below_rate_floor("重点部门", 10, 2)
    assert not SAMPLE.below_rate_floor("科室", 10, 0)


def test_a_unit_that_sent_nothing_is_judged_as_the_measure_says() -> None:
    assert not SAMPLE.below_rate_floor("重点部门", 0, 0)
    strict = parse_measure(changed('nothing_sent = "exempt"', 'nothing_sent = "below"'))
    assert strict.below_rate_floor("重点部门", 0, 0)


@pytest.mark.parametrize(
    "line", ['per = "quarter"', 'per = "month"\nencouraged = true', 'per = "month"\nforms = ["调研"]']
)
def test_only_what_is_asked_each_month_of_any_item_is_a_monthly_task(line: str) -> None:
    measure = parse_measure(changed('what = "adopted"\nper = "month"', f'what = "adopted"\n{line}'))
    assert measure.quota_for("县（市、区）") == MonthlyTask(8, None, 2000, "exempt")


def test_a_quota_may_ask_unit_by_unit() -> None:
    text = changed('by_class = { "县（市、区）" = 8,', 'by_unit = { "云山县" = 9 }\n#')
    quota = parse_measure(text).quotas["每月报送"]
    assert quota.asked_of("县（市、区）", "云山县") == 9
    assert quota.asked_of("县（市、区）", "平川县") is None


# In force.


def measure_from(first: str, last: str | None = None) -> Measure:
    until = f"\neffective_to = {last}" if last else ""
    return parse_measure(
        changed("effective_from = 2026-01-01", f"effective_from = {first}{until}").replace("yunshan-2026", first)
    )


def test_a_measure_is_in_force_from_its_first_to_its_last_day() -> None:
    measure = measure_from("2025-01-01", "2025-12-31")
    assert measure_on(date(2025, 1, 1), [measure]) == measure
    assert measure_on(date(2025, 12, 31), [measure]) == measure
    assert measure_on(date(2024, 12, 31), [measure]) is None
    assert measure_on(date(2026, 1, 1), [measure]) is None


def test_a_new_measure_replaces_an_open_one_from_its_first_day() -> None:
    old, new = measure_from("2025-01-01"), measure_from("2026-07-01")
    assert measure_on(date(2026, 6, 30), [new, old]) == old
    assert measure_on(date(2026, 7, 1), [old, new]) == new


# Reading the articles.


def test_the_articles_are_read_in_order() -> None:
    articles = explain(SAMPLE)
    assert [name for name, _ in articles][:3] == ["第一条", "第二条", "第三条"]
    assert len(articles) == 16
    assert articles[15][0] == "第十六条"


@pytest.mark.parametrize("asked", ["第十二条", "十二", "12", "第12条", "１２", "联合报送 均分"])
def test_an_article_is_found_by_number_or_words(asked: str) -> None:
    assert [name for name, _ in find_article(SAMPLE, asked)] == ["第十二条"]


def test_a_word_of_several_articles_gives_them_all() -> None:
    names = [name for name, _ in find_article(SAMPLE, "约稿")]
    assert names == ["第十一条"]
    assert len(find_article(SAMPLE, "批示")) == 3


@pytest.mark.parametrize("asked", ["第九十九条", "奖金", "", "  "])
def test_somebody_who_asks_for_what_is_not_there_is_told_how_to_ask(asked: str) -> None:
    with pytest.raises(NotFound, match="共16条，可以按条号"):
        find_article(SAMPLE, asked)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (1, "第一条"),
        (10, "第十条"),
        (11, "第十一条"),
        (20, "第二十条"),
        (21, "第二十一条"),
        (99, "第九十九条"),
    ],
)
def test_articles_are_numbered_in_chinese(number: int, name: str) -> None:
    assert article_name(number) == name


@pytest.mark.parametrize("number", [0, -1, 100])
def test_there_is_no_article_nought_or_hundred(number: int) -> None:
    with pytest.raises(ValueError, match="no article"):
        article_name(number)
