"""An application written with aiocqhttp, the yardstick our endpoint is held against.

    python aiocqhttp_application.py PORT TOKEN

It prints one JSON line for every event it understood. A message containing 收到请回复 gets an answer that
quotes it; 名单 gets the cards of the group; for a file notice it asks the file's address.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from aiocqhttp import CQHttp, Event, Message, MessageSegment


def tell(what: str, **fields: object) -> None:
    print(json.dumps({"what": what} | fields, ensure_ascii=False), flush=True)


class Application:
    def __init__(self, token: str) -> None:
        self.bot = CQHttp(access_token=token, message_class=Message, api_timeout_sec=5)
        self.bot.subscribe("message", self.on_message)
        self.bot.subscribe("notice.group_upload", self.on_upload)
        self.bot.subscribe("meta_event", self.on_meta)

    async def on_meta(self, event: Event) -> None:
        tell(event.name, self_id=event.self_id)

    async def on_message(self, event: Event) -> None:
        message: Any = event.message
        tell(
            event.name,
            user_id=event.user_id,
            group_id=event.group_id,
            text=message.extract_plain_text(),
            types=[segment.type for segment in message],
            same_as_raw=list(map(dict, Message(event.raw_message))) == list(map(dict, message)),
            card=(event.sender or {}).get("card"),
        )
        if "收到请回复" in event.raw_message:
            quoting = MessageSegment.reply(event.message_id) + MessageSegment.text("收到")
            tell("sent", **await self.bot.send(event, quoting))
        if "名单" in event.raw_message:
            members = await self.bot.get_group_member_list(group_id=event.group_id)
            await self.bot.send(event, "、".join(member["card"] for member in members))

    async def on_upload(self, event: Event) -> None:
        tell(event.name, file=event.file)
        answer = await self.bot.get_group_file_url(group_id=event.group_id, file_id=event.file["id"])
        tell("url", url=answer["url"])


if __name__ == "__main__":
    tell("listening")
    Application(sys.argv[2]).bot.run(host="127.0.0.1", port=int(sys.argv[1]))
