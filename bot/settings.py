"""The settings: one TOML file, every key documented in config.example.toml, everything unknown refused.

Every key can be set as `BAOSONG_<SECTION>__<KEY>` in the environment, which wins over the file; a secret also as
`<key>_file`, the path of a file that holds it.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

PREFIX = "BAOSONG_"


class SettingsFault(Exception):
    """The settings cannot be used; the message names each key, what was found and what is allowed."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(_Section):
    """Where the bot listens: reverse WebSocket, webhooks, health, metrics."""

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    stop_seconds: float = Field(10, gt=0, le=120)

    @property
    def loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


class Storage(_Section):
    """`url`: `sqlite:data/baosong.db` or `postgresql://...`."""

    url: str = Field("sqlite:data/baosong.db", pattern=r"^(sqlite:.+|postgresql://.+)$")


class OfficeSection(_Section):
    """What the office has decided. Paths are relative to the configuration file; empty means the built-in sample."""

    name: str = "信息科"
    refused_to: str = "机要渠道或政务内网"
    journals: str = ""
    measures: list[str] = []
    calendars: list[str] = []
    secrecy: str = ""
    speaking_hours: list[str] = ["08:30-11:45", "14:30-17:30"]
    speaking_workdays_only: bool = True

    def windows(self) -> tuple[tuple[time, time], ...]:
        """The speaking hours as times; raises ValueError for what is none."""
        pairs = (window.split("-") for window in self.speaking_hours)
        return tuple((time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())) for begin, end in pairs)

    @model_validator(mode="after")
    def _hours_can_be_read(self) -> OfficeSection:
        self.windows()
        return self


class AudienceSection(_Section):
    """Who reads an answer asked for in a group: `private` sends it to the person alone, `chat` into the group."""

    my_score: Literal["private", "chat"] = "private"
    rank: Literal["private", "chat"] = "chat"


