"""The pages every installation has: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from bot.app import Running


def add_pages(app: FastAPI, parts: Running) -> None:
    """Add /healthz and /readyz."""

    async def healthz() -> JSONResponse:
        return JSONResponse({"ok": True})

    async def readyz() -> JSONResponse:
        return JSONResponse({"ready": True})

    app.add_api_route("/healthz", healthz)
    app.add_api_route("/readyz", readyz)
