"""The calls of the bot that the endpoint answers, and what people see because of them.

NapCat's retcodes: 0, 1400 for bad parameters, 1404 for an unknown action, 1200 for everything else.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.errors import NotFound
from domain.moment import Clock, to_ms
from practice.chats import Chats, Said
from practice.city import BOT_ACCOUNT, BOT_NAME
from practice.frames import Frame, history_entry
from practice.world import World

BAD_PARAMETERS, UNKNOWN_ACTION, FAILED = 1400, 1404, 1200
FILES_KEPT = 50


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file somebody sent."""

    name: str
    content: bytes


class Calls:
    """Carries the bot's calls out; `world` is renewed when the roster changes."""

    def __init__(self, world: World, chats: Chats, clock: Clock, address: str) -> None:
        self.world = world
        self.files: dict[str, StoredFile] = {}
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

    def keep(self, name: str, content: bytes) -> str:
        """Keep a file for whoever fetches it; returns its key. The oldest is forgotten when there are too many."""
        if len(self.files) >= FILES_KEPT:
            del self.files[next(iter(self.files))]
        key = secrets.token_hex(16)
        self.files[key] = StoredFile(name, content)
        return key

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
        plain = isinstance(message, str)
        segments: list[Frame] = [{"type": "text", "data": {"text": message}}] if plain else message
        text = "".join(str(part["data"]["text"]) for part in segments if part["type"] == "text")
        quotes = [int(part["data"]["id"]) for part in segments if part["type"] == "reply"]
        if not text:
            raise ValueError("message: expected text")
        said = self._write(chat, text, quotes[0] if quotes else 0)
        return {"message_id": said.message_id}

    def _write(self, chat: str, text: str, quote: int = 0, **file: Any) -> Said:
        return self._chats.add(chat, BOT_ACCOUNT, text, to_ms(self._clock.now()), quote=quote, **file)

    def _upload(self, chat: str, params: Frame) -> Frame:
        name, source = str(params["name"]), str(params["file"])
        try:
            content = base64.b64decode(source.removeprefix("base64://"), validate=True)
        except binascii.Error as broken:
            raise ValueError("file: expected base64://") from broken
        key = self.keep(name, content)
        self._write(chat, "", file=key, file_name=name, file_size=len(content))
        return {"file_id": f"/{key}"}

    def _history(self, params: Frame) -> Frame:
        told = self._chats.of(self._group(params))[-int(params.get("count", 20)) :]
        return {"messages": [history_entry(said, self.world.name_of(said.sender)) for said in told]}

    def _file_url(self, params: Frame) -> Frame:
        return {"url": f"{self._address}/practice/files/{self._file_key(params)}"}

    def _file_bytes(self, params: Frame) -> Frame:
        file = self.files[self._file_key(params)]
        encoded = base64.b64encode(file.content).decode()
        return {"file_name": file.name, "file_size": str(len(file.content)), "base64": encoded}

    def _file_key(self, params: Frame) -> str:
        """The message and the notice of one upload name it by different ids."""
        key = str(params["file_id"]).removeprefix("/").removeprefix("notice-")
        if key not in self.files:
            raise NotFound(what="这个文件")
        return key


def _answer(request: Frame, retcode: int, data: object = None, words: str = "") -> Frame:
    status = "failed" if retcode else "ok"
    return {
        "status": status, "retcode": retcode, "data": data, "message": words, "wording": words,
        "echo": request.get("echo"), "stream": "normal-action",
    }  # fmt: skip
