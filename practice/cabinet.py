"""Files and pictures that were sent in the city, kept in memory for whoever fetches them.

Nothing here is ever opened or run: a name and bytes come in, the same bytes go out as an attachment of a harmless type.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import PurePath

from practice.chats import Enclosed

KEPT_BYTES = 96 * 2**20
"""All files together; the oldest is forgotten first, the newest is always there."""

_OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".doc": "application/msword",
    ".pdf": "application/pdf",
    ".png": "image/png",
}
"""What a file is served as, by its ending. Anything else is bytes to a browser."""

PICTURE_NAME = "图片.png"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PNG_HEAD = 24


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was sent."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        return TYPES.get(PurePath(self.name).suffix.lower(), "application/octet-stream")


class Cabinet:
    """Files by key, never more than `kept_bytes` but for the newest."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._files: dict[str, KeptFile] = {}
        self._room = kept_bytes

    def keep_new(self, name: str, content: bytes) -> str:
        """Keep what somebody sends; returns its key, another one each time, as a platform's file ids are."""
        return self._keep(secrets.token_hex(16), KeptFile(name, content))

    def keep_shared(self, name: str, content: bytes) -> str:
        """Keep what the bot sends; what goes to hundreds has one key and is here once."""
        return self._keep(hashlib.sha256(f"{name}\0".encode() + content).hexdigest(), KeptFile(name, content))

    def keep_picture(self, content: bytes) -> Enclosed:
        """Keep a picture of the bot, told with its size. Raises ValueError for anything but a PNG."""
        width, height = png_size(content)
        return Enclosed(self.keep_shared(PICTURE_NAME, content), PICTURE_NAME, len(content), width, height)

    def get(self, key: str) -> KeptFile | None:
        """The file, or None for one that was forgotten or never was."""
        return self._files.get(key)

    def _keep(self, key: str, file: KeptFile) -> str:
        self._room -= len(file.content) - self._forget(key)
        self._files[key] = file
        while self._room < 0 and len(self._files) > 1:
            self._room += self._forget(next(iter(self._files)))
        return key

    def _forget(self, key: str) -> int:
        """The bytes this frees."""
        gone = self._files.pop(key, None)
        return len(gone.content) if gone else 0


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels (PNG specification, 11.2.2 IHDR). Raises ValueError for anything else."""
    if len(content) < PNG_HEAD or not content.startswith(PNG_MAGIC) or content[12:16] != b"IHDR":
        raise ValueError("image: expected a PNG")
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
