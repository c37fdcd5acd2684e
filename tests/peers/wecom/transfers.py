"""media/upload and media/get (90253, 90254)."""

from __future__ import annotations

import re

from starlette.responses import Response

from . import media
from .ask import Ask, Route, Routes
from .codes import OK, Refused
from .core import Core
from .world import Json


class Transfers:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Routes:
        return {"media/upload": Route("POST", self.upload), "media/get": Route("GET", self.get)}

    def upload(self, ask: Ask) -> Json:
        return keep(self._core, ask, owner="")

    def get(self, ask: Ask) -> Response:
        """The bytes, or the part a Range asks for."""
        kept = self._core.media.take(ask.query.get("media_id"))
        headers = {"Content-Disposition": media.disposition(kept.name)}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", ask.headers.get("range", ""))
        if asked is None:
            return Response(kept.data, headers=headers, media_type="application/octet-stream")
        first = int(asked.group(1))
        last = min(int(asked.group(2) or len(kept.data)), len(kept.data) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(kept.data)}"
        part = kept.data[first : last + 1]
        return Response(part, status_code=206, headers=headers, media_type="application/octet-stream")


def keep(core: Core, ask: Ask, owner: str) -> Json:
    """Take an upload into the store; `created_at` is a string here, as the documents show it."""
    if ask.upload is None:
        raise Refused(44001, "no form field named media")
    kind = ask.query.get("type", "")
    media.check(kind, ask.upload.data)
    kept = core.media.add(kind, ask.upload.name, ask.upload.data, owner)
    return OK | {"type": kind, "media_id": kept.media_id, "created_at": str(core.clock.seconds())}
