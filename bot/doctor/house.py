"""The running bot, as its own page tells it: does it take messages in, who is connected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from bot.doctor import texts
from bot.doctor.finding import Finding, bad, good, none
from bot.settings import Server, Settings

SECONDS = 5.0

_ANY = {"0.0.0.0": "127.0.0.1", "localhost": "127.0.0.1", "::": "::1"}

Page = Mapping[str, Any]
"""What /readyz says; empty if nobody answers."""


def address(server: Server) -> str:
    """The bot's own address, as this machine reaches it."""
    host = _ANY.get(server.host, server.host)
    return f"http://[{host}]:{server.port}" if ":" in host else f"http://{host}:{server.port}"


async def read_page(settings: Settings) -> Page:
    """Ask the running bot how it is."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
            told = (await client.get(f"{address(settings.server)}/readyz")).json()
    except (httpx.HTTPError, ValueError):
        return {}
    return told if isinstance(told, dict) and "channels" in told else {}


def house(settings: Settings, page: Page) -> Iterator[Finding]:
    """The bot and its channels."""
    url = address(settings.server)
    if not page:
        yield bad(texts.BOT, texts.BOT_DOWN.format(url=url), texts.BOT_DOWN_REMEDY)
    elif not page.get("ready"):
        yield bad(texts.BOT, texts.BOT_NOT_READY.format(reasons="；".join(page.get("reasons", []))))
    else:
        yield good(texts.BOT, texts.BOT_UP.format(url=url))
    if not settings.has_channel:
        yield bad(texts.BOT, texts.NO_CHANNEL, texts.NO_CHANNEL_REMEDY)
    if settings.onebot is not None:
        if not settings.onebot.token.get_secret_value():
            yield none("OneBot", texts.ONEBOT_OPEN)
        yield _connected("OneBot", page.get("channels", {}).get("onebot"), page, texts.ONEBOT_REMEDY)
    if settings.qq is not None:
        yield _connected("QQ 官方", page.get("channels", {}).get("qq"), page, texts.QQ_REMEDY)
    aibot = settings.wecom.aibot if settings.wecom is not None else None
    if aibot is not None and aibot.transport == "websocket":
        state = page.get("identities", {}).get("wecom", {}).get(texts.AIBOT)
        yield _connected(f"{texts.AIBOT}的长连接", state, page, texts.LINK_REMEDY)


def _connected(subject: str, state: object, page: Page, remedy: str) -> Finding:
    if not page:
        return none(subject, texts.CHANNEL_UNKNOWN)
    if state is None:
        return bad(subject, texts.CHANNEL_NOT_LOADED, texts.RESTART)
    if state != "up":
        return bad(subject, str(state), remedy)
    return good(subject, texts.CHANNEL_UP)
