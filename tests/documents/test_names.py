"""File names as they come, as people see them, and as a title of last resort."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.names import safe_name, title_from_name

TITLE = "云山县抓好秋粮收购"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("秋粮收购.docx", "秋粮收购.docx"),
        ("C:\\用户\\张三\\秋粮收购.docx", "秋粮收购.docx"),
        ("../../etc/秋粮.txt", "秋粮.txt"),
        ("秋粮\u202excod.exe", "秋粮xcod.exe"),
        ("秋\n粮\t\x00收购\x1b[31m.docx", "秋 粮 收购[31m.docx"),
        ("秋粮\ud800.docx", "秋粮.docx"),
        ("", "未命名文件"),
        ("/", "未命名文件"),
        ("长" * 200 + ".docx", "长" * 74 + "….docx"),
        ("长" * 200, "长" * 79 + "…"),
    ],
)
def test_a_file_name_is_shown_without_path_control_characters_or_length(sent: str, shown: str) -> None:
    assert safe_name(sent) == shown


@pytest.mark.parametrize(
    "name",
    [
        f"{TITLE}.docx",
        f"{TITLE}.DOC",
        f"{TITLE}终稿2(1).docx",
        f"{TITLE}（最终版）.wps",
        f"{TITLE}-副本(2).docx",
        f"{TITLE} - 副本.docx",
        f"副本-{TITLE}.docx",
        f"{TITLE}20261102.pdf",
        f"20261102{TITLE}.pdf",
        f"2026-11-02 {TITLE} v2.docx",
        f"11.2{TITLE}.docx",
        f"{TITLE}（11月2日）.docx",
        f"{TITLE}改3.docx",
        f"【信息报送】{TITLE}.docx",
        f"附件1：{TITLE}.docx".replace("：", "_"),
        f"1.{TITLE}【定稿】.docx",
    ],
)
def test_a_file_name_loses_what_clings_to_the_title(name: str) -> None:
    assert title_from_name(name) == TITLE


@pytest.mark.parametrize(
    "name",
    [
        "终稿2(1).docx",
        "最终版.docx",
        "新建 Microsoft Word 文档.docx",
        "新建文本文档 (2).txt",
        "文档1.docx",
        "Document1.docx",
        "20261102.docx",
        "1.docx",
        "信息.doc",
        "",
    ],
)
def test_a_file_name_that_says_nothing_is_no_title(name: str) -> None:
    assert title_from_name(name) == ""


@pytest.mark.parametrize(
    "title", ["云山县狠抓整改", "云山县推进数据创新", "关于机构改革情况的报告", "前三季度增长6.2%"]
)
def test_words_that_only_look_like_versions_stay(title: str) -> None:
    assert title_from_name(f"{title}.docx") == title


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_name_is_short_printable_and_never_empty(name: str) -> None:
    shown = safe_name(name)
    assert 1 <= len(shown) <= 80
    assert shown.isprintable()
    assert safe_name(shown) == shown
    shown.encode("utf-8")
