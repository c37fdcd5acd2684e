"""Reminders by the clock: what the reporter, the leader and the office read, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from domain.commission import Commission, Kind
from domain.ladder import Why
from domain.moment import show_time, to_ms
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Plan
from services.office import Office, ReminderPolicy
from storage import commission as commissions
from storage import outbox
from storage import reminder as reminders
from storage.engine import Store, Tx
from storage.outbox import Sending
from tests.support.asking import happened, issued
from tests.support.office import Waiting, moment, outgoing, sample_office
from tests.support.stage import HandClock

T = TypeVar("T")

PLAIN = replace(sample_office(), reminders=ReminderPolicy(digest_at=None))
MORNING = sample_office()
PLAN = Plan(scoreboard_at=None, nudges_at=None)
YUNSHAN, QINGHE, WENLV = 2, 3, 5
FRIDAY_EVENING = moment("11-27", "17:00")
ISSUED = moment("11-23", "09:30")


class Days:
    """The clock's work on a store; what is queued counts as sent, as if every channel were up."""

    def __init__(self, store: Store, office: Office = PLAIN) -> None:
        self.store, self.clock, self.office = store, HandClock(ISSUED), office
        self.start()

    def start(self) -> None:
        self.ticker = Ticker(self.store, self.clock, build_jobs(PLAN, self.office))

    async def do(self, command: Callable[..., T], *args: Any, **more: Any) -> T:
        return await self.store.run(command, *args, **more)

    async def ask(self, topic: str, *unit_ids: int, due: datetime = FRIDAY_EVENING, **more: bool) -> Commission:
        commission = await self.do(issued, topic, unit_ids, due, self.clock.moment, **more)
        await self.tick()
        return commission

    async def happens(self, commission: Commission, unit_id: int, kind: Kind, **more: int) -> None:
        await self.do(happened, commission, unit_id, kind, self.clock.moment, **more)

    async def tick(self) -> None:
        await self.ticker.tick()
        await self.do(_send_all, to_ms(self.clock.moment))

    async def at(self, day: str, time: str) -> list[Waiting]:
        """Let the time come at once, as after an outage; returns the messages that this brings."""
        before = len(await self.said())
        self.clock.moment = moment(day, time)
        await self.tick()
        return (await self.said())[before:]

    async def said(self) -> list[Waiting]:
        """Every reminder so far."""
        return [message for message in await self.store.read(outgoing) if message.kind.startswith("reminder")]

    async def through(self, day: str, time: str) -> list[tuple[str, str]]:
        """Let the clock run to a moment, tick by tick; returns (when, to whom) of the messages on the way."""
        before = len(await self.said())
        while self.clock.moment < moment(day, time):
            self.clock.forward(minutes=15)
            await self.tick()
        return [(message.at, message.to) for message in (await self.said())[before:]]

    async def steps(self, commission: Commission, unit_id: int = YUNSHAN) -> list[str]:
        """How each step of a unit's ladders ended."""

        def look(tx: Tx) -> list[str]:
            one = next(a for a in commissions.assignments(tx, commission.id) if a.unit_id == unit_id)
            return [f"{row.step} {row.state} {row.reason}".strip() for row in reminders.of_assignment(tx, one.id)]

        return await self.store.read(look)


def _send_all(tx: Tx, now_ms: int) -> None:
    for platform, target in outbox.due_targets(tx, now_ms):
        while (parcel := outbox.take(tx, platform, target, now_ms)) is not None:
            outbox.settle(tx, parcel.id, Sending.SENT, now_ms)


async def test_a_reporter_who_sends_nothing_hears_four_times_then_the_leader_then_the_office(store: Store) -> None:
    days = Days(store)
    commission = await days.ask("冬修水利进展", YUNSHAN)
    assert await days.through("12-02", "12:00") == [
        ("11-24 08:30", "张三"), ("11-26 08:30", "张三"), ("11-27 15:00", "张三"), ("11-30 08:30", "张三"),
        ("11-30 17:00", "李副"), ("12-01 17:00", "周科长"),
    ]  # fmt: skip
    assert await days.steps(commission) == [
        "-3d reporter sent", "-1d reporter sent", "-2h reporter sent", "+1h reporter sent", "+1d leader sent",
        "+2d office sent",
    ]  # fmt: skip


