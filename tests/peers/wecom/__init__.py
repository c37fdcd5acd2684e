"""A WeChat Work service of our own: HTTP API, WebSocket and callbacks, with people behind them."""

from __future__ import annotations

from .callbacks import Delivery, Verification
from .clock import Clock
from .crypto import BadSeal, Seal, open_media, seal_media, sign
from .ear import Call, Dropped, Heard
from .faults import (
    ANSWER_LOST,
    BUSY,
    CALL_LOST,
    HANGING,
    RATE_LIMITED,
    RESET,
    UNAVAILABLE,
    Faults,
    Script,
    refusing,
    slow,
)
from .sayings import Spoken
from .service import WeComService
from .world import AiBot, App, Department, Group, Member, Webhook, World

__all__ = [
    "ANSWER_LOST",
    "BUSY",
    "CALL_LOST",
    "HANGING",
    "RATE_LIMITED",
    "RESET",
    "UNAVAILABLE",
    "AiBot",
    "App",
    "BadSeal",
    "Call",
    "Clock",
    "Delivery",
    "Department",
    "Dropped",
    "Faults",
    "Group",
    "Heard",
    "Member",
    "Script",
    "Seal",
    "Spoken",
    "Verification",
    "WeComService",
    "Webhook",
    "World",
    "open_media",
    "refusing",
    "seal_media",
    "sign",
    "slow",
]
