"""A commission written in one message, sorted into its fields."""

from __future__ import annotations

import pytest

from domain.commission import Source
from domain.errors import BadInput
from services.commissions.brief import (
    Brief,
    PartBrief,
    from_answers,
    read_brief,
    read_length,
    read_part,
    read_source,
    read_upper,
)

MESSAGE = """来源：省办  类别：专题  字数：1500  主题：乡村振兴
要求：一、写清面积和进度；
二、有问题有建议。
时间：周五下班前
单位：全部县区，除临江县
1. 发改局牵头、粮储局参加：价格走势 800字 周四前
2、农业农村局：收储进度"""


def test_a_message_is_sorted_by_its_labels() -> None:
    brief = read_brief("全市夏粮收购情况", MESSAGE)
    assert brief == Brief(
        topic="全市夏粮收购情况",
        requirement="一、写清面积和进度；\n二、有问题有建议。",
        class_name="专题",
        length="1500",
        source="省办",
        theme="乡村振兴",
        due="周五下班前",
        units="全部县区，除临江县",
        parts="发改局牵头、粮储局参加：价格走势 800字 周四前\n农业农村局：收储进度",
    )
    assert from_answers(brief.as_answers() | {"draft": "7"}) == brief


def test_a_line_without_a_label_is_the_requirement() -> None:
    brief = read_brief("夏粮", "请写清面积。\n截止：明天\n也写清价格。")
    assert (brief.requirement, brief.due) == ("请写清面积。\n也写清价格。", "明天")


def test_numbered_lines_of_a_requirement_are_no_parts_unless_they_say_who() -> None:
    brief = read_brief("夏粮", "要求：\n1. 数据：要准\n2. 发改局牵头：价格\n时间：明天")
    assert (brief.requirement, brief.parts, brief.due) == ("1. 数据：要准", "发改局牵头：价格", "明天")
    assert read_brief("夏粮", "要求：要准\n分解：\n1. 发改局：价格").parts == "发改局：价格"


def test_fields_may_stand_on_the_titles_line() -> None:
    brief = read_brief("夏粮收购 时间：周五 单位：云山县 急：是", "")
    assert (brief.topic, brief.due, brief.units, brief.urgent) == ("夏粮收购", "周五", "云山县", "是")


@pytest.mark.parametrize(
    ("title", "body", "off_chat", "urgent"),
    [
        ("【OA】", "时间：周五", "是", ""),
        ("【急】夏粮", "", "", "是"),
        ("夏粮", "不在群内：是", "是", ""),
        ("夏粮", "紧急程度：平件\n不在群内：否", "", ""),
        ("夏粮", "紧急程度：特急", "", "是"),
    ],
)
def test_flags_are_words_in_the_title_or_fields(title: str, body: str, off_chat: str, urgent: str) -> None:
    brief = read_brief(title, body)
    assert (brief.off_chat, brief.urgent) == (off_chat, urgent)


def test_a_flag_that_is_neither_yes_nor_no_is_asked_about() -> None:
    with pytest.raises(BadInput, match="“急：也许”看不懂"):
        read_brief("夏粮", "急：也许")


def test_what_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(BadInput, match="标题有 101 个字，太长了（不超过 100 字）"):
        read_brief("长" * 101, "")
    with pytest.raises(BadInput, match="要求有 2001 个字"):
        read_brief("夏粮", "要求：" + "长" * 2001)


@pytest.mark.parametrize(
    ("words", "upper", "source"),
    [
        ("省办", "", Source.PROVINCE),
        ("国务院办公厅", "", Source.STATE),
        ("市长", "", Source.CITY),
        ("", "", Source.OFFICE),
        ("", "省办约2026-33 12月4日下班前", Source.PROVINCE),
    ],
)
def test_who_wants_it_is_said_or_follows_from_the_upper_number(words: str, upper: str, source: Source) -> None:
    assert read_source(words, upper) is source


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("省办约2026-33 12月4日下班前", ("省办约2026-33", "12月4日下班前")),
        ("12月4日下班前", ("", "12月4日下班前")),
        ("下周三", ("", "下周三")),
        ("国办督23号 周五", ("", "国办督23号 周五")),
        ("国办约稿〔2026〕8", ("国办约稿〔2026〕8", "")),
        ("", ("", "")),
    ],
)
def test_the_upper_demand_has_a_number_and_a_due_time(words: str, read: tuple[str, str]) -> None:
    assert read_upper(words) == read


def test_an_unknown_source_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="国办、省办、市领导、本办"):
        read_source("县里", "")


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("发改局牵头、粮储局参加：价格走势 800字 周四前", PartBrief("发改局", "粮储局", "价格走势", "800字", "周四前")),
        ("市发改委、市粮储局牵头：价格走势", PartBrief("市发改委、市粮储局", "", "价格走势", "", "")),
        ("云山县、清河区：典型做法 明天下班前", PartBrief("", "云山县、清河区", "典型做法", "", "明天下班前")),
        ("云山县负责:典型 做法 1000字左右", PartBrief("云山县", "", "典型 做法", "1000字左右", "")),
    ],
)
def test_a_line_of_a_decomposition_tells_who_what_how_long_until_when(line: str, part: PartBrief) -> None:
    assert read_part(line) == part


@pytest.mark.parametrize("line", ["：价格走势", "发改局牵头：", "发改局牵头"])
def test_a_part_without_units_or_angle_is_answered_with_an_example(line: str) -> None:
    with pytest.raises(BadInput, match="请这样写：1"):
        read_part(line)


def test_a_bare_number_is_so_many_characters() -> None:
    assert [read_length(said) for said in ("1500", "1500字以内", "", "一页纸")] == [
        "1500字",
        "1500字以内",
        "",
        "一页纸",
    ]
