"""SIGKILL at any instant: nothing acknowledged is lost, nothing is stored twice, numbers have no gaps.

The control acknowledges before the commit and must lose something, so that we know these tests can see.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from storage import audit
from storage.engine import Tx
from tests.support import city

from .killed_writer import CALLERS, NOON, store_at

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
LONGEST_LIFE_SECONDS = 0.25


class Killer:
    """Runs the writer again and again, kills it, and remembers every number it acknowledged."""

    def __init__(self, url: str, manner: str, seed: int) -> None:
        self._url, self._manner = url, manner
        self._chance = random.Random(seed)
        self.acknowledged: set[int] = set()

    def life(self, first: int) -> None:
        """One run of the writer, from its first commit to a random instant soon after."""
        command = [sys.executable, "-m", "tests.storage.killed_writer", self._url, str(first), self._manner]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"open\n"
            try:
                process.wait(self._chance.uniform(0.01, LONGEST_LIFE_SECONDS))
            except subprocess.TimeoutExpired:
                process.kill()
            said = process.stdout.read().splitlines(keepends=True)
        self.acknowledged |= {int(line) for line in said if line.endswith(b"\n")}

    @property
    def next(self) -> int:
        return max(self.acknowledged, default=0) + 1


async def settle(url: str) -> None:
    store = store_at(url)
    await store.open()
    await store.run(city.settle)
    await store.close()


def stored(tx: Tx) -> list[int]:
    """The submissions that are there, one per item version."""
    return [int(key.removeprefix("m:")) for (key,) in tx.all("SELECT event_key FROM item_version")]


def check_whole(tx: Tx) -> None:
    """All of a submission is there, or nothing; and each only once."""
    found = sorted(stored(tx))
    assert len(found) == len(set(found))
    numbers = [number for (number,) in tx.all("SELECT number FROM item ORDER BY id")]
    assert sorted(numbers) == sorted(f"2026-{n:04d}" for n in range(1, len(found) + 1))
    assert sorted(int(key[2:]) for (key,) in tx.all("SELECT event_key FROM inbox")) == found
    assert sorted(int(key[9:]) for (key,) in tx.all("SELECT dedup FROM outbox")) == found
    assert tx.one("SELECT COUNT(*), MAX(seq) FROM audit") == (len(found), len(found))
    assert audit.first_break(tx) is None
    assert all(at == NOON + index for index, at in zip(found, sorted(times(tx)), strict=True))


def times(tx: Tx) -> list[int]:
    return [at for (at,) in tx.all("SELECT submitted_ms FROM item")]


async def killed_often(url: str, kills: int) -> Killer:
    """The platform repeats what was not acknowledged, and some of what was."""
    await settle(url)
    killer = Killer(url, "honest", seed=kills)
    for _ in range(kills):
        killer.life(max(1, killer.next - 2 * CALLERS))
    return killer


async def check_nothing_lost(url: str, killer: Killer) -> None:
    store = store_at(url)
    await store.open()
    try:
        await store.read(check_whole)
        assert killer.acknowledged <= set(await store.read(stored))
    finally:
        await store.close()


async def test_what_was_acknowledged_outlives_any_kill(tmp_path: Path) -> None:
    url = str(tmp_path / "killed.db")
    killer = await killed_often(url, KILLS)
    assert len(killer.acknowledged) > 5 * KILLS
    await check_nothing_lost(url, killer)


@pytest.mark.postgres
async def test_what_was_acknowledged_outlives_any_kill_on_postgresql(postgres_url: str) -> None:
    killer = await killed_often(postgres_url, 6)
    assert killer.acknowledged
    await check_nothing_lost(postgres_url, killer)


async def test_a_writer_that_acknowledges_too_early_is_caught(tmp_path: Path) -> None:
    url = str(tmp_path / "early.db")
    await settle(url)
    killer = Killer(url, "early", seed=1)
    lost: set[int] = set()
    for _ in range(KILLS):
        killer.life(killer.next)
        store = store_at(url)
        await store.open()
        lost = killer.acknowledged - set(await store.read(stored))
        await store.close()
        if lost:
            break
    assert lost
