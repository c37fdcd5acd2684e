"""Fetching a file by its address, never more than a file may have."""

from __future__ import annotations

from documents.limits import MAX_FILE_BYTES, MEGABYTE
from domain.errors import DocumentTooBig

LIMIT = f"{MAX_FILE_BYTES // MEGABYTE} MB"


class DownloadFailed(Exception):
    """The bytes of a file could not be had."""


def check_size(name: str, size: int) -> None:
    """Raises DocumentTooBig for what is announced, or has grown, beyond the limit."""
    if size > MAX_FILE_BYTES:
        raise DocumentTooBig(name=name, limit=LIMIT)


def reason_of(error: Exception) -> str:
    """What the log says of a file that was not fetched: no text of the platform's."""
    return str(error) if isinstance(error, DownloadFailed) else type(error).__name__


async def download(url: str, name: str) -> bytes:
    """The bytes behind an address. Raises DownloadFailed, or DocumentTooBig as soon as it is too much."""
    import httpx  # 4 MB of memory that only a dropped file needs

    chunks: list[bytes] = []
    size = 0
    try:
        async with (
            httpx.AsyncClient(follow_redirects=True, trust_env=False) as client,
            client.stream("GET", url) as response,
        ):
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                size += len(chunk)
                check_size(name, size)
                chunks.append(chunk)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadFailed(type(error).__name__) from None
    return b"".join(chunks)
