"""Joint items: what part each unit gets, and that the parts make up the whole."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.measure.model import Joint
from domain.scoring import score_item, split_equally
from domain.scoring.share import part_of, split_by_weight
from tests.domain.items import (
    ADOPTIONS,
    BUREAU,
    COUNTY,
    POINT,
    SENDING,
    SPLIT,
    a_measure,
    adoption,
    brief,
    class_of,
    scored,
    submission,
    total,
)


def joint(mode: str, more: str = "") -> str:
    return f'[joint]\narticle = 3\nmode = "{mode}"\n{more}\n'


def test_two_units_that_jointly_report_share_equally() -> None:
    entries = scored(a_measure(ADOPTIONS, SPLIT), adoption(1, "EXTRA", COUNTY, BUREAU))
    assert [(entry.unit_id, entry.points) for entry in entries] == [(COUNTY, 500), (BUREAU, 500)]
    assert entries[0].reason == "《增刊》单条采用（2家联合报送，按第三条均分）"


def test_the_hundredth_that_cannot_be_split_goes_to_the_first() -> None:
    entries = scored(a_measure(ADOPTIONS, SPLIT), adoption(1, "EXTRA", POINT, COUNTY, BUREAU))
    assert [(entry.unit_id, entry.points) for entry in entries] == [(POINT, 334), (COUNTY, 333), (BUREAU, 333)]


def test_joint_units_can_get_a_fixed_number_each() -> None:
    measure = a_measure(ADOPTIONS, SENDING, joint("fixed_each", "points = 4"))
    entries = scored(measure, adoption(1, "EXTRA", COUNTY, BUREAU))
    assert [(entry.points, entry.article) for entry in entries] == [(400, "第三条"), (400, "第三条")]
    assert entries[0].reason == "《增刊》单条采用（2家联合报送，按第三条各计定额分）"
    assert total(scored(measure, adoption(1, "EXTRA"))) == 1000
    assert total(scored(measure, submission(1, COUNTY, BUREAU))) == 50


def test_joint_units_can_be_weighted_by_place_the_others_share_the_rest() -> None:
    measure = a_measure(ADOPTIONS, joint("weighted", "weights = [60, 25]"))
    entries = scored(measure, adoption(1, "EXTRA", BUREAU, COUNTY, POINT, 4))
    assert [entry.points for entry in entries] == [600, 250, 75, 75]
    assert entries[1].reason == "《增刊》单条采用（4家联合报送，按第三条按比例分（第2家））"
    assert [entry.points for entry in scored(measure, adoption(1, "EXTRA", BUREAU, COUNTY))] == [706, 294]


def test_every_unit_of_a_digest_gets_all_of_it() -> None:
    digest = (
        '[[rule]]\nkind = "adoption"\njournals = ["DAILY"]\nforms = ["综合"]\narticle = 1\npoints = 3\neach = true\n'
    )
    entries = scored(a_measure(ADOPTIONS, digest, SPLIT), adoption(1, "DAILY", COUNTY, BUREAU, POINT, form="综合"))
    assert brief(entries) == [(300, "《每日要情》综合采用")] * 3


def test_what_the_office_rewrote_is_shared_with_the_office() -> None:
    measure = a_measure(ADOPTIONS, joint("split_equal", "edit_share = 50\nunits_keep = 40"))
    assert brief(scored(measure, adoption(1, "EXTRA", share=50))) == [
        (400, "《增刊》单条采用（办公室改写50%，按第三条计40%）")
    ]
    entries = scored(measure, adoption(1, "EXTRA", COUNTY, BUREAU, share=80))
    assert [entry.points for entry in entries] == [200, 200]
    assert total(scored(measure, adoption(1, "EXTRA", share=49))) == 1000


def test_a_unit_named_twice_is_one_unit() -> None:
    assert brief(scored(a_measure(), adoption(1, "EXTRA", COUNTY, COUNTY))) == [(1000, "《增刊》单条采用")]


PARENTS = {POINT: COUNTY, COUNTY: 9}


def parent_of(unit_id: int, day: date) -> int | None:
    return PARENTS.get(unit_id)


def rollup(more: str = "", classes: str = '["直报点"]') -> str:
    return f"[[rollup]]\narticle = 10\nclasses = {classes}\n{more}\n"


def test_a_direct_point_counts_for_its_county_too() -> None:
    measure = a_measure(ADOPTIONS, rollup())
    entries = score_item([adoption(1, "EXTRA", POINT)], [measure], class_of, parent_of)
    assert [(entry.unit_id, entry.points, entry.author_id, entry.code) for entry in entries] == [
        (POINT, 1000, 7, "adoption:EXTRA+SPECIAL"),
        (COUNTY, 1000, None, "rollup:3:adoption:EXTRA+SPECIAL"),
    ]
    assert entries[1].reason == "下属单位《增刊》单条采用（按第十条并入）"
    assert entries[1].category == "采用分"


def test_a_share_may_count_for_the_parent_alone() -> None:
    measure = a_measure(ADOPTIONS, rollup("share = 30\nkeep = false"))
    entries = score_item([adoption(1, "EXTRA", POINT)], [measure], class_of, parent_of)
    assert [(entry.unit_id, entry.points, entry.author_id) for entry in entries] == [(POINT, 0, 7), (COUNTY, 300, 7)]
    assert brief(entries)[0] == (0, "《增刊》单条采用，按第十条计入上级单位")
    assert brief(entries)[1][1].endswith("（按第十条30%并入）")


def test_only_the_named_categories_are_rolled_up_and_as_far_as_the_measure_says() -> None:
    measure = a_measure(ADOPTIONS, SENDING, rollup('categories = ["采用分"]', '["直报点", "县区"]'))
    entries = score_item([submission(1, POINT), adoption(2, "EXTRA", POINT)], [measure], class_of, parent_of)
    assert [(entry.unit_id, entry.points) for entry in entries] == [
        (POINT, 50),
        (POINT, 1000),
        (COUNTY, 1000),
        (9, 1000),
    ]


def test_a_circle_of_parents_comes_to_an_end() -> None:
    measure = a_measure(ADOPTIONS, rollup(classes='["直报点", "县区"]'))
    circle = {POINT: COUNTY, COUNTY: POINT}
    entries = score_item([adoption(1, "EXTRA", POINT)], [measure], class_of, lambda unit, day: circle[unit])
    assert [entry.unit_id for entry in entries] == [POINT, COUNTY]


@given(points=st.integers(-10_000_000, 10_000_000), parts=st.integers(1, 60))
def test_the_parts_of_a_split_make_up_the_whole(points: int, parts: int) -> None:
    shares = split_equally(points, parts)
    assert len(shares) == parts
    assert sum(shares) == points
    assert max(shares) - min(shares) <= 1
    assert list(shares) == sorted(shares, reverse=True)


@given(
    points=st.integers(-10_000_000, 10_000_000),
    weights=st.lists(st.integers(1, 100), min_size=1, max_size=4).filter(lambda weights: sum(weights) <= 100),
    units=st.integers(2, 9),
)
def test_weighted_parts_make_up_the_whole(points: int, weights: list[int], units: int) -> None:
    rule = Joint(3, "weighted", weights=tuple(weights))
    assert sum(part_of(rule, points, at, units).points for at in range(units)) == points


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_nothing_can_be_split_among_nobody(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        split_by_weight(100, weights)
