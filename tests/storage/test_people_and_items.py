"""The roster by day, and the life of an item: the same rows on either engine."""

from __future__ import annotations

import asyncio
from datetime import date

from domain.item import State
from domain.roster import DESK, REPORTERS, Role
from storage import binding, calendar, job, nudge, roster
from storage import item as items
from storage.engine import Store, Tx
from tests.support import city

DAY = date(2026, 11, 23)
NOON = 1_795_406_400_000
REPORTER = list(city.PEOPLE).index("张三") + 1


async def test_who_an_account_is_depends_on_the_day(settled: Store) -> None:
    someone = await settled.read(roster.person_of_account, "onebot", "20001", DAY)
    assert someone is not None
    assert (someone.name, someone.unit_id, someone.roles) == ("张三", 2, frozenset({Role.REPORTER}))
    assert someone == await settled.read(roster.person, someone.id, DAY)
    assert await settled.read(roster.person_of_account, "onebot", "99999", DAY) is None
    assert await settled.read(roster.person_of_account, "onebot", "20001", date(2025, 12, 31)) is None


async def test_units_people_and_groups_of_a_day(settled: Store) -> None:
    units = await settled.read(roster.units, DAY)
    assert [unit.label for unit in units] == ["市府办", "云山县", "清河区", "市发改委", "市文旅局"]
    assert await settled.read(roster.unit, 2, 2026) == units[1]
    assert await settled.read(roster.class_of, 2, DAY) == "县（市、区）"
    assert ("云山县", 2) in await settled.read(roster.unit_names, DAY)
    clerks = await settled.read(roster.people, DESK, DAY)
    assert [person.name for person in clerks] == ["周科长", "吴科员"]
    assert [p.name for p in await settled.read(roster.people_in, 2, REPORTERS, DAY)] == ["张三", "钱八"]
    assert [group.group_no for group in await settled.read(roster.groups, DAY)] == ["200001", "200002"]
    assert len(await settled.read(roster.all_accounts)) == len(city.PEOPLE)
    assert await settled.read(roster.units, date(2025, 1, 1)) == []


async def test_somebody_is_told_a_thing_once(settled: Store) -> None:
    told = [await settled.run(roster.told_before, "onebot", "99999", "unbound", NOON + at) for at in range(3)]
    assert told == [False, True, True]


async def test_a_group_is_told_a_thing_again_after_a_while(settled: Store) -> None:
    async def told(at_ms: int, since_ms: int) -> bool:
        return await settled.run(lambda tx: roster.told_before(tx, "wecom", "g:wr1", "new", at_ms, since_ms=since_ms))

    assert [await told(NOON, NOON - 9), await told(NOON + 5, NOON - 9), await told(NOON + 9, NOON + 9)] == [
        False, True, False,
    ]  # fmt: skip


async def test_a_code_binds_once_and_a_new_one_ends_the_old(settled: Store) -> None:
    await settled.run(binding.issue, "old", REPORTER, 1, NOON, NOON + 100)
    await settled.run(binding.issue, "new", REPORTER, 1, NOON + 10, NOON + 110)
    old, new = [await settled.read(binding.find_code, hash) for hash in ("old", "new")]
    assert old is not None
    assert new is not None
    assert (old.expires_ms, new.expires_ms) == (NOON + 10, NOON + 110)
    await settled.run(binding.use_code, "new", NOON + 20)
    assert await settled.run(binding.end_accounts, REPORTER, "handover", NOON + 30) == [("onebot", "20001")]
    assert await settled.read(roster.accounts_of, REPORTER) == []


def new_item(tx: Tx, title: str = "春耕备耕进展顺利", units: tuple[int, ...] = (2,)) -> str:
    number = items.next_number(tx, 2026)
    new = items.NewItem(
        title, "截至3月10日，全县春耕面积过半。", "动态", "单条", REPORTER, units, "onebot", "200001", False, "", "", ""
    )
    items.add(tx, new, number, NOON, f"m:{number}")
    return number


async def test_numbers_have_no_gap_although_some_submissions_fail(settled: Store) -> None:
    def unlucky(tx: Tx) -> str:
        new_item(tx)
        raise LookupError

    jobs = [settled.submit(unlucky if at % 3 == 1 else new_item) for at in range(9)]
    numbers = [n for n in await asyncio.gather(*jobs, return_exceptions=True) if isinstance(n, str)]
    assert numbers == [f"2026-{n:04d}" for n in range(1, 7)]
    assert await settled.run(items.next_number, 2027) == "2027-0001"


