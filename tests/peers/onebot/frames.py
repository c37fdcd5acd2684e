"""Event frames of OneBot V11 in NapCat's dialect (botuniverse/onebot-11, event/; array format)."""

from __future__ import annotations

from .files import StoredFile
from .segments import Json, raw_message
from .world import Chat, World

GROUP_FILE_BUSID = 102


def message(world: World, user_id: int, chat: Chat, segments: list[Json]) -> Json:
    """A message of a person (or of the bot itself, as history shows it) with the next id and sequence."""
    message_id = world.next_message_id()
    own = user_id == world.self_id
    frame: Json = {
        "time": world.now(),
        "self_id": world.self_id,
        "post_type": "message_sent" if own else "message",
        "message_type": chat[0],
        "sub_type": "normal",
        "message_id": message_id,
        "message_seq": message_id,
        "real_id": message_id,
        "real_seq": world.next_seq(chat),
        "user_id": user_id,
        "font": 14,
        "message_format": "array",
        "raw_message": raw_message(segments),
        "message": segments,
        "sender": _sender(world, user_id),
    }
    if own:
        frame["message_sent_type"] = "self"
    if chat[0] == "group":
        _in_group(world, frame, chat[1])
    else:
        _in_private(world, frame, chat[1])
    return frame


def _sender(world: World, user_id: int) -> Json:
    nickname = world.nickname_of(user_id)
    return {"user_id": user_id, "nickname": nickname, "card": "", "sex": "unknown", "age": 0}


def _in_group(world: World, frame: Json, group_id: int) -> None:
    member = world.member(group_id, frame["user_id"])
    frame["group_id"] = group_id
    frame["group_name"] = world.groups[group_id].name
    frame["sender"] |= {"card": member.card, "role": member.role, "level": "1", "title": ""}


def _in_private(world: World, frame: Json, other: int) -> None:
    frame["target_id"] = other
    frame["sub_type"] = "friend"
    if not world.people[other].friend:
        frame |= {"sub_type": "group", "group_id": world.shared_group(other), "temp_source": 0}


def group_upload(world: World, user_id: int, group_id: int, file_id: str, file: StoredFile) -> Json:
    """The notice that a file was put into a group; its size is a number, the message segment's a string."""
    info = {"id": file_id, "name": file.name, "size": file.announced_size, "busid": GROUP_FILE_BUSID}
    return _notice(world, "group_upload", group_id=group_id, user_id=user_id, file=info)


def sign(world: World, user_id: int, group_id: int, message_id: int, face: str) -> Json:
    """The notice that somebody put a sign on a message in a group (NapCat)."""
    likes = [{"emoji_id": face, "count": 1}]
    told = {"group_id": group_id, "user_id": user_id, "message_id": message_id, "likes": likes, "is_add": True}
    return _notice(world, "group_msg_emoji_like", **told)


def recalled(world: World, told: Json) -> Json:
    """The notice that somebody took a message back."""
    who = {"user_id": told["user_id"], "message_id": told["message_id"]}
    if told["message_type"] == "private":
        return _notice(world, "friend_recall", **who)
    return _notice(world, "group_recall", group_id=told["group_id"], operator_id=told["user_id"], **who)


def _notice(world: World, kind: str, **fields: object) -> Json:
    head = {"time": world.now(), "self_id": world.self_id, "post_type": "notice", "notice_type": kind}
    return head | fields


def lifecycle(world: World) -> Json:
    """The first frame of every connection."""
    return _meta(world, "lifecycle", sub_type="connect")


def heartbeat(world: World, seconds: float, online: bool) -> Json:
    """`interval` is in milliseconds; a logged-out account still beats, with online false."""
    return _meta(world, "heartbeat", status={"online": online, "good": True}, interval=int(seconds * 1000))


def _meta(world: World, kind: str, **fields: object) -> Json:
    head = {"time": world.now(), "self_id": world.self_id, "post_type": "meta_event"}
    return head | {"meta_event_type": kind} | fields
