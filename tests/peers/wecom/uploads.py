"""Chunked uploads over the long connection (101463): init, chunks in any order, finish."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from . import media
from .codes import Refused
from .core import Core
from .pace import HOUR, MINUTE, Pace
from .world import AiBot, Json

SESSION = timedelta(minutes=30)
LARGEST_CHUNK = 512 * 1024
MOST_CHUNKS = 100


@dataclass(slots=True)
class Upload:
    bot_id: str
    kind: str
    name: str
    size: int
    count: int
    md5: str
    at: datetime
    chunks: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """order: the chunk numbers in the order in which they came, over all uploads."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.order: list[int] = []
        self._open: dict[str, Upload] = {}
        self._pace = Pace(core.clock, ((30, MINUTE), (1000, HOUR)))

    def init(self, bot: AiBot, body: Json) -> Json:
        kind, size, count = body.get("type"), body.get("total_size"), body.get("total_chunks")
        if kind not in media.LARGEST:
            raise Refused(40004, f"type {kind!r}")
        if type(size) is not int or type(count) is not int or not 1 <= count <= MOST_CHUNKS:
            raise Refused(40058, f"total_size {size!r}, total_chunks {count!r}")
        if size > media.LARGEST[kind]:
            raise Refused(45001, f"{size} bytes of {kind}")
        if not self._pace.take(bot.bot_id):
            raise Refused(45009, "more than 30 uploads a minute")
        upload_id = self._core.next_id("upload", 32)
        self._open[upload_id] = Upload(
            bot.bot_id,
            kind,
            str(body.get("filename", "")),
            size,
            count,
            str(body.get("md5", "")),
            self._core.clock(),
        )
        return {"upload_id": upload_id}

    def chunk(self, bot: AiBot, body: Json) -> Json:
        """A chunk may come twice; the later one counts."""
        upload, index = self._upload(bot, body), body.get("chunk_index")
        if type(index) is not int or not 0 <= index < upload.count:
            raise Refused(40058, f"chunk_index {index!r} of {upload.count}")
        try:
            data = base64.b64decode(str(body.get("base64_data", "")), validate=True)
        except binascii.Error as error:
            raise Refused(40058, "base64_data") from error
        if not data or len(data) > LARGEST_CHUNK:
            raise Refused(40058, f"a chunk of {len(data)} bytes")
        upload.chunks[index] = data
        self.order.append(index)
        return {}

    def finish(self, bot: AiBot, body: Json) -> Json:
        """`created_at` is a number here, unlike in media/upload."""
        upload = self._upload(bot, body)
        data = b"".join(upload.chunks[index] for index in sorted(upload.chunks))
        if len(upload.chunks) != upload.count or len(data) != upload.size:
            raise Refused(40058, f"{len(upload.chunks)} of {upload.count} chunks, {len(data)} bytes")
        if hashlib.md5(data, usedforsecurity=False).hexdigest() != upload.md5.lower():
            raise Refused(301019, "md5 differs")
        media.check(upload.kind, data)
        del self._open[str(body["upload_id"])]
        kept = self._core.media.add(upload.kind, upload.name, data, bot.bot_id)
        return {"type": upload.kind, "media_id": kept.media_id, "created_at": self._core.clock.seconds()}

    def _upload(self, bot: AiBot, body: Json) -> Upload:
        upload = self._open.get(str(body.get("upload_id")))
        if upload is None or upload.bot_id != bot.bot_id or self._core.clock() - upload.at > SESSION:
            raise Refused(40058, "no such upload within 30 minutes")
        return upload
