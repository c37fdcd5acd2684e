"""Periods and days as people say them. Today is Monday, 23 November 2026, unless a test says otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.errors import BadInput, BadPeriod
from domain.period import (
    Period,
    is_period_word,
    month_of,
    parse_day,
    parse_period,
    previous_month,
)

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2002, 1, 1), date(2099, 12, 31))
# Text made of what periods and days are made of finds more than arbitrary text does.
PIECES = st.lists(
    st.sampled_from(
        [*"0123456789０十一二〇年月日号度季QqHh第上下半本个今去至到-—~./ ．　", "2026", "..", "\u200b", "²"]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("本月", "2026-11"),
        ("这个月", "2026-11"),
        ("上月", "2026-10"),
        ("上个月", "2026-10"),
        ("本季度", "2026Q4"),
        ("上季度", "2026Q3"),
        ("今年", "2026"),
        ("本年", "2026"),
        ("去年", "2025"),
        ("上半年", "2026H1"),
        ("下半年", "2026H2"),
        ("2026", "2026"),
        ("2026年", "2026"),
        ("2025年度", "2025"),
        ("2026-10", "2026-10"),
        ("2026.10", "2026-10"),
        ("2026/10", "2026-10"),
        ("2026-3", "2026-03"),
        ("202610", "2026-10"),
        ("2026年10月", "2026-10"),
        ("26年10月", "2026-10"),
        ("二〇二六年十月", "2026-10"),
        ("10月", "2026-10"),
        ("十月", "2026-10"),
        ("十一月份", "2026-11"),
        ("去年12月", "2025-12"),
        ("三季度", "2026Q3"),
        ("第三季度", "2026Q3"),
        ("3季度", "2026Q3"),
        ("Q3", "2026Q3"),
        ("q3", "2026Q3"),
        ("2026年三季度", "2026Q3"),
        ("2026Q3", "2026Q3"),
        ("2026-Q3", "2026Q3"),
        ("2025年下半年", "2025H2"),
        ("1-2月", "2026-01..02"),
        ("1—2月", "2026-01..02"),
        ("1至2月", "2026-01..02"),
        ("1月到2月", "2026-01..02"),
        ("2026年1~2月", "2026-01..02"),
        ("一至三月", "2026Q1"),
        ("1-6月", "2026H1"),
        ("1-12月", "2026"),
        ("２０２６年 １０ 月", "2026-10"),
        ("　2026 － 10\u200b", "2026-10"),
    ],
)
def test_a_period_is_understood_as_people_say_it(said: str, code: str) -> None:
    assert parse_period(said, TODAY).code == code
    assert is_period_word(said)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("本月", "2026年11月"),
        ("Q3", "2026年三季度"),
        ("今年", "2026年"),
        ("1-2月", "2026年1-2月"),
        ("上半年", "2026年上半年"),
    ],
)
def test_people_see_the_period_in_their_own_words(said: str, label: str) -> None:
    assert parse_period(said, TODAY).label == label


@pytest.mark.parametrize(
    ("said", "code", "label"),
    [
        ("2026-07-01..2026-10-09", "2026-07-01..2026-10-09", "2026年7月1日至10月9日"),
        ("7月1日至10月9日", "2026-07-01..2026-10-09", "2026年7月1日至10月9日"),
        ("7月1日-10月9日", "2026-07-01..2026-10-09", "2026年7月1日至10月9日"),
        ("七月一日 到 十月九日", "2026-07-01..2026-10-09", "2026年7月1日至10月9日"),
        ("2026.7.1—2026.10.9", "2026-07-01..2026-10-09", "2026年7月1日至10月9日"),
        ("11月3日至15日", "2026-11-03..2026-11-15", "2026年11月3日至11月15日"),
        ("12月20日至1月10日", "2025-12-20..2026-01-10", "2025年12月20日至2026年1月10日"),
        ("2025年12月1日至2026年1月31日", "2025-12-01..2026-01-31", "2025年12月1日至2026年1月31日"),
        ("10月1日至10月31日", "2026-10", "2026年10月"),
        ("2026-07-01..2026-09-30", "2026Q3", "2026年三季度"),
        ("11月1日至11月30日", "2026-11", "2026年11月"),
    ],
)
def test_a_period_can_be_from_day_to_day(said: str, code: str, label: str) -> None:
    period = parse_period(said, TODAY)
    assert (period.code, period.label) == (code, label)
    assert is_period_word(said)


@given(st.tuples(DAYS, DAYS).map(sorted).filter(lambda days: days[0] <= TODAY))
def test_the_code_of_any_span_is_understood_again(days: list[date]) -> None:
    period = Period(days[0], days[1], "")
    found = parse_period(period.code, TODAY)
    assert (found.first, found.last) == (days[0], days[1])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("10月9日至7月40日", "2026年7月没有40日"),
        ("2026-10-09..2026-07-01", "起止日期写反了"),
        ("11月9日至3日", "起止日期写反了"),
        ("2026-12-01..2026-12-09", "还没有开始"),
        ("13月1日至2日", "没有13月"),
    ],
)
def test_a_span_that_cannot_be_is_refused_with_the_reason(said: str, told: str) -> None:
    with pytest.raises(BadPeriod, match=told):
        parse_period(said, TODAY)
    assert is_period_word(said)


def test_a_month_without_a_year_is_the_latest_one_that_has_begun() -> None:
    january = date(2027, 1, 5)

    assert parse_period("12月", january).code == "2026-12"
    assert parse_period("1月", january).code == "2027-01"
    assert parse_period("四季度", january).code == "2026Q4"
    assert parse_period("下半年", january).code == "2026H2"
    assert parse_period("11-12月", january).code == "2026-11..12"
    assert parse_period("上月", january).code == "2026-12"
    assert parse_period("上季度", january).code == "2026Q4"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("上上礼拜", "看不懂期间“上上礼拜”"),
        ("10", "看不懂期间“10”"),
        ("2026-10-01", "看不懂期间“2026-10-01”"),
        ("", "没有写期间"),
        ("2026-13", "没有13月"),
        ("0月", "没有0月"),
        ("五季度", "一年只有四个季度"),
        ("3-1月", "起止月份写反了"),
        ("2027", "2027年还没有开始（今天是2026年11月23日）"),
        ("2026年12月", "2026年12月还没有开始"),
        ("1999年", "1999年太早了"),
        ("0000", "0年太早了"),
    ],
)
def test_a_reporter_who_mistypes_a_period_is_told_the_forms(said: str, told: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        parse_period(said, TODAY)

    assert told in str(caught.value)
    assert "可以写：本月、上月、10月" in str(caught.value)


def test_what_was_mistyped_at_length_is_quoted_in_short() -> None:
    with pytest.raises(BadPeriod) as caught:
        parse_period("月" * 10_000, TODAY)

    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("word", ["一类", "云山县", "晨讯", "137", "10", "", "2026年一类", "月"])
def test_a_class_or_a_unit_is_not_taken_for_a_period(word: str) -> None:
    assert not is_period_word(word)


def test_a_period_that_cannot_be_is_still_known_for_a_period() -> None:
    assert is_period_word("2026-13")
    assert is_period_word("五季度")


def test_months_of_a_period() -> None:
    assert parse_period("三季度", TODAY).months == ((2026, 7), (2026, 8), (2026, 9))
    assert Period(date(2025, 12, 5), date(2026, 1, 4), "岁末年初").months == ((2025, 12), (2026, 1))
    assert previous_month(date(2026, 1, 31)) == month_of(date(2025, 12, 1))


def test_a_span_that_is_no_whole_months_is_keyed_by_its_days() -> None:
    assert Period(date(2026, 11, 1), date(2026, 11, 23), "本月以来").code == "2026-11-01..2026-11-23"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("2026/11/3", date(2026, 11, 3)),
        ("2026.11.3", date(2026, 11, 3)),
        ("20261103", date(2026, 11, 3)),
        ("2026年11月3日", date(2026, 11, 3)),
        ("11-3", date(2026, 11, 3)),
        ("11.03", date(2026, 11, 3)),
        ("11月3号", date(2026, 11, 3)),
        ("１１月 ３ 日", date(2026, 11, 3)),
        ("十一月二十三日", TODAY),
        ("23日", TODAY),
        ("今天", TODAY),
        ("昨天", date(2026, 11, 22)),
        ("前天", date(2026, 11, 21)),
        ("11-30", date(2026, 11, 30)),
    ],
)
def test_a_day_is_understood_as_people_say_it(said: str, day: date) -> None:
    assert parse_day(said, TODAY) == day


def test_in_january_a_day_of_december_is_last_years() -> None:
    assert parse_day("12-28", date(2027, 1, 5)) == date(2026, 12, 28)
    assert parse_day("1-8", date(2027, 1, 5)) == date(2027, 1, 8)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2026-02-30", "2026年2月没有30日"),
        ("2-29", "2026年2月没有29日"),
        ("31日", "2026年11月没有31日"),
        ("0日", "没有0日"),
        ("13-1", "没有13月"),
        ("1999-12-31", "1999年太早了"),
        ("11", "看不懂日期“11”"),
        ("11至23日", "看不懂日期"),
        ("改天", "看不懂日期“改天”"),
    ],
)
def test_a_day_that_does_not_exist_is_answered_with_what_is_wrong(said: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_day(said, TODAY)

    assert told in str(caught.value)
    assert "可以写：2026-11-23" in str(caught.value)


@given(PIECES | st.text(max_size=40), DAYS)
def test_nothing_anybody_types_for_a_period_is_more_than_a_bad_period(text: str, today: date) -> None:
    try:
        period = parse_period(text, today)
    except BadPeriod:
        return
    assert period.first <= today
    assert is_period_word(text)


@given(PIECES | st.text(max_size=40), DAYS)
def test_nothing_anybody_types_for_a_day_is_more_than_bad_input(text: str, today: date) -> None:
    try:
        day = parse_day(text, today)
    except BadInput:
        return
    assert day.year >= 2000


@given(DAYS, st.integers(1, 12), st.integers(1, 12), st.integers(2000, 2099))
def test_a_period_is_found_again_by_its_label_and_by_its_code(today: date, first: int, last: int, year: int) -> None:
    assume(first <= last and date(year, first, 1) <= today)
    period = parse_period(f"{year}年{first}-{last}月", today)

    assert parse_period(period.label, today) == period
    assert parse_period(period.code, today) == period
    assert period.months == tuple((year, month) for month in range(first, last + 1))


@given(DAYS)
def test_every_day_lies_in_its_month_and_after_the_month_before(day: date) -> None:
    assert month_of(day).first <= day <= month_of(day).last
    assert (month_of(day).first - previous_month(day).last).days == 1


@given(DAYS)
def test_a_day_written_out_is_that_day(day: date) -> None:
    assert parse_day(f"{day:%Y-%m-%d}", TODAY) == day
    assert parse_day(f"{day.year}年{day.month}月{day.day}日", TODAY) == day
