"""The service's own Node packages, installed from the locked list beside this file and run as processes."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from .world import Json

SOURCE = Path(__file__).parent / "node"
LOCKED = ("package.json", "package-lock.json")
INSTALL_SECONDS = 240


class NotThere(Exception):
    """Node or its packages cannot be had here; the message says why."""


def installed() -> Path:
    """A folder with the packages; kept between runs, made anew when the lock changes. NotThere."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotThere("Node and npm are not installed")
    lock = b"".join((SOURCE / name).read_bytes() for name in LOCKED)
    folder = Path(tempfile.gettempdir()) / f"wecom-official-{os.getuid()}-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not folder.is_dir():
        _install(npm, folder)
    return folder


def _install(npm: str, folder: Path) -> None:
    """Install beside it and rename, so that a broken installation is never taken for a good one."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        work = Path(made) / "node"
        work.mkdir()
        for name in LOCKED:
            shutil.copy(SOURCE / name, work)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            subprocess.run(command, cwd=work, check=True, capture_output=True, timeout=INSTALL_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise NotThere("npm could not install the packages") from error
        if not folder.is_dir():
            work.rename(folder)


def _environment(folder: Path) -> dict[str, str]:
    """Ours without proxies: everything the peers talk to is on the loopback."""
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return clean | {"NODE_PATH": str(folder / "node_modules")}


async def crypto(folder: Path, tasks: list[Json]) -> list[Any]:
    """What `@wecom/crypto` makes of these tasks; crypto_peer.cjs says which there are."""
    process = await asyncio.create_subprocess_exec(
        "node",
        str(SOURCE / "crypto_peer.cjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=_environment(folder),
    )
    out, _ = await process.communicate(json.dumps(tasks).encode())
    assert process.returncode == 0
    return list(json.loads(out))


class Sdk:
    """One running client of the official AI-bot SDK. events: all it emitted, in order."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.events: list[Json] = []
        self._process = process
        self._news = asyncio.Condition()
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._numbers = itertools.count(1)

    @classmethod
    @asynccontextmanager
    async def running(
        cls, folder: Path, ws_url: str, bot_id: str, secret: str, heartbeat_ms: int = 30_000
    ) -> AsyncIterator[Sdk]:
        process = await asyncio.create_subprocess_exec(
            "node",
            str(SOURCE / "sdk_peer.cjs"),
            ws_url,
            bot_id,
            secret,
            str(heartbeat_ms),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**24,
            env=_environment(folder),
        )
        sdk = cls(process)
        listening = asyncio.create_task(sdk._listen())
        try:
            yield sdk
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
            await listening

    async def call(self, method: str, *args: Any, seconds: float = 10) -> Json:
        """Call a method of the client: {"result"} or {"error"} (an errcode, or words)."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        line = json.dumps({"id": number, "call": method, "args": list(args)})
        self._process.stdin.write(f"{line}\n".encode())
        return await asyncio.wait_for(self._answers[number], seconds)

    async def until(self, event: str, count: int = 1, seconds: float = 10) -> Json:
        """The newest event of that name, once there were so many."""

        def found() -> list[Json]:
            return [one for one in self.events if one["event"] == event]

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(found()) >= count), seconds)
        return found()[-1]

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for raw in self._process.stdout:
            line = json.loads(raw)
            if "id" in line:
                self._answers[line["id"]].set_result(line)
                continue
            async with self._news:
                self.events.append(line)
                self._news.notify_all()


def buffer(data: bytes) -> Json:
    """An argument that arrives as a Buffer."""
    return {"base64": base64.b64encode(data).decode()}


def frame(number: int) -> Json:
    """An argument that arrives as the frame received at that place, from 0 on."""
    return {"frame": number}
