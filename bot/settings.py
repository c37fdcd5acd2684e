"""The settings: one TOML file, every key documented in config.example.toml, everything unknown refused.

Every key can be set as `BAOSONG_<SECTION>__<KEY>` in the environment, which wins over the file; a secret also as
`<key>_file`, the path of a file that holds it. What is wrong is told with the key's path, what was found there (a
secret's value never) and what is allowed.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic import (
    BaseModel,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.section import PLATFORMS as PLATFORMS
from bot.section import PaceSection as PaceSection
from bot.section import Section, with_platform
from bot.section_bulletin import Bulletin as Bulletin
from bot.section_reminders import Reminders as Reminders
from bot.section_urgent import Urgent as Urgent
from bot.section_wecom import WeCom as WeCom
from bot.section_wecom import require_whole

PREFIX = "BAOSONG_"


class SettingsFault(Exception):
    """The settings cannot be used; the message names each key, what was found and what is allowed."""


class _Section(BaseModel):
    # Named here once more: ruff knows a pydantic model only by its base.
    model_config = Section.model_config


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
    """`url`: `sqlite:data/baosong.db` or `postgresql://...`; with a password in it, better in a file (`url_file`)."""

    url: str = Field("sqlite:data/baosong.db", pattern=r"^(sqlite:.+|postgresql://.+)$")
    url_file: str = ""


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

    @field_validator("speaking_hours")
    @classmethod
    def _hours_can_be_read(cls, written: list[str]) -> list[str]:
        for window in written:
            match = re.fullmatch(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)", window)
            if match is None or not _is_earlier(match[1], match[2]):
                raise ValueError(f"windows like 08:30-11:45, the end after the beginning ({window!r} is none)")
        return written


def _is_earlier(begin: str, end: str) -> bool:
    try:
        return time.fromisoformat(begin) < time.fromisoformat(end)
    except ValueError:
        return False


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

    @field_validator("groups")
    @classmethod
    def _groups_name_their_platform(cls, written: list[str]) -> list[str]:
        return with_platform(written)


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


class Commissions(_Section):
    """Commissions: whether a chief approves each, and when pushing stops on a platform that keeps refusing."""

    approval: bool = False
    stop_after: int = Field(10, ge=1, le=1000)


class OneBot(_Section):
    """QQ through a OneBot V11 endpoint: reverse WebSocket (it connects to us), forward (`forward_urls`), or HTTP
    (`http_post`: it posts its events; `http_api`: where it is called if it has no WebSocket)."""

    token: SecretStr = SecretStr("")
    token_file: str = ""
    forward_urls: list[str] = []
    http_post: bool = False
    http_secret: SecretStr = SecretStr("")
    http_secret_file: str = ""
    http_api: str = Field("", pattern=r"^(https?://.+)?$")
    call_seconds: float = Field(15, gt=0)
    fetch_seconds: float = Field(30, gt=0)
    pass_on_events: bool = False
    pace: PaceSection = PaceSection()

    @field_validator("token")
    @classmethod
    def _token_fits_a_header(cls, token: SecretStr) -> SecretStr:
        plain = token.get_secret_value()
        if not (plain.isascii() and plain.isprintable()) or " " in plain:
            raise ValueError("letters, digits and signs without blanks; it travels in a header")
        return token

    @field_validator("forward_urls")
    @classmethod
    def _urls_are_websockets(cls, written: list[str]) -> list[str]:
        for url in written:
            if not url.startswith(("ws://", "wss://")):
                raise ValueError("addresses that begin with ws:// or wss://")
        return written


class QQPace(PaceSection):
    """The official bot's groups are stricter than the platform as a whole."""

    per_chat_ms: int = Field(3000, ge=0)
    per_chat_burst: int = Field(5, ge=1)
    all_ms: int = Field(100, ge=0)
    all_burst: int = Field(20, ge=1)


class QQ(_Section):
    """The official QQ bot: `websocket` (we connect) or webhook (Tencent calls us over HTTPS)."""

    app_id: str = Field(min_length=1)
    secret: SecretStr = SecretStr("")
    secret_file: str = ""
    websocket: bool = True
    fetch_seconds: float = Field(30, gt=0)
    api_base: str = Field("https://api.bot.qq.com/", pattern=r"^https?://.+$")
    auth_base: str = Field("https://api.bot.qq.com/app/getAppAccessToken", pattern=r"^https?://.+$")
    gateway_url: str = Field("", pattern=r"^(wss?://.+)?$")
    pace: QQPace = QQPace()