class Scoreboard(_Section):
    """The monthly scoreboard: when, and to whom. Groups as `onebot:200001`, people by name as in the roster."""

    enabled: bool = True
    at: str = Field("09:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    groups: list[str] = []
    people: list[str] = []


class Nudges(_Section):
    """Nudges to units that lag. 0 switches a rule off."""

    enabled: bool = True
    approval: bool = True
    at: str = Field("09:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    silent_by_workday: int = Field(10, ge=0, le=23)
    quota_by_workday: int = Field(15, ge=0, le=23)
    rate_from: int = Field(5, ge=0)
    leader_after_workdays: int = Field(3, ge=1, le=20)
    per_person_per_day: int = Field(1, ge=1)
    per_matter: int = Field(3, ge=1)


class PaceSection(_Section):
    """How fast a channel speaks: milliseconds between two messages to one chat, and between any two; 0 = no limit."""

    per_chat_ms: int = Field(1500, ge=0)
    per_chat_burst: int = Field(3, ge=1)
    all_ms: int = Field(300, ge=0)
    all_burst: int = Field(10, ge=1)


class OneBot(_Section):
    """QQ through a OneBot V11 endpoint: reverse (it connects to us) or forward (`forward_urls`)."""

    token: SecretStr = SecretStr("")
    token_file: str = ""
    forward_urls: list[str] = []
    http_post: bool = False
    http_secret: SecretStr = SecretStr("")
    http_secret_file: str = ""
    call_seconds: float = Field(15, gt=0)
    fetch_seconds: float = Field(30, gt=0)
    pass_on_events: bool = False
    pace: PaceSection = PaceSection()


class QQ(_Section):
    """The official QQ bot: `websocket` (we connect) or webhook (Tencent calls us over HTTPS)."""

    app_id: str = Field(min_length=1)
    secret: SecretStr = SecretStr("")
    secret_file: str = ""
    websocket: bool = True
    fetch_seconds: float = Field(30, gt=0)
    api_base: str = "https://api.bot.qq.com/"
    auth_base: str = "https://api.bot.qq.com/app/getAppAccessToken"
    gateway_url: str = ""
    pace: PaceSection = PaceSection(per_chat_ms=3000, per_chat_burst=5, all_ms=100, all_burst=20)


class Log(_Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(_Section):
    """Everything that can be set."""

    server: Server = Server()
    storage: Storage = Storage()
    office: OfficeSection = OfficeSection()
    audience: AudienceSection = AudienceSection()
    scoreboard: Scoreboard = Scoreboard()
    nudges: Nudges = Nudges()
    onebot: OneBot | None = None
    qq: QQ | None = None
    log: Log = Log()
    folder: Path = Field(Path(), exclude=True)
    """Where the configuration file lies; relative paths start here. Not a key."""

    @model_validator(mode="after")
    def _channels_are_safe(self) -> Settings:
        if self.onebot is not None:
            _require_token(self)
        if self.qq is not None and not self.qq.secret.get_secret_value():
            raise ValueError("qq.secret: found nothing; allowed: the bot's secret, or qq.secret_file")
        return self

    def path(self, written: str) -> Path:
        return self.folder / written


def _require_token(settings: Settings) -> None:
    onebot = settings.onebot
    assert onebot is not None
    if not onebot.token.get_secret_value() and not settings.server.loopback:
        raise ValueError(
            f"onebot.token: found nothing while server.host is {settings.server.host}; allowed: a token, or a"
            " loopback host (anybody who can reach the port could speak as any reporter)"
        )
    if onebot.http_post and not onebot.http_secret.get_secret_value():
        raise ValueError("onebot.http_secret: found nothing while onebot.http_post is on; allowed: the shared secret")


def load(path: Path | None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the file (none: only the environment) and check everything. Raises SettingsFault."""
    environment = os.environ if environment is None else environment
    tree: dict[str, Any] = {}
    if path is not None:
        try:
            tree = tomllib.loads(path.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsFault(f"{path}: {error}") from None
    _overlay(tree, environment)
    folder = path.resolve().parent if path is not None else Path.cwd()
    _read_secret_files(tree, folder)
    if "folder" in tree:
        raise SettingsFault("folder: found a value; allowed: nothing, there is no such key")
    try:
        return Settings(**tree, folder=folder)
    except ValidationError as error:
        raise SettingsFault("\n".join(_explain(fault) for fault in error.errors())) from None


def _overlay(tree: dict[str, Any], environment: Mapping[str, str]) -> None:
    """`BAOSONG_ONEBOT__PACE__ALL_MS=0` goes to onebot.pace.all_ms. Lists are written as TOML."""
    for name, value in environment.items():
        if not name.startswith(PREFIX) or "__" not in name:
            continue
        *sections, key = name.removeprefix(PREFIX).lower().split("__")
        place = tree
        for section in sections:
            place = place.setdefault(section, {})
            if not isinstance(place, dict):
                raise SettingsFault(f"{'.'.join(sections)}: found a value; allowed: a section")
        place[key] = _value(value)


def _value(written: str) -> Any:
    if not written.startswith("["):
        return written
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        return written


def _read_secret_files(tree: dict[str, Any], folder: Path) -> None:
    for name, section in tree.items():
        for key in [k for k in section if k.endswith("_file")] if isinstance(section, dict) else ():
            if not section[key]:
                continue
            try:
                secret = (folder / str(section[key])).read_text("utf-8").strip()
            except OSError as error:
                raise SettingsFault(f"{name}.{key}: found {section[key]}; {error.strerror}") from None
            section[key.removesuffix("_file")] = secret


def _explain(fault: Any) -> str:
    """One line per fault: key, what was found, what is allowed. A secret's value is never shown."""
    key = ".".join(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not key:
        return message
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key; see config.example.toml for all keys"
    hidden = any(word in key for word in ("token", "secret"))
    found = "(hidden)" if hidden else repr(fault.get("input"))[:80]
    return f"{key}: found {found}; {message}"
