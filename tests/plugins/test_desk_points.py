"""What the desk does to the points: the totals of the units follow every fact and its revocation."""

from __future__ import annotations

from services import points
from storage import item as items
from storage import ledger
from storage.engine import Tx
from tests.plugins.item_stories import send, totals
from tests.support.stage import Stage


async def test_a_revoked_adoption_leaves_the_submission_alone(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128 约稿")
    assert await totals(stage, 2) == (50 + 300 + 200, 1, 1)
    await stage.say("吴科员", "/撤销采用 1")
    assert await totals(stage, 2) == (50, 1, 0)


async def test_one_of_two_adoptions_revoked_leaves_the_other(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    await stage.say("吴科员", "/采用 1 省要情 9")
    await stage.say("吴科员", "/撤销采用 1 每日要情")
    assert await totals(stage, 2) == (50 + 1000, 1, 1)


async def test_a_revoked_adoption_can_be_registered_again(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    for words in ("/采用 1 每日要情 128", "/撤销采用 1 形式写错", "/采用 1 每日要情 128 简讯"):
        await stage.say("吴科员", words)
    assert await totals(stage, 2) == (50 + 100, 1, 1)


async def test_a_late_adoption_is_booked_in_the_month_of_the_issue(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    stage.clock.forward(days=20)
    await stage.say("吴科员", "/采用 1 每日要情 140")
    await stage.say("吴科员", "/采用 1 省要情 9 11-30")
    assert await totals(stage, 2, "2026-11") == (50 + 1000, 1, 1)
    assert await totals(stage, 2, "2026-12") == (300, 0, 0)


async def test_a_joint_item_shares_its_points_and_gives_them_back_shared(stage: Stage) -> None:
    await send(stage, "张三", "两地联动保春耕", "联合报送：清河区、市发改委")
    await stage.say("吴科员", "/采用 1 省要情 9")
    assert [(await totals(stage, unit))[0] for unit in (2, 3, 4)] == [17 + 334, 17 + 333, 16 + 333]
    await stage.say("吴科员", "/撤销采用 1")
    assert [await totals(stage, unit) for unit in (2, 3, 4)] == [(17, 1, 0), (17, 1, 0), (16, 1, 0)]


async def test_a_digest_credits_every_contributor_and_the_submissions_stand(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "赵六", "投资增长加快")
    await stage.say("吴科员", "/合并 1 2 全市经济开局良好")
    assert [await totals(stage, unit) for unit in (2, 4)] == [(50, 1, 0), (50, 1, 0)]
    await stage.say("吴科员", "/采用 3 每日要情 128")
    assert [await totals(stage, unit) for unit in (2, 4)] == [(150, 1, 1), (150, 1, 1)]
    await stage.say("吴科员", "/撤销采用 3")
    assert [await totals(stage, unit) for unit in (2, 4)] == [(50, 1, 0), (50, 1, 0)]


async def test_a_withdrawn_item_counts_for_nothing(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利", "联合报送：清河区")
    await stage.say("张三", "/撤回 1")
    assert [await totals(stage, unit) for unit in (2, 3)] == [(0, 0, 0), (0, 0, 0)]


async def test_whatever_the_desk_did_the_totals_equal_the_entries(stage: Stage) -> None:
    await send(stage, "张三", "两地联动保春耕", "联合报送：清河区")
    await send(stage, "王五", "清河招商引资开门红")
    for words in (
        "/采用 1 每日要情 128",
        "/批示 1 市级",
        "/采用 2 省专报 3 约稿",
        "/撤销采用 1 批示",
        "/撤销采用 2",
        "/不采用 2 重复",
        "/采用 2 国办信息 7",
    ):
        await stage.say("吴科员", words)

    def entries(tx: Tx) -> dict[int, int]:
        return dict(tx.all("SELECT unit_id, SUM(points) FROM entry GROUP BY unit_id"))

    summed = await stage.store.read(entries)
    assert {unit: (await totals(stage, unit))[0] for unit in summed} == summed

    def due(tx: Tx) -> bool:
        found = [items.by_number(tx, number) for number in ("2026-0001", "2026-0002")]
        return all(
            {entry.fact_id for _, entry in ledger.booked(tx, one.id)} <= {f.id for f in points.facts_of(tx, one)}
            for one in found
            if one
        )

    assert await stage.store.read(due)
