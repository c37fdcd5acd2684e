"""What a bulletin says: every figure counted, nothing said about nothing, and the proof that text and tables agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.board_layout import Layout
from domain.bulletin import Bulletin, balanced, write_bulletin
from domain.bulletin_marks import Mark
from domain.bulletin_parts import Brief, Zeros, text_of
from domain.bulletin_proof import prove
from domain.snapshot import Snapshot, UnitRow
from reports.layouts import STANDARD, layout_named, layout_names
from tests.reports.snapshots import BRIEF, OCTOBER, city, snapshot, unit

LAYOUT = layout_named(STANDARD)


def bulletin(frozen: Snapshot, brief: Brief = BRIEF, layout: Layout = LAYOUT) -> Bulletin:
    return write_bulletin(frozen, brief, layout)


def said(written: Bulletin, key: str = "") -> str:
    """The text of a section by its key, or of the opening."""
    if not key:
        return "".join(map(text_of, written.opening))
    return "".join(text_of(one) for section in written.sections if section.key == key for one in section.paragraphs)


def headings(written: Bulletin) -> list[str]:
    return [section.heading for section in written.sections]


def test_the_opening_gives_the_figures_and_holds_them_against_earlier_ones() -> None:
    assert said(bulletin(city())) == (
        "2026年10月，共收到各单位报送信息46条，采用20条，采用率43.5%。"
        "其中，县（市、区）报送34条、采用16条，重点部门报送12条、采用4条。"
        "按刊物和批示统计，《每日要情》采用11条，《云山政务信息》采用7条，《省政府政务信息》采用1条，《国办信息》采用1条，"
        "获市领导批示1条。"
        "与上月相比，报送增加4条，采用减少2条；与上年同期相比，报送减少4条，采用增加2条。"
        "现将有关情况通报如下："
    )


def test_without_earlier_figures_nothing_is_compared() -> None:
    text = said(bulletin(replace(city(), whole={"period": {}, "year": {}})))
    assert "相比" not in text


def test_equal_figures_are_level_and_not_zero_more() -> None:
    text = said(bulletin(replace(city(), whole={"previous": {"submitted": 46, "adopted": 20}})))
    assert "与上月相比，报送量持平，采用量持平。" in text


def test_a_quarter_is_compared_with_the_quarter_before() -> None:
    text = said(bulletin(replace(city(), code="2026Q3", label="2026年三季度")))
    assert text.startswith("2026年三季度，共收到")
    assert "与上季度相比" in text


def test_a_clause_about_nothing_is_dropped() -> None:
    frozen = snapshot({"县": [unit(1, "甲县", 3, MRYQ=1)], "部门": [unit(2, "乙局", 2)]})
    assert said(bulletin(frozen)) == (
        "2026年10月，共收到各单位报送信息5条，采用1条，采用率20.0%。其中，县报送3条、采用1条，部门报送2条。"
        "按刊物和批示统计，《每日要情》采用1条。现将有关情况通报如下："
    )


def test_joint_items_are_explained_because_sums_count_them_for_each_unit() -> None:
    period = {"submitted": 46, "adopted": 20, "items.submitted": 44, "items.adopted": 20}
    assert "采用率43.5%。多个单位联合报送的信息，分别计入各单位。" in said(
        bulletin(replace(city(), whole={"period": period}))
    )


def test_a_single_class_is_not_named_beside_the_whole() -> None:
    assert "其中" not in said(bulletin(snapshot({"县": [unit(1, "甲县", 3, MRYQ=1)]})))


def test_a_month_in_which_nobody_sent_anything_is_said_in_a_line() -> None:
    written = bulletin(snapshot({"县": [unit(1, "甲县", 0)]}), replace(BRIEF, demands=(), zeros="none", tasks={}))
    assert said(written) == "2026年10月，各单位没有报送信息，也没有信息被采用。现予通报。"
    assert written.sections == ()
    assert written.annexes == ("县2026年10月政务信息报送采用情况表",)


def test_a_period_without_any_class_still_makes_a_bulletin() -> None:
    written = bulletin(snapshot({}), replace(BRIEF, demands=()))
    assert written.annexes == ()
    assert prove(snapshot({}), written).faults == 0


def test_late_adoptions_in_a_silent_month_give_no_rate() -> None:
    frozen = snapshot({"县": [unit(1, "甲县", 0, MRYQ=1)]})
    assert said(bulletin(frozen)).startswith("2026年10月，各单位没有报送信息，采用此前报送的信息1条。")


def test_the_best_of_each_class_are_praised_with_those_level_with_them() -> None:
    text = said(bulletin(city(), replace(BRIEF, praise=2)), "表扬")
    assert text == "县（市、区）：云山县采用8条，清河区、临江市各采用4条；重点部门：市发改委采用4条。以上单位予以表扬。"


def test_who_had_nothing_used_is_not_praised() -> None:
    assert said(bulletin(snapshot({"县": [unit(1, "甲县", 9)]})), "表扬") == ""


@pytest.mark.parametrize(
    ("zeros", "text"),
    [
        ("name", "本月未报送信息的单位有2个：县（市、区）的石桥县；重点部门的市文旅局。"),
        ("count", "本月未报送信息的单位有2个。"),
        ("none", ""),
    ],
)
def test_units_that_sent_nothing_are_named_counted_or_passed_over(zeros: Zeros, text: str) -> None:
    written = bulletin(city(), replace(BRIEF, zeros=zeros))
    assert said(written, "零报送") == text
    assert ("占33.3%" in said(written, "问题")) is (zeros != "none")


def test_the_share_that_met_its_task_leaves_out_who_is_exempt() -> None:
    assert said(bulletin(city()), "任务") == (
        "有报送任务的6个单位中，完成任务的2个，占33.3%，未完成任务的4个，占66.7%。"
    )


def test_problems_are_only_what_the_figures_show() -> None:
    frozen = snapshot({"县": [unit(1, "甲县", 3, MRYQ=1), unit(2, "乙县", 4), unit(3, "丙县", 2)]})
    assert said(bulletin(frozen), "问题") == "（一）信息质量不高。乙县、丙县等2个单位报送6条，均未被采用。"
    assert said(bulletin(snapshot({"县": [unit(1, "甲县", 3, MRYQ=1)]})), "问题") == ""


def test_headings_are_numbered_without_a_gap() -> None:
    frozen = snapshot({"县": [unit(1, "甲县", 3, MRYQ=1), unit(2, "乙县", 0)]})
    written = bulletin(frozen, replace(BRIEF, tasks={}))
    assert headings(written) == [
        "一、报送采用较好的单位", "二、未报送信息的单位", "三、存在的问题", "四、工作要求",
    ]  # fmt: skip


def test_without_ranks_nobody_is_praised_and_units_stand_as_in_the_roster() -> None:
    frozen = snapshot({"县": [unit(1, "甲县", 1, MRYQ=1), unit(2, "乙县", 9, MRYQ=5)]})
    written = bulletin(frozen, replace(BRIEF, ranks=False))
    assert said(written, "表扬") == ""
    (table,) = written.tables
    assert all(column.kind != "rank" for column in table.columns)
    assert [row[0].text for row in table.rows] == ["甲县", "乙县"]


def test_words_in_braces_in_a_name_are_only_words() -> None:
    frozen = snapshot({"{县}": [unit(1, "{0}甲", 3, MRYQ=1), unit(2, "{x", 0)], "乙": [unit(3, "丙}", 1)]})
    layout = layout_named("dazhou-year")
    assert "{县}：{0}甲采用1条" in said(bulletin(frozen, layout=layout), "表扬")


def test_an_item_bears_the_first_mark_that_fits_and_the_legend_names_what_occurs() -> None:
    listing = bulletin(city()).listing
    assert listing is not None
    assert listing.legend_words == "●国家级刊物采用；★获领导批示；○省级刊物采用"
    (counties, (first, *_)), _ = listing.classes
    assert (counties, first.heading) == ("县（市、区）", "云山县（8条）")
    assert first.numbered[0].endswith("（《每日要情》第200期）★")


def test_an_item_used_twice_is_one_line_under_each_of_its_units() -> None:
    frozen = city()
    use = replace(frozen.adopted[0], number="7", title="联合", units=("云山县", "清河区", "外市"), instructed=())
    frozen = replace(frozen, adopted=(use, replace(use, journal="SXX", level="province", issue="第9期")))
    listing = bulletin(frozen, replace(BRIEF, marks=(Mark("◆", "两级采用", ("SXX",), ("city",)),))).listing
    assert listing is not None
    lines = [(unit.unit, unit.numbered) for _, units in listing.classes for unit in units]
    shared = ("1.联合（《每日要情》第200期、《省政府政务信息》第9期）◆",)
    assert lines == [("云山县", shared), ("清河区", shared), ("外市", shared)]
    assert listing.classes[-1][0] == "其他单位"


def test_the_title_is_broken_where_words_end_and_its_lines_are_even() -> None:
    assert bulletin(city()).title == ("云山市人民政府办公室关于2026年10月份", "政务信息报送及采用情况的通报")
    assert bulletin(city(), replace(BRIEF, title="通报\n第二行")).title == ("通报", "第二行")


def test_a_piece_wider_than_a_line_stands_alone() -> None:
    assert balanced(("长" * 30, "短"), 20) == ("长" * 30, "短")


@pytest.mark.parametrize("name", layout_names())
def test_every_figure_agrees_with_the_tables_in_every_layout(name: str) -> None:
    written = bulletin(city(), layout=layout_named(name))
    proof = prove(city(), written)
    assert [one for one in proof.figures if not one.agrees] == []
    assert proof.faults == 0


def test_a_figure_that_is_not_in_the_tables_is_found() -> None:
    written = bulletin(city())
    first, *others = written.tables
    (cells, *rows) = first.rows
    wrong = replace(first, rows=((*cells[:2], replace(cells[2], value=17), *cells[3:]), *rows))
    proof = prove(city(), replace(written, tables=(wrong, *others)))
    assert {one.figure.what for one in proof.figures if not one.agrees} == {"报送条数", "县（市、区）报送条数"}
    assert [one.column for one in proof.columns if not one.agrees] == ["报送"]
    assert proof.faults == 3


def _units(counts: Sequence[tuple[int, int, int]], first: int) -> list[UnitRow]:
    return [
        unit(first + at, f"单位{chr(0x7532 + at)}", sent, MRYQ=used, SXX=up)
        for at, (sent, used, up) in enumerate(counts)
    ]


_ZEROS: some.SearchStrategy[Zeros] = some.sampled_from(("name", "count", "none"))
_COUNTS = some.lists(some.tuples(some.integers(0, 9), some.integers(0, 5), some.integers(0, 2)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(_COUNTS, _COUNTS, some.integers(0, 4), _ZEROS, some.integers(0, 60))
def test_whatever_happened_every_number_in_the_text_is_a_counted_figure(
    counties: list[tuple[int, int, int]], offices: list[tuple[int, int, int]], praise: int, zeros: Zeros, before: int
) -> None:
    frozen = snapshot(
        {"县": _units(counties, 1), "局": _units(offices, 50)},
        whole={"previous": {"submitted": before, "adopted": before // 3}},
    )
    written = bulletin(frozen, replace(BRIEF, praise=praise, zeros=zeros, tasks={"县": 3}, demands=()))
    assert prove(frozen, written).faults == 0
    for sentence in (*written.opening, *(one for section in written.sections for one in section.paragraphs)):
        words = "".join(part for part in sentence if isinstance(part, str))
        assert not re.search(r"\d", words.replace(frozen.label, ""))
        assert "0条" not in re.sub(r"\d0条", "", text_of(sentence))


def test_the_day_and_the_board_of_the_sample_are_of_october() -> None:
    assert (city().first, city().last) == OCTOBER
    assert bulletin(city()).remark.startswith("注：数据截至2026年11月2日10:00，校验码")
