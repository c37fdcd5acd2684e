"""The actions the endpoint answers (botuniverse/onebot-11, api/; go-cqhttp's and NapCat's additions)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from . import frames
from .ear import Ear, Heard
from .files import FileFault, FileServer, StoredFile
from .segments import ActionFailed, BadParameters, Json, content_of, quote_in, read_message, text_of
from .world import Chat, Group, Member, World


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call brought: NapCat's retcode (0, 1200, 1400, 1404), data or words."""

    retcode: int
    data: object = None
    words: str = ""

    def frame(self, echo: object) -> Json:
        status = "ok" if self.retcode == 0 else "failed"
        data = self.data if self.retcode == 0 else None
        words = self.words if self.retcode else ""
        head = {"status": status, "retcode": self.retcode, "data": data, "message": words, "wording": words}
        return head | {"echo": echo, "stream": "normal-action"}


class Actions:
    """Carries calls out in the world; every delivered message reaches the ear."""

    def __init__(self, world: World, ear: Ear, files: FileServer) -> None:
        self.online = True
        self._world = world
        self._ear = ear
        self._files = files
        self._table: dict[str, Callable[[Json], object]] = {
            "send_msg": self._send_msg,
            "send_group_msg": self._send_group_msg,
            "send_private_msg": self._send_private_msg,
            "send_group_forward_msg": self._send_group_forward_msg,
            "upload_group_file": self._upload_group_file,
            "upload_private_file": self._upload_private_file,
            "delete_msg": self._delete_msg,
            "get_msg": self._get_msg,
            "get_group_msg_history": self._get_group_msg_history,
            "get_group_list": lambda _: [_group(group) for group in world.groups.values()],
            "get_group_member_list": self._get_group_member_list,
            "get_group_member_info": self._get_group_member_info,
            "get_friend_list": self._get_friend_list,
            "get_group_file_url": self._get_file_url,
            "get_private_file_url": self._get_file_url,
            "get_file": self._get_file,
            "get_login_info": lambda _: {"user_id": world.self_id, "nickname": world.nickname},
            "get_status": lambda _: {"online": self.online, "good": True, "stat": {}},
            "get_version_info": lambda _: {
                "app_name": "NapCat.Onebot",
                "protocol_version": "v11",
                "app_version": "4.18.0",
            },
        }

    def perform(self, action: str, params: Json) -> Answer:
        """Carry one call out; never raises for what the bot sent."""
        if action not in self._table:
            return Answer(1404, words=f"不支持的Api {action}")
        try:
            return Answer(0, self._table[action](params))
        except BadParameters as bad:
            return Answer(1400, words=str(bad))
        except ActionFailed as failed:
            return Answer(1200, words=str(failed))

    def _send_msg(self, params: Json) -> Json:
        # NapCat lets group_id win when both are given and no message_type says otherwise.
        if params.get("message_type") == "private" or "group_id" not in params:
            return self._send_private_msg(params)
        return self._send_group_msg(params)

    def _send_group_msg(self, params: Json) -> Json:
        return self._deliver(("group", number(params, "group_id")), read_message(params.get("message")))

    def _send_private_msg(self, params: Json) -> Json:
        return self._deliver(("private", number(params, "user_id")), read_message(params.get("message")))

    def _send_group_forward_msg(self, params: Json) -> Json:
        nodes = read_message(params.get("messages", params.get("message")))
        if not nodes or nodes[0]["type"] != "node":
            raise BadParameters("Key: messages, Message: Expected nodes")
        sent = self._deliver(("group", number(params, "group_id")), nodes)
        forward_id = f"forward-{sent['message_id']}"
        return sent | {"res_id": forward_id, "forward_id": forward_id}

    def _upload_group_file(self, params: Json) -> Json:
        return self._upload(("group", number(params, "group_id")), params)

    def _upload_private_file(self, params: Json) -> Json:
        return self._upload(("private", number(params, "user_id")), params)

    def _upload(self, chat: Chat, params: Json) -> Json:
        name = string(params, "name")
        source = string(params, "file")
        content_of(source)
        sent = self._deliver(chat, [{"type": "file", "data": {"file": source, "name": name}}])
        return {"file_id": f"/{sent['message_id']:032x}"}

    def _deliver(self, chat: Chat, segments: list[Json]) -> Json:
        self._check_deliverable(chat, segments)
        frame = frames.message(self._world, self._world.self_id, chat, segments)
        self._world.tell(chat, frame)
        quoted = quote_in(segments)
        # NapCat drops a quote of a message it no longer knows and sends the rest.
        quote = quoted if quoted in self._world.messages else None
        self._ear.hear(Heard(*chat, text_of(segments), segments, quote, frame["message_id"]))
        return {"message_id": frame["message_id"]}

    def _check_deliverable(self, chat: Chat, segments: list[Json]) -> None:
        if not self.online:
            raise ActionFailed("Timeout: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg")
        if chat[0] == "group":
            self._world.group(chat[1])
        elif not self._world.reachable(chat[1]):
            raise ActionFailed("无法获取用户信息")
        if not segments or all(segment["type"] == "reply" for segment in segments):
            raise ActionFailed("消息体无法解析, 请检查是否发送了不支持的消息类型")
        for segment in segments:
            if segment["type"] == "image" and not str(segment["data"]["file"]).startswith("http"):
                content_of(segment["data"]["file"])

    def _delete_msg(self, params: Json) -> None:
        self._get_msg(params)
        self._world.forget(number(params, "message_id"))

    def _get_msg(self, params: Json) -> Json:
        message_id = number(params, "message_id")
        if message_id not in self._world.messages:
            raise ActionFailed("消息不存在")
        return self._world.messages[message_id]

    def _get_group_msg_history(self, params: Json) -> Json:
        group = self._world.group(number(params, "group_id"))
        start = number(params, "message_seq") if params.get("message_seq") not in (None, "", 0, "0") else None
        count = number(params, "count") if "count" in params else 20
        onward = bool(params.get("reverse_order", params.get("reverseOrder", False)))
        return {"messages": self._world.history(("group", group.group_id), count, start, onward)}

    def _get_group_member_list(self, params: Json) -> list[Json]:
        group = self._world.group(number(params, "group_id"))
        return [_member(self._world, group.group_id, member) for member in group.members.values()]

    def _get_group_member_info(self, params: Json) -> Json:
        group_id = number(params, "group_id")
        return _member(self._world, group_id, self._world.member(group_id, number(params, "user_id")))

    def _get_friend_list(self, _: Json) -> list[Json]:
        friends = [person for person in self._world.people.values() if person.friend]
        return [{"user_id": person.user_id, "nickname": person.nickname, "remark": ""} for person in friends]

    def _get_file_url(self, params: Json) -> Json:
        file = self._file(params)
        if file.fault is FileFault.NO_URL:
            raise ActionFailed("real fileUUID not found!")
        return {"url": self._files.url(file)}

    def _get_file(self, params: Json) -> Json:
        file = self._file(params)
        if file.fault in (FileFault.HANG, FileFault.MISSING):
            raise ActionFailed("文件下载失败. Timeout")
        # As NapCat answers: a path on its own disk, of use to the bot only through base64.
        path = f"/app/.config/QQ/NapCat/temp/{file.name}"
        answer = {"file": path, "url": path, "file_size": str(file.announced_size), "file_name": file.name}
        if self._world.offers_base64:
            data = file.data[: len(file.data) // 2] if file.fault is FileFault.CUT_SHORT else file.served()
            answer["base64"] = base64.b64encode(data).decode()
        return answer

    def _file(self, params: Json) -> StoredFile:
        file_id = string(params, "file_id" if "file_id" in params else "file")
        if file_id not in self._world.files:
            raise ActionFailed("file not found")
        return self._world.files[file_id]


def number(params: Json, key: str) -> int:
    """A numeric parameter; digits in a string count, as NapCat converts them. Raises BadParameters."""
    value = params.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).lstrip("-").isdecimal():
        raise BadParameters(f"Key: {key}, Message: Expected string")
    return int(value)


def string(params: Json, key: str) -> str:
    """A parameter that is a non-empty string. Raises BadParameters."""
    value = params.get(key)
    if not isinstance(value, str) or not value:
        raise BadParameters(f"Key: {key}, Message: Expected string")
    return value


def _group(group: Group) -> Json:
    return {
        "group_id": group.group_id,
        "group_name": group.name,
        "group_remark": "",
        "group_all_shut": 0,
        "member_count": len(group.members),
        "max_member_count": 500,
    }


def _member(world: World, group_id: int, member: Member) -> Json:
    return {
        "group_id": group_id,
        "user_id": member.user_id,
        "nickname": world.nickname_of(member.user_id),
        "card": member.card,
        "role": member.role,
        "title": "",
        "level": "1",
        "sex": "unknown",
        "age": 0,
        "join_time": 1700000000,
        "last_sent_time": 1700000000,
        "is_robot": member.user_id == world.self_id,
    }
