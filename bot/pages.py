"""The pages every installation has: is it alive, is it ready, how is it doing. No secret stands in them, no text."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import nonebot
from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from bot.channels.base import Channel, parts_of, trouble_of
from bot.metrics import CONTENT_TYPE, Metrics
from domain.moment import to_ms
from storage import presence
from storage.engine import StoreFault

if TYPE_CHECKING:
    from bot.app import Running

logger = logging.getLogger("baosong.pages")

PROBE_SECONDS = 3.0
GOOD_FOR_SECONDS = 2.0


def add_pages(app: FastAPI, parts: Running) -> None:
    """Add /healthz (the event loop turns), /readyz (messages can be taken in) and /metrics."""
    probe = Probe(parts)
    metrics = Metrics(parts)

    async def healthz() -> JSONResponse:
        return JSONResponse({"ok": True})

    async def readyz() -> JSONResponse:
        reasons = await probe.reasons()
        channels = {name: trouble_of(channel) or "up" for name, channel in parts.channels.items()}
        identities = {name: _identities(channel) for name, channel in parts.channels.items() if parts_of(channel)}
        plugins = len(nonebot.get_loaded_plugins())
        told = {
            "ready": not reasons, "reasons": reasons, "channels": channels, "identities": identities,
            "plugins": plugins,
        }  # fmt: skip
        return JSONResponse(told, 503 if reasons else 200)

    async def metrics_page() -> Response:
        try:
            return Response(await metrics.page(), media_type=CONTENT_TYPE)
        except StoreFault:
            return Response("the store cannot be read\n", 503)

    app.add_api_route("/healthz", healthz)
    app.add_api_route("/readyz", readyz)
    app.add_api_route("/metrics", metrics_page)


def _identities(channel: Channel) -> dict[str, str]:
    return {name: part.trouble or "up" for name, part in parts_of(channel).items()}


class Probe:
    """Writes to the store to see whether it can be written; a good answer holds for a moment."""

    def __init__(self, parts: Running) -> None:
        self._parts = parts
        self._good_until = 0.0

    async def reasons(self) -> list[str]:
        """Why messages cannot be taken in; empty if they can. A channel that is down is no reason: it comes back."""
        if time.monotonic() < self._good_until:
            return []
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self._parts.store.run(presence.probe, to_ms(self._parts.clock.now()))
        except StoreFault as fault:
            logger.error("the store cannot be written: %s", fault)
            return ["the store cannot be written"]
        except TimeoutError:
            return ["the store does not answer"]
        self._good_until = time.monotonic() + GOOD_FOR_SECONDS
        return []
