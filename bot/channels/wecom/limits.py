"""The service's limits, as data. Sizes are bytes unless they say characters.

Documents: 90236 (message/send), 90253 (media), 90248 (app groups), 91770 and 99110 (webhook), 101031, 101032 and 101463
(AI bot). Keeping the pace is the caller's: beyond it the service drops messages of an app and still says "ok".
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` within `seconds`."""

    count: int
    seconds: int


APP_PER_MEMBER = (Rate(30, 60), Rate(1000, 3600))
APP_GROUP_PER_MEMBER = (Rate(200, 60), Rate(10_000, 86_400))
WEBHOOK = (Rate(20, 60),)
AIBOT_PER_CHAT = (Rate(30, 60), Rate(1000, 3600))
AIBOT_UPLOADS = (Rate(30, 60), Rate(1000, 3600))

APP_TEXT = 2048
WEBHOOK_TEXT = 2048
WEBHOOK_MARKDOWN = 4096
AIBOT_MARKDOWN = 20_480
TITLE = 128
DESCRIPTION = 512

USERS_PER_MESSAGE = 1000
PARTIES_PER_MESSAGE = 100
TAGS_PER_MESSAGE = 100

CALLBACK_BODY = MIB
CALLBACK_SECONDS = 5.0
RESPONSE_URL_SECONDS = 3600.0
STREAM_SECONDS = 360.0
CARD_SECONDS = 72 * 3600.0
CARD_REPLY_SECONDS = 5.0
STREAM_IMAGES = 10


@dataclass(frozen=True, slots=True)
class FileLimit:
    """The smallest and largest number of bytes of an upload."""

    smallest: int
    largest: int


UPLOAD = MappingProxyType(
    {
        "image": FileLimit(6, 10 * MIB),
        "voice": FileLimit(6, 2 * MIB),
        "video": FileLimit(6, 10 * MIB),
        "file": FileLimit(6, 20 * MIB),
    }
)
WEBHOOK_IMAGE = FileLimit(6, 2 * MIB)
DOWNLOAD = 100 * MIB

CHUNK = 512 * KIB
CHUNKS = 100
CHUNKS_IN_TURN = 10
CHUNK_WORKERS = 2
