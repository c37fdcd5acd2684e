"""From the facts of an item to entries: what each kind of fact is worth, and laws that hold for any facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.measure import Measure, parse_measure
from domain.scoring import Fact, score_item
from tests.domain.items import (
    ADOPTIONS,
    BONUS,
    BUREAU,
    COUNTY,
    HEAD,
    MARCH,
    NAMES,
    NOTES,
    POINT,
    SENDING,
    SPLIT,
    a_measure,
    acceptable,
    adoption,
    brief,
    class_of,
    combine,
    event,
    instruction,
    scored,
    submission,
    total,
    upward,
)

SAMPLE = parse_measure((Path(__file__).parents[2] / "domain/data/measure-sample.toml").read_text(encoding="utf-8"))


# Adoptions.


def test_an_adoption_is_worth_what_its_journal_is_and_says_so() -> None:
    (entry,) = scored(a_measure(), adoption(1, "DAILY", issue="128"))
    assert (entry.code, entry.article, entry.category, entry.points) == ("adoption:DAILY", "第一条", "采用分", 300)
    assert entry.reason == "《每日要情》第128期单条采用"


def test_a_journal_the_measure_does_not_know_is_shown_as_a_gap() -> None:
    (entry,) = scored(a_measure(), adoption(1, "PORTAL", issue="2026年增刊1"))
    assert (entry.code, entry.article, entry.points) == ("unlisted", "", 0)
    assert entry.reason == "市级刊物2026年增刊1单条采用，考评办法没有规定分值，不计分"


def test_a_day_without_any_measure_is_said_so() -> None:
    (entry,) = scored(a_measure(), adoption(1, "DAILY", day=date(2025, 12, 31)))
    assert (entry.code, entry.points) == ("no_measure", 0)
    assert entry.reason.endswith("当日没有施行的考评办法，不计分")


SPECIAL_RULES = """
[[rule]]
kind = "adoption"
article = 1
levels = ["city"]
points = 1
[[rule]]
kind = "adoption"
article = 1
levels = ["city"]
forms = ["调研"]
points = 2
[[rule]]
kind = "adoption"
article = 1
journals = ["DAILY"]
points = 3
[[rule]]
kind = "adoption"
article = 1
journals = ["DAILY"]
classes = ["部门"]
points = 4
[[rule]]
kind = "adoption"
article = 1
journals = ["DAILY"]
forms = ["调研"]
points = 5
[[rule]]
kind = "adoption"
article = 1
journals = ["DAILY"]
routes = ["forwarded"]
points = 6
[[rule]]
kind = "adoption"
article = 1
points = 7
"""


@pytest.mark.parametrize(
    ("fact", "points"),
    [
        (adoption(1, "OTHER"), 100),
        (adoption(1, "OTHER", form="调研"), 200),
        (adoption(1, "DAILY"), 300),
        (adoption(1, "DAILY", BUREAU), 400),
        (adoption(1, "DAILY", BUREAU, form="调研"), 500),
        (adoption(1, "DAILY", BUREAU, form="调研", route="forwarded"), 600),
        (adoption(1, "FAR", level="state"), 700),
    ],
)
def test_the_most_special_rule_counts_a_journal_first_then_route_form_and_class(fact: Fact, points: int) -> None:
    assert [entry.points for entry in scored(a_measure(SPECIAL_RULES), fact)] == [points]


@pytest.mark.parametrize(
    ("split", "fact", "points"),
    [
        ('by_form = { "简讯" = 1, "单条" = 3 }', adoption(1, "DAILY", form="简讯"), 100),
        ('by_form = { "简讯" = 1, "单条" = 3 }', adoption(1, "DAILY", form="图片"), 0),
        ('points = 2\nby_form = { "简讯" = 1 }', adoption(1, "DAILY", form="图片"), 200),
        ('by_class = { "部门" = 1 }', adoption(1, "DAILY", BUREAU), 100),
        ('by_class = { "部门" = 1 }', adoption(1, "DAILY"), 0),
        ("by_level = { city = 1.25, province = 4 }", adoption(1, "PROV", level="province"), 400),
        ("by_level = { city = 1.25, province = 4 }", adoption(1, "ANY"), 125),
    ],
)
def test_points_can_be_split_by_form_class_or_level(split: str, fact: Fact, points: int) -> None:
    measure = a_measure(f'[[rule]]\nkind = "adoption"\narticle = 1\n{split}\n')
    assert total(scored(measure, fact), fact.units[0]) == points


EXTERNAL = """
[[rule]]
kind = "external"
article = 1
levels = ["province"]
routes = ["direct"]
factor = 1
[[rule]]
kind = "external"
article = 1
levels = ["province"]
routes = ["forwarded"]
factor = 2.5
"""


def test_the_superiors_points_count_by_the_way_the_item_went() -> None:
    fact = adoption(1, "PROV", level="province", route="forwarded", points=810)
    assert brief(scored(a_measure(EXTERNAL), fact)) == [(2025, "《省每日要情》单条采用，上级计8.1分，按2.5倍计")]
    assert brief(scored(a_measure(EXTERNAL), replace(fact, route="direct"))) == [
        (810, "《省每日要情》单条采用，上级计8.1分")
    ]


def test_points_the_superior_has_not_published_are_pending() -> None:
    (entry,) = scored(a_measure(EXTERNAL), adoption(1, "PROV", level="province", route="direct"))
    assert (entry.points, entry.pending, entry.code) == (0, True, "external:province:direct")
    assert entry.reason.endswith("上级计分尚未登记，待定")


ON_TOP = """
[[rule]]
kind = "adoption"
article = 1
journals = ["PROV"]
points = 10
[[rule]]
kind = "adoption"
article = 1
journals = ["PROVX"]
points = 30
on_top_of = "PROV"
"""


def test_a_journal_on_top_of_another_brings_the_points_of_both() -> None:
    special = adoption(1, "PROVX", level="province")
    assert brief(scored(a_measure(ON_TOP), special)) == [(4000, "《省专报》单条采用，在《省每日要情》10分之上再加30分")]
    both = scored(a_measure(ON_TOP), special, adoption(2, "PROV", level="province"))
    assert [entry.points for entry in both] == [3000, 1000]
    twice = scored(a_measure(ON_TOP), special, adoption(2, "PROVX", level="province"))
    assert [entry.points for entry in twice] == [4000, 3000]


def test_a_rule_that_only_shows_gives_no_points_and_no_bonus() -> None:
    shown = '[[rule]]\nkind = "adoption"\narticle = 5\njournals = ["DAILY"]\npoints = 3\nreport_only = true\n'
    entries = scored(a_measure(shown, BONUS), adoption(1, "DAILY", commissioned=True))
    assert [(entry.points, entry.article, entry.reason) for entry in entries] == [
        (0, "第五条", "《每日要情》单条采用，只登记不计分")
    ]


def test_notes_and_journals_that_are_report_only_are_shown_with_0_points() -> None:
    only = '[report_only]\narticle = 5\ninstruction = true\nlevels = ["city"]\n'
    entries = scored(
        a_measure(ADOPTIONS, NOTES, only), adoption(1, "DAILY"), instruction(2, "city"), adoption(3, "X", level="state")
    )
    assert [(entry.points, entry.article, entry.reason) for entry in entries] == [
        (0, "第五条", "《每日要情》单条采用，只登记不计分"),
        (0, "第五条", "市级领导批示，只登记不计分"),
        (5000, "第一条", "国家级刊物单条采用"),
    ]


# Sending, sending up, being fit.


def test_an_item_handed_in_twice_is_paid_for_once() -> None:
    entries = scored(a_measure(SENDING), submission(1), submission(2, day=date(2026, 3, 5)))
    assert brief(entries) == [(50, "报送信息"), (0, "报送信息，本条信息已计报送分，不重复计分")]


def test_a_measure_without_points_for_sending_says_nothing_about_it() -> None:
    assert scored(a_measure(), submission(1)) == []


ACCEPTABLE = '[[rule]]\nkind = "acceptable"\narticle = 7\npoints = 5\n'


def test_what_is_fit_earns_until_a_journal_takes_it() -> None:
    measure = a_measure(ADOPTIONS, ACCEPTABLE)
    assert brief(scored(measure, acceptable(1))) == [(500, "信息达标未采用")]
    assert brief(scored(measure, acceptable(1), adoption(2, "DAILY"))) == [
        (0, "信息达标未采用，已被采用，不再计达标分"),
        (300, "《每日要情》单条采用"),
    ]


UPWARD = '[[rule]]\nkind = "upward"\narticle = 8\nby_level = { province = 2, state = 10 }\n'


def test_sending_up_is_paid_once_for_each_level() -> None:
    entries = scored(a_measure(UPWARD), upward(1, "province"), upward(2, "province"), upward(3, "state"))
    assert brief(entries) == [
        (200, "选报省级"),
        (0, "选报省级，本条信息已计上报分，不重复计分"),
        (1000, "选报国家级"),
    ]


@pytest.mark.parametrize(("mode", "points"), [("cumulative", 2200), ("replaced", 2000)])
def test_points_for_sending_up_stand_beside_those_for_being_used_there_or_are_replaced(mode: str, points: int) -> None:
    measure = a_measure(ADOPTIONS, UPWARD, f'[combine]\narticle = 4\nupward = "{mode}"\n')
    entries = scored(measure, upward(1, "province"), adoption(2, "PROV", level="province"))
    assert total(entries) == points
    assert total(scored(measure, upward(1, "province"), adoption(2, "DAILY"))) == 500


# Leaders' notes.


def test_two_city_leaders_noting_the_same_item_are_one_rank() -> None:
    entries = scored(a_measure(), adoption(1, "DAILY"), instruction(2, "city"), instruction(3, "city"))
    assert total(entries) == 1300
    assert brief(entries)[-1] == (0, "市级领导批示，同级领导再次批示，不重复计分")


def test_leaders_of_different_ranks_each_count() -> None:
    assert total(scored(a_measure(), instruction(1, "city"), instruction(2, "province"))) == 6000


def test_a_leader_of_a_rank_without_points_is_shown_as_a_gap() -> None:
    (entry,) = scored(a_measure(), instruction(1, "county"))
    assert (entry.code, entry.points) == ("unlisted", 0)


def test_an_office_may_have_ranks_of_its_own() -> None:
    notes = '[[rule]]\nkind = "instruction"\narticle = 2\nranks = ["office_head"]\npoints = 20\n'
    assert brief(scored(a_measure(notes), instruction(1, "office_head"))) == [(2000, "办公室负责人批示")]


def test_a_leader_who_is_not_the_chief_may_count_half() -> None:
    notes = '[[rule]]\nkind = "instruction"\narticle = 2\nranks = ["city"]\npoints = 0.05\ndeputy_percent = 50\n'
    assert brief(scored(a_measure(notes), instruction(1, "city", detail="deputy"))) == [
        (3, "市级领导批示（非主要领导，按50%计）")
    ]


BY_JOURNAL = """
[[rule]]
kind = "instruction"
article = 2
ranks = ["city"]
journals = ["DAILY"]
points = 5
[[rule]]
kind = "instruction"
article = 2
ranks = ["city"]
journals = ["EXTRA"]
points = 10
[[rule]]
kind = "instruction"
article = 2
ranks = ["province"]
levels = ["province"]
points = 50
"""


def test_a_note_may_be_paid_by_the_journal_it_is_about() -> None:
    measure = a_measure(ADOPTIONS, BY_JOURNAL)
    daily, extra = adoption(1, "DAILY"), adoption(2, "EXTRA")
    assert total(scored(measure, daily, instruction(3, "city"))) == 800
    assert total(scored(measure, daily, extra, instruction(3, "city"))) == 2300
    assert total(scored(measure, daily, extra, instruction(3, "city", journal="DAILY"))) == 1800
    assert total(scored(measure, daily, instruction(3, "province"))) == 300
    later = adoption(2, "EXTRA", day=date(2026, 3, 9))
    assert total(scored(measure, daily, later, instruction(3, "city"))) == 1800


@pytest.mark.parametrize(("mode", "points"), [("add_n_times", 900), ("times_n", 600)])
def test_a_note_may_multiply_what_the_item_has_earned_by_then(mode: str, points: int) -> None:
    rule = f'[[rule]]\nkind = "multiplier"\narticle = 2\nranks = ["city"]\ntimes = 2\nmode = "{mode}"\n'
    measure = a_measure(ADOPTIONS, SENDING, rule)
    later = adoption(3, "EXTRA", day=date(2026, 4, 1))
    entries = scored(measure, submission(4), adoption(1, "DAILY"), instruction(2, "city"), later)
    assert total(entries) == points + 1000 + 50
    again = scored(measure, adoption(1, "DAILY"), instruction(2, "city"), instruction(5, "city"))
    assert total(again) == points


def test_a_multiplier_of_points_that_are_not_known_waits_too() -> None:
    rule = '[[rule]]\nkind = "multiplier"\narticle = 2\nranks = ["city"]\ntimes = 2\nmode = "add_n_times"\n'
    measure = a_measure(EXTERNAL, rule)
    fact = adoption(1, "PROV", level="province", route="direct")
    assert [entry.pending for entry in scored(measure, fact, instruction(2, "city"))] == [True, True]


def test_a_multiplier_sees_the_best_adoption_of_its_day_not_of_today() -> None:
    rule = '[[rule]]\nkind = "multiplier"\narticle = 2\nranks = ["city"]\ntimes = 2\nmode = "add_n_times"\n'
    measure = a_measure(ADOPTIONS, rule, combine("highest"))
    better = adoption(3, "EXTRA", day=date(2026, 4, 1))
    entries = scored(measure, adoption(1, "DAILY"), instruction(2, "city"), better)
    assert [entry.points for entry in entries] == [0, 600, 1000]


# Commissions and events of an item.


def test_a_commission_pays_once_with_the_first_adoption_that_is_scored() -> None:
    measure = a_measure(ADOPTIONS, BONUS)
    facts = [adoption(1, "PORTAL"), adoption(2, "DAILY", commissioned=True), adoption(3, "EXTRA")]
    entries = scored(measure, *facts)
    assert [(entry.fact_id, entry.category) for entry in entries if entry.code == "commission"] == [(2, "约稿分")]
    assert scored(measure, submission(1, commissioned=True)) == []


def test_an_event_of_an_item_is_scored_with_its_condition() -> None:
    rules = """
    [[rule]]
    kind = "event"
    article = 9
    events = ["quality.error"]
    points = -1
    [[rule]]
    kind = "event"
    article = 9
    events = ["quality.error"]
    only_if = "criticised"
    points = -5
    """
    measure = a_measure(rules)
    assert brief(scored(measure, event(1, "quality.error"))) == [(-100, "信息差错")]
    both = scored(measure, event(1, "quality.error"), event(2, "criticised"))
    assert brief(both)[0] == (-500, "信息差错，且被上级通报批评")


# The measure of the day.


def test_each_fact_is_scored_under_the_measure_of_its_day() -> None:
    text = HEAD + ADOPTIONS + combine("highest")
    last_year = text.replace("2026-01-01", "2025-01-01\neffective_to = 2025-12-31")
    old, new = parse_measure(last_year.replace("points = 3", "points = 1")), parse_measure(text)
    facts = [adoption(1, "DAILY", day=date(2025, 12, 31)), adoption(2, "EXTRA", day=date(2026, 1, 1))]
    assert [entry.points for entry in score_item(facts, [new, old], class_of)] == [100, 1000]


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


# Laws.

RULES = ADOPTIONS + NOTES + BONUS + SENDING + UPWARD + ACCEPTABLE
MULTIPLIER = '[[rule]]\nkind = "multiplier"\narticle = 2\nranks = ["county"]\ntimes = 2\nmode = "times_n"\n'
ROLLUP = '[[rollup]]\narticle = 10\nclasses = ["直报点"]\nshare = 50\n'
JOINTS = [
    SPLIT,
    '[joint]\narticle = 3\nmode = "full_each"\n',
    '[joint]\narticle = 3\nmode = "fixed_each"\npoints = 4\n',
    '[joint]\narticle = 3\nmode = "weighted"\nweights = [60, 25]\nedit_share = 50\nunits_keep = 30\n',
]
MODES = ["cumulative", "highest", "once", "delta"]
MEASURES = [a_measure(RULES, MULTIPLIER, joint, combine(mode), ROLLUP) for joint in JOINTS for mode in MODES]


@st.composite
def some_facts(draw: st.DrawFn) -> list[Fact]:
    """Facts of one item with different ids, among three units over the turn of a year."""
    facts = []
    for number in draw(st.lists(st.integers(1, 99), unique=True, max_size=8)):
        kind = draw(st.sampled_from(["submission", "acceptable", "upward", "adoption", "adoption", "instruction"]))
        facts.append(
            Fact(
                number,
                kind,
                1,
                draw(st.dates(date(2025, 12, 30), date(2026, 1, 3))),
                tuple(draw(st.lists(st.sampled_from(list(NAMES)), unique=True, min_size=1))),
                7,
                draw(st.sampled_from(["DAILY", "EXTRA", "PROVX", "PORTAL"])),
                draw(st.sampled_from(["city", "province", "state"])),
                draw(st.sampled_from(["单条", "综合"])),
                draw(st.sampled_from(["city", "province", "county", None])),
                draw(st.booleans()),
                share=draw(st.sampled_from([0, 60])),
            )
        )
    return facts


@given(facts=some_facts(), measure=st.sampled_from(MEASURES), data=st.data())
@settings(max_examples=60)
def test_the_order_in_which_facts_come_does_not_matter(
    facts: list[Fact], measure: Measure, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(facts))
    parents = {POINT: COUNTY}.get

    def parent_of(unit: int, day: date) -> int | None:
        return parents(unit)

    assert score_item(shuffled, [measure], class_of, parent_of) == score_item(facts, [measure], class_of, parent_of)


@given(facts=some_facts(), measure=st.sampled_from(MEASURES))
@settings(max_examples=60)
def test_every_unit_of_every_fact_sees_an_entry_and_no_two_entries_are_the_same(
    facts: list[Fact], measure: Measure
) -> None:
    entries = scored(measure, *facts)
    assert {(entry.fact_id, entry.unit_id) for entry in entries} == {
        (fact.id, unit) for fact in facts for unit in fact.units
    }
    assert len(set(entries)) == len(entries)


@given(facts=some_facts(), measure=st.sampled_from(MEASURES))
@settings(max_examples=60)
def test_points_are_never_given_without_an_article(facts: list[Fact], measure: Measure) -> None:
    for entry in scored(measure, *facts):
        assert entry.points >= 0
        assert (entry.article and entry.category) or entry.points == 0


@given(facts=some_facts(), joint=st.sampled_from(JOINTS))
@settings(max_examples=60)
def test_under_highest_and_once_a_unit_is_paid_for_one_adoption_at_most(facts: list[Fact], joint: str) -> None:
    for mode in ("highest", "once"):
        paid: dict[int, int] = {}
        for entry in scored(a_measure(RULES, joint, combine(mode)), *facts):
            if entry.code.startswith("adoption") and entry.points:
                paid[entry.unit_id] = paid.get(entry.unit_id, 0) + 1
        assert all(times == 1 for times in paid.values())


@given(facts=some_facts())
@settings(max_examples=60)
def test_making_up_the_difference_brings_what_the_highest_brings(facts: list[Fact]) -> None:
    def paid(mode: str) -> int:
        entries = scored(a_measure(RULES, combine(mode)), *facts)
        return sum(entry.points for entry in entries if entry.category == "采用分")

    assert paid("delta") == paid("highest")


def test_the_bureau_gets_what_its_class_gets() -> None:
    measure = a_measure('[[rule]]\nkind = "submission"\narticle = 7\npoints = 0.5\nby_class = { "部门" = 1 }\n')
    entries = scored(measure, submission(1, COUNTY, BUREAU))
    assert brief(entries) == [
        (50, "报送信息（2家联合报送，各计满分）"),
        (100, "报送信息（2家联合报送，各计满分）"),
    ]
