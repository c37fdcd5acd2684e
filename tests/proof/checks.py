"""What must hold at the end of any history."""

from __future__ import annotations

import random
from datetime import date

from domain.period import Period, month_of
from domain.scoring import Entry, score_item
from domain.scoring.settle import settle
from services import points
from services.board import boards, boards_as_of
from services.office import class_lookup, parent_lookup
from services.points.settling import record_of
from services.points.units import worth_of
from services.why import account
from storage import ledger, recount, settlement, snapshot, unit_fact
from storage.engine import Tx
from tests.proof.story import UNITS, YEAR, Told, shown

MONTHS = [month_of(date(2026, month, 1)) for month in range(1, 13)]


def totals_are_those_of_a_full_recomputation(tx: Tx, told: Told) -> None:
    """The totals that are kept are the sums of the entries, and these in sum what the facts alone are worth."""
    assert recount.differences(tx, 2026) == []
    anew = _anew(tx, told)
    for unit in UNITS:
        assert ledger.sums_of(tx, unit, ["2026"])[0] == sum(entry.points for entry in anew if entry.unit_id == unit)
    if not told.frozen:
        for unit in UNITS:
            for month in MONTHS:
                own = sum(e.points for e in anew if e.unit_id == unit and month.first <= e.day <= month.last)
                assert ledger.sums_of(tx, unit, [month.code])[0] == own


def _anew(tx: Tx, told: Told) -> list[Entry]:
    class_of, parent_of, measures = class_lookup(tx), parent_lookup(tx), told.office.measures
    found = [
        entry
        for item in told.items
        for entry in score_item(points.facts_of(tx, item), measures, class_of, parent_of)
    ]  # fmt: skip
    for unit in UNITS:
        found += worth_of(tx, measures, unit_fact.live(tx, unit))
    settled = ledger.computed_through(tx)
    if settled is None:
        return found
    for unit in UNITS:
        earned = settlement.Year(tuple(entry for entry in found if entry.unit_id == unit and entry.fact_id), ())
        found += settle(record_of(tx, unit, 2026, earned), measures, settled)
    return found


def the_order_of_facts_does_not_matter(tx: Tx, told: Told) -> None:
    """The same facts in any order give the same entries."""
    draw = random.Random(len(told.items))
    for item in told.items:
        facts = points.facts_of(tx, item)
        mixed = draw.sample(facts, len(facts))
        rules = (told.office.measures, class_lookup(tx), parent_lookup(tx))
        assert score_item(mixed, *rules) == score_item(facts, *rules)


def every_figure_is_explained(tx: Tx, told: Told) -> None:
    """What /得分明细 lists sums to what the board shows, by category as well."""
    for period in (YEAR, month_of(told.now.date())):
        for name, rows in boards(tx, period, told.office.measures).items():
            for row in rows:
                found = account(tx, told.office, row.unit.id, period)
                assert found.points == row.points, (name, row)
                assert sum(group.points for group in found.groups) == row.points


def boards_as_of_then_are_the_boards_shown_then(tx: Tx, told: Told) -> None:
    """A board as of a past moment is the one somebody saw at that moment."""
    for moment, period, seen in told.boards:
        assert shown(boards_as_of(tx, period, told.office.measures, moment).classes) == seen


def what_was_frozen_is_unchanged(tx: Tx, told: Told) -> None:
    """Whatever was corrected later, the frozen bytes are those of the day, and the totals of the month too."""
    for code, content in told.frozen.items():
        kept = snapshot.find(tx, code)
        assert kept is not None
        assert kept.content == content


def frozen_months_book_nothing_more(tx: Tx, told: Told, period: Period) -> None:
    """The points of a frozen month are those on its frozen board."""
    from domain.snapshot import from_bytes

    frozen = from_bytes(told.frozen[period.code])
    for board in frozen.classes:
        for row in board.rows:
            assert ledger.sums_of(tx, row.unit_id, [period.code])[0] == row.period.get("points", 0)


def all_of_it(tx: Tx, told: Told) -> None:
    """Every check."""
    totals_are_those_of_a_full_recomputation(tx, told)
    the_order_of_facts_does_not_matter(tx, told)
    every_figure_is_explained(tx, told)
    boards_as_of_then_are_the_boards_shown_then(tx, told)
    what_was_frozen_is_unchanged(tx, told)
    for month in MONTHS:
        if month.code in told.frozen:
            frozen_months_book_nothing_more(tx, told, month)
