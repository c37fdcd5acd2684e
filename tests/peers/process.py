"""The real bot as a process of its own: started, watched, stopped or killed from outside.

The command lines of the bot stand here and nowhere else in the tests.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

REPOSITORY = Path(__file__).resolve().parents[2]
BOT = (sys.executable, "-m", "bot")
POLL_SECONDS = 0.05
LOG_TAIL = 3000


class BotDidNotStart(AssertionError):
    """The process ended, or was not ready in time; the message carries the end of its log."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment every bot of the tests gets: ours without BAOSONG_*, in the zone of the office."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BAOSONG_")}
    return clean | {"TZ": "Asia/Shanghai", "PYTHONUNBUFFERED": "1"} | dict(extra or {})


@dataclass
class BotProcess:
    """`python -m bot run --config CONFIG`, an asynchronous context manager: ready inside, terminated after.

    port: the HTTP port the config names. log: standard output and error of all runs, appended.
    command: what stands before `run --config`; another program can stand in for the bot.
    """

    config: Path
    port: int
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = BOT
    _process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.running():
            await self.terminate()

    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._started().pid

    async def start(self, seconds: float = 30) -> None:
        """Start and wait until it is ready; BotDidNotStart otherwise, with nothing left running."""
        await self.launch()
        try:
            await self.ready(seconds)
        except BaseException:
            if self.running():
                await self.kill()
            raise

    async def launch(self) -> None:
        """Start without waiting, for bots that are expected to refuse."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                "run",
                "--config",
                str(self.config),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=REPOSITORY,
                env=environment(self.env),
            )

    async def ready(self, seconds: float = 30) -> None:
        """Wait until /readyz answers 200."""
        deadline = time.monotonic() + seconds
        async with httpx.AsyncClient(trust_env=False, timeout=1) as client:
            while time.monotonic() < deadline:
                if not self.running():
                    status = self._started().returncode
                    raise BotDidNotStart(f"the bot ended with {status}:\n{self.log_tail()}")
                with suppress(httpx.TransportError):
                    if (await client.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200:
                        return
                await asyncio.sleep(POLL_SECONDS)
        raise BotDidNotStart(f"the bot was not ready within {seconds} s:\n{self.log_tail()}")

    async def terminate(self, seconds: float = 15) -> int:
        """SIGTERM and wait; the exit status. A bot that does not stop in time is killed, the test fails."""
        process = self._started()
        process.terminate()
        try:
            return await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            await self.kill()
            raise AssertionError(f"the bot did not stop within {seconds} s:\n{self.log_tail()}") from None

    async def kill(self) -> None:
        """SIGKILL: no goodbye of any kind."""
        process = self._started()
        process.kill()
        await process.wait()

    async def restart(self) -> None:
        """Terminate if it runs, then start again on the same port and config."""
        if self.running():
            await self.terminate()
        await self.start()

    async def exit_status(self, seconds: float = 15) -> int:
        """Wait for it to end by itself."""
        return await asyncio.wait_for(self._started().wait(), seconds)

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def log_tail(self) -> str:
        return self.log_text()[-LOG_TAIL:]

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("the bot was never started")
        return self._process


@dataclass(frozen=True, slots=True)
class CliResult:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str


async def run_cli(
    config: Path,
    *arguments: str,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    seconds: float = 60,
    command: Sequence[str] = BOT,
) -> CliResult:
    """Run `python -m bot ARGUMENTS --config CONFIG` to its end; one that hangs is killed (TimeoutError)."""
    process = await asyncio.create_subprocess_exec(
        *command,
        *arguments,
        "--config",
        str(config),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=REPOSITORY,
        env=environment(env),
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(stdin.encode()), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return CliResult(process.returncode or 0, out.decode(), err.decode())
