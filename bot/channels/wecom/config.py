"""Settings. Each bot is one identity; any number of each works in one process."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from .crypto import BizCrypt
from .log import keep_secret
from .media import HOSTS

NOTHING = SecretStr("")


class _Settings(BaseModel):
    """Secrets stay out of what pydantic says about a wrong setting."""

    model_config = ConfigDict(hide_input_in_errors=True)

    def keep_secrets(self) -> None:
        """Hide every secret of this bot in logs and errors."""
        for _, value in self:
            if isinstance(value, SecretStr):
                keep_secret(value.get_secret_value())


class AppInfo(_Settings):
    """A self-built app (自建应用). Without `token` and `encoding_aes_key` it only sends."""

    type: Literal["app"] = "app"
    corp_id: str
    agent_id: int
    secret: SecretStr
    token: SecretStr = NOTHING
    encoding_aes_key: SecretStr = NOTHING
    path: str = ""

    @property
    def self_id(self) -> str:
        return f"{self.corp_id}-{self.agent_id}"

    @property
    def callback_path(self) -> str:
        """Where its callback address is."""
        return self.path or f"/wecom/app/{self.corp_id}/{self.agent_id}"

    def crypt(self) -> BizCrypt | None:
        """What opens its callbacks; None if it only sends."""
        return _crypt(self.token, self.encoding_aes_key, self.corp_id)

    @model_validator(mode="after")
    def _whole(self) -> AppInfo:
        _check_callback(self.token, self.encoding_aes_key)
        return self


class AIBotInfo(_Settings):
    """An AI bot (智能机器人): `secret` for the long connection, `token` and `encoding_aes_key` for URL callbacks.

    The service allows one of both per bot. `name` is what stands behind the @ in groups.
    """

    type: Literal["aibot"] = "aibot"
    bot_id: str
    name: str = ""
    secret: SecretStr = NOTHING
    token: SecretStr = NOTHING
    encoding_aes_key: SecretStr = NOTHING
    receive_id: str = ""
    path: str = ""

    @property
    def self_id(self) -> str:
        return self.bot_id

    @property
    def callback_path(self) -> str:
        """Where its callback address is, in URL mode."""
        return self.path or f"/wecom/aibot/{self.bot_id}"

    @property
    def connects(self) -> bool:
        """Whether it holds a long connection."""
        return bool(self.secret.get_secret_value())

    def crypt(self) -> BizCrypt | None:
        """What opens its callbacks; None on a long connection."""
        return _crypt(self.token, self.encoding_aes_key, self.receive_id)

    @model_validator(mode="after")
    def _one_transport(self) -> AIBotInfo:
        _check_callback(self.token, self.encoding_aes_key)
        if self.connects == bool(self.token.get_secret_value()):
            raise ValueError("an AI bot needs either a secret (long connection) or token and encoding_aes_key (URL)")
        return self


class WebhookInfo(_Settings):
    """A group's webhook robot (群机器人). Whoever has the key can post."""

    type: Literal["webhook"] = "webhook"
    key: SecretStr
    alias: str

    @property
    def self_id(self) -> str:
        return f"hook-{self.alias}"

    @field_validator("key", mode="before")
    @classmethod
    def _from_address(cls, value: object) -> object:
        """People paste the whole webhook address."""
        return value.rsplit("key=", 1)[-1].strip() if isinstance(value, str) else value


BotInfo = Annotated[AppInfo | AIBotInfo | WebhookInfo, Field(discriminator="type")]


class Config(_Settings):
    """The adapter's settings, all with the prefix `wecom_`. Times in seconds.

    `wecom_fresh_seconds` is how far a callback's signed time may be from this machine's clock; 0 does not look.
    `wecom_passive_seconds` is how long a URL callback of an AI bot waits for a plugin's answer.
    """

    wecom_api_base: str = "https://qyapi.weixin.qq.com/cgi-bin"
    wecom_ws_url: str = "wss://openws.work.weixin.qq.com"
    wecom_bots: list[BotInfo] = Field(default_factory=list)
    wecom_proxy: str | None = None
    wecom_media_hosts: list[str] = Field(default_factory=lambda: list(HOSTS))
    wecom_fresh_seconds: float = 300.0
    wecom_passive_seconds: float = 4.0
    wecom_ping_seconds: float = 30.0
    wecom_ack_seconds: float = 5.0


def _check_callback(token: SecretStr, key: SecretStr) -> None:
    if bool(token.get_secret_value()) != bool(key.get_secret_value()):
        raise ValueError("token and encoding_aes_key belong together")
    _crypt(token, key, "")


def _crypt(token: SecretStr, key: SecretStr, receive_id: str) -> BizCrypt | None:
    if not token.get_secret_value():
        return None
    return BizCrypt(token.get_secret_value(), key.get_secret_value(), receive_id)
