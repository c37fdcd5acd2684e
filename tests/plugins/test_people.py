"""Who is who, as the office and the people themselves say it."""

from __future__ import annotations

import re

import pytest

from storage import audit
from storage.engine import Tx
from tests.support.stage import GROUP, OFFICE, Stage

STRANGER = "29999"
CODE = re.compile(r"绑定码：(\w{4}-\w{4})")


async def code_for(stage: Stage, name: str) -> str:
    """The office asks for a code in private."""
    (answer,) = await stage.say("吴科员", f"/绑定码 {name}")
    found = CODE.search(answer.text)
    assert found, answer.text
    return found[1]


async def said(stage: Stage, who: str, text: str, group: str = "") -> str:
    """The one answer somebody gets."""
    (answer,) = await stage.say(who, text, group)
    return answer.text


async def test_the_office_issues_a_code_and_the_reporter_binds_a_second_account_with_it(stage: Stage) -> None:
    code = await code_for(stage, "张三")
    answer = await said(stage, STRANGER, f"/绑定 {code}")
    assert "张三您好，绑定好了：云山县，信息员" in answer
    assert "/报送 标题" in answer
    receipt = await said(stage, STRANGER, "/报送 春耕备耕进展顺利\n截至3月10日，全县春耕面积过半。", GROUP)
    assert receipt.startswith("收到 2026-0001")


async def test_a_code_that_was_asked_for_in_a_group_comes_in_private_only(stage: Stage) -> None:
    heard = await stage.say("吴科员", "/绑定码 张三", OFFICE)
    assert {h.to: bool(CODE.search(h.text)) for h in heard} == {"吴科员": True, OFFICE: False}


async def test_a_code_is_kept_as_a_hash_only(stage: Stage) -> None:
    code = await code_for(stage, "张三")
    rows = await stage.store.read(lambda tx: tx.all("SELECT * FROM bind_code") + tx.all("SELECT * FROM audit"))
    assert code not in str(rows)


async def test_binding_works_in_a_group_and_however_the_code_is_written(stage: Stage) -> None:
    code = await code_for(stage, "张三")
    assert "绑定好了" in await said(stage, STRANGER, f"／绑定　{code.replace('-', '－').lower()}", GROUP)
    assert "绑定好了" in await said(stage, "29998", f"/绑定 {(await code_for(stage, '王五')).replace('-', '')}")


async def test_a_code_works_once(stage: Stage) -> None:
    code = await code_for(stage, "张三")
    await stage.say(STRANGER, f"/bind {code}")
    assert "已经用过了" in await said(stage, "29998", f"/bind {code}")


async def test_a_new_code_ends_the_one_before(stage: Stage) -> None:
    old, new = await code_for(stage, "张三"), await code_for(stage, "张三")
    assert "过期了或已作废" in await said(stage, STRANGER, f"/绑定 {old}")
    assert "绑定好了" in await said(stage, STRANGER, f"/绑定 {new}")


async def test_a_code_is_good_for_seven_days(stage: Stage) -> None:
    code = await code_for(stage, "张三")
    stage.clock.forward(days=7)
    assert "过期了" in await said(stage, STRANGER, f"/绑定 {code}")


async def test_after_five_wrong_codes_an_account_has_to_wait_an_hour(stage: Stage) -> None:
    code = await code_for(stage, "张三")
    for left in (4, 3, 2, 1, 0):
        assert f"还可以试 {left} 次" in await said(stage, STRANGER, "/绑定 AAAA3333")
    assert "请过一小时再试" in await said(stage, STRANGER, f"/绑定 {code}")
    assert "绑定好了" in await said(stage, "29998", f"/绑定 {await code_for(stage, '王五')}")
    stage.clock.forward(hours=1, seconds=1)
    assert "绑定好了" in await said(stage, STRANGER, f"/绑定 {code}")


async def test_nothing_of_a_wrong_code_is_kept(stage: Stage) -> None:
    await stage.say(STRANGER, "/绑定 WQXY7777")
    tables = ("told", "audit", "bind_code", "inbox")
    rows = await stage.store.read(lambda tx: [tx.all(f"SELECT * FROM {table}") for table in tables])
    assert "WQXY7777" not in str(rows)


async def test_an_account_that_is_bound_is_told_to_whom(stage: Stage) -> None:
    code = await code_for(stage, "张三")
    assert "已经绑定给王五（清河区）" in await said(stage, "王五", f"/绑定 {code}")
    assert "绑定好了" in await said(stage, STRANGER, f"/绑定 {code}")


async def test_binding_without_a_code_is_told_where_to_get_one(stage: Stage) -> None:
    assert "请向信息科要一个" in await said(stage, STRANGER, "/绑定")


@pytest.mark.parametrize("words", ["/绑定码 王五", "/解绑 王五", "/交接 王五 张三", "/名册 云山县"])
async def test_a_reporter_may_not_keep_the_roster(stage: Stage, words: str) -> None:
    assert "没有“" in await said(stage, "张三", words)


async def test_a_name_nobody_has_is_answered_with_the_nearest(stage: Stage) -> None:
    assert "您是不是想写：周科长" in await said(stage, "吴科员", "/绑定码 周科员长")


