"""Temporary media (90253), and the encrypted files the AI bot is given an address of (100719)."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from .clock import Clock
from .codes import Refused
from .crypto import seal_media
from .world import made_up

MB = 2**20
KEPT = timedelta(days=3)
ADDRESS_LIVES = timedelta(minutes=5)

LARGEST = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB}
SMALLEST = 6
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True)
class Media:
    """owner: "" for the whole company, else the webhook's key or the AI bot's id that alone may use it."""

    media_id: str
    kind: str
    name: str
    data: bytes
    at: datetime
    owner: str


def is_picture(data: bytes) -> bool:
    return data.startswith(PICTURES)


def check(kind: str, data: bytes) -> None:
    """Raise Refused for what the service would not take."""
    if kind not in LARGEST:
        raise Refused(40004, f"type {kind!r}")
    if not data:
        raise Refused(44001, "no bytes")
    if len(data) < SMALLEST:
        raise Refused(40006, f"{len(data)} bytes")
    if len(data) > LARGEST[kind]:
        raise Refused(45001, f"{len(data)} bytes of {kind}")
    if kind == "image" and not is_picture(data):
        raise Refused(40005, "neither JPG nor PNG")
    if kind == "voice" and not data.startswith(b"#!AMR"):
        raise Refused(40005, "no AMR")


@dataclass
class MediaStore:
    """What was uploaded, by the bot or by people, for three days."""

    clock: Clock
    kept: dict[str, Media] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, kind: str, name: str, data: bytes, owner: str = "") -> Media:
        media_id = "3" + made_up(f"media {next(self._numbers)}", 63)
        self.kept[media_id] = Media(media_id, kind, name, data, self.clock(), owner)
        return self.kept[media_id]

    def take(self, media_id: object, owner: str = "") -> Media:
        """Raises Refused (40007) for what was never there, is too old or belongs to another."""
        media = self.kept.get(str(media_id))
        if media is None or media.owner != owner or self.clock() - media.at > KEPT:
            raise Refused(40007, f"media_id {media_id}")
        return media


@dataclass(frozen=True, slots=True)
class SealedFile:
    name: str
    data: bytes
    at: datetime


@dataclass
class SealedFiles:
    """Files behind addresses that live five minutes; what they serve is encrypted."""

    clock: Clock
    base: str = ""
    downloads: list[str] = field(default_factory=list)
    _kept: dict[str, SealedFile] = field(default_factory=dict)

    def offer(self, name: str, data: bytes, key: bytes) -> str:
        """The address of the file, sealed with this key."""
        number = made_up(f"file {len(self._kept)}", 24)
        self._kept[number] = SealedFile(name, seal_media(key, data), self.clock())
        return f"{self.base}/file/{number}?sign={made_up(f'sign {number}', 12)}"

    def fetch(self, number: str) -> SealedFile | None:
        """None for an address that never was or has expired."""
        self.downloads.append(number)
        file = self._kept.get(number)
        return None if file is None or self.clock() - file.at > ADDRESS_LIVES else file


def disposition(name: str) -> str:
    """Both spellings of a name, the plain one for those who cannot read the other."""
    plain = re.sub(r"[^ -~]|[\"\\]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
