"""One call of the HTTP API, read; and the multipart form of an upload."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response

from .codes import Refused
from .world import App, Json


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Ask:
    """name: the path behind /cgi-bin/. upload: the form field `media`, where there is one."""

    name: str
    query: Mapping[str, str]
    body: Json
    headers: Mapping[str, str]
    upload: Upload | None = None
    by: App | None = None

    @property
    def app(self) -> App:
        """Whose token was given."""
        if self.by is None:
            raise LookupError(f"{self.name} needs no token")
        return self.by


@dataclass(frozen=True, slots=True)
class Route:
    method: Literal["GET", "POST"]
    handle: Callable[[Ask], Json | Response]
    needs_token: bool = True


Routes = Mapping[str, Route]


def media_of_form(content_type: str, body: bytes) -> Upload | None:
    """The part named `media` with its raw file name; a name only as filename* counts as no file (44001)."""
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if found is None:
        return None
    for part in body.split(b"--" + found.group(1).encode())[1:-1]:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        words = head.decode()
        if re.search(r'(?<!file)name="?media"?', words):
            return _upload(words, data.removesuffix(b"\r\n"))
    return None


def _upload(head: str, data: bytes) -> Upload:
    name = re.search(r'filename="([^"\r\n]*)"', head)
    if name is None:
        raise Refused(44001, "no plain filename in the part")
    return Upload(name.group(1), data)
