"""What an item earns: worked cases of real measures, and laws that hold for any facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.measure import Measure, parse_measure
from domain.scoring import Entry, Fact, score_item, split_equally

MARCH = date(2026, 3, 2)
COUNTY, BUREAU, POINT = 1, 2, 3
SAMPLE = parse_measure((Path(__file__).parents[2] / "domain/data/measure-sample.toml").read_text(encoding="utf-8"))

ARTICLES = """
id = "test"
title = "测试办法"
effective_from = 2026-01-01
classes = ["县区", "部门"]
[articles]
1 = "采用分。"
2 = "批示分。"
3 = "合报信息的分数均分。"
4 = "不重复计分。"
5 = "只登记不计分。"
6 = "约稿采用加分。"
7 = "报送分。"
[journals]
DAILY = "每日要情"
EXTRA = "增刊"
SPECIAL = "专报信息"
[adoption_rate]
article = 1
nothing_sent = "exempt"
"""

POINTS = """
[[adoption]]
journals = ["DAILY"]
article = 1
points = 3
[[adoption]]
journals = ["EXTRA", "SPECIAL"]
article = 1
points = 10
[[adoption]]
level = "state"
article = 1
points = 50
[instruction]
article = 2
same_rank_once = true
points = { city = 10, province = 50 }
"""


def a_text(more: str = "", *, rules: str = POINTS, joint: str = "split_equal", combine: str = "cumulative") -> str:
    """A small measure as TOML; `more` is appended, `joint` may go on with further keys on the next line."""
    mode, _, rest = joint.partition("\n")
    return (
        f'{ARTICLES}{rules}\n[joint]\narticle = 3\nmode = "{mode}"\n{rest}\n'
        f'[combine]\narticle = 4\nmode = "{combine}"\n{more}'
    )


def a_measure(
    more: str = "", *, rules: str = POINTS, joint: str = "split_equal", combine: str = "cumulative"
) -> Measure:
    return parse_measure(a_text(more, rules=rules, joint=joint, combine=combine))


def submission(number: int, *units: int, day: date = MARCH) -> Fact:
    return Fact(number, "submission", 1, day, units or (COUNTY,), 7)


def adoption(
    number: int,
    journal: str,
    *units: int,
    form: str = "单条",
    level: str = "city",
    day: date = MARCH,
    commissioned: bool = False,
    issue: str = "",
) -> Fact:
    return Fact(
        number,
        "adoption",
        1,
        day,
        units or (COUNTY,),
        7,
        journal,
        level,
        form,
        commissioned=commissioned,
        issue=issue,
    )


def instruction(number: int, rank: str, *units: int, day: date = MARCH) -> Fact:
    return Fact(number, "instruction", 1, day, units or (COUNTY,), 7, rank=rank)


def class_of(unit_id: int, day: date) -> str:
    return {COUNTY: "县区", BUREAU: "部门"}.get(unit_id, "其他")


def scored(measure: Measure, *facts: Fact) -> list[Entry]:
    return score_item(facts, [measure], class_of)


def total(entries: Sequence[Entry], unit_id: int = COUNTY) -> int:
    return sum(entry.points for entry in entries if entry.unit_id == unit_id)


def test_quzhou_two_units_that_jointly_report_a_supplement_get_5_each() -> None:
    entries = scored(a_measure(), adoption(1, "EXTRA", COUNTY, BUREAU))
    assert [(entry.unit_id, entry.points) for entry in entries] == [(COUNTY, 500), (BUREAU, 500)]
    assert entries[0].reason == "《增刊》单条采用（2家联合报送，按第三条均分）"


def test_huzhou_two_city_leaders_noting_the_same_daily_item_bring_13() -> None:
    entries = scored(
        a_measure(),
        adoption(1, "DAILY"),
        instruction(2, "city"),
        instruction(3, "city", day=date(2026, 3, 9)),
    )
    assert total(entries) == 1300
    assert entries[-1].points == 0
    assert entries[-1].reason == "市级领导批示，同级领导再次批示，不重复计分"


def test_lianyungang_adds_up_what_several_journals_and_a_governor_bring() -> None:
    entries = scored(
        a_measure(),
        adoption(1, "DAILY"),
        adoption(2, "SPECIAL"),
        instruction(3, "province"),
        adoption(4, "任何国办刊物", level="state"),
    )
    assert total(entries) == 300 + 1000 + 5000 + 5000


def test_guangyuan_two_morning_briefs_and_a_picture_bring_4_and_a_half() -> None:
    rules = """
    [[adoption]]
    journals = ["DAILY"]
    article = 1
    points = 2
    [[adoption]]
    level = "city"
    forms = ["图片"]
    article = 1
    points = 0.5
    """
    measure = a_measure(rules=rules)
    entries = scored(measure, adoption(1, "DAILY"), adoption(2, "DAILY"), adoption(3, "PORTAL", form="图片"))
    assert total(entries) == 450


def test_guangyuan_an_adopted_commission_brings_5_more() -> None:
    measure = a_measure("[commission]\narticle = 6\npoints = 5")
    entries = scored(measure, adoption(1, "DAILY", commissioned=True))
    assert [(entry.code, entry.article, entry.points) for entry in entries] == [
        ("adoption:DAILY", "第一条", 300),
        ("commission", "第六条", 500),
    ]


def test_a_bureau_measure_gives_every_unit_of_a_digest_3_points() -> None:
    digest = '[[adoption]]\njournals = ["DAILY"]\nforms = ["综合"]\narticle = 1\npoints = 3\ndigest = true'
    entries = scored(a_measure(digest), adoption(1, "DAILY", COUNTY, BUREAU, POINT, form="综合"))
    assert [entry.points for entry in entries] == [300, 300, 300]
    assert entries[0].reason == "《每日要情》综合采用"


def test_only_the_best_journal_counts_where_the_measure_says_so() -> None:
    entries = scored(a_measure(combine="highest"), adoption(1, "DAILY"), adoption(2, "SPECIAL"))
    assert [(entry.points, entry.article) for entry in entries] == [(0, "第四条"), (1000, "第一条")]
    assert entries[0].reason == "《每日要情》单条采用，同一信息就高计分，此项不重复计分"


def test_of_two_equal_adoptions_the_earlier_one_counts() -> None:
    later, earlier = adoption(1, "SPECIAL", day=date(2026, 4, 1)), adoption(2, "EXTRA", day=MARCH)
    entries = scored(a_measure(combine="highest"), later, earlier)
    assert [(entry.fact_id, entry.points) for entry in entries] == [(2, 1000), (1, 0)]


def test_a_highest_rule_leaves_the_points_of_leaders_notes_alone() -> None:
    entries = scored(a_measure(combine="highest"), adoption(1, "DAILY"), adoption(2, "EXTRA"), instruction(3, "city"))
    assert total(entries) == 2000


def test_leaders_of_different_ranks_each_count() -> None:
    entries = scored(a_measure(), instruction(1, "city"), instruction(2, "province"))
    assert total(entries) == 6000


def test_a_class_can_have_its_own_points() -> None:
    rule = '[submission]\narticle = 7\npoints = 0.5\nby_class = { "部门" = 1 }'
    measure = a_measure(rule, joint="full_each")
    entries = scored(measure, submission(1, COUNTY, BUREAU))
    assert [(entry.points, entry.reason) for entry in entries] == [
        (50, "报送信息（2家联合报送，按第三条各计满分）"),
        (100, "报送信息（2家联合报送，按第三条各计满分）"),
    ]


def test_an_item_handed_in_twice_is_paid_for_once() -> None:
    measure = a_measure("[submission]\narticle = 7\npoints = 1")
    entries = scored(measure, submission(1), submission(2, day=date(2026, 3, 5)))
    assert [entry.points for entry in entries] == [100, 0]


def test_joint_units_can_get_a_fixed_number_each() -> None:
    entries = scored(a_measure(joint="fixed_each\npoints = 4"), adoption(1, "EXTRA", COUNTY, BUREAU))
    assert [(entry.points, entry.article) for entry in entries] == [(400, "第三条"), (400, "第三条")]


def test_a_unit_alone_gets_the_whole_even_where_joint_items_are_fixed() -> None:
    assert total(scored(a_measure(joint="fixed_each\npoints = 4"), adoption(1, "EXTRA"))) == 1000


def test_a_unit_named_twice_is_one_unit() -> None:
    entries = scored(a_measure(), adoption(1, "EXTRA", COUNTY, COUNTY))
    assert [(entry.unit_id, entry.points) for entry in entries] == [(COUNTY, 1000)]


def test_notes_and_journals_that_are_report_only_are_shown_with_0_points() -> None:
    measure = a_measure('[report_only]\narticle = 5\ninstruction = true\nlevels = ["city"]')
    entries = scored(measure, adoption(1, "DAILY"), instruction(2, "city"), adoption(3, "X", level="state"))
    assert [(entry.points, entry.article, entry.reason) for entry in entries] == [
        (0, "第五条", "《每日要情》单条采用，只登记不计分"),
        (0, "第五条", "市级领导批示，只登记不计分"),
        (5000, "第一条", "国家级刊物单条采用"),
    ]


def test_a_journal_the_measure_does_not_know_is_shown_as_a_gap() -> None:
    (entry,) = scored(a_measure(), adoption(1, "PORTAL", issue="2026年增刊1"))
    assert (entry.code, entry.article, entry.points) == ("unlisted", "", 0)
    assert entry.reason == "市级刊物2026年增刊1单条采用，考评办法没有规定分值，不计分"


def test_a_leader_of_a_rank_without_points_is_shown_as_a_gap() -> None:
    (entry,) = scored(a_measure(), instruction(1, "county"))
    assert (entry.code, entry.points) == ("unlisted", 0)


def test_a_day_without_any_measure_is_said_so() -> None:
    (entry,) = scored(a_measure(), adoption(1, "DAILY", day=date(2025, 12, 31)))
    assert (entry.code, entry.points) == ("no_measure", 0)
    assert entry.reason.endswith("当日没有施行的考评办法，不计分")


def test_the_number_of_the_issue_stands_in_the_reason() -> None:
    (entry,) = scored(a_measure(), adoption(1, "DAILY", issue="128"))
    assert entry.reason == "《每日要情》第128期单条采用"


def test_a_commission_pays_once_however_often_the_item_is_used() -> None:
    measure = a_measure("[commission]\narticle = 6\npoints = 5")
    entries = scored(measure, adoption(1, "DAILY", commissioned=True), adoption(2, "EXTRA", commissioned=True))
    assert [entry.fact_id for entry in entries if entry.code == "commission"] == [1]


def test_a_commission_that_nobody_used_pays_nothing() -> None:
    measure = a_measure("[commission]\narticle = 6\npoints = 5")
    unused = Fact(1, "submission", 1, MARCH, (COUNTY,), 7, commissioned=True)
    assert scored(measure, unused) == []


def test_a_commission_used_only_where_nothing_is_scored_pays_nothing() -> None:
    measure = a_measure('[commission]\narticle = 6\npoints = 5\n[report_only]\narticle = 5\nlevels = ["city"]')
    assert total(scored(measure, adoption(1, "DAILY", commissioned=True))) == 0


def test_each_fact_is_scored_under_the_measure_of_its_day() -> None:
    text = a_text(combine="highest")
    last_year = text.replace("2026-01-01", "2025-01-01\neffective_to = 2025-12-31")
    old, new = parse_measure(last_year.replace("points = 3", "points = 1")), parse_measure(text)
    facts = [adoption(1, "DAILY", day=date(2025, 12, 31)), adoption(2, "EXTRA", day=date(2026, 1, 1))]
    entries = score_item(facts, [new, old], class_of)
    assert [entry.points for entry in entries] == [100, 1000]


def test_the_sample_pays_a_county_for_the_whole_way_of_an_item() -> None:
    facts = [
        Fact(1, "submission", 1, MARCH, (COUNTY,), 7),
        Fact(2, "adoption", 1, MARCH, (COUNTY,), 7, "MRYQ", "city", "单条", commissioned=True),
        Fact(3, "adoption", 1, date(2026, 4, 3), (COUNTY,), 7, "SZB", "province", "专报"),
        Fact(4, "instruction", 1, date(2026, 4, 8), (COUNTY,), 7, rank="province"),
    ]
    entries = score_item(facts, [SAMPLE], lambda unit, day: "县（市、区）")
    assert [(entry.article, entry.points) for entry in entries] == [
        ("第五条", 50),
        ("第六条", 300),
        ("第十一条", 200),
        ("第七条", 3000),
        ("第十条", 3000),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        [adoption(1, "DAILY"), Fact(2, "adoption", 2, MARCH, (COUNTY,), 7)],
        [adoption(1, "DAILY"), adoption(1, "DAILY")],
        [Fact(1, "applause", 1, MARCH, (COUNTY,), 7)],
    ],
    ids=["two items", "one fact twice", "unknown kind"],
)
def test_facts_that_make_no_sense_together_are_refused(facts: list[Fact]) -> None:
    with pytest.raises(ValueError, match="fact"):
        score_item(facts, [SAMPLE], class_of)


def test_no_facts_make_no_entries() -> None:
    assert score_item([], [SAMPLE], class_of) == []


@given(points=st.integers(-10_000_000, 10_000_000), parts=st.integers(1, 60))
def test_the_parts_of_a_split_make_up_the_whole(points: int, parts: int) -> None:
    shares = split_equally(points, parts)
    assert len(shares) == parts
    assert sum(shares) == points
    assert max(shares) - min(shares) <= 1
    assert list(shares) == sorted(shares, reverse=True)


def test_nothing_can_be_split_among_nobody() -> None:
    with pytest.raises(ValueError, match="0 parts"):
        split_equally(100, 0)


ALL_MEASURES = [
    a_measure(
        "[commission]\narticle = 6\npoints = 2\n[submission]\narticle = 7\npoints = 0.5",
        joint=joint,
        combine=combine,
    )
    for joint in ("split_equal", "full_each", "fixed_each\npoints = 4")
    for combine in ("cumulative", "highest")
]


@st.composite
def some_facts(draw: st.DrawFn) -> list[Fact]:
    """Facts of one item with different ids, among three units over the turn of a year."""
    facts = []
    for number in draw(st.lists(st.integers(1, 99), unique=True, max_size=8)):
        kind = draw(st.sampled_from(["submission", "adoption", "instruction"]))
        facts.append(
            Fact(
                number,
                kind,
                1,
                draw(st.dates(date(2025, 12, 30), date(2026, 1, 3))),
                tuple(draw(st.lists(st.sampled_from([COUNTY, BUREAU, POINT]), unique=True, min_size=1))),
                7,
                draw(st.sampled_from(["DAILY", "EXTRA", "PORTAL"])),
                draw(st.sampled_from(["city", "state"])),
                draw(st.sampled_from(["单条", "综合"])),
                draw(st.sampled_from(["city", "province", "county", None])),
                draw(st.booleans()),
            )
        )
    return facts


@given(facts=some_facts(), measure=st.sampled_from(ALL_MEASURES), data=st.data())
def test_the_order_in_which_facts_come_does_not_matter(
    facts: list[Fact], measure: Measure, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(facts))
    assert scored(measure, *shuffled) == scored(measure, *facts)


@given(facts=some_facts().filter(bool), measure=st.sampled_from(ALL_MEASURES))
def test_an_adoption_revoked_and_made_again_leaves_the_same_entries(facts: list[Fact], measure: Measure) -> None:
    before = scored(measure, *facts)
    scored(measure, *facts[1:])
    assert scored(measure, *facts[1:], facts[0]) == before


@given(facts=some_facts(), measure=st.sampled_from(ALL_MEASURES))
def test_every_unit_of_every_fact_of_an_adoption_or_note_sees_an_entry(facts: list[Fact], measure: Measure) -> None:
    seen = {(entry.fact_id, entry.unit_id) for entry in scored(measure, *facts)}
    assert seen == {(fact.id, unit) for fact in facts for unit in fact.units}


@given(facts=some_facts(), measure=st.sampled_from(ALL_MEASURES))
def test_points_are_never_given_without_an_article(facts: list[Fact], measure: Measure) -> None:
    for entry in scored(measure, *facts):
        assert entry.points >= 0
        assert entry.article or entry.points == 0


@given(facts=some_facts())
def test_where_the_highest_counts_a_unit_is_paid_for_one_adoption_at_most(facts: list[Fact]) -> None:
    paid: dict[int, int] = {}
    for entry in scored(a_measure(combine="highest"), *facts):
        if entry.code.startswith("adoption") and entry.points:
            paid[entry.unit_id] = paid.get(entry.unit_id, 0) + 1
    assert all(times == 1 for times in paid.values())
