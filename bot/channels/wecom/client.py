"""Calls of the server API: token, error codes, the one retry that is allowed.

Documents 91039 (gettoken), 90313 (error codes). Every answer is HTTP 200 with an `errcode`, media excepted.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nonebot.drivers import Response

from .errcode import BUSY, MAYBE_STALE_TOKEN
from .exception import AckUnknown, ActionFailed, NetworkError
from .log import keep_secret
from .media import Media, file_name
from .token import Token, TokenHolder, TokenStore
from .wire import Wire

BUSY_PAUSES = (0.5, 1.0, 2.0)

Sleep = Callable[[float], Awaitable[None]]
Sending = Callable[[Mapping[str, str]], Awaitable[Response]]
"""Sends one request with these query parameters added."""


class Client:
    """The server API at `api_base`."""

    def __init__(self, wire: Wire, api_base: str, sleep: Sleep = asyncio.sleep) -> None:
        self._wire = wire
        self._base = api_base.rstrip("/")
        self._sleep = sleep

    def holder(self, store: TokenStore, corp_id: str, agent_id: int, secret: str) -> TokenHolder:
        """The token holder of one app."""

        async def fetch() -> tuple[str, float]:
            response = await self._wire.get(f"{self._base}/gettoken", {"corpid": corp_id, "corpsecret": secret})
            answer = checked("gettoken", answer_of(response, NetworkError))
            token = str(answer.get("access_token", ""))
            keep_secret(token)
            return token, _seconds(answer.get("expires_in"))

        return TokenHolder(store, corp_id, agent_id, secret, fetch)

    async def get(self, token: TokenHolder, api: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """GET an interface with the app's token."""
        asked = {name: str(value) for name, value in params.items()}
        return await self._call(
            api, token, lambda auth: self._wire.get(f"{self._base}/{api}", {**auth, **asked}), NetworkError
        )

    async def post(self, token: TokenHolder, api: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST a JSON body with the app's token."""
        return await self._call(api, token, lambda auth: self._wire.post(f"{self._base}/{api}", auth, body), AckUnknown)

    async def upload(self, token: TokenHolder, api: str, kind: str, name: str, data: bytes) -> dict[str, Any]:
        """Upload a file with the app's token (document 90253)."""
        return await self._call(
            api,
            token,
            lambda auth: self._wire.upload(f"{self._base}/{api}", {**auth, "type": kind}, name, data),
            NetworkError,
        )

    async def media(self, token: TokenHolder, api: str, media_id: str) -> Media:
        """Fetch a file: bytes, or JSON with an error (document 90253: look at the type before saving)."""
        found: list[Media] = []

        async def send(auth: Mapping[str, str]) -> Response:
            response = await self._wire.get(f"{self._base}/{api}", {**auth, "media_id": media_id})
            if not _is_json(response):
                found.append(Media(file_name(response.headers), _body(response)))
            return response

        await self._call(api, token, send, NetworkError, unless=lambda: bool(found))
        return found[-1]

    async def webhook(self, api: str, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST to a group's webhook (document 91770)."""
        return await self._patiently(
            api, lambda: self._wire.post(f"{self._base}/{api}", {"key": key}, body), AckUnknown
        )

    async def webhook_upload(self, api: str, key: str, kind: str, name: str, data: bytes) -> dict[str, Any]:
        """Upload a file for one webhook only (document 91770)."""
        return await self._patiently(
            api, lambda: self._wire.upload(f"{self._base}/{api}", {"key": key, "type": kind}, name, data), NetworkError
        )

    async def answer_once(self, response_url: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST plain JSON to an AI bot's `response_url` (document 101138)."""
        return await self._patiently("aibot/response", lambda: self._wire.post(response_url, {}, body), AckUnknown)

    async def _call(
        self,
        api: str,
        holder: TokenHolder,
        send: Sending,
        unclear: type[NetworkError],
        unless: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Call with the token; if the service finds it stale, once more with a new one."""
        stale: Token | None = None
        while True:
            token = await holder.get(stale)
            auth = {"access_token": token.value}
            try:
                return await self._patiently(api, lambda auth=auth: send(auth), unclear, unless)  # type: ignore[misc]  # mypy cannot type a bound default
            except ActionFailed as failed:
                if stale is not None or failed.errcode not in MAYBE_STALE_TOKEN:
                    raise
                stale = token

    async def _patiently(
        self,
        api: str,
        send: Callable[[], Awaitable[Response]],
        unclear: type[NetworkError],
        unless: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Send, and again a little later while the service is busy (-1); nothing else is repeated."""
        for pause in (*BUSY_PAUSES, None):
            response = await send()
            if unless():
                return {}
            answer = answer_of(response, unclear)
            if answer.get("errcode") != BUSY or pause is None:
                return checked(api, answer)
            await self._sleep(pause)
        raise AssertionError("the last try returns or raises")


def answer_of(response: Response, unclear: type[NetworkError]) -> dict[str, Any]:
    """The JSON object of an answer. Raises `unclear` if there is none: a gateway answered in the service's place."""
    try:
        answer = json.loads(_body(response))
    except (ValueError, RecursionError):
        answer = None
    if response.status_code != 200 or not isinstance(answer, dict):
        raise unclear(f"HTTP {response.status_code} without an answer")
    return answer


def checked(api: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer if all went well. Raises ActionFailed."""
    code = answer.get("errcode", 0)
    if code != 0:
        shown = {name: value for name, value in answer.items() if name not in ("access_token", "response_code")}
        raise ActionFailed(code if isinstance(code, int) else 0, str(answer.get("errmsg", "")), api, shown)
    return dict(answer)


def _is_json(response: Response) -> bool:
    kind = response.headers.get("Content-Type", "")
    return response.status_code != 200 or kind.startswith(("application/json", "text/plain"))


def _body(response: Response) -> bytes:
    content = response.content or b""
    return content.encode() if isinstance(content, str) else content


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float | str) and str(value).isdecimal() else 7200.0
