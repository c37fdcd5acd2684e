"""The fields around an item's text, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.headings import Headings, read_form, read_kind, read_people, take_headings

TEXT = "截至3月10日，全县春耕面积过半。\n下一步，将抓好田间管理。"


def test_fields_above_and_below_the_text_are_taken_out() -> None:
    written = f"报送单位：云山县、市发改委\n类型：问题\n\n{TEXT}\n撰稿：张三\n签发：李局长\n联系电话：13800000000"
    headings, body = take_headings(written)
    assert body == TEXT
    assert headings == Headings(
        units=("云山县", "市发改委"), kind="问题", writer="张三", signer="李局长", phone="13800000000"
    )


def test_several_fields_on_one_line_and_labels_pulled_apart_are_read() -> None:
    headings, body = take_headings(f"{TEXT}\n撰　稿：张三　　签  发: 李局长；电话：0571-88888888")
    assert body == TEXT
    assert (headings.writer, headings.signer, headings.phone) == ("张三", "李局长", "0571-88888888")


@pytest.mark.parametrize(
    "tail",
    [
        "\n（市文旅局 张三 13800000000）",
        "(市文旅局 张三 13800000000)",
        "（市文旅局 张三，电话：138 0000 0000）",
        "\n(市文旅局　张三　13800000000)\n",
    ],
)
def test_the_signature_in_brackets_is_taken_out(tail: str) -> None:
    headings, body = take_headings(TEXT + tail)
    assert body == TEXT
    assert headings.writer == "市文旅局 张三"
    assert headings.phone.replace(" ", "") == "13800000000"


def test_fields_in_brackets_are_read_too() -> None:
    headings, body = take_headings(f"{TEXT}（撰稿：张三 签发：李局长）")
    assert (headings.writer, headings.signer, body) == ("张三", "李局长", TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "全县（约3月）过半（含复种）",
        "会上提出三点要求（张三）",
        "第一段。\n联系电话：13800000000\n第二段。",
        "作者：" + "长" * 61,
        "参加单位：三个县区",
        "审核：王五",
    ],
)
def test_what_only_looks_like_a_field_stays_in_the_text(text: str) -> None:
    assert take_headings(text) == (Headings(), text)


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("要点：3", "3"),
        ("报送要点：3、5", "3、5"),
        ("【要点】3", "3"),
        ("撰稿：张三 要点：3", "3"),
        ("要点: 12 ", "12"),
    ],
)
def test_a_key_point_is_a_field_if_it_is_a_number(line: str, points: str) -> None:
    for written in (f"{line}\n{TEXT}", f"{TEXT}\n{line}\n签发：李局长"):
        headings, body = take_headings(written)
        assert (headings.points, body) == (points, TEXT)


@pytest.mark.parametrize("line", ["要点：一是抓好田间管理", "要点：3项任务全部完成", "要点：", "要点：2026年春耕"])
def test_what_else_stands_behind_the_word_is_text(line: str) -> None:
    assert take_headings(f"{line}\n{TEXT}") == (Headings(), f"{line}\n{TEXT}")


def test_a_field_that_is_not_kept_stays_and_hides_none_above_it() -> None:
    headings, body = take_headings(f"{TEXT}\n撰稿：张三\n审核：王五\n电话：13800000000")
    assert body == f"{TEXT}\n审核：王五"
    assert (headings.writer, headings.phone) == ("张三", "13800000000")


def test_the_word_for_body_is_no_part_of_it() -> None:
    headings, body = take_headings(f"标题：春耕\n正文：{TEXT}")
    assert (headings.title, body) == ("春耕", TEXT)


def test_an_empty_field_of_a_form_is_taken_out_and_says_nothing() -> None:
    assert take_headings(f"{TEXT}\n签发：\n约稿：") == (Headings(), TEXT)


def test_of_a_field_written_twice_the_first_counts() -> None:
    headings, _ = take_headings(f"撰稿：张三\n{TEXT}\n撰稿：李四")
    assert headings.writer == "张三"


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("张三 李局长 13800000000", ("张三", "李局长", "13800000000")),
        ("张三、李局长", ("张三", "李局长", "")),
        ("13800000000", ("", "", "13800000000")),
        ("撰稿：张三\n电话：13800000000", ("张三", "", "13800000000")),
        ("签发：李局长\n张三", ("张三", "李局长", "")),
        ("", ("", "", "")),
    ],
)
def test_people_are_read_in_any_writing(written: str, people: tuple[str, str, str]) -> None:
    read = read_people(written)
    assert (read.writer, read.signer, read.phone) == people


@pytest.mark.parametrize("written", ["张三 李四 王五 赵六", "我" * 30, " " * 100_000])
def test_what_cannot_be_people_is_answered_with_an_example(written: str) -> None:
    with pytest.raises(BadInput, match="张三 李局长"):
        read_people(written)


@pytest.mark.parametrize(
    ("word", "kind"), [("问题建议类", "问题"), ("工作动态", "动态"), ("紧急", "紧急"), ("经验做法", "经验"), ("", "")]
)
def test_kinds_are_read_from_the_words_people_use(word: str, kind: str) -> None:
    assert read_kind(word) == kind


def test_an_unknown_kind_or_form_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="动态、经验、问题、建议、反馈、紧急"):
        read_kind("其他")
    with pytest.raises(BadInput, match="单条、简讯、综合、调研"):
        read_form("线上线下结合")


_LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["撰稿：张三", "审核：王五", "（市文旅局 张三 13800000000）", "", "正文：第一段", "类型：问题 形式：调研"]
        ),
        st.text(alphabet="撰稿签发电话：:（）()13 8，。\u3000", max_size=30),
    ),
    max_size=12,
)


@given(_LINES)
def test_whatever_is_written_nothing_is_lost_but_fields(lines: list[str]) -> None:
    text = "\n".join(lines)
    headings, body = take_headings(text)
    kept = iter(text)
    assert all(letter in kept for letter in body), "the body is what was written, in the same order"
    assert all(len(value) <= 60 for value in (headings.writer, headings.signer, headings.phone))


@given(_LINES)
def test_a_text_without_its_tail_fields_has_none_left_there(lines: list[str]) -> None:
    _, body = take_headings("首段。\n" + "\n".join(lines))
    if body.startswith("首段。\n"):
        assert take_headings(body)[1] == body


@given(st.text(alphabet="全县春耕进展顺利，。\n", max_size=200))
def test_a_text_without_fields_is_left_as_it_is(text: str) -> None:
    assert take_headings(text) == (Headings(), text.strip("\n"))
