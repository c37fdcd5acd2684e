"""Urgent cases as rows, on either engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.moment import from_ms
from domain.urgent import Kind, Report, State, Step, Urgent, UrgentRules
from storage import urgent
from storage.engine import Store, Tx
from storage.urgent import SENT, SKIPPED, NewUrgent

NOW = 1_795_398_060_000
MAJOR = UrgentRules().grades[1]


def opened(tx: Tx, year: int = 2026) -> Urgent:
    return urgent.add(tx, NewUrgent(MAJOR, 2, 5, NOW, NOW - 9, NOW, NOW + 15, NOW + 35), year)


async def test_cases_are_numbered_within_their_year(settled: Store) -> None:
    def story(tx: Tx) -> None:
        numbers = [opened(tx).number, opened(tx).number, opened(tx, 2027).number]
        assert numbers == ["急 2026-001", "急 2026-002", "急 2027-001"]
        assert urgent.by_number(tx, "急 2026-003") is None

    await settled.run(story)


async def test_a_case_comes_back_as_it_was_saved(settled: Store) -> None:
    def story(tx: Tx) -> None:
        case = opened(tx)
        assert urgent.by_number(tx, case.number) == case
        assert (case.grade, case.follows, case.state, case.happened_ms) == ("重大", True, State.OPEN, NOW - 9)
        moved = replace(
            case, phone_ms=1, first_ms=2, follow_ups=3, answered_ms=4, closed_ms=5, next_ms=6, reason="误报",
            state=State.VOID,
        )  # fmt: skip
        urgent.save(tx, moved)
        assert urgent.by_number(tx, case.number) == moved

    await settled.run(story)


async def test_only_an_open_case_whose_time_has_come_is_due(settled: Store) -> None:
    def story(tx: Tx) -> None:
        due, later, closed, resting = (opened(tx) for _ in range(4))
        urgent.save(tx, replace(due, next_ms=NOW))
        urgent.save(tx, replace(later, next_ms=NOW + 1))
        urgent.save(tx, replace(closed, next_ms=NOW, state=State.CLOSED))
        assert [case.id for case in urgent.open_ones(tx)] == [due.id, later.id, resting.id]
        assert urgent.is_due(tx, NOW)
        assert [case.id for case in urgent.due(tx, NOW)] == [due.id]
        assert not urgent.is_due(tx, NOW - 1)

    await settled.run(story)


async def test_a_report_is_written_once(settled: Store) -> None:
    def story(tx: Tx) -> None:
        case = opened(tx)
        first = Report(Kind.FIRST, 0, NOW + 20, NOW + 35, 5)
        assert urgent.report(tx, case.id, first, NOW + 21)
        assert not urgent.report(tx, case.id, replace(first, at_ms=NOW + 30), NOW + 31)
        follow = Report(Kind.FOLLOW, 1, NOW + 40, 0, 5)
        urgent.report(tx, case.id, follow, NOW + 40)
        assert urgent.reports(tx, case.id) == [first, follow]

    await settled.run(story)


async def test_a_reminder_is_written_once_and_is_then_not_fresh(settled: Store) -> None:
    def story(tx: Tx) -> None:
        case = opened(tx)
        limit = from_ms(NOW)
        warning = Step(Kind.PHONE, True, limit, limit - timedelta(minutes=10))
        at_limit = Step(Kind.PHONE, False, limit, limit)
        both = [(warning, NOW), (at_limit, NOW)]
        assert urgent.fresh(tx, case.id, both) == [warning, at_limit]
        assert urgent.note_reminder(tx, case.id, warning, NOW, SENT, NOW)
        assert not urgent.note_reminder(tx, case.id, warning, NOW, SKIPPED, NOW)
        assert urgent.fresh(tx, case.id, both) == [at_limit]

    await settled.run(story)
