"""The rows behind dispatch and presence, on either engine."""

from __future__ import annotations

from domain.speech import Outgoing
from storage import outbox, presence
from storage.engine import Store, Tx
from storage.outbox import Parcel, Sending

NOW = 1_795_398_060_000


async def queued(store: Store, *texts: str, target: str = "g:1") -> list[Parcel]:
    def queue(tx: Tx) -> list[Parcel]:
        for text in texts:
            outbox.put(tx, "qq", target, Outgoing(text, source="7@1"), dedup=f"{target} {text}", kind="x", now_ms=NOW)
        taken = [outbox.take(tx, "qq", target, NOW) for _ in texts]
        return [parcel for parcel in taken if parcel is not None]

    return await store.run(queue)


async def settled(store: Store, parcel: Parcel, state: Sending) -> Parcel:
    await store.run(outbox.settle, parcel.id, state, NOW)
    found = await store.read(outbox.find, parcel.id)
    assert found is not None
    return found


async def test_what_a_message_answers_comes_back_with_it(store: Store) -> None:
    [parcel] = await queued(store, "一")
    assert parcel.message == Outgoing("一", source="7@1")


async def test_doubtful_are_the_unknown_ones_of_the_time_asked_for(store: Store) -> None:
    one, two = await queued(store, "一", "二")
    await settled(store, one, Sending.UNKNOWN)
    await settled(store, two, Sending.REFUSED)
    assert [parcel.id for parcel in await store.read(outbox.doubtful, NOW)] == [one.id]
    assert await store.read(outbox.doubtful, NOW + 1) == []
    listed = await store.read(outbox.in_states, (Sending.UNKNOWN, Sending.REFUSED), 10)
    assert [parcel.id for parcel in listed] == [two.id, one.id]


async def test_a_message_to_be_sent_again_begins_anew(store: Store) -> None:
    [parcel] = await queued(store, "一")
    unknown = await settled(store, parcel, Sending.UNKNOWN)
    assert await store.run(outbox.change, unknown, Sending.PENDING, NOW + 5, "")
    assert not await store.run(outbox.change, unknown, Sending.SENT, NOW + 5, "")
    again = await store.run(outbox.take, "qq", "g:1", NOW + 5)
    assert again is not None
    assert again.attempts == 1


async def test_a_twin_is_the_same_text_in_the_same_chat(store: Store) -> None:
    one, _ = await queued(store, "一", "二")
    await queued(store, "一", target="g:2")
    assert not await store.read(outbox.has_twin, one)

    def twin(tx: Tx) -> None:
        outbox.put(tx, "qq", "g:1", Outgoing("一", quote="9"), dedup="twin", kind="x", now_ms=NOW)
        outbox.take(tx, "qq", "g:1", NOW)

    await store.run(twin)
    assert await store.read(outbox.has_twin, one)


async def test_the_oldest_message_that_could_go_out(store: Store) -> None:
    assert await store.read(outbox.oldest_due_ms, NOW) == 0

    def queue(tx: Tx) -> None:
        outbox.put(tx, "qq", "g:1", Outgoing("一"), dedup="1", kind="x", now_ms=NOW)
        outbox.put(tx, "qq", "g:1", Outgoing("二"), dedup="2", kind="x", now_ms=NOW - 9, not_before_ms=NOW + 9)

    await store.run(queue)
    assert await store.read(outbox.oldest_due_ms, NOW) == NOW


async def test_a_platform_is_remembered_by_the_latest_moment_it_was_heard(store: Store) -> None:
    assert await store.read(presence.last_heard, "onebot") == 0
    for moment in (NOW, NOW - 1):
        await store.run(presence.note_heard, "onebot", moment)
    assert await store.read(presence.last_heard, "onebot") == NOW
    for _ in range(2):
        await store.run(presence.probe, NOW)
