"""Cards on WeChat Work, seen by people: what they tap, what they are told, and what everybody's card shows then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.moment import to_ms
from services.commissions.issuing import issue
from services.office import Office
from storage import commission as commissions
from storage import ledger, roster
from storage.commission import NewAssignment, NewCommission
from storage.engine import Tx
from storage.outbox import Sending
from tests.bot.harness import onebot, until
from tests.bot.workchat_town import GROUP, Town, bind, town
from tests.peers.wecom import Script, World, refusing
from tests.peers.wecom.callbacks import reply_of_bot
from tests.support.stage import ACCOUNTS

# NoneBot's httpx driver hands cookies over in a way httpx means to give up.
pytestmark = pytest.mark.filterwarnings("ignore:Setting per-request cookies:DeprecationWarning")

HEAD, CLERK, REPORTER = "zhaozhuren", "lisi", "zhangsan"
AT_THE_DESK = {CLERK: 2}
"""吴科员 of the office is lisi on WeChat Work."""

ITEM = "报送 云山县春耕备耕进展顺利\n截至3月10日，全县已备足化肥农药，完成春耕整地八成。"
NAME = "2026-0001《云山县春耕备耕进展顺利》"
ABOUT = "云山县 张三 11-23 09:41　第1版\n选好刊物期号再点“采用”；不选也可以，点了以后再写。"


@pytest.fixture
async def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """All three identities, with one item on the desk."""
    async with town(tmp_path, monkeypatch, qq=onebot()) as played:
        await staff(played)
        yield played


async def staff(city: Town) -> None:
    """Both people of the desk are on WeChat Work, and 张三 has reported something."""
    await city.house.parts.store.run(bind, AT_THE_DESK)
    await city.house.parts.store.read(city.house.parts.directory.fill, city.house.clock.now().date())
    await city.service.say(REPORTER, ITEM, to=city.service.world.app)
    await city.told(REPORTER, "收到 2026-0001")


async def look(city: Town, *people: str, number: int = 1) -> None:
    """These people open an item in their chat with the app; its card follows the text."""
    for user in people:
        since = city.service.mark()
        await city.service.say(user, f"查看 {number}", to=city.service.world.app)
        await city.service.private_to(user, "[退回]", since=since)
    await settled(city)


async def settled(city: Town) -> None:
    """Wait until nothing is on its way any more."""
    parts = city.house.parts
    await until(lambda: not parts.gateway.busy and not parts.courier.busy)


def card(city: Town, user: str) -> str:
    """What somebody reads on their newest card."""
    return city.service.card_of(user).text_for(user)


async def shows(city: Town, user: str, line: str) -> None:
    """Wait until somebody's newest card shows this, and no button any more."""
    await until(lambda: line in card(city, user))
    assert city.service.card_of(user).buttons_for(user) == {} or city.service.card_of(user).via == "aibot"


async def told(city: Town, user: str, containing: str, *, since: int = 0) -> str:
    return (await city.service.private_to(user, containing, since=since)).text


async def points(city: Town) -> int:
    """What 云山县 has this November, in hundredths."""

    def read(tx: Tx) -> int:
        totals = ledger.totals(tx, ["2026-11"]).get(2)
        return totals.points if totals else 0

    return await city.house.parts.store.read(read)


async def adoptions(city: Town) -> int:
    def read(tx: Tx) -> int:
        row = tx.one("SELECT COUNT(*) FROM fact WHERE kind = 'adoption'")
        return int(row[0]) if row else 0

    return await city.house.parts.store.read(read)


async def adopt_another(city: Town) -> None:
    """The desk has already filled issue 128 today, so the card offers it and the next."""
    app = city.service.world.app
    await city.service.say(REPORTER, "报送 新稿 云山县招商引资开门红\n一季度签约项目九个。", to=app)
    await city.told(REPORTER, "收到 2026-0002")
    await city.service.say(CLERK, "采用 2 每日要情 128", to=app)
    await city.told(CLERK, "2026-0002《云山县招商引资开门红》：已收 → 已采用")


