"""Key-point lists and categories as rows, on either engine."""

from __future__ import annotations

from datetime import date

from domain.item import State
from domain.keypoint import PointList, Touch
from domain.period import Period
from storage import category, item, keypoint
from storage.engine import Store, Tx
from storage.item import NewItem

NOW = 1_795_398_060_000
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 31), "2026年12月")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), "2026年11月")


def issued(tx: Tx, span: Period = DECEMBER, *points: str, at_ms: int = NOW) -> PointList:
    drafted = keypoint.draft(tx, span, points or ("防火", "工资"), 1, at_ms)
    keypoint.issue(tx, drafted, 1, at_ms)
    found = keypoint.of_span(tx, span)
    assert found is not None
    return found


def an_item(tx: Tx, *units: int) -> int:
    number = item.next_number(tx, 2026)
    new = NewItem("标题", "正文", "动态", "单条", 5, units, "onebot", "", False, "", "", "")
    return item.add(tx, new, number, NOW, number).id


async def test_a_person_has_one_draft_and_it_can_be_given_up(settled: Store) -> None:
    def story(tx: Tx) -> None:
        keypoint.draft(tx, DECEMBER, ["甲"], 1, NOW)
        keypoint.draft(tx, NOVEMBER, ["乙", "丙"], 1, NOW)
        keypoint.draft(tx, NOVEMBER, ["丁"], 2, NOW)
        mine = keypoint.draft_of(tx, 1)
        assert mine is not None
        assert (mine.span, [(point.place, point.text) for point in mine.points]) == (NOVEMBER, [(1, "乙"), (2, "丙")])
        assert keypoint.drop_draft(tx, 1)
        assert not keypoint.drop_draft(tx, 1)
        assert keypoint.draft_of(tx, 2) is not None
        assert keypoint.live(tx, date(2026, 11, 1)) == []

    await settled.run(story)


async def test_the_next_list_of_the_same_days_replaces_and_a_past_one_is_not_live(settled: Store) -> None:
    def story(tx: Tx) -> None:
        old, november = issued(tx), issued(tx, NOVEMBER)
        drafted = keypoint.draft(tx, DECEMBER, ["新"], 2, NOW + 1)
        assert keypoint.issue(tx, drafted, 2, NOW + 1) == 1
        assert [one.id for one in keypoint.live(tx, date(2026, 11, 30))] == [november.id, drafted.id]
        assert [one.id for one in keypoint.live(tx, date(2026, 12, 1))] == [drafted.id]
        assert keypoint.live(tx, date(2027, 1, 1)) == []
        latest = keypoint.of_span(tx, DECEMBER)
        assert latest is not None
        assert (latest.id, latest.issued_ms, latest.replaced_ms) == (drafted.id, NOW + 1, 0)
        assert old.id != drafted.id
        by_me = keypoint.issued_by(tx, 2, NOW)
        assert by_me is not None
        assert by_me.id == drafted.id
        assert keypoint.issued_by(tx, 2, NOW + 2) is None

    await settled.run(story)


async def test_tags_hold_once_and_count_for_every_unit_until_the_item_is_withdrawn(settled: Store) -> None:
    def story(tx: Tx) -> None:
        one = issued(tx)
        first, second = one.points
        joint, withdrawn = an_item(tx, 2, 3), an_item(tx, 4)
        assert keypoint.tag(tx, joint, first.id, 5, NOW)
        assert not keypoint.tag(tx, joint, first.id, 5, NOW)
        keypoint.tag(tx, joint, second.id, 5, NOW)
        keypoint.tag(tx, withdrawn, first.id, 5, NOW)
        gone = item.by_id(tx, withdrawn)
        assert gone is not None
        item.move(tx, gone, State.WITHDRAWN, NOW)
        assert keypoint.untag(tx, joint, second.id)
        assert not keypoint.untag(tx, joint, second.id)
        assert keypoint.touches(tx, one.id) == [Touch(first.id, 2, joint), Touch(first.id, 3, joint)]
        issued(tx, DECEMBER, "别的", at_ms=NOW + 1)
        assert keypoint.of_item(tx, joint) == [("2026年12月", first)]

    await settled.run(story)


async def test_categories_keep_their_numbers_in_a_row(settled: Store) -> None:
    def story(tx: Tx) -> None:
        assert category.is_empty(tx)
        made = [category.add(tx, name) for name in ("经济", "民生", "生态")]
        category.close(tx, made[1], NOW)
        assert [(one.place, one.name) for one in category.all_open(tx)] == [(1, "经济"), (2, "生态")]
        assert category.add(tx, "民生").place == 3
        assert not category.is_empty(tx)

    await settled.run(story)


async def test_candidates_name_their_units_and_can_be_struck(settled: Store) -> None:
    def story(tx: Tx) -> None:
        one, other = category.add(tx, "经济"), category.add(tx, "民生")
        second = category.add_candidate(tx, other.id, "养老", [], 1, NOW)
        first = category.add_candidate(tx, one.id, "冬枣", [3, 2], 1, NOW)
        assert [(each.text, each.unit_ids) for each in category.candidates(tx)] == [("冬枣", (2, 3)), ("养老", ())]
        category.drop_candidate(tx, first.id)
        assert [each.id for each in category.candidates(tx)] == [second.id]
        category.close(tx, other, NOW)
        assert category.candidates(tx) == []

    await settled.run(story)


async def test_a_category_counts_the_items_of_its_year(settled: Store) -> None:
    def story(tx: Tx) -> None:
        one = category.add(tx, "经济")
        category.add(tx, "民生")
        kept, adopted = an_item(tx, 2), an_item(tx, 3)
        assert category.mark(tx, kept, one.id, 1, NOW)
        assert not category.mark(tx, kept, one.id, 1, NOW)
        category.mark(tx, adopted, one.id, 1, NOW)
        found = item.by_id(tx, adopted)
        assert found is not None
        item.move(tx, found, State.ADOPTED, NOW)
        assert category.counts(tx, 2026) == {one.id: (2, 1)}
        assert category.counts(tx, 2025) == {}
        assert category.unmark(tx, kept, one.id)
        assert not category.unmark(tx, kept, one.id)
        assert category.counts(tx, 2026) == {one.id: (1, 1)}

    await settled.run(story)
