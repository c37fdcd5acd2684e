"""The program that `test_kill` kills: takes numbered submissions in, and says so on standard output.

`killed_writer.py URL FIRST honest|early`: from FIRST on, 16 callers at a time. `honest` says a number after its
commit; `early`, the control, as soon as it is queued.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

from domain.item import KINDS
from domain.speech import Incoming, Outgoing
from storage import audit, inbox, outbox
from storage import item as items
from storage.engine import Store, Tx
from storage.postgres import PostgresStore
from storage.sqlite import SQLiteStore

CALLERS = 16
NOON = 1_795_406_400_000
REPORTER, UNIT = 5, 2


def store_at(url: str) -> Store:
    return PostgresStore(url) if url.startswith("postgresql:") else SQLiteStore(Path(url))


def submit(tx: Tx, index: int) -> None:
    """A submission to its receipt; one that is here already changes nothing."""
    key = f"m:{index}"
    incoming = Incoming("onebot", "3001", key, "200001", "20001", "张三", str(index), NOON, f"/报送 第{index}件")
    if inbox.record(tx, incoming, NOON + index) is None:
        return
    number = items.next_number(tx, 2026)
    new = items.NewItem(
        f"第{index}件", "正文。" * 100, KINDS[0], "单条", REPORTER, (UNIT,), "onebot", "200001", False, "", "", ""
    )
    items.add(tx, new, number, NOON + index, key)
    audit.write(tx, NOON + index, f"person:{REPORTER}", "submit", number)
    receipt = Outgoing(f"收到 {number}", str(index))
    outbox.put(tx, "onebot", "g:200001", receipt, dedup=f"answer:{key}", kind="answer", now_ms=NOON + index)


async def main(url: str, first: int, early: bool) -> None:
    store = store_at(url)
    await store.open()
    numbers = itertools.count(first)

    async def caller() -> None:
        for index in numbers:
            committed = store.submit(submit, index)
            if not early:
                await committed
            os.write(1, b"%d\n" % index)
            await committed

    os.write(1, b"open\n")
    await asyncio.gather(*(caller() for _ in range(CALLERS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "early"))
