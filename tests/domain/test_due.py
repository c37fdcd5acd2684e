"""Due times as people say them. It is Monday, 23 November 2026, 9:41, unless a test says otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.due import DAY_END, Due, earlier_due, explain, read_due
from domain.errors import BadInput
from domain.moment import ZONE
from domain.workday import load_builtin, parse_calendar_toml

CALENDAR = load_builtin()
WITH_2027 = CALENDAR.with_table(
    parse_calendar_toml('year = 2027\n[[holidays]]\nname = "元旦"\nfirst = 2027-01-01\nlast = 2027-01-03\n')
)
DAYS_OF_2026 = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
HOLIDAYS = [day for day in DAYS_OF_2026 if CALENDAR.exceptions.get(day) is False]
WORKING_WEEKENDS = [day for day in DAYS_OF_2026 if CALENDAR.exceptions.get(day) is True]

MOMENTS = st.builds(
    lambda seconds, zone: (datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(seconds=seconds)).astimezone(zone),
    st.integers(0, 364 * 86_400),
    st.sampled_from([ZONE, UTC]),
)
# Text made of what due times are made of finds more than arbitrary text does.
PIECES = st.lists(
    st.sampled_from(
        [
            *"0123456789一二三五十半两年月日号周时点分前内后上下本晚早底末:-./() ，（）",
            *("今天", "明天", "后天", "大后天", "下周", "周五", "星期", "礼拜天", "工作日", "自然日", "小时", "分钟"),
            *("个", "以内", "截止", "之前", "下班", "上午", "下午", "中午", "凌晨", "三刻", "下个月", "年底"),
            *("24", "31", "2026", "9999", "11月28日"),
        ]
    ),
    max_size=7,
).map("".join)


def at(month: int, day: int, clock: str) -> datetime:
    return datetime.combine(date(2026, month, day), time.fromisoformat(clock), tzinfo=ZONE)


NOW = at(11, 23, "09:41")


def due(words: str, now: datetime = NOW) -> Due:
    return read_due(words, now, CALENDAR)


def refused(words: str, now: datetime = NOW) -> str:
    with pytest.raises(BadInput) as caught:
        read_due(words, now, CALENDAR)
    return str(caught.value)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("周五下班前", at(11, 27, "17:30")),
        ("周五", at(11, 27, "17:30")),
        ("本周五", at(11, 27, "17:30")),
        ("这周五前", at(11, 27, "17:30")),
        ("星期五之前", at(11, 27, "17:30")),
        ("礼拜五以前", at(11, 27, "17:30")),
        ("截止周五", at(11, 27, "17:30")),
        ("到周五", at(11, 27, "17:30")),
        ("请于周五前报送", at(11, 27, "17:30")),
        ("“周五下班前”。", at(11, 27, "17:30")),
        ("星期 五", at(11, 27, "17:30")),
        ("周五十点", at(11, 27, "10:00")),
        ("周五 10点", at(11, 27, "10:00")),
        ("周五10:15", at(11, 27, "10:15")),
        ("周五前17:00", at(11, 27, "17:00")),
        ("周五下午三点半", at(11, 27, "15:30")),
        ("周五下午3点三刻", at(11, 27, "15:45")),
        ("周五（11月27日）下班前", at(11, 27, "17:30")),
        ("周日", at(11, 29, "17:30")),
        ("周天", at(11, 29, "17:30")),
        ("礼拜天", at(11, 29, "17:30")),
        ("周日晚", at(11, 29, "20:00")),
        ("周一", at(11, 23, "17:30")),
        ("下周一上午", at(11, 30, "12:00")),
        ("下个星期三", at(12, 2, "17:30")),
        ("下下周三", at(12, 9, "17:30")),
        ("本周内", at(11, 27, "17:30")),
        ("下周内", at(12, 4, "17:30")),
    ],
)
def test_a_weekday_is_the_next_one_that_is_not_over(said: str, moment: datetime) -> None:
    assert due(said).moment == moment


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("11月28日17:00", at(11, 28, "17:00")),
        ("１１月２８日１７：００", at(11, 28, "17:00")),
        ("11月28日 17 : 00", at(11, 28, "17:00")),
        ("11-28 17时", at(11, 28, "17:00")),
        ("11—28 17时30分", at(11, 28, "17:30")),
        ("11.28", at(11, 28, "17:30")),
        ("11/28", at(11, 28, "17:30")),
        ("十一月二十八日", at(11, 28, "17:30")),
        ("11月28号", at(11, 28, "17:30")),
        ("2026-11-28", at(11, 28, "17:30")),
        ("2026-11-28T17:00", at(11, 28, "17:00")),
        ("2026年11月28日下午5点", at(11, 28, "17:00")),
        ("20261128", at(11, 28, "17:30")),
        ("26年11月28日", at(11, 28, "17:30")),
        ("今年11月28日", at(11, 28, "17:30")),
        ("11月28日（周六）17:00", at(11, 28, "17:00")),
        ("11月28日周六17:00", at(11, 28, "17:00")),
        ("28日下班前", at(11, 28, "17:30")),
        ("28号", at(11, 28, "17:30")),
        ("本月28日", at(11, 28, "17:30")),
        ("28日24:00", at(11, 29, "00:00")),
        ("23日", at(11, 23, "17:30")),
        ("5日", at(12, 5, "17:30")),
        ("5日前", at(12, 5, "17:30")),
        ("下月5日", at(12, 5, "17:30")),
        ("下个月5号下午", at(12, 5, "17:30")),
        ("月底", at(11, 30, "17:30")),
        ("本月底前", at(11, 30, "17:30")),
        ("本月内", at(11, 30, "17:30")),
        ("11月底", at(11, 30, "17:30")),
        ("下月底", at(12, 31, "17:30")),
        ("12月末", at(12, 31, "17:30")),
        ("年底前", at(12, 31, "17:30")),
        ("年内", at(12, 31, "17:30")),
        ("12月31日", at(12, 31, "17:30")),
    ],
)
def test_a_date_is_understood_however_it_is_written(said: str, moment: datetime) -> None:
    assert due(said).moment == moment


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("今天", at(11, 23, "17:30")),
        ("今日", at(11, 23, "17:30")),
        ("当天", at(11, 23, "17:30")),
        ("今天下班前", at(11, 23, "17:30")),
        ("今天下午", at(11, 23, "17:30")),
        ("今天下午下班前", at(11, 23, "17:30")),
        ("今晚", at(11, 23, "20:00")),
        ("今晚8点", at(11, 23, "20:00")),
        ("今晚12点", at(11, 24, "00:00")),
        ("明天上午", at(11, 24, "12:00")),
        ("明天上午下班前", at(11, 24, "12:00")),
        ("明天上班前", at(11, 24, "08:30")),
        ("明早", at(11, 24, "08:30")),
        ("明天凌晨2点", at(11, 24, "02:00")),
        ("次日", at(11, 24, "17:30")),
        ("后天中午", at(11, 25, "12:00")),
        ("后天中午1点", at(11, 25, "13:00")),
        ("大后天", at(11, 26, "17:30")),
        ("下班前", at(11, 23, "17:30")),
        ("上午", at(11, 23, "12:00")),
        ("下午5点", at(11, 23, "17:00")),
        ("5点", at(11, 23, "17:00")),
        ("5点半", at(11, 23, "17:30")),
        ("17:30", at(11, 23, "17:30")),
        ("17点半", at(11, 23, "17:30")),
        ("十七点三十分", at(11, 23, "17:30")),
        ("17点整", at(11, 23, "17:00")),
        ("十二点半", at(11, 23, "12:30")),
        ("晚上8点", at(11, 23, "20:00")),
        ("24:00", at(11, 24, "00:00")),
    ],
)
def test_a_day_near_by_and_a_clock_alone_are_understood(said: str, moment: datetime) -> None:
    assert due(said).moment == moment


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("三个工作日内", at(11, 26, "17:30")),
        ("3个工作日", at(11, 26, "17:30")),
        ("5工作日内", at(11, 30, "17:30")),
        ("三个工作日内中午前", at(11, 26, "12:00")),
        ("3日内", at(11, 26, "17:30")),
        ("3日以内17:00", at(11, 26, "17:00")),
        ("两天内", at(11, 25, "17:30")),
        ("2个自然日内", at(11, 25, "17:30")),
        ("3天后", at(11, 26, "17:30")),
        ("一周内", at(11, 30, "17:30")),
        ("两个星期内", at(12, 7, "17:30")),
        ("2小时内", at(11, 23, "11:41")),
        ("两个小时之内", at(11, 23, "11:41")),
        ("24小时内", at(11, 24, "09:41")),
        ("一个半小时内", at(11, 23, "11:11")),
        ("1.5小时", at(11, 23, "11:11")),
        ("半小时", at(11, 23, "10:11")),
        ("30分钟内", at(11, 23, "10:11")),
        ("半天内", at(11, 23, "13:41")),
    ],
)
def test_a_span_is_counted_from_now_and_days_from_the_next_day(said: str, moment: datetime) -> None:
    assert due(said).moment == moment


@pytest.mark.parametrize(
    ("said", "reading"),
    [
        ("周五下班前", "周五下班前 → 11月27日(周五) 17:30"),
        ("周五", "周五 → 11月27日(周五) 17:30（未写钟点，按下班时间）"),
        ("明天上午", "明天上午 → 11月24日(周二) 12:00（上午按12:00）"),
        ("5点", "5点 → 11月23日(周一) 17:00（5点按下午5点）"),
        ("周一上午9点", "周一上午9点 → 11月30日(周一) 09:00（本周一已过，按下周一）"),
        ("5日下班前", "5日下班前 → 12月5日(周六) 17:30（本月5日已过，按下月）"),
        ("今晚12点", "今晚12点 → 11月24日(周二) 00:00（即11月23日(周一)24:00）"),
        ("半天内", "半天内 → 11月23日(周一) 13:41（半天按4小时）"),
        ("月底下班前", "月底下班前 → 11月30日(周一) 17:30（按当月最后一个工作日）"),
        ("3日内17:00", "3日内17:00 → 11月26日(周四) 17:00（按自然日从次日起数）"),
        ("五个工作日内下班前", "五个工作日内下班前 → 11月30日(周一) 17:30（从次日起数；周末不计）"),
    ],
)
def test_whoever_confirms_a_due_time_sees_how_it_was_read(said: str, reading: str) -> None:
    assert due(said).reading == reading


def test_on_friday_evening_friday_is_next_weeks_and_this_friday_is_over() -> None:
    friday = at(11, 27, "17:31")

    assert due("周五", friday).moment == at(12, 4, "17:30")
    assert due("本周五晚上8点", friday).moment == at(11, 27, "20:00")
    told = refused("本周五", friday)
    assert "“本周五”是11月27日(周五) 17:30，已经过了（现在是11月27日(周五) 17:31）" in told
    assert "请写“下周五”" in told


def test_on_sunday_this_week_is_the_one_that_ends_today() -> None:
    sunday = at(11, 29, "10:00")

    assert due("周日", sunday).moment == at(11, 29, "17:30")
    assert due("周一", sunday).moment == at(11, 30, "17:30")
    assert due("下周一", sunday).moment == at(11, 30, "17:30")
    assert "已经过了" in refused("本周一", sunday)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("8点", "“8点”是11月23日(周一) 08:00，已经过了（现在是11月23日(周一) 09:41）。如果是指下一个，请写“明天8点”。"),
        ("11月20日", "“11月20日”是11月20日(周五) 17:30，已经过了"),
        ("2025-11-28", "是2025年11月28日(周五) 17:30，已经过了"),
        ("昨天", "是11月22日(周日) 17:30，已经过了"),
        ("上周五", "是11月20日(周五) 17:30，已经过了"),
        ("0小时内", "已经过了"),
    ],
)
def test_a_due_time_in_the_past_is_refused_with_what_it_was_read_as(said: str, told: str) -> None:
    assert told in refused(said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "没有写时限。可以写：周五下班前、11月28日17:00"),
        (" 　", "没有写时限。"),
        ("尽快", "看不懂时限“尽快”。可以写：周五下班前"),
        ("国庆节前", "看不懂时限“国庆节前”"),
        ("前", "看不懂时限“前”"),
        ("周五或者周六", "看不懂时限“周五或者周六”"),
        ("周五周六", "11月27日(周五)不是周六，请核对后只写一个"),
        ("周末前", "“周末”请写明周五、周六还是周日"),
        ("31日", "没有2026年11月31日这一天"),
        ("2月30日", "没有2026年2月30日这一天"),
        ("2026-13-01", "没有2026年13月1日这一天"),
        ("0000-00-00", "没有0年0月0日这一天"),
        ("25:00", "没有“25:00”这个钟点"),
        ("今天17:61", "没有“17:61”这个钟点"),
        ("24:30", "没有“24:30”这个钟点"),
        ("晚上1点", "没有“晚上1点”这个钟点"),
        ("上午15点", "没有“上午15点”这个钟点"),
        ("明天凌晨", "“凌晨”请写明几点"),
        ("11月28日（周五）", "11月28日(周六)不是周五，请核对后只写一个"),
        ("周五（11月28日）", "11月28日(周六)不是周五"),
    ],
)
def test_what_cannot_be_a_due_time_is_answered_with_what_is_wrong(said: str, told: str) -> None:
    assert told in refused(said)


def test_what_was_mistyped_at_length_is_quoted_in_short() -> None:
    assert len(refused("尽快" * 5_000)) < 150


@pytest.mark.parametrize("said", ["1月5日", "明年1月5日", "2027-01-05", "50个工作日内", "60天内", "9999-12-31 24:00"])
def test_a_due_time_in_a_year_without_a_calendar_is_refused_with_what_to_do(said: str) -> None:
    told = refused(said)

    assert "2027年的放假安排还没有录入" in told
    assert "请改一个不到2027年的时限，或请系统管理员先录入：baosong calendar import" in told


def test_the_last_minute_of_the_year_still_belongs_to_it() -> None:
    assert due("12月31日24:00").moment == datetime(2027, 1, 1, tzinfo=ZONE)
    assert "2027年的放假安排" in refused("周五", at(12, 31, "17:31"))
    assert "2027年的放假安排" in refused("3小时内", at(12, 31, "22:00"))


def test_once_the_year_is_entered_january_is_understood() -> None:
    new_years_eve = at(12, 31, "10:00")

    assert read_due("1月5日", NOW, WITH_2027).moment == datetime(2027, 1, 5, 17, 30, tzinfo=ZONE)
    assert read_due("下月5日", new_years_eve, WITH_2027).moment == datetime(2027, 1, 5, 17, 30, tzinfo=ZONE)
    counted = read_due("一个工作日内下班前", new_years_eve, WITH_2027)
    assert counted.reading == "一个工作日内下班前 → 2027年1月4日(周一) 17:30（从次日起数；1月1日至3日元旦放假，不计）"


@pytest.mark.parametrize(
    ("now", "said", "moment"),
    [
        (at(1, 30, "10:00"), "30日", at(1, 30, "17:30")),
        (at(1, 31, "10:00"), "1日", at(2, 1, "17:30")),
        (at(1, 31, "10:00"), "31日", at(1, 31, "17:30")),
        (at(1, 31, "10:00"), "下月28日", at(2, 28, "17:30")),
        (at(2, 26, "10:00"), "三天内", at(3, 1, "17:30")),
        (at(2, 27, "10:00"), "月底", at(2, 28, "17:30")),
        (at(5, 29, "10:00"), "月底", at(5, 29, "17:30")),
        (at(4, 30, "10:00"), "两个工作日内", at(5, 7, "17:30")),
        (at(11, 30, "18:00"), "明天", at(12, 1, "17:30")),
        (at(12, 1, "10:00"), "11月30日", None),
    ],
)
def test_due_times_cross_the_end_of_a_month(now: datetime, said: str, moment: datetime | None) -> None:
    if moment is None:
        assert "已经过了" in refused(said, now)
    else:
        assert due(said, now).moment == moment


def test_a_month_that_ends_on_a_weekend_ends_with_its_last_working_day() -> None:
    assert due("10月底", at(10, 26, "10:00")).moment == at(10, 30, "17:30")
    assert "请写“下月底”" in refused("月底", at(10, 31, "10:00"))


@pytest.mark.parametrize(
    ("now", "said", "moment", "why"),
    [
        (
            at(9, 30, "10:00"),
            "三个工作日内",
            at(10, 10, "17:30"),
            "10月1日至7日国庆节放假，不计；10月10日(周六)调休上班，计入",
        ),
        (at(12, 30, "10:00"), "一个工作日内", at(12, 31, "17:30"), "从次日起数；未写"),
        (at(1, 3, "10:00"), "一个工作日内", at(1, 4, "17:30"), "1月4日(周日)调休上班，计入"),
        (
            at(2, 13, "10:00"),
            "两个工作日内",
            at(2, 24, "17:30"),
            "2月14日(周六)调休上班，计入；2月15日至23日春节放假，不计",
        ),
        (at(2, 27, "10:00"), "一个工作日内", at(2, 28, "17:30"), "2月28日(周六)调休上班，计入"),
        (at(4, 3, "10:00"), "一个工作日内", at(4, 7, "17:30"), "4月4日至6日清明节放假，不计"),
        (
            at(4, 30, "10:00"),
            "4个工作日内",
            at(5, 9, "17:30"),
            "5月1日至5日劳动节放假，不计；5月9日(周六)调休上班，计入",
        ),
        (at(6, 18, "10:00"), "1个工作日内", at(6, 22, "17:30"), "6月19日至21日端午节放假，不计"),
        (at(9, 18, "10:00"), "1个工作日内", at(9, 20, "17:30"), "9月20日(周日)调休上班，计入；周末不计"),
        (at(9, 24, "10:00"), "1个工作日内", at(9, 28, "17:30"), "9月25日至27日中秋节放假，不计"),
    ],
)
def test_counted_working_days_name_what_was_skipped_and_what_was_worked(
    now: datetime, said: str, moment: datetime, why: str
) -> None:
    found = due(said, now)

    assert found.moment == moment
    assert why in found.reading


@pytest.mark.parametrize("day", HOLIDAYS)
def test_a_due_time_on_a_holiday_is_odd_and_the_holiday_is_named(day: date) -> None:
    found = due(f"{day:%Y-%m-%d}下班前", datetime(2026, 1, 1, tzinfo=ZONE))
    weekday = "一二三四五六日"[day.weekday()]

    assert f"{day.month}月{day.day}日(周{weekday}，{CALENDAR.names[day]}放假) 17:30" in found.reading
    assert "不是工作日，之前最后一个工作日是" in found.notes[0]


@pytest.mark.parametrize("day", WORKING_WEEKENDS)
def test_a_due_time_on_a_worked_weekend_says_that_it_is_worked(day: date) -> None:
    found = due(f"{day:%m-%d}下班前", datetime(2026, 1, 1, tzinfo=ZONE))
    label = f"{day.month}月{day.day}日(周{'六' if day.weekday() == 5 else '日'}，调休上班)"

    assert f"{label} 17:30" in found.reading
    assert found.notes == (f"时限{label}，是工作日",)


def test_all_announced_days_of_2026_stood_in_these_tests() -> None:
    assert len(HOLIDAYS) == 33
    assert len(WORKING_WEEKENDS) == 6


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ("周五下班前", ()),
        ("后天中午", ()),
        ("周六", ("时限11月28日(周六)不是工作日，之前最后一个工作日是11月27日(周五)",)),
        ("周五24:00", ("00:00不在上班时间",)),
        ("明早7点", ("07:00不在上班时间",)),
        ("2小时内", ()),
        ("119分钟内", ("离现在只有1小时59分钟",)),
        ("1小时内", ("离现在只有1小时",)),
    ],
)
def test_what_is_odd_about_a_due_time_is_noted(said: str, notes: tuple[str, ...]) -> None:
    assert due(said).notes == notes


def test_an_office_that_ends_at_six_is_asked_at_six() -> None:
    assert read_due("周五下班前", NOW, CALENDAR, day_end=time(18)).moment == at(11, 27, "18:00")
    assert read_due("今天17:45", NOW, CALENDAR, day_end=time(18)).notes == ()


def test_the_zone_of_the_clock_does_not_change_the_day() -> None:
    assert due("今天", at(11, 24, "00:30").astimezone(UTC)).moment == at(11, 24, "17:30")


@pytest.mark.parametrize(
    ("upper", "earlier"),
    [
        (at(11, 27, "17:30"), at(11, 26, "17:30")),
        (at(11, 30, "12:00"), at(11, 27, "17:30")),
        (at(11, 29, "17:30"), at(11, 27, "17:30")),
        (at(11, 24, "12:00"), at(11, 23, "17:30")),
        (at(11, 23, "17:41"), at(11, 23, "13:41")),
    ],
)
def test_what_is_derived_is_due_a_working_day_earlier_or_at_half_of_the_time(
    upper: datetime, earlier: datetime
) -> None:
    assert earlier_due(upper, NOW, CALENDAR) == earlier


def test_an_upper_commission_that_is_over_gives_no_due_time() -> None:
    with pytest.raises(BadInput, match="上级约稿的时限11月23日\\(周一\\) 09:00已经过了"):
        earlier_due(at(11, 23, "09:00"), NOW, CALENDAR)


def test_an_upper_commission_of_a_year_without_a_calendar_gives_no_due_time() -> None:
    with pytest.raises(BadInput, match="2027年的放假安排还没有录入"):
        earlier_due(datetime(2027, 1, 8, 17, 30, tzinfo=ZONE), NOW, CALENDAR)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (at(11, 26, "17:30"), "11月26日(周四) 17:30，还有3个工作日"),
        (at(11, 23, "17:30"), "11月23日(周一) 17:30，还有7小时49分钟"),
        (at(11, 23, "09:41"), "11月23日(周一) 09:41，还有不到1分钟"),
        (at(11, 23, "08:41"), "11月23日(周一) 08:41，已超过1小时"),
        (at(11, 20, "17:30"), "11月20日(周五) 17:30，已超过1个工作日"),
        (at(11, 22, "17:30"), "11月22日(周日) 17:30，已超过1个工作日"),
        (datetime(2027, 1, 4, 12, 0, tzinfo=ZONE), "2027年1月4日(周一) 12:00，还有42天"),
    ],
)
def test_people_are_told_how_far_a_due_time_is(moment: datetime, told: str) -> None:
    assert explain(moment, NOW, CALENDAR) == told


def test_over_a_weekend_without_a_working_day_the_distance_is_in_days() -> None:
    assert explain(at(11, 29, "12:00"), at(11, 27, "18:00"), CALENDAR) == "11月29日(周日) 12:00，还有2天"


@given(PIECES | st.text(max_size=40), MOMENTS)
def test_nothing_anybody_types_is_more_than_bad_input_and_what_is_read_lies_ahead(words: str, now: datetime) -> None:
    try:
        found = read_due(words, now, CALENDAR)
    except BadInput:
        return
    assert found.moment > now
    assert found.moment <= datetime(2027, 1, 1, tzinfo=ZONE)
    assert found.reading


@given(MOMENTS, st.integers(1, 20))
def test_counted_working_days_are_that_many(now: datetime, count: int) -> None:
    try:
        moment = read_due(f"{count}个工作日内", now, CALENDAR).moment
    except BadInput:
        return
    today = now.astimezone(ZONE).date()
    after = [today + timedelta(days=number + 1) for number in range((moment.date() - today).days)]

    assert moment.time() == DAY_END
    assert sum(map(CALENDAR.is_workday, after)) == count
    assert CALENDAR.is_workday(moment.date())


@given(MOMENTS, st.sampled_from("一二三四五六日"))
def test_a_weekday_is_that_weekday_within_a_week(now: datetime, weekday: str) -> None:
    try:
        moment = read_due(f"周{weekday}下班前", now, CALENDAR).moment
    except BadInput:
        return
    assert "一二三四五六日"[moment.weekday()] == weekday
    assert moment - now <= timedelta(days=7)


@given(MOMENTS, st.integers(1, 400 * 60))
def test_an_earlier_due_time_lies_between_now_and_the_upper_one(now: datetime, minutes: int) -> None:
    upper = now + timedelta(minutes=minutes)
    try:
        earlier = earlier_due(upper, now, CALENDAR)
    except BadInput:
        assert upper.astimezone(ZONE).year == 2027
        return
    assert now < earlier < upper
