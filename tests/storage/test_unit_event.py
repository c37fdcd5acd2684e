"""Lists of what happened to units, on both engines."""

from __future__ import annotations

from datetime import date

from services import points
from storage import unit_event
from storage.engine import Store, Tx
from storage.unit_event import Listed
from storage.unit_fact import NewUnitFact
from tests.support.office import moment, sample_office

OFFICE, NOW, CLERK, HEAD = sample_office(), moment("11-23"), 2, 1
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def happened(tx: Tx, unit: int, day: date, given: int) -> int:
    fact = NewUnitFact("adjustment", unit, day, CLERK, points=given, article="第六条", reason="说明")
    return points.record_unit_fact(tx, OFFICE, fact, NOW)


async def test_the_newest_comes_first_with_points_and_who_registered_or_took_it_back(settled: Store) -> None:
    def story(tx: Tx) -> list[list[Listed]]:
        first = happened(tx, 2, date(2026, 11, 20), -500)
        happened(tx, 3, date(2026, 11, 21), 200)
        points.revoke_unit_fact(tx, OFFICE, first, HEAD, "不属实", NOW)
        spans = (unit_event.listed(tx, *YEAR), unit_event.listed(tx, *YEAR, 2))
        return [*spans, unit_event.listed(tx, date(2026, 10, 1), date(2026, 10, 31))]

    everything, own, october = await settled.run(story)
    assert [(one.unit_id, one.points, one.by) for one in everything] == [(3, 200, "吴科员"), (2, 0, "吴科员")]
    assert [(one.revoked_by, one.revoked_because, one.reason) for one in own] == [("周科长", "不属实", "说明")]
    assert october == []
