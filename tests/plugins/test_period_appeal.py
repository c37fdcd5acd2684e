"""A unit objects, the office examines and answers, and what was done about it stays linked."""

from __future__ import annotations

from services.cycles import appeals
from tests.plugins.item_stories import send, told
from tests.plugins.test_period import december, frozen, november, office, shown
from tests.support.stage import OFFICE, Heard, Stage

WORDS = "省专报第46期采用了，没有计分"


async def object_to_november(stage: Stage) -> list[Heard]:
    """清河区 was shown its figures and misses an adoption."""
    await shown(stage)
    return await stage.say("王五", f"/申诉 11月 2 {WORDS}")


async def test_a_unit_objects_and_the_whole_office_reads_it(stage: Stage) -> None:
    heard = await object_to_november(stage)
    assert told(heard, "王五") == (
        "申诉1已收到（2026年11月 2026-0002），已告诉信息科，答复会私聊告诉您。要撤回请发“/申诉 1 撤回”。"
    )
    letter = (
        f"【申诉1】清河区 王五，2026年11月 2026-0002\n{WORDS}\n"
        "答复：先用“/采用”“/撤销采用”“/更正”改好，再发“/申诉 1 成立”；不成立请发“/申诉 1 不成立 原因”。"
    )
    assert told(heard, "周科长") == told(heard, "吴科员") == letter


async def test_without_a_period_it_is_about_what_was_shown_last(stage: Stage) -> None:
    await shown(stage)
    heard = await stage.say("李副", "/异议 报送应当是两条")
    assert told(heard, "李副").startswith("申诉1已收到（2026年11月）")


async def test_an_objection_is_granted_when_the_points_have_moved_and_names_them(stage: Stage) -> None:
    await object_to_november(stage)
    refused = await office(stage, "/申诉 1 成立", "吴科员")
    assert refused.startswith("没有办成：清河区的得分还没有改。请先用“/采用”")
    await stage.say("周科长", "/采用 2 省专报 46 单篇 11-25")
    heard = await stage.say("吴科员", "/申诉 1 成立 已补登", OFFICE)
    assert told(heard, OFFICE) == (
        "申诉1 清河区：成立。已补登\n+30分（第七条）《省政府专报》第46期单篇采用\n已私聊告知：清河区 王五。"
    )
    assert told(heard, "王五") == (
        "申诉1（2026年11月 2026-0002）的答复：成立。已补登\n"
        "+30分（第七条）《省政府专报》第46期单篇采用\n最新得分请发“/我的得分”。"
    )
    assert await office(stage, "/申诉") == "没有等候答复的申诉。"


async def test_an_objection_is_refused_with_a_reason(stage: Stage) -> None:
    await object_to_november(stage)
    assert await office(stage, "/申诉 1 不成立", "吴科员") == (
        "没有写原因，单位要看。请这样写：/申诉 1 不成立 该期没有采用这条"
    )
    heard = await stage.say("吴科员", "/appeal 1 refuse 第46期没有采用这条", OFFICE)
    assert told(heard, OFFICE) == "申诉1 清河区：不成立。第46期没有采用这条\n已私聊告知：清河区 王五。"
    assert "的答复：不成立。第46期没有采用这条\n仍有疑问请直接联系信息科。" in told(heard, "王五")


async def test_what_is_decided_is_not_decided_again(stage: Stage) -> None:
    await object_to_november(stage)
    await stage.say("吴科员", "/申诉 1 不成立 没有采用")
    again = await office(stage, "/申诉 1 不成立 真的没有")
    assert again == "申诉1现在是“不成立”，不能再答复。吴科员 12-01 09:00 已经答复。"


async def test_who_registered_the_item_does_not_judge_it_unless_it_is_the_head(stage: Stage) -> None:
    await shown(stage)
    await stage.say("张三", "/申诉 11月 1 应当是专报两篇")
    own = await office(stage, "/申诉 1 不成立 只有一篇", "吴科员")
    assert own == "没有办成：2026-0001是您登记的，这件申诉请科里另一位同志或信息科长答复。"
    assert (await office(stage, "/申诉 1 不成立 只有一篇")).startswith("申诉1 云山县：不成立。只有一篇")


async def test_an_objection_that_is_not_about_points_is_granted_as_such(stage: Stage) -> None:
    await shown(stage)
    await stage.say("张三", "/申诉 11月 单位名称写错了")
    heard = await stage.say("周科长", "/申诉 1 成立 不改分 名称已改", OFFICE)
    assert told(heard, OFFICE) == "申诉1 云山县：成立。名称已改\n已私聊告知：云山县 张三。"


