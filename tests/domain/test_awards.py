"""Who is proposed for an award, and why somebody is not: in words and with the article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.awards import Candidate, Contender, Proposal, propose
from domain.measure.model import Award, Exempt, Measure, Quota, Result, Veto
from domain.ranking import Tally
from domain.scoring.record import Record
from tests.domain.measures import TOWN, a_measure, grant, happened, sent

YEAR_END = date(2026, 12, 31)
BEST_UNITS = Award(15, "先进单位", "unit", (), 2)
BEST_PERSONS = Award(16, "先进个人", "person", (TOWN,), 1)
TWO_A_MONTH = Quota("submit", 5, "submitted", "month", grant(2), for_awards=True)
ALL_YEAR = tuple(date(2026, month, day) for month in range(1, 13) for day in (5, 15))


def a_unit(
    unit_id: int, points: int, *, days: Sequence[date] = ALL_YEAR, events: Sequence[tuple[str, date]] = ()
) -> Contender:
    facts = tuple(fact for event, day in events for fact in happened(event, day))
    record = Record(unit_id, 2026, TOWN, sent(*days), (), facts, (f"{unit_id}号镇",))
    return Contender(Tally(unit_id, points), TOWN, facts, record)


def proposal(measure: Measure, *units: Contender, upto: date = YEAR_END) -> Proposal:
    (found,) = propose([measure], upto, units=units)
    return found


def outcomes(found: Proposal) -> list[tuple[int, str]]:
    return [(one.id, one.outcome) for one in found.candidates]


def words(one: Candidate) -> list[tuple[str, str]]:
    return [(ground.article, ground.words) for ground in one.grounds]


def test_the_places_go_to_the_first_of_the_class_and_who_comes_next_is_shown() -> None:
    found = proposal(a_measure(awards=(BEST_UNITS,)), a_unit(1, 300), a_unit(2, 900), a_unit(3, 500))
    assert outcomes(found) == [(2, "proposed"), (3, "proposed"), (1, "next")]
    assert (found.award, found.article, found.unit_class, found.places) == ("先进单位", "第十五条", TOWN, 2)


def test_who_missed_a_quota_takes_no_place_and_reads_in_which_months() -> None:
    lazy = [day for day in ALL_YEAR if day.month not in (3, 7)]
    measure = a_measure(awards=(BEST_UNITS,), quotas=[TWO_A_MONTH])
    found = proposal(measure, a_unit(1, 900, days=[*lazy, date(2026, 7, 1)]), a_unit(2, 500), a_unit(3, 400))
    assert outcomes(found) == [(1, "out"), (2, "proposed"), (3, "proposed")]
    assert words(found.candidates[0]) == [
        ("第五条", "任务没有完成：3月报送0条，任务2条；7月报送1条，任务2条"),
    ]
    assert found.candidates[0].rank == 1


def test_a_quota_counts_for_an_award_only_where_the_quota_or_the_award_says_so() -> None:
    plain = Quota("submit", 5, "submitted", "month", grant(2))
    named = Award(15, "先进单位", "unit", (), 2, ("submit",))
    assert outcomes(proposal(a_measure(awards=(BEST_UNITS,), quotas=[plain]), a_unit(1, 900, days=[]))) == [
        (1, "proposed")
    ]
    assert outcomes(proposal(a_measure(awards=(named,), quotas=[plain]), a_unit(1, 900, days=[]))) == [(1, "out")]


def test_a_look_ahead_judges_only_the_months_that_are_over() -> None:
    measure = a_measure(awards=(BEST_UNITS,), quotas=[TWO_A_MONTH])
    until_march = [day for day in ALL_YEAR if day.month <= 3]
    found = proposal(measure, a_unit(1, 900, days=until_march), upto=date(2026, 4, 29))
    assert outcomes(found) == [(1, "proposed")]


def test_a_concealed_report_rules_out_every_award_whatever_the_points() -> None:
    measure = a_measure(awards=(BEST_UNITS,), vetoes=(Veto(14, ("urgent.concealed",)),))
    found = proposal(measure, a_unit(1, 99900, events=[("urgent.concealed", date(2026, 3, 12))]), a_unit(2, 100))
    assert outcomes(found) == [(1, "out"), (2, "proposed")]
    assert found.candidates[0].grounds[0].article == "第十四条"
    assert found.candidates[0].grounds[0].words.startswith("3月12日")


def test_below_the_line_exempt_or_without_points_nobody_is_proposed() -> None:
    clause = Exempt(12, ("3号镇",), date(2026, 1, 1), None)
    measure = a_measure(awards=(BEST_UNITS,), exempt=(clause,), result=Result(fail_line=grant(6000), article=10))
    found = proposal(measure, a_unit(1, 5200), a_unit(2, 0), a_unit(3, 9000))
    assert {one.id: words(one) for one in found.candidates} == {
        3: [("第十二条", "免考评，不参加评比")],
        1: [("第十条", "全年52分，低于达标线60分")],
        2: [("第十条", "全年0分，低于达标线60分"), ("", "没有得分")],
    }


def test_in_autumn_nobody_is_below_the_line_of_the_year_yet() -> None:
    measure = a_measure(awards=(BEST_UNITS,), result=Result(fail_line=grant(6000), article=10))
    assert outcomes(proposal(measure, a_unit(1, 5200), upto=date(2026, 10, 31))) == [(1, "proposed")]


def test_equal_units_that_do_not_all_fit_are_left_to_people() -> None:
    found = proposal(a_measure(awards=(BEST_UNITS,)), a_unit(1, 900), a_unit(2, 500), a_unit(3, 500), a_unit(4, 100))
    assert outcomes(found) == [(1, "proposed"), (2, "tied"), (3, "tied"), (4, "next")]


def test_a_place_is_not_given_away_by_the_order_of_rows_where_boards_number_every_row() -> None:
    measure = a_measure(awards=(Award(15, "先进单位", "unit", (), 1),), result=Result(ties="order"))
    found = proposal(measure, a_unit(1, 500), a_unit(2, 500))
    assert [(one.id, one.rank, one.outcome) for one in found.candidates] == [(1, 1, "tied"), (2, 2, "tied")]


def test_persons_are_compared_by_their_own_tallies_and_events() -> None:
    measure = a_measure(awards=(BEST_PERSONS,), vetoes=(Veto(14, ("quality.untrue",)),), quotas=[TWO_A_MONTH])
    untrue = happened("quality.untrue", date(2026, 5, 6))
    persons = [Contender(Tally(11, 900), TOWN, untrue), Contender(Tally(12, 500), TOWN), Contender(Tally(13, 0), TOWN)]
    (found,) = propose([measure], YEAR_END, persons=persons)
    assert outcomes(found) == [(11, "out"), (12, "proposed"), (13, "out")]


def test_units_are_compared_within_their_class() -> None:
    measure = a_measure(awards=(BEST_UNITS,), classes=(TOWN, "部门"))
    found = propose([measure], YEAR_END, units=[a_unit(1, 900), Contender(Tally(2, 100), "部门")])
    assert [(one.unit_class, outcomes(one)) for one in found] == [
        (TOWN, [(1, "proposed")]),
        ("部门", [(2, "proposed")]),
    ]


def test_without_a_measure_there_are_no_awards() -> None:
    assert propose([], YEAR_END, units=[a_unit(1, 900)]) == []


@given(points=st.lists(st.integers(-5, 5), max_size=12), places=st.integers(1, 5))
def test_no_more_are_proposed_than_there_are_places_and_nobody_better_is_passed_over(
    points: list[int], places: int
) -> None:
    measure = a_measure(awards=(Award(15, "先进单位", "unit", (), places),))
    units = [Contender(Tally(at, value), TOWN) for at, value in enumerate(points)]
    found = proposal(measure, *units).candidates
    proposed = [one.points for one in found if one.outcome == "proposed"]
    passed_over = [one.points for one in found if one.outcome in ("tied", "next")]
    assert len(proposed) <= places
    assert min(proposed, default=9) > max(passed_over, default=-9)
    assert len(proposed) == places or not any(one.outcome == "next" for one in found) or passed_over