async def test_the_reminder_says_what_and_when_and_how_to_answer_or_ask_for_more_time(store: Store) -> None:
    days = Days(store)
    await days.ask("冬修水利进展", YUNSHAN)
    (message,) = await days.at("11-24", "08:31")
    assert message.text == (
        "【约稿提醒】约 2026-001《冬修水利进展》\n"
        "请在11月27日（周五）17:00前报送。\n"
        "报送时在标题里写 #约1，或引用约稿消息回复；报不了发“/不报 约1 原因”，要延期发“/延期 约1 到周一 原因”。"
    )
    (message,) = await days.at("11-26", "08:30")
    assert "请在明天17:00前报送。" in message.text
    (message,) = await days.at("11-30", "08:30")
    assert "时限是11月27日（周五）17:00，还没有收到，请尽快报送。" in message.text


async def test_the_leader_reads_who_was_reminded_when_and_the_office_which_units_are_late(store: Store) -> None:
    days = Days(store)
    await days.ask("冬修水利进展", YUNSHAN, QINGHE)
    await days.through("11-30", "16:45")
    (message,) = await days.at("11-30", "17:00")
    assert message.to == "李副"
    assert message.text == (
        "李副您好，云山县有1件约稿还没有报送：\n"
        "约 2026-001《冬修水利进展》，时限11月27日（周五）17:00，已过；"
        "已提醒张三（11-24 08:30、11-26 08:30、11-27 15:00、11-30 08:30）\n"
        "请您在方便时关心督促。"
    )
    (message,) = await days.at("12-01", "17:00")
    assert message.to == "周科长"
    assert message.text == (
        "约稿超期未报2家次：\n"
        "约 2026-001《冬修水利进展》 2家：云山县（已提醒张三、李副）、清河区（已提醒王五）\n"
        "发“/台账 约1”看办理情况。"
    )


async def test_a_reminder_that_was_refused_is_not_held_against_anybody(store: Store) -> None:
    days = Days(store)
    await days.ask("冬修水利进展", YUNSHAN)
    await days.through("11-30", "16:45")
    await days.do(lambda tx: tx.run("UPDATE outbox SET state = 6 WHERE kind = 'reminder'"))
    (message,) = await days.at("11-30", "17:00")
    assert "已提醒" not in message.text


async def test_one_message_lists_everything_a_person_owes(store: Store) -> None:
    days = Days(store)
    first = await days.ask("冬修水利进展", YUNSHAN)
    await days.ask("秋粮收购情况", YUNSHAN)
    (message,) = await days.at("11-24", "08:30")
    assert message.text.startswith(
        "【约稿提醒】您有2件约稿要报\n"
        "1. 约 2026-001《冬修水利进展》 11月27日（周五）17:00前\n"
        "2. 约 2026-002《秋粮收购情况》 11月27日（周五）17:00前\n"
    )
    assert (await days.steps(first))[0] == "-3d reporter sent"
    second = await days.ask("再来一件", YUNSHAN)
    assert (await days.steps(second))[0] == f"-3d reporter skipped {Why.PASSED.value}"


async def test_what_falls_due_later_on_a_day_is_in_the_days_one_message(store: Store) -> None:
    days = Days(store)
    await days.ask("冬修水利进展", YUNSHAN, due=moment("11-25", "17:00"))
    await days.ask("秋粮收购情况", YUNSHAN, due=moment("11-26", "12:00"))
    await days.through("11-25", "08:00")
    assert await days.through("11-25", "17:00") == [("11-25 08:30", "张三")]
    text = (await days.said())[-1].text
    assert "冬修水利进展》 今天17:00前" in text
    assert "秋粮收购情况》 明天12:00前" in text


async def test_an_office_that_allows_two_a_day_has_them(store: Store) -> None:
    days = Days(store, replace(PLAIN, reminders=ReminderPolicy(digest_at=None, per_person_per_day=2)))
    await days.ask("冬修水利进展", YUNSHAN, due=moment("11-25", "17:00"))
    await days.ask("秋粮收购情况", YUNSHAN, due=moment("11-26", "12:00"))
    await days.through("11-25", "08:00")
    assert await days.through("11-25", "17:00") == [("11-25 08:30", "张三"), ("11-25 15:00", "张三")]


