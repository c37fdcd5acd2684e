"""The calls of the bot that the endpoint answers, and what people see because of them.

NapCat's retcodes: 0, 1400 for bad parameters, 1404 for an unknown action, 1200 for everything else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from domain.errors import NotFound
from domain.moment import Clock, to_ms
from practice.cabinet import Cabinet, KeptFile
from practice.chats import Chats, Enclosed, Said
from practice.city import BOT_ACCOUNT, BOT_NAME
from practice.frames import Frame, history_entry
from practice.world import World

BAD_PARAMETERS, UNKNOWN_ACTION, FAILED = 1400, 1404, 1200


class Calls:
    """Carries the bot's calls out; `world` is renewed when the roster changes."""

    def __init__(self, world: World, chats: Chats, clock: Clock, address: str) -> None:
        self.world = world
        self.files = Cabinet()
        self._chats = chats
        self._clock = clock
        self._address = address
        self._actions: dict[str, Callable[[Frame], object]] = {
            "send_msg": self._send,
            "send_group_msg": self._send_group,
            "send_private_msg": self._send_private,
            "upload_group_file": lambda params: self._upload(self._group(params), params),
            "upload_private_file": lambda params: self._upload(self._private(params), params),
            "get_group_msg_history": self._history,
            "get_group_file_url": self._file_url,
            "get_private_file_url": self._file_url,
            "get_file": self._file_bytes,
            "get_login_info": lambda _: {"user_id": BOT_ACCOUNT, "nickname": BOT_NAME},
            "get_status": lambda _: {"online": True, "good": True, "stat": {}},
            "get_version_info": lambda _: {"app_name": "baosong-practice", "protocol_version": "v11"},
        }

    def answer(self, request: Frame) -> Frame:
        """The answer to one call, with its echo; never raises for what was asked."""
        action = self._actions.get(str(request.get("action")))
        if action is None:
            return _answer(request, UNKNOWN_ACTION, words=f"不支持的Api {request.get('action')}")
        try:
            return _answer(request, 0, action(request.get("params") or {}))
        except NotFound as missing:
            return _answer(request, FAILED, words=str(missing))
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            return _answer(request, BAD_PARAMETERS, words=f"{type(wrong).__name__}: {wrong}")

    def _send(self, params: Frame) -> Frame:
        private = params.get("message_type") == "private" or "group_id" not in params
        return self._send_private(params) if private else self._send_group(params)

    def _send_group(self, params: Frame) -> Frame:
        return self._tell(self._group(params), params["message"])

    def _send_private(self, params: Frame) -> Frame:
        return self._tell(self._private(params), params["message"])

    def _group(self, params: Frame) -> str:
        number = int(params["group_id"])
        if number not in self.world.rooms:
            raise NotFound(what=f"群 {number}")
        return f"g:{number}"

    def _private(self, params: Frame) -> str:
        return f"p:{self.world.resident(int(params['user_id'])).account}"

    def _tell(self, chat: str, message: Any) -> Frame:
        """A message of segments. A picture shows itself, above the words if there are any."""
        plain = isinstance(message, str)
        segments: list[Frame] = [{"type": "text", "data": {"text": message}}] if plain else message
        text = "".join(self._words_of(part) for part in segments)
        quotes = [int(part["data"]["id"]) for part in segments if part["type"] == "reply"]
        pictures = [str(part["data"]["file"]) for part in segments if part["type"] == "image"]
        if (not text and not pictures) or len(pictures) > 1:
            raise ValueError("message: expected text or one picture")
        picture = self.files.keep_picture(_bytes_of(pictures[0])) if pictures else None
        said = self._write(chat, text, quotes[0] if quotes else 0, picture)
        return {"message_id": said.message_id}

    def _words_of(self, part: Frame) -> str:
        """A segment as it reads: text, or the name of somebody who is called."""
        if part["type"] == "at":
            return f"@{self.world.name_of(int(part['data']['qq']))} "
        return str(part["data"]["text"]) if part["type"] == "text" else ""

    def _write(self, chat: str, text: str, quote: int = 0, file: Enclosed | None = None) -> Said:
        return self._chats.add(chat, BOT_ACCOUNT, text, to_ms(self._clock.now()), quote=quote, file=file)

    def _upload(self, chat: str, params: Frame) -> Frame:
        name, content = str(params["name"]), _bytes_of(str(params["file"]))
        key = self.files.keep_shared(name, content)
        self._write(chat, "", file=Enclosed(key, name, len(content)))
        return {"file_id": f"/{key}"}

    def _history(self, params: Frame) -> Frame:
        told = self._chats.of(self._group(params))[-int(params.get("count", 20)) :]
        return {"messages": [history_entry(said, self.world.name_of(said.sender)) for said in told]}

    def _file_url(self, params: Frame) -> Frame:
        key, _ = self._file(params)
        return {"url": f"{self._address}/practice/files/{key}"}

    def _file_bytes(self, params: Frame) -> Frame:
        _, file = self._file(params)
        encoded = base64.b64encode(file.content).decode()
        return {"file_name": file.name, "file_size": str(len(file.content)), "base64": encoded}

    def _file(self, params: Frame) -> tuple[str, KeptFile]:
        """Its key and itself; the message and the notice of one upload name it by different ids."""
        key = str(params["file_id"]).removeprefix("/").removeprefix("notice-")
        file = self.files.get(key)
        if file is None:
            raise NotFound(what="这个文件")
        return key, file


def _bytes_of(source: str) -> bytes:
    """The bytes a call brings. Raises ValueError for a path or an address: the endpoint fetches nothing."""
    try:
        return base64.b64decode(source.removeprefix("base64://"), validate=True)
    except binascii.Error as broken:
        raise ValueError("file: expected base64://") from broken


def _answer(request: Frame, retcode: int, data: object = None, words: str = "") -> Frame:
    status = "failed" if retcode else "ok"
    return {
        "status": status, "retcode": retcode, "data": data, "message": words, "wording": words,
        "echo": request.get("echo"), "stream": "normal-action",
    }  # fmt: skip
