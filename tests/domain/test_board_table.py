"""Every layout and habit found in real bulletins (facts: domain §4.2, §4.3): figures in, that table out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count

import pytest

from domain.board_layout import Layout, parse_layout
from domain.board_table import Table, months_of, table_of, tables_of
from domain.snapshot import ClassBoard, JournalName, Snapshot, UnitRow
from reports.layouts import layout_named

NOVEMBER = (date(2018, 11, 1), date(2018, 11, 30))
_IDS = count(1)


def unit(
    name: str, period: Mapping[str, int], year: Mapping[str, int] | None = None, rank: int | None = None, note: str = ""
) -> UnitRow:
    """A unit; without figures of the year, the period's are the year's."""
    return UnitRow(next(_IDS), name, name, rank, False, period, period if year is None else year, note)


def board(
    *rows: UnitRow,
    span: tuple[date, date] = NOVEMBER,
    label: str = "2018年11月份",
    journals: Sequence[JournalName] = (),
    name: str = "各单位",
    categories: Sequence[str] = (),
) -> Snapshot:
    """A snapshot of one class."""
    classes = (ClassBoard(name, rows),)
    return Snapshot("x", label, *span, 0, "市政府办公室", (), tuple(journals), tuple(categories), classes, {})


def tabled(snapshot: Snapshot, layout: str | Layout) -> Table:
    known = layout_named(layout) if isinstance(layout, str) else layout
    return table_of(snapshot, snapshot.classes[0], known)


def heading(table: Table) -> list[str]:
    """The headings line by line as they stand on paper: `<` belongs to the cell on its left, `^` to the one above."""
    lines = [["?"] * len(table.columns) for _ in range(table.depth)]
    for cell in table.head:
        for line in range(cell.line, cell.line + cell.lines):
            for place in range(cell.place, cell.place + cell.places):
                assert lines[line][place] == "?", "two headings in one place"
                lines[line][place] = "^" if line > cell.line else "<" if place > cell.place else cell.text
    return [" ".join(line) for line in lines]


def body(table: Table) -> list[str]:
    return [" ".join(cell.text or "·" for cell in row) for row in table.rows]


def test_nanchang_lists_journals_and_instructions_by_level_and_numbers_the_rows_by_the_year() -> None:
    journals = (
        JournalName("MRYQ", "每日要情", "city"), JournalName("NCZW", "南昌政务", "city"),
        JournalName("SMRYQ", "每日要情", "province"), JournalName("JXZW", "江西政务", "province"),
        JournalName("GB", "国办信息", "state"),
    )  # fmt: skip
    east = unit(
        "东湖区",
        {"adopted.journal.MRYQ": 3, "instruction.level.city": 1, "adopted.journal.JXZW": 2, "adopted.level.state": 1,
         "points.category.加减分": 200, "points": 4350},
        {"points": 30050},
    )  # fmt: skip
    west = unit("西湖区", {"adopted.journal.NCZW": 1, "points": 500}, {"points": 30050})
    south = unit("青云谱区", {}, {"points": 31000})
    table = tabled(board(east, west, south, journals=journals), "nanchang-month")
    assert table.title == "2018年11月份各单位信息采用得分情况"
    assert heading(table) == [
        "单位 市级 < < 省级 < < 国办 < 本月加分 本月得分 上月累计 累计得分 排名情况",
        "^ 每日要情 南昌政务 领导批示 每日要情 江西政务 领导批示 信息 领导批示 ^ ^ ^ ^ ^",
    ]
    assert body(table) == [
        "青云谱区 · · · · · · · · · 0 310 310 1",
        "东湖区 3 · 1 · 2 · 1 · 2 43.5 257 300.5 2",
        "西湖区 · 1 · · · · · · · 5 295.5 300.5 3",
    ]


def test_jiangxi_prints_each_month_as_sent_and_used_and_leaves_months_to_come_empty() -> None:
    months = {f"submitted.month.{month}": month + 9 for month in (1, 2, 3)}
    year = {**months, "adopted.month.3": 5, "submitted": 33, "adopted": 5}
    first, second = unit("南昌县", {}, year), unit("进贤县", {}, {})
    snapshot = board(first, second, span=(date(2018, 1, 1), date(2018, 4, 30)), name="南昌市")
    table = tabled(snapshot, "jiangxi-year")
    assert heading(table) == ["设区市 机构 1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月 上报总数 采用总数"]
    assert body(table) == [
        "南昌市 南昌县 10/0 11/0 12/5 0/0 · · · · · · · · 33 5",
        "南昌市 进贤县 0/0 0/0 0/0 0/0 · · · · · · · · 0 0",
    ]
    assert [row[0].lines for row in table.rows] == [2, 0]


HUOLINGUOLE = (
    JournalName("PF", "普发", "county"), JournalName("WX", "微信公众号", "county"), JournalName("CY", "参阅", "county"),
    JournalName("TL", "通辽信息", "city"),
)  # fmt: skip


def test_huolinguole_puts_a_level_its_running_points_and_noughts_and_names_who_sent_nothing() -> None:
    first = unit(
        "发改局",
        {"submitted": 12, "adopted.journal.PF": 4, "adopted.journal.CY": 1, "commissioned": 1, "upward.level.city": 6,
         "adopted.level.city": 2, "points": 2200},
        {"submitted": 20, "points.level.county": 1500, "points.level.city": 1000, "points": 3450},
    )  # fmt: skip
    snapshot = board(
        first, unit("民政局", {}), unit("司法局", {}),
        span=(date(2018, 1, 1), date(2018, 2, 28)), label="2018年1-2月份", journals=HUOLINGUOLE,
    )  # fmt: skip
    table = tabled(snapshot, "huolinguole-month")
    assert table.title == "2018年1-2月份政务信息报送采用情况统计表"
    assert heading(table) == [
        "单位 报送条数 累计条数 市本级 < < < < 累计得分 通辽市采用 累计得分 自治区采用 累计得分 得分 累计得分",
        "^ ^ ^ 普发 微信公众号 参阅 约稿 上报 ^ ^ ^ ^ ^ ^ ^",
    ]
    assert body(table) == ["发改局 12 20 4 0 1 1 6 15 2 10 0 0 22 34.5"]
    assert (table.apart_title, table.apart) == ("零报送单位", ("民政局", "司法局"))


def test_who_sent_nothing_but_has_a_late_adoption_stays_in_the_table() -> None:
    late = unit("民政局", {"adopted.journal.PF": 1, "points": 300})
    table = tabled(board(late, unit("司法局", {}), journals=HUOLINGUOLE), "huolinguole-month")
    assert [row[0].text for row in table.rows] == ["民政局"]
    assert table.apart == ("司法局",)


def test_tongzhou_heads_its_columns_in_three_lines_and_leaves_counts_blank_but_not_points() -> None:
    first = unit(
        "绿化科",
        {"submitted": 9, "adopted": 6, "adopted.journal.BJDT.form.一句话": 2, "adopted.journal.BJDT.form.综合": 1,
         "adopted.journal.BJDT.form.独立": 2, "adopted.journal.SLB.form.独立": 1, "points.category.报送分": 900,
         "points.category.采用分": 2750, "points": 3650},
        {"submitted": 70, "points": 20000},
    )  # fmt: skip
    late = unit("资源科", {"points.category.采用分": 600, "points": 600}, {"submitted": 3, "points": 900})
    table = tabled(board(first, late), "tongzhou-month")
    assert heading(table) == [
        "单位 本月报送 全年累计报送 采用 < < < < < < 报送分数 采用分数 本月分数 累计分数",
        "^ ^ ^ 条数 本局动态 < 区级两办 < 市级两办 < ^ ^ ^ ^",
        "^ ^ ^ ^ 一句话·综合 独立 一句话·综合 独立 一句话·综合 独立 ^ ^ ^ ^",
    ]
    assert body(table) == [
        "绿化科 9 70 6 3 2 · · · 1 9 27.5 36.5 200",
        "资源科 · 3 · · · · · · · 0 6 6 9",
    ]


def test_dazhou_prints_equal_units_one_under_the_other_without_ranks_more_local_items_first() -> None:
    rows = (
        unit("渠县", {"adopted.level.city": 40, "adopted.level.province": 3, "points": 26400}, rank=1),
        unit("达县", {"adopted.level.city": 52, "points": 26400}, rank=1),
        unit("万源市", {}, rank=3),
    )
    table = tabled(board(*rows, span=(date(2010, 1, 1), date(2010, 12, 31)), label="2010年"), "dazhou-year")
    assert heading(table) == ["单位 市政府办采用 省政府办采用 得分"]
    assert body(table) == ["达县 52 · 264", "渠县 40 3 264", "万源市 · · 0"]


def test_zhalantun_says_the_months_above_the_points_and_counts_every_superior() -> None:
    rows = (
        unit("教育局", {"adopted.level.county": 5, "points.level.county": 1500, "adopted.level.city": 1,
             "adopted.level.state": 1, "points.level.city": 800, "points.level.state": 4000, "points": 6300}, rank=1),
        unit("体育局", {}, rank=2),
    )  # fmt: skip
    snapshot = board(*rows, span=(date(2023, 1, 1), date(2023, 3, 31)), label="2023年一季度")
    table = tabled(snapshot, "zhalantun-quarter")
    assert heading(table) == ["排名 单位 本级采用 < 上级采用 < 1-3月得分", "^ ^ 条数 得分 条数 得分 ^"]
    assert body(table) == ["1 教育局 5 15 2 48 63", "2 体育局 0 0 0 0 0"]


def test_xining_rates_have_one_decimal_and_the_rate_of_who_sent_nothing_is_a_plain_nought() -> None:
    rows = (
        unit("财政局", {"submitted": 3, "adopted": 0}),
        unit("审计局", {"submitted": 7, "adopted": 4}),
        unit("信访局", {}),
    )
    table = tabled(board(*rows), "xining-rate")
    assert heading(table) == ["序号 单位 报送数 采纳数 采纳率"]
    assert body(table) == ["1 审计局 7 4 57.1%", "2 财政局 3 0 0.0%", "3 信访局 0 0 0"]
    assert " ".join(cell.text for cell in table.sums) == " 合计 10 4 40.0%"


def test_the_third_quarter_of_jilin_ends_when_the_office_says_so() -> None:
    rows = (unit("商务局", {"submitted": 9, "adopted": 2, "points": 1100}, rank=1), unit("外办", {}, rank=2))
    snapshot = board(*rows, span=(date(2020, 7, 1), date(2020, 10, 9)), label="2020年三季度")
    table = tabled(snapshot, "jilin-quarter")
    assert table.title == "2020年三季度政务信息工作情况（7月1日至10月9日）"
    assert heading(table) == ["排名 单位 本季度报送 本季度采用 本季度得分"]
    assert (body(table), table.apart) == (["1 商务局 9 2 11"], ("外办",))


def test_wenxian_joins_equal_units_in_one_clause_from_many_down_to_one() -> None:
    counts = {"发改委": 1, "祥云镇": 4, "教育局": 4, "黄河街道": 7, "供电公司": 1, "河务局": 0, "招贤乡": 4}
    snapshot = board(*(unit(name, {"adopted": number}) for name, number in counts.items()))
    table = tabled(snapshot, "wenxian-clause")
    assert table.clause == "黄河街道7条，祥云镇、教育局、招贤乡各4条，发改委、供电公司各1条"
    assert (table.rows, table.head) == ((), ())


def test_a_clause_of_nobody_is_empty() -> None:
    assert tabled(board(unit("河务局", {})), "wenxian-clause").clause == ""


def test_equal_units_share_a_rank_and_who_is_not_ranked_says_why() -> None:
    rows = (
        unit("甲县", {"points": 900}, rank=1),
        unit("乙县", {"points": 500}, rank=2),
        unit("丙县", {"points": 500}, rank=2),
        unit("丁县", {}, rank=4),
        unit("戊区", {"points": 800}, note="免考评"),
        unit("己区", {}),
    )
    table = tabled(board(*rows), "scoreboard")
    assert [row[0].text for row in table.rows] == ["1", "2", "2", "4", "免考评", "—"]


def test_the_standard_annex_has_a_column_for_each_level_with_journals_and_each_kind_of_points() -> None:
    row = unit(
        "甲县",
        {"submitted": 4, "adopted": 2, "adopted.level.city": 2, "points.category.采用分": 600, "points": 600},
        {"submitted": 40, "adopted": 20, "points": 6600},
        rank=1,
    )
    journals = (JournalName("A", "每日要情", "city"), JournalName("B", "省信息", "province"))
    table = tabled(board(row, journals=journals, categories=("报送分", "采用分"), name="县（市、区）"), "standard")
    assert table.title == "县（市、区）2018年11月份政务信息报送采用情况表"
    assert heading(table) == [
        "排名 单位 报送 采用 刊用条次 < 采用率 本期得分 < < 全年累计 < <",
        "^ ^ ^ ^ 市级 省级 ^ 报送分 采用分 合计 报送 采用 得分",
    ]
    assert body(table) == ["1 甲县 4 2 2 · 50.0% · 6 6 40 20 66"]
    assert " ".join(cell.text or "·" for cell in table.sums) == "· 合计 4 2 2 · 50.0% · 6 6 40 20 66"


def test_figures_bear_their_values_for_whoever_calculates_on() -> None:
    table = tabled(board(unit("甲县", {"submitted": 3, "adopted": 2, "points": 750}, rank=1)), "scoreboard")
    assert [cell.value for cell in table.rows[0]] == [1, None, 750, 3, 2, 6666]


def layout_of(zero: str) -> Layout:
    column = '[[column]]\nheading = ["数"]\n'
    return parse_layout(
        f'title = "表"\nzero = "{zero}"\n{column}figure = "adopted"\n{column}figure = "points"\n'
        f'{column}kind = "pair"\nfigure = "submitted"\nsecond = "adopted"\n'
        f'{column}kind = "rate"\nfigure = "adopted"\nsecond = "submitted"\n'
    )


@pytest.mark.parametrize(("zero", "line"), [("0", "0 0 0/0 0"), ("blank", "· · · ·"), ("dash", "— — — —")])
def test_a_nought_is_written_as_the_place_is_used_to(zero: str, line: str) -> None:
    assert body(tabled(board(unit("甲县", {})), layout_of(zero))) == [line]


def test_points_below_zero_are_printed_and_added_up() -> None:
    layout = parse_layout(
        'title = "表"\nsums = "合计"\n[[column]]\nheading = ["单位"]\nkind = "unit"\n'
        '[[column]]\nheading = ["得分"]\nfigure = "points"\n'
    )
    table = tabled(board(unit("甲县", {"points": -1000}), unit("乙县", {"points": 25})), layout)
    assert body(table) == ["甲县 -10", "乙县 0.25"]
    assert [cell.text for cell in table.sums] == ["合计", "-9.75"]


def test_there_is_one_table_per_class_that_has_units() -> None:
    full, empty = ClassBoard("县区", (unit("甲县", {}),)), ClassBoard("部门", ())
    snapshot = Snapshot("x", "2018年", *NOVEMBER, 0, "", (), (), (), (full, empty), {})
    assert [len(table.rows) for table in tables_of(snapshot, layout_named("xining-rate"))] == [1]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "11月"),
        (date(2026, 1, 1), date(2026, 2, 28), "1-2月"),
        (date(2020, 7, 1), date(2020, 10, 9), "7月1日至10月9日"),
    ],
)
def test_months_are_named_as_bulletins_name_them(first: date, last: date, said: str) -> None:
    assert months_of(first, last) == said


def test_where_ranks_are_not_shown_the_order_does_not_tell_them_either() -> None:
    first, second, third = unit("甲县", {"points": 100}), unit("乙县", {"points": 900}), unit("丙县", {"points": 500})
    table = tabled(board(second, third, first), "scoreboard-unranked")
    assert heading(table) == ["单位 报送 采用 采用率 得分"]
    assert [row[0].text for row in table.rows] == ["甲县", "乙县", "丙县"]
