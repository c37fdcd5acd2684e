"""Fetching a file by its address, never more than a file may have."""

from __future__ import annotations

import httpx

from documents.limits import MAX_FILE_BYTES, MEGABYTE
from domain.errors import DocumentTooBig

LIMIT = f"{MAX_FILE_BYTES // MEGABYTE} MB"


def check_size(name: str, size: int) -> None:
    """Raises DocumentTooBig for what is announced, or has grown, beyond the limit."""
    if size > MAX_FILE_BYTES:
        raise DocumentTooBig(name=name, limit=LIMIT)


async def download(url: str, name: str) -> bytes:
    """The bytes behind an address. Raises httpx.HTTPError, or DocumentTooBig as soon as it is too much."""
    chunks: list[bytes] = []
    size = 0
    async with (
        httpx.AsyncClient(follow_redirects=True, trust_env=False) as client,
        client.stream("GET", url) as response,
    ):
        response.raise_for_status()
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            check_size(name, size)
            chunks.append(chunk)
    return b"".join(chunks)