async def test_a_tap_adopts_an_item_and_everybody_s_card_shows_it(city: Town) -> None:
    await adopt_another(city)
    await look(city, HEAD, CLERK)
    before = await points(city)
    await city.service.press(HEAD, "采用", option="《每日要情》第129期")
    answer = await told(city, HEAD, f"{NAME}：已收 → 已采用")
    assert "《每日要情》第129期单条（11-23）\n云山县 +3 分" in answer
    await told(city, REPORTER, f"{NAME}被《每日要情》第129期单条（11-23）采用")
    assert await points(city) == before + 300
    for user in (HEAD, CLERK):
        await shows(city, user, "周科长 11-23 09:41 已采用")
        assert card(city, user).endswith("<已采用>")


async def test_the_first_tap_wins_and_a_second_one_learns_who_was_first(city: Town) -> None:
    await adopt_another(city)
    await look(city, HEAD, CLERK)
    city.service.faults.next("message/update_template_card", refusing(60140))
    city.service.faults.next("message/update_template_card", refusing(60140))
    await city.service.press(HEAD, "采用", option="《每日要情》第128期")
    await told(city, HEAD, f"{NAME}：已收 → 已采用")
    await settled(city)
    assert "[退回]" in card(city, CLERK)
    await city.service.press(CLERK, "不采用")
    said = await told(city, CLERK, "已经有结果了")
    assert said == f"{NAME}已经有结果了：已采用（周科长 11-23 09:41）。您这次点击没有改变什么。"
    await shows(city, CLERK, "<已采用>")
    await city.service.press(HEAD, "退回", stale=True)
    assert "已采用（您 11-23 09:41）" in await told(city, HEAD, "已经有结果了")
    await shows(city, HEAD, "<已采用>")
    assert await adoptions(city) == 2


async def test_rights_are_those_of_the_moment_of_the_tap(city: Town) -> None:
    await look(city, CLERK)
    await city.house.parts.store.run(lambda tx: tx.run("UPDATE post SET valid_to = '2026-11-22' WHERE person_id = 2"))
    since = city.service.mark()
    await city.service.press(CLERK, "退回")
    assert "您没有“/退回”的权限" in await told(city, CLERK, "权限", since=since)
    assert "[退回]" in card(city, CLERK)


async def test_a_tap_of_somebody_nobody_knows_is_answered_like_a_stranger_s_word(city: Town) -> None:
    await look(city, CLERK)
    await city.house.parts.store.run(lambda tx: tx.run("UPDATE account SET valid_to_ms = 1 WHERE account = 'lisi'"))
    await city.service.press(CLERK, "采用")
    assert "登记" in await told(city, CLERK, "绑定")
    assert await adoptions(city) == 0


async def test_what_is_typed_on_qq_settles_the_cards_on_wechat_work(city: Town) -> None:
    await look(city, HEAD)
    async with city.house.peer() as qq:
        await qq.say(int(ACCOUNTS["吴科员"]), "/不采用 1 上期已有同类信息")
        await qq.private_to(int(ACCOUNTS["吴科员"]), f"{NAME}：已收 → 不采用")
        await shows(city, HEAD, "吴科员 11-23 09:41 不采用")
        await qq.say(int(ACCOUNTS["吴科员"]), "/查看 1")
        shown = await qq.private_to(int(ACCOUNTS["吴科员"]), "不采用：上期已有同类信息")
        assert "办理：" not in shown.text


async def test_on_qq_the_item_says_what_to_type(city: Town) -> None:
    async with city.house.peer() as qq:
        await qq.say(int(ACCOUNTS["吴科员"]), "/查看 1")
        shown = await qq.private_to(int(ACCOUNTS["吴科员"]), NAME)
        assert shown.text.endswith("\n办理：/采用 1 刊物 期号；/退回 1 原因；/不采用 1 原因")


async def test_a_tap_that_is_delivered_twice_is_one_tap(city: Town) -> None:
    await adopt_another(city)
    await look(city, HEAD)
    spoken = await city.service.press(HEAD, "采用", option="《每日要情》第128期")
    await told(city, HEAD, f"{NAME}：已收 → 已采用")
    await settled(city)
    since = city.service.mark()
    await city.service.repeat(spoken)
    await city.service.silence()
    assert city.service.mark() == since
    assert await adoptions(city) == 2


