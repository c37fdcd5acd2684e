"""The ledger of commissions on both engines: its lines, its counts, and what stands behind them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.assignment_ledger import Counts, Line, total
from domain.commission import ALLOWED, Kind, Outcome, Source, Way
from domain.moment import to_ms
from storage import assignment_ledger as ledger
from storage import commission as commissions
from storage.assignment_ledger import By, Selection
from storage.commission import NewAssignment, NewCommission
from storage.engine import Store, Tx
from tests.support import commissions as story
from tests.support.commissions import CLERK, ZHANG, happened, issued
from tests.support.office import moment

NOW = moment("11-23")


def counted(lines: list[Line], now_ms: int) -> Counts:
    """The counts as the rules of one line give them."""
    return Counts(
        Counter(line.outcome for line in lines if line.outcome is not None),
        len({line.head.id for line in lines}),
        len(lines),
        sum(line.is_excused for line in lines),
        sum(bool(line.received_ms) for line in lines),
        sum(line.is_delivered for line in lines),
        sum(line.is_delivered and not line.is_late for line in lines),
        sum(line.is_adopted for line in lines),
        sum(line.is_open for line in lines),
        sum(line.is_missing(now_ms) for line in lines),
    )


def live_through(tx: Tx, seed: int) -> None:
    """A dozen commissions to whom chance does everything that may happen."""
    draw = random.Random(seed)
    for number in range(12):
        at = moment("11-02") + timedelta(days=number)
        new = NewCommission(
            f"主题{number}", to_ms(at + timedelta(days=4)), draw.choice(list(Source)), draw.choice(list(Way)),
            theme=draw.choice(["", "水利", "旅游"]), off_chat=draw.random() < 0.2,
        )  # fmt: skip
        _, assignments = issued(tx, new, draw.sample([2, 3, 4, 5], draw.randint(1, 4)), at)
        for assignment in assignments:
            for step in range(draw.randint(0, 5)):
                kind = draw.choice([kind for kind, stages in ALLOWED.items() if assignment.now.stage in stages])
                when = at + timedelta(days=2 * step, hours=draw.randint(1, 9))
                item_id = None
                if kind is Kind.ANSWERED and draw.random() < 0.8:
                    state = draw.choice(["received", "adopted", "merged"])
                    item_id = story.item(tx, f"{seed}-{assignment.id}-{step}", assignment.unit_id, ZHANG, when, state)
                    if state == "merged":
                        digest = story.item(tx, f"{seed}-{assignment.id}-{step}-d", 1, CLERK, when, "adopted")
                        tx.run("UPDATE item SET merged_into = ? WHERE id = ?", digest, item_id)
                outcome = draw.choice(list(Outcome)) if kind is Kind.CLOSED else None
                due = when + timedelta(days=3) if "extension" in kind.value else None
                assignment = happened(tx, assignment, kind, when, ZHANG, item_id=item_id, due=due, outcome=outcome)


@pytest.mark.parametrize("seed", range(4))
async def test_counts_in_sql_are_what_the_rules_of_a_line_give(settled: Store, seed: int) -> None:
    await settled.run(live_through, seed)
    now_ms = to_ms(NOW)
    for chosen in (Selection(), Selection(unit_ids=(2, 4)), Selection(open_only=True)):
        lines = await settled.read(ledger.lines, chosen)
        assert lines
        keys: dict[By, Callable[[Line], str | int]] = {
            By.UNIT: lambda line: line.unit_id,
            By.THEME: lambda line: line.head.theme,
            By.CHAT_THEME: lambda line: "" if line.head.off_chat else line.head.theme,
            By.SOURCE: lambda line: line.head.source.value,
            By.WAY: lambda line: line.head.way.value,
        }
        for by, key in keys.items():
            found = await settled.read(ledger.count, chosen, by, now_ms)
            assert set(found) == {key(line) for line in lines}
            for word, counts in found.items():
                assert counts == counted([line for line in lines if key(line) == word], now_ms)
        by_way = await settled.read(ledger.count, chosen, By.WAY, now_ms)
        assert total(by_way.values()) == counted(lines, now_ms)


async def test_overdue_and_missed_are_the_lines_the_rules_name(settled: Store) -> None:
    await settled.run(live_through, 7)
    now_ms = to_ms(NOW)
    lines = await settled.read(ledger.lines, Selection())
    missing = await settled.read(ledger.lines, Selection(missing_at_ms=now_ms))
    assert missing == [line for line in lines if line.is_missing(now_ms)]
    assert missing
    span = (to_ms(moment("11-08")), to_ms(moment("11-18")))
    missed = await settled.read(ledger.lines, Selection(missed_from_ms=span[0], missed_before_ms=span[1]))
    assert missed == [line for line in lines if line.is_missed and span[0] <= line.due_ms < span[1]]
    assert missed


async def test_each_commission_has_its_own_counts_and_nearest_due_time(settled: Store) -> None:
    await settled.run(live_through, 7)
    lines = await settled.read(ledger.lines, Selection())
    for one in await settled.read(ledger.by_commission, Selection(), to_ms(NOW)):
        own = [line for line in lines if line.head == one.head]
        assert one.counts == counted(own, to_ms(NOW))
        assert one.due_ms == min((line.due_ms for line in own if line.is_open), default=0)


def two_years(tx: Tx) -> None:
    """One commission of last year that 清河区 never answered, one of this year."""
    old = datetime.fromisoformat("2025-12-20T09:00+08:00")
    _, (yunshan, _) = issued(tx, NewCommission("去年的", to_ms(old + timedelta(days=5))), [2, 3], old)
    happened(tx, yunshan, Kind.CLOSED, old + timedelta(days=6), CLERK, outcome=Outcome.SENT)
    issued(tx, NewCommission("今年的", to_ms(NOW)), [5, 2], moment("11-20"))
    commissions.draft(tx, NewCommission("还没有下达", to_ms(NOW)), [NewAssignment(3)], CLERK, to_ms(NOW))


async def test_a_year_brings_along_what_is_open_from_before_and_no_draft(settled: Store) -> None:
    await settled.run(two_years)
    year = (to_ms(moment("01-01", "00:00")), to_ms(moment("01-01", "00:00", 2027)))

    async def told(chosen: Selection) -> list[tuple[str, int]]:
        return [(line.head.topic, line.unit_id) for line in await settled.read(ledger.lines, chosen)]

    this_year = [("今年的", 5), ("今年的", 2)]
    assert await told(Selection(issued_from_ms=year[0], issued_before_ms=year[1])) == this_year
    carried = Selection(issued_from_ms=year[0], issued_before_ms=year[1], carried=True)
    assert await told(carried) == [("去年的", 3), *this_year]
    assert await told(Selection()) == [("去年的", 2), ("去年的", 3), *this_year]
    assert await told(Selection(unit_ids=(3,))) == [("去年的", 3)]
    assert await told(Selection(unit_ids=())) == []


def with_everything(tx: Tx) -> None:
    """云山县 was reminded by the office, signed, answered twice; the second was adopted; closed, reopened, closed."""
    at = moment("11-16")
    new = NewCommission("水库", to_ms(NOW), requirement="写问题", class_name="问题")
    targets = [NewAssignment(2, angle="管护经费"), NewAssignment(3)]
    _, (yunshan, _) = issued(tx, new, targets, at)
    yunshan = happened(tx, yunshan, Kind.RECEIVED, at, CLERK)
    yunshan = happened(tx, yunshan, Kind.RECEIVED, at, ZHANG)
    for number in ("2026-0001", "2026-0002"):
        item_id = story.item(tx, number, 2, ZHANG, at)
        yunshan = happened(tx, yunshan, Kind.ANSWERED, at + timedelta(days=1), ZHANG, item_id=item_id)
    story.adopted(tx, item_id, "2026-11-20")
    yunshan = happened(tx, yunshan, Kind.CLOSED, moment("11-20"), CLERK, outcome=Outcome.SENT, note="先销")
    yunshan = happened(tx, yunshan, Kind.REOPENED, moment("11-21"), CLERK)
    happened(tx, yunshan, Kind.CLOSED, moment("11-22"), 1, outcome=Outcome.ADOPTED, note="第128期")


async def test_what_stands_behind_a_line_is_told_by_assignment(settled: Store) -> None:
    await settled.run(with_everything)
    everything = Selection()
    first, second = await settled.read(ledger.lines, everything)
    assert (first.head.requirement, first.head.class_name, first.head.issuer) == ("写问题", "问题", "吴科员")
    assert (first.is_adopted, second.is_adopted) == (True, False)
    assert await settled.read(ledger.angles, everything) == {first.id: "管护经费"}
    assert await settled.read(ledger.signers, everything) == {first.id: "张三"}
    assert await settled.read(ledger.numbers, everything) == {first.id: ("2026-0001", "2026-0002")}
    assert await settled.read(ledger.adoptions, everything) == {first.id: [("meiri", "128")]}
    assert await settled.read(ledger.closers, everything) == {first.id: ("周科长", "第128期")}


async def test_units_are_called_by_their_short_names_and_stand_for_by_their_first_reporter(settled: Store) -> None:
    labels = await settled.read(ledger.unit_labels)
    assert list(labels.items())[:3] == [(1, "市府办"), (2, "云山县"), (3, "清河区")]
    reporters = await settled.read(ledger.reporters, NOW.date())
    assert reporters == {2: "张三", 3: "王五", 4: "赵六", 5: "孙七"}
