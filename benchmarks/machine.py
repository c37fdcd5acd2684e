"""The machine a run was made on: without it the figures say little."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from datetime import UTC, datetime

from benchmarks.figures import percentile


def facts() -> list[str]:
    """Lines of plain words: when, cores, versions, how fast the disk flushes, how busy the machine is."""
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.release()}",
        f"{os.cpu_count()} cores, {_memory_gb():.0f} GB memory",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        f"fdatasync of 4 KiB: p50 {flush_ms():.2f} ms",
        f"load average {load()}",
    ]


def load() -> str:
    """The three load averages of the machine."""
    return ", ".join(f"{value:.2f}" for value in os.getloadavg())


def flush_ms(times: int = 200) -> float:
    """The median of how long a 4 KiB append takes to reach the disk."""
    waits: list[float] = []
    with tempfile.TemporaryFile(buffering=0) as file:
        for _ in range(times):
            file.write(bytes(4096))
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            waits.append((time.perf_counter() - start) * 1000)
    return percentile(waits, 0.5) or 0.0


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
