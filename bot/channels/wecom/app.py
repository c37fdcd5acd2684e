"""A self-built app (自建应用): documents 90236 (send), 94867 (recall), 94888 (card update), 90245-90248 (groups), 90253
(media), 90208, 96067, 101521 (people and departments)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from nonebot.adapters import Event as BaseEvent

from . import limits
from .bot import Bot, Sendable, refuse
from .card import check_card
from .client import Client
from .config import AppInfo
from .event import Event
from .exception import ApiNotAvailable
from .media import Media
from .message import MEDIA
from .outbound import Part, as_message, cut, parts_of, payload_of
from .target import Sent, Target, To
from .token import TokenHolder
from .upload import check_upload
from .utils import joined, without_empty

if TYPE_CHECKING:
    from .adapter import Adapter

READING = frozenset(
    {
        "appchat/get",
        "department/get",
        "department/list",
        "department/simplelist",
        "getcallbackip",
        "get_api_domain_ip",
        "agent/get",
        "tag/get",
        "tag/list",
        "user/get",
        "user/list",
        "user/simplelist",
    }
)
"""Interfaces that are asked with GET; all others are POST."""

NOT_IN_GROUPS = frozenset({"template_card"})
_RECEIVERS = {To.USER: "touser", To.PARTY: "toparty", To.TAG: "totag"}
_MOST = {
    To.USER: limits.USERS_PER_MESSAGE,
    To.PARTY: limits.PARTIES_PER_MESSAGE,
    To.TAG: limits.TAGS_PER_MESSAGE,
}


class AppBot(Bot):
    """An app. It hears people in its own chat and writes to people, departments, tags and groups it created."""

    def __init__(self, adapter: Adapter, info: AppInfo, client: Client, holder: TokenHolder) -> None:
        super().__init__(adapter, info.self_id)
        self.info = info
        self.tokens = holder
        self._client = client

    async def perform(self, api: str, data: dict[str, Any]) -> Any:
        """See `Bot.perform`; `media/upload` takes kind, name and data, `media/get` gives a Media."""
        if api == "media/upload":
            return await self._client.upload(self.tokens, api, data["kind"], data["name"], data["data"])
        if api == "media/get":
            return await self._client.media(self.tokens, api, data["media_id"])
        if api in READING:
            return await self._client.get(self.tokens, api, data)
        return await self._client.post(self.tokens, api, data)

    async def send(self, event: BaseEvent, message: Sendable, **kwargs: Any) -> list[Sent]:
        """Write to whoever caused the event; `kwargs` as in `send_to`."""
        if not isinstance(event, Event) or not event.user_id or event.user_id == "sys":
            raise ApiNotAvailable("the event has no sender")
        return await self.send_to(Target.user(event.user_id), message, **kwargs)

    async def send_to(
        self,
        target: Target,
        message: Sendable,
        *,
        safe: int = 0,
        once_within: int = 0,
        translate_ids: bool = False,
    ) -> list[Sent]:
        """Write to a target; one Sent for each message of the service it took.

        `once_within` seconds the service drops a message with the same content (at most 14400), so put a number into
        each text. Beyond `limits.APP_PER_MEMBER` it drops messages silently: keep the pace.
        """
        options = without_empty({"safe": safe or None, "enable_id_trans": 1 if translate_ids else None})
        if once_within:
            options |= {"enable_duplicate_check": 1, "duplicate_check_interval": min(once_within, 14_400)}
        sent = []
        for part in self._fitting(parts_of(as_message(message)), target):
            sent.append(await self._send_part(target, part, options))
        return sent

    def _fitting(self, parts: Sequence[Part], target: Target) -> list[Part]:
        """The parts cut to size. Raises ApiNotAvailable before anything is sent."""
        fitting: list[Part] = []
        for part in parts:
            if part.kind in ("text", "markdown"):
                fitting += cut(part, limits.APP_TEXT)
            elif not payload_of(part, "app") or part.kind == "markdown_v2":
                raise refuse(part.kind, "an app")
            elif target.to is To.CHAT and part.kind in NOT_IN_GROUPS:
                raise refuse(part.kind, "an app in a group")
            else:
                fitting.append(part)
        return fitting

    async def _send_part(self, target: Target, part: Part, options: Mapping[str, Any]) -> Sent:
        media_id = await self._media_id(part) if part.kind in MEDIA else ""
        body = payload_of(part, "app", media_id)
        if target.to is To.CHAT:
            if part.mentions:
                body["text"]["mentioned_list"] = list(part.mentions)
            answer = await self.call_api("appchat/send", chatid=target.ids[0], **body, safe=options.get("safe", 0))
            return Sent.of(answer)
        if not 1 <= len(target.ids) <= _MOST[target.to]:
            raise ValueError(f"a message goes to 1 to {_MOST[target.to]} receivers")
        receivers = {_RECEIVERS[target.to]: joined(target.ids)}
        answer = await self.call_api("message/send", **receivers, agentid=self.info.agent_id, **body, **options)
        return Sent.of(answer)

    async def _media_id(self, part: Part) -> str:
        known = str(part.data.get("media_id", ""))
        return known or await self.upload(part.kind, str(part.data.get("name", "")), part.data.get("raw", b""))

    async def recall(self, msgid: str) -> None:
        """Take a message back, within 24 hours."""
        await self.call_api("message/recall", msgid=msgid)

    async def update_card(
        self,
        response_code: str,
        users: Iterable[str] = (),
        *,
        button: str = "",
        card: Mapping[str, Any] | None = None,
        everybody: bool = False,
    ) -> Sent:
        """Change a card that was sent: its buttons into one text, or the whole card.

        `response_code` is from the sending or, newer, from the tap; each works once (60140 afterwards).
        """
        if card is not None:
            check_card(card, "app")
        change = {"button": {"replace_name": button}} if card is None else {"template_card": dict(card)}
        to = {"atall": 1} if everybody else {"userids": list(users)}
        answer = await self.call_api(
            "message/update_template_card",
            agentid=self.info.agent_id,
            response_code=response_code,
            **to,
            **change,
        )
        return Sent.of(answer)

    async def create_chat(self, name: str, owner: str, users: Sequence[str], chat_id: str = "") -> str:
        """Create a group of the app; its chat id. Members see it with the first message in it."""
        body = without_empty({"name": name, "owner": owner, "chatid": chat_id})
        answer = await self.call_api("appchat/create", userlist=list(users), **body)
        return str(answer["chatid"])

    async def update_chat(
        self, chat_id: str, *, name: str = "", owner: str = "", add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> None:
        """Change a group of the app."""
        body = {"name": name, "owner": owner, "add_user_list": list(add), "del_user_list": list(remove)}
        await self.call_api("appchat/update", chatid=chat_id, **without_empty(body))

    async def get_chat(self, chat_id: str) -> dict[str, Any]:
        """`name`, `owner`, `userlist` of a group of the app."""
        answer = await self.call_api("appchat/get", chatid=chat_id)
        return cast("dict[str, Any]", answer["chat_info"])

    async def upload(self, kind: str, name: str, data: bytes) -> str:
        """Upload a file; the media id, valid for three days in every app of the company. Raises MediaError."""
        check_upload(kind, data)
        answer = await self.call_api("media/upload", kind=kind, name=name, data=data)
        return str(answer["media_id"])

    async def download(self, media_id: str) -> Media:
        """A file somebody sent to the app."""
        return cast("Media", await self.call_api("media/get", media_id=media_id))

    async def departments(self, below: int | None = None) -> list[dict[str, Any]]:
        """The departments the app may see: id, name, parentid, order, department_leader."""
        answer = await self.call_api("department/list", **({} if below is None else {"id": below}))
        return list(answer.get("department", []))

    async def users(self, department: int) -> list[dict[str, Any]]:
        """userid, name and department of a department's members, as far as the app may see them."""
        answer = await self.call_api("user/simplelist", department_id=department)
        return list(answer.get("userlist", []))

    async def user(self, user_id: str) -> dict[str, Any]:
        """One member; newer apps are told neither phone number nor address."""
        return cast("dict[str, Any]", await self.call_api("user/get", userid=user_id))

    async def user_ids(self) -> list[dict[str, Any]]:
        """All members as userid and department; needs the directory's secret (document 96067)."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = await self.call_api("user/list_id", cursor=cursor, limit=10_000)
            found += answer.get("dept_user", [])
            cursor = answer.get("next_cursor", "")
            if not cursor:
                return found

    async def to_user_ids(self, open_ids: Sequence[str]) -> dict[str, str]:
        """The plain userids of encrypted ones (document 101521); those it cannot convert are left out."""
        found: dict[str, str] = {}
        for start in range(0, len(open_ids), 1000):
            piece = list(open_ids[start : start + 1000])
            answer = await self.call_api("batch/openuserid_to_userid", open_userid_list=piece)
            found |= {pair["open_userid"]: pair["userid"] for pair in answer.get("userid_list", [])}
        return found
