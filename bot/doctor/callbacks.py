"""Calling our own callback addresses as WeChat Work does when an administrator saves them (documents 90930, 100719)."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator

import httpx

from bot.channels.wecom import AIBotInfo, AppInfo
from bot.channels.wecom.crypto import BizCrypt
from bot.channels.workchat.identities import adapter_config
from bot.doctor import texts
from bot.doctor.finding import Finding, bad, good, none
from bot.doctor.house import address
from bot.settings import Settings

PATIENCE_MS = 1_000
"""How long the service waits for the answer to a verification."""

SECONDS = 10.0


async def callbacks(settings: Settings, public: str) -> AsyncIterator[Finding]:
    """Every address, on this machine and, if `public` (https://host, '' if none) is given, from outside."""
    if settings.wecom is None:
        return
    local = address(settings.server)
    for info in adapter_config(settings.wecom).wecom_bots:
        if not isinstance(info, AppInfo | AIBotInfo):
            continue
        identity = texts.APP if isinstance(info, AppInfo) else texts.AIBOT
        crypt = info.crypt()
        if crypt is None:
            if isinstance(info, AppInfo):
                yield none(identity, texts.ONLY_SPEAKS)
            continue
        yield await verify(
            texts.CALLBACK.format(identity=identity), local + info.callback_path, crypt, texts.LOCAL_REMEDY
        )
        subject = texts.PUBLIC.format(identity=identity)
        if public:
            yield await verify(
                subject, public.rstrip("/") + info.callback_path, crypt, texts.PUBLIC_REMEDY.format(local=local)
            )
        else:
            yield none(subject, texts.NO_URL)


async def verify(subject: str, url: str, crypt: BizCrypt, remedy: str) -> Finding:
    """Sign and encrypt a word, and expect it back in plain."""
    word, nonce = secrets.token_hex(10), secrets.token_hex(5)
    sealed = crypt.seal(word, int(time.time()), nonce)
    asked = {
        "msg_signature": sealed.signature, "timestamp": str(sealed.timestamp), "nonce": nonce,
        "echostr": sealed.encrypt,
    }  # fmt: skip
    begin = time.perf_counter()
    try:
        # Our own address is reached directly; a proxy for the way out knows nothing of it.
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
            response = await client.get(url, params=asked)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return bad(subject, texts.UNREACHED.format(reason=type(error).__name__), remedy)
    ms = round((time.perf_counter() - begin) * 1000)
    if response.status_code == 404:
        return bad(subject, texts.NOT_OPEN, remedy)
    if response.status_code == 403:
        return bad(subject, texts.WRONG_KEY, remedy)
    if response.status_code != 200 or response.content != word.encode():
        return bad(subject, texts.STRANGE.format(status=response.status_code), remedy)
    if ms > PATIENCE_MS:
        return bad(subject, texts.TOO_SLOW.format(ms=ms), remedy)
    return good(subject, texts.REACHED.format(ms=ms))
