"""Messages in and out, forms, the audit chain: the same rows on either engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.speech import FileRef, Incoming, Outgoing
from storage import audit, dialogue, inbox, outbox, presence, secrecy
from storage.engine import Store, Tx
from storage.outbox import Sending

NOON = 1_795_406_400_000
GROUP = "g:200001"
TEXT = Incoming("onebot", "3001", "m:200001:77", "200001", "20001", "张三", "77", NOON, "/报送 春耕")
FILE = replace(TEXT, key="m:200001:78", text="", file=FileRef("春耕.docx", 2048, "/a"))


async def test_a_message_delivered_twice_is_one_row(store: Store) -> None:
    first = await store.run(inbox.record, TEXT, NOON)
    assert first is not None
    assert await store.run(inbox.record, TEXT, NOON + 5) is None
    assert await store.run(inbox.record, replace(TEXT, bot_id="3002"), NOON) is not None


@pytest.mark.parametrize("order", ["message first", "notice first"])
async def test_a_file_announced_twice_is_one_file_in_either_order(store: Store, order: str) -> None:
    notice = replace(FILE, key="f:200001:/b", at_ms=NOON + 900, file=FileRef("春耕.docx", 2048, "/b", busid="102"))
    announcements = [FILE, notice] if order == "message first" else [notice, FILE]

    def announce(tx: Tx, incoming: Incoming) -> bool:
        inbox_id = inbox.record(tx, incoming, incoming.at_ms, done=False)
        assert inbox_id is not None
        known = inbox.same_file_announced(tx, incoming, inbox_id)
        if known:
            inbox.note_result(tx, inbox_id, "same file")
        return known

    assert [await store.run(announce, one) for one in announcements] == [False, True]
    (waiting,) = await store.read(inbox.open_files)
    assert waiting.incoming == announcements[0]
    a_day_later = replace(FILE, key="m:200001:99", at_ms=NOON + 86_400_000)
    assert await store.run(announce, a_day_later) is False


async def test_a_file_waits_over_a_restart_until_it_is_taken_in(store: Store) -> None:
    inbox_id = await store.run(lambda tx: inbox.record(tx, FILE, NOON, done=False))
    assert inbox_id is not None
    assert await store.read(inbox.is_open, inbox_id)
    assert [one.incoming for one in await store.read(inbox.open_files)] == [FILE]
    await store.run(inbox.note_result, inbox_id, "2026-0001")
    assert not await store.read(inbox.is_open, inbox_id)
    assert await store.read(inbox.open_files) == []


async def test_a_text_waits_for_its_pictures_and_the_way_back_is_kept_with_it_and_with_its_answer(store: Store) -> None:
    said = replace(TEXT, pictures=(FileRef("", 0, "M"), FileRef("", 0, "", "K", "u")), way_back="https://x/once")
    await store.run(lambda tx: inbox.record(tx, said, NOON, done=False))
    assert [one.incoming for one in await store.read(inbox.open_files)] == [said]
    answer = Outgoing("收到", quote="77", way_back="https://x/once")
    await store.run(lambda tx: outbox.put(tx, "wecom", GROUP, answer, dedup="a", kind="answer", now_ms=NOON))
    parcel = await store.run(outbox.take, "wecom", GROUP, NOON)
    assert parcel is not None
    assert parcel.message == answer


async def test_old_messages_are_forgotten_but_not_what_still_waits(store: Store) -> None:
    await store.run(inbox.record, TEXT, NOON)
    await store.run(lambda tx: inbox.record(tx, FILE, NOON, done=False))
    assert await store.run(inbox.forget_before, NOON + 1) == 1
    assert await store.run(inbox.record, TEXT, NOON) is not None
    assert len(await store.read(inbox.open_files)) == 1


def put(tx: Tx, text: str, dedup: str = "", expires_ms: int = 0, not_before_ms: int = 0) -> bool:
    return outbox.put(
        tx, "onebot", GROUP, Outgoing(text, quote="77"), dedup=dedup or text, kind="answer", now_ms=NOON,
        expires_ms=expires_ms, not_before_ms=not_before_ms,
    )  # fmt: skip


def taken(tx: Tx, now_ms: int = NOON) -> str:
    parcel = outbox.take(tx, "onebot", GROUP, now_ms)
    return parcel.message.text if parcel else ""


async def test_a_message_to_send_is_written_once_and_goes_out_in_order(store: Store) -> None:
    assert [await store.run(put, text) for text in ("一", "二")] == [True, True]
    assert await store.run(put, "again", "一") is False
    assert await store.read(outbox.due_targets, NOON) == [("onebot", GROUP)]
    parcel = await store.run(outbox.take, "onebot", GROUP, NOON)
    assert parcel is not None
    assert (parcel.message, parcel.attempts) == (Outgoing("一", quote="77"), 1)
    await store.run(lambda tx: outbox.settle(tx, parcel.id, Sending.SENT, NOON, platform_id="5"))
    assert await store.run(taken) == "二"
    assert await store.run(taken) == ""


async def test_what_is_not_due_waits_and_what_is_too_late_is_dropped(store: Store) -> None:
    await store.run(put, "later", "", 0, NOON + 10)
    await store.run(put, "too late", "", NOON + 5)
    assert await store.run(taken, NOON + 5) == ""
    assert await store.run(taken, NOON + 10) == "later"
    assert [await store.run(outbox.drop_expired, NOON + at) for at in (4, 5)] == [0, 1]
    assert await store.read(outbox.counts) == {Sending.SENDING: 1, Sending.DROPPED: 1}


async def test_what_certainly_did_not_go_out_is_tried_again(store: Store) -> None:
    await store.run(put, "一")
    parcel = await store.run(outbox.take, "onebot", GROUP, NOON)
    assert parcel is not None
    await store.run(outbox.postpone, parcel.id, NOON + 1000, "no connection")
    assert await store.run(taken, NOON) == ""
    again = await store.run(outbox.take, "onebot", GROUP, NOON + 1000)
    assert again is not None
    assert (again.id, again.attempts, again.error) == (parcel.id, 2, "no connection")


async def test_what_was_being_sent_when_the_process_died_is_unknown_and_not_sent_again(store: Store) -> None:
    for text in ("一", "二"):
        await store.run(put, text)
    await store.run(taken)
    assert await store.run(outbox.orphans_to_unknown, "中断") == 1
    assert await store.run(taken) == "二"
    doubtful = await store.read(outbox.find, 1)
    assert doubtful is not None
    assert (doubtful.state, doubtful.message.text, doubtful.error) == (Sending.UNKNOWN, "一", "中断")


async def test_the_pace_of_a_chat_is_a_row_and_so_survives_a_restart(store: Store) -> None:
    waits = [await store.run(outbox.pace, "onebot", GROUP, NOON, 1500, 3) for _ in range(5)]
    assert waits == [0, 0, 0, 1500, 1500]
    assert await store.run(outbox.pace, "onebot", "g:200002", NOON, 1500, 3) == 0
    assert await store.run(outbox.pace, "onebot", GROUP, NOON + 1499, 1500, 3) == 1
    assert await store.run(outbox.pace, "onebot", GROUP, NOON + 1500, 1500, 3) == 0


async def test_one_form_per_person_and_chat(store: Store) -> None:
    chat = ("onebot", "200001", "20001")

    def keep(tx: Tx, step: str, answers: dict[str, str]) -> None:
        dialogue.keep(tx, *chat, 1, "submit", step, answers, NOON)

    assert await store.read(dialogue.find, *chat) is None
    await store.run(keep, "title", {})
    await store.run(keep, "body", {"title": "春耕“√”"})
    found = await store.read(dialogue.find, *chat)
    assert found == dialogue.Dialogue("submit", "body", {"title": "春耕“√”"}, NOON)
    assert await store.read(dialogue.open_keys) == [chat]
    assert await store.run(dialogue.forget_before, NOON) == 0
    assert await store.run(dialogue.forget_before, NOON + 1) == 1
    assert await store.run(dialogue.end, *chat) is False


def lines(tx: Tx, actions: list[str]) -> None:
    for at, action in enumerate(actions):
        audit.write(tx, NOON + at, "person:1", action, "2026-0001", f"为“{action}”")


async def test_the_audit_chain_holds_over_many_commits(store: Store) -> None:
    for action in ("submit", "return", "revise"):
        await store.run(lines, [action, f"{action} again"])
    assert await store.read(audit.first_break) is None
    newest = await store.read(audit.latest, "2026-0001", 1)
    assert newest == [audit.AuditLine(6, NOON + 1, "person:1", "revise again", "2026-0001", "为“revise again”")]


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE audit SET detail = '' WHERE seq = 3", 3),
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 4", 5),
        ("DELETE FROM audit WHERE seq = 1", 2),
    ],
)
async def test_a_line_changed_or_taken_out_afterwards_is_found(store: Store, change: str, broken: int) -> None:
    await store.run(lines, ["a", "b", "c", "d", "e"])
    await store.run(lambda tx: tx.run(change))
    assert await store.read(audit.first_break) == broken


async def test_of_a_refused_text_only_time_group_and_rule_are_kept(store: Store) -> None:
    await store.run(secrecy.record, NOON, "onebot", "200001", "机密★")
    await store.run(secrecy.record, NOON + 1, "onebot", "", "身份证号")
    assert await store.read(secrecy.latest, 5) == [
        (NOON + 1, "onebot", "", "身份证号"),
        (NOON, "onebot", "200001", "机密★"),
    ]


async def test_when_a_platform_was_last_heard_never_goes_back(store: Store) -> None:
    assert await store.read(presence.last_heard, "onebot") == 0
    for moment in (NOON, NOON - 5, NOON + 5):
        await store.run(presence.note_heard, "onebot", moment)
    assert await store.read(presence.last_heard, "onebot") == NOON + 5


async def test_what_waits_is_called_off_by_the_beginning_of_its_key(store: Store) -> None:
    for key in ("draft:1:a", "draft:1:b", "draft:10:a", "other:1"):
        await store.run(_put_bulletin, key)
    assert await store.run(outbox.take, "onebot", "p:1", NOON)
    assert await store.run(outbox.call_off, "bulletin", "draft:1:", "已经签发") == 1, (
        "the one that is going out goes on"
    )
    assert await store.read(outbox.counts) == {Sending.SENDING: 1, Sending.DROPPED: 1, Sending.PENDING: 2}


def _put_bulletin(tx: Tx, key: str) -> None:
    outbox.put(tx, "onebot", "p:1", Outgoing(key), dedup=key, kind="bulletin", now_ms=NOON)
