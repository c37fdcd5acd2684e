"""The night: what is old is forgotten, the figures are proven, and a difference is an alarm, not a repair."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.moment import to_ms
from domain.speech import Button, Card, Incoming
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Plan
from services.submission import Draft, submit, withdraw
from storage import audit, card, dialogue, inbox, job, roster
from storage.engine import Store, Tx
from tests.support.office import Waiting, moment, outgoing, sample_office
from tests.support.stage import HandClock

OFFICE = sample_office()
EVENING, NIGHT = moment("11-23", "20:00"), moment("11-24", "02:30")


async def night(store: Store) -> tuple[str, list[Waiting]]:
    """Let a night pass; returns what the job says and the alarms."""
    clock = HandClock(EVENING)
    ticker = Ticker(store, clock, build_jobs(Plan(None, nudges_at=None), OFFICE))
    await ticker.tick()
    clock.moment = NIGHT
    await ticker.tick()
    run = await store.read(job.find, "housekeeping", "2026-11-24")
    assert run is not None
    return run.info, [message for message in await store.read(outgoing) if message.kind == "alarm"]


def some_work(tx: Tx) -> None:
    """Items sent, one of them with another unit, one withdrawn."""
    person = roster.person(tx, 5, EVENING.date())
    assert person is not None
    for number, draft in enumerate(
        (
            Draft("春耕备耕进展顺利", "正文"),
            Draft("防汛演练扎实开展", "正文", units=(3,)),
            Draft("撤回的一条", "正文"),
        )
    ):
        submit(tx, OFFICE, person, draft, platform="onebot", chat="200001", event_key=f"m:{number}", now=EVENING)
    withdraw(tx, OFFICE, person, "2026-0003", EVENING)


async def test_a_sound_house_is_confirmed_and_nobody_is_woken(store: Store) -> None:
    await store.run(some_work)
    assert await night(store) == ("清理消息记录0条、未完成表单0个；合计一致，审计链完整", [])


async def test_a_total_somebody_changed_is_an_alarm_and_stays_as_it_is(store: Store) -> None:
    await store.run(some_work)
    await store.run(lambda tx: tx.run("UPDATE score_period SET points = 9999 WHERE unit_id = 2 AND period = '2026-11'"))
    info, alarms = await night(store)
    assert "合计不一致1处" in info
    assert [(alarm.to, alarm.at) for alarm in alarms] == [("管理员", "11-24 08:30")]
    assert alarms[0].text == (
        "【报警】夜间核对发现问题：得分合计与流水不一致1处，例如 2026-11 单位2：points 合计为9999，重算为75。"
        "数据没有自动修改，请尽快核查。"
    )
    stored = await store.read(
        lambda tx: tx.one("SELECT points FROM score_period WHERE unit_id = 2 AND period = '2026-11'")
    )
    assert stored == (9999,)


async def test_a_count_without_a_fact_behind_it_is_found_in_every_period(store: Store) -> None:
    await store.run(some_work)
    await store.run(lambda tx: tx.run("UPDATE score_period SET adopted = 1 WHERE unit_id = 3"))
    info, alarms = await night(store)
    assert "合计不一致3处" in info
    assert "单位3：adopted 合计为1，重算为0" in alarms[0].text


async def test_a_broken_audit_chain_is_an_alarm(store: Store) -> None:
    def tamper(tx: Tx) -> None:
        for number in range(3):
            audit.write(tx, number, "cli", "test", f"object {number}")
        tx.run("UPDATE audit SET detail = 'other' WHERE seq = 2")

    await store.run(tamper)
    info, alarms = await night(store)
    assert "审计链第2条断开" in info
    assert "审计记录从第2条起对不上" in alarms[0].text


async def test_old_messages_and_forms_are_forgotten_and_young_ones_kept(store: Store) -> None:
    def remember(tx: Tx, at: datetime, key: str) -> None:
        message = Incoming("onebot", "3001", key, "", key, "", key, to_ms(at), "text")
        inbox.record(tx, message, to_ms(at))
        dialogue.keep(tx, "onebot", "", key, 1, "submit", "title", {}, to_ms(at))

    await store.run(remember, moment("10-20"), "old")
    await store.run(remember, moment("11-23"), "young")
    info, _ = await night(store)
    assert info.startswith("清理消息记录1条、未完成表单1个；")
    assert await store.read(dialogue.open_keys) == [("onebot", "", "young")]


async def test_cards_nobody_taps_any_more_are_forgotten(store: Store) -> None:
    shown = Card("item:1", "2026-0001《春耕》", "云山县", (Button("退回", "/退回 2026-0001"),), "")
    for key, day in (("card-old", "09-20"), ("card-young", "11-20")):
        await store.run(card.add, replace(shown, key=key), "wecom", "p:lisi", to_ms(moment(day)))
    await night(store)
    kept = {key: await store.read(card.find, key) for key in ("card-old", "card-young")}
    assert [key for key, copy in kept.items() if copy] == ["card-young"]
