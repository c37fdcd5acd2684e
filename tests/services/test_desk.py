"""The desk's operations: what a step changes and whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.adoption import Adoption
from domain.errors import BadInput, BaosongError, NotFound, WrongState
from domain.instruction import Instruction
from domain.item import Item, State
from domain.roster import Person
from services import desk, desk_facts
from services.desk import Clerk
from services.submission import Draft
from storage import audit, roster
from storage import item as items
from storage.engine import Store, Tx
from tests.services.test_submission import OFFICE, take
from tests.support.stage import ACCOUNTS, MONDAY

ADOPTION = Adoption(OFFICE.journals[0], "128", "单条", MONDAY.date(), None)


def clerk(tx: Tx, who: str = "吴科员") -> Clerk:
    return Clerk(tx, OFFICE, person(tx, who), MONDAY)


def person(tx: Tx, who: str) -> Person:
    found = roster.person_of_account(tx, "onebot", ACCOUNTS[who], MONDAY.date())
    assert found is not None
    return found


def sent(tx: Tx, title: str = "春耕", who: str = "张三", units: tuple[int, ...] = ()) -> Item:
    return take(tx, Draft(title, f"{title}的正文。", units=units), who).item


async def test_a_step_says_before_and_after_and_marks_the_item_as_reviewed(store: Store) -> None:
    def story(tx: Tx) -> desk.Done:
        return desk.return_item(clerk(tx), sent(tx).number, "  数据\n不准 ")

    done = await store.run(story)
    assert (done.before, done.item.state, done.item.note) == (State.RECEIVED, State.RETURNED, "数据 不准")
    assert done.item.reviewed_ms
    assert [one.name for one in done.to_tell] == ["张三"]
    assert [line.action for line in await store.read(audit.latest, done.item.number, 9)] == ["return", "submit"]


async def test_points_that_moved_are_named_with_unit_and_article(store: Store) -> None:
    def story(tx: Tx) -> desk.Done:
        return desk.adopt_item(clerk(tx), sent(tx, units=(3,)), ADOPTION)

    done = await store.run(story)
    assert [(move.unit, move.points, move.article) for move in done.moves] == [
        ("云山县", 150, "第六条"),
        ("清河区", 150, "第六条"),
    ]


async def test_a_commissioned_item_earns_its_bonus_unless_the_office_says_no(store: Store) -> None:
    def story(tx: Tx) -> tuple[desk.Done, desk.Done]:
        one = take(tx, Draft("春耕", "正文。", commissioned=True)).item
        other = take(tx, Draft("秋收", "正文。", commissioned=True)).item
        return desk.adopt_item(clerk(tx), one, ADOPTION), desk.adopt_item(
            clerk(tx), other, replace(ADOPTION, commissioned=False)
        )

    with_bonus, without = await store.run(story)
    assert [move.points for move in with_bonus.moves] == [300, 200]
    assert [move.points for move in without.moves] == [300]


async def test_for_a_joint_item_the_first_reporter_of_every_other_unit_is_told(store: Store) -> None:
    def story(tx: Tx) -> desk.Done:
        return desk.reject_item(clerk(tx), sent(tx, who="王五", units=(2, 4)).number, "重复")

    done = await store.run(story)
    assert [one.name for one in done.to_tell] == ["王五", "张三", "赵六"]


async def test_who_has_left_is_replaced_by_the_units_first_reporter(store: Store) -> None:
    def story(tx: Tx) -> desk.Done:
        item = sent(tx)
        tx.run("UPDATE person SET valid_to = '2026-11-01' WHERE name = '张三'")
        return desk.reject_item(clerk(tx), item.number, "重复")

    done = await store.run(story)
    assert [one.name for one in done.to_tell] == ["钱八"]


async def test_revoking_takes_the_latest_that_fits(store: Store) -> None:
    def story(tx: Tx) -> tuple[str, str, State]:
        item = sent(tx)
        for issue in ("128", "129", "130"):
            item = desk.adopt_item(clerk(tx), item, replace(ADOPTION, issue=issue)).item
        named = desk.revoke(clerk(tx), item, "adoption", "MRYQ", "129", "")
        latest = desk.revoke(clerk(tx, "周科长"), named.done.item, "adoption", "", "", "")
        return named.what.issue, latest.what.issue, latest.done.item.state

    assert await store.run(story) == ("129", "130", State.ADOPTED)


async def test_somebody_elses_registration_is_revoked_by_the_head_alone(store: Store) -> None:
    def story(tx: Tx) -> None:
        item = desk.adopt_item(clerk(tx, "周科长"), sent(tx), ADOPTION).item
        desk.revoke(clerk(tx), item, "adoption", "", "", "")

    with pytest.raises(BaosongError, match="这是周科长登记的"):
        await store.run(story)


async def test_a_digest_counts_as_reviewed_and_points_back_to_its_sources(store: Store) -> None:
    def story(tx: Tx) -> tuple[desk.Merged, list[Item]]:
        numbers = [sent(tx, "春耕", "张三", (4,)).number, sent(tx, "秋收", "王五").number]
        merged = desk.merge(clerk(tx), [*numbers, numbers[0]], "全市农业综合")
        return merged, items.merged_into(tx, merged.item.id)

    merged, sources = await store.run(story)
    assert (merged.item.form, merged.item.units, merged.units) == ("综合", (2, 4, 3), "云山县、市发改委、清河区")
    assert [one.state for one in sources] == [State.MERGED, State.MERGED]
    assert merged.item.reviewed_ms


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (lambda tx: desk.return_item(clerk(tx), "1", " \n"), BadInput),
        (lambda tx: desk.return_item(clerk(tx), "1", "长" * 501), BadInput),
        (lambda tx: desk.reject_item(clerk(tx), "7", "重复"), NotFound),
        (lambda tx: desk.merge(clerk(tx), ["1", "7"], "综合"), NotFound),
        (lambda tx: desk.merge(clerk(tx), ["1", "2"], "长" * 101), BadInput),
        (lambda tx: desk_facts.instruct(clerk(tx), sent(tx, "秋收"), Instruction("city", MONDAY.date())), WrongState),
    ],
)
async def test_what_cannot_be_done_changes_nothing(
    store: Store, step: Callable[[Tx], object], error: type[BaosongError]
) -> None:
    await store.run(sent)
    with pytest.raises(error):
        await store.run(step)
    stored = await store.read(items.by_number, "2026-0001")
    assert stored is not None
    assert (stored.state, stored.reviewed_ms) == (State.RECEIVED, 0)


async def test_the_pile_counts_all_and_shows_some(store: Store) -> None:
    def story(tx: Tx) -> tuple[int, list[str], int]:
        for at, title in enumerate(("春耕", "秋收", "冬种")):
            sent(tx, title, ("张三", "王五", "张三")[at])
        waiting = desk.pending(tx, 2, 2026)
        return waiting.count, [units for _, units in waiting.items], desk.pending(tx, 9, 2026, 2).count

    assert await store.run(story) == (3, ["云山县", "清河区"], 2)