async def test_the_administrator_may_issue_codes_too(stage: Stage) -> None:
    assert CODE.search(await said(stage, "管理员", "/绑定码 张三 云山"))


async def test_unbinding_ends_the_account_tells_its_owner_and_keeps_the_history(stage: Stage) -> None:
    heard = await stage.say("吴科员", "/解绑 张三 云山县")
    assert {h.to for h in heard} == {"张三", "吴科员"}
    assert "QQ 20001" in next(h.text for h in heard if h.to == "吴科员")
    assert "您的账号还没有登记" in await said(stage, "张三", "/报送 标题\n正文正文正文正文")
    rows = await stage.store.read(
        lambda tx: tx.all("SELECT ended_because FROM account WHERE account = '20001' AND valid_to_ms > 0")
    )
    assert rows == [("unbound by person:2",)]


async def test_a_reporter_who_leaves_hands_open_items_to_the_successor(stage: Stage) -> None:
    await stage.say("张三", "/报送 春耕备耕进展顺利\n截至3月10日，全县春耕面积过半。", GROUP)

    heard = await stage.say("吴科员", "/交接 张三 钱八")

    told = {h.to: h.text for h in heard}
    assert set(told) == {"张三", "钱八", "吴科员"}
    assert "交接给钱八" in told["张三"]
    assert "转给您的信息有 1 条：2026-0001" in told["钱八"]
    assert "云山县：张三 → 钱八，今天起生效" in told["吴科员"]
    assert "2026-0001" in told["吴科员"]
    assert "张三已离开名册" in told["吴科员"]
    assert "您的账号还没有登记" in await said(stage, "张三", "/我是谁")
    assert "云山县：信息员B角、信息员" in await said(stage, "钱八", "/我是谁")
    author = await stage.store.read(lambda tx: tx.all("SELECT author_id FROM item"))
    assert author == [(10,)]
    assert await stage.store.read(audit.first_break) is None


async def test_a_successor_from_elsewhere_gets_the_post_and_is_asked_to_bind(stage: Stage) -> None:
    await stage.say("吴科员", "/解绑 孙七")
    (farewell, answer) = await stage.say("吴科员", "/交接 张三 孙七 云山")
    assert farewell.to == "张三"
    assert "请发“/绑定码 孙七”" in answer.text
    assert "孙七 信息员" in await said(stage, "吴科员", "/名册 云山县")


async def test_somebody_with_another_post_keeps_the_account(stage: Stage) -> None:
    await stage.store.run(
        lambda tx: tx.run(
            "INSERT INTO post (person_id, unit_id, role, valid_from) VALUES (5, 2, '分管领导', '2026-01-01')"
        )
    )
    answer = (await stage.say("吴科员", "/交接 张三 钱八"))[-1].text
    assert "张三还有其他角色，账号保留" in answer
    assert "云山县：分管领导" in await said(stage, "张三", "/我是谁")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/交接 张三", "请写上两个姓名"),
        ("/交接 张三 张三", "同一个人"),
        ("/交接 李副 钱八", "不是信息员"),
        ("/交接 张三 钱八 清河区", "清河区的张三"),
        ("/交接 张三 新来的", "名册里还没有的人"),
    ],
)
async def test_a_handover_that_cannot_be_is_answered_and_changes_nothing(stage: Stage, words: str, answer: str) -> None:
    assert answer in await said(stage, "吴科员", words)
    assert "云山县：信息员" in await said(stage, "张三", "/我是谁")


async def test_everybody_can_ask_who_they_are_and_the_phone_is_masked(stage: Stage) -> None:
    answer = await said(stage, "张三", "/whoami", GROUP)
    assert answer == "您是张三。\n云山县：信息员\n账号：QQ 20001\n手机：138****0005"


async def test_the_roster_of_a_unit_shows_who_is_bound_and_what_is_missing(stage: Stage) -> None:
    await stage.say("吴科员", "/解绑 王五")
    answer = await said(stage, "吴科员", "/名册 清河", OFFICE)
    assert answer == "清河区人民政府（县区，县（市、区））\n王五 信息员 138****0007 未绑定\n缺分管领导"


async def test_the_section_somebody_works_in_is_shown_where_it_is_known(stage: Stage) -> None:
    def settle(tx: Tx) -> None:
        tx.run("INSERT INTO section (id, unit_id, name, valid_from) VALUES (1, 2, '办公室', '2026-01-01')")
        tx.run("UPDATE post SET section_id = 1 WHERE person_id = 5")

    await stage.store.run(settle)
    assert "\n云山县办公室：信息员\n" in await said(stage, "张三", "/我是谁")
    assert "\n张三 办公室 信息员 138****0005 已绑定" in await said(stage, "吴科员", "/名册 云山县", OFFICE)


async def test_the_roster_shows_the_holes_of_the_whole_net(stage: Stage) -> None:
    answer = await said(stage, "周科长", "/名册")
    assert "共 4 个报送单位" in answer
    assert "没有信息员的单位：无" in answer
    assert "没有分管领导的单位 3：清河区、市发改委、市文旅局" in answer


async def test_a_roster_asked_for_among_reporters_comes_in_private(stage: Stage) -> None:
    heard = await stage.say("吴科员", "/名册 云山县", GROUP)
    assert [h.to for h in heard if "李副" in h.text] == ["吴科员"]
