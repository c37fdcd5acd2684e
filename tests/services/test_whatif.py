"""A draft measure tried on a month that was: who would stand where, and nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.measure import parse_measure
from domain.period import parse_period
from services import points
from services.whatif import Change, Trial, try_out
from storage import ledger
from storage.engine import Store, Tx
from storage.ledger import NewFact
from tests.services.test_points import OFFICE, TEXT, adopt, missed, send
from tests.support.facts import an_item
from tests.support.office import moment

NOW = moment("05-04")
DRAFT = TEXT.replace("2026-01-01", "2027-01-01").replace("points = 3", "points = 0.5")


def others_send(tx: Tx, day: str) -> None:
    """清河区 sends an item."""
    item, now = an_item(tx, (3,)), moment(day)
    points.record_first(tx, OFFICE, item, NewFact("submission", item.id, now.date(), 7), now)


def april(tx: Tx) -> None:
    """云山县: one item, adopted (4 points). 清河区: three items, none adopted (3 points)."""
    adopt(tx, send(tx, "04-07"), "04-20", at="04-20")
    for day in ("04-08", "04-09", "04-10"):
        others_send(tx, day)


def tried(tx: Tx, draft: str, said: str = "4月") -> Trial:
    before = ledger.last_seq(tx), tx.all("SELECT * FROM score_period ORDER BY period, unit_id")
    trial = try_out(tx, OFFICE, parse_measure(draft), parse_period(said, NOW.date()), NOW)
    assert (ledger.last_seq(tx), tx.all("SELECT * FROM score_period ORDER BY period, unit_id")) == before
    return trial


def counties(trial: Trial) -> list[tuple[str, int | None, int | None, int]]:
    """(unit, rank, rank under the draft, points gained)"""
    return [(one.unit.label, one.rank, one.trial_rank, one.gained) for one in trial.classes["县（市、区）"]]


async def test_who_would_gain_and_who_would_lose(store: Store) -> None:
    def story(tx: Tx) -> Trial:
        april(tx)
        return tried(tx, DRAFT)

    trial = await store.run(story)
    assert (trial.title, trial.period.label, trial.as_of) == ("办法", "2026年4月", NOW)
    assert counties(trial) == [("清河区", 2, 1, 0), ("云山县", 1, 2, -250)]
    assert [one.climbed for one in trial.classes["县（市、区）"]] == [1, -1]
    assert list(trial.classes) == ["县（市、区）", "重点部门", "一般部门"]


async def test_the_measure_in_force_tried_on_itself_changes_nothing(store: Store) -> None:
    def story(tx: Tx) -> list[Change]:
        april(tx)
        missed(tx, "04-20", at="04-21")
        return [one for changes in tried(tx, TEXT).classes.values() for one in changes]

    changes = await store.run(story)
    assert {(one.gained, one.climbed) for one in changes} == {(0, 0)}
    assert {one.unit.id: one.points for one in changes} == {2: 400 - 100 - 500, 3: 300 - 200, 4: -200, 5: -200}


async def test_what_a_unit_missed_counts_as_the_draft_has_it(store: Store) -> None:
    harder = DRAFT.replace("points = -5", "points = -9").replace("at_least = 2", "at_least = 3")

    def story(tx: Tx) -> list[tuple[str, int | None, int | None, int]]:
        april(tx)
        for day in ("04-20", "04-21"):
            missed(tx, day, at="04-22")
        return counties(tried(tx, harder, "今年"))

    # January to April cost 7 points, a month still running nothing. As it is, the year of 云山县 is zero; under the
    # draft it stands: 1.5 points less 7 for the months, less 18 for the commissions.
    assert await store.run(story) == [("清河区", 2, 1, 0), ("云山县", 1, 2, 150 - 700 - 1800)]


async def test_what_was_registered_late_stands_in_its_own_month_on_both_sides(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[str, int | None, int | None, int]]:
        item = send(tx, "04-07")
        tx.run(
            "INSERT INTO score_cycle (period, state, first_day, last_day, changed_ms)"
            " VALUES ('2026-04', 'frozen', '2026-04-01', '2026-04-30', 0)"
        )
        ledger.forget_cycle(tx)
        adopt(tx, item, "04-20", at="05-02")
        return counties(tried(tx, DRAFT))

    assert await store.run(story) == [("云山县", 1, 1, -250), ("清河区", 2, 2, 0)]


async def test_units_the_draft_leaves_out_are_not_ranked_nor_asked_for_a_quota(store: Store) -> None:
    exempt = DRAFT + '[[exempt]]\narticle = 5\nunits = ["云山县"]\nfirst = 2026-01-01\n'

    def story(tx: Tx) -> list[tuple[str, int | None, int | None, int]]:
        april(tx)
        return counties(tried(tx, exempt))

    assert await store.run(story) == [("清河区", 2, 1, 0), ("云山县", 1, None, -150)]


async def test_without_a_measure_in_force_everything_is_gain(store: Store) -> None:
    def story(tx: Tx) -> list[int]:
        april(tx)
        office = replace(OFFICE, measures=())
        trial = try_out(tx, office, parse_measure(TEXT), parse_period("4月", date(2026, 5, 4)), NOW)
        return [one.points for one in trial.classes["县（市、区）"]]

    assert await store.run(story) == [0, 0]
