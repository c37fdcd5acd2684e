"""The practice city as a newcomer starts it: `baosong run` in an empty folder, nothing configured."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import REPOSITORY, environment

READY = "练习城市已就绪："
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PracticeProcess:
    """A running city; `address` is what it printed."""

    address: str
    folder: Path


@contextmanager
def practice_city(folder: Path, port: int, *arguments: str) -> Iterator[PracticeProcess]:
    """Start it and wait for its greeting; afterwards it is told to end, and must."""
    log = folder / "log.txt"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, env=environment({"PYTHONPATH": str(REPOSITORY), "BAOSONG_SERVER__PORT": str(port)}),
        )  # fmt: skip
    try:
        yield PracticeProcess(_greeting(process, log), folder)
    finally:
        process.terminate()
        try:
            status = process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    assert status == 0, log.read_text("utf-8")[-3000:]


def _greeting(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text("utf-8", errors="replace").splitlines():
            if READY in line:
                return line.partition(READY)[2].strip()
        time.sleep(0.05)
    raise AssertionError(f"the city did not start:\n{log.read_text('utf-8', errors='replace')[-3000:]}")
