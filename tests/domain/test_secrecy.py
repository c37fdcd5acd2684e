"""What is stopped at the door, what passes it, and what is hidden before it is shown."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.secrecy import (
    IDENTITY_RULE,
    SecrecyHit,
    has_identity_number,
    load_screen,
)

DATA = Path(__file__).parents[2] / "domain/data/secrecy.toml"
SCREEN = load_screen()
# Built by the standard's own rule; belongs to nobody (the region 110101 with the serial number 000).
NUMBER = "110101199003070003"
CHATTER = "今年以来，云山县坚持把优化营商环境作为头号工程，全县新增经营主体1137户，同比增长12.4%。"


def examples(kind: str) -> list[tuple[str, str]]:
    rules = tomllib.loads(DATA.read_text(encoding="utf-8"))["rules"]
    return [(rule["id"], text) for rule in rules for text in rule[kind]]


def identity_number(region: str, born: date, serial: int) -> str:
    """A valid number, by the sum of GB 11643-1999 written down independently of the code under test."""
    body = f"{region}{born:%Y%m%d}{serial:03}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    check = (1 - total) % 11
    return body + ("X" if check == 10 else str(check))


NUMBERS = st.builds(
    identity_number,
    st.sampled_from(["110101", "533000", "654325", "810000"]),
    st.dates(date(1900, 1, 1), date(2026, 11, 23)),
    st.integers(0, 999),
)
SPACED = st.builds(
    lambda number, gaps: "".join(a + b for a, b in zip(number, [*gaps, ""], strict=True)),
    NUMBERS,
    st.lists(st.sampled_from(["", "", "", " ", "　", "\u200b", "-", " -"]), min_size=17, max_size=17),
)


@pytest.mark.parametrize(("rule", "text"), examples("stops"))
def test_a_marked_message_is_stopped_by_its_rule(rule: str, text: str) -> None:
    for message in (text, f"{CHATTER}\n{text}\n{CHATTER}"):
        hit = SCREEN.check(message)

        assert hit is not None
        assert hit.rule == rule


@pytest.mark.parametrize(("_rule", "text"), examples("passes"))
def test_ordinary_prose_passes(_rule: str, text: str) -> None:
    assert SCREEN.check(text) is None
    assert SCREEN.check(f"{CHATTER}\n{text}。{CHATTER}") is None


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"张三，身份证号码：{NUMBER}，电话13800001234",
        f"1 {NUMBER} 13800001234",
        "110101 19900307 0003",
        "110101-19900307-0003",
        "1101 0119 9003 0700 03",
        "１１０１０１１９９００３０７０００３",
        "11010119900307\u200b0003",
        "11010119900307002X",
        "11010119900307002ｘ",
    ],
)
def test_a_valid_identity_number_is_stopped(text: str) -> None:
    hit = SCREEN.check(text)

    assert hit is not None
    assert (hit.rule, hit.name) == (IDENTITY_RULE, "居民身份证号码")


@pytest.mark.parametrize(
    "text",
    [
        "110101199003070004",  # wrong check
        "990101199003070003",  # no such region
        identity_number("110101", date(1990, 3, 7), 0).replace("19900307", "19901307"),  # no such month
        "91110101MA01ABCD2X",  # a company's code
        "2110101199003070003",  # nineteen digits
        "1101011990030700031",
        "2026年1月至10月，完成1101户，同比增长12.4%，其中2025年1990户",
        "6222 0202 0001 2345 678",
    ],
)
def test_other_long_numbers_pass(text: str) -> None:
    assert SCREEN.check(text) is None


def test_a_hit_names_the_rule_and_nothing_of_the_message() -> None:
    hit = SCREEN.check("关于赵某某的报告\n机密★10年")

    assert hit == SecrecyHit("grade-mark", "密级标志")
    assert repr(hit) == "SecrecyHit(rule='grade-mark', name='密级标志')"


def test_an_offices_own_file_replaces_the_rules_but_not_the_identity_numbers(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[rules]]\nid = "own"\nname = "本地刊物"\nwords = ["云山A参"]\n', encoding="utf-8")
    screen = load_screen(own)

    assert screen.check("云 山Ａ参") == SecrecyHit("own", "本地刊物")
    assert screen.check("机密★") is None
    assert screen.check(NUMBER) is not None


def test_a_file_without_rules_still_stops_identity_numbers(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("rules = []", encoding="utf-8")

    assert load_screen(own).check("机密★") is None
    assert load_screen(own).check(NUMBER) is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rules = ", "不是有效的 TOML"),
        ("rule = []", "应只含 [[rules]]"),
        ("rules = [1]", "应写成 [[rules]]"),
        ('[[rules]]\nid = "a"\nname = "甲"\nwords = []', "规则 a 的 words"),
        ('[[rules]]\nid = "a"\nname = "甲"\nwords = [""]', "规则 a 的 words"),
        ('[[rules]]\nid = "a"\nwords = ["甲"]', "每条规则都要有 name"),
        ('[[rules]]\nid = "a"\nname = "甲"\nwords = ["甲"]\npatterns = ["("]', "规则 a 的 patterns 不是"),
        ('[[rules]]\nid = "a"\nname = "甲"\nwords = ["甲"]\npattern = "甲"', "不认识的键 pattern"),
    ],
)
def test_a_faulty_file_is_refused_with_its_fault(text: str, told: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")

    with pytest.raises(BadInput) as caught:
        load_screen(own)

    assert "保密规则文件有误" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["密" * 200_000, "机 " * 200_000, "1 1" * 200_000, "秘密" + "！" * 300_000 + "甲", "【机密" * 100_000],
    ids=["one character", "a gap each", "digits apart", "punctuation", "brackets"],
)
def test_a_message_built_to_keep_the_screen_busy_is_done_with_soon(text: str) -> None:
    SCREEN.check(text)


@given(SPACED)
def test_every_valid_number_is_stopped_however_it_is_spaced(number: str) -> None:
    assert has_identity_number(number)
    assert SCREEN.check(f"姓名 {number} 住址") is not None


@given(st.text(st.characters()))
def test_no_text_upsets_the_screen(text: str) -> None:
    SCREEN.check(text)
