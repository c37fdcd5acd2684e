"""A layout's file: what an office that prints another table may write, and what it is told when it errs."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.board_layout import LayoutFault, parse_layout, strangers
from domain.errors import BadInput, NotFound
from reports.layouts import layout_named, layout_names

UNIT = '[[column]]\nheading = ["单位"]\nkind = "unit"\n'


def column(said: str) -> str:
    return f'title = "表"\n{UNIT}[[column]]\n{said}\n'


@pytest.mark.parametrize("name", layout_names())
def test_every_layout_that_comes_with_the_program_reads(name: str) -> None:
    layout = layout_named(name)
    assert layout.title
    assert layout.columns or layout.joined


def test_a_layout_nobody_has_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"表格式样“chengdu”.*scoreboard"):
        layout_named("chengdu")


def test_an_office_may_have_layouts_of_its_own_and_change_ours(tmp_path: Path) -> None:
    (tmp_path / "yunshan.toml").write_text(f'title = "云山榜"\n{UNIT}', encoding="utf-8")
    (tmp_path / "standard.toml").write_text(f'title = "我们的附表"\n{UNIT}', encoding="utf-8")
    assert {"yunshan", "scoreboard", "standard"} < set(layout_names(tmp_path))
    assert layout_named("standard", tmp_path).title == "我们的附表"
    assert layout_named("standard").title != "我们的附表"


def test_a_fault_in_an_offices_own_file_names_the_file_and_the_key(tmp_path: Path) -> None:
    (tmp_path / "yunshan.toml").write_text(
        'title = "榜"\n[[column]]\nheading = ["数"]\nfigure = "得分"', encoding="utf-8"
    )
    with pytest.raises(BadInput, match=r"表格式样“yunshan.toml”写得不对：column\[1\].figure：写的是 '得分'"):
        layout_named("yunshan", tmp_path)


FAULTS = {
    "a title with a word that does not exist": (f'title = "{{mayor}}的表"\n{UNIT}', "title：", "{label}"),
    "a brace that is not closed": (f'title = "{{label"\n{UNIT}', "title：", "花括号成对"),
    "no columns at all": ('title = "表"', "column：写的是 （没有写）", "[joined]"),
    "a clause beside columns": (
        f'title = "表"\n{UNIT}[joined]\nfigure = "adopted"\nmeasure_word = "条"\n',
        "column",
        "只写一个",
    ),
    "a nought in a habit unknown": (f'title = "表"\nzero = "无"\n{UNIT}', "zero：写的是 '无'", "0、blank、dash"),
    "four levels of headings": (
        column('heading = ["一", "二", "三", "四"]\nfigure = "adopted"'),
        "column[2].heading",
        "一至3级",
    ),
    "a figure nobody counts": (
        column('heading = ["数"]\nfigure = "applauded"'),
        "column[2].figure",
        "submitted、adopted",
    ),
    "a level that does not exist": (
        column('heading = ["数"]\nfigure = "adopted.level.moon"'),
        "column[2].figure",
        "county、city",
    ),
    "items added to points": (column('heading = ["数"]\nfigure = "adopted + points"'), "column[2].figure", "不能相加"),
    "a rate of nothing": (column('heading = ["率"]\nkind = "rate"\nfigure = "adopted"'), "column[2].second", "分母"),
    "a count that is called points": (
        column('heading = ["数"]\nkind = "points"\nfigure = "adopted"'),
        "column[2].kind",
        "不用写",
    ),
    "a second figure without a first": (
        column('heading = ["数"]\nsecond = "adopted"'),
        "column[2].figure",
        "也要写 figure",
    ),
    "a column of nothing": (column('heading = ["数"]'), "column[2].kind：写的是 （没有写）", "rank"),
    "a key that is misspelt": (column('heading = ["数"]\nfigure = "adopted"\nzreo = "0"'), "column[2].zreo", "zero"),
    "a journal where none is repeated": (
        column('heading = ["{journal}"]\nfigure = "adopted"'),
        "column[2].heading",
        "{label}",
    ),
    "a journal in a figure where none is repeated": (
        column('heading = ["数"]\nfigure = "adopted.journal.{journal}"'),
        "column[2].figure",
        "没有",
    ),
    "an order by nothing": (f'title = "表"\norder = ["fame"]\n{UNIT}', "order：写的是 'fame'", "points"),
    "no TOML": ('title = "表', "（全文）", "TOML"),
}


@pytest.mark.parametrize(("text", "place", "allowed"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_names_the_key_and_what_is_allowed(text: str, place: str, allowed: str) -> None:
    with pytest.raises(LayoutFault) as caught:
        parse_layout(text)
    assert place in str(caught.value)
    assert allowed in str(caught.value)


def test_journals_a_layout_names_but_the_office_has_not_are_found() -> None:
    assert strangers(layout_named("tongzhou-month"), {"BJDT", "SLB"}) == ("QLB",)
    named = parse_layout(column('heading = ["{journal}"]\njournals = ["A", "B"]\nfigure = "adopted.journal.{journal}"'))
    assert strangers(named, {"A"}) == ("B",)
    assert strangers(layout_named("standard"), ()) == ()
