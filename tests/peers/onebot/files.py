"""Files people sent, served over a tiny HTTP server as QQ's own file servers do, faults included."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class FileFault(StrEnum):
    """What goes wrong when the bot fetches a file."""

    HANG = "headers, then nothing; get_file answers 1200"
    OTHER_SIZE = "a whole file, of another size than announced"
    CUT_SHORT = "the connection ends in the middle"
    MISSING = "404; get_file answers 1200"
    NO_URL = "get_*_file_url answers 1200, get_file works"


@dataclass(slots=True)
class StoredFile:
    """A file somebody sent; the key is its place on the file server."""

    key: str
    name: str
    data: bytes
    announced_size: int
    fault: FileFault | None = None

    def served(self) -> bytes:
        """The bytes that arrive at whoever fetches the file completely."""
        return self.data + b"\0" * 1021 if self.fault is FileFault.OTHER_SIZE else self.data


class FileServer:
    """Serves stored files at http://127.0.0.1:port/KEY/NAME; `downloads` lists the keys asked for."""

    def __init__(self) -> None:
        self.downloads: list[str] = []
        self._files: dict[str, StoredFile] = {}
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await self._server.wait_closed()
        while self._open:
            await asyncio.sleep(0)

    def offer(self, file: StoredFile) -> str:
        """Put the file on the server; its address."""
        self._files[file.key] = file
        return self.url(file)

    def url(self, file: StoredFile) -> str:
        """The address of an offered file. The server must be open."""
        if self._server is None:
            raise RuntimeError("the file server is not open")
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/{file.key}/{quote(file.name)}"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            key = request.split(b" ", 2)[1].split(b"/")[1].decode()
            self.downloads.append(key)
            await self._send(self._files.get(key), reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side gave up, which is its right
        finally:
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()
            self._open.discard(writer)

    async def _send(self, file: StoredFile | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if file is None or file.fault is FileFault.MISSING:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        body = file.served()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
        )
        if file.fault is FileFault.HANG:
            await reader.read()
            return
        writer.write(body[: len(body) // 2] if file.fault is FileFault.CUT_SHORT else body)
        await writer.drain()