async def test_the_life_of_an_item(settled: Store) -> None:
    number = await settled.run(new_item, "一季度春耕", (2, 4))
    digest = await settled.run(new_item, "春耕综合")

    def live(tx: Tx) -> None:
        item = items.by_number(tx, number)
        assert item is not None
        assert (item.units, item.state, item.version, item.merged_into) == ((2, 4), State.RECEIVED, 1, None)
        items.revise(tx, item, "一季度春耕（改）", "改了。", NOON + 1, REPORTER, "m:2")
        items.attach(tx, item.id, 2, "春耕.docx", "0" * 64, b"PK\0\xff")
        items.mark_reviewed(tx, item.id, NOON + 2)
        items.mark_reviewed(tx, item.id, NOON + 9)
        other = items.by_number(tx, digest)
        assert other is not None
        items.move(tx, item, State.MERGED, NOON + 3, note="并入", merged_into=other.id)
        items.set_units(tx, other.id, (2, 4, 5))

    await settled.run(live)
    item, merged = [await settled.read(items.by_number, n) for n in (number, digest)]
    assert item is not None
    assert merged is not None
    assert (item.version, item.reviewed_ms, item.state, item.note) == (2, NOON + 2, State.MERGED, "并入")
    assert (item.merged_into, merged.units) == (merged.id, (2, 4, 5))
    assert await settled.read(items.merged_into, merged.id) == [item]
    assert (await settled.read(items.latest_version, item)).body == "改了。"
    assert await settled.read(lambda tx: tx.one("SELECT content FROM attachment")) == (b"PK\0\xff",)
    assert [one.number for one in await settled.read(items.of_author, REPORTER, 9)] == [digest, number]
    assert [one.number for one in await settled.read(items.pending, 9)] == [digest]
    assert await settled.read(items.pending_count) == 1


async def test_the_text_that_came_in_last_is_found_and_its_files_are_known_by_their_contents(settled: Store) -> None:
    older, newer = [await settled.run(new_item, title) for title in ("一季度春耕", "二季度夏收")]
    assert (found := await settled.read(items.last_written, REPORTER, NOON)) is not None
    assert found.number == newer

    def correct(tx: Tx) -> int:
        item = items.by_number(tx, older)
        assert item is not None
        items.revise(tx, item, "一季度春耕（改）", "改了。", NOON + 1, REPORTER, "m:2")
        items.attach(tx, item.id, 2, "附图1.png", "0" * 64, b"\x89PNG")
        return item.id

    corrected = await settled.run(correct)
    assert (found := await settled.read(items.last_written, REPORTER, NOON + 1)) is not None
    assert found.id == corrected
    assert await settled.read(items.last_written, REPORTER, NOON + 2) is None
    assert await settled.read(items.last_written, REPORTER + 1, NOON) is None
    assert await settled.read(items.files, corrected) == [("附图1.png", b"\x89PNG")]
    assert [await settled.read(items.has_attachment, corrected, digit * 64) for digit in "01"] == [True, False]


async def test_a_run_of_a_job_happens_once_unless_it_failed(settled: Store) -> None:
    def claim(tx: Tx) -> bool:
        return job.claim(tx, "scoreboard", "2026-10", NOON, NOON, (job.FAILED,))

    assert [await settled.run(claim) for _ in range(2)] == [True, False]
    assert await settled.run(job.fail, "scoreboard", "2026-10", NOON, NOON, "no paper") == 2
    assert [run.info for run in await settled.read(job.failed)] == ["no paper"]
    assert [await settled.run(claim) for _ in range(2)] == [True, False]
    await settled.run(job.skip, "scoreboard", "2026-10", NOON, NOON, "late")
    last = await settled.read(job.last, "scoreboard")
    assert last is not None
    assert (last.state, last.attempts) == (job.DONE, 3)


async def test_the_clock_never_goes_back(settled: Store) -> None:
    await settled.run(job.begin, ["scoreboard", "nudges"], NOON)
    await settled.run(job.move, "scoreboard", NOON + 10)
    await settled.run(job.move, "scoreboard", NOON + 5)
    await settled.run(job.begin, ["scoreboard"], NOON + 99)
    assert await settled.read(job.marks) == {"scoreboard": NOON + 10}


async def test_a_person_is_nudged_once_in_a_matter(settled: Store) -> None:
    plan = ("2026-11", "silent", 2, 1, REPORTER, "本月未报送", NOON)
    first = await settled.run(nudge.add, *plan)
    assert first is not None
    assert await settled.run(nudge.add, *plan) is None
    await settled.run(nudge.approve, first, NOON + 5)
    assert [await settled.read(nudge.has_due, NOON + at) for at in (4, 5)] == [False, True]
    await settled.run(nudge.settle, first, nudge.SENT, NOON + 6)
    assert await settled.read(nudge.sent_to, REPORTER, NOON) == 1
    contacts = await settled.read(nudge.contacts, 2, DAY)
    assert [(contact.name, contact.reachable) for contact in contacts] == [
        ("张三", True),
        ("钱八", True),
        ("李副", True),
    ]


async def test_a_day_entered_twice_is_what_was_entered_last(settled: Store) -> None:
    for workday in (True, False):
        await settled.run(calendar.put, DAY, workday, "办公室通知")
    assert await settled.read(calendar.days) == [calendar.Day(DAY, False, "办公室通知")]
    await settled.run(calendar.forget, "办公室通知")
    assert await settled.read(calendar.days) == []
