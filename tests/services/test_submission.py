"""Taking items in: what is new, what is a correction, what is here already."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.office import build_office
from bot.settings import Settings
from domain.errors import BadInput, NotAllowed, NotFound
from domain.item import State
from services import points
from services.submission import Draft, Taken, submit, withdraw
from storage import audit, roster
from storage import item as items
from storage.engine import Store, Tx
from tests.support.stage import ACCOUNTS, MONDAY

OFFICE = build_office(Settings())
DRAFT = Draft("全县春耕备耕进展顺利", "截至3月10日，全县春耕面积过半。")


def take(tx: Tx, draft: Draft, who: str = "张三", days: int = 0) -> Taken:
    person = roster.person_of_account(tx, "onebot", ACCOUNTS[who], MONDAY.date())
    assert person is not None
    return submit(
        tx, OFFICE, person, draft, platform="onebot", chat="", event_key="k", now=MONDAY + timedelta(days=days)
    )


async def test_numbers_run_without_gaps_and_start_anew_each_year(store: Store) -> None:
    def story(tx: Tx) -> list[str]:
        titles = ("春耕", "秋收", "冬种")
        return [take(tx, Draft(title, title), days=20 * at).item.number for at, title in enumerate(titles)]

    assert await store.run(story) == ["2026-0001", "2026-0002", "2027-0001"]


async def test_a_refused_item_takes_no_number(store: Store) -> None:
    with pytest.raises(BadInput):
        await store.run(take, Draft("只有标题", ""))
    assert (await store.run(take, DRAFT)).item.number == "2026-0001"


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("全县春耕备耕进展更加顺利", "version"),
        ("全县“春耕备耕”进展顺利！", "version"),
        ("全县秋收秋种全面完成", "new"),
        ("全县第2批春耕备耕进展顺利", "new"),
    ],
)
async def test_nearly_the_same_title_is_the_same_item_corrected(store: Store, title: str, outcome: str) -> None:
    await store.run(take, DRAFT)
    assert (await store.run(take, Draft(title, "改过的正文。"))).outcome == outcome


async def test_a_title_of_another_person_or_of_long_ago_is_another_item(store: Store) -> None:
    await store.run(take, DRAFT)
    assert (await store.run(take, DRAFT, "钱八")).outcome == "new"
    assert (await store.run(take, Draft(DRAFT.title, "新情况。"), "张三", 31)).outcome == "new"


async def test_the_same_text_is_the_same_item_even_after_it_was_dealt_with(store: Store) -> None:
    first = await store.run(take, DRAFT)
    await store.run(items.move, first.item, State.REJECTED, 0)
    again = await store.run(take, DRAFT, days=1)
    assert (again.outcome, again.item.number, again.at_ms) == ("same", "2026-0001", first.at_ms)


async def test_a_withdrawn_text_can_be_sent_anew(store: Store) -> None:
    def story(tx: Tx) -> Taken:
        person = roster.person_of_account(tx, "onebot", ACCOUNTS["张三"], MONDAY.date())
        assert person is not None
        withdraw(tx, OFFICE, person, take(tx, DRAFT).item.number, MONDAY)
        return take(tx, DRAFT)

    assert (await store.run(story)).item.number == "2026-0002"


async def test_the_same_text_with_a_new_particular_is_a_new_version(store: Store) -> None:
    await store.run(take, DRAFT)
    taken = await store.run(take, Draft(DRAFT.title, DRAFT.body, kind="问题", writer="张三"))
    assert (taken.outcome, taken.item.kind, taken.item.writer, taken.item.form) == ("version", "问题", "张三", "单条")


async def test_what_a_new_version_does_not_mention_stays(store: Store) -> None:
    await store.run(take, Draft(DRAFT.title, DRAFT.body, kind="问题", signer="李局长", units=(3,)))
    taken = await store.run(take, Draft(DRAFT.title, "改过的正文。"))
    assert (taken.item.kind, taken.item.signer, taken.item.units) == ("问题", "李局长", (2, 3))


async def test_units_that_join_later_are_credited_as_if_from_the_start(store: Store) -> None:
    def story(tx: Tx) -> tuple[set[int], set[int]]:
        item = take(tx, DRAFT).item
        joint = take(tx, Draft(DRAFT.title, "改过的正文。", units=(3,))).item
        return {u for f in points.facts_of(tx, item) for u in f.units}, {
            u for f in points.facts_of(tx, joint) for u in f.units
        }

    assert await store.run(story) == ({2}, {2, 3})


async def test_an_item_is_revised_by_its_number_by_its_author_alone(store: Store) -> None:
    await store.run(take, DRAFT)
    taken = await store.run(take, Draft("", "改过的正文。", revises="2026-0001"))
    assert (taken.outcome, taken.item.title, taken.item.version) == ("version", DRAFT.title, 2)
    with pytest.raises(NotFound, match="您报送的 2026-0001"):
        await store.run(take, Draft("", "改过的正文。", revises="2026-0001"), "王五")


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        (Draft("", "正文"), "没有看到标题"),
        (Draft("……", "正文"), "没有看到标题"),
        (Draft("长" * 101, "正文"), "标题有 101 个字"),
        (Draft("春耕", " \n "), "还没有正文"),
        (Draft("春耕进展顺利。截至3月10日", ""), "连在一起了"),
        (Draft("春耕", "长" * 50_001), "正文有 50001 个字"),
    ],
)
async def test_what_cannot_be_an_item_is_answered(store: Store, draft: Draft, answer: str) -> None:
    with pytest.raises(BadInput, match=answer):
        await store.run(take, draft)


async def test_only_reporters_submit(store: Store) -> None:
    for who in ("李副", "吴科员", "管理员"):
        with pytest.raises(NotAllowed):
            await store.run(take, DRAFT, who)


async def test_every_step_leaves_an_audit_line_without_a_word_of_the_text(store: Store) -> None:
    await store.run(take, DRAFT)
    await store.run(take, Draft(DRAFT.title, "改过的正文。"))
    lines = await store.read(audit.latest, "2026-0001", 9)
    assert [line.action for line in lines] == ["revise", "submit"]
    assert not any("春耕" in line.detail or "正文" in line.detail for line in lines)
