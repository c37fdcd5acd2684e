"""A OneBot V11 endpoint of our own: plays NapCat from outside, with a small world of people behind it."""

from __future__ import annotations

from .ear import Call, Heard
from .faults import ANSWER_LOST, CALL_LOST, FAILED, SENT_BUT_1200, Faults, Script, slow
from .files import FileFault, StoredFile
from .peer import DroppedFile, OneBotPeer
from .wire import PeerRefused
from .world import Group, Member, Person, World

__all__ = [
    "ANSWER_LOST",
    "CALL_LOST",
    "FAILED",
    "SENT_BUT_1200",
    "Call",
    "DroppedFile",
    "Faults",
    "FileFault",
    "Group",
    "Heard",
    "Member",
    "OneBotPeer",
    "PeerRefused",
    "Person",
    "Script",
    "StoredFile",
    "World",
    "slow",
]
