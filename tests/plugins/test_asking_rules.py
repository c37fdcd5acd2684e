"""`/rules` and `/journals`, as people ask and read them."""

from __future__ import annotations

import pytest

from tests.plugins.asking_stories import lines, only
from tests.support.stage import GROUP, Stage


async def test_the_measure_in_force_is_listed_article_by_article(stage: Stage) -> None:
    text = only(await stage.say("张三", "/规则", GROUP), GROUP)
    assert lines(text)[:2] == ["《云山市政务信息工作考评办法（样例）》", "自2026年1月1日起施行，共16条："]
    assert "第十三条 同一信息被两种以上刊物采用的，累加计分。" in lines(text)
    assert all(len(line) <= 40 for line in lines(text))


@pytest.mark.parametrize("words", ["/规则 第八条", "/规则第八条", "/办法 8", "/rules 八"])
async def test_an_article_is_found_by_its_number(stage: Stage, words: str) -> None:
    text = only(await stage.say("张三", words), "张三")
    assert text.startswith("第八条 被国务院办公厅刊物采用的，每篇40分；其中被专报采用的，每篇80分。")
    assert text.endswith("——《云山市政务信息工作考评办法（样例）》，自2026年1月1日起施行")


async def test_an_article_is_found_by_a_word_in_it(stage: Stage) -> None:
    text = only(await stage.say("张三", "/规则 联合报送"), "张三")
    assert text.startswith("第十二条 两个以上单位联合报送的信息")


async def test_many_articles_are_shortened_and_the_rest_is_named(stage: Stage) -> None:
    text = only(await stage.say("张三", "/规则 采用"), "张三")
    assert "（全条103字，发“/规则 第六条”看全文）" in text
    assert "还有5条提到：第十条、第十一条、第十三条、第十四条、第十五条。" in text


async def test_a_word_that_no_article_has_is_answered_with_how_to_ask(stage: Stage) -> None:
    text = only(await stage.say("张三", "/规则 火星"), "张三")
    assert "没有找到含“火星”的条文" in text
    assert "共16条" in text
    assert len(only(await stage.say("张三", "/规则 " + "长" * 3000), "张三")) < 200


async def test_before_any_measure_is_in_force_that_is_said(stage: Stage) -> None:
    stage.clock.forward(days=-365)
    await stage.store.run(lambda tx: tx.run("UPDATE person SET valid_from = '2025-01-01'"))
    assert "没有找到现在施行的考评办法" in only(await stage.say("张三", "/规则"), "张三")


async def test_journals_are_listed_with_level_forms_and_what_people_call_them(stage: Stage) -> None:
    text = only(await stage.say("张三", "/刊物"), "张三")
    assert "《每日要情》市级，单条、简讯、综合；也叫要情、日报、市要情、市每日要情" in lines(text)
    assert len(lines(text)) == 11
