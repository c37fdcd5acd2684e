"""When the bot may speak of its own accord."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moment import ZONE
from domain.quiet import SpeakingHours
from domain.workday import load_builtin

CALENDAR = load_builtin()
HOURS = SpeakingHours()
START = datetime(2026, 1, 1, tzinfo=ZONE)
MOMENTS = st.builds(
    lambda seconds, zone: (START + timedelta(seconds=seconds)).astimezone(zone),
    st.integers(0, 2 * 365 * 24 * 3600),
    st.sampled_from([ZONE, UTC]),
)


def at(month: int, day: int, clock: str) -> datetime:
    return datetime.combine(date(2026, month, day), time.fromisoformat(clock), tzinfo=ZONE)


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (at(11, 23, "09:00"), at(11, 23, "09:00")),
        (at(11, 23, "08:30"), at(11, 23, "08:30")),
        (at(11, 23, "07:15"), at(11, 23, "08:30")),
        (at(11, 23, "11:45"), at(11, 23, "14:30")),
        (at(11, 23, "12:30"), at(11, 23, "14:30")),
        (at(11, 23, "17:29:59"), at(11, 23, "17:29:59")),
        (at(11, 23, "17:30"), at(11, 24, "08:30")),
        (at(11, 27, "20:00"), at(11, 30, "08:30")),
        (at(10, 1, "09:00"), at(10, 8, "08:30")),
        (at(10, 9, "18:00"), at(10, 10, "08:30")),
    ],
)
def test_what_is_not_urgent_waits_for_the_next_window(asked: datetime, allowed: datetime) -> None:
    assert HOURS.next_allowed(asked, CALENDAR) == allowed


def test_hours_are_the_offices_whatever_zone_the_moment_came_in() -> None:
    asked = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)

    assert HOURS.next_allowed(asked, CALENDAR) == at(11, 23, "14:30")


def test_an_office_that_speaks_on_all_days_speaks_on_sunday() -> None:
    hours = SpeakingHours(windows=((time(9), time(21)),), workdays_only=False)

    assert hours.next_allowed(at(11, 22, "10:00"), CALENDAR) == at(11, 22, "10:00")
    assert hours.next_allowed(at(11, 21, "22:00"), CALENDAR) == at(11, 22, "09:00")


def test_a_moment_without_a_zone_is_a_fault() -> None:
    with pytest.raises(ValueError, match="zone"):
        HOURS.next_allowed(at(11, 23, "09:00").replace(tzinfo=None), CALENDAR)


@pytest.mark.parametrize(
    "windows",
    [
        (),
        ((time(9), time(9)),),
        ((time(17), time(9)),),
        ((time(14), time(17)), (time(9), time(11))),
        ((time(9), time(12)), (time(11), time(17))),
    ],
)
def test_windows_that_make_no_sense_are_refused(windows: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="window"):
        SpeakingHours(windows=windows)


@given(MOMENTS)
def test_waiting_never_goes_back_and_ends_within_a_window(moment: datetime) -> None:
    allowed = HOURS.next_allowed(moment, CALENDAR)

    assert allowed >= moment
    assert HOURS.next_allowed(allowed, CALENDAR) == allowed
    assert CALENDAR.is_workday(allowed.astimezone(ZONE).date())
    assert allowed - moment < timedelta(days=11)
