"""The settings of WeChat Work (企业微信): three identities, each of which may be left out."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, SecretStr

from bot.section import PaceSection, Section


class WeComApp(Section):
    """A self-built app (自建应用). Without `token` and `encoding_aes_key` it speaks and hears nothing."""

    agent_id: int = Field(ge=1)
    secret: SecretStr = SecretStr("")
    secret_file: str = ""
    token: SecretStr = SecretStr("")
    token_file: str = ""
    encoding_aes_key: SecretStr = SecretStr("")
    encoding_aes_key_file: str = ""


class WeComAIBot(Section):
    """An AI bot (智能机器人): `websocket` (we connect, with `secret`) or `callback` (Tencent calls us over HTTPS, with
    `token` and `encoding_aes_key`). `name` is what stands behind the @ in groups."""

    bot_id: str = Field(min_length=1)
    name: str = ""
    transport: Literal["callback", "websocket"] = "websocket"
    secret: SecretStr = SecretStr("")
    secret_file: str = ""
    token: SecretStr = SecretStr("")
    token_file: str = ""
    encoding_aes_key: SecretStr = SecretStr("")
    encoding_aes_key_file: str = ""


class WeComPace(PaceSection):
    """At most 20 a minute to one chat: what a webhook takes, and below the 30 beyond which an app's messages vanish."""

    per_chat_ms: int = Field(3500, ge=0)
    per_chat_burst: int = Field(3, ge=1)
    all_ms: int = Field(20, ge=0)
    all_burst: int = Field(50, ge=1)


class WeCom(Section):
    """WeChat Work. `webhooks`: the groups' webhook keys, one `chatid = key` a line (or between commas)."""

    corp_id: str = Field(min_length=1)
    api_base: str = Field("https://qyapi.weixin.qq.com/cgi-bin", pattern=r"^https?://.+$")
    ws_url: str = Field("wss://openws.work.weixin.qq.com", pattern=r"^wss?://.+$")
    fetch_seconds: float = Field(60, gt=0)
    webhooks: SecretStr = SecretStr("")
    webhooks_file: str = ""
    app: WeComApp | None = None
    aibot: WeComAIBot | None = None
    pace: WeComPace = WeComPace()

    @property
    def webhook_keys(self) -> dict[str, str]:
        """The webhook's key by chat id; raises ValueError for a line that is no pair."""
        lines = re.split(r"[\n,]+", self.webhooks.get_secret_value())
        pairs = [line.partition("=")[::2] for line in lines if line.strip()]
        if not all(chat.strip() and key.strip() for chat, key in pairs):
            raise ValueError("wecom.webhooks: found a line without chat or key; allowed: lines like chatid = key")
        return {chat.strip(): key.strip() for chat, key in pairs}


def require_whole(wecom: WeCom) -> None:
    """No identity is half filled: a callback nobody can open, or a connection nobody lets in, fails at the start."""
    app, aibot = wecom.app, wecom.aibot
    if app is None and aibot is None and not wecom.webhook_keys:
        raise ValueError("wecom: found no identity; allowed: wecom.app, wecom.aibot or wecom.webhooks")
    if app is not None:
        _require("wecom.app.secret", app.secret)
        if app.token.get_secret_value() or app.encoding_aes_key.get_secret_value():
            _require_callback("wecom.app", app.token, app.encoding_aes_key)
    if aibot is None:
        return
    if aibot.transport == "websocket":
        _require("wecom.aibot.secret", aibot.secret)
    else:
        _require_callback("wecom.aibot", aibot.token, aibot.encoding_aes_key)


def _require(key: str, secret: SecretStr) -> None:
    if not secret.get_secret_value():
        raise ValueError(f"{key}: found nothing; allowed: the value from the admin page, or {key}_file")


def _require_callback(section: str, token: SecretStr, key: SecretStr) -> None:
    _require(f"{section}.token", token)
    _require(f"{section}.encoding_aes_key", key)
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", key.get_secret_value()):
        raise ValueError(f"{section}.encoding_aes_key: found something else; allowed: 43 letters and digits")
