"""A real Chromium without a window, driven over its own DevTools protocol: keys, clicks and drops are the browser's.

The protocol is JSON over a WebSocket, which the bot's own dependencies speak; a driver package would add nothing.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = "Chromium is not installed (Debian: apt-get install chromium)"

KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "Space": 32}
POLL_SECONDS = 0.05


class Browser:
    """One page. `faults` are console errors and uncaught exceptions, `requests` every address it asked for."""

    def __init__(self, width: int = 1440, height: int = 900, *, dark: bool = False) -> None:
        self.faults: list[str] = []
        self.requests: list[str] = []
        self._size = (width, height)
        self._dark = dark
        self._profile = tempfile.TemporaryDirectory(prefix="baosong-browser-", ignore_cleanup_errors=True)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0

    async def __aenter__(self) -> Self:
        assert CHROMIUM is not None, MISSING
        self._process = _start(CHROMIUM, self._profile.name)
        self._socket = await connect(await self._page_address(), max_size=None, proxy=None)
        self._reading = asyncio.create_task(self._read(self._socket))
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.call(f"{domain}.enable")
        width, height = self._size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 760}
        await self.call("Emulation.setDeviceMetricsOverride", **metrics)
        await self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if self._dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.cancel()
        await self._socket.close()
        self._process.terminate()
        await asyncio.to_thread(self._process.wait, 10)
        self._profile.cleanup()

    async def _page_address(self) -> str:
        """Chromium writes its port into its profile as soon as it listens."""
        told = Path(self._profile.name) / "DevToolsActivePort"
        for _ in range(600):
            if told.exists() and (lines := told.read_text("ascii").split()):
                async with httpx.AsyncClient(trust_env=False) as client:
                    targets = (await client.get(f"http://127.0.0.1:{lines[0]}/json")).json()
                pages = [target for target in targets if target["type"] == "page"]
                if pages:
                    return str(pages[0]["webSocketDebuggerUrl"])
            await asyncio.sleep(POLL_SECONDS)
        raise AssertionError("Chromium did not start")

    async def _read(self, socket: ClientConnection) -> None:
        async for raw in socket:
            said = json.loads(raw)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            else:
                self._note(said["method"], said["params"])

    def _note(self, event: str, told: dict[str, Any]) -> None:
        if event == "Runtime.exceptionThrown":
            self.faults.append(json.dumps(told["exceptionDetails"], ensure_ascii=False)[:500])
        elif event == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.faults.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
        elif event == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning"):
            self.faults.append(str(told["args"]))
        elif event == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif event == "Network.webSocketCreated":
            self.requests.append(told["url"])

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call of the DevTools protocol."""
        self._asked += 1
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[self._asked] = future
        await self._socket.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        answer = await asyncio.wait_for(future, 20)
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    async def evaluate(self, expression: str) -> Any:
        """What an expression is worth in the page."""
        answer = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def open(self, address: str) -> None:
        await self.call("Page.navigate", url=address)
        await self.until("document.querySelector('#chats button') !== null")

    async def until(self, expression: str, seconds: float = 20) -> Any:
        """Wait until an expression is true; returns its value."""
        value = None
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (value := await self.evaluate(expression)):
                    await asyncio.sleep(POLL_SECONDS)
        assert value, f"never came true: {expression}\n{await self.evaluate('document.body.innerText')}"
        return value

    async def press(self, *keys: str) -> None:
        """Press keys by name, one after the other."""
        for key in keys:
            code = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
            typed = {"text": "\r"} if key == "Enter" else {}
            await self.call("Input.dispatchKeyEvent", type="keyDown", **code, **typed)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    async def write(self, text: str) -> None:
        """Put text in where the cursor is, as an input method does when it is done composing."""
        await self.call("Input.insertText", text=text)

    async def press_until(self, key: str, expression: str) -> None:
        """Press a key again and again until an expression is true, as people do while a page is still busy."""
        async with asyncio.timeout(20):
            while not await self.evaluate(expression):
                await self.press(key)
                await asyncio.sleep(POLL_SECONDS)

    async def _middle(self, selector: str) -> tuple[float, float]:
        """The middle of an element that has come to rest: what moves would be missed, what is covered not be hit."""
        where = _MIDDLE % json.dumps(selector)
        before, now = None, await self.until(where)
        while now is None or before != now:
            await asyncio.sleep(POLL_SECONDS)
            before, now = now, await self.until(where)
        return now[0], now[1]

    async def click(self, selector: str) -> None:
        """A real click in the middle of an element."""
        x, y = await self._middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def save_into(self, folder: Path) -> None:
        """Let files that are saved go into a folder, without asking."""
        await self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    async def drop(self, selector: str, paths: Sequence[Path]) -> None:
        """Drag files from outside onto an element and let go."""
        x, y = await self._middle(selector)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            await self.call("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)


_MIDDLE = """(() => {
    const it = document.querySelector(%s), box = it?.getBoundingClientRect();
    if (!box || !box.width) return null;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return it.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
})()"""


def _start(program: str, profile: str) -> subprocess.Popen[bytes]:
    options = (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
        "--no-proxy-server", "--remote-debugging-port=0", f"--user-data-dir={profile}",
    )  # fmt: skip
    return subprocess.Popen([program, *options, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def saved(folder: Path, ending: str) -> Path:
    """The file that was saved, once it is whole (Chromium writes under another name until then)."""
    async with asyncio.timeout(20):
        while not (found := await asyncio.to_thread(lambda: [*folder.glob(f"*{ending}")])):
            await asyncio.sleep(POLL_SECONDS)
    return found[0]
