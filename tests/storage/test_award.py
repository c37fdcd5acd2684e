"""Awards as they were decided: nothing is deleted, what was taken back says by whom and why."""

from __future__ import annotations

from storage import award
from storage.award import NewDecision
from storage.engine import Store, Tx

HEAD, COUNTY, REPORTER = 1, 2, 5


def unit_award(year: int = 2026, name: str = "先进单位") -> NewDecision:
    return NewDecision(year, name, "县（市、区）", COUNTY, None, "proposed", "", "", HEAD)


async def test_a_decision_stands_until_a_second_one_takes_it_back(settled: Store) -> None:
    def story(tx: Tx) -> list[award.Decision]:
        award.decide(tx, unit_award(), 1000)
        new = NewDecision(2026, "优秀信息员", "县（市、区）", COUNTY, REPORTER, "out", "一票否决", "复核", HEAD)
        award.decide(tx, new, 2000)
        award.decide(tx, unit_award(2025), 500)
        first = award.of_year(tx, 2026)[0]
        award.revoke(tx, first, "公示有异议", HEAD, 3000)
        return award.of_year(tx, 2026)

    unit, person = await settled.run(story)
    assert (unit.award, unit.unit_id, unit.person_id, unit.person) == ("先进单位", COUNTY, None, "")
    assert (unit.stands, unit.revoked_by, unit.revoked_because, unit.revoked_ms) == (
        False,
        "周科长",
        "公示有异议",
        3000,
    )
    assert (person.person, person.outcome, person.grounds, person.reason) == ("张三", "out", "一票否决", "复核")
    assert (person.stands, person.by, person.at_ms) == (True, "周科长", 2000)