async def test_a_return_asks_for_the_reason_and_takes_no_command_for_it(city: Town) -> None:
    app = city.service.world.app
    await look(city, HEAD, CLERK)
    await city.service.press(HEAD, "退回")
    assert await told(city, HEAD, "退回原因") == "请直接回复 2026-0001 的退回原因，报送人会收到。不退了请发“取消”。"
    await city.service.say(HEAD, "待办", to=app)
    assert "“待办”是命令，没有当作答复" in await told(city, HEAD, "没有当作")
    await city.service.say(HEAD, "请补充 资金来源", to=app)
    assert "已收 → 退回修改\n原因：请补充 资金来源" in await told(city, HEAD, "→ 退回修改")
    assert "原因：请补充 资金来源" in await told(city, REPORTER, "退回修改")
    await shows(city, HEAD, "周科长 11-23 09:41 退回修改")
    await shows(city, CLERK, "<退回修改>")
    await city.service.say(HEAD, "待办", to=app)
    await told(city, HEAD, "没有待处理的信息")


async def test_an_adoption_without_a_choice_asks_for_the_issue(city: Town) -> None:
    app = city.service.world.app
    await look(city, HEAD)
    assert card(city, HEAD) == f"{NAME}\n云山县 张三 11-23 09:41　第1版\n[采用]\n[退回]\n[不采用]"
    await city.service.press(HEAD, "采用")
    assert "请直接回复 2026-0001 采用的刊物和期号" in await told(city, HEAD, "刊物和期号")
    await city.service.say(HEAD, "每日要情 7", to=app)
    assert "《每日要情》第7期单条" in await told(city, HEAD, "→ 已采用")
    await shows(city, HEAD, "<已采用>")


async def test_a_question_is_given_up_by_a_word_or_by_time(city: Town) -> None:
    app = city.service.world.app
    await look(city, HEAD)
    await city.service.press(HEAD, "不采用")
    await told(city, HEAD, "不采用的原因")
    await city.service.say(HEAD, "取消", to=app)
    await told(city, HEAD, "好的，没有办理。")
    await city.service.press(HEAD, "退回")
    await told(city, HEAD, "退回原因")
    city.house.clock.forward(minutes=61)
    await city.service.say(HEAD, "明天再说", to=app)
    await told(city, HEAD, "等了太久，没有办理")
    assert "[退回]" in card(city, HEAD)


async def test_a_new_version_and_a_withdrawal_take_the_buttons_away(city: Town) -> None:
    await look(city, HEAD)
    await city.service.say(REPORTER, "报送 云山县春耕备耕进展顺利\n截至3月12日，完成九成。", to=city.service.world.app)
    await shows(city, HEAD, "张三 11-23 09:41 已有第2版")
    await city.service.press(HEAD, "采用", stale=True)
    assert "已有第2版（张三 11-23 09:41）" in await told(city, HEAD, "已经有结果了")


async def test_a_card_nobody_remembers_says_so(city: Town) -> None:
    await look(city, HEAD)
    await city.house.parts.store.run(lambda tx: tx.run("DELETE FROM card"))
    await city.service.press(HEAD, "退回")
    assert await told(city, HEAD, "失效") == "这张卡片已经失效，没有办理。请直接发命令。"


async def test_after_three_days_a_card_is_changed_by_the_code_of_its_next_tap(city: Town) -> None:
    await look(city, HEAD, CLERK)
    city.house.clock.forward(hours=73)
    await city.service.say(HEAD, "退回 1 请补充数据", to=city.service.world.app)
    await told(city, HEAD, "→ 退回修改")
    await settled(city)
    assert city.service.calls_of("message/update_template_card") == []
    await city.service.press(CLERK, "采用")
    assert "退回修改（周科长 11-26 10:41）" in await told(city, CLERK, "已经有结果了")
    await shows(city, CLERK, "周科长 11-26 10:41 退回修改")


async def test_a_card_the_service_does_not_take_leaves_the_text(city: Town) -> None:
    city.service.faults.next("message/send", Script())
    city.service.faults.next("message/send", refusing(42014))
    await city.service.say(HEAD, "查看 1", to=city.service.world.app)
    await told(city, HEAD, NAME)
    await until(lambda: len(city.service.calls_of("message/send")) == 3)
    await settled(city)
    shown = next(one for one in await city.parcels(Sending.SENT) if one.message.card is not None)
    assert shown.error.startswith("文字已发出，卡片没有发出")
    assert await city.parcels(Sending.REFUSED, Sending.UNKNOWN, Sending.PENDING) == []


