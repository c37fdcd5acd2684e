"""Files for an AI bot, in pieces over the long connection (document 101463).

Pieces may come in any order and again, so one whose answer is missing is simply sent again. Big files use two workers,
as the service's own SDK does.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .exception import AckUnknown, MediaError
from .limits import CHUNK, CHUNK_WORKERS, CHUNKS, CHUNKS_IN_TURN, UPLOAD
from .parse import child, text_of
from .wire import safe_name

TRIES = 3

Call = Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]


def check_upload(kind: str, data: bytes) -> None:
    """Refuse what the service would refuse after it has all been sent. Raises MediaError."""
    limit = UPLOAD.get(kind)
    if limit is None:
        raise MediaError(f"a file cannot be uploaded as {kind}")
    if not limit.smallest <= len(data) <= limit.largest:
        raise MediaError(f"a {kind} has {limit.smallest} to {limit.largest} bytes, this one {len(data)}")


async def upload(call: Call, kind: str, name: str, data: bytes) -> str:
    """Upload a file; the media id, valid for three days. Raises MediaError, ActionFailed, NetworkError, AckUnknown."""
    check_upload(kind, data)
    pieces = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    if len(pieces) > CHUNKS:
        raise MediaError("too many pieces")
    begun = await call(
        "aibot_upload_media_init",
        {
            "type": kind,
            "filename": safe_name(name),
            "total_size": len(data),
            "total_chunks": len(pieces),
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        },
    )
    upload_id = text_of(child(begun, "body"), "upload_id")
    workers = CHUNK_WORKERS if len(pieces) > CHUNKS_IN_TURN else 1
    waiting = iter(enumerate(pieces))

    async def work() -> None:
        for index, piece in waiting:
            await _send_piece(call, upload_id, index, piece)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    finished = await call("aibot_upload_media_finish", {"upload_id": upload_id})
    return text_of(child(finished, "body"), "media_id")


async def _send_piece(call: Call, upload_id: str, index: int, piece: bytes) -> None:
    body = {"upload_id": upload_id, "chunk_index": index, "base64_data": base64.b64encode(piece).decode()}
    for tries_left in reversed(range(TRIES)):
        try:
            await call("aibot_upload_media_chunk", body)
            return
        except AckUnknown:
            if not tries_left:
                raise
