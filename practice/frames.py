"""Event frames of OneBot V11 as NapCat writes them: array format, numbers as numbers, file sizes as strings.

Sources: botuniverse/onebot-11, event/; the dialect of NapNeko/NapCatQQ (a group file is announced twice, as a
message and as a notice with another id).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from practice.chats import Enclosed, Said
from practice.city import BOT_ACCOUNT, BOT_NAME
from practice.world import Resident, Room

Frame = dict[str, Any]

HEARTBEAT_SECONDS = 30
GROUP_FILE_BUSID = 102

_MENTION = re.compile(rf"[@＠]{BOT_NAME}\s?")


def segments_of(text: str) -> list[Frame]:
    """What somebody typed as segments: `@报送助手` becomes a mention, everything else is text."""
    parts = _MENTION.split(text)
    segments: list[Frame] = []
    for at, part in enumerate(parts):
        if at:
            segments.append({"type": "at", "data": {"qq": str(BOT_ACCOUNT)}})
        if part:
            segments.append({"type": "text", "data": {"text": part}})
    return segments


def message(said: Said, speaker: Resident, room: Room | None, segments: list[Frame]) -> Frame:
    """Somebody said something, in a group (`room`) or in private."""
    frame = _head(said.at_ms) | {
        "post_type": "message",
        "message_type": "group" if room else "private",
        "sub_type": "normal" if room else "friend",
        "message_id": said.message_id,
        "message_seq": said.message_id,
        "real_id": said.message_id,
        "user_id": speaker.account,
        "font": 14,
        "message_format": "array",
        "raw_message": said.text if said.file is None else f"[CQ:file,file={said.file.name}]",
        "message": segments,
        "sender": _sender(speaker, room),
    }
    if room:
        return frame | {"group_id": room.number, "group_name": room.name}
    return frame | {"target_id": speaker.account}


def _sender(speaker: Resident, room: Room | None) -> Frame:
    card = f"{speaker.unit}-{speaker.name}" if room and speaker.unit else ""
    role = {"role": "member", "level": "1", "title": ""} if room else {}
    return {"user_id": speaker.account, "nickname": speaker.name, "card": card, "sex": "unknown", "age": 0} | role


def file_segment(file: Enclosed) -> list[Frame]:
    data = {"file": file.name, "file_id": f"/{file.key}", "file_size": str(file.size)}
    return [{"type": "file", "data": data}]


def group_upload(said: Said, file: Enclosed, room: Room) -> Frame:
    """The second announcement of a group file."""
    told = {"id": f"/notice-{file.key}", "name": file.name, "size": file.size, "busid": GROUP_FILE_BUSID}
    return _head(said.at_ms) | {
        "post_type": "notice",
        "notice_type": "group_upload",
        "group_id": room.number,
        "user_id": said.sender,
        "file": told,
    }


def history_entry(said: Said, name: str) -> Frame:
    """A message as `get_group_msg_history` shows it."""
    return _head(said.at_ms) | {
        "message_id": said.message_id,
        "user_id": said.sender,
        "message_type": "group",
        "message": [{"type": "text", "data": {"text": said.text}}],
        "sender": {"user_id": said.sender, "nickname": name},
    }


def lifecycle(now: datetime) -> Frame:
    return _meta(now) | {"meta_event_type": "lifecycle", "sub_type": "connect"}


def heartbeat(now: datetime) -> Frame:
    status = {"online": True, "good": True}
    return _meta(now) | {"meta_event_type": "heartbeat", "status": status, "interval": HEARTBEAT_SECONDS * 1000}


def _meta(now: datetime) -> Frame:
    return _head(round(now.timestamp() * 1000)) | {"post_type": "meta_event"}


def _head(at_ms: int) -> Frame:
    return {"time": at_ms // 1000, "self_id": BOT_ACCOUNT}
