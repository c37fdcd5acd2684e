"""Points are kept as totals and must always equal what a recomputation from the facts gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.office import build_office
from bot.settings import Settings
from domain.adoption import Adoption
from domain.errors import BaosongError
from domain.instruction import Instruction
from domain.item import Item
from domain.moment import ZONE
from domain.roster import Person
from domain.scoring import Entry, score_item
from services import desk, desk_facts, submission
from services.office import class_lookup
from services.points import facts_of
from storage import item as items
from storage import ledger, recount, roster
from storage.engine import Store, Tx
from tests.support import city

OFFICE = build_office(Settings())
NEW_YEAR = datetime(2026, 1, 5, 9, 0, tzinfo=ZONE)
REPORTERS = [id for id, (_, role, _) in enumerate(city.PEOPLE.values(), start=1) if role == "信息员"]
HEAD = list(city.PEOPLE).index("周科长") + 1


@dataclass(frozen=True)
class Deed:
    """One thing that happens in the story: who or what is picked by `which`, `day` days into the year."""

    kind: str
    which: int
    other: int
    day: int


deeds = st.builds(
    Deed,
    st.sampled_from(
        ["submit", "submit", "adopt", "adopt", "adopt", "revoke", "instruct", "merge", "withdraw", "return"]
    ),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 350),
)


def person(tx: Tx, id: int, now: datetime) -> Person:
    found = roster.person(tx, id, now.date())
    assert found is not None
    return found


def all_items(tx: Tx) -> list[Item]:
    found = (items.by_id(tx, id) for (id,) in tx.all("SELECT id FROM item ORDER BY id"))
    return [item for item in found if item is not None]


def act(tx: Tx, deed: Deed) -> None:
    """Let it happen the way people make it happen; what the office refuses just does not happen."""
    now = NEW_YEAR + timedelta(days=deed.day)
    there = all_items(tx)
    if deed.kind == "submit" or not there:
        submit(tx, deed, len(there), now)
        return
    item = there[-1 - deed.which % min(len(there), 6)]
    clerk = desk.Clerk(tx, OFFICE, person(tx, HEAD, now), now)
    if deed.kind == "adopt":
        journal = OFFICE.journals[deed.other % len(OFFICE.journals)]
        form = journal.forms[deed.day % len(journal.forms)]
        desk.adopt_item(clerk, item, Adoption(journal, str(deed.other), form, now.date(), deed.other % 5 == 0))
    elif deed.kind == "revoke":
        desk.revoke(clerk, item, "instruction" if deed.other % 3 == 0 else "adoption", "", "", "登记有误")
    elif deed.kind == "instruct":
        rank = ("county", "city", "province", "state")[deed.other % 4]
        desk_facts.instruct(clerk, item, Instruction(rank, now.date()))
    elif deed.kind == "merge":
        desk.merge(clerk, [item.number, there[-1 - deed.other % min(len(there), 6)].number], f"综合{len(there)}")
    elif deed.kind == "withdraw":
        submission.withdraw(tx, OFFICE, person(tx, item.author_id, now), item.number, now)
    else:
        desk.return_item(clerk, item.number, "请补充")


def submit(tx: Tx, deed: Deed, number: int, now: datetime) -> None:
    author = person(tx, REPORTERS[deed.which % len(REPORTERS)], now)
    with_others = tuple(range(2, 2 + deed.other % 4))
    draft = submission.Draft(f"第{number}件事", "正文", units=with_others, commissioned=deed.other % 7 == 0, new=True)
    submission.submit(tx, OFFICE, author, draft, platform="onebot", chat="200001", event_key=f"m:{number}", now=now)


def story(tx: Tx, happenings: list[Deed]) -> int:
    """Returns how much of it really happened."""
    done = 0
    for deed in happenings:
        try:
            with tx.savepoint():
                act(tx, deed)
            done += 1
        except BaosongError:
            continue
    return done


def due_entries(tx: Tx) -> Counter[Entry]:
    """What every item is worth by its standing facts alone."""
    class_of = class_lookup(tx)
    return Counter(
        entry for item in all_items(tx) for entry in score_item(facts_of(tx, item), OFFICE.measures, class_of)
    )


def due_totals(tx: Tx) -> Counter[tuple[str, int, str]]:
    sums: Counter[tuple[str, int, str]] = Counter()

    def add(day: date, unit: int, what: str, number: int) -> None:
        for code in ledger.period_codes(day):
            sums[code, unit, what] += number

    for entry, times in due_entries(tx).items():
        add(entry.day, entry.unit_id, "points", entry.points * times)
    for item in all_items(tx):
        live = facts_of(tx, item)
        adopted = sorted((fact.day, fact.id) for fact in live if fact.kind == "adoption")[:1]
        for unit in item.units:
            for fact in live:
                if fact.kind == "submission":
                    add(fact.day, unit, "submitted", 1)
            for day, _ in adopted:
                add(day, unit, "adopted", 1)
    return Counter({key: n for key, n in sums.items() if n})


def kept_totals(tx: Tx) -> Counter[tuple[str, int, str]]:
    rows = tx.all("SELECT period, unit_id, points, submitted, adopted FROM score_period")
    names = ("points", "submitted", "adopted")
    return Counter({(row[0], row[1], what): n for row in rows for what, n in zip(names, row[2:], strict=True) if n})


@settings(
    max_examples=25,
    # One database for all examples is meant: the older stories stay under the newer ones and must stay right.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happenings=st.lists(deeds, min_size=1, max_size=14))
async def test_totals_entries_and_facts_agree_after_any_story(settled: Store, happenings: list[Deed]) -> None:
    await settled.run(story, happenings)

    def check(tx: Tx) -> None:
        booked = Counter(entry for item in all_items(tx) for _, entry in ledger.booked(tx, item.id))
        assert booked == due_entries(tx)
        assert kept_totals(tx) == due_totals(tx)
        assert recount.differences(tx, 2026) == []

    await settled.read(check)


async def test_the_stories_are_about_something(settled: Store) -> None:
    kinds = ("submit", "adopt", "instruct", "adopt", "revoke", "submit", "submit", "merge", "adopt")
    happenings = [Deed(kind, 0, at, 20 * at) for at, kind in enumerate(kinds)]
    assert await settled.run(story, happenings) >= len(kinds) - 1
    assert sum(n for (code, _, what), n in (await settled.read(due_totals)).items() if what == "points") > 0


async def test_facts_and_entries_are_appended_and_never_changed(settled: Store) -> None:
    def rows(tx: Tx) -> tuple[list[object], list[object]]:
        facts: list[object] = [*tx.all("SELECT * FROM fact ORDER BY id")]
        entries: list[object] = [*tx.all("SELECT * FROM entry ORDER BY seq")]
        return facts, entries

    before: tuple[list[object], list[object]] = ([], [])
    for at, kind in enumerate(("submit", "adopt", "adopt", "instruct", "revoke", "revoke")):
        await settled.run(story, [Deed(kind, 0, at + 1, at)])
        after = await settled.read(rows)
        for old, new in zip(before, after, strict=True):
            assert new[: len(old)] == old
        before = after
    assert before[1]


async def test_a_fact_is_taken_back_at_most_once(settled: Store) -> None:
    await settled.run(story, [Deed("submit", 0, 0, 0), Deed("adopt", 0, 1, 1)])
    (item,) = await settled.read(all_items)
    fact = (await settled.read(facts_of, item))[-1]
    second = ledger.NewFact("revocation", item.id, date(2026, 2, 1), HEAD, revokes=fact.id)
    await settled.run(ledger.append_fact, second, 0)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await settled.run(ledger.append_fact, second, 0)


async def test_the_best_of_a_class_and_the_rank_of_one(settled: Store) -> None:
    def fill(tx: Tx) -> None:
        for unit, points, adopted in ((2, 500, 1), (3, 700, 0), (4, 500, 0), (5, 500, 2)):
            ledger.add_to_totals(tx, unit, "甲", date(2026, 11, 3), points=points, submitted=1, adopted=adopted)
        ledger.add_to_totals(tx, 2, "甲", date(2026, 10, 3), points=50)

    await settled.run(fill)
    best = await settled.read(ledger.top, "2026-11", "甲", 3)
    assert [(one.unit_id, one.points) for one in best] == [(3, 700), (5, 500), (2, 500)]
    ranks = [await settled.read(ledger.rank_of, "2026-11", unit) for unit in (3, 2, 4)]
    assert [found[1] for found in ranks if found] == [1, 2, 2]
    assert await settled.read(ledger.sums_of, 2, ["2026Q4"]) == (550, 1, 1)
    sums = await settled.read(ledger.totals_in_class, ["2026-10", "2026-11"], "甲")
    assert {one.unit_id: one.points for one in sums} == {2: 550, 3: 700, 4: 500, 5: 500}
    assert {type(one.points) for one in sums} == {int}


async def test_the_newest_issue_of_each_journal_is_known_without_what_was_taken_back(settled: Store) -> None:
    def adopt(tx: Tx) -> dict[str, tuple[str, date]]:
        new = items.NewItem("标题", "正文", "动态", "单条", 5, (2,), "onebot", "", False, "", "", "")
        item_id = items.add(tx, new, items.next_number(tx, 2026), 0, "").id
        for journal, issue, day in (
            ("MRYQ", "9", 20), ("MRYQ", "10", 20), ("MRYQ", "88", 2), ("ZWXX", "2026-3", 21), ("LDCY", "5", 1),
        ):  # fmt: skip
            fact = ledger.NewFact("adoption", item_id, date(2026, 11, day), HEAD, journal=journal, issue=issue)
            ledger.append_fact(tx, fact, 0)
        wrong = ledger.NewFact("adoption", item_id, date(2026, 11, 22), HEAD, journal="MRYQ", issue="99")
        back = ledger.NewFact("revocation", item_id, date(2026, 11, 22), HEAD, revokes=ledger.append_fact(tx, wrong, 0))
        ledger.append_fact(tx, back, 0)
        return ledger.latest_issues(tx, date(2026, 11, 2))

    assert await settled.run(adopt) == {"MRYQ": ("10", date(2026, 11, 20)), "ZWXX": ("2026-3", date(2026, 11, 21))}
