"""What the stories about commissions share: one that is issued and pushed, and where a unit stands."""

from __future__ import annotations

import asyncio
from datetime import datetime

from domain.commission import Assignment, Commission, Source
from domain.moment import to_ms
from domain.speech import Outgoing
from storage import commission as commissions
from storage import push, receipt
from storage.commission import NewAssignment, NewCommission
from storage.engine import Tx
from storage.push import NewPush
from tests.support.office import moment
from tests.support.stage import ACCOUNTS, GROUP, Stage

FRIDAY = moment("11-27", "17:30")
TOPIC = "冬季农业生产情况"


async def issue(
    stage: Stage,
    topic: str = TOPIC,
    *,
    units: tuple[int, ...] = (2, 3, 4),
    due: datetime = FRIDAY,
    groups: tuple[str, ...] = (GROUP,),
    people: tuple[str, ...] = (),
    parts: tuple[NewAssignment, ...] = (),
    off_chat: bool = False,
    upper: datetime | None = None,
) -> Commission:
    """A commission of 吴科员, pushed to groups and people."""

    def write(tx: Tx) -> Commission:
        new = NewCommission(
            topic, to_ms(due), Source.PROVINCE, requirement="写清面积和进度", off_chat=off_chat,
            upper_due_ms=to_ms(upper) if upper else 0,
        )  # fmt: skip
        drafted = commissions.draft(tx, new, parts or [NewAssignment(unit) for unit in units], 2, now_ms)
        commissions.issue(tx, drafted.id, commissions.next_number(tx, 2026), 2026, 2, 0, now_ms)
        issued = commissions.by_id(tx, drafted.id)
        assert issued is not None
        message = Outgoing(f"【约稿】{issued.name}")
        push.add(tx, issued.id, 1, [NewPush("onebot", f"g:{group}", message) for group in groups], now_ms)
        own = {one.unit_id: one.id for one in commissions.assignments(tx, issued.id)}
        private = [
            NewPush("onebot", f"p:{ACCOUNTS[who]}", message, 1, (own[UNIT_OF[who]],)) for who in people
        ]  # fmt: skip
        push.add(tx, issued.id, 1, private, now_ms)
        return issued

    before, now_ms = len(stage.channel.heard), to_ms(stage.clock.now())
    issued = await stage.store.run(write)
    await stage.quiet()
    await caught_up(stage)
    assert len(stage.channel.heard) == before + len(groups) + len(people)
    return issued


async def caught_up(stage: Stage) -> None:
    """Wait until the door knows where receipts are waited for: it is told after the commit."""
    for _ in range(2_000):
        if stage.directory.receipts == await stage.store.read(receipt.chats):
            return
        await asyncio.sleep(0.001)
    raise AssertionError("the door did not catch up")


UNIT_OF = {"张三": 2, "李副": 2, "钱八": 2, "王五": 3, "赵六": 4, "孙七": 5}


async def pushed_id(stage: Stage, commission: Commission) -> str:
    """The platform's id of the first push, as somebody quotes it."""

    def read(tx: Tx) -> str:
        row = tx.one(
            "SELECT o.platform_id FROM outbox o JOIN push p ON p.dedup = o.dedup WHERE p.commission_id = ?"
            " ORDER BY o.id",
            commission.id,
        )  # fmt: skip
        assert row is not None
        found: str = row[0]
        return found

    return await stage.store.read(read)


async def share(stage: Stage, commission: Commission, unit_id: int = 2, part: int = 0) -> Assignment:
    """A unit's assignment as it is stored."""
    given = await stage.store.read(commissions.assignments_of, commission.id, {unit_id})
    return next(one for one in given if one.part == part)


async def stage_of(stage: Stage, commission: Commission, unit_id: int = 2, part: int = 0) -> str:
    """Where a unit stands, in the word people read."""
    return (await share(stage, commission, unit_id, part)).now.stage.label