async def test_a_card_that_cannot_be_changed_alarms_nobody(city: Town) -> None:
    await look(city, HEAD)
    city.service.faults.next("message/update_template_card", refusing(60140))
    await city.service.say(CLERK, "退回 1 请补充数据", to=city.service.world.app)
    await told(city, CLERK, "→ 退回修改")
    async with asyncio.timeout(5):
        while not (dropped := await city.parcels(Sending.DROPPED)):
            await asyncio.sleep(0.02)
    assert "60140" in dropped[0].error
    await settled(city)
    assert not [one for one in await city.parcels() if one.kind == "alarm"]


async def test_the_pile_is_opened_by_choosing_from_it(city: Town) -> None:
    await city.service.say(HEAD, "待办", to=city.service.world.app)
    await told(city, HEAD, "[查看]")
    await city.service.press(HEAD, "查看", option="1 云山县春耕备耕…")
    assert "完成春耕整地八成" in await told(city, HEAD, "正文（")
    await told(city, HEAD, "[退回]")


async def test_in_a_group_there_is_the_line_to_type(city: Town) -> None:
    world = city.service.world
    world.groups[GROUP].members.append(CLERK)
    await city.answered(await city.service.say(HEAD, "绑定本群 办公", GROUP))
    await city.known_as(GROUP, "办公")
    answer = await city.answered(await city.service.say(HEAD, "查看 1", GROUP))
    assert answer.endswith("办理：/采用 1 刊物 期号；/退回 1 原因；/不采用 1 原因")
    assert city.service.cards == []


async def test_a_card_in_the_ai_bot_s_chat_is_changed_by_the_answer_to_its_tap(city: Town) -> None:
    bot = city.service.world.bot
    await city.service.say(HEAD, "查看 1", to=bot)
    await told(city, HEAD, "[退回]")
    await settled(city)
    assert city.service.card_of(HEAD).via == "aibot"
    await look(city, CLERK)
    await city.service.press(CLERK, "不采用")
    await told(city, CLERK, "不采用的原因")
    await city.service.say(CLERK, "上期已有同类信息", to=city.service.world.app)
    await told(city, CLERK, "已收 → 不采用")
    await shows(city, CLERK, "<不采用>")
    assert "[退回]" in card(city, HEAD)
    await city.service.press(HEAD, "退回")
    assert "不采用（吴科员 11-23 09:41）" in await told(city, HEAD, "已经有结果了")
    await until(lambda: "[不采用]" in card(city, HEAD).splitlines() and "[退回]" not in card(city, HEAD))
    since = city.service.mark()
    await city.service.press(HEAD, "不采用")
    await city.service.silence()
    assert city.service.mark() == since


async def test_in_url_mode_the_new_face_is_the_answer_to_the_tap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, "callback") as city:
        await staff(city)
        world = city.service.world
        answer = await city.answered(await city.service.say(HEAD, "查看 1", to=world.bot))
        assert answer.endswith("办理：/采用 1 刊物 期号；/退回 1 原因；/不采用 1 原因")
        await look(city, HEAD)
        key = city.service.card_of(HEAD).task_id
        tap = {"card_type": "button_interaction", "event_key": "/采用 2026-0001 {}", "task_id": key}
        chosen = {"selected_item": [{"question_key": "choice", "option_ids": {"option_id": ["每日要情 7"]}}]}
        event = {"eventtype": "template_card_event", "template_card_event": tap | {"selected_items": chosen}}
        spoken = await city.service.bot_event(HEAD, event, to=world.bot, kind="card")
        reply: Any = reply_of_bot(world.bot, spoken.deliveries[-1])
        assert reply["response_type"] == "update_template_card"
        assert reply["template_card"]["task_id"] == key
        assert reply["template_card"]["button_list"] == [{"text": "已采用", "style": 4, "key": "done"}]
        assert "《每日要情》第7期" in await told(city, HEAD, "→ 已采用")