async def test_whoever_was_told_today_hears_of_the_next_thing_tomorrow_and_what_is_too_late_says_so(
    store: Store,
) -> None:
    days = Days(store)
    await days.ask("冬修水利进展", YUNSHAN, due=moment("11-25", "12:00"))
    assert len(await days.at("11-24", "08:30")) == 1
    today = await days.ask("今天就要", YUNSHAN, due=moment("11-24", "16:45"))
    late = await days.ask("明天要", YUNSHAN, due=moment("11-25", "10:00"))
    assert await days.through("11-24", "17:15") == []
    assert (await days.steps(today))[2] == f"-2h reporter skipped {Why.CAPPED.value}"
    (message,) = await days.at("11-25", "08:30")
    assert "明天要》 今天10:00前" in message.text
    assert (await days.steps(late))[2] == "-2h reporter merged 并入同一条提醒"


async def test_whoever_answered_declined_or_asked_for_time_is_left_alone(store: Store) -> None:
    days = Days(store)
    commission = await days.ask("冬修水利进展", YUNSHAN, QINGHE, WENLV)
    await days.happens(commission, YUNSHAN, Kind.ANSWERED)
    await days.happens(commission, QINGHE, Kind.DECLINED)
    await days.happens(commission, WENLV, Kind.EXTENSION_ASKED, due_ms=to_ms(moment("12-04", "17:00")))
    assert await days.at("11-24", "08:30") == []
    assert [(await days.steps(commission, unit))[0] for unit in (YUNSHAN, QINGHE, WENLV)] == [
        "-3d reporter skipped 已报送",
        "-3d reporter skipped 已申请不报，等信息科决定",
        "-3d reporter skipped 已申请延期，等信息科批复",
    ]


async def test_an_extension_begins_a_new_ladder_and_nothing_repeats(store: Store) -> None:
    days = Days(store)
    commission = await days.ask("冬修水利进展", YUNSHAN)
    await days.through("11-26", "09:00")
    later = moment("12-02", "17:00")
    await days.happens(commission, YUNSHAN, Kind.EXTENSION_ASKED, due_ms=to_ms(later))
    await days.happens(commission, YUNSHAN, Kind.EXTENSION_GRANTED, due_ms=to_ms(later))
    assert await days.through("12-02", "17:00") == [
        ("11-27 08:30", "张三"), ("12-01 08:30", "张三"), ("12-02 15:00", "张三"),
    ]  # fmt: skip
    assert (await days.steps(commission))[:8] == [
        "-3d reporter sent", "-1d reporter sent",
        "-3d reporter sent", "-2h reporter skipped 已准延期，按新的时限提醒",
        "+1h reporter skipped 已准延期，按新的时限提醒", "+1d leader skipped 已准延期，按新的时限提醒",
        "-1d reporter sent", "+2d office skipped 已准延期，按新的时限提醒",
    ]  # fmt: skip


async def test_a_closed_assignment_ends_its_ladder_and_a_reopened_one_goes_on(store: Store) -> None:
    days = Days(store)
    commission = await days.ask("冬修水利进展", YUNSHAN)
    await days.happens(commission, YUNSHAN, Kind.CLOSED)
    assert await days.at("11-24", "08:30") == []
    await days.happens(commission, YUNSHAN, Kind.REOPENED)
    (message,) = await days.at("11-26", "08:30")
    assert message.to == "张三"


async def test_after_a_week_of_downtime_the_rungs_are_climbed_one_a_day(store: Store) -> None:
    days = Days(store)
    commission = await days.ask("冬修水利进展", YUNSHAN)
    days.start()
    assert [message.to for message in await days.at("12-02", "10:00")] == ["张三"]
    assert await days.steps(commission) == [
        "-3d reporter skipped 没有赶上，已过时限", "-1d reporter skipped 没有赶上，已过时限",
        "-2h reporter skipped 没有赶上，已过时限", "+1h reporter sent", "+1d leader planned", "+2d office planned",
    ]  # fmt: skip
    assert await days.through("12-04", "12:00") == [("12-03 08:30", "李副"), ("12-04 08:30", "周科长")]


