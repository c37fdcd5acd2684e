"""One item in several journals: what counts beside what, within a level and across levels."""

from __future__ import annotations

from datetime import date

import pytest

from tests.domain.items import (
    ADOPTIONS,
    BUREAU,
    COUNTY,
    MARCH,
    NOTES,
    a_measure,
    adoption,
    brief,
    combine,
    instruction,
    scored,
    total,
)

APRIL = date(2026, 4, 1)
CITY = [adoption(1, "DAILY"), adoption(2, "EXTRA"), adoption(3, "SPECIAL", day=APRIL)]
PROVINCE = [adoption(4, "PROV", level="province", day=APRIL)]
MODES = ["cumulative", "highest", "once", "delta"]


def both(within: str, across: str) -> str:
    return f'[combine]\narticle = 4\nwithin_level = "{within}"\nacross_levels = "{across}"\n'


@pytest.mark.parametrize(
    ("within", "across", "points"),
    [
        ("cumulative", "cumulative", [300, 1000, 1000, 2000]),
        ("cumulative", "highest", [300, 1000, 1000, 0]),
        ("cumulative", "once", [300, 1000, 1000, 0]),
        ("cumulative", "delta", [300, 1000, 1000, 0]),
        ("highest", "cumulative", [0, 1000, 0, 2000]),
        ("highest", "highest", [0, 0, 0, 2000]),
        ("highest", "once", [0, 1000, 0, 0]),
        ("highest", "delta", [0, 1000, 0, 1000]),
        ("once", "cumulative", [300, 0, 0, 2000]),
        ("once", "highest", [0, 0, 0, 2000]),
        ("once", "once", [300, 0, 0, 0]),
        ("once", "delta", [300, 0, 0, 1700]),
        ("delta", "cumulative", [300, 700, 0, 2000]),
        ("delta", "highest", [0, 0, 0, 2000]),
        ("delta", "once", [300, 700, 0, 0]),
        ("delta", "delta", [300, 700, 0, 1000]),
    ],
)
def test_every_pair_of_modes_within_a_level_and_across_levels(within: str, across: str, points: list[int]) -> None:
    measure = a_measure(ADOPTIONS, both(within, across))
    assert [entry.points for entry in scored(measure, *CITY, *PROVINCE)] == points


def test_what_does_not_count_says_why_and_by_which_article() -> None:
    entries = scored(a_measure(ADOPTIONS, combine("highest")), adoption(1, "DAILY"), adoption(2, "SPECIAL"))
    assert [(entry.points, entry.article) for entry in entries] == [(0, "第四条"), (1000, "第一条")]
    assert entries[0].reason == "《每日要情》单条采用，同一信息就高计分，此项不重复计分"
    once = scored(a_measure(ADOPTIONS, combine("once")), adoption(1, "DAILY"), adoption(2, "SPECIAL"))
    assert brief(once)[1] == (0, "《专报信息》单条采用，同一信息只计一次，此项不重复计分")
    delta = scored(a_measure(ADOPTIONS, combine("delta")), adoption(1, "DAILY"), adoption(2, "SPECIAL"))
    assert brief(delta)[1] == (700, "《专报信息》单条采用，同一信息按第四条补差，计高出的7分")


@pytest.mark.parametrize("mode", ["highest", "once", "delta"])
def test_of_two_equal_adoptions_the_earlier_one_counts(mode: str) -> None:
    later, earlier = adoption(1, "SPECIAL", day=APRIL), adoption(2, "EXTRA", day=MARCH)
    entries = scored(a_measure(ADOPTIONS, combine(mode)), later, earlier)
    assert [(entry.fact_id, entry.points) for entry in entries] == [(2, 1000), (1, 0)]


@pytest.mark.parametrize("mode", MODES)
def test_the_points_of_leaders_notes_are_left_alone(mode: str) -> None:
    entries = scored(a_measure(ADOPTIONS, NOTES, combine(mode)), adoption(1, "EXTRA"), instruction(2, "city"))
    assert total(entries) == 2000


@pytest.mark.parametrize("mode", MODES)
def test_what_the_measure_does_not_list_takes_nothing_from_what_it_does(mode: str) -> None:
    entries = scored(a_measure(ADOPTIONS, combine(mode)), adoption(1, "PORTAL"), adoption(2, "EXTRA"))
    assert [entry.points for entry in entries] == [0, 1000]
    assert entries[0].code == "unlisted"


def test_units_do_not_take_each_others_points() -> None:
    measure = a_measure(ADOPTIONS, combine("once"))
    entries = scored(measure, adoption(1, "DAILY", COUNTY), adoption(2, "EXTRA", COUNTY, BUREAU))
    assert total(entries, COUNTY) == 300
    assert total(entries, BUREAU) == 1000


EXTERNAL = '[[rule]]\nkind = "external"\narticle = 1\nlevels = ["province"]\n'
CITY_ONLY = '[[rule]]\nkind = "adoption"\narticle = 1\nlevels = ["city"]\npoints = 5\n'


def test_points_still_unknown_may_turn_out_to_be_the_highest() -> None:
    measure = a_measure(CITY_ONLY, EXTERNAL, combine("highest"))
    unknown = adoption(2, "PROV", level="province")
    entries = scored(measure, adoption(1, "DAILY"), unknown)
    assert [(entry.points, entry.pending) for entry in entries] == [(500, False), (0, True)]
    known = scored(measure, adoption(1, "DAILY"), adoption(2, "PROV", level="province", points=800))
    assert [entry.points for entry in known] == [0, 800]


def test_points_still_unknown_that_can_never_count_do_not_wait() -> None:
    measure = a_measure(CITY_ONLY, EXTERNAL, combine("once"))
    entries = scored(measure, adoption(1, "DAILY"), adoption(2, "PROV", level="province"))
    assert [(entry.points, entry.pending) for entry in entries] == [(500, False), (0, False)]