async def test_what_is_sent_is_what_the_documents_show(city: Town) -> None:
    await adopt_another(city)
    await look(city, HEAD)
    sent = city.service.calls_of("message/send")[-1].body
    assert sent["touser"] == HEAD
    shown: dict[str, Any] = dict(sent["template_card"])
    task = shown.pop("task_id")
    assert task.startswith("card-")
    title = {"title": NAME}
    assert shown == {
        "card_type": "button_interaction",
        "main_title": title,
        "sub_title_text": ABOUT,
        "button_selection": {
            "question_key": "choice",
            "title": "刊物",
            "option_list": [
                {"id": "-", "text": "请选刊物"},
                {"id": "每日要情 128", "text": "《每日要情》第128期"},
                {"id": "每日要情 129", "text": "《每日要情》第129期"},
            ],
        },
        "button_list": [
            {"text": "采用", "style": 1, "key": "/采用 2026-0001 {}"},
            {"text": "退回", "style": 2, "key": "/退回 2026-0001"},
            {"text": "不采用", "style": 3, "key": "/不采用 2026-0001"},
        ],
    }
    spoken = await city.service.press(HEAD, "采用", option="《每日要情》第129期")
    await shows(city, HEAD, "<已采用>")
    changed = city.service.calls_of("message/update_template_card")[-1].body
    assert changed == {
        "agentid": city.service.world.app.agent_id,
        "response_code": spoken.payload["ResponseCode"],
        "userids": [HEAD],
        "template_card": {
            "card_type": "button_interaction",
            "main_title": title | {"desc": "周科长 11-23 09:41 已采用"},
            "sub_title_text": ABOUT,
            "button_list": shown["button_list"],
            "task_id": task,
            "replace_text": "已采用",
        },
    }


def commission(tx: Tx, office: Office, now: datetime) -> str:
    """吴科员 drafts and 周科长 issues a commission to 云山县, whose reporter is only on WeChat Work; its number."""
    tx.run("UPDATE account SET valid_to_ms = 1 WHERE platform = 'onebot' AND person_id = 5")
    head = roster.person(tx, 1, now.date())
    assert head is not None
    new = NewCommission("春耕进展", to_ms(now + timedelta(days=2)))
    drafted = commissions.draft(tx, new, [NewAssignment(2)], 2, to_ms(now))
    return issue(tx, office, drafted.id, head, now).commission.number


async def test_a_commission_is_received_by_a_tap(city: Town) -> None:
    house = city.house
    number = await house.parts.store.run(commission, house.parts.office, house.clock.now())
    pushed = await city.service.private_to(REPORTER, "[收到]")
    assert pushed.text == f"{number}《春耕进展》\n截止：11月25日(周三) 09:41\n[收到]"
    await settled(city)
    await city.service.press(REPORTER, "收到")
    await told(city, REPORTER, "已签收")
    await shows(city, REPORTER, "张三 11-23 09:41 已签收")
    city.service.clock.advance(2)  # two taps within a second are one to the service, and to us
    await city.service.press(REPORTER, "收到", stale=True)
    assert "已签收（您 11-23 09:41）" in await told(city, REPORTER, "已经有结果了")


async def test_a_receipt_on_qq_takes_the_button_of_the_colleague_s_card_away(city: Town) -> None:
    house = city.house
    await house.parts.store.run(commission, house.parts.office, house.clock.now())
    await city.service.private_to(REPORTER, "[收到]")
    await settled(city)
    async with house.peer() as qq:
        await qq.say(int(ACCOUNTS["钱八"]), "/收到 约1")
        await shows(city, REPORTER, "钱八 11-23 09:41 已签收")


async def test_an_extension_is_approved_by_a_tap_and_the_colleague_sees_it(city: Town) -> None:
    house, app = city.house, city.service.world.app
    await house.parts.store.run(commission, house.parts.office, house.clock.now())
    await city.service.private_to(REPORTER, "[收到]")
    await city.service.say(REPORTER, "/延期 约1 到11月26日下班前 数据要等统计局", to=app)
    for user in (HEAD, CLERK):
        await told(city, user, "[批准]\n[不批准]")
    await settled(city)
    await city.service.press(HEAD, "批准")
    assert "11月26日" in await told(city, REPORTER, "批准")
    for user in (HEAD, CLERK):
        await shows(city, user, "周科长 11-23 09:41 已批准")
    await city.service.press(CLERK, "不批准", stale=True)
    assert "已批准（周科长 11-23 09:41）" in await told(city, CLERK, "已经有结果了")


async def test_an_app_that_only_sends_sends_no_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = {"agent_id": 1000002, "secret": World.small().app.secret}
    async with town(tmp_path, monkeypatch, aibot=None, app=deaf, qq=onebot()) as city:
        await city.house.parts.store.run(commission, city.house.parts.office, city.house.clock.now())
        await told(city, REPORTER, "【约稿】")
        await city.service.silence()
        assert city.service.cards == []