async def test_what_is_urgent_is_said_in_the_night_and_counts_for_nobody(store: Store) -> None:
    days = Days(store)
    await days.ask("突发情况反馈", YUNSHAN, due=moment("11-24", "07:00"), urgent=True)
    await days.ask("冬修水利进展", YUNSHAN)
    assert await days.through("11-24", "09:00") == [
        ("11-24 05:00", "张三"), ("11-24 08:00", "张三"), ("11-24 08:30", "张三"),
    ]  # fmt: skip
    kinds = [message.kind for message in await days.said()]
    assert kinds == ["reminder urgent", "reminder urgent", "reminder"]


async def test_without_a_reachable_reporter_the_deputy_stands_in_and_without_anybody_the_reason_is_kept(
    store: Store,
) -> None:
    days = Days(store)
    await days.do(lambda tx: tx.run("UPDATE account SET valid_to_ms = 1 WHERE account IN ('20001', '20003')"))
    commission = await days.ask("冬修水利进展", YUNSHAN, QINGHE)
    assert [message.to for message in await days.at("11-24", "08:30")] == ["钱八"]
    assert (await days.steps(commission, QINGHE))[0] == "-3d reporter skipped 没有联系得上的人"


async def test_a_topic_that_may_not_be_in_a_chat_is_not_in_a_reminder(store: Store) -> None:
    days = Days(store)
    await days.ask("不能说的题目", YUNSHAN, off_chat=True)
    await days.through("12-02", "12:00")
    texts = [message.text for message in await days.said()]
    assert len(texts) == 6
    assert not any("不能说" in text for text in texts)
    assert "请到 OA 查收、报送" in texts[0]


async def test_a_reminder_whose_channel_was_down_all_day_is_not_sent_the_day_after(store: Store) -> None:
    days = Days(store)
    await days.ask("冬修水利进展", YUNSHAN)
    days.clock.moment = moment("11-24", "08:30")
    await days.ticker.tick()
    dropped = await days.do(outbox.drop_expired, to_ms(moment("11-25", "00:00")))
    assert dropped == 1


async def test_the_digest_replaces_the_days_reminders(store: Store) -> None:
    days = Days(store, MORNING)
    commission = await days.ask("冬修水利进展", YUNSHAN)
    await days.ask("冬季旅游", YUNSHAN, due=moment("12-30", "17:00"))
    assert await days.through("11-30", "12:00") == [
        ("11-24 08:30", "张三"), ("11-25 08:30", "张三"), ("11-26 08:30", "张三"), ("11-27 08:30", "张三"),
        ("11-30 08:30", "张三"),
    ]  # fmt: skip
    first = (await days.said())[0].text
    assert first == (
        "每日提醒 11月24日（周二）：您有2件约稿要报\n"
        "1. 约 2026-001《冬修水利进展》 11月27日（周五）17:00前\n"
        "2. 约 2026-002《冬季旅游》 12月30日（周三）17:00前\n"
        "报送时在标题里写 #约1，或引用约稿消息回复；报不了发“/不报 约1 原因”，要延期发“/延期 约1 到周一 原因”。\n"
        "不想每天收，发“/每日提醒 关”。"
    )
    assert (await days.steps(commission))[:4] == [
        "-3d reporter merged 并入每日提醒", "-1d reporter merged 并入每日提醒", "-2h reporter merged 并入每日提醒",
        "+1h reporter sent",
    ]  # fmt: skip


async def test_a_channel_that_comes_back_at_night_waits_for_the_morning(store: Store) -> None:
    days = Days(store)
    await days.ask("冬修水利进展", YUNSHAN)
    days.clock.moment = moment("11-24", "17:29")
    await days.ticker.tick()
    days.clock.moment = moment("11-24", "17:31")
    await days.ticker.tick()
    assert (await days.said())[-1].at == show_time(to_ms(moment("11-25", "08:30")))
