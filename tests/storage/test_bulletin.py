"""Bulletins as rows: a draft that gives way, a signed one that does not, and who was sent what."""

from __future__ import annotations

from dataclasses import replace

from domain.speech import Outgoing
from storage import bulletin, outbox
from storage import snapshot as snapshots
from storage.bulletin import Copy, NewCopy, Signature
from storage.engine import Store, Tx
from storage.outbox import Sending
from storage.snapshot import Kept

NOON = 1_796_097_600_000
SIGNATURE = Signature("云政办通报〔2026〕7号", 2026, 7, "h2", '{"signed":1}', b"own.docx", 1)


def drafted(tx: Tx) -> int:
    bulletin.draft(tx, "2026-11", "h0", "{}", b"", b"first", NOON)
    return bulletin.draft(tx, "2026-11", "h1", '{"a":1}', b"", b"second", NOON + 1)


def signed(tx: Tx) -> int:
    id = drafted(tx)
    snapshots.keep(tx, Kept("2026-11", NOON, 3, "h2", b"frozen"))
    bulletin.sign(tx, id, SIGNATURE, NOON + 2)
    return id


async def test_a_draft_gives_way_to_the_next_and_is_drawn_from_its_own_board(settled: Store) -> None:
    id = await settled.run(drafted)
    found = await settled.read(bulletin.find, "2026-11")
    assert found is not None
    assert found.id == id
    assert (found.hash, found.wishes, found.drafted_ms, found.is_signed) == ("h1", '{"a":1}', NOON + 1, False)
    material = await settled.read(bulletin.material, id)
    assert material == bulletin.Material(found, b"second", b"")
    assert await settled.read(bulletin.drafts) == [found]
    await settled.run(bulletin.told_ready, id, NOON + 5)
    assert await settled.read(bulletin.drafts) == []
    assert await settled.read(bulletin.latest) is None


async def test_a_signed_one_is_drawn_from_the_frozen_board_and_never_changes(settled: Store) -> None:
    id = await settled.run(signed)
    material = await settled.read(bulletin.material, id)
    assert material is not None
    assert (material.content, material.template) == (b"frozen", b"own.docx")
    assert (material.filed.number, material.filed.signed_by, material.filed.signed_ms) == (
        "云政办通报〔2026〕7号", 1, NOON + 2,
    )  # fmt: skip

    def again(tx: Tx) -> None:
        assert bulletin.draft(tx, "2026-11", "h9", "{}", b"", b"other", NOON + 9) == id
        bulletin.sign(tx, id, replace(SIGNATURE, number="另一个号"), NOON + 9)

    await settled.run(again)
    assert await settled.read(bulletin.material, id) == material
    assert await settled.read(bulletin.latest) == material.filed


async def test_numbers_are_counted_within_a_year(settled: Store) -> None:
    await settled.run(signed)
    assert await settled.read(bulletin.last_serial, 2026) == 7
    assert await settled.read(bulletin.last_serial, 2027) == 0


async def test_what_became_of_each_part_is_read_from_its_message(settled: Store) -> None:
    def send(tx: Tx) -> int:
        id = drafted(tx)
        copies = [
            NewCopy("group", "报送群", "onebot", "g:1", "text", "k:g:1:text"),
            NewCopy("group", "报送群", "onebot", "g:1", "board.png:0", "k:g:1:png"),
            NewCopy("unit_leader", "清河区 王五", "", "", "letter", "k:none"),
        ]
        bulletin.add_copies(tx, id, copies)
        bulletin.add_copies(tx, id, copies)
        for one in copies[:2]:
            outbox.put(tx, one.platform, one.target, Outgoing(one.part), dedup=one.dedup, kind="bulletin", now_ms=NOON)
        parcel = outbox.take(tx, "onebot", "g:1", NOON)
        assert parcel is not None
        outbox.settle(tx, parcel.id, Sending.SENT, NOON + 7)
        return id

    id = await settled.run(send)
    assert await settled.read(bulletin.copies, id) == [
        Copy("group", "报送群", "onebot", "g:1", "text", Sending.SENT, "", NOON + 7),
        Copy("group", "报送群", "onebot", "g:1", "board.png:0", Sending.PENDING, "", 0),
        Copy("unit_leader", "清河区 王五", "", "", "letter", None, "", 0),
    ]
