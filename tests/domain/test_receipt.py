"""收到 in its many spellings, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.receipt import LONGEST, Receipt, is_politeness, read_receipt

CLEAR = [
    "收到", "已收到", "收到。", "收到！", "收到了", "已经收到", "已收悉", "收悉", "好的收到", "好的，收到",
    "收到，谢谢", "收到,谢谢！", "收到 谢谢领导", "收到~", "收到～～", "云山县收到", "县文旅局收到",
    "云山县文旅局 收到", "云山县：收到", "云山县-张三 收到", "收到（云山县）", "收到，云山县",
    "市发改委已收到，谢谢", "张三收到", "通知收到", "约稿收到", "材料已收到", "收到，马上办",
    "收到，我们按时报送", "收到，抓紧落实", "收到，认真落实，谢谢", "签收", "已签收", "已阅", "知悉", "已知悉",
    "收到收到", "好的好的，收到，辛苦了", "@信息科 收到", "@吴科员 云山县收到", "收到👌", "收到🙏", "[收到]",
    "收 到", "Roger", "收到[抱拳]", "收到，请领导放心", "收到 ok",
    "好的，云山县收到", "好的，云山县收到，谢谢", "二中收到", "十二师收到", "第12局收到", "12局已收到，谢谢",
    "收到，第8师", "101医院收到", "1中收到", "四〇四队收到", "３中队收到",
]  # fmt: skip

BRIEF = [
    "1", "１", "111", "好", "好的", "好的，谢谢", "OK", "ok", "Ok！", "嗯", "嗯嗯", "👌", "👍🏻", "🆗", "👌👌",
    "明白", "明白了", "知道了", "了解", "没问题", "[OK]", "/OK", "[强]", "是", "好嘞", "+1", "马上办，好的",
    "1，谢谢", "[赞]", "[点赞]", "[敬礼]", "[抱拳]", "[握手]", "🤝", "[抱拳][抱拳]", "好的[抱拳]",
]  # fmt: skip

NEITHER = [
    "还没收到", "没收到", "没有收到", "未收到", "收到了吗", "收到了吗？", "收到请回复", "请收到的同志回复",
    "谁收到了", "大家收到了吗", "是否收到", "收到后请回复", "能收到吗", "怎么收到", "收不到", "再收到",
    "等收到", "明天可以", "材料好了", "2", "12", "今天开会吗", "云山县", "谢谢", "辛苦了", "🙏", "。。。", "",
    "   ", "张三：好的", "不行", "没问题吗", "收到的单位请接龙", "未收到的请说一声", "报送收到多少条",
    "还有哪些单位没收到", "谢谢[抱拳]", "3家收到", "5人收到", "第12局没收到", "好的，第12局没收到", "第12局", "12局",
    "1小时内收到", "1家收到",
]  # fmt: skip


@pytest.mark.parametrize("text", CLEAR)
def test_whoever_says_it_was_read_has_received_it(text: str) -> None:
    assert read_receipt(text) == Receipt("", True)


@pytest.mark.parametrize("text", BRIEF)
def test_a_brief_word_is_a_receipt_that_may_mean_something_else(text: str) -> None:
    assert read_receipt(text) == Receipt("", False)


@pytest.mark.parametrize("text", NEITHER)
def test_what_denies_asks_or_says_more_is_none(text: str) -> None:
    assert read_receipt(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("收到约18", "约18"),
        ("收到 约18", "约18"),
        ("约18收到", "约18"),
        ("#约18 收到", "#约18"),
        ("收到 #约18#", "#约18#"),
        ("收到约稿18号，谢谢", "约稿18号"),
        ("云山县收到约 2026-018", "约 2026-018"),
        ("约2026年18号 已收到", "约2026年18号"),
    ],
)
def test_a_number_says_which_one_was_received(text: str, number: str) -> None:
    assert read_receipt(text) == Receipt(number, True)


@pytest.mark.parametrize("text", ["谢谢", "辛苦了，谢谢领导", "好的", "收到", "🙏", "。", "", "  ", "感谢！"])
def test_politeness_wants_no_answer(text: str) -> None:
    assert is_politeness(text)


@pytest.mark.parametrize(
    "text",
    ["你好", "您好！", "老师好", "/收到", "怎么报送？", "我的得分", "没收到", "约18", "明天可以", "好的？", "云山县"],
)
def test_everything_else_does(text: str) -> None:
    assert not is_politeness(text)


def test_a_greeting_before_it_is_no_matter() -> None:
    assert read_receipt("老师好，收到") == Receipt("", True)


@given(st.text(max_size=2 * LONGEST))
def test_anything_can_be_looked_at(text: str) -> None:
    found = read_receipt(text)
    assert found is None or is_politeness(text)


@given(st.text(alphabet="收到好的了1嗯谢云山县已马上报送约，。 ", max_size=LONGEST))
def test_no_mixture_of_such_words_takes_long(text: str) -> None:
    read_receipt(text)
