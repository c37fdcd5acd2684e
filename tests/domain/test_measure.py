"""The measure as data: read strictly, quoted by article, in force by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotFound
from domain.journal import parse_journals
from domain.measure import (
    Award,
    Measure,
    MeasureFault,
    Quota,
    article_name,
    explain,
    find_article,
    measure_on,
    parse_measure,
)
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
    ranks = SAMPLE.instruction.by_rank.values() if SAMPLE.instruction else ()
    awards = [rule.award for rule in SAMPLE.adoptions] + list(ranks)
    awards += [award for award in (SAMPLE.submission, SAMPLE.commission) if award]
    for award in awards:
        for points in (award.points, *award.by_class.values()):
            assert f"{format_points(points)}分" in SAMPLE.articles[award.article]


def test_every_quota_of_the_sample_stands_in_its_article() -> None:
    for unit_class, quota in SAMPLE.quotas.items():
        text = SAMPLE.articles[quota.article]
        assert f"{unit_class}报送{quota.submit_min}条、采用{quota.adopt_min}条" in text
        assert f"{unit_class}{format_points(quota.adoption_rate_floor or 0)}%" in text


def test_every_journal_and_form_of_the_sample_list_has_points() -> None:
    journals = parse_journals((DATA / "journals-sample.toml").read_text(encoding="utf-8"))
    assert {journal.code: journal.name for journal in journals} == SAMPLE.journals
    for journal in journals:
        for form in journal.forms:
            rule = SAMPLE.adoption_rule(journal.code, journal.level, form)
            assert rule is not None
            assert rule.digest == (form == "综合")


# Which rule applies.


@pytest.mark.parametrize(
    ("journal", "level", "form", "points"),
    [
        ("MRYQ", "city", "单条", 300),
        ("MRYQ", "city", "简讯", 100),
        ("LDCY", "city", "调研", 2000),
        ("LDCY", "city", "单篇", 1000),
        ("SZB", "province", "专报", 3000),
        ("新刊", "province", None, 1500),
        ("GBXX", "state", "综合", 1500),
        (None, "state", "单条", 4000),
    ],
)
def test_a_journal_goes_before_its_level_and_a_form_before_any_form(
    journal: str | None, level: str, form: str | None, points: int
) -> None:
    rule = SAMPLE.adoption_rule(journal, level, form)
    assert rule is not None
    assert rule.award.points == points


@pytest.mark.parametrize(("journal", "level"), [("县里的", "county"), ("新刊", "city"), (None, None)])
def test_an_adoption_the_measure_is_silent_about_has_no_rule(journal: str | None, level: str | None) -> None:
    assert SAMPLE.adoption_rule(journal, level, "单条") is None


def test_a_class_may_have_its_own_points() -> None:
    assert SAMPLE.submission == Award(5, 50, {"一般部门": 100, "直报点": 100})
    assert SAMPLE.submission.for_class("直报点") == 100
    assert SAMPLE.submission.for_class("县（市、区）") == 50


# Quotas and rates.


def test_a_class_has_its_monthly_quota() -> None:
    assert SAMPLE.quota_for("县（市、区）") == Quota(14, 8, 2, 2000)
    assert SAMPLE.quota_for("科室") is None


def test_a_unit_is_below_the_floor_only_when_its_rate_is() -> None:
    assert SAMPLE.below_rate_floor("重点部门", 10, 1)
    assert not SAMPLE.below_rate_floor("重点部门", 10, 2)
    assert not SAMPLE.below_rate_floor("科室", 10, 0)


def test_a_unit_that_sent_nothing_is_judged_as_the_measure_says() -> None:
    assert not SAMPLE.below_rate_floor("重点部门", 0, 0)
    strict = parse_measure(changed('nothing_sent = "exempt"', 'nothing_sent = "below"'))
    assert strict.below_rate_floor("重点部门", 0, 0)


def test_a_quota_may_ask_for_less_than_everything() -> None:
    measure = parse_measure(changed("submit_min = 8\nadopt_min = 2\nadoption_rate_floor = 20\n", "submit_min = 8\n"))
    assert measure.quota_for("县（市、区）") == Quota(14, 8, None, None)
    assert not measure.below_rate_floor("县（市、区）", 10, 0)


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


# Faults.


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('id = "yunshan-2026"', "id = 7", "id"),
        ('title = "云山市政务信息工作考评办法（样例）"', 'title = " "', "title"),
        ("effective_from = 2026-01-01", 'effective_from = "2026-01-01"', "effective_from"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01T00:00:00", "effective_from"),
        (
            "effective_from = 2026-01-01",
            "effective_from = 2026-01-01\neffective_to = 2025-12-31",
            "effective_to",
        ),
        (
            "effective_from = 2026-01-01",
            "effective_from = 2026-01-01\neffective_till = 2026-12-31",
            "effective_till",
        ),
        ("effective_from = 2026-01-01", "effective_from = 2026-02-30", "（全文）"),
        ('classes = ["县（市、区）", "重点部门", "一般部门", "直报点"]', "", "classes"),
        ('16 = "本', '100 = "本', "articles.100"),
        ('16 = "本', '016 = "本', "articles.016"),
        ('MRYQ = "每日要情"', "MRYQ = 1", "journals.MRYQ"),
        ("[submission]\narticle = 5", "[submission]", "submission.article"),
        ("[submission]\narticle = 5", "[submission]\narticle = 17", "submission.article"),
        ("[submission]\narticle = 5", "[submission]\narticle = true", "submission.article"),
        ("points = 0.5", "points = 0.005", "submission.points"),
        ("points = 0.5", "points = -1", "submission.points"),
        ("points = 0.5", "points = nan", "submission.points"),
        ("points = 0.5", "points = 1e99999", "submission.points"),
        ("points = 0.5", 'points = "半分"', "submission.points"),
        ("points = 0.5", "points = 0.5\nbonus = 1", "submission.bonus"),
        ('"一般部门" = 1', '"乡镇" = 1', "submission.by_class.乡镇"),
        ('"一般部门" = 1', '"一般部门" = "1"', "submission.by_class.一般部门"),
        ('journals = ["MRYQ"]', 'journals = ["MRQY"]', "adoption[1].journals"),
        ('journals = ["MRYQ"]', "", "adoption[1].journals"),
        ('journals = ["MRYQ"]', 'journals = ["MRYQ"]\nlevel = "city"', "adoption[1].journals"),
        ('journals = ["ZWXX"]', 'journals = ["MRYQ"]', "adoption[2].forms"),
        ('forms = ["简讯"]', 'forms = "简讯"', "adoption[3].forms"),
        ('forms = ["简讯"]', 'form = ["简讯"]', "adoption[3].forms"),
        ('level = "province"', 'level = "region"', "adoption[9].level"),
        ("\ndigest = true", '\ndigest = "是"', "adoption[12].digest"),
        ("same_rank_once = true", "same_rank_once = 1", "instruction.same_rank_once"),
        ("{ city = 10,", "{ mayor = 10,", "instruction.points.mayor"),
        ('[joint]\narticle = 12\nmode = "split_equal"', '[joint]\narticle = 12\nmode = "half"', "joint.mode"),
        ('mode = "split_equal"', 'mode = "fixed_each"', "joint.points"),
        ('mode = "cumulative"', 'mode = "once"', "combine.mode"),
        ('[combine]\narticle = 13\nmode = "cumulative"', "", "combine.mode"),
        ('class = "重点部门"', 'class = "县（市、区）"', "quota[2].class"),
        ('class = "重点部门"', 'class = "其他"', "quota[2].class"),
        ("submit_min = 8", "submit_min = 8.5", "quota[1].submit_min"),
        ("adoption_rate_floor = 20", 'adoption_rate_floor = "20%"', "quota[1].adoption_rate_floor"),
        ('nothing_sent = "exempt"', 'nothing_sent = "zero"', "adoption_rate.nothing_sent"),
        ("levels = []", 'levels = ["国办"]', "report_only.levels"),
        ("[report_only]\narticle = 15", "[report_only]\narticle = 51", "report_only.article"),
        ("[report_only]", "[report]", "report"),
        ("[submission]", "[[submission]]", "submission"),
        ("[[adoption]]", "[adoption]", "（全文）"),
    ],
)
def test_every_fault_of_the_file_names_its_path(old: str, new: str, path: str) -> None:
    text = changed(old, new)
    with pytest.raises(MeasureFault) as caught:
        parse_measure(text)
    assert caught.value.path == path
    assert caught.value.allowed
    assert str(caught.value).startswith(f"{path}：写的是 ")


def test_a_fault_says_what_was_found_and_what_is_allowed() -> None:
    with pytest.raises(MeasureFault) as caught:
        parse_measure(changed('mode = "cumulative"', 'mode = "once"'))
    assert str(caught.value) == "combine.mode：写的是 'once'，应为下列之一：cumulative、highest"
    with pytest.raises(MeasureFault) as caught:
        parse_measure(changed("points = 0.5", ""))
    assert str(caught.value).startswith("submission.points：写的是 （没有写），应为")


def test_a_measure_without_articles_is_none() -> None:
    with pytest.raises(MeasureFault) as caught:
        parse_measure('id = "x"\ntitle = "x"\neffective_from = 2026-01-01\nclasses = ["县"]')
    assert caught.value.path == "articles"


@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(MeasureFault):
        parse_measure(text)
