"""Where the title stands, in submissions as people write them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.title import split_title

FILE = "终稿2(1).docx"
TITLE = "云山县多措并举抓好秋粮收购"
BODY = "近日，云山县组织粮食、交通等部门抓好秋粮收购，结算做到当日清，群众满意度持续提升。"


def find_title(lines: Sequence[str], file_name: str) -> tuple[str, str]:
    parts = split_title(lines, file_name)
    return parts.title, "\n".join(parts.body)


def title_of(*lines: str, file_name: str = FILE) -> str:
    return find_title(lines, file_name)[0]


def test_the_first_line_is_the_title_and_the_rest_the_body() -> None:
    assert find_title([TITLE, "", BODY, "（云山县 张三）"], FILE) == (TITLE, f"{BODY}\n（云山县 张三）")


@pytest.mark.parametrize(
    "masthead",
    [
        "【信息报送】",
        "政务信息",
        "政 务 信 息",
        "云山县政务信息",
        "（工作简报）",
        "报送单位：云山县",
        "报送单位： 市文旅局    报送人：张三",
        "签发：李四",
        "日期：2026年11月2日",
        "2026年11月2日",
        "2026-11-02",
        "二〇二六年十一月二日",
        "第12期",
        "第十二期",
        "（第12期）",
        "2026年第12期（总第300期）",
        "政务信息〔2026〕第12期",
        "云政办信〔2026〕12号",
        "云山县人民政府办公室  2026年11月2日",
        "密级：",
        "市政府办公室：",
        "附件1",
        "特急",
        "——————",
        "★★★",
        "000123",
        "张三",
    ],
)
def test_a_masthead_above_the_title_is_passed_over(masthead: str) -> None:
    parts = split_title([masthead, "　", TITLE, BODY], FILE)
    assert (parts.title, parts.above, parts.body) == (TITLE, [masthead], [BODY])


@pytest.mark.parametrize(
    "line",
    [
        f"标题：{TITLE}",
        f"标 题: {TITLE}",
        f"【信息报送】{TITLE}",
        f"【信息报送】标题：{TITLE}",
        f"　　{TITLE}　",
    ],
)
def test_a_title_behind_its_label_is_taken_without_it(line: str) -> None:
    assert title_of("报送单位：云山县", line, BODY) == TITLE


@pytest.mark.parametrize(
    "title",
    [
        "市文旅局“三个强化”推进冬季旅游",
        "云山县：小板栗撬动大产业",
        "秋粮收购怎么样？云山县这样答",
        "云山县政务信息工作再创佳绩",
        "前三季度GDP增长6.2%",
        "关于2026年11月2日暴雨灾害的情况报告",
        "2026年三季度经济运行情况分析",
    ],
)
def test_titles_of_many_shapes_are_titles(title: str) -> None:
    assert title_of(title, BODY) == title


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("云山县人民政府关于抓好秋粮收购工作的", "情况报告"),
        ("关于云山县2026年秋粮收购", "有关情况的报告"),
        ("云山县聚焦“三个强化”工作机制", "全力推进秋粮颗粒归仓见实效"),
    ],
)
def test_a_title_broken_over_two_short_lines_is_joined(first: str, second: str) -> None:
    assert find_title([first, second, BODY], FILE) == (first + second, BODY)


@pytest.mark.parametrize(
    "second",
    [
        "云山县人民政府办公室",
        "（云山县 张三）",
        "——以青石镇为例的调查与思考",
        "一、主要做法和取得的成效",
        "主要做法",
        "2026年11月2日",
        "报送单位：云山县人民政府",
        BODY,
    ],
)
def test_what_follows_a_whole_title_is_not_joined_to_it(second: str) -> None:
    assert find_title([TITLE, second, BODY], FILE) == (TITLE, f"{second}\n{BODY}")


@pytest.mark.parametrize(
    "lines",
    [
        [BODY, "云山县办公室"],
        ["政务信息", BODY],
        ["一、基本情况", "秋粮收购进展顺利"],
        ["长" * 101, TITLE],
        ["近日，"],
    ],
    ids=["running text", "masthead and text", "a numbered heading", "a line too long", "half a sentence"],
)
def test_without_a_line_fit_for_a_title_the_file_name_serves_and_the_text_stays_whole(
    lines: list[str],
) -> None:
    assert find_title(lines, f"{TITLE}（终稿）.docx") == (TITLE, "\n".join(lines))


def test_with_a_file_name_that_says_nothing_the_first_words_serve() -> None:
    title, body = find_title([BODY], FILE)
    assert title == BODY[:29] + "…"
    assert body == BODY
    assert title_of("近日，云山县秋收结束。群众满意。") == "近日，云山县秋收结束"


def test_a_text_without_words_still_has_a_title() -> None:
    assert find_title(["——", "张三"], FILE) == ("无标题", "——\n张三")
    assert find_title([], FILE) == ("无标题", "")


def test_a_title_alone_has_an_empty_body() -> None:
    assert find_title([TITLE], FILE) == (TITLE, "")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=120), max_size=6), st.text(max_size=60))
def test_any_lines_give_a_title_of_one_to_a_hundred_characters(lines: list[str], file_name: str) -> None:
    title, _ = find_title(lines, file_name)
    assert 1 <= len(title) <= 100
    assert title.strip() == title
