"""The log: one line per event on standard error, NoneBot's lines included. No text of a message ever stands in it."""

from __future__ import annotations

import logging
import sys

from nonebot.log import logger as nonebot_logger

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def set_up(level: str) -> None:
    """Send the standard library's and NoneBot's log to standard error."""
    logging.basicConfig(level=level, format=FORMAT, stream=sys.stderr, force=True)
    for noisy in ("httpx", "httpcore", "websockets", "apscheduler", "aiosqlite", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    # At DEBUG the server would write headers, tokens among them, and whole frames.
    logging.getLogger("uvicorn").setLevel(max(logging.INFO, logging.getLevelName(level)))
    nonebot_logger.remove()
    nonebot_logger.add(_to_standard_log, level=max(level, "INFO", key=logging.getLevelName), format="{message}")


def _to_standard_log(message: object) -> None:
    record = message.record  # type: ignore[attr-defined]  # loguru's Message is a str with a record
    logging.getLogger("nonebot").log(record["level"].no, "%s", record["message"].strip())
