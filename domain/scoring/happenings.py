"""What the events of a unit are called: those the product makes itself have English codes, the office's own a name."""

from __future__ import annotations

from domain.measure.events import EVENTS

EVENT_NAMES = {**EVENTS, "adjustment": "人工调整"}
"""An adjustment books itself by a person's decision; no measure names it."""


def event_name(event: str) -> str:
    """The name people read; an event the office named itself (培训) is its own name."""
    return EVENT_NAMES.get(event, event)
