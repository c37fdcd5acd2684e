"""The raw durable floor: websockets and orjson, one echo, each message committed before its answer.

A thread takes whatever waits into one transaction (`synchronous=FULL`), so the flush is shared. There is no
access check, no number and no receipt: nothing durable can be much cheaper. Milliseconds in
BAOSONG_BENCH_COMMIT_DELAY_MS are added to each commit, as a slower disk would.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import queue
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from websockets.asyncio.server import ServerConnection, serve

from benchmarks.corpus import MARK
from benchmarks.processes import DELAY_VARIABLE

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Stored:
    """A message on its way to the disk and back to its connection."""

    socket: ServerConnection
    event: dict[str, Any]
    raw: str | bytes


class GroupCommit:
    """One thread, one connection: drain what waits, commit it once, hand it to `done` in the event loop."""

    def __init__(self, path: Path, delay_s: float, done: asyncio.Queue[list[Stored]]) -> None:
        self._path = path
        self._delay_s = delay_s
        self._done = done
        self._loop = asyncio.get_running_loop()
        self.waiting: queue.SimpleQueue[Stored] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        connection = _open(self._path)
        while True:
            batch = [self.waiting.get(), *self._drain(_BATCH - 1)]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR IGNORE INTO inbound VALUES (?, ?, ?)", map(_row, batch))
            connection.execute("COMMIT")
            time.sleep(self._delay_s)
            self._loop.call_soon_threadsafe(self._done.put_nowait, batch)

    def _drain(self, most: int) -> Iterator[Stored]:
        for _ in range(most):
            try:
                yield self.waiting.get_nowait()
            except queue.Empty:
                return


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS inbound (message_id INTEGER PRIMARY KEY, at_ms INTEGER, raw TEXT)")
    return connection


def _row(stored: Stored) -> tuple[int, int, str | bytes]:
    return stored.event["message_id"], time.time_ns() // 1_000_000, stored.raw


async def _answer(done: asyncio.Queue[list[Stored]]) -> None:
    for number in itertools.count():
        for stored in await done.get():
            call = _echo(stored.event, f"{number}")
            await stored.socket.send(orjson.dumps(call), text=True)


def _echo(event: dict[str, Any], echo: str) -> dict[str, object]:
    quote = {"type": "reply", "data": {"id": str(event["message_id"])}}
    text = {"type": "text", "data": {"text": event["raw_message"]}}
    params = {"group_id": event["group_id"], "message": [quote, text]}
    return {"action": "send_group_msg", "params": params, "echo": echo}


async def main(port: int, path: Path) -> None:
    """Listen until killed."""
    done: asyncio.Queue[list[Stored]] = asyncio.Queue()
    commits = GroupCommit(path, float(os.environ.get(DELAY_VARIABLE, "0")) / 1000, done)

    async def receive(socket: ServerConnection) -> None:
        async for raw in socket:
            event = orjson.loads(raw)
            if event.get("post_type") == "message" and event["raw_message"].startswith(MARK):
                commits.waiting.put(Stored(socket, event, raw))

    async with serve(receive, "127.0.0.1", port, compression=None, max_queue=None):
        await _answer(done)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", type=Path)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.port, chosen.database or Path(tempfile.mkdtemp()) / "floor.db"))
