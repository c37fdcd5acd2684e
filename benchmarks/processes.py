"""A program under measurement: started, watched through /proc, and always stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DELAY_VARIABLE = "BAOSONG_BENCH_COMMIT_DELAY_MS"
_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Launch:
    """How a program is started: its arguments, and variables added to the environment."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    token: str = ""


class ProgramFailed(RuntimeError):
    """The program ended, or did not answer, although it should have; the text ends with its last words."""


def module(name: str, *arguments: str) -> list[str]:
    """The arguments that run a module of this repository with this very interpreter."""
    return [sys.executable, "-m", name, *arguments]


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tree(pid: int) -> list[int]:
    """A process and all its living descendants."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        with suppress(OSError):
            for task in Path(f"/proc/{current}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return found


def cpu_ms(pid: int) -> float:
    """Milliseconds of CPU (user and system) a tree has used, children that ended included; 10 ms grains."""
    return sum(_ticks(each) for each in tree(pid)) * _TICK_MS


def peak_mb(pid: int) -> float:
    """The most resident memory each process of a tree ever had, added up."""
    return sum(_memory(each, "VmHWM") for each in tree(pid)) / 1024


def resident_mb(pid: int) -> float:
    """The resident memory of a tree now."""
    return sum(_memory(each, "VmRSS") for each in tree(pid)) / 1024


def _ticks(pid: int) -> int:
    with suppress(OSError):
        # Fields after the command name, which may hold blanks: utime, stime, cutime, cstime are 14th to 17th.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15]))
    return 0


def _memory(pid: int, name: str) -> int:
    """Kilobytes of one line of /proc/PID/status."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return 0


@asynccontextmanager
async def running(launch: Launch, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a program in its own session, its words going to `folder`/output.txt; stop it on the way out."""
    with (folder / "output.txt").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *launch.argv,
            cwd=ROOT,
            env={**os.environ, **launch.env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            await _stop(process)


def last_words(folder: Path, size: int = 800) -> str:
    """The end of what the program wrote."""
    with suppress(OSError):
        return (folder / "output.txt").read_text(errors="replace")[-size:]
    return ""


async def _stop(process: asyncio.subprocess.Process) -> None:
    """Ask to end, wait, then kill: only the process group that was started here."""
    for number, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience)