class Log(_Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(_Section):
    """Everything that can be set."""

    server: Server = Server()
    storage: Storage = Storage()
    office: OfficeSection = OfficeSection()
    audience: AudienceSection = AudienceSection()
    scoreboard: Scoreboard = Scoreboard()
    bulletin: Bulletin = Bulletin()
    nudges: Nudges = Nudges()
    reminders: Reminders = Reminders()
    commissions: Commissions = Commissions()
    urgent: Urgent = Urgent()
    onebot: OneBot | None = None
    qq: QQ | None = None
    wecom: WeCom | None = None
    log: Log = Log()
    folder: Path = Field(Path(), exclude=True)
    """Where the configuration file lies; relative paths start here. Not a key."""

    @model_validator(mode="after")
    def _channels_are_safe(self) -> Settings:
        if self.onebot is not None:
            _require_token(self)
        if self.qq is not None and not self.qq.secret.get_secret_value():
            raise ValueError("qq.secret: found nothing; allowed: the bot's secret, or qq.secret_file")
        if self.wecom is not None:
            require_whole(self.wecom)
        return self

    @property
    def has_channel(self) -> bool:
        """Whether any platform is configured."""
        return any((self.onebot, self.qq, self.wecom))

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
    if onebot.http_api and not onebot.http_post:
        raise ValueError("onebot.http_api: found an address while onebot.http_post is off; allowed: both, or neither")
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
    if "folder" in tree:
        raise SettingsFault("folder: unknown key; see config.example.toml for all keys")
    folder = path.resolve().parent if path is not None else Path.cwd()
    _read_secret_files(tree, folder)
    try:
        return Settings(**tree, folder=folder)
    except ValidationError as error:
        raise SettingsFault("\n".join(_explain(fault) for fault in error.errors())) from None


def _overlay(tree: dict[str, Any], environment: Mapping[str, str]) -> None:
    """`BAOSONG_ONEBOT__PACE__ALL_MS=0` goes to onebot.pace.all_ms; a list is written as TOML or with commas."""
    given = {
        tuple(name.removeprefix(PREFIX).lower().split("__")): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and "__" in name
    }
    for keys, value in given.items():
        *sections, key = keys
        place = _section(tree, sections)
        place[key] = _typed(keys, value)
        other = key.removesuffix("_file") if key.endswith("_file") else f"{key}_file"
        if (*sections, other) not in given:
            place.pop(other, None)  # the environment's secret wins over the file's, whichever way each is given


def _section(tree: dict[str, Any], sections: list[str]) -> dict[str, Any]:
    place = tree
    for depth, section in enumerate(sections, start=1):
        place = place.setdefault(section, {})
        if not isinstance(place, dict):
            raise SettingsFault(f"{'.'.join(sections[:depth])}: found a value; allowed: a section")
    return place


def _typed(keys: tuple[str, ...], written: str) -> Any:
    """The text of a variable as its key wants it; what cannot be read so is left for the check to refuse."""
    wanted = _type_of(keys)
    if get_origin(wanted) is list:
        return _list(written)
    if wanted not in (int, float, bool):
        return written
    try:
        return TypeAdapter(wanted).validate_python(written)
    except ValidationError:
        return written


def _type_of(keys: tuple[str, ...]) -> Any:
    """The annotation of a key; None if there is no such key."""
    wanted: Any = Settings
    for key in keys:
        if isinstance(wanted, UnionType):
            wanted = get_args(wanted)[0]
        fields = wanted.model_fields if isinstance(wanted, type) and issubclass(wanted, BaseModel) else {}
        if key not in fields:
            return None
        wanted = fields[key].annotation
    return wanted


def _list(written: str) -> Any:
    if not written.strip().startswith("["):
        return [part.strip() for part in written.split(",") if part.strip()]
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        return written


def _read_secret_files(tree: dict[str, Any], folder: Path, above: str = "") -> None:
    for last, section in tree.items():
        name = f"{above}{last}"
        if not isinstance(section, dict):
            continue
        _read_secret_files(section, folder, f"{name}.")
        for key in [k for k in section if k.endswith("_file")]:
            if not section[key]:
                continue
            plain = key.removesuffix("_file")
            if section.get(plain):
                raise SettingsFault(f"{name}.{key}: found beside {name}.{plain}; allowed: one of the two")
            try:
                section[plain] = (folder / str(section[key])).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsFault(f"{name}.{key}: found {section[key]}; allowed: a readable file ({error})") from None


_SPELLED = (
    ("[0-5]", "a time of day such as 09:00"),
    ("sqlite:", "sqlite:FILE or postgresql://USER:PASSWORD@HOST/DATABASE"),
    ("wss?://", "an address that begins with ws:// or wss://"),
    ("https?://", "an address that begins with http:// or https://"),
)
"""What the patterns of keys ask for, in words: by a piece of the pattern, the first that is in it."""

_HIDDEN = ("token", "secret", "url", "aes_key", "webhooks")


def _explain(fault: Any) -> str:
    """One line per fault: key, what was found, what is allowed. A secret's value is never shown."""
    key = ".".join(str(part) for part in fault["loc"])
    allowed = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    if not key:
        return allowed
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key; see config.example.toml for all keys"
    if fault["type"] == "missing":
        return f"{key}: found nothing; allowed: a value, this key has no default"
    if fault["type"] == "string_pattern_mismatch":
        allowed = next((words for piece, words in _SPELLED if piece in fault["ctx"]["pattern"]), allowed)
    return f"{key}: found {_shown(key, fault.get('input'))}; allowed: {allowed}"


def _shown(key: str, found: object) -> str:
    """What was found, unless it is a secret or may hold one."""
    last = key.rpartition(".")[2]
    secret = any(word in last for word in _HIDDEN) and not last.endswith("_file")
    return "(not shown)" if secret or isinstance(found, dict) else repr(found)[:80]