async def test_the_office_sees_the_list_and_one_with_its_history(stage: Stage) -> None:
    await object_to_november(stage)
    assert await office(stage, "/申诉") == (
        f"等候答复的申诉 1 件：\n1. 清河区 11月 2026-0002：{WORDS}\n看全文、答复请发“/申诉 1”。"
    )
    assert await office(stage, "/申诉 1") == (
        f"申诉1 清河区，2026年11月 2026-0002：等待答复\n12-01 09:00 王五：{WORDS}\n"
        "答复：先用“/采用”“/撤销采用”“/更正”改好，再发“/申诉 1 成立”；不成立请发“/申诉 1 不成立 原因”。"
    )


async def test_the_unit_sees_its_own_and_nobody_elses(stage: Stage) -> None:
    await object_to_november(stage)
    await stage.say("吴科员", "/申诉 1 不成立 没有采用")
    assert told(await stage.say("王五", "/申诉"), "王五") == (
        "您单位的申诉：\n1. 11月 2026-0002：不成立（省专报第46期采用了，没有计分）\n看一件请发“/申诉 1”。"
    )
    assert "吴科员：不成立 没有采用" in told(await stage.say("王五", "/申诉 1"), "王五")
    assert told(await stage.say("张三", "/申诉 1"), "张三") == "没有找到您单位的申诉1。发“/申诉”看您单位的申诉。"
    assert "您单位没有申诉" in told(await stage.say("张三", "/申诉"), "张三")


async def test_a_unit_does_not_decide(stage: Stage) -> None:
    await object_to_november(stage)
    assert "您没有“答复申诉”的权限" in told(await stage.say("王五", "/申诉 1 成立"), "王五")


async def test_a_unit_takes_its_objection_back_and_the_month_can_be_frozen(stage: Stage) -> None:
    await object_to_november(stage)
    assert told(await stage.say("张三", "/申诉 1 撤回"), "张三").startswith("没有找到您单位的申诉1")
    assert told(await stage.say("王五", "/申诉 1 撤回"), "王五") == "申诉1已撤回。"
    stage.clock.moment = december(4)
    assert (await office(stage, "/考评 冻结")).startswith("2026年11月已冻结")


async def test_the_same_objection_is_not_raised_twice(stage: Stage) -> None:
    await object_to_november(stage)
    again = told(await stage.say("王五", f"/申诉 11月 2 {WORDS}"), "王五")
    assert again.startswith("这件事已经申诉过（申诉1），等候答复")


async def test_an_item_of_another_unit_is_not_theirs_to_object_to(stage: Stage) -> None:
    await shown(stage)
    assert "没有找到编号为 2026-0001 的信息" in told(await stage.say("王五", "/申诉 11月 1 不该给分"), "王五")


async def test_an_objection_needs_words(stage: Stage) -> None:
    await shown(stage)
    assert "没有写理由" in told(await stage.say("王五", "/申诉 11月"), "王五")
    assert "太长了" in told(await stage.say("王五", "/申诉 11月\n" + "长" * 501), "王五")


async def test_after_freezing_a_unit_may_appeal_for_five_working_days_and_it_is_booked_later(stage: Stage) -> None:
    await frozen(stage)
    stage.clock.moment = december(11)
    assert "申诉1已收到（2026年11月 2026-0002）" in told(await stage.say("王五", f"/申诉 2 {WORDS}"), "王五")
    await stage.say("周科长", "/采用 2 省专报 46 单篇 11-25")
    assert "+30分（第七条）补计11月：《省政府专报》第46期单篇采用" in await office(stage, "/申诉 1 成立", "吴科员")
    stage.clock.moment = december(12)
    late = told(await stage.say("张三", "/申诉 11月 少了一条"), "张三")
    assert late == "没有办成：2026年11月已经冻结，申诉到12-11为止，现在过了。请直接联系信息科。"


async def test_somebody_of_the_office_does_not_object_for_a_unit(stage: Stage) -> None:
    await november(stage)
    assert "不能代单位申诉" in told(await stage.say("吴科员", "/申诉 11月 1 不对"), "吴科员")


async def test_the_answer_reaches_the_successor_of_whoever_objected(stage: Stage) -> None:
    await send(stage, "张三", "云山县秋收")
    await stage.say("张三", "/申诉 11月 少了一条")
    await stage.say("吴科员", "/交接 张三 钱八 云山县")
    heard = await stage.say("周科长", "/申诉 1 不成立 当月只报了一条", OFFICE)
    assert "的答复：不成立" in told(heard, "钱八")


async def test_every_step_of_an_objection_is_in_the_books(stage: Stage) -> None:
    await object_to_november(stage)
    await stage.say("吴科员", "/申诉 1 不成立 没有采用")
    case = await stage.store.read(appeals.find, 1, stage.clock.now())
    assert (case.raised_by, case.decided_by, case.appeal.reason) == ("王五", "吴科员", "没有采用")
