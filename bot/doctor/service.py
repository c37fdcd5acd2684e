"""One question to WeChat Work for a token, one with it: the secret, the address, the app, and whose clock is right.

The second question is `agent/get` (document 90227): gettoken answers also those whose address is not allowed (60020),
and an AgentId of another app shows only there (301002).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.channels.wecom import ActionFailed, NetworkError, TokenRefused
from bot.channels.wecom.client import checked
from bot.channels.wecom.log import hush_libraries, keep_secret
from bot.channels.wecom.token import TokenHolder
from bot.channels.workchat.texts import HINTS, KIND_HINTS
from bot.channels.workchat.tokens import StoredTokens
from bot.doctor import texts
from bot.doctor.finding import Finding, bad, good, none
from bot.section_wecom import WeCom, WeComApp
from domain.moment import show_time
from storage.engine import Store

SECONDS = 10.0
TOLERATED_SECONDS = 60
"""A clock further off than this misleads people; 300 s off, and callbacks are refused."""

_ADDRESS = re.compile(r"from ip:? ?([0-9A-Fa-f.:]*[0-9A-Fa-f])")


async def examine_app(section: WeCom, app: WeComApp, store: Store) -> list[Finding]:
    """The app's secret, address and number, and the clock."""
    hush_libraries()
    async with httpx.AsyncClient(timeout=SECONDS, base_url=section.api_base.rstrip("/") + "/") as client:
        call = Call(client)
        try:
            told = await _ask(call, section, app, store)
        except TokenRefused as refused:
            found = _refused(refused)
        except ActionFailed as failed:
            found = _failed(failed)
        except NetworkError as error:
            host = urlsplit(section.api_base).hostname or ""
            words = texts.TOKEN_UNREACHED.format(host=host, reason=error.reason)
            found = bad(texts.APP, words, texts.TOKEN_UNREACHED_REMEDY.format(host=host))
        else:
            found = _app(told)
    return [found, clock_of(call.date, call.at)]


class Call:
    """Asks the service; keeps what its clock said, and what ours said then."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.date = ""
        self.at = datetime.now(UTC)

    async def __call__(self, api: str, params: Mapping[str, str]) -> dict[str, Any]:
        """The answer. Raises ActionFailed or NetworkError, in neither of which the address stands."""
        try:
            response = await self._client.get(api, params=params)
            answer = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            reason = type(error).__name__
        else:
            self.date, self.at = response.headers.get("Date", ""), datetime.now(UTC)
            if response.status_code == 200 and isinstance(answer, dict):
                return checked(api, answer)
            reason = f"HTTP {response.status_code}"
        raise NetworkError(reason)


async def _ask(call: Call, section: WeCom, app: WeComApp, store: Store) -> dict[str, Any]:
    """What the service says about the app. Raises ActionFailed, NetworkError."""
    secret = app.secret.get_secret_value()
    keep_secret(secret)

    async def fetch() -> tuple[str, float]:
        answer = await call("gettoken", {"corpid": section.corp_id, "corpsecret": secret})
        return str(answer.get("access_token", "")), float(answer.get("expires_in") or 7200)

    tokens = StoredTokens()
    tokens.keep_in(store)
    token = await TokenHolder(tokens, section.corp_id, app.agent_id, secret, fetch).ask_anew()
    keep_secret(token.value)
    return await call("agent/get", {"access_token": token.value, "agentid": str(app.agent_id)})


def _app(told: Mapping[str, Any]) -> Finding:
    name = str(told.get("name", ""))
    if told.get("close"):
        return bad(texts.APP, texts.APP_CLOSED.format(name=name), texts.APP_CLOSED_REMEDY)
    return good(texts.APP, texts.TOKEN_GOOD.format(name=name))


def _refused(refused: TokenRefused) -> Finding:
    until = show_time(int(refused.retry_at * 1000))
    return bad(texts.APP, texts.TOKEN_HELD_BACK.format(hint=_hint(refused), until=until))


def _failed(failed: ActionFailed) -> Finding:
    return bad(texts.APP, f"{_hint(failed)}（{failed.errcode}）")


def _hint(failed: ActionFailed) -> str:
    """What to do about a code. The service names the address it saw; all else it says is of no use to people."""
    seen = _ADDRESS.search(failed.errmsg)
    hint = HINTS.get(failed.errcode) or KIND_HINTS.get(failed.kind) or texts.UNKNOWN_CODE
    return hint.format(reason=seen[1] if failed.errcode == 60020 and seen else str(failed.errcode))


def clock_of(date: str, at: datetime) -> Finding:
    """Our clock beside the service's (the Date header of its answer, RFC 9110 §6.6.1), to the second."""
    try:
        away = round((at - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return none(texts.CLOCK, texts.CLOCK_UNKNOWN)
    if abs(away) <= TOLERATED_SECONDS:
        return good(texts.CLOCK, texts.CLOCK_GOOD.format(seconds=abs(away)))
    direction = "快" if away > 0 else "慢"
    return bad(texts.CLOCK, texts.CLOCK_OFF.format(direction=direction, seconds=abs(away)), texts.CLOCK_REMEDY)
